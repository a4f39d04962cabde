"""From a shape to a statement that can be run: text, parameters, rows - made once, then kept on the shape.

Rests on `resolve` for the tree and on `hydrate` for the functions around it. What is kept never changes and
is shared by all threads.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from ..fields import Field
from ..fields.related import ForeignKey
from ..lookups.paths import SEPARATOR, Path
from ..sql.dialects import Dialect
from ..sql.nodes import Column, Node
from ..sql.nodes import Output as Shown
from . import resolve
from .hydrate import (
    BindParams,
    Build,
    Cell,
    Part,
    bind_params,
    build_dicts,
    build_flat,
    build_instances,
    build_tuples,
)
from .nodes import FieldRef, Output
from .resolve import Resolver
from .shape import Instances, Rows, Shape


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


def compile_update(shape: Shape, assignments: tuple[tuple[str, Node], ...], dialect: Dialect) -> Compiled:
    """Return the UPDATE of the rows of *shape*."""
    return _kept(
        shape, ("update", assignments), dialect, lambda: (resolve.update(shape, assignments), _untouched)
    )


def compile_delete(shape: Shape, dialect: Dialect) -> Compiled:
    """Return the DELETE of the rows of *shape*."""
    return _kept(shape, "delete", dialect, lambda: (resolve.delete(shape), _untouched))


def _untouched(rows: list[Any], alias: str | None) -> list[Any]:
    return rows


# -- the columns of a SELECT ----------------------------------------------------------------------

BUILDERS = {"dict": build_dicts, "tuple": build_tuples, "flat": build_flat}


def _select(shape: Shape, dialect: Dialect) -> tuple[Node, Build]:
    found = Resolver(shape).read()
    rows = shape.projection
    if isinstance(rows, Rows):
        cells = [Cell(output.key, output.type, _is_nullable(output.node)) for output in rows.outputs]
        return found.select(tuple(map(Shown, found.rows)), ordered=True), BUILDERS[rows.kind](cells, dialect)
    parts, columns = _instances(found, rows)
    extra = [Cell(annotation.name, annotation.type, True) for annotation in shape.annotations.values()]
    shown = [*columns, *found.annotations.values()]
    return found.select(tuple(map(Shown, shown)), ordered=True), build_instances(parts, extra, dialect)


def _is_nullable(node: Node) -> bool:
    return node.path.nullable if isinstance(node, FieldRef) else True


def _instances(found: Resolver, rows: Instances) -> tuple[list[Part], list[Node]]:
    """Return each instance in a row, the row's own first, and the columns in the same order."""
    shape = found.shape
    numbers = {"": 0}
    columns: list[Node] = []
    parts = [_part(found, "", shape.options, found.table.alias, rows, columns)]
    for path in shape.related:
        hops: tuple[Any, ...] = (*path.hops, path.field)
        prefix = SEPARATOR.join(hop.name for hop in hops)
        parent = numbers[SEPARATOR.join(hop.name for hop in path.hops)]
        numbers[prefix] = len(parts)
        attribute = hops[-1].cache_name
        alias = found.reach(step for hop in hops for step in hop.steps)
        parts.append(_part(found, prefix, hops[-1].target, alias, rows, columns, parent, attribute))
    return parts, columns


def _part(
    found: Resolver,
    prefix: str,
    options: Any,
    alias: str,
    rows: Instances,
    columns: list[Node],
    parent: int | None = None,
    attribute: str = "",
) -> Part:
    fields = loaded_fields(options, prefix, rows, found.shape.related)
    columns += [Column(alias, field.column) for field in fields]
    cells = tuple(Cell(field.attname, field.type, field.null) for field in fields)
    return Part(options.model, cells, fields.index(options.pk), parent, attribute)


def loaded_fields(options: Any, prefix: str, rows: Instances, related: tuple[Path, ...]) -> list[Field[Any]]:
    """Return the fields to load of the row at *prefix*, "" for the query's own model.

    The primary key is always there, and so are the keys of relations that are loaded along.
    """
    every: list[Field[Any]] = list(options.fields)
    named = _names_at(prefix, rows.names)
    if rows.loading == "all" or (rows.loading == "only" and not named and prefix):
        return every
    kept = {options.pk.attname} | {_key_at(prefix, path) for path in related}
    if rows.loading == "only":
        return [field for field in every if field.attname in named | kept]
    return [field for field in every if field.attname not in named or field.attname in kept]


def _names_at(prefix: str, names: frozenset[str]) -> set[str]:
    heads = {name: name.rpartition(SEPARATOR) for name in names}
    return {attname for head, _, attname in heads.values() if head == prefix}


def _key_at(prefix: str, path: Path) -> str:
    field = path.field
    here = SEPARATOR.join(hop.name for hop in path.hops) == prefix
    return field.attname if here and isinstance(field, ForeignKey) else ""
