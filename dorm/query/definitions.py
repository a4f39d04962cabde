"""Conditions and expressions of a model's definition as SQL without parameters.

Rests on the same reader and resolver as queries, and on the dialect's codecs: values are encoded as a query
would send them, and then written into the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..exceptions import ImproperlyConfigured
from ..expressions import Expression, OrderBy, Q
from ..expressions.base import resolve_operand
from ..meta.options import Options
from ..sql.compiler import quote
from ..sql.ddl import LiteralList, LiteralValue, OwnColumn
from ..sql.dialects import Dialect
from ..sql.nodes import (
    Aggregate,
    And,
    Bind,
    BindItem,
    BindList,
    Column,
    Compare,
    Exists,
    Node,
    Not,
    Scalar,
    find,
    rebuild,
)
from ..sql.types import ColumnType
from .describe import Describer
from .hydrate import bind_params
from .resolve import Resolver
from .shape import Shape


def condition_node(options: Options, condition: Q, dialect: Dialect, where: str) -> Node:
    """Return the SQL of *condition* on one row of a model; *where* says in messages what it is part of."""
    describer = Describer(Shape(options))
    described = describer.where((condition,), {}, negated=False)
    resolver = Resolver(describer.shape)
    return _own(resolver, resolver.condition(described, {}), describer.values, dialect, where)


def expression_node(
    options: Options, expression: Any, dialect: Dialect, where: str
) -> tuple[Node, ColumnType]:
    """Return the SQL of *expression* on one row of a model, and its type."""
    describer = Describer(Shape(options))
    resolved = resolve_operand(expression, describer)
    if resolved.aggregate:
        raise ImproperlyConfigured(f"{where}: {expression!r} is about many rows")
    resolver = Resolver(describer.shape)
    node = _own(resolver, resolver.value(resolved.node), describer.values, dialect, where)
    return node, resolved.type


def index_term(
    options: Options, term: Expression[Any] | OrderBy, dialect: Dialect, where: str
) -> tuple[Node, bool]:
    """Return the SQL of one term of an index, and whether it is in descending order."""
    descending = isinstance(term, OrderBy) and term.descending
    expression = term.expression if isinstance(term, OrderBy) else term
    return expression_node(options, expression, dialect, where)[0], descending


def encoded(value: Any, type: ColumnType, dialect: Dialect) -> Any:
    """Return *value* as the driver takes it."""
    bind = bind_params([Bind(0, type)], 1, dialect)
    return value if bind is None else bind((value,))[0]


def _own(resolver: Resolver, node: Node, values: list[Any], dialect: Dialect, where: str) -> Node:
    """Return *node* with names of its own table's columns alone, and with literals for parameters."""
    if resolver.joins or any(
        next(find(node, kind), None) is not None for kind in (Exists, Scalar, Aggregate)
    ):
        raise ImproperlyConfigured(f"{where} may name columns of its own table alone")

    def written(value: Any, type: ColumnType) -> LiteralValue:
        return LiteralValue(encoded(value, type, dialect), type)

    def change(inner: Node) -> Node | None:
        if isinstance(inner, Column):
            return OwnColumn(inner.name)
        if isinstance(inner, Bind):
            return written(values[inner.slot], inner.type)
        if isinstance(inner, BindItem):
            return written(values[inner.slot][inner.index], inner.type)
        if isinstance(inner, BindList):
            return LiteralList(tuple(written(value, inner.type) for value in values[inner.slot]))
        return None

    return rebuild(node, change)


# -- asking about one row -------------------------------------------------------------------------

# The values that a row has, or would have, by column, with their types.
Row: TypeAlias = Mapping[str, tuple[Any, ColumnType]]


def expression_of_row(options: Options, term: Any, dialect: Dialect, where: str) -> Node:
    """Return the SQL of one expression of a unique constraint."""
    return index_term(options, term, dialect, where)[0]


def own_columns(nodes: Iterable[Node]) -> set[str]:
    """Return the names of the columns in *nodes*."""
    return {column.name for node in nodes for column in find(node, OwnColumn)}


def question(node: Node, row: Row, dialect: Dialect, *, negated: bool) -> str:
    """Return the SELECT that gives a row if *row* meets the condition.

    With *negated*, it gives one if *row* breaks it; a condition that is unknown does neither.
    """
    asked = _filled(node, row, dialect)
    return f"SELECT 1 WHERE {dialect.write(Not(asked) if negated else asked)}"


def same_values(
    options: Options, nodes: Sequence[Node], row: Row, more: Sequence[Node], key: Any, dialect: Dialect
) -> str:
    """Return the SELECT of the rows that have the values of *row* in *nodes*, and meet *more*.

    The row of *key* is not among them.
    """
    equal: list[Node] = [Compare(node, "=", _filled(node, row, dialect)) for node in nodes]
    others: list[Node] = []
    if key is not None:
        pk = options.pk
        own = LiteralValue(encoded(pk.stored(key), pk.type, dialect), pk.type)
        others = [Not(Compare(OwnColumn(pk.column), "=", own))]
    where = dialect.write(And((*equal, *more, *others)))
    return f"SELECT 1 FROM {quote(options.db_table)} WHERE {where} LIMIT 1"


def _filled(node: Node, row: Row, dialect: Dialect) -> Node:
    """Return *node* with the values of *row* in the place of columns."""

    def change(inner: Node) -> Node | None:
        if isinstance(inner, OwnColumn):
            value, type = row[inner.name]
            return LiteralValue(encoded(value, type, dialect), type, typed=True)
        return None

    return rebuild(node, change)
