"""Rows in which a value is an expression: their INSERT, and the UPDATE of one.

Rests on descriptions and `resolve`, as statements of querysets do. Rows of plain values never come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .._record import replace
from ..exceptions import FieldError
from ..expressions import Expression
from ..fields import Field
from ..meta.options import Options
from ..sql.dialects import Dialect
from ..sql.nodes import Node, find
from .compiled import compile_new_rows, compile_update
from .describe import Describer, unwrapped
from .grouping import has_window
from .nodes import FieldRef
from .query import Query
from .write import Conflict, Take, insert_node, made_by_database, taker


class Statement(NamedTuple):
    """A statement with its parameters; *take* puts what a row gave back into its instance."""

    sql: str
    params: tuple[Any, ...]
    take: Take | None


class NewRow(Describer):
    """The scope of expressions in a row that is not there yet: they can read no column of it."""

    def value(self, field: Field[Any], value: Any) -> Node:
        """Return the value of *field*: a parameter, or what an expression says."""
        value = unwrapped(value)
        if not isinstance(value, Expression):
            return self.stored(field, value)
        found = value.resolve(self)
        if found.aggregate or has_window(found.node) or next(find(found.node, FieldRef), None) is not None:
            raise FieldError(
                f"{field.label!r} of a new row cannot be {value!r}, which reads columns of rows: "
                "an INSERT has none. Give a value, or a Subquery(); in an update it may stand",
                model=self.shape.name,
                name=field.name,
            )
        return found.node


def has_expressions(instance: Any, fields: Sequence[Field[Any]]) -> bool:
    """Whether a value of *fields* is an expression."""
    held = instance.__dict__
    return any(isinstance(held.get(field.attname), Expression) for field in fields)


def computed_insert(
    options: Options,
    fields: Sequence[Field[Any]],
    instances: Sequence[Any],
    dialect: Dialect,
    conflict: Conflict | None = None,
) -> Statement:
    """Return the INSERT of *instances*, which gives back their keys and what the database computed."""
    query = Query.of(options)
    describer = NewRow(query.shape)
    rows = tuple(
        tuple(describer.value(field, instance.__dict__.get(field.attname)) for field in fields)
        for instance in instances
    )
    computed = [
        field
        for field in fields
        if not field.primary_key and any(has_expressions(instance, (field,)) for instance in instances)
    ]
    take = taker((*made_by_database(options, fields), *computed), dialect)
    node = insert_node(options, fields, rows=len(rows), conflict=conflict, more=computed)
    compiled = compile_new_rows(query.shape, replace(node, values=rows), dialect)
    return Statement(
        compiled.sql, tuple(compiled.bind((*query.params, *describer.values))), _keeping(take, computed)
    )


def _keeping(take: Take | None, computed: Sequence[Field[Any]]) -> Take | None:
    """Return *take*, but for values of *computed* that an instance has itself."""
    if take is None:
        return None

    def taken(instance: Any, row: Sequence[Any]) -> None:
        held = instance.__dict__
        names = (field.attname for field in computed if not has_expressions(instance, (field,)))
        own = {name: held.get(name) for name in names}
        take(instance, row)
        held.update(own)

    return taken


def computed_update(
    options: Options,
    fields: Sequence[Field[Any]],
    instance: Any,
    dialect: Dialect,
    returned: Sequence[Field[Any]],
) -> Statement:
    """Return the UPDATE of *fields* of the row of *instance*.

    It gives back the row's key, *returned*, and what the database computed.
    """
    values = {field.attname: instance.__dict__.get(field.attname) for field in fields}
    row, assignments = Query.of(options).filtered((), {"pk": instance.pk}).assigning(values)
    back = (*returned, *(field for field in fields if has_expressions(instance, (field,))))
    columns = tuple(field.column for field in (options.pk, *back))
    compiled = compile_update(row.shape, assignments, dialect, columns)
    return Statement(compiled.sql, tuple(compiled.bind(row.params)), taker(back, dialect))
