"""A statement with its values in it, to be looked at or pasted: it is never sent like this.

Pure text; stands on the literals and on how placeholders are told from texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from .literals import text_of
from .placeholders import pieces

# Texts and names in quotes, and the marks that decide about the layout.
_PIECE: Final = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|, *|[^'"(),]+"""


def with_values(sql: str, params: Sequence[Any], vendor: str) -> str:
    """Return *sql*, as the driver of *vendor* gets it, with *params* in the place of its placeholders."""
    values: Iterator[Any] = iter(params)
    parts: list[str] = []
    for kind, text in pieces(sql, vendor):
        if kind == ("mark" if vendor == "postgresql" else "question"):
            parts.append(literal(next(values), vendor))
        else:
            parts.append(text.replace("%%", "%") if vendor == "postgresql" else text)
    return "".join(parts)


def literal(value: Any, vendor: str) -> str:
    """Return *value* as it would be written in a statement."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float, Decimal)) and isfinite(value):
        return format(value, "f") if isinstance(value, Decimal) else repr(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        digits = bytes(value).hex()
        return f"'\\x{digits}'" if vendor == "postgresql" else f"X'{digits}'"
    return _quoted(_array(value) if isinstance(value, (list, tuple)) else text_of(value))


def laid_out(sql: str) -> str:
    """Return a CREATE TABLE with a line for each column and constraint; another statement as it is."""
    if not sql.startswith("CREATE TABLE"):
        return sql
    parts: list[str] = []
    depth = 0
    for found in re.finditer(_PIECE, sql):
        part = found[0]
        depth -= part == ")"
        if part == "(" and depth == 0:
            part = "(\n    "
        elif part == ")" and depth == 0:
            part = "\n)"
        elif part.startswith(",") and depth == 1:
            part = ",\n    "
        parts.append(part)
        depth += found[0] == "("
    return "".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _array(items: Sequence[Any]) -> str:
    """Return the text of a PostgreSQL array, which fits whatever type it is compared with."""
    return "{" + ",".join(map(_item, items)) + "}"


def _item(item: Any) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, (list, tuple)):
        return _array(item)
    if isinstance(item, bytes):
        return f'"\\\\x{item.hex()}"'
    text = text_of(item).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
