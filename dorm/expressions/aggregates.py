"""Count, Sum, Avg, Min, Max: one value made from many rows.

Rests on the Expression protocol alone.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Aggregate as AggregateNode
from ..sql.nodes import Star
from ..sql.types import BIGINT, FLOAT, ColumnType
from .base import INTEGERS, NUMBERS, Expression, Resolved, Scope
from .references import F


class Aggregate(Expression[Value_co]):
    """A function over the values of *expression* in many rows."""

    __slots__ = ("distinct", "expression")

    function: ClassVar[Literal["COUNT", "SUM", "AVG", "MIN", "MAX"]]
    numeric: ClassVar[bool] = False

    def __init__(self, expression: str | Expression[Any], *, distinct: bool = False) -> None:
        self.expression = expression if isinstance(expression, Expression) else F(expression)
        self.distinct = distinct

    def __repr__(self) -> str:
        more = ", distinct=True" if self.distinct else ""
        return f"{type(self).__name__}({self.expression!r}{more})"

    def resolve(self, scope: Scope) -> Resolved:
        operand = self.expression.resolve(scope)
        if operand.aggregate:
            raise FieldError(f"{self!r} aggregates an aggregate: use aggregate() on the annotated queryset")
        if self.numeric and operand.type.name not in NUMBERS | {"any"}:
            raise FieldError(f"{self!r} needs numbers, but the operand is of type {operand.type.name}")
        type = self.result_type(operand.type)
        node = AggregateNode(self.function, operand.node, self.distinct, type)
        return Resolved(node, type, aggregate=True)

    def result_type(self, operand: ColumnType) -> ColumnType:
        """Return the type of the result, given that of the operand."""
        return operand


class Count(Aggregate[int]):
    """The number of rows, or of values that are not NULL."""

    __slots__ = ()
    function = "COUNT"

    def __init__(self, expression: str | Expression[Any] = "*", *, distinct: bool = False) -> None:
        if expression == "*" and distinct:
            raise ValueError("Count('*', distinct=True) counts nothing: name a field")
        super().__init__(Everything() if expression == "*" else expression, distinct=distinct)

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BIGINT


class Sum(Aggregate[Value_co]):
    """The sum; None when there are no values."""

    __slots__ = ()
    function = "SUM"
    numeric = True

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BIGINT if operand.name in INTEGERS else operand


class Avg(Aggregate[Value_co]):
    """The mean: a float, or a Decimal for decimals; None when there are no values."""

    __slots__ = ()
    function = "AVG"
    numeric = True

    def result_type(self, operand: ColumnType) -> ColumnType:
        return ColumnType("decimal") if operand.name == "decimal" else FLOAT


class Min(Aggregate[Value_co]):
    """The smallest value; None when there are none."""

    __slots__ = ()
    function = "MIN"


class Max(Aggregate[Value_co]):
    """The largest value; None when there are none."""

    __slots__ = ()
    function = "MAX"


class Everything(Expression[Any]):
    """The `*` of COUNT(*)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'*'"

    def resolve(self, scope: Scope) -> Resolved:
        return Resolved(Star(), BIGINT)
