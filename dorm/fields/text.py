"""Fields that hold text.

Rests on the base field and the validators. Length is checked by validation and by databases that know
it: nothing here cuts a text.
"""

from __future__ import annotations

from typing import Any, ClassVar, Unpack

from ..exceptions import ImproperlyConfigured
from ..lookups.table import Family
from ..sql.types import TEXT, ColumnType
from ..validators import MaxLengthValidator, Validator, validate_email, validate_slug, validate_url
from .base import Field, FieldOptions


class TextField(Field[str]):
    """Text of any length; *max_length* is checked by validation alone."""

    family: Family = "text"
    python_types = frozenset({str})

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        max_length: int | None = None,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(verbose_name, **options)
        self.max_length = None if max_length is None else check_length(max_length)

    @property
    def type(self) -> ColumnType:
        return TEXT

    def to_python(self, value: Any) -> str | None:
        """Return a text as it is, and a number, a date or a UUID as `str()` writes it.

        What has no text of its own (bytes, a list, a plain object) is refused: its repr is never meant.
        """
        if value is None or type(value) is str:
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if not has_text(value):
            self.invalid(value, "text")
        return str(value)

    def own_validators(self) -> list[Validator]:
        if self.max_length is None:
            return [*self.default_validators]
        return [*self.default_validators, MaxLengthValidator(self.max_length)]


class CharField(TextField):
    """Text of at most *max_length* characters."""

    def __init__(
        self, verbose_name: str | None = None, *, max_length: int = 255, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(verbose_name, max_length=check_length(max_length), **options)

    @property
    def type(self) -> ColumnType:
        return ColumnType("char", length=self.max_length)


class EmailField(CharField):
    """An e-mail address."""

    default_validators: ClassVar[tuple[Validator, ...]] = (validate_email,)

    def __init__(
        self, verbose_name: str | None = None, *, max_length: int = 254, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(verbose_name, max_length=max_length, **options)


class URLField(CharField):
    """A web address."""

    default_validators: ClassVar[tuple[Validator, ...]] = (validate_url,)

    def __init__(
        self, verbose_name: str | None = None, *, max_length: int = 200, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(verbose_name, max_length=max_length, **options)


class SlugField(CharField):
    """Letters, digits, hyphens and underscores, for use in addresses; indexed unless told otherwise."""

    default_validators: ClassVar[tuple[Validator, ...]] = (validate_slug,)

    def __init__(
        self, verbose_name: str | None = None, *, max_length: int = 50, **options: Unpack[FieldOptions]
    ) -> None:
        options.setdefault("db_index", True)
        super().__init__(verbose_name, max_length=max_length, **options)


def check_length(max_length: int) -> int:
    """Return *max_length* when it is a whole number above 0; else raise ImproperlyConfigured."""
    if type(max_length) is not int or max_length < 1:
        raise ImproperlyConfigured(f"max_length must be a whole number above 0, not {max_length!r}.")
    return max_length


def has_text(value: Any) -> bool:
    """Return whether `str(value)` is a text that somebody would want to store."""
    if isinstance(value, (bytes, bytearray)):
        return False
    # Numbers have none of their own: their repr is their text.
    return isinstance(value, (int, float)) or getattr(type(value), "__str__") is not object.__str__
