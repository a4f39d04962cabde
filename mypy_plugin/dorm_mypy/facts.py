"""What the plugin writes down about a model class, for its own hooks and for mypy's cache.

Plain JSON under TypeInfo.metadata: it is saved with the class and is part of its interface hash, so that a
module is checked again when a model that it uses has changed.
"""

from __future__ import annotations

from typing import Final, TypedDict, cast

from mypy.nodes import TypeInfo

from .names import FACTS


class FieldFacts(TypedDict):
    """A field: may it be NULL, is it the primary key, is it a relation (then *name*`_id` exists too).

    Then what a schema asks: has it a default, may it be blank, does the database make its value?
    """

    null: bool
    pk: bool
    relation: bool
    default: bool
    blank: bool
    made: bool


class ReverseFacts(TypedDict):
    """A relation of another model to this one: the attribute here, the class and its field there."""

    accessor: str
    source: str
    field: str
    many: bool


class ModelFacts(TypedDict):
    """What a class declares in its own body, and what points at it.

    Its fields in order, then those that are pairs of rows (no column here); the relations of other models to
    this one, by their name in queries; the manager that it names first, None when it has none of its own.
    """

    fields: dict[str, FieldFacts]
    pairs: list[str]
    reverse: dict[str, ReverseFacts]
    manager: str | None


NONE: Final[ModelFacts] = {"fields": {}, "pairs": [], "reverse": {}, "manager": None}


# What was read last of a class: the facts of its line, and all of them in one.
_read: Final[dict[str, tuple[list[object], ModelFacts]]] = {}


def write(info: TypeInfo, facts: ModelFacts) -> None:
    """Keep the facts of one class."""
    info.metadata[FACTS] = cast("dict[str, object]", facts)


def own(info: TypeInfo) -> ModelFacts:
    """Return the facts of a class alone, empty when there are none."""
    return cast("ModelFacts", info.metadata.get(FACTS, NONE))


def read(info: TypeInfo) -> ModelFacts:
    """Return the facts of a class and its bases; the primary key comes first, then the bases' fields.

    What was written once is never changed in place: the same parts have the same whole.
    """
    parts: list[object] = [base.metadata.get(FACTS) for base in info.mro]
    known = _read.get(info.fullname)
    if known is not None and len(known[0]) == len(parts) and all(a is b for a, b in zip(known[0], parts)):
        return known[1]
    found = _joined(info)
    _read[info.fullname] = parts, found
    return found


def _joined(info: TypeInfo) -> ModelFacts:
    fields: dict[str, FieldFacts] = {}
    pairs: dict[str, None] = {}
    reverse: dict[str, ReverseFacts] = {}
    manager: str | None = None
    for base in reversed(info.mro):
        found = own(base)
        fields.update(found["fields"])
        pairs.update(dict.fromkeys(found["pairs"]))
        reverse.update(found["reverse"])
        # The manager that was declared first is the default one, and a base's was.
        manager = manager or found["manager"]
    keys = [name for name, field in fields.items() if field["pk"]]
    ordered = {name: fields[name] for name in (*keys, *(name for name in fields if name not in keys))}
    return {"fields": ordered, "pairs": list(pairs), "reverse": reverse, "manager": manager}


def is_known(info: TypeInfo) -> bool:
    """Return whether the plugin has looked at this class."""
    return FACTS in info.metadata
