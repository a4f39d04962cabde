"""All that a database says of some tables, read once.

Stands on introspection; knows no Python source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dorm._record import Record
from dorm.db.executor import Executor
from dorm.db.introspection import (
    ConstraintFacts,
    ForeignKeyFacts,
    IndexFacts,
    foreign_keys,
    table_columns,
    table_comment,
    table_constraints,
    table_indexes,
)


class TableFacts(Record):
    """One table, or view: *columns* as table_columns() gives them."""

    name: str
    is_view: bool
    columns: list[dict[str, Any]]
    indexes: list[IndexFacts]
    constraints: list[ConstraintFacts]
    keys: list[ForeignKeyFacts]
    comment: str | None

    @property
    def primary_key(self) -> list[str]:
        """The columns of the primary key, in the table's order; `[]` when there is none."""
        return [column["name"] for column in self.columns if column["primary_key"]]

    @property
    def named(self) -> list[str]:
        """The columns whose names dorm can write, in the table's order."""
        return [column["name"] for column in self.columns if column["name"].isidentifier()]

    def key_of(self, column: str) -> ForeignKeyFacts | None:
        """Return the foreign key of *column* alone, or None."""
        return next((key for key in self.keys if key.columns == (column,)), None)


async def read_tables(db: Executor, tables: Sequence[str], views: Sequence[str]) -> list[TableFacts]:
    """Return what the database says of *tables*, of which *views* are views."""
    return [
        TableFacts(
            name=name,
            is_view=name in views,
            columns=await table_columns(db, name),
            indexes=await table_indexes(db, name),
            constraints=await table_constraints(db, name),
            keys=await foreign_keys(db, name),
            comment=await table_comment(db, name),
        )
        for name in tables
    ]
