"""Defaults of columns, from SQL to the source of a field's db_default.

Pure text.
"""

from __future__ import annotations

import re
from typing import Final

from .source import text

INTEGERS: Final = ("SmallIntegerField", "IntegerField", "BigIntegerField")
FLAGS: Final = {"true": "True", "false": "False", "1": "True", "0": "False"}

# What a database may put around a literal: 'a'::text, and SQLite's ().
_CAST: Final = re.compile(
    r"^(?P<value>'(?:[^']|'')*'|-?[\d.]+|\(-[\d.]+\))::[\w \"]+(?:\(\d+(?:,\s*\d+)?\))?$"
)


def default_source(sql: str, field: str) -> str:
    """Return what makes the default of a *field* again: a plain value where it is one, else its SQL."""
    plain = sql
    while plain.startswith("(") and plain.endswith(")") and _closes_last(plain):
        plain = plain[1:-1].strip()
    cast = _CAST.match(plain)
    bare = cast["value"].strip("()") if cast is not None else plain
    quoted = re.fullmatch(r"'(?:[^']|'')*'", bare)
    inner = bare[1:-1].replace("''", "'") if quoted else bare
    if field in ("CharField", "TextField") and quoted:
        return text(inner)
    if field in INTEGERS and re.fullmatch(r"-?\d+", inner):
        return inner
    if field == "FloatField" and re.fullmatch(r"-?\d+(\.\d+)?", inner):
        return inner
    if field == "BooleanField" and inner.lower() in FLAGS:
        return FLAGS[inner.lower()]
    return f"dorm.RawSQL({text(plain)})"


def _closes_last(sql: str) -> bool:
    """Tell whether the first ( is closed by the last )."""
    depth = 0
    for at, char in enumerate(sql):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at == len(sql) - 1
    return False
