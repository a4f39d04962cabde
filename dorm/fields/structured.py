"""Fields whose values have a structure of their own: UUIDs and JSON.

Rests on the base field. The codecs of the dialects write the values; here they are only read and checked.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from ..exceptions import ValidationError
from ..lookups.table import Family
from ..sql.types import ColumnType
from .base import Field, FieldOptions

if TYPE_CHECKING:
    from uuid import UUID


class UUIDField(Field["UUID"]):
    """A UUID."""

    family: Family = "uuid"

    def __init__(self, verbose_name: str | None = None, **options: Unpack[FieldOptions]) -> None:
        super().__init__(verbose_name, **options)
        self.python_types = frozenset({uuid_class()})

    @property
    def type(self) -> ColumnType:
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


class JSONField(Field[Any]):
    """Any value that JSON can write: None is NULL, and text is a JSON string."""

    family: Family = "json"
    python_types = frozenset({dict, list, str, int, float, bool})
    # An empty list is a value here like any other.
    empty_values: ClassVar[tuple[Any, ...]] = (None,)

    def __init__(self, verbose_name: str | None = None, **options: Unpack[FieldOptions]) -> None:
        super().__init__(verbose_name, **options)
        if isinstance(self.default, (dict, list)):
            # Two instances must not share one list: each gets a copy.
            constant = self.default
            self.default = lambda: deepcopy(constant)

    @property
    def type(self) -> ColumnType:
        return ColumnType("json")

    def to_python(self, value: Any) -> Any:
        """Return JSON text as what it says, and any other value as it is."""
        return from_text(value)

    def prepare_operand(self, value: Any) -> Any:
        """Return *value* as it is: a text is a JSON string, not JSON to be read."""
        return value

    def from_db_value(self, value: Any) -> Any:
        return from_text(value)

    def clean(self, value: Any, model_instance: Any = None) -> Any:
        """Return *value* as it is, after every check: a text stays the JSON string that it is."""
        self.validate(value, model_instance)
        return value

    def own_validators(self) -> list[Any]:
        return [*self.default_validators, check_json]


def from_text(value: Any) -> Any:
    """Return what JSON text says; a value that is no JSON text has been read already and is kept."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def check_json(value: Any) -> None:
    """Raise ValidationError when *value* cannot be written as JSON; NaN and the infinities cannot."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValidationError(f"This cannot be written as JSON: {error}", code="invalid") from error
