"""Fields that hold text.

Rests on the base field and the validators. Length is checked by validation and by databases that know
it: nothing here cuts a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Unpack

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
    def plain_type(self) -> ColumnType:
        return TEXT

    def get_default(self) -> Any:
        """Return the default: "" where none was given and a text may be blank but not NULL, as in Django."""
        found = super().get_default()
        is_open = found is None and not self.has_default()
        return "" if is_open and self.blank and not self.null else found

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
    def plain_type(self) -> ColumnType:
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

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"db_index": True}


# -- addresses of machines ------------------------------------------------------------------------

PROTOCOLS: Final = {"both": (4, 6), "ipv4": (4,), "ipv6": (6,)}


class GenericIPAddressField(Field[str]):
    """An IP address, kept as its shortest text; *protocol* is "both", "IPv4" or "IPv6".

    With *unpack_ipv4*, `::ffff:192.0.2.1` is kept as the IPv4 address that it stands for.
    """

    family: Family = "ip"

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        protocol: str = "both",
        unpack_ipv4: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        if protocol.lower() not in PROTOCOLS:
            raise ImproperlyConfigured(f"protocol must be 'both', 'IPv4' or 'IPv6', not {protocol!r}.")
        if unpack_ipv4 and protocol.lower() != "both":
            raise ImproperlyConfigured("unpack_ipv4 needs protocol='both', which takes either kind.")
        super().__init__(verbose_name, **options)
        self.protocol = protocol
        self.unpack_ipv4 = unpack_ipv4
        self.max_length = 39

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("ip")

    def to_python(self, value: Any) -> str | None:
        """Return the shortest text of an address; numbers are refused."""
        # Few models have one.
        from ipaddress import IPv6Address, ip_address

        if value is None:
            return None
        try:
            if isinstance(value, (int, bytes)):
                raise ValueError
            address = ip_address(str(value).strip())
        except ValueError:
            self.invalid(value, "an IP address")
        if isinstance(address, IPv6Address) and address.ipv4_mapped and self.unpack_ipv4:
            return str(address.ipv4_mapped)
        if address.version not in PROTOCOLS[self.protocol.lower()]:
            self.invalid(value, f"an IPv{PROTOCOLS[self.protocol.lower()][0]} address")
        return str(address)


class IPAddressField(GenericIPAddressField):
    """An IPv4 address."""

    def __init__(
        self, verbose_name: str | None = None, *, protocol: str = "IPv4", **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(verbose_name, protocol=protocol, **options)


# -- what the options may be ----------------------------------------------------------------------


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
