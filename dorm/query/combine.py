"""Make one query of several: union, intersection, difference, and what may follow them.

Rests on shapes. Models and columns are compared here, at the caller's line; the parts stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias, cast

from .._record import replace
from .._text import did_you_mean, listed, nearest
from ..exceptions import FieldError, NotSupportedError
from ..expressions import OrderBy, Reference
from ..lookups.table import FAMILY_OF, FAMILY_WORDS
from .columns import column_names, first_part
from .nodes import ColumnName, Output, Term
from .shape import Combination, Instances, Rows, Shape

Operator: TypeAlias = Literal["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]
Kind: TypeAlias = Literal["dict", "tuple", "named", "flat"]


class Combinable(Protocol):
    """A query, as far as it is combined."""

    shape: Shape
    params: tuple[Any, ...]

    def __init__(self, shape: Shape, params: tuple[Any, ...]) -> None: ...

    def rows(self, kind: Kind, names: tuple[Any, ...]) -> Any:
        """Turn rows into values."""
        ...


def combine(queries: Sequence[Combinable], operator: Operator, method: str) -> Any:
    """Return the query whose rows are those of *queries* together; *method* names the call in messages."""
    first = queries[0]
    for other in queries[1:]:
        _check_alike(first.shape, other.shape, method)
    parts: list[tuple[Shape, int]] = []
    params: list[Any] = []
    for query in _opened(queries, operator):
        shape = query.shape
        if isinstance(shape.projection, Instances) and shape.related != first.shape.related:
            related = first.shape.related
            shape = shape.next.get(("alike", related)) or shape.derive(("alike", related), related=related)
        parts.append((shape, len(params)))
        params += query.params
    return type(first)(_derived(first.shape, Combination(operator, tuple(parts)), len(params)), tuple(params))


def _derived(first: Shape, combination: Combination, slots: int) -> Shape:
    key = ("combined", combination)
    rows = first.projection
    child = first.root.next.get(key)
    if child is None:
        child = first.root.derive(
            key,
            combination=combination,
            projection=replace(rows, after=0) if isinstance(rows, Rows) else rows,
            annotations=first.annotations,
            hidden=first.hidden,
            related=first.related,
            order=(),
            slots=slots,
        )
    return child


def _opened(queries: Sequence[Combinable], operator: Operator) -> list[Combinable]:
    """Return *queries*, the first one's parts in its place if it is made the same way."""
    first = queries[0]
    made = first.shape.combination
    if made is None or made.operator != operator or first.shape.sliced or made.places is not None:
        return list(queries)
    return [*_parts(first), *queries[1:]]


def _parts(query: Combinable) -> list[Combinable]:
    assert query.shape.combination is not None
    return [
        type(query)(shape, query.params[start : start + shape.slots])
        for shape, start in query.shape.combination.parts
    ]


def _check_alike(first: Shape, other: Shape, method: str) -> None:
    if first.options is not other.options:
        raise TypeError(
            f"{method}() combines querysets of one model, "
            f"not of {first.options.name} and {other.options.name}"
        )
    for shape in (first, other):
        if shape.lock is not None:
            raise TypeError(f"{method}() cannot take a queryset with select_for_update()")
    mine, its = _columns(first), _columns(other)
    if mine != its or isinstance(first.projection, Rows) != isinstance(other.projection, Rows):
        raise FieldError(
            f"{method}() needs the same columns on all sides: {_described(first)} on the first, "
            f"{_described(other)} on another"
        )


def _columns(shape: Shape) -> list[Any]:
    """Return what must be equal: the columns of instances by name, those of values by what they hold."""
    if isinstance(shape.projection, Rows):
        return [FAMILY_OF[output.type.name] for output in shape.projection.outputs]
    return column_names(shape)


def _described(shape: Shape) -> str:
    if isinstance(shape.projection, Instances):
        return f"instances with {', '.join(column_names(shape))}"
    outputs = shape.projection.outputs
    return ", ".join(f"{output.key} ({FAMILY_WORDS[FAMILY_OF[output.type.name]]})" for output in outputs)


def refused(method: str) -> NotSupportedError:
    """Return the error of a method that a combined query does not have."""
    return NotSupportedError(
        f"{method} cannot follow union(), intersection() or difference(): "
        "call it on each queryset before they are combined"
    )


# -- what may follow ------------------------------------------------------------------------------


def combined_rows(query: Combinable, kind: Kind, names: tuple[Any, ...]) -> Any:
    """Turn the rows of a combined query into values; those of instances are made values before."""
    shape = query.shape
    made = shape.combination
    assert made is not None
    if isinstance(shape.projection, Instances) and not shape.sliced:
        parts = [part.rows(kind, names) for part in _parts(query)]
        together = combine(parts, made.operator, "values")
        known = column_names(together.shape)
        for term in shape.order or ():
            if cast(ColumnName, term.node).name not in known:
                raise FieldError(
                    f"a combined queryset is ordered by columns that it shows: "
                    f"{cast(ColumnName, term.node).name!r} is not among {listed(known)}"
                )
        return type(query)(_ordered(together.shape, shape.order or (), shape.reverse), together.params)
    known = column_names(first_part(shape))
    wanted = [_column(shape, name) for name in names or column_names(shape)]
    places = tuple(known.index(name) for name in wanted)
    outputs = tuple(
        Output(name, ColumnName(column), _type_of(first_part(shape), column))
        for name, column in zip(names or column_names(shape), wanted)
    )
    key = ("rows", kind, names)
    child = shape.next.get(key)
    if child is None:
        changes = {"projection": Rows(kind, outputs, 0), "combination": replace(made, places=places)}
        child = shape.derive(key, **changes)
    return type(query)(child, query.params)


def combined_order(query: Combinable, items: tuple[Any, ...]) -> Any:
    """Order a combined query by columns of its rows."""
    terms = tuple(_term(query.shape, item) for item in items)
    return type(query)(_ordered(query.shape, terms, False), query.params)


def _ordered(shape: Shape, terms: tuple[Term, ...], reverse: bool) -> Shape:
    key = ("order", terms, reverse)
    return shape.next.get(key) or shape.derive(key, order=terms, reverse=reverse)


def _term(shape: Shape, item: Any) -> Term:
    if isinstance(item, str):
        descending = item.startswith("-")
        return Term(ColumnName(_column(shape, item[descending:])), descending, None)
    if isinstance(item, Reference):
        return Term(ColumnName(_column(shape, item.name)), False, None)
    if isinstance(item, OrderBy) and isinstance(item.expression, Reference):
        return Term(ColumnName(_column(shape, item.expression.name)), item.descending, item.nulls)
    raise FieldError(f"a combined queryset is ordered by names of its columns, not by {item!r}")


def _column(shape: Shape, name: Any) -> str:
    """Return the column called *name*, which may be "pk" or a foreign key."""
    known = column_names(shape)
    if name in known:
        return _in_part(shape, known.index(name))
    field = shape.options.field(name) if isinstance(name, str) else None
    attname = getattr(field, "attname", None)
    if attname in known:
        return _in_part(shape, known.index(attname))
    suggestion = nearest(name, known) if isinstance(name, str) else None
    raise FieldError(
        f"a combined queryset has no column {name!r}.{did_you_mean(suggestion)} Columns: {listed(known)}.",
        name=str(name),
        choices=known,
        suggestion=suggestion,
    )


def _in_part(shape: Shape, place: int) -> str:
    """Return the name that the column at *place* has in the parts."""
    rows = shape.projection
    node = rows.outputs[place].node if isinstance(rows, Rows) else None
    return node.name if isinstance(node, ColumnName) else column_names(shape)[place]


def _type_of(shape: Shape, column: str) -> Any:
    if isinstance(shape.projection, Rows):
        return next(output.type for output in shape.projection.outputs if output.key == column)
    annotation = shape.annotations.get(column)
    return shape.options.by_attname[column].type if annotation is None else annotation.type
