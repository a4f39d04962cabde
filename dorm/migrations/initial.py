"""Whether the tables and columns that a first migration makes are there already: what `--fake-initial` asks.

Stands on introspection; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from ..db.executor import Executor
from ..db.introspection import table_columns
from ..meta.options import Options, options_of
from .migration import Migration
from .operations import AddField, CreateModel
from .stages import state_after
from .state import ProjectState


async def is_there_already(db: Executor, migration: Migration, before: ProjectState) -> bool:
    """Tell whether *db* has every table and column that *migration*, the first of its app, makes.

    False for one that is not the first, and for one that makes none.
    """
    if not migration.is_initial:
        return False
    made = dict(_made(migration, state_after(migration, before)))
    for table, columns in made.items():
        present = {column["name"].lower() for column in await table_columns(db, table)}
        if not present or not {column.lower() for column in columns} <= present:
            return False
    return bool(made)


def _made(migration: Migration, after: ProjectState) -> Iterator[tuple[str, list[str]]]:
    """Yield the tables that *migration* makes or adds to, with the columns that must be there."""
    for operation in migration.operations:
        if isinstance(operation, CreateModel | AddField):
            name = operation.name if isinstance(operation, CreateModel) else operation.model_name
            if after.get_model(migration.label, name) is not None:
                yield from _tables(after.apps.options(migration.label, name))


def _tables(options: Options) -> Iterator[tuple[str, list[str]]]:
    if options.proxy or not options.managed:
        return
    yield options.db_table, [field.column for field in options.fields]
    for field in options.many_to_many:
        if field.makes_table:
            yield from _tables(options_of(cast("type[Any]", field.through)))
