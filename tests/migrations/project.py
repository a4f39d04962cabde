"""A project whose models change by operations, on a real database, and what its database then says of itself.

Stands on the public faces of operations, in both colours.
"""

from __future__ import annotations

import re
from typing import Any

from dorm._run import run_sync
from dorm.actions.create_tables import create_tables
from dorm.db.connection import async_executor, executor, get_async_connection, get_connection
from dorm.db.introspection import (
    foreign_keys,
    table_columns,
    table_comment,
    table_constraints,
    table_indexes,
    table_names,
)
from dorm.migrations.operations import Operation, SeparateDatabaseAndState
from dorm.migrations.state import ProjectState

LABEL = "shop"


class Project:
    """The state of a project, and the operations that led there."""

    def __init__(self, call: Any, alias: str = "default") -> None:
        self.call = call
        self.alias = alias
        self.states = [ProjectState()]
        self.operations: list[Operation] = []

    @property
    def state(self) -> ProjectState:
        return self.states[-1]

    def forwards(self, *operations: Operation) -> None:
        """Apply operations to the state and the database."""
        for operation in operations:
            after = self.state.clone()
            operation.state_forwards(LABEL, after)
            self.database(operation, "database_forwards", self.state, after)
            self.states.append(after)
            self.operations.append(operation)

    def together(self, *operations: Operation) -> None:
        """Apply operations in one transaction, as a migration does."""
        with_all = SeparateDatabaseAndState(operations, operations)
        self.forwards(with_all)

    def backwards(self) -> Operation:
        """Undo the last operation."""
        operation, after = self.operations.pop(), self.states.pop()
        self.database(operation, "database_backwards", after, self.state)
        return operation

    def database(self, operation: Operation, way: str, old: ProjectState, new: ProjectState) -> None:
        method = getattr(operation, way)
        self.call.run(
            lambda: method(LABEL, get_connection(self.alias), old, new),
            lambda: method(LABEL, get_async_connection(self.alias), old, new),
        )

    def model(self, name: str) -> Any:
        """Return the class of a model as it is now."""
        return self.state.apps.get_model(LABEL, name)

    def sql(self, text: str) -> list[Any]:
        return list(self.call.run(lambda: _sql(executor(), text), lambda: _asql(text)))

    # -- what the database says -----------------------------------------------------------------

    def found(self) -> dict[str, Any]:
        """Return what the database says of its tables, but for names that it has chosen itself."""
        found: dict[str, Any] = self.call.run(lambda: run_sync(_found(executor())), _afound)
        return found

    def clear(self) -> None:
        """Drop every table."""
        self.call.run(lambda: run_sync(_drop(executor())), _adrop)

    def expected(self) -> dict[str, Any]:
        """Return what it says when the tables of the state are made at once; all rows are lost by that."""
        self.clear()
        models = self.state.apps.get_models()
        self.call.run(
            lambda: run_sync(create_tables(executor(), models)),
            lambda: create_tables(async_executor(), models),
        )
        return self.found()

    def there_and_back(self, operation: Operation) -> None:
        """Apply an operation, undo it and apply it again: the tables are as they should be each time."""
        before = self.found()
        self.forwards(operation)
        after = self.found()
        self.backwards()
        assert self.found() == before
        self.forwards(operation)
        assert self.found() == after


def _sql(db: Any, text: str) -> Any:
    return run_sync(db.fetch(text))


async def _asql(text: str) -> Any:
    return await async_executor().fetch(text)


async def _afound() -> dict[str, Any]:
    return await _found(async_executor())


async def _adrop() -> None:
    await _drop(async_executor())


async def _drop(db: Any) -> None:
    if db.vendor == "postgresql":
        for table in await table_names(db):
            await db.execute(f'DROP TABLE "{table}" CASCADE')
        return
    async with db.atomic():
        await db.execute("PRAGMA defer_foreign_keys = ON")
        for table in await table_names(db):
            await db.execute(f'DELETE FROM "{table}"')
        for table in await table_names(db):
            await db.execute(f'DROP TABLE "{table}"')


async def _found(db: Any) -> dict[str, Any]:
    return {table: await _table(db, table) for table in await table_names(db)}


async def _table(db: Any, table: str) -> dict[str, Any]:
    named = re.compile(r"(_key|_fkey|_pkey|_check)\d*$")
    return {
        "columns": {column["name"]: column for column in await table_columns(db, table)},
        "indexes": {
            index.name: (index.columns, index.unique, index.condition, index.descending, index.method)
            for index in await table_indexes(db, table)
            if index.origin == "index"
        },
        "constraints": sorted(
            (
                fact.kind,
                fact.columns,
                str(fact.expression).replace('"', ""),
                fact.deferrable or "",
                "" if fact.name is None or named.search(fact.name) else fact.name,
            )
            for fact in await table_constraints(db, table)
        ),
        "keys": sorted(
            (key.columns, key.target, key.target_columns, key.on_delete, key.deferrable or "")
            for key in await foreign_keys(db, table)
        ),
        "comment": await table_comment(db, table),
    }
