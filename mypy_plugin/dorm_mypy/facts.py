"""What the plugin writes down about a model class, for its own hooks and for mypy's cache.

Plain JSON under TypeInfo.metadata: it is saved with the class and is part of its interface hash, so that a
module is checked again when a model that it uses has changed.
"""

from __future__ import annotations

from typing import TypedDict, cast

from mypy.nodes import TypeInfo

from .names import FACTS


class FieldFacts(TypedDict):
    """A field: may it be NULL, is it the primary key, is it a relation (then *name*`_id` exists too)."""

    null: bool
    pk: bool
    relation: bool


class ReverseFacts(TypedDict):
    """A relation of another model to this one: the attribute here, and the class there."""

    accessor: str
    source: str


class ModelFacts(TypedDict):
    """The own fields of a class in order, and the relations that point at it, by their name in queries."""

    fields: dict[str, FieldFacts]
    reverse: dict[str, ReverseFacts]


def write(info: TypeInfo, facts: ModelFacts) -> None:
    """Keep the facts of one class."""
    info.metadata[FACTS] = cast("dict[str, object]", facts)


def own(info: TypeInfo) -> ModelFacts:
    """Return the facts of a class alone, empty when there are none."""
    return cast("ModelFacts", info.metadata.get(FACTS, {"fields": {}, "reverse": {}}))


def read(info: TypeInfo) -> ModelFacts:
    """Return the facts of a class and its bases; the primary key comes first, then the bases' fields."""
    fields: dict[str, FieldFacts] = {}
    reverse: dict[str, ReverseFacts] = {}
    for base in reversed(info.mro):
        found = own(base)
        fields.update(found["fields"])
        reverse.update(found["reverse"])
    keys = [name for name, field in fields.items() if field["pk"]]
    ordered = {name: fields[name] for name in (*keys, *(name for name in fields if name not in keys))}
    return {"fields": ordered, "reverse": reverse}


def is_known(info: TypeInfo) -> bool:
    """Return whether the plugin has looked at this class."""
    return FACTS in info.metadata
