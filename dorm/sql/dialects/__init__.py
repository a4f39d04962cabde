"""The databases that dorm writes SQL for."""

from __future__ import annotations

from ..types import ColumnType
from .base import Dialect as Dialect
from .postgresql import COLUMN_TYPES as POSTGRESQL_TYPES
from .sqlite import COLUMN_TYPES as SQLITE_TYPES

COLUMN_TYPES = {"sqlite": SQLITE_TYPES, "postgresql": POSTGRESQL_TYPES}


def column_type(vendor: str, type: ColumnType) -> str:
    """Return the text that *vendor* writes for a column of *type*."""
    if type.name == "array" and type.inner is not None:
        if vendor != "postgresql":
            raise NotImplementedError(f"{vendor} has no arrays: an ArrayField needs PostgreSQL")
        return f"{column_type(vendor, type.inner)}[]"
    template = COLUMN_TYPES[vendor][type.name]
    return template.format(length=type.length, digits=type.digits, places=type.places)
