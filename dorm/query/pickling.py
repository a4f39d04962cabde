"""Queries as bytes: a shape without what is kept on it; models, fields and relations by their names.

Rests on the standard pickle. Loaded only when a queryset is pickled.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

from ..fields import Field
from ..meta.options import Options, options_of
from ..meta.relations import ManyToMany, ReverseRelation
from .query import Query
from .shape import Shape

# What a shape keeps for the next query of its kind, which begins anew elsewhere.
KEPT = ("checks", "compiled", "next", "paths", "root", "size")


class QueryPickler(pickle.Pickler):
    """Write what belongs to a model by name."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Options):
            return options_of, (obj.model,)
        if isinstance(obj, Shape):
            state = {name: getattr(obj, name) for name in Shape.__slots__ if name not in KEPT}
            return shape_of, (state,)
        if isinstance(obj, Field) and getattr(obj, "model", None) is not None:
            return field_of, (obj.model, obj.name)
        if isinstance(obj, (ReverseRelation, ManyToMany)):
            owner = options_of(obj.owner.model)
            known = {**owner.reverse, **owner.pairings}
            return relation_of, (owner.model, next(name for name, own in known.items() if own is obj))
        return NotImplemented


def pickled(query: Query) -> bytes:
    """Return *query* as bytes."""
    buffer = io.BytesIO()
    QueryPickler(buffer, pickle.HIGHEST_PROTOCOL).dump((query.shape, query.params))
    return buffer.getvalue()


def unpickled(data: bytes) -> Query:
    """Return the query that `pickled()` made *data* of."""
    shape, params = pickle.loads(data)
    return Query(shape, params)


def shape_of(state: dict[str, Any]) -> Shape:
    """Return a shape with nothing kept on it yet."""
    shape = Shape(state["options"])
    for name, value in state.items():
        setattr(shape, name, value)
    return shape


def field_of(model: type[Any], name: str) -> Any:
    """Return the field *name* of a model."""
    return options_of(model).get_field(name)


def relation_of(model: type[Any], name: str) -> Any:
    """Return the relation *name* that leads away from a model."""
    return options_of(model).field(name)
