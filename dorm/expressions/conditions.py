"""Q: conditions that can be combined with `&`, `|` and `~`.

Rests on nothing of dorm's: a Q holds names and values until a query reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

Connector: TypeAlias = Literal["AND", "OR"]


class Q:
    """Conditions, joined by AND unless combined with `|`. An empty Q is neutral.

    Immutable: combining makes a new one.
    """

    __slots__ = ("children", "connector", "negated")

    def __init__(self, *conditions: Q, **lookups: Any) -> None:
        for condition in conditions:
            if not isinstance(condition, Q):
                raise TypeError(f"Q() takes Q objects and lookups, not {condition!r}")
        self.children: tuple[Q | tuple[str, Any], ...] = (*conditions, *lookups.items())
        self.connector: Connector = "AND"
        self.negated = False

    def __repr__(self) -> str:
        inner = ", ".join(repr(c) if isinstance(c, Q) else f"{c[0]}={c[1]!r}" for c in self.children)
        text = f"Q({inner})" if self.connector == "AND" else f"Q({self.connector}: {inner})"
        return f"~{text}" if self.negated else text

    def values(self) -> Iterator[Any]:
        """Yield the value of each lookup, in order."""
        for child in self.children:
            if isinstance(child, Q):
                yield from child.values()
            else:
                yield child[1]

    def outline(self) -> tuple[Any, ...]:
        """Return all that is not a value: Qs of equal outline differ in their values alone."""
        inner = [child.outline() if isinstance(child, Q) else child[0] for child in self.children]
        return (self.connector, self.negated, *inner)

    def __bool__(self) -> bool:
        return bool(self.children)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Q):
            return NotImplemented
        mine = (self.connector, self.negated, self.children)
        return mine == (other.connector, other.negated, other.children)

    __hash__ = None  # type: ignore[assignment]  # values need not be hashable

    def __and__(self, other: Q) -> Q:
        return _combine(self, "AND", other)

    def __or__(self, other: Q) -> Q:
        return _combine(self, "OR", other)

    def __invert__(self) -> Q:
        inverted = _make((self,) if self.children else (), "AND")
        inverted.negated = True
        return inverted


def _make(children: tuple[Q | tuple[str, Any], ...], connector: Connector) -> Q:
    made = Q()
    made.children = children
    made.connector = connector
    return made


def _combine(left: Q, connector: Connector, right: Q) -> Q:
    if not isinstance(right, Q):
        raise TypeError(f"a Q combines with another Q, not with {right!r} ({type(right).__name__})")
    if not left.children:
        return right
    if not right.children:
        return left
    return _make((left, right), connector)
