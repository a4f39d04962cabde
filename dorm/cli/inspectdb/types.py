"""Which field stands for a column: by its type, as the database writes it.

Where no field of dorm makes a column of exactly that type, a class of its own is written for it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import dorm
from dorm._record import Record
from dorm.migrations.drift import plain_type
from dorm.sql.dialects import Dialect

from .names import class_name
from .source import Call, FieldClass

# By the name of a type, in the spelling of plain_type().
POSTGRESQL: Final = {
    "bigint": "BigIntegerField", "boolean": "BooleanField", "bytea": "BinaryField", "character": "CharField",
    "date": "DateField", "double precision": "FloatField", "inet": "GenericIPAddressField",
    "integer": "IntegerField", "interval": "DurationField", "json": "JSONField", "jsonb": "JSONField",
    "numeric": "DecimalField", "real": "FloatField", "smallint": "SmallIntegerField", "text": "TextField",
    "time without time zone": "TimeField", "timestamp with time zone": "DateTimeField",
    "timestamp without time zone": "DateTimeField", "uuid": "UUIDField", "character varying": "CharField",
}  # fmt: skip
SQLITE: Final = {
    "bigint": "BigIntegerField", "blob": "BinaryField", "bool": "BooleanField", "boolean": "BooleanField",
    "char": "CharField", "character": "CharField", "date": "DateField", "datetime": "DateTimeField",
    "int8": "BigIntegerField", "json": "JSONField", "numeric": "DecimalField", "decimal": "DecimalField",
    "nchar": "CharField", "nvarchar": "CharField", "smallint": "SmallIntegerField", "time": "TimeField",
    "timestamp": "DateTimeField", "uuid": "UUIDField", "varchar": "CharField",
}  # fmt: skip

# How SQLite reads types that it does not know (https://www.sqlite.org/datatype3.html, section 3.1).
AFFINITIES: Final = (
    ("int", "IntegerField"),
    ("char", "TextField"),
    ("clob", "TextField"),
    ("text", "TextField"),
    ("blob", "BinaryField"),
    ("real", "FloatField"),
    ("floa", "FloatField"),
    ("doub", "FloatField"),
)
AUTO: Final = {
    "SmallIntegerField": "SmallAutoField",
    "IntegerField": "AutoField",
    "BigIntegerField": "BigAutoField",
}
POSITIVE: Final = {
    "SmallIntegerField": "PositiveSmallIntegerField",
    "IntegerField": "PositiveIntegerField",
    "BigIntegerField": "PositiveBigIntegerField",
}

# What DecimalField is told where the type says nothing: more than any value that can be meant.
ANY_DECIMAL: Final = ("65", "30")


class FieldChoice(Record):
    """The class of a field, and the arguments that its type needs; *own* is what must be written for it."""

    function: str
    name: str
    arguments: tuple[str, ...]
    own: tuple[FieldClass, ...]


def choose(type: str, dialect: Dialect) -> FieldChoice:
    """Return the field for a column of *type*."""
    if type.endswith("[]"):
        inner = choose(type.removesuffix("[]"), dialect)
        item = str(Call(inner.function, inner.arguments))
        return FieldChoice("dorm.ArrayField", "ArrayField", (item,), inner.own)
    name, arguments = _by_name(type, dialect.vendor)
    # A column of SQLite may have no type at all.
    if not type or _writes(name, arguments, dialect) == plain_type(type, dialect.vendor):
        return FieldChoice(f"dorm.{name}", name, arguments, ())
    own = FieldClass(f"{class_name(type)}Field", name, type)
    return FieldChoice(own.name, name, arguments, (own,))


def _by_name(type: str, vendor: str) -> tuple[str, tuple[str, ...]]:
    """Return the field of dorm for a type, and the arguments that the type says."""
    plain = plain_type(type, vendor)
    numbers = re.findall(r"\d+", plain.partition("(")[2])
    word = plain.partition("(")[0]
    field = POSTGRESQL.get(word, "TextField") if vendor == "postgresql" else _sqlite_field(type)
    if field == "CharField" and len(numbers) != 1:
        return "TextField", ()
    if field == "CharField":
        return field, (f"max_length={numbers[0]}",)
    if field == "DecimalField":
        digits, places = (*numbers, "0")[:2] if numbers else ANY_DECIMAL
        return field, (f"max_digits={digits}", f"decimal_places={places}")
    return field, ()


def _sqlite_field(type: str) -> str:
    word = type.lower().partition("(")[0].strip()
    if word in SQLITE:
        return SQLITE[word]
    return next((field for part, field in AFFINITIES if part in word), "TextField")


def _writes(name: str, arguments: tuple[str, ...], dialect: Dialect) -> str:
    """Return the type of the column that a field of dorm makes."""
    given: dict[str, Any] = {key: int(value) for key, _, value in (each.partition("=") for each in arguments)}
    field = getattr(dorm, name)(**given)
    return plain_type(dialect.compiler().column_type(field.type), dialect.vendor)
