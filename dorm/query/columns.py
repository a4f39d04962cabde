"""The columns of a row of instances, and what each instance is made of.

Rests on descriptions alone; which alias a table has is told by whoever places names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from ..fields import Field
from ..fields.related import ForeignKey, Step
from ..lookups.paths import SEPARATOR, Path
from ..sql.nodes import Column, Node, Table
from .hydrate import Cell, Part
from .shape import Instances, Shape


class Placing(Protocol):
    """Where the tables of a query are."""

    shape: Shape
    table: Table

    def reach(self, steps: Iterable[Step]) -> str:
        """Return the alias of the table at the end of *steps*."""
        ...


def instances(found: Placing, rows: Instances) -> tuple[list[Part], list[Node]]:
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
    found: Placing,
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


def column_names(shape: Shape) -> list[str]:
    """Return the names of a row's own columns: keys of values(), attributes of an instance."""
    rows = shape.projection
    if not isinstance(rows, Instances):
        return [output.key for output in rows.outputs]
    fields = loaded_fields(shape.options, "", rows, shape.related)
    return [*(field.attname for field in fields), *shown_annotations(shape)]


def shown_annotations(shape: Shape) -> list[str]:
    """Return the annotations that are part of a row."""
    return [name for name in shape.annotations if name not in shape.hidden]


def first_part(shape: Shape) -> Shape:
    """Return the first of the queries that *shape* is made of, itself if it is none of others."""
    while shape.combination is not None:
        shape = shape.combination.parts[0][0]
    return shape
