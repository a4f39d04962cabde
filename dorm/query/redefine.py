"""Give an annotation's name to another: what referred to the old one goes on doing so.

Rests on shapes; the old annotation is kept, under a name that nobody can write.
"""

from __future__ import annotations

from typing import Any

from .._record import replace
from ..sql.nodes import Node, rebuild
from .nodes import Annotation, AnnotationRef, Output, Term
from .shape import Rows, Shape


def aside(shape: Shape, name: str) -> str:
    """Return the name that the annotation *name* is kept under."""
    return f"{name}'{len(shape.annotations)}"


def renamed(node: Node, name: str, kept: str) -> Node:
    """Return *node* with the annotation *name* called *kept*."""
    return rebuild(node, lambda inner: AnnotationRef(kept) if inner == AnnotationRef(name) else None)


def set_aside(shape: Shape, name: str) -> dict[str, Any]:
    """Return the changes to *shape* that free the name of its annotation *name*."""
    kept = aside(shape, name)

    def change(node: Node) -> Node:
        return renamed(node, name, kept)

    def rows(now: Any, *, shown: bool) -> Any:
        if not isinstance(now, Rows):
            return now
        outputs = [one for one in now.outputs if not (shown and one.key == name)]
        return replace(now, outputs=tuple(Output(one.key, change(one.node), one.type) for one in outputs))

    annotations: dict[str, Annotation] = {}
    for key, one in shape.annotations.items():
        key = kept if key == name else key
        annotations[key] = replace(one, name=key, node=change(one.node))
    order = shape.order
    return {
        "annotations": annotations,
        "hidden": shape.hidden | {kept},
        "where": tuple(map(change, shape.where)),
        "order": order and tuple(Term(change(term.node), term.descending, term.nulls) for term in order),
        "projection": rows(shape.projection, shown=True),
        "grouping": rows(shape.grouping, shown=False),
        "distinct": shape.distinct and tuple(map(change, shape.distinct)),
    }
