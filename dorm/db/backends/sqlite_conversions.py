"""What a stored value becomes when its column takes another type: `dorm_convert` in SQLite's SQL.

Pure Python on the values that SQLite stores. A type is named as "char:20" or "decimal:10:2". What cannot be
converted without being cut or made up is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from .sqlite_functions import boolean_of, date_of, datetime_of, rounded, text_of, time_of, whole


def converts(value: Any, source: str, target: str) -> bool:
    """Return whether `convert()` takes *value*."""
    try:
        convert(value, source, target)
    except (ValueError, TypeError, OverflowError):
        return False
    return True


def convert(value: Any, source: str, target: str) -> Any:
    """Return a stored value of the type *source* as one of *target*; raise ValueError if it cannot be."""
    if value is None:
        return None
    name, _, facts = target.partition(":")
    return _TARGETS[name](value, source, facts)


def _text(value: Any, source: str, length: str) -> str:
    if isinstance(value, bytes):
        text = value.decode()
    else:
        # Of a decimal, the places are what its text shows; they come last.
        name, *facts = source.split(":")
        text = text_of(value, f"decimal:{facts[1]}" if name == "decimal" and len(facts) > 1 else name)
    if length and len(text) > int(length):
        raise ValueError(f"{text!r} is longer than {length} characters")
    return text


def _whole(value: Any, source: str, facts: str) -> int:
    if isinstance(value, str):
        return int(value)
    found = whole(value)
    if not isinstance(found, int):
        raise ValueError(f"{value!r} is no number")
    return found


def _float(value: Any, source: str, facts: str) -> float:
    return float(value)


def _decimal(value: Any, source: str, facts: str) -> Any:
    digits, _, places = facts.partition(":")
    number = float(value) if isinstance(value, str) else value
    found = rounded(number, int(places or 0)) if places else number
    if digits and abs(found) >= 10 ** (int(digits) - int(places or 0)):
        raise ValueError(f"{value!r} has more digits than the column")
    return found


def _json(value: Any, source: str, facts: str) -> str:
    if source == "boolean":
        return "true" if value else "false"
    if not isinstance(value, str):
        return json.dumps(value)
    json.loads(value)
    return value


def _uuid(value: Any, source: str, facts: str) -> str:
    from uuid import UUID  # few columns become one

    return str(UUID(str(value)))


def _ip(value: Any, source: str, facts: str) -> str:
    from ipaddress import ip_address  # few columns become one

    return str(ip_address(str(value)))


def _binary(value: Any, source: str, facts: str) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _moment(read: Callable[[Any], str]) -> Callable[[Any, str, str], str]:
    return lambda value, source, facts: read(value)


_TARGETS: Final[dict[str, Callable[[Any, str, str], Any]]] = {
    "char": _text,
    "text": _text,
    "any": lambda value, source, facts: value,
    **dict.fromkeys(("integer", "duration"), _whole),
    "float": _float,
    "decimal": _decimal,
    "boolean": lambda value, source, facts: boolean_of(value),
    "date": _moment(date_of),
    "time": _moment(time_of),
    "datetime": _moment(datetime_of),
    "uuid": _uuid,
    "ip": _ip,
    "json": _json,
    "binary": _binary,
}
