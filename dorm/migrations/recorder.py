"""Which migrations a database has: the table `dorm_migrations`, read and written in two colours.

Stands on the executor; the table has a row for each migration that is applied, in the schema where a
statement without a schema finds it.
"""

from __future__ import annotations

from typing import Final, Protocol

from .._run import run_sync
from ..db.connection import async_executor, executor
from ..db.executor import Executor
from ..db.introspection import table_exists
from ..sql.ddl import ColumnDefinition, CreateTable
from ..sql.placeholders import with_placeholders
from ..sql.types import DATETIME, ColumnType
from .migration import Key

TABLE: Final = "dorm_migrations"

_DEFINITION: Final = CreateTable(
    TABLE,
    (
        ColumnDefinition("id", ColumnType("bigauto"), primary_key=True),
        ColumnDefinition("app", ColumnType("char", length=255)),
        ColumnDefinition("name", ColumnType("char", length=255)),
        ColumnDefinition("applied", DATETIME),
    ),
    # Two processes that came past every lock: the second one's transaction fails, and leaves nothing.
    unique=(("app", "name"),),
)
_WHERE: Final = "WHERE app = %s AND name = %s"
_INSERT: Final = f"INSERT INTO {TABLE} (app, name, applied) SELECT %s, %s, CURRENT_TIMESTAMP"
_ONCE: Final = f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE} {_WHERE})"


class Database(Protocol):
    """What is asked of a connection: which database it is to."""

    @property
    def alias(self) -> str:
        """Return its name in DATABASES."""
        ...


class MigrationRecorder:
    """The migrations that a database has; *connection* is either wrapper, or anything with its alias."""

    def __init__(self, connection: Database) -> None:
        self.alias = connection.alias

    def __repr__(self) -> str:
        return f"<MigrationRecorder of {self.alias!r}>"

    def ensure_table(self) -> None:
        """Create the table if it is not there."""
        run_sync(ensure_table(executor(self.alias)))

    async def aensure_table(self) -> None:
        """Create the table if it is not there."""
        await ensure_table(async_executor(self.alias))

    def applied_migrations(self) -> set[Key]:
        """Return what is applied, as (label, name); nothing when there is no table."""
        return run_sync(applied_migrations(executor(self.alias)))

    async def aapplied_migrations(self) -> set[Key]:
        """Return what is applied, as (label, name); nothing when there is no table."""
        return await applied_migrations(async_executor(self.alias))

    def record_applied(self, label: str, name: str) -> None:
        """Write down that a migration is applied; one that is written down already stays as it is."""
        run_sync(record_applied(executor(self.alias), (label, name)))

    async def arecord_applied(self, label: str, name: str) -> None:
        """Write down that a migration is applied; one that is written down already stays as it is."""
        await record_applied(async_executor(self.alias), (label, name))

    def record_unapplied(self, label: str, name: str) -> None:
        """Forget that a migration is applied; harmless when it is not."""
        run_sync(record_unapplied(executor(self.alias), (label, name)))

    async def arecord_unapplied(self, label: str, name: str) -> None:
        """Forget that a migration is applied; harmless when it is not."""
        await record_unapplied(async_executor(self.alias), (label, name))


async def ensure_table(db: Executor) -> None:
    """Create the table of *db* if it is not there."""
    if not await table_exists(db, TABLE):
        await db.execute(db.dialect.write(_DEFINITION))


async def applied_migrations(db: Executor) -> set[Key]:
    """Return what *db* has, as (label, name); nothing when there is no table."""
    if not await table_exists(db, TABLE):
        return set()
    return {(label, name) for label, name in await db.fetch(f"SELECT app, name FROM {TABLE}")}


async def is_applied(db: Executor, key: Key) -> bool:
    """Tell whether *db* has one migration; its table must be there."""
    return bool(await db.fetch(*_statement(db, f"SELECT 1 FROM {TABLE} {_WHERE}", *key)))


async def record_applied(db: Executor, key: Key) -> None:
    """Write down that *db* has a migration; one that is written down already stays as it is."""
    await db.execute(*_statement(db, f"{_INSERT} {_ONCE}", *key, *key))


async def record_unapplied(db: Executor, key: Key) -> None:
    """Forget that *db* has a migration; harmless when it has not."""
    await db.execute(*_statement(db, f"DELETE FROM {TABLE} {_WHERE}", *key))


def _statement(db: Executor, sql: str, *params: str) -> tuple[str, tuple[str, ...]]:
    return with_placeholders(sql, params, db.vendor)[0], params
