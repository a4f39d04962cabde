"""SQLite: what a database is, how a connection is opened, and the synchronous driver.

Stands on sqlite3 of the standard library; the asynchronous driver is loaded on its first use.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from ..._record import Record
from ...conf import settings
from ...exceptions import ImproperlyConfigured
from ...sql.dialects.sqlite import SQLiteDialect
from ..driver import Job, Row, Source, TransactionLost, Turn
from ..logs import lifecycle_logger
from . import sqlite_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

VENDOR: Final = "sqlite"
MEMORY: Final = ":memory:"
BUSY_TIMEOUT: Final = 30_000
CACHED_STATEMENTS: Final = 512

_memories: Final = count(1)


class Target(Record):
    """What is opened: *name* as sqlite3 takes it, *label* as messages show it."""

    alias: str
    name: str
    label: str
    uri: bool
    busy_timeout: int
    cached_statements: int
    pragmas: tuple[str, ...]


class SQLite:
    """One database. In memory it is one for all connections of the process, threads and loops included."""

    vendor = VENDOR

    def __init__(self, alias: str, database: Mapping[str, Any]) -> None:
        self._target = _target(alias, database)
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

    def close(self) -> None:
        """Let a database in memory go."""
        if self._anchor is not None:
            self._anchor.close()
            self._anchor = None


def open_backend(alias: str, database: Mapping[str, Any]) -> SQLite:
    """Return the database that checked settings describe."""
    return SQLite(alias, database)


def _target(alias: str, database: Mapping[str, Any]) -> Target:
    name, options = database["NAME"], database.get("OPTIONS", {})
    label, uri = name, False
    if name == MEMORY or name.startswith("file::memory:"):
        if sqlite3.sqlite_version_info < (3, 36):
            raise ImproperlyConfigured(
                f"a database in memory needs SQLite 3.36, and this Python has {sqlite3.sqlite_version}: "
                f"give DATABASES[{alias!r}]['NAME'] the path of a file"
            )
        # A name in the memdb file system is one database for the whole process, with real locks;
        # ":memory:" would be another one for each connection.
        name, label, uri = f"file:/dorm-{os.getpid()}-{next(_memories)}?vfs=memdb", MEMORY, True
    elif name.startswith("file:"):
        uri = True
    else:
        # Fixed now: the current directory may have changed before the next thread connects.
        name = label = os.path.abspath(name)
    pragmas = [
        f"foreign_keys = {'ON' if options.get('foreign_keys', True) else 'OFF'}",
        "case_sensitive_like = ON",
    ]
    pragmas += [f"{key} = {options[key]}" for key in ("journal_mode", "synchronous") if key in options]
    return Target(
        alias=alias,
        name=name,
        label=label,
        uri=uri,
        busy_timeout=options.get("busy_timeout", BUSY_TIMEOUT),
        cached_statements=options.get("cached_statements", CACHED_STATEMENTS),
        pragmas=tuple(pragmas),
    )


def open_connection(target: Target) -> sqlite3.Connection:
    """Open a connection and make it ours; raises our OperationalError with the path when that fails."""
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            target.name,
            timeout=target.busy_timeout / 1000,
            # We begin transactions ourselves: Python's begin too late for read-modify-write.
            isolation_level=None,
            # A connection stays with its thread, but whoever resets must be able to close it.
            check_same_thread=False,
            cached_statements=target.cached_statements,
            uri=target.uri,
        )
        _make_ours(connection, target)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise sqlite_errors.translate(error, target.label) from error
    lifecycle_logger(VENDOR).info("connection to %s opened", target.label, extra={"alias": target.alias})
    return connection


def _make_ours(connection: sqlite3.Connection, target: Target) -> None:
    # From Python 3.12 on a misspelt "name" can be made an error; before, SQLite takes it for a text.
    setconfig: Callable[[int, bool], None] | None = getattr(connection, "setconfig", None)
    if setconfig is not None:
        setconfig(getattr(sqlite3, "SQLITE_DBCONFIG_DQS_DML"), False)
        setconfig(getattr(sqlite3, "SQLITE_DBCONFIG_DQS_DDL"), False)
    connection.create_function("dorm_fold", 1, _fold, deterministic=True)
    connection.create_function("dorm_json", 1, _canonical, deterministic=True)
    for pragma in target.pragmas:
        connection.execute(f"PRAGMA {pragma}")
    # The first look into the file: one that is no database is found here.
    connection.execute("PRAGMA schema_version").fetchone()


def _fold(value: Any) -> Any:
    """Fold case as Unicode does: SQLite's own LOWER knows ASCII alone."""
    return value.casefold() if isinstance(value, str) else value


def _canonical(text: str | None) -> str | None:
    """Return JSON in the one form in which equal values are equal texts."""
    if text is None:
        return None
    # Imported here: most statements compare no JSON.
    import json

    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def close_connection(connection: sqlite3.Connection, target: Target) -> None:
    """Close a connection; what is not committed is rolled back."""
    connection.close()
    lifecycle_logger(VENDOR).info("connection to %s closed", target.label, extra={"alias": target.alias})


def in_transaction(connection: sqlite3.Connection) -> bool:
    """Tell whether a transaction is open; a closed connection has none."""
    try:
        return connection.in_transaction
    except sqlite3.ProgrammingError:
        return False


# -- jobs: what both drivers do on a connection ----------------------------------------------------


def fetch(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> list[Row]:
    """Run one statement and return all its rows."""
    return connection.execute(sql, params).fetchall()


def execute(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> int:
    """Run one statement to its end and return the number of rows that it changed."""
    cursor = connection.execute(sql, params)
    if cursor.description is not None:
        cursor.fetchall()
    return max(cursor.rowcount, 0)


def script(connection: sqlite3.Connection, sql: str, params: Sequence[Any] = (), size: int = 0) -> None:
    """Run several statements; executescript() would first commit the transaction that is open."""
    for statement in _statements(sql):
        connection.execute(statement)


def stream(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int) -> sqlite3.Cursor:
    """Start one statement."""
    cursor = connection.execute(sql, params)
    cursor.arraysize = size
    return cursor


def inside(
    connection: sqlite3.Connection,
    before: Sequence[str],
    job: Job,
    sql: str,
    params: Sequence[Any],
    size: int,
) -> Any:
    """Run *before* and then a job, which must find a transaction open."""
    for statement in before:
        connection.execute(statement)
    if not connection.in_transaction:
        raise TransactionLost
    return JOBS[job](connection, sql, params, size)


def control(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    """Run statements that end or mark a transaction."""
    for statement in statements:
        connection.execute(statement)


def commit(connection: sqlite3.Connection, before: Sequence[str]) -> None:
    """Run *before* and commit what must be open."""
    if not connection.in_transaction:
        raise TransactionLost
    control(connection, before)
    connection.execute("COMMIT")


JOBS: Final[dict[Job, Callable[..., Any]]] = {
    "fetch": fetch,
    "execute": execute,
    "script": script,
    "stream": stream,
}


def _statements(sql: str) -> list[str]:
    """Split at the semicolons that end a statement: not those in texts, comments and triggers."""
    found: list[str] = []
    start = end = 0
    while (end := sql.find(";", end) + 1) > 0:
        if sqlite3.complete_statement(sql[start:end]):
            found.append(sql[start:end])
            start = end
    return [*found, sql[start:]] if sql[start:].strip() else found


# -- the synchronous driver ------------------------------------------------------------------------


class ThreadDriver:
    """A connection of one thread. Its coroutines never wait."""

    __slots__ = ("_connection", "_execute")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute

    @property
    def in_transaction(self) -> bool:
        return in_transaction(self._connection)

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return self._execute(sql, params).fetchall()

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return execute(self._connection, sql, params)

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
        connection, self._connection, self._driver = self._connection, None, None
        # Memory was copied, locks included: here closing is right. A file's connection is the
        # parent's: closing it would roll back the parent's transaction.
        if connection is not None and self._target.label == MEMORY:
            connection.close()
            return []
        return [] if connection is None else [connection]
