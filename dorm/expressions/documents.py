"""JSON made of values.

Rests on Function.
"""

from __future__ import annotations

from typing import Any

from ..sql.nodes import Call, Node
from ..sql.types import JSON
from .base import Resolved, Scope, resolve_named
from .functions import Function

# Types whose values SQLite does not know from others.
KINDS = {"boolean": "JSON_TRUTH", "json": "JSON_DOCUMENT", "datetime": "JSON_DATETIME"}


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


def in_document(part: Resolved) -> Node:
    """Return a value so that a document holds it as what it is."""
    kind = KINDS.get(part.type.name)
    return part.node if kind is None else Call(kind, (part.node,), JSON)
