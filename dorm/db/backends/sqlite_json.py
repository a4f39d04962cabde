"""JSON inside SQLite: what `->`, `@>`, `?` and the order of JSONB give in PostgreSQL, as functions on texts.

Pure Python on the texts that a column holds. A JSON value is a text here too, in the one form that PostgreSQL
would show it in; SQLite's own functions tell no `1` from `true`, and no key `a"b` from others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NoReturn

from ...sql.nodes import JSON_PLACE

# The collation by which JSON texts are compared: `sql` writes its name.
COLLATION: Final = "dorm_json"

# Longer documents are not kept: the memory would be theirs.
_KEPT: Final = 1_000
_NO_DIGITS: Final = 131_072


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decode: Final[Callable[[str], Any]] = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse).decode


@lru_cache(maxsize=1024)
def _kept(text: str) -> Any:
    return _decode(text)


def read(text: str) -> Any:
    """Return the value of a JSON text, which nobody may change; fractions are Decimals: nothing is lost."""
    return _kept(text) if len(text) < _KEPT else _decode(text)


# -- a value as text -------------------------------------------------------------------------------


def written(value: Any) -> str:
    """Return *value* as PostgreSQL shows a JSONB."""
    if isinstance(value, str):
        return json.encoder.encode_basestring(value)
    if isinstance(value, dict):
        items = sorted(value.items(), key=_key_order)
        pairs = (f"{json.encoder.encode_basestring(key)}: {written(item)}" for key, item in items)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    return _number(value)


def _number(value: int | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if abs(value.adjusted()) > _NO_DIGITS:
        return str(value)
    return format(abs(value) if value == 0 else value, "f")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _key_order(item: tuple[str, Any]) -> tuple[int, bytes]:
    """Order keys as JSONB keeps them: short ones first."""
    key = _bytes(item[0])
    return len(key), key


# -- looking into it -------------------------------------------------------------------------------

_MISSING: Final = object()


def get(text: str | None, *keys: str) -> str | None:
    """Return the text of what stands at the end of *keys*; None when there is nothing."""
    if text is None:
        return None
    value = read(text)
    for key in keys:
        value = _at(value, key)
        if value is _MISSING:
            return None
    return written(value)


def _at(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key, _MISSING)
    if isinstance(value, list) and JSON_PLACE.fullmatch(key):
        place = int(key)
        return value[place] if -len(value) <= place < len(value) else _MISSING
    return _MISSING


def text_of(text: str | None) -> str | None:
    """Return a JSON value as text: a string is itself, null is NULL."""
    if text is None:
        return None
    value = read(text)
    return value if value is None or isinstance(value, str) else written(value)


def has_key(text: str | None, key: str | None) -> bool | None:
    """Return whether an object has a key, an array that text, or a text is that one."""
    if text is None or key is None:
        return None
    value = read(text)
    return key in value if isinstance(value, (dict, list)) else value == key


# -- what holds what -------------------------------------------------------------------------------


def contains(left: str | None, right: str | None) -> bool | None:
    """Return whether *left* holds all that *right* does."""
    if left is None or right is None:
        return None
    whole, part = read(left), read(right)
    # An array holds the values in it, this one time not as an array.
    if isinstance(whole, list) and not isinstance(part, (list, dict)):
        return _has_item(whole, part)
    return _holds(whole, part)


def _holds(whole: Any, part: Any) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and _holds(whole[key], item) for key, item in part.items())
    if isinstance(whole, list) and isinstance(part, list):
        return all(_has_item(whole, item) for item in part)
    return _same(whole, part)


def _has_item(whole: list[Any], part: Any) -> bool:
    return any(_holds(item, part) for item in whole)


def _same(one: Any, other: Any) -> bool:
    """Return whether two values that are no containers are the same: true is not 1."""
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return False
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


# -- order -----------------------------------------------------------------------------------------


def compare(left: str, right: str) -> int:
    """Return -1, 0 or 1 as JSONB sorts two values: by kind, containers by size, then by what is in them."""
    if left == right:
        return 0
    one, other = sort_key(left), sort_key(right)
    return (one > other) - (one < other)


def sort_key(text: str) -> bytes:
    """Return bytes that sort as the value does."""
    return _kept_key(text) if len(text) < _KEPT else _sort_key(text)


def _sort_key(text: str) -> bytes:
    try:
        value = read(text)
        # PostgreSQL has it so, at the top alone.
        return b"" if value == [] else _encoded(value)
    except (ValueError, RecursionError):
        # SQLite takes an error in a collation for "equal".
        return b"\xff" + _bytes(text)


_kept_key: Final = lru_cache(maxsize=8192)(_sort_key)


def _encoded(value: Any) -> bytes:
    if value is None:
        return b"\x01"
    if isinstance(value, str):
        return b"\x02" + _ended(value)
    if isinstance(value, bool):
        return b"\x05" if value else b"\x04"
    if isinstance(value, list):
        return b"\x06" + len(value).to_bytes(4, "big") + b"".join(map(_encoded, value))
    if isinstance(value, dict):
        items = sorted(value.items(), key=_key_order)
        pairs = (_ended(key) + _encoded(item) for key, item in items)
        return b"\x07" + len(value).to_bytes(4, "big") + b"".join(pairs)
    return b"\x03" + _encoded_number(Decimal(value))


def _ended(text: str) -> bytes:
    return _bytes(text).replace(b"\0", b"\0\xff") + b"\0\0"


_TURNED: Final = bytes(255 - byte for byte in range(256))


def _encoded_number(value: Decimal) -> bytes:
    """Return sign, exponent and digits; of a negative number, each byte the other way round."""
    if value == 0:
        return b"\x01"
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    size = (value.adjusted() + (1 << 62)).to_bytes(8, "big") + digits.encode() + b"\0"
    return b"\x02" + size if value > 0 else b"\x00" + size.translate(_TURNED)


FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "dorm_json_get": (-1, get),
    "dorm_json_text": (1, text_of),
    "dorm_json_has": (2, has_key),
    "dorm_json_contains": (2, contains),
}
