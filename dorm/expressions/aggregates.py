"""Count, Sum, Avg, Min, Max and others: one value made from many rows.

Rests on the Expression protocol and on Q, which says what rows count.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Aggregate as AggregateNode
from ..sql.nodes import Call, Node, Ordering, Star
from ..sql.types import BIGINT, BOOLEAN, FLOAT, TEXT, ColumnType
from .base import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    Expression,
    OrderBy,
    Resolved,
    Scope,
    common_type,
    out_of_json,
    resolve_named,
)
from .references import F, Value


class Aggregate(Expression[Value_co]):
    """A function over the values of *expression* in many rows: in those that meet *filter*, if it is given.

    *default* is its value where there is nothing to aggregate.
    """

    __slots__ = ("default", "distinct", "expression", "filter")

    function: ClassVar[str]
    takes: ClassVar[frozenset[str]] = frozenset()
    """The types of values that it can aggregate; any, if there are none."""
    compares: ClassVar[bool] = False
    """Whether it looks for the first in an order, which PostgreSQL does not for JSON."""

    def __init__(
        self,
        expression: str | Expression[Any],
        *,
        distinct: bool = False,
        filter: Expression[Any] | None = None,
        default: Any = None,
    ) -> None:
        if filter is not None and not isinstance(filter, Expression):
            raise TypeError(f"filter= takes a Q or another condition, not {filter!r}")
        self.expression = expression if isinstance(expression, Expression) else F(expression)
        self.distinct = distinct
        self.filter = filter
        self.default = default

    def __repr__(self) -> str:
        more = ", distinct=True" if self.distinct else ""
        more += f", filter={self.filter!r}" if self.filter is not None else ""
        more += f", default={self.default!r}" if self.default is not None else ""
        return f"{type(self).__name__}({self.expression!r}{more})"

    def resolve(self, scope: Scope) -> Resolved:
        operand = self.expression.resolve(scope)
        where = None if self.filter is None else scope.truth(self.filter)
        if operand.aggregate or (where is not None and where.aggregate):
            raise FieldError(f"{self!r} aggregates an aggregate: use aggregate() on the annotated queryset")
        if self.takes and operand.type.name not in self.takes | {"any"}:
            what = "numbers" if self.takes <= NUMBERS | {"duration"} else " or ".join(sorted(self.takes))
            name = operand.type.name
            raise FieldError(
                f"{self!r} needs {what}, but the operand is of type {name}{out_of_json(operand.type)}"
            )
        if self.compares and operand.type.name == "json":
            raise FieldError(f"{self!r} cannot take JSON{out_of_json(operand.type)}")
        type = self.result_type(operand.type)
        node = AggregateNode(
            self.name(), operand.node, self.distinct, type, None if where is None else where.node,
            self.parameters(scope), self.ordering(scope),
        )  # fmt: skip
        if self.default is None:
            return Resolved(node, type, aggregate=True)
        default = resolve_named(self.default, scope)
        type = common_type((type, default.type), self)
        return Resolved(Call("COALESCE", (node, default.node), type), type, aggregate=True)

    def name(self) -> str:
        """Return the function, as the dialects know it."""
        return self.function

    def result_type(self, operand: ColumnType) -> ColumnType:
        """Return the type of the result, given that of the operand."""
        return operand

    def parameters(self, scope: Scope) -> tuple[Node, ...]:
        """Return what the function takes beside its operand."""
        return ()

    def ordering(self, scope: Scope) -> tuple[Ordering, ...]:
        """Return the order in which the function takes its values."""
        return ()


class Count(Aggregate[int]):
    """The number of rows, or of values that are not NULL."""

    __slots__ = ()
    function = "COUNT"

    def __init__(
        self,
        expression: str | Expression[Any] = "*",
        *,
        distinct: bool = False,
        filter: Expression[Any] | None = None,
    ) -> None:
        everything = isinstance(expression, str) and expression == "*"
        if everything and distinct:
            raise ValueError("Count('*', distinct=True) counts nothing: name a field")
        operand = Everything() if everything else expression
        super().__init__(operand, distinct=distinct, filter=filter)

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BIGINT


class Sum(Aggregate[Value_co]):
    """The sum; None when there are no values."""

    __slots__ = ()
    function = "SUM"
    takes = NUMBERS | {"duration"}

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BIGINT if operand.name in INTEGERS else operand


class Avg(Aggregate[Value_co]):
    """The mean: a float, or a Decimal for decimals; None when there are no values."""

    __slots__ = ()
    function = "AVG"
    takes = NUMBERS | {"duration"}

    def result_type(self, operand: ColumnType) -> ColumnType:
        if operand.name == "duration":
            return operand
        return ColumnType("decimal") if operand.name == "decimal" else FLOAT


class Min(Aggregate[Value_co]):
    """The smallest value; None when there are none."""

    __slots__ = ()
    function = "MIN"
    compares = True


class Max(Aggregate[Value_co]):
    """The largest value; None when there are none."""

    __slots__ = ()
    function = "MAX"
    compares = True


class AnyValue(Aggregate[Value_co]):
    """One of the values that are not NULL; None when there are none."""

    __slots__ = ()
    function = "ANY_VALUE"


class Spread(Aggregate[float]):
    """How far values are from their mean: of all there are, or with *sample*, of a sample of more."""

    __slots__ = ("sample",)
    takes = NUMBERS
    functions: ClassVar[tuple[str, str]]

    def __init__(
        self,
        expression: str | Expression[Any],
        *,
        sample: bool = False,
        distinct: bool = False,
        filter: Expression[Any] | None = None,
        default: Any = None,
    ) -> None:
        super().__init__(expression, distinct=distinct, filter=filter, default=default)
        self.sample = sample

    def name(self) -> str:
        return self.functions[self.sample]

    def result_type(self, operand: ColumnType) -> ColumnType:
        return FLOAT


class StdDev(Spread):
    """The standard deviation, a float; None when there are no values, or only one in a sample."""

    __slots__ = ()
    functions = ("STDDEV_POP", "STDDEV_SAMP")


class Variance(Spread):
    """The variance, a float; None when there are no values, or only one in a sample."""

    __slots__ = ()
    functions = ("VAR_POP", "VAR_SAMP")


class BitAnd(Aggregate[int]):
    """The bits that all values have."""

    __slots__ = ()
    function = "BIT_AND"
    takes = INTEGERS


class BitOr(Aggregate[int]):
    """The bits that some value has."""

    __slots__ = ()
    function = "BIT_OR"
    takes = INTEGERS


class BitXor(Aggregate[int]):
    """The bits that an odd number of values have."""

    __slots__ = ()
    function = "BIT_XOR"
    takes = INTEGERS


class BoolAnd(Aggregate[bool]):
    """Whether all values are true."""

    __slots__ = ()
    function = "BOOL_AND"
    takes = frozenset({"boolean"})

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BOOLEAN


class BoolOr(Aggregate[bool]):
    """Whether some value is true."""

    __slots__ = ()
    function = "BOOL_OR"
    takes = frozenset({"boolean"})

    def result_type(self, operand: ColumnType) -> ColumnType:
        return BOOLEAN


class Ordered(Aggregate[Value_co]):
    """An aggregate whose value depends on the order of the rows; NULLs come last, and first with "-"."""

    __slots__ = ("order_by",)

    def __init__(
        self,
        expression: str | Expression[Any],
        *,
        distinct: bool = False,
        filter: Expression[Any] | None = None,
        default: Any = None,
        order_by: Any = (),
    ) -> None:
        super().__init__(expression, distinct=distinct, filter=filter, default=default)
        self.order_by = tuple(order_by) if isinstance(order_by, (list, tuple)) else (order_by,)
        if distinct and self.order_by:
            raise ValueError(f"{type(self).__name__}(distinct=True) has no order of its own")

    def ordering(self, scope: Scope) -> tuple[Ordering, ...]:
        return tuple(ordering_term(item, scope) for item in self.order_by)


class StringAgg(Ordered[str]):
    """The texts that are not NULL, with *delimiter* between them."""

    __slots__ = ("delimiter",)
    function = "STRING_AGG"
    takes = TEXTS

    def __init__(
        self,
        expression: str | Expression[Any],
        delimiter: str = ",",
        *,
        distinct: bool = False,
        filter: Expression[Any] | None = None,
        default: Any = None,
        order_by: Any = (),
    ) -> None:
        super().__init__(expression, distinct=distinct, filter=filter, default=default, order_by=order_by)
        self.delimiter = delimiter

    def result_type(self, operand: ColumnType) -> ColumnType:
        return TEXT

    def parameters(self, scope: Scope) -> tuple[Node, ...]:
        return (_delimiter(self.delimiter).resolve(scope).node,)


class ArrayAgg(Ordered[Any]):
    """The values in a list, NULLs included; on PostgreSQL alone."""

    __slots__ = ()
    function = "ARRAY_AGG"

    def result_type(self, operand: ColumnType) -> ColumnType:
        return ColumnType("array", inner=operand)


class Everything(Expression[Any]):
    """The `*` of COUNT(*)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'*'"

    def resolve(self, scope: Scope) -> Resolved:
        return Resolved(Star(), BIGINT)


def _delimiter(delimiter: Any) -> Expression[Any]:
    """Return what stands between texts: a plain string is itself here, and names nothing."""
    return delimiter if isinstance(delimiter, Expression) else Value(delimiter)


def ordering_term(item: Any, scope: Scope) -> Ordering:
    """Return one term of an order that an expression has of its own: a name, "-name", or an expression."""
    descending, nulls = False, None
    if isinstance(item, OrderBy):
        item, descending, nulls = item.expression, item.descending, item.nulls
    elif isinstance(item, str):
        item, descending = item.removeprefix("-"), item.startswith("-")
    return Ordering(resolve_named(item, scope).node, descending, nulls)
