"""The one place where a value becomes SQL text: for definitions, which take no parameters.

Pure text; stands on the errors alone.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from ..exceptions import DataError


def literal(value: Any) -> str:
    """Return a driver's *value* as a literal of standard SQL; raise DataError if there is none."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        if not isfinite(value):
            raise DataError(f"{value!r} cannot stand in a definition")
        return format(value, "f") if isinstance(value, Decimal) else repr(value)
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    return quoted(text_of(value))


def quoted(text: str) -> str:
    """Return *text* as a string literal."""
    if "\0" in text:
        raise DataError(f"{text!r} cannot stand in a definition: it holds a NUL")
    return "'" + text.replace("'", "''") + "'"


def text_of(value: Any) -> str:
    """Return the text in which a database reads *value*."""
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} microseconds"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)
