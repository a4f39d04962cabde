"""What a query adds to the SQL tree before joins are known: names that have been read, not yet placed.

Rests on the SQL tree and the path walker. `resolve` replaces every one of these.
"""

from __future__ import annotations

from typing import Any, Literal

from ..lookups.parts import DOCUMENT, Array, Plain, ValueView
from ..lookups.paths import Path
from ..lookups.table import FAMILY_OF, Family
from ..sql.nodes import Node
from ..sql.types import ColumnType


class FieldRef(Node):
    """A column, reached over the hops of *path*."""

    path: Path


class AnnotationRef(Node):
    """The value that `annotate()` called *name*."""

    name: str


class Condition(Node):
    """A lookup between *left*, a value of *family*, and *right*."""

    left: Node
    lookup: str
    right: Node
    family: Family


class Group(Node):
    """Conditions joined by *connector*; an empty group holds."""

    connector: Literal["AND", "OR"]
    items: tuple[Node, ...]


class Negation(Node):
    item: Node


class Claim(Node):
    """A description of conditions in the place of a value."""

    item: Node


class Bare(Node):
    """A value that is true or false in the place of a condition."""

    value: Node


class Link(Node):
    """What an OuterRef of a subquery means in the query around it: *value*."""

    name: str
    levels: int
    value: Node


class Embedded(Node):
    """Another query, *shape*, whose parameters begin at *offset* in this one's."""

    shape: Any
    offset: int
    links: tuple[Link, ...] = ()


class Single(Embedded):
    """The first row of a query of one column."""


class Probe(Embedded):
    """Whether a query has a row."""


class Annotation(Node):
    """A value that `annotate()` adds; a FieldView, so that later names may lead to it.

    *after* counts the `filter()` calls before it: those share its joins, later ones do not.
    """

    name: str
    node: Node
    type: ColumnType
    family: Family
    aggregate: bool
    after: int

    @property
    def joined(self) -> bool:
        return False

    @property
    def target(self) -> None:
        return None

    @property
    def many(self) -> bool:
        return False

    @property
    def nullable(self) -> bool:
        return True

    @property
    def view(self) -> ValueView | None:
        return view_of(self.type)


def view_of(type: ColumnType) -> ValueView | None:
    """Return what may be named inside of values of *type*."""
    if type.name == "json":
        return DOCUMENT
    if type.name == "array" and type.inner is not None:
        return Array(view_of(type.inner) or Plain(FAMILY_OF[type.inner.name]))
    return None


class ColumnName(Node):
    """A column of the row itself, in the order of a combined query."""

    name: str


class Output(Node):
    """One value of a row: its key in `values()`, and what it is."""

    key: str
    node: Node
    type: ColumnType


class Term(Node):
    """One term of an ORDER BY."""

    node: Node
    descending: bool
    nulls: Literal["first", "last"] | None
