"""Plain values as what a computed value of some type is compared with, or is itself.

Rests on the fields, which know how values of their types are written.
"""

from __future__ import annotations

from typing import Any, Final

from ..fields import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    Field,
    FloatField,
    IntegerField,
    TimeField,
)
from ..lookups.table import FAMILY_OF, Family
from ..sql.types import ColumnType

FIELDS: Final[dict[Family, Field[Any]]] = {
    "integer": IntegerField(),
    "float": FloatField(),
    "decimal": DecimalField(max_digits=1000, decimal_places=500),
    "boolean": BooleanField(),
    "date": DateField(),
    "time": TimeField(),
    "datetime": DateTimeField(),
    "duration": DurationField(),
}


def convert(value: Any, type: ColumnType) -> Any:
    """Return *value* as one of *type*; raise FieldError if it cannot be one. Types without a field pass."""
    field = FIELDS.get(FAMILY_OF[type.name])
    return value if field is None else field.prepare_operand(value)
