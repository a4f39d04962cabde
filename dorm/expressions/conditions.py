"""Q, When, Case: conditions that can be combined with `&`, `|` and `~`, and values that hang on them.

Rests on the Expression protocol: a Q holds names and values until a query reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .._typevars import Value_co
from ..sql.nodes import Case as CaseNode
from ..sql.nodes import Choice
from .base import Expression, Resolved, Scope, common_type, path_of, resolve_named
from .types import OutputField, column_type

Connector: TypeAlias = Literal["AND", "OR"]
Child: TypeAlias = "Expression[Any] | tuple[str, Any]"


class OwnedKey(str):
    """The key of a lookup that was made from a column of *model*: a query of another one refuses it."""

    __slots__ = ("model",)

    model: type[Any]

    def __new__(cls, key: str, model: type[Any]) -> OwnedKey:
        owned = super().__new__(cls, key)
        owned.model = model
        return owned

    def __getnewargs__(self) -> tuple[Any, ...]:
        return str(self), self.model


class Q(Expression[bool]):
    """Conditions, joined by AND unless combined with `|`. An empty Q is neutral.

    A condition is a lookup, another Q, or an expression that is true or false.

    Immutable: combining makes a new one. `values` are the values of its lookups, in order, and `outline` is
    all the rest: Qs of equal outline differ in their values alone. `depth` counts the Qs inside one another.
    """

    __slots__ = ("children", "connector", "depth", "negated", "outline", "values")

    # A Q is its children, whichever way it came to them.
    if not TYPE_CHECKING:

        def __new__(cls, *conditions: Expression[Any], **lookups: Any) -> Any:
            return object.__new__(cls)

    def __init__(self, *conditions: Expression[Any], **lookups: Any) -> None:
        for condition in conditions:
            if not isinstance(condition, Expression):
                raise TypeError(f"Q() takes Q objects and lookups, not {condition!r}")
        told = (condition for condition in conditions if not isinstance(condition, Q) or condition)
        self._become((*told, *lookups.items()), "AND")

    @classmethod
    def of(cls, key: str, value: object) -> Q:
        """Return the one condition `key=value`."""
        return object.__new__(Q)._become(((key, value),), "AND")

    def _become(self, children: tuple[Child, ...], connector: Connector, negated: bool = False) -> Q:
        outline: list[Any] = [connector, negated]
        values: list[Any] = []
        depth = 0
        for child in children:
            if isinstance(child, Q):
                depth = max(depth, child.depth)
                outline.append(child.outline)
                values += child.values
            elif isinstance(child, Expression):
                # Never among the simple values, so that the outline alone does not stand for it.
                outline.append(None)
                values.append(child)
            else:
                key = child[0]
                # Equal names of two models are not one outline: the second is refused.
                outline.append((key.model, str(key)) if isinstance(key, OwnedKey) else key)
                values.append(child[1])
        self.children = children
        self.connector: Connector = connector
        self.negated = negated
        self.depth: int = depth + 1
        self.outline: tuple[Any, ...] = tuple(outline)
        self.values: tuple[Any, ...] = tuple(values)
        return self

    def __repr__(self) -> str:
        inner = ", ".join(f"{c[0]}={c[1]!r}" if isinstance(c, tuple) else repr(c) for c in self.children)
        text = f"Q({inner})" if self.connector == "AND" else f"Q({self.connector}: {inner})"
        return f"~{text}" if self.negated else text

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's dotted path, the children, and how they are joined: what a Q is equal by."""
        joined = {"connector": self.connector, "negated": self.negated}
        return path_of(type(self)), list(self.children), joined

    def __bool__(self) -> bool:
        return bool(self.children)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Q):
            return NotImplemented
        mine = (self.connector, self.negated, self.children)
        return mine == (other.connector, other.negated, other.children)

    __hash__ = None  # type: ignore[assignment]  # values need not be hashable

    def resolve(self, scope: Scope) -> Resolved:
        return scope.truth(self)

    def __and__(self, other: Expression[Any]) -> Q:
        return _combine(self, "AND", other)

    def __rand__(self, other: Expression[Any]) -> Q:
        return _combine(Q(other), "AND", self)

    def __or__(self, other: Expression[Any]) -> Q:
        return _combine(self, "OR", other)

    def __ror__(self, other: Expression[Any]) -> Q:
        return _combine(Q(other), "OR", self)

    def __invert__(self) -> Q:
        if self.negated:
            return object.__new__(Q)._become(self.children, self.connector)
        return object.__new__(Q)._become((self,) if self.children else (), "AND", negated=True)


def _combine(left: Q, connector: Connector, right: Expression[Any]) -> Q:
    if not isinstance(right, Expression):
        raise TypeError(f"a Q combines with another Q, not with {right!r} ({type(right).__name__})")
    if not isinstance(right, Q):
        right = Q(right)
    if not left.children:
        return right
    if not right.children:
        return left
    return object.__new__(Q)._become((*_flat(left, connector), *_flat(right, connector)), connector)


def _flat(q: Q, connector: Connector) -> tuple[Child, ...]:
    """Return what *q* adds to a group of *connector*: its own children, if it is such a group itself."""
    same = not q.negated and (q.connector == connector or len(q.children) == 1)
    return q.children if same else (q,)


class Predicate(Expression[bool]):
    """An expression that is true or false, and combines as a Q does."""

    __slots__ = ()

    def __and__(self, other: Expression[Any]) -> Q:
        return Q(self) & other

    def __or__(self, other: Expression[Any]) -> Q:
        return Q(self) | other

    def __invert__(self) -> Q:
        return ~Q(self)


class When(Expression[Value_co]):
    """One choice of a Case: *then* is its value where the condition holds. A string names a field."""

    __slots__ = ("condition", "then")

    def __init__(self, condition: Expression[Any] | None = None, then: Any = None, **lookups: Any) -> None:
        if condition is not None and not isinstance(condition, Expression):
            raise TypeError(f"When() takes a Q, an expression or lookups, not {condition!r}")
        if lookups:
            condition = Q(**lookups) if condition is None else Q(condition, **lookups)
        if condition is None or (isinstance(condition, Q) and not condition):
            raise ValueError("When() needs a condition: an empty one would always hold, as default= does")
        self.condition = condition
        self.then = then

    def __repr__(self) -> str:
        return f"When({self.condition!r}, then={self.then!r})"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return path_of(type(self)), [self.condition], {"then": self.then}

    def resolve(self, scope: Scope) -> Resolved:
        raise TypeError(f"{self!r} is a part of a Case(): write Case({self!r})")


class Case(Expression[Value_co]):
    """The value of the first When whose condition holds, else *default*, which is NULL if not given."""

    __slots__ = ("cases", "default", "type")

    def __init__(
        self, *cases: When[Any], default: Any = None, output_field: OutputField | None = None
    ) -> None:
        for case in cases:
            if not isinstance(case, When):
                raise TypeError(f"Case() takes When objects, not {case!r}")
        self.cases = cases
        self.default = default
        self.type = None if output_field is None else column_type(output_field)

    def __repr__(self) -> str:
        return f"Case({', '.join(map(repr, self.cases))}, default={self.default!r})"

    def resolve(self, scope: Scope) -> Resolved:
        conditions = []
        values = []
        for case in self.cases:
            conditions.append(scope.truth(case.condition))
            values.append(resolve_named(case.then, scope))
        default = resolve_named(self.default, scope)
        choices = tuple(Choice(condition.node, value.node) for condition, value in zip(conditions, values))
        type = self.type or common_type([value.type for value in (*values, default)], self)
        aggregate = any(part.aggregate for part in (*conditions, *values, default))
        return Resolved(CaseNode(choices, default.node), type, aggregate)
