"""JSON with a schema: from plain JSON values to instances of a dataclass or a pydantic model, and back.

Stands on the errors and on what a path asks of a value; neither library is imported here, since the class
itself brings what it needs.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, Union, get_args, get_origin

from .._record import Record
from ..exceptions import ImproperlyConfigured
from ..lookups.parts import DOCUMENT, Items, Plain, ValueView
from ..lookups.table import Family

Schema = type[Any]


def check_schema(schema: Any) -> Schema:
    """Return *schema* when it is a dataclass or a pydantic model; else raise ImproperlyConfigured."""
    if isinstance(schema, type) and (is_pydantic(schema) or is_dataclass(schema)):
        return schema
    raise ImproperlyConfigured(f"schema takes a dataclass or a pydantic model, not {schema!r}.")


def is_pydantic(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "model_validate") and hasattr(kind, "model_dump")


def is_dataclass(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")


# -- to JSON --------------------------------------------------------------------------------------


def to_json(value: Any) -> Any:
    """Return *value* in terms of what JSON has: dicts, lists, texts, numbers, booleans and None."""
    kind = type(value)
    if is_pydantic(kind):
        return value.model_dump(mode="json")
    if is_dataclass(kind):
        return {name: to_json(getattr(value, name)) for name in kind.__dataclass_fields__}
    if isinstance(value, Enum):
        return to_json(value.value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_json(item) for item in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


# -- from JSON ------------------------------------------------------------------------------------


def from_json(kind: Any, value: Any) -> Any:
    """Return *value* as *kind*, an annotation; raise TypeError or ValueError where it does not fit."""
    if is_pydantic(kind):
        return value if isinstance(value, kind) else kind.model_validate(value)
    if is_dataclass(kind):
        return value if isinstance(value, kind) else _instance(kind, value)
    origin = get_origin(kind)
    if origin is not None:
        return _generic(kind, origin, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    reader = READERS.get(kind)
    return reader(value) if reader is not None and isinstance(value, (str, int)) else _plain(kind, value)


def _plain(kind: Any, value: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind in (str, int, float, bool, list, dict) and not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    make: Any = kind
    # UUID is known by its name: few models have one, and its module is dear.
    return make(value) if getattr(kind, "__name__", "") == "UUID" and isinstance(value, str) else value


def _instance(kind: Any, value: Any) -> Any:
    # Reading annotations loads a good part of typing; only a dataclass needs it.
    from typing import get_type_hints

    if not isinstance(value, Mapping):
        raise TypeError(f"{kind.__name__} is made from a JSON object, not from {value!r}")
    hints = get_type_hints(kind)
    unknown = value.keys() - kind.__dataclass_fields__.keys()
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {sorted(unknown)[0]!r}")
    return kind(**{name: from_json(hints[name], item) for name, item in value.items()})


def _generic(kind: Any, origin: Any, value: Any) -> Any:
    arguments = get_args(kind)
    if origin in (Union, types.UnionType):
        return _first(arguments, value)
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{value!r} is none of {arguments}")
        return value
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {from_json(arguments[0], key): from_json(arguments[1], item) for key, item in value.items()}
    if origin is tuple and Ellipsis not in arguments:
        return tuple(from_json(one, item) for one, item in zip(arguments, value, strict=True))
    if isinstance(origin, type) and issubclass(origin, (Sequence, set, frozenset)):
        items = [from_json(arguments[0], item) for item in value]
        return origin(items) if origin in (tuple, set, frozenset) else items
    return value


def _first(kinds: tuple[Any, ...], value: Any) -> Any:
    """Return *value* as the first of *kinds* that takes it."""
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return from_json(kind, value)
        except (TypeError, ValueError):
            continue
    raise TypeError(f"{value!r} is none of {kinds}")


READERS: Final[dict[Any, Any]] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


# -- what paths may name --------------------------------------------------------------------------


class SchemaView(Record):
    """The keys of a dataclass or a pydantic model, as they stand in JSON."""

    schema: Schema
    family: Family = "json"

    @property
    def kind(self) -> str:
        return f"JSON of {self.schema.__name__}"

    def part(self, name: str) -> ValueView | None:
        hints = _keys(self.schema)
        return view_of(hints[name]) if name in hints else None

    def names(self) -> Iterable[str]:
        return _keys(self.schema)


def _keys(schema: Schema) -> dict[str, Any]:
    """Return the annotations of a schema's fields, by the keys that they are written under."""
    # Reading annotations loads a good part of typing; only a dataclass or pydantic needs it.
    from typing import get_type_hints

    hints = get_type_hints(schema)
    if is_dataclass(schema) and not is_pydantic(schema):
        return {name: hints[name] for name in schema.__dataclass_fields__}
    # Computed fields stand in JSON too.
    computed = {name: field.return_type for name, field in schema.model_computed_fields.items()}
    return {name: hints.get(name, Any) for name in schema.model_fields} | computed


def is_open(schema: Schema) -> bool:
    """Whether the JSON of a pydantic model has other keys than the names of its fields."""
    if not is_pydantic(schema):
        return False
    config: Mapping[str, Any] = schema.model_config
    return (
        "root" in schema.model_fields
        or config.get("extra") == "allow"
        or bool(config.get("serialize_by_alias"))
    )


def view_of(kind: Any) -> ValueView:
    """Return what may be named in JSON of the annotation *kind*; anything, where it does not say."""
    if is_pydantic(kind) or is_dataclass(kind):
        return DOCUMENT if is_open(kind) else SchemaView(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        others = [one for one in arguments if one is not type(None)]
        return view_of(others[0]) if len(others) == 1 else DOCUMENT
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Items(view_of(arguments[1]), False)
    if isinstance(origin, type) and issubclass(origin, (Sequence, set, frozenset)):
        same = len(arguments) == 1 or arguments[1:] == (Ellipsis,)
        return Items(view_of(arguments[0]) if same else DOCUMENT, True)
    return Plain("json", f"JSON of {kind.__name__}") if kind in SCALARS else DOCUMENT


SCALARS: Final = frozenset({str, int, float, bool, Decimal, datetime, date, time})
