"""Create the tables of models, for scripts that have no migrations.

Rests on options and the SQL tree of definitions; changes nothing in a table that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..db.executor import Executor
from ..fields import Field
from ..fields.related import ForeignKey
from ..meta.options import Options, options_of
from ..meta.registry import registry
from ..sql.ddl import ColumnDefinition, CreateIndex, CreateTable, Reference


async def create_tables(db: Executor, models: Sequence[type[Any]]) -> None:
    """Create tables and indexes of *models*, or of every model when none is named, in one transaction."""
    every = [options_of(model) for model in models or registry]
    async with db.atomic():
        for options in every:
            if options.abstract:
                raise ValueError(f"{options.name} is abstract: it has no table")
            for statement in table_statements(options):
                await db.execute(db.dialect.write(statement))


def table_statements(options: Options) -> list[CreateTable | CreateIndex]:
    """Return the CREATE TABLE of a model, and the CREATE INDEX of each indexed column."""
    table = CreateTable(options.db_table, tuple(_definition(field) for field in options.fields))
    indexed = [field for field in options.fields if field.db_index and not field.unique]
    return [table, *(_index(options.db_table, field.column) for field in indexed)]


def _definition(field: Field[Any]) -> ColumnDefinition:
    return ColumnDefinition(
        name=field.column,
        type=field.type,
        null=field.null,
        primary_key=field.primary_key,
        unique=field.unique,
        positive=field.positive,
        references=_reference(field) if isinstance(field, ForeignKey) else None,
    )


def _reference(key: ForeignKey) -> Reference:
    return Reference(options_of(key.related_model).db_table, key.remote_column)


def _index(table: str, column: str) -> CreateIndex:
    return CreateIndex(f"idx_{table}_{column}", table, (column,))
