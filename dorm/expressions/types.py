"""`output_field=`: what an expression says its values are, by a word, a field or a class of fields.

Rests on column types. A word is looked up in a list, and never becomes SQL by itself.
"""

from __future__ import annotations

import re
from typing import Any, Final, Protocol, TypeAlias

from .._text import did_you_mean, listed, nearest
from ..exceptions import FieldError
from ..sql.types import ColumnType, TypeName


class Typed(Protocol):
    """What an expression needs of a field."""

    @property
    def type(self) -> ColumnType: ...


OutputField: TypeAlias = "str | Typed | type[Typed]"

WORDS: Final[dict[str, TypeName]] = {
    "text": "text",
    "string": "text",
    "char": "char",
    "varchar": "char",
    "character varying": "char",
    "integer": "integer",
    "int": "integer",
    "smallint": "smallint",
    "bigint": "bigint",
    "real": "float",
    "float": "float",
    "double": "float",
    "double precision": "float",
    "decimal": "decimal",
    "numeric": "decimal",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "timestamp with time zone": "datetime",
    "interval": "duration",
    "duration": "duration",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
    "blob": "binary",
    "bytea": "binary",
    "binary": "binary",
}

_SHAPE: Final = re.compile(r"([a-z][a-z ]*?)\s*(?:\(\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?\))?")


def column_type(output_field: OutputField) -> ColumnType:
    """Return the type that *output_field* names; raise FieldError for anything else."""
    if isinstance(output_field, str):
        return _type_of_word(output_field)
    field: Any = output_field
    if isinstance(output_field, type):
        try:
            field = output_field()
        except TypeError as error:
            raise FieldError(
                f"output_field={output_field.__name__} needs arguments ({error}): give a field, not its class"
            ) from error
    found = getattr(field, "type", None)
    if not isinstance(found, ColumnType):
        raise FieldError(f"output_field must be a field or the name of a type, not {output_field!r}")
    return found


def _type_of_word(text: str) -> ColumnType:
    match = _SHAPE.fullmatch(text.strip().lower())
    name = WORDS.get(match[1]) if match is not None else None
    if match is None or name is None:
        suggestion = nearest(text.strip().lower(), WORDS)
        raise FieldError(
            f"output_field={text!r} is not a known type.{did_you_mean(suggestion)} Types: {listed(WORDS)}.",
            name=text, choices=tuple(sorted(WORDS)), suggestion=suggestion,
        )  # fmt: skip
    first, second = (int(size) if size else None for size in match.group(2, 3))
    if name == "char":
        if second is not None or first == 0:
            raise FieldError(f"output_field={text!r}: a text has one length, of 1 at least")
        return ColumnType("char", length=first)
    if name == "decimal":
        return ColumnType("decimal", digits=first, places=None if first is None else second or 0)
    if first is not None:
        raise FieldError(f"output_field={text!r}: this type has no size")
    return ColumnType(name)
