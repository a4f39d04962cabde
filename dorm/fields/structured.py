"""Fields whose values have a structure of their own: UUIDs, bytes, JSON and arrays.

Rests on the base field. The codecs of the dialects write the values; here they are only read and checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, Unpack

from ..exceptions import FieldError, ImproperlyConfigured, ValidationError
from ..lookups.parts import DOCUMENT, Array, Plain, ValueView
from ..lookups.table import Family
from ..sql.types import JSON_NULL, ColumnType, JSONNullType
from ..validators import MaxLengthValidator, Validator
from .base import Field, FieldOptions
from .schema import check_schema, from_json, to_json, view_of

X = TypeVar("X")

# The public name of the value.
JSONNull: Final[JSONNullType] = JSON_NULL

if TYPE_CHECKING:
    from uuid import UUID


class UUIDField(Field["UUID"]):
    """A UUID."""

    family: Family = "uuid"

    def __init__(self, verbose_name: str | None = None, **options: Unpack[FieldOptions]) -> None:
        super().__init__(verbose_name, **options)
        self.python_types = frozenset({uuid_class()})

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("uuid")

    def to_python(self, value: Any) -> UUID | None:
        """Return a UUID as it is, and text in any form that `uuid.UUID` reads as UUID."""
        kind = uuid_class()
        if value is None or isinstance(value, kind):
            return value
        if not isinstance(value, str):
            self.invalid(value, "a UUID")
        try:
            return kind(value)
        except ValueError:
            self.invalid(value, "a UUID")

    def from_db_value(self, value: Any) -> Any:
        return uuid_class()(value) if isinstance(value, str) else value


def uuid_class() -> type[UUID]:
    from uuid import UUID  # costs 2 ms at start, and few models have one

    return UUID


class BinaryField(Field[bytes]):
    """Bytes; *max_length* is checked by validation alone."""

    family: Family = "binary"
    python_types = frozenset({bytes})
    empty_values: ClassVar[tuple[Any, ...]] = (None, b"")

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        max_length: int | None = None,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(verbose_name, **options)
        self.max_length = max_length

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("binary")

    def to_python(self, value: Any) -> bytes | None:
        """Return bytes as they are, and what holds bytes as bytes; a text is refused: it needs a coding."""
        if value is None or type(value) is bytes:
            return value
        if not isinstance(value, (bytes, bytearray, memoryview)):
            self.invalid(value, "bytes")
        return bytes(value)

    def from_db_value(self, value: Any) -> Any:
        return bytes(value) if isinstance(value, (bytearray, memoryview)) else value

    def own_validators(self) -> list[Validator]:
        limit = [] if self.max_length is None else [MaxLengthValidator(self.max_length)]
        return [*self.default_validators, *limit]


class JSONField(Field[Any]):
    """Any value that JSON can write: None is NULL, text is a JSON string, JSON_NULL is JSON's own null.

    With *schema*, a dataclass or a pydantic model, values are its instances. *encoder* and *decoder* are
    classes as `json.dumps` and `json.loads` take them.
    """

    family: Family = "json"
    # An empty list is a value here like any other.
    empty_values: ClassVar[tuple[Any, ...]] = (None,)

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        schema: type[Any] | None = None,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(verbose_name, **options)
        if schema is not None and (encoder is not None or decoder is not None):
            raise ImproperlyConfigured("schema takes the place of encoder and decoder: leave these out.")
        self.schema = None if schema is None else check_schema(schema)
        self.encoder = encoder
        self.decoder = decoder
        own_form = schema is not None or encoder is not None
        self.python_types = frozenset() if own_form else frozenset({dict, list, str, int, float, bool})
        if isinstance(self.default, (dict, list)):
            # Two instances must not share one list: each gets a copy.
            constant = self.default
            self.default = lambda: deepcopy(constant)

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("json")

    @property
    def view(self) -> ValueView:
        return DOCUMENT if self.schema is None else view_of(self.schema)

    @property
    def has_load(self) -> bool:
        return self.schema is not None or self.decoder is not None or super().has_load

    def load(self, value: Any) -> Any:
        if self.decoder is not None and value is not None:
            value = json.loads(json.dumps(value), cls=self.decoder)
        if self.schema is not None and value is not None:
            value = from_json(self.schema, value)
        return super().load(value)

    def to_python(self, value: Any) -> Any:
        """Return JSON text as what it says, and other values as they are; with a schema, its instance."""
        found = from_text(value)
        if self.schema is None or found is None or found is JSON_NULL:
            return found
        try:
            return from_json(self.schema, found)
        except (TypeError, ValueError) as error:
            raise self.error("invalid", f"This does not fit {self.schema.__name__}: {error}") from error

    def prepare_operand(self, value: Any) -> Any:
        """Return *value* as it is: a text is a JSON string, not JSON to be read."""
        if value is None or value is JSON_NULL:
            return value
        if self.schema is not None:
            return to_json(value)
        return value if self.encoder is None else json.loads(self._encoded(value))

    def _encoded(self, value: Any) -> str:
        try:
            return json.dumps(value, cls=self.encoder, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise FieldError(f"{self.label!r} cannot be written as JSON: {error}", name=self.name) from error

    def from_db_value(self, value: Any) -> Any:
        return from_text(value)

    def clean(self, value: Any, model_instance: Any = None) -> Any:
        """Return *value* as it is, after every check: a text stays the JSON string that it is."""
        kept = self.to_python(value) if self.schema is not None else value
        self.validate(kept, model_instance)
        return kept

    def own_validators(self) -> list[Any]:
        return [*self.default_validators, self.check_json]

    def check_json(self, value: Any) -> None:
        """Raise ValidationError when *value* cannot be written as JSON; NaN and the infinities cannot."""
        if value is JSON_NULL:
            return
        try:
            json.dumps(value if self.schema is None else to_json(value), cls=self.encoder, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise self.error("invalid", f"This cannot be written as JSON: {error}") from error


class ArrayField(Field[list[X]]):
    """A list of values of one kind, at most *size* of them; on PostgreSQL alone."""

    family: Family = "array"
    # An empty list is a value here like any other.
    empty_values: ClassVar[tuple[Any, ...]] = (None,)

    def __init__(
        self,
        base_field: Field[X],
        verbose_name: str | None = None,
        *,
        size: int | None = None,
        **options: Unpack[FieldOptions],
    ) -> None:
        if not isinstance(base_field, Field) or base_field.family in ("relation", "json"):
            raise ImproperlyConfigured(f"ArrayField() takes a field such as CharField(), not {base_field!r}.")
        super().__init__(verbose_name, **options)
        self.base_field = base_field
        self.size = size
        if isinstance(self.default, list):
            # Two instances must not share one list: each gets a copy.
            constant = self.default
            self.default = lambda: [*constant]

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("array", inner=self.base_field.plain_type)

    @property
    def view(self) -> ValueView:
        return Array(self.base_field.view or Plain(self.base_field.family))

    @property
    def has_load(self) -> bool:
        return self.base_field.has_load or super().has_load

    def load(self, value: Any) -> Any:
        if value is not None and self.base_field.has_load:
            value = [self.base_field.load(item) for item in value]
        return super().load(value)

    def to_python(self, value: Any) -> list[X] | None:
        """Return any iterable of values as a list, each converted by the base field; a text is refused."""
        return None if value is None else [self.base_field.to_python(item) for item in self._items(value)]  # type: ignore[misc]  # an item may be NULL

    def _items(self, value: Any) -> list[Any]:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            self.invalid(value, "a list")
        return [*value]

    def get_prep_value(self, value: Any) -> Any:
        return self._each(value, self.base_field.get_prep_value)

    def prepare_operand(self, value: Any) -> Any:
        return self._each(value, self.base_field.prepare_operand)

    def _each(self, value: Any, prepare: Callable[[Any], Any]) -> Any:
        """Return *value* as a list of what *prepare* makes of its items, None for None."""
        if value is None:
            return None
        try:
            items = self._items(value)
        except ValidationError as error:
            raise self.refusal(value, "expects a list") from error
        return [prepare(item) for item in items]

    def from_db_value(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        return [self.base_field.from_db_value(item) for item in value]

    def clean(self, value: Any, model_instance: Any = None) -> Any:
        items = self.to_python(value)
        self.validate(items, model_instance)
        return items

    def own_validators(self) -> list[Any]:
        limit = [] if self.size is None else [MaxLengthValidator(self.size)]
        return [*self.default_validators, *limit, self.check_items]

    def check_items(self, value: list[Any]) -> None:
        """Raise ValidationError for the items that the base field refuses."""
        errors: list[ValidationError] = []
        for place, item in enumerate(value):
            try:
                self.base_field.validate(item)
            except ValidationError as error:
                errors.append(ValidationError([f"Item {place}: {text}" for text in error.messages]))
        if errors:
            raise ValidationError(errors, code="item_invalid")


def from_text(value: Any) -> Any:
    """Return what JSON text says; a value that is no JSON text has been read already and is kept."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
