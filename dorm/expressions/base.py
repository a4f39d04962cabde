"""What an expression is: something that a query can turn into a SQL value.

Rests on the SQL tree. An expression knows names only as text; a Scope, which a query provides, says what
they mean and keeps the values apart from the tree.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, Protocol

from .._record import Record
from .._typevars import Value_co
from ..sql.nodes import Arithmetic, Node
from ..sql.types import ANY, FLOAT, INTEGER, ColumnType

INTEGERS = frozenset({"integer", "smallint", "bigint", "auto", "bigauto"})
NUMBERS = INTEGERS | {"float", "decimal"}


class Resolved(Record):
    """An expression as a query sees it: its tree, the type of its value, whether it aggregates rows."""

    node: Node
    type: ColumnType
    aggregate: bool = False


class Scope(Protocol):
    """What a query offers to the expressions in it."""

    def reference(self, name: str) -> Resolved:
        """Return the field, relation key or annotation called *name*; raise FieldError if there is none."""
        ...

    def bind(self, value: Any) -> Resolved:
        """Keep *value* as a parameter."""
        ...


class Expression(Generic[Value_co]):
    """A value computed by the database."""

    __slots__ = ()

    def resolve(self, scope: Scope) -> Resolved:
        raise NotImplementedError(f"{type(self).__name__} does not say how it is written")

    def __add__(self, other: Any) -> Combined:
        return Combined(self, "+", other)

    def __radd__(self, other: Any) -> Combined:
        return Combined(other, "+", self)

    def __sub__(self, other: Any) -> Combined:
        return Combined(self, "-", other)

    def __rsub__(self, other: Any) -> Combined:
        return Combined(other, "-", self)

    def __mul__(self, other: Any) -> Combined:
        return Combined(self, "*", other)

    def __rmul__(self, other: Any) -> Combined:
        return Combined(other, "*", self)

    def __truediv__(self, other: Any) -> Combined:
        return Combined(self, "/", other)

    def __rtruediv__(self, other: Any) -> Combined:
        return Combined(other, "/", self)

    def __mod__(self, other: Any) -> Combined:
        return Combined(self, "%", other)

    def __rmod__(self, other: Any) -> Combined:
        return Combined(other, "%", self)

    def asc(self, *, nulls_first: bool = False, nulls_last: bool = False) -> OrderBy:
        """Order by this, smallest first."""
        return OrderBy(self, descending=False, nulls=_nulls(nulls_first, nulls_last))

    def desc(self, *, nulls_first: bool = False, nulls_last: bool = False) -> OrderBy:
        """Order by this, largest first."""
        return OrderBy(self, descending=True, nulls=_nulls(nulls_first, nulls_last))


def _nulls(first: bool, last: bool) -> Literal["first", "last"] | None:
    if first and last:
        raise ValueError("nulls_first and nulls_last cannot both be True")
    return "first" if first else "last" if last else None


class OrderBy:
    """An expression with a direction: what `F("age").desc()` gives to `order_by()`."""

    __slots__ = ("descending", "expression", "nulls")

    def __init__(
        self, expression: Expression[Any], *, descending: bool, nulls: Literal["first", "last"] | None
    ) -> None:
        self.expression = expression
        self.descending = descending
        self.nulls: Literal["first", "last"] | None = nulls


class Combined(Expression[Any]):
    """Arithmetic between two expressions, or an expression and a plain value."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Any, operator: Literal["+", "-", "*", "/", "%"], right: Any) -> None:
        self.left = left
        self.operator: Literal["+", "-", "*", "/", "%"] = operator
        self.right = right

    def __repr__(self) -> str:
        return f"({self.left!r} {self.operator} {self.right!r})"

    def resolve(self, scope: Scope) -> Resolved:
        left = resolve_operand(self.left, scope)
        right = resolve_operand(self.right, scope)
        node = Arithmetic(left.node, self.operator, right.node)
        return Resolved(node, _arithmetic_type(left.type, right.type), left.aggregate or right.aggregate)


def resolve_operand(operand: Any, scope: Scope) -> Resolved:
    """Resolve an expression; keep anything else as a parameter."""
    return operand.resolve(scope) if isinstance(operand, Expression) else scope.bind(operand)


def _arithmetic_type(left: ColumnType, right: ColumnType) -> ColumnType:
    names = {left.name, right.name}
    if "decimal" in names:
        places = [side.places for side in (left, right) if side.name == "decimal"]
        return ColumnType("decimal", places=places[0] if len(set(places)) == 1 == len(names) else None)
    if "float" in names:
        return FLOAT
    if names <= INTEGERS:
        return INTEGER
    return left if left == right else ANY
