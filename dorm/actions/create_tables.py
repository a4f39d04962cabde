"""Create the tables of models, for scripts that have no migrations.

Rests on the definitions of tables; changes nothing in a table that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ..db.executor import Executor
from ..exceptions import ImproperlyConfigured
from ..fields.related import ForeignKey
from ..indexes import shortened
from ..meta.options import Options, options_of
from ..meta.registry import registry
from ..sql.ddl import AddReference, CreateIndex
from ..sql.dialects import Dialect
from ..sql.nodes import Node
from .table_definitions import reference_of, table_statements


async def create_tables(db: Executor, models: Sequence[type[Any]]) -> None:
    """Create tables and indexes of *models*, or of every model when none is named, in one transaction."""
    async with db.atomic():
        for statement in creation(models or list(registry), db.dialect):
            await db.execute(db.dialect.write(statement))


def creation(models: Sequence[type[Any]], dialect: Dialect) -> list[Node]:
    """Return what creates the tables of *models* and those of their many-to-many fields, in a possible order.

    Unmanaged models have no table of ours. Raises ValueError for an abstract one.
    """
    named = map(options_of, models)
    managed = [options_of(options.concrete_model) for options in named if options.managed]
    every = _in_order(_with_pairs(managed))
    found: list[Node] = []
    taken: dict[str, str] = {}
    for options in every:
        if options.abstract:
            raise ValueError(f"{options.name} is abstract: it has no table")
        for statement in table_statements(options, dialect, _ahead(options, every, dialect)):
            _take_name(taken, statement)
            found.append(statement)
    return found + [_late_reference(key) for options in every for key in _ahead(options, every, dialect)]


def _in_order(every: list[Options]) -> list[Options]:
    """Return *every* with tables after those that they refer to, as far as the references form no circle."""
    placed: dict[Options, None] = {}
    waiting = dict.fromkeys(every)

    def place(options: Options) -> None:
        if options in waiting:
            del waiting[options]
            for key in options.foreign_keys:
                place(options_of(key.target.model))
            placed[options] = None

    for options in every:
        place(options)
    return list(placed)


def _ahead(options: Options, every: list[Options], dialect: Dialect) -> list[ForeignKey]:
    """Return the keys of a table that refer to one that is made after it, where that must wait."""
    if dialect.refers_ahead:
        return []
    later = every[every.index(options) + 1 :]
    keys = [key for key in options.foreign_keys if key.db_constraint]
    return [key for key in keys if options_of(key.target.model) in later]


def _late_reference(key: ForeignKey) -> AddReference:
    table = key.model._meta.db_table
    return AddReference(table, key.column, shortened(f"{table}_{key.column}_fkey"), reference_of(key))


def _take_name(taken: dict[str, str], statement: Node) -> None:
    """Raise ImproperlyConfigured for the name of another table's index: IF NOT EXISTS would pass it over."""
    if (
        isinstance(statement, CreateIndex)
        and taken.setdefault(statement.name, statement.table) != statement.table
    ):
        raise ImproperlyConfigured(
            f"{statement.table} and {taken[statement.name]} both have an index called {statement.name!r}: "
            "give each its own name, as by '%(class)s' in that of an abstract model"
        )


def _with_pairs(named: list[Options]) -> list[Options]:
    """Return *named* and, after them, the tables of pairs that their many-to-many fields make."""
    fields = [field for options in named for field in options.many_to_many if field.makes_table]
    for field in fields:
        if not field.related_model:
            raise ImproperlyConfigured(f"{field!r} refers to {field.to!r}, which is not defined")
    return list(dict.fromkeys([*named, *(options_of(cast("type[Any]", field.through)) for field in fields)]))
