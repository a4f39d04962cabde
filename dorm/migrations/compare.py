"""Values told by what they are made of, so that equal ones compare equal whichever way they came to be.

Rests on the serializer's reading of values. A field of a file and a field of a model are two objects; a
function of a module that was imported anew is another function: here they are one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from ..enums import Choices
from ..fields import Field
from .serializer import Callables, constructed, home, told_options


def told(value: Any) -> Any:
    """Return *value* as tuples, dicts and plain values; equal results mean equal values."""
    if isinstance(value, Enum) and not isinstance(value, Choices):
        return (_path(type(value)), value.name, told(value.value))
    if isinstance(value, (str, bytes)):
        return str.__str__(value) if isinstance(value, str) else bytes(value)
    if value is None or isinstance(value, bool):
        return (bool, value)
    if isinstance(value, (int, float, complex)):
        # 1 is neither True nor 1.0: a column holds something else.
        kind = next(kind for kind in (int, float, complex) if isinstance(value, kind))
        return (kind, repr(kind(value)))  # type: ignore[arg-type]  # of the kind that it is
    if isinstance(value, Mapping):
        return (dict, {_key(key): told(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple, [told(item) for item in value])
    if isinstance(value, (set, frozenset)):
        return (set, frozenset(map(_key, value)))
    if isinstance(value, Field):
        return told_field(value)
    return _told_other(value)


def told_field(field: Field[Any], targets: Sequence[str] = ()) -> Any:
    """Return what a field is made of, its name left out; a relation leads to *targets*."""
    _, path, args, kwargs = field.deconstruct()
    options = told_options(field, kwargs)
    for name, target in zip(("to", "through"), targets):
        options[name] = target
    return (path, told(list(args)), told(options))


def _told_other(value: Any) -> Any:
    if isinstance(value, type):
        return (type, value._meta.label if hasattr(value, "_meta") else _path(value))
    if isinstance(value, Callables):
        return (
            type(value),
            home(value),
            told(getattr(value, "__self__", None)) if _is_bound(value) else None,
        )
    if isinstance(value, functools.partial):
        return (functools.partial, told(value.func), told(value.args), told(value.keywords))
    if isinstance(value, re.Pattern):
        return (re.Pattern, value.pattern, value.flags)
    made = constructed(value)
    if made is None:
        return value
    path, args, kwargs = made
    return (path, told(list(args)), told(kwargs))


def _is_bound(value: Any) -> bool:
    return isinstance(getattr(value, "__self__", None), type)


def _path(kind: type[Any]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _key(value: Any) -> Any:
    return repr(told(value))
