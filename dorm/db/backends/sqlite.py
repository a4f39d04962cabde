"""SQLite as a backend, and its synchronous driver.

Stands on the connection's jobs; the asynchronous driver is loaded on its first use.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from ...conf import settings
from ...sql.dialects.sqlite import SQLiteDialect
from ..driver import Demands, Job, Opening, Result, Row, Source, Turn
from . import sqlite_errors
from .sqlite_connection import (
    MEMORY,
    VENDOR,
    Target,
    close_connection,
    closed_connection,
    commit,
    control,
    execute,
    in_transaction,
    inside,
    many,
    open_connection,
    opening,
    result,
    script,
    stream,
    target_of,
)


class SQLite:
    """One database. In memory it is one for all connections of the process, threads and loops included."""

    vendor = VENDOR

    def __init__(self, alias: str, database: Mapping[str, Any]) -> None:
        self._target = target_of(alias, database)
        # A database in memory lasts as long as someone is connected.
        self._anchor = open_connection(self._target) if self._target.label == MEMORY else None

    @property
    def dialect(self) -> SQLiteDialect:
        """Return a dialect that follows the settings as they are now."""
        return SQLiteDialect(use_tz=settings.USE_TZ)

    def source(self) -> Source:
        """Return connections for the calling thread."""
        return ThreadSource(self._target)

    def async_source(self) -> Source:
        """Return connections for the running event loop."""
        # Imported here: asyncio and aiosqlite are for programs that use them.
        from .sqlite_async import LoopSource

        return LoopSource(self._target)

    def stats(self) -> dict[str, Any]:
        """Return the figures of a source that was never used."""
        return {"open": False}

    def disconnect(self) -> None:
        """Do nothing: threads share no connection."""

    def close(self) -> None:
        """Let a database in memory go."""
        if self._anchor is not None:
            self._anchor.close()
            self._anchor = None

    def abandon(self) -> list[object]:
        """Forget nothing: threads share no connection, and a database in memory was copied."""
        return []


def open_backend(alias: str, database: Mapping[str, Any]) -> SQLite:
    """Return the database that checked settings describe."""
    return SQLite(alias, database)


class ThreadDriver:
    """A connection of one thread. Its coroutines never wait."""

    __slots__ = ("_connection", "_execute")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute

    @property
    def in_transaction(self) -> bool:
        return in_transaction(self._connection)

    @property
    def is_failed(self) -> bool:
        # A statement that fails undoes itself here, and nothing else.
        return False

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return self._execute(sql, params).fetchall()

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        return result(self._connection, sql, params)

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return execute(self._connection, sql, params)

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        return many(self._connection, sql, params)

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        script(self._connection, sql)

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> ThreadRows:
        return ThreadRows(stream(self._connection, sql, params, size))

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        answer = inside(self._connection, before, job, sql, params, size)
        return ThreadRows(answer) if job == "stream" else answer

    async def control(self, statements: Sequence[str]) -> None:
        control(self._connection, statements)

    async def commit(self, before: Sequence[str]) -> None:
        commit(self._connection, before)

    def detach(self) -> sqlite3.Connection:
        """Return the connection, and be closed from now on."""
        connection, self._connection = self._connection, closed_connection()
        self._execute = self._connection.execute
        return connection

    def post(self, statements: Sequence[str]) -> None:
        if self.in_transaction:
            control(self._connection, statements)


class ThreadRows:
    """An open cursor."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def fetch(self) -> list[Row]:
        return self._cursor.fetchmany()

    async def close(self) -> None:
        self._cursor.close()


class ThreadSource:
    """The one connection of a thread: single statements and transactions share it."""

    errors = sqlite_errors.ERRORS

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection: sqlite3.Connection | None = None
        self._driver: ThreadDriver | None = None

    def translate(self, error: Exception) -> Exception:
        return sqlite_errors.translate(error, self._target.label)

    async def shared(self) -> ThreadDriver:
        if self._driver is None:
            self._connection = open_connection(self._target)
            self._driver = ThreadDriver(self._connection)
        return self._driver

    async def lease(self) -> ThreadDriver:
        return await self.shared()

    def give_back(self, driver: object, usable: bool) -> None:
        if not usable and driver is self._driver:
            self.close()

    def opening(self, demands: Demands | None) -> Opening:
        return opening(demands)

    def stats(self) -> dict[str, Any]:
        return {"open": self._driver is not None}

    def turn(self) -> Turn | None:
        return None

    def close(self) -> None:
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            close_connection(connection, self._target)

    async def aclose(self) -> None:
        self.close()

    def abandon(self) -> list[object]:
        """Forget the connection without closing it, in the child of a fork; return what must stay alive."""
        driver, self._connection, self._driver = self._driver, None, None
        if driver is None:
            return []
        connection = driver.detach()
        # A file's connection is the parent's: closing it would roll back the parent's transaction.
        if self._target.label != MEMORY:
            return [connection]
        # Memory was copied, locks included: here it is this process's to close.
        connection.close()
        return []
