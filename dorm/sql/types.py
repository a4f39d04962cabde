"""What a column or an expression holds, apart from any database.

A dialect maps `ColumnType.name` to its own type text, and picks codecs by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from .._record import Record

TypeName: TypeAlias = Literal[
    "char", "text", "integer", "smallint", "bigint", "smallauto", "auto", "bigauto", "float", "decimal",
    "boolean", "date", "time", "datetime", "duration", "uuid", "ip", "binary", "json", "array", "any",
]  # fmt: skip


class ColumnType(Record):
    """The type of a column: its *name*, and the facts that the name needs.

    *load* is what a field of its own kind does to a value after the dialect's decoder, None included.
    """

    name: TypeName
    length: int | None = None
    digits: int | None = None
    places: int | None = None
    inner: ColumnType | None = None
    load: Callable[[Any], Any] | None = None


class JSONNullType:
    """The type of JSON_NULL."""

    def __repr__(self) -> str:
        return "JSONNull"

    def __reduce__(self) -> str:
        return "JSON_NULL"


# JSON's own null, as a value to store or to look for: None is the NULL of the column.
JSON_NULL = JSONNullType()

ANY = ColumnType("any")
INTEGER = ColumnType("integer")
BIGINT = ColumnType("bigint")
FLOAT = ColumnType("float")
TEXT = ColumnType("text")
BOOLEAN = ColumnType("boolean")
DATE = ColumnType("date")
TIME = ColumnType("time")
DATETIME = ColumnType("datetime")
DURATION = ColumnType("duration")
DECIMAL = ColumnType("decimal")
JSON = ColumnType("json")
