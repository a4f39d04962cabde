"""JSON made of values, and values taken out of JSON.

Rests on Function.
"""

from __future__ import annotations

from typing import Any

from ..exceptions import FieldError
from ..sql.nodes import Call, Node, is_json_key, json_key, json_text
from ..sql.types import JSON, TEXT
from .base import Resolved, Scope, resolve_named
from .functions import Function

# Types whose values SQLite does not know from others.
KINDS = {"boolean": "JSON_TRUTH", "json": "JSON_DOCUMENT", "datetime": "JSON_DATETIME"}


class KeyTransform(Function[Any]):
    """What stands at *key*, whatever letters it has, in JSON: a field's, or that of another KeyTransform.

    A number, or a text of digits, is a place in an array too.
    """

    __slots__ = ("key",)

    def __init__(self, key: str | int, expression: Any) -> None:
        super().__init__(expression)
        self.key = str(key)
        if not is_json_key(self.key):
            raise FieldError(f"{key!r} cannot be a key of JSON: it is no text that a database takes")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.key!r}, {self.arguments[0]!r})"

    def resolve(self, scope: Scope) -> Resolved:
        found = resolve_named(self.arguments[0], scope)
        return Resolved(json_key(_json(found, self), self.key), JSON, found.aggregate)


class KeyTextTransform(KeyTransform):
    """The text of what stands at *key* in JSON: a string is itself, without its quotes."""

    __slots__ = ()

    def resolve(self, scope: Scope) -> Resolved:
        return _text(super().resolve(scope))


class KT(Function[str]):
    """The text of what stands at the end of a path: `KT("meta__author__name")`."""

    __slots__ = ()

    def __init__(self, path: str) -> None:
        if not isinstance(path, str):
            raise FieldError(f"KT() takes the path of a key such as 'meta__name', not {path!r}")
        super().__init__(path)

    def resolve(self, scope: Scope) -> Resolved:
        found = resolve_named(self.arguments[0], scope)
        return _text(Resolved(_json(found, self), JSON, found.aggregate))


def _json(found: Resolved, where: object) -> Node:
    """Return a JSON value; raise FieldError for another."""
    if found.type.name not in ("json", "any"):
        raise FieldError(f"{where!r} looks into JSON, and finds a value of the type {found.type.name}")
    return found.node


def _text(found: Resolved) -> Resolved:
    return Resolved(json_text(found.node), TEXT, found.aggregate)


class JSONObject(Function[Any]):
    """A JSON object: `JSONObject(name="name", year="joined__year")`."""

    __slots__ = ("fields",)

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        self.fields = fields

    def __repr__(self) -> str:
        return f"JSONObject({', '.join(f'{name}={value!r}' for name, value in self.fields.items())})"

    def resolve(self, scope: Scope) -> Resolved:
        nodes: list[Node] = []
        parts = [(name, resolve_named(value, scope)) for name, value in self.fields.items()]
        for name, part in parts:
            nodes += [scope.bind(name).node, in_document(part)]
        return Resolved(Call("JSON_OBJECT", tuple(nodes), JSON), JSON, any(p.aggregate for _, p in parts))


class JSONArray(Function[Any]):
    """A JSON array: `JSONArray("name", Value(1))`."""

    __slots__ = ()

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*expressions)

    def resolve(self, scope: Scope) -> Resolved:
        parts = [resolve_named(argument, scope) for argument in self.arguments]
        node = Call("JSON_ARRAY", tuple(map(in_document, parts)), JSON)
        return Resolved(node, JSON, any(part.aggregate for part in parts))


# The calls that make JSON of one value, NULL of NULL.
AS_JSON = frozenset({"TO_JSON", *KINDS.values()})


def as_json(part: Resolved) -> Node:
    """Return a value as JSON; one of unknown type is taken for it."""
    if part.type.name in ("json", "any"):
        return part.node
    return Call("TO_JSON", (in_document(part),), JSON)


def in_document(part: Resolved) -> Node:
    """Return a value so that a document holds it as what it is."""
    kind = KINDS.get(part.type.name)
    return part.node if kind is None else Call(kind, (part.node,), JSON)
