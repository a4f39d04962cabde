"""Q: conditions that can be combined with `&`, `|` and `~`.

Rests on nothing of dorm's: a Q holds names and values until a query reads them.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

Connector: TypeAlias = Literal["AND", "OR"]


class Q:
    """Conditions, joined by AND unless combined with `|`. An empty Q is neutral.

    Immutable: combining makes a new one. `values` are the values of its lookups, in order, and `outline` is
    all the rest: Qs of equal outline differ in their values alone. `depth` counts the Qs inside one another.
    """

    __slots__ = ("children", "connector", "depth", "negated", "outline", "values")

    def __init__(self, *conditions: Q, **lookups: Any) -> None:
        for condition in conditions:
            if not isinstance(condition, Q):
                raise TypeError(f"Q() takes Q objects and lookups, not {condition!r}")
        self._become((*conditions, *lookups.items()), "AND")

    def _become(
        self, children: tuple[Q | tuple[str, Any], ...], connector: Connector, negated: bool = False
    ) -> Q:
        outline: list[Any] = [connector, negated]
        values: list[Any] = []
        depth = 0
        for child in children:
            if isinstance(child, Q):
                depth = max(depth, child.depth)
                outline.append(child.outline)
                values += child.values
            else:
                outline.append(child[0])
                values.append(child[1])
        self.children = children
        self.connector = connector
        self.negated = negated
        self.depth: int = depth + 1
        self.outline: tuple[Any, ...] = tuple(outline)
        self.values: tuple[Any, ...] = tuple(values)
        return self

    def __repr__(self) -> str:
        inner = ", ".join(repr(c) if isinstance(c, Q) else f"{c[0]}={c[1]!r}" for c in self.children)
        text = f"Q({inner})" if self.connector == "AND" else f"Q({self.connector}: {inner})"
        return f"~{text}" if self.negated else text

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
        if self.negated:
            return object.__new__(Q)._become(self.children, self.connector)
        return object.__new__(Q)._become((self,) if self.children else (), "AND", negated=True)


def _combine(left: Q, connector: Connector, right: Q) -> Q:
    if not isinstance(right, Q):
        raise TypeError(f"a Q combines with another Q, not with {right!r} ({type(right).__name__})")
    if not left.children:
        return right
    if not right.children:
        return left
    return object.__new__(Q)._become((*_flat(left, connector), *_flat(right, connector)), connector)


def _flat(q: Q, connector: Connector) -> tuple[Q | tuple[str, Any], ...]:
    """Return what *q* adds to a group of *connector*: its own children, if it is such a group itself."""
    same = not q.negated and (q.connector == connector or len(q.children) == 1)
    return q.children if same else (q,)
