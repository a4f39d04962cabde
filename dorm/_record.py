"""Frozen records with slots: what the description wing is made of.

Stands on nothing. The standard `dataclasses` would do the same, at ten times the
import time (it loads `inspect` and compiles six methods a class): `import dorm` is
on the path of every command and every test run.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

R = TypeVar("R", bound="Record")


@dataclass_transform(frozen_default=True)
class RecordType(type):
    """Turn annotations into slots, and generate `__init__` from them."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> RecordType:
        annotations: dict[str, str] = namespace.get("__annotations__", {})
        own = tuple(field for field, kind in annotations.items() if not kind.startswith("ClassVar"))
        defaults = {field: namespace.pop(field) for field in own if field in namespace}
        namespace["__slots__"] = own
        cls = super().__new__(mcls, name, bases, namespace)
        for base in reversed(cls.__mro__[1:]):
            defaults = {**base.__dict__.get("_defaults", {}), **defaults}
        inherited = tuple(field for base in bases for field in getattr(base, "_fields", ()))
        setattr(cls, "_fields", inherited + own)
        setattr(cls, "_defaults", defaults)
        setattr(cls, "_values", staticmethod(_values_of(inherited + own)))
        if "__init__" not in namespace:
            # The real one is compiled when the first instance is made: many records are never needed.
            setattr(cls, "__init__", _first_init)
        return cls


def _values_of(fields: tuple[str, ...]) -> Any:
    """Return the function that gives a record's values, always as a tuple."""
    if len(fields) > 1:
        return attrgetter(*fields)
    return lambda record: tuple(getattr(record, field) for field in fields)


def _first_init(self: Any, *values: Any, **named: Any) -> None:
    cls = type(self)
    cls.__init__ = _make_init(cls, cls._fields, cls._defaults)
    cls.__init__(self, *values, **named)


def _make_init(cls: type, fields: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    names: dict[str, Any] = {f"set_{field}": getattr(cls, field).__set__ for field in fields}
    names |= {f"default_{field}": value for field, value in defaults.items()}
    heads = [f"{field}=default_{field}" if field in defaults else field for field in fields]
    body = "; ".join(f"set_{field}(self, {field})" for field in fields) or "pass"
    exec(f"def __init__(self, {', '.join(heads)}): {body}", names)
    return names["__init__"]


class Record(metaclass=RecordType):
    """A value: equal when class and fields are equal, hashable, never changed."""

    _fields: ClassVar[tuple[str, ...]]
    _values: ClassVar[Callable[[Any], tuple[Any, ...]]]

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: use replace() to change {name!r}")

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and values(self) == values(other))

    def __hash__(self) -> int:
        return hash((type(self), values(self)))

    def __repr__(self) -> str:
        pairs = zip(self._fields, values(self))
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), values(self)

    # What `copy.replace()` calls, from Python 3.13 on; checkers take it for granted there.
    def __replace__(self, **changes: Any) -> Self:
        return replace(self, **changes)


def values(record: Any) -> tuple[Any, ...]:
    """Return the values of the fields of *record*, in order."""
    found: tuple[Any, ...] = record._values(record)
    return found


def replace(record: R, **changes: Any) -> R:
    """Return a copy of *record* with *changes*; an unknown name raises TypeError."""
    return type(record)(**{**dict(zip(record._fields, values(record))), **changes})
