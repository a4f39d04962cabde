"""From a shape to a statement that can be run: text, parameters, rows - made once, then kept on the shape.

Rests on `resolve` for the tree and on `hydrate` for the functions around it. What is kept never changes and
is shared by all threads.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from .._record import replace
from ..fields import Field
from ..sql.dialects import Dialect
from ..sql.nodes import Insert, Node
from ..sql.nodes import Output as Shown
from . import resolve
from .columns import first_part, instances, shown_annotations
from .hydrate import (
    BindParams,
    Build,
    Cell,
    bind_params,
    build_dicts,
    build_flat,
    build_instances,
    build_tuples,
)
from .named import build_named
from .nodes import FieldRef, Output
from .resolve import Resolver
from .shape import Rows, Shape

# The statements of one shape are dropped and made anew beyond this many: updates may differ in their values'
# trees, and bulk updates in their number of rows.
MAX_STATEMENTS = 64


class Compiled:
    """A statement: its text, and how parameters go in and rows come out."""

    __slots__ = ("_bind", "build", "sql")

    def __init__(self, sql: str, bind: BindParams | None, build: Build) -> None:
        self.sql = sql
        self._bind = bind
        self.build = build

    def bind(self, params: tuple[Any, ...]) -> Sequence[Any]:
        """Return the statement's parameters, given those of the query."""
        return params if self._bind is None else self._bind(params)


def _kept(shape: Shape, key: Hashable, dialect: Dialect, make: Callable[[], tuple[Node, Build]]) -> Compiled:
    """Return what is kept on *shape* under *key*, made on first use."""
    compiled: Compiled | None = shape.compiled.get((key, dialect))
    if compiled is None:
        tree, build = make()
        compiler = dialect.compiler()
        sql = compiler.compile(tree)
        compiled = Compiled(sql, bind_params(compiler.binds, shape.slots, dialect), build)
        if len(shape.compiled) >= MAX_STATEMENTS:
            shape.compiled.clear()
        shape.compiled[key, dialect] = compiled
    return compiled


def compile_select(shape: Shape, dialect: Dialect) -> Compiled:
    """Return the SELECT of the rows of *shape*, built as its projection says."""
    compiled: Compiled | None = shape.compiled.get(("select", dialect))
    return compiled or _kept(shape, "select", dialect, lambda: _select(shape, dialect))


def compile_count(shape: Shape, dialect: Dialect) -> Compiled:
    """Return the SELECT of the number of rows."""
    return _kept(shape, "count", dialect, lambda: (resolve.count(shape), _untouched))


def compile_exists(shape: Shape, dialect: Dialect) -> Compiled:
    """Return the SELECT that has a row if *shape* has one."""
    compiled: Compiled | None = shape.compiled.get(("exists", dialect))
    return compiled or _kept(shape, "exists", dialect, lambda: (resolve.exists(shape), _untouched))


def compile_aggregate(shape: Shape, outputs: tuple[Output, ...], dialect: Dialect) -> Compiled:
    """Return the SELECT of *outputs* over all rows, built as one dict."""

    def make() -> tuple[Node, Build]:
        cells = [Cell(output.key, output.type, True) for output in outputs]
        return resolve.aggregate(shape, outputs), build_dicts(cells, dialect)

    return _kept(shape, ("aggregate", outputs), dialect, make)


def compile_new_rows(shape: Shape, rows: Insert, dialect: Dialect) -> Compiled:
    """Return the INSERT of rows with expressions in them, into the table of *shape*."""
    return _kept(shape, ("insert", rows), dialect, lambda: (resolve.insert(shape, rows), _untouched))


def compile_update(
    shape: Shape,
    assignments: tuple[tuple[str, Node], ...],
    dialect: Dialect,
    returning: tuple[str, ...] = (),
) -> Compiled:
    """Return the UPDATE of the rows of *shape*, which gives back the columns *returning*."""
    return _kept(
        shape,
        ("update", assignments, returning),
        dialect,
        lambda: (resolve.update(shape, assignments, returning), _untouched),
    )


def compile_bulk_update(
    shape: Shape, fields: tuple[Field[Any], ...], rows: int, dialect: Dialect
) -> Compiled:
    """Return the UPDATE of *fields* from a table of *rows* rows: its parameters come before the query's."""
    return _kept(
        shape,
        ("bulk update", fields, rows),
        dialect,
        lambda: (resolve.bulk_update(shape, fields, rows), _untouched),
    )


def compile_delete(shape: Shape, dialect: Dialect) -> Compiled:
    """Return the DELETE of the rows of *shape*."""
    return _kept(shape, "delete", dialect, lambda: (resolve.delete(shape), _untouched))


def _untouched(rows: list[Any], alias: str | None) -> list[Any]:
    return rows


# -- the columns of a SELECT ----------------------------------------------------------------------

BUILDERS: dict[str, Callable[[Sequence[Cell], Dialect], Build]] = {
    "dict": build_dicts,
    "tuple": build_tuples,
    "named": build_named,
    "flat": build_flat,
}


def _select(shape: Shape, dialect: Dialect) -> tuple[Node, Build]:
    if shape.combination is not None:
        return resolve.combined(shape), _combined_build(shape, dialect)
    found = Resolver(shape).read()
    columns, build = _shown(found, dialect)
    select = found.select(tuple(map(Shown, columns)), ordered=True)
    if shape.lock is not None:
        select = replace(select, lock=found.lock())
    if len(select.outputs) > len(columns):
        build = _cut(build, len(columns))
    return select, build


def _shown(found: Resolver, dialect: Dialect) -> tuple[tuple[Node, ...], Build]:
    """Return the columns of a row, and what builds it."""
    rows, shape = found.shape.projection, found.shape
    columns = resolve.row(found)
    if isinstance(rows, Rows):
        return columns, _rows(rows, dialect)
    types = {name: shape.annotations[name].type for name in shown_annotations(shape)}
    extra = [Cell(name, type, True) for name, type in types.items()]
    return columns, build_instances(instances(found, rows)[0], extra, dialect)


def _combined_build(shape: Shape, dialect: Dialect) -> Build:
    rows = shape.projection
    if isinstance(rows, Rows):
        # A column of another part may hold what this one's never does: NULL.
        cells = [Cell(output.key, output.type, True) for output in rows.outputs]
        return BUILDERS[rows.kind](cells, dialect)
    return _shown(Resolver(first_part(shape)).read(), dialect)[1]


def _rows(rows: Rows, dialect: Dialect) -> Build:
    cells = [Cell(output.key, output.type, _is_nullable(output.node)) for output in rows.outputs]
    return BUILDERS[rows.kind](cells, dialect)


def _cut(build: Build, width: int) -> Build:
    """Return what builds rows of their first columns."""
    return lambda rows, alias: build([row[:width] for row in rows], alias)


def _is_nullable(node: Node) -> bool:
    return node.path.nullable if isinstance(node, FieldRef) else True
