"""What may be named inside a value: the keys of a JSON document, the places in an array.

Rests on the table. Models and type checkers say what they know of a value as a ValueView; here stand those
that need nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from .._record import Record
from ..sql.nodes import JSON_PLACE, is_json_key
from .table import Family, Transform

_PLACE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_SLICE: Final = re.compile(r"[0-9]{1,9}_[0-9]{1,9}", re.ASCII)


class ValueView(Protocol):
    """What a path needs to know of a value to look into it."""

    @property
    def family(self) -> Family: ...

    @property
    def kind(self) -> str:
        """What the value is, in messages: "JSON", "Address"."""
        ...

    def part(self, name: str) -> ValueView | None:
        """Return what *name* means inside, or None."""

    def names(self) -> Iterable[str]:
        """Return the names to offer in a message."""
        ...


class Part(Transform):
    """A piece of a value: a key of JSON, an item or a slice of an array. *view* is what it holds."""

    view: ValueView


class Document(Record):
    """JSON of which nothing is known: any key may be there; one without letters is a slip."""

    family: Family = "json"
    kind: str = "JSON"

    def part(self, name: str) -> ValueView | None:
        return self if name and is_json_key(name) else None

    def names(self) -> Iterable[str]:
        return ()


class Items(Record):
    """JSON whose items, or values, are all like *item*; with *is_list*, keys are places."""

    item: ValueView
    is_list: bool
    family: Family = "json"
    kind: str = "JSON"

    def part(self, name: str) -> ValueView | None:
        return self.item if not self.is_list or JSON_PLACE.fullmatch(name) else None

    def names(self) -> Iterable[str]:
        return ("0",) if self.is_list else ()


class Plain(Record):
    """A value without parts."""

    family: Family
    kind: str = ""

    def part(self, name: str) -> ValueView | None:
        return None

    def names(self) -> Iterable[str]:
        return ()


class Array(Record):
    """A list in the database: `0` is its first item, `0_2` a list of its first two."""

    item: ValueView
    family: Family = "array"
    kind: str = "a list"

    def part(self, name: str) -> ValueView | None:
        if _PLACE.fullmatch(name):
            return self.item
        return self if _SLICE.fullmatch(name) else None

    def names(self) -> Iterable[str]:
        return ("0", "0_2")


DOCUMENT: Final = Document()


def is_slice(part: Part) -> bool:
    """Whether a piece of an array is a part of it, and no item."""
    return "array" in part.families and "_" in part.name


def part_of(view: ValueView, name: str) -> Part | None:
    """Return the piece of *view* that *name* stands for, or None."""
    found = view.part(name)
    return None if found is None else Part(name, frozenset({view.family}), found.family, found)
