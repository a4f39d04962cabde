"""SQLite: what a database is, how a connection to it is opened, and the jobs that are done on one.

Stands on sqlite3 of the standard library; what is here runs in whatever thread the driver has.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from ..._record import Record
from ...exceptions import ImproperlyConfigured, NotSupportedError
from ..driver import Demands, Job, Opening, Result, Row, TransactionLost
from ..logs import lifecycle_logger
from . import sqlite_errors, sqlite_functions

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


def target_of(alias: str, database: Mapping[str, Any]) -> Target:
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
    sqlite_functions.register(connection)
    connection.create_function("dorm_convert", 3, _convert, deterministic=True)
    connection.create_function("dorm_converts", 3, _converts, deterministic=True)
    for pragma in target.pragmas:
        connection.execute(f"PRAGMA {pragma}")
    # The first look into the file: one that is no database is found here.
    connection.execute("PRAGMA schema_version").fetchone()


def _convert(value: Any, source: str, target: str) -> Any:
    # Imported here: only a migration that changes the type of a column needs it.
    from .sqlite_conversions import convert

    return convert(value, source, target)


def _converts(value: Any, source: str, target: str) -> bool:
    # Imported here: only a migration that changes the type of a column needs it.
    from .sqlite_conversions import converts

    return converts(value, source, target)


def close_connection(connection: sqlite3.Connection, target: Target) -> None:
    """Close a connection; what is not committed is rolled back."""
    connection.close()
    lifecycle_logger(VENDOR).info("connection to %s closed", target.label, extra={"alias": target.alias})


def closed_connection() -> sqlite3.Connection:
    """Return what stands for a connection that is another process's."""
    connection = sqlite3.connect(MEMORY)
    connection.close()
    return connection


def in_transaction(connection: sqlite3.Connection) -> bool:
    """Tell whether a transaction is open; a closed connection has none."""
    try:
        return connection.in_transaction
    except sqlite3.ProgrammingError:
        return False


# Read-modify-write must not find out at its first write that another writer came before.
WRITER: Final = Opening(("BEGIN IMMEDIATE",))
READER: Final = Opening(("PRAGMA query_only = ON", "BEGIN"), ("PRAGMA query_only = OFF",))


def opening(demands: Demands | None) -> Opening:
    """Return what begins a transaction; NotSupportedError for one that SQLite does not have."""
    if demands is None:
        return WRITER
    if demands.isolation not in (None, "SERIALIZABLE"):
        raise NotSupportedError(
            f"SQLite has no isolation level {demands.isolation!r}: each of its transactions is serializable; "
            "leave isolation out, or say 'serializable'"
        )
    if demands.deferrable:
        raise NotSupportedError("SQLite has no deferrable transactions: a reader never waits there")
    return READER if demands.read_only else WRITER


# -- jobs: what both drivers do on a connection ----------------------------------------------------


def fetch(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> list[Row]:
    """Run one statement and return all its rows."""
    return connection.execute(sql, params).fetchall()


def result(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> Result:
    """Run one statement and return all that it gave."""
    cursor = connection.execute(sql, params)
    rows = cursor.fetchall()
    if cursor.description is None:
        return Result(None, rows, cursor.rowcount, cursor.lastrowid)
    return Result(list(cursor.description), rows, len(rows), cursor.lastrowid)


def execute(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> int:
    """Run one statement to its end and return the number of rows that it changed."""
    cursor = connection.execute(sql, params)
    if cursor.description is not None:
        cursor.fetchall()
    return max(cursor.rowcount, 0)


def many(connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int = 0) -> int:
    """Run one statement once for each of *params*; return the number of rows changed in all."""
    return max(connection.executemany(sql, params).rowcount, 0)


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
    "result": result,
    "execute": execute,
    "many": many,
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
