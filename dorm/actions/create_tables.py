"""Create the tables of models, for scripts that have no migrations.

Rests on options and the SQL tree of definitions; changes nothing in a table that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ..db.executor import Executor
from ..exceptions import ImproperlyConfigured
from ..fields import Field
from ..fields.related import ForeignKey
from ..meta.options import Options, options_of
from ..meta.registry import registry
from ..sql.ddl import ColumnDefinition, CreateIndex, CreateTable, Reference


async def create_tables(db: Executor, models: Sequence[type[Any]]) -> None:
    """Create tables and indexes of *models*, or of every model when none is named, in one transaction."""
    every = _with_pairs([options_of(model) for model in models or registry])
    async with db.atomic():
        for options in every:
            if options.abstract:
                raise ValueError(f"{options.name} is abstract: it has no table")
            for statement in table_statements(options):
                await db.execute(db.dialect.write(statement))


def _with_pairs(named: list[Options]) -> list[Options]:
    """Return *named* and, after them, the tables of pairs that their many-to-many fields make."""
    fields = [field for options in named for field in options.many_to_many if field.makes_table]
    for field in fields:
        if not field.related_model:
            raise ImproperlyConfigured(f"{field!r} refers to {field.to!r}, which is not defined")
    return list(dict.fromkeys([*named, *(options_of(cast("type[Any]", field.through)) for field in fields)]))


def table_statements(options: Options) -> list[CreateTable | CreateIndex]:
    """Return the CREATE TABLE of a model, and the CREATE INDEX of each indexed column."""
    groups = tuple(
        tuple(options.get_column(name).column for name in group) for group in options.unique_together
    )
    table = CreateTable(options.db_table, tuple(_definition(field) for field in options.fields), groups)
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
        references=_reference(field) if isinstance(field, ForeignKey) and field.db_constraint else None,
    )


def _reference(key: ForeignKey) -> Reference:
    return Reference(options_of(key.related_model).db_table, key.target_field.column)


def _index(table: str, column: str) -> CreateIndex:
    return CreateIndex(f"idx_{table}_{column}", table, (column,))
