"""What a column or an expression holds, apart from any database.

A dialect maps `ColumnType.name` to its own type text, and picks codecs by it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .._record import Record

TypeName: TypeAlias = Literal[
    "char", "text", "integer", "smallint", "bigint", "auto", "bigauto", "float", "decimal",
    "boolean", "date", "time", "datetime", "uuid", "json", "any",
]  # fmt: skip


class ColumnType(Record):
    """The type of a column: its *name*, and the facts that the name needs."""

    name: TypeName
    length: int | None = None
    digits: int | None = None
    places: int | None = None


ANY = ColumnType("any")
INTEGER = ColumnType("integer")
BIGINT = ColumnType("bigint")
FLOAT = ColumnType("float")
TEXT = ColumnType("text")
BOOLEAN = ColumnType("boolean")
