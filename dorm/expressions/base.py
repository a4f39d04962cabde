"""What an expression is: something that a query can turn into a SQL value.

Rests on the SQL tree. An expression knows names only as text; a Scope, which a query provides, says what
they mean and keeps the values apart from the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeAlias

from .._record import Record
from .._text import listed
from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Arithmetic, Call, Constant, Elapsed, Node, Shift
from ..sql.types import ANY, BIGINT, DATETIME, DURATION, FLOAT, INTEGER, JSON, TEXT, ColumnType

INTEGERS = frozenset({"integer", "smallint", "bigint", "smallauto", "auto", "bigauto"})
NUMBERS = INTEGERS | {"float", "decimal"}
TEXTS = frozenset({"char", "text"})
MOMENTS = frozenset({"date", "time", "datetime"})

Operator: TypeAlias = Literal["+", "-", "*", "/", "%", "**"]


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

    def owned(self, name: str, model: type[Any]) -> Resolved:
        """Return the column *name* of *model*; raise FieldError if the query is of another model."""
        ...

    def bind(self, value: Any, type: ColumnType | None = None) -> Resolved:
        """Keep *value* as a parameter, of its own type unless one is given."""
        ...

    def truth(self, condition: Any) -> Resolved:
        """Return the conditions of a Q, or one expression that is true or false, as a value."""
        ...

    def subquery(self, queryset: Any) -> Resolved:
        """Return the one column of *queryset*; raise FieldError if it has several."""
        ...

    def existence(self, queryset: Any) -> Resolved:
        """Return whether *queryset* has a row."""
        ...


class Expression(Generic[Value_co]):
    """A value computed by the database."""

    __slots__ = ("_arguments",)

    _arguments: tuple[tuple[Any, ...], dict[str, Any]]

    # A type checker would take it for the signature of every expression.
    if not TYPE_CHECKING:

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            expression = object.__new__(cls)
            expression._arguments = (args, kwargs)
            return expression

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's dotted path and the arguments that make such an expression again."""
        args, kwargs = self._arguments
        return path_of(type(self)), list(args), dict(kwargs)

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

    def __pow__(self, other: Any) -> Combined:
        return Combined(self, "**", other)

    def __rpow__(self, other: Any) -> Combined:
        return Combined(other, "**", self)

    def __neg__(self) -> Combined:
        return Combined(self, "*", -1)

    def asc(self, *, nulls_first: bool = False, nulls_last: bool = False) -> OrderBy:
        """Order by this, smallest first."""
        return OrderBy(self, descending=False, nulls=_nulls(nulls_first, nulls_last))

    def desc(self, *, nulls_first: bool = False, nulls_last: bool = False) -> OrderBy:
        """Order by this, largest first."""
        return OrderBy(self, descending=True, nulls=_nulls(nulls_first, nulls_last))


def path_of(kind: type[Any]) -> str:
    """Return the dotted path of a class."""
    return f"{kind.__module__}.{kind.__qualname__}"


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

    def __repr__(self) -> str:
        return f"{self.expression!r}.{self._written()}"

    def _written(self) -> str:
        nulls = "" if self.nulls is None else f"nulls_{self.nulls}=True"
        return f"{'desc' if self.descending else 'asc'}({nulls})"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's dotted path and the arguments that make such an order again."""
        return path_of(type(self)), [self.expression], {"descending": self.descending, "nulls": self.nulls}


class Combined(Expression[Any]):
    """Arithmetic between two expressions, or an expression and a plain value."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Any, operator: Operator, right: Any) -> None:
        self.left = left
        self.operator: Operator = operator
        self.right = right

    def __repr__(self) -> str:
        return f"({self.left!r} {self.operator} {self.right!r})"

    def resolve(self, scope: Scope) -> Resolved:
        left = resolve_operand(self.left, scope)
        right = resolve_operand(self.right, scope)
        node, type = self._combined(left, right)
        return Resolved(node, type, left.aggregate or right.aggregate)

    def _combined(self, left: Resolved, right: Resolved) -> tuple[Node, ColumnType]:
        names = left.type.name, right.type.name
        if "json" in names:
            raise FieldError(f"{self!r} reckons with JSON{out_of_json(JSON)}")
        if self.operator == "**":
            type = ColumnType("decimal") if "decimal" in names else FLOAT
            return Call("POWER", (left.node, right.node), type), type
        if self.operator in ("+", "-") and names[0] in MOMENTS and names[1] == "duration":
            return self._shifted(left, self.operator, right)
        if self.operator == "+" and names[0] == "duration" and names[1] in MOMENTS:
            return self._shifted(right, "+", left)
        if self.operator == "-" and names[0] in MOMENTS and names[0] == names[1]:
            return Elapsed(left.node, right.node, left.type), DURATION
        return Arithmetic(left.node, self.operator, right.node), _arithmetic_type(left.type, right.type)

    def _shifted(
        self, moment: Resolved, operator: Literal["+", "-"], duration: Resolved
    ) -> tuple[Node, ColumnType]:
        # Half a day later than a date is a datetime.
        type = DATETIME if moment.type.name == "date" else moment.type
        return Shift(moment.node, operator, duration.node, type), type


NULL = Resolved(Constant(None), ANY)


def resolve_operand(operand: Any, scope: Scope) -> Resolved:
    """Resolve an expression; keep anything else as a parameter."""
    if operand is None:
        return NULL
    return operand.resolve(scope) if isinstance(operand, Expression) else scope.bind(operand)


def resolve_named(operand: Any, scope: Scope) -> Resolved:
    """Resolve an argument of a function, where a string is the name of a field."""
    return scope.reference(operand) if isinstance(operand, str) else resolve_operand(operand, scope)


def common_type(types: Iterable[ColumnType], where: object) -> ColumnType:
    """Return the type of a value that may come from any of several; raise FieldError if they do not mix."""
    known = list(dict.fromkeys(type for type in types if type.name != "any"))
    if len(known) < 2:
        return known[0] if known else ANY
    names = {type.name for type in known}
    if names <= INTEGERS:
        return BIGINT
    if names <= NUMBERS:
        places = {type.places for type in known if type.name == "decimal"}
        exact = len(places) == 1 and "float" not in names
        return ColumnType("decimal", places=places.pop() if exact else None) if places else FLOAT
    if names <= TEXTS:
        return TEXT
    if len(names) == 1:
        return known[0]
    raise FieldError(
        f"{where!r} mixes values of the types {listed(names)}: say what it gives with output_field=, "
        "or make them one with Cast()"
    )


def out_of_json(type: ColumnType) -> str:
    """Return the end of a message about a value of *type*: how JSON becomes another one."""
    return ": make a value of it with Cast(), or take its text with KT()" if type.name == "json" else ""


def _arithmetic_type(left: ColumnType, right: ColumnType) -> ColumnType:
    names = {left.name, right.name}
    if "duration" in names:
        return DURATION
    if "decimal" in names:
        places = [side.places for side in (left, right) if side.name == "decimal"]
        return ColumnType("decimal", places=places[0] if len(set(places)) == 1 == len(names) else None)
    if "float" in names:
        return FLOAT
    if names <= INTEGERS:
        return INTEGER
    return left if left == right else ANY
