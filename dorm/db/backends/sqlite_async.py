"""SQLite for asyncio: one journey to a connection's thread for each statement, rows included.

Stands on the synchronous backend for what is done in the thread; loaded with the first asynchronous use.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, Final, cast
from weakref import WeakSet

from ...exceptions import ImproperlyConfigured, OperationalError
from ..driver import Demands, Job, Opening, Result, Row
from . import sqlite_errors
from .sqlite_connection import (
    Target,
    close_connection,
    closed_connection,
    commit,
    control,
    execute,
    fetch,
    in_transaction,
    inside,
    many,
    open_connection,
    opening,
    result,
    script,
    stream,
)
from .task_turn import TaskTurn

try:
    from .sqlite_worker import Worker
except ModuleNotFoundError as error:
    if error.name != "aiosqlite":
        raise
    raise ImproperlyConfigured(
        'SQLite with asyncio needs the package aiosqlite: pip install "djanorm[sqlite]"'
    ) from error

# How long closing waits for a statement that still runs; its thread does not keep the process.
PATIENCE: Final = 0.5


class LoopDriver:
    """A connection of one event loop, in a thread of its own."""

    __slots__ = ("_connection", "_run", "_target", "is_wal", "streams", "worker")

    def __init__(self, worker: Worker, connection: sqlite3.Connection, target: Target) -> None:
        self.worker = worker
        # Weak, so that a loop that ended early lets its rows go.
        self.streams: WeakSet[LoopRows] = WeakSet()
        self.is_wal = False
        self._run = worker.run
        self._connection = connection
        self._target = target

    @property
    def in_transaction(self) -> bool:
        return in_transaction(self._connection)

    @property
    def is_failed(self) -> bool:
        # A statement that fails undoes itself here, and nothing else.
        return False

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return cast("list[Row]", await self._run(fetch, self._connection, sql, params))

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        return cast(Result, await self._run(result, self._connection, sql, params))

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return cast(int, await self._run(execute, self._connection, sql, params))

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        return cast(int, await self._run(many, self._connection, sql, params))

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        await self._run(script, self._connection, sql)

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> LoopRows:
        return LoopRows(self, await self._run(_start, self._connection, sql, params, size))

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        answer = await self._run(inside, self._connection, before, job, sql, params, size)
        return LoopRows(self, (answer, None)) if job == "stream" else answer

    async def control(self, statements: Sequence[str]) -> None:
        await self._run(control, self._connection, statements)

    async def commit(self, before: Sequence[str]) -> None:
        task = asyncio.current_task()
        # A cancellation that is due would only be raised once COMMIT is on its way: it comes first.
        if task is not None and task.cancelling():
            await asyncio.sleep(0)
        await self._run(commit, self._connection, before)

    def post(self, statements: Sequence[str]) -> None:
        self.worker.post(lambda: _control_if_open(self._connection, statements))

    def detach(self) -> sqlite3.Connection:
        """Return the connection, and be closed from now on; its thread is not in this process."""
        self.worker.closed = True
        connection, self._connection = self._connection, closed_connection()
        return connection

    def close(self) -> None:
        """Close it after what still runs; wait for nothing."""
        connection, target = self._connection, self._target
        self.worker.stop(lambda: close_connection(connection, target))


class LoopRows:
    """An open cursor. Its first rows came with the statement."""

    __slots__ = ("__weakref__", "_cursor", "_driver", "_first", "_rest")

    def __init__(self, driver: LoopDriver, start: tuple[sqlite3.Cursor, list[Row] | None]) -> None:
        self._driver = driver
        self._cursor, self._first = start
        self._rest: list[Row] | None = None
        driver.streams.add(self)

    async def fetch(self) -> list[Row]:
        if self._rest is not None:
            size = self._cursor.arraysize
            rows, self._rest = self._rest[:size], self._rest[size:]
            return rows
        first, self._first = self._first, None
        if first is not None:
            return first
        return cast("list[Row]", await self._driver.worker.run(self._cursor.fetchmany))

    async def spill(self) -> None:
        """Read the rest now: an open result keeps other connections from committing."""
        self._driver.streams.discard(self)
        rest = await self._driver.worker.run(self._cursor.fetchall)
        self._rest, self._first = [*(self._first or ()), *rest], None

    async def close(self) -> None:
        self._driver.streams.discard(self)
        if not self._driver.worker.closed:
            await self._driver.worker.run(self._cursor.close)

    def __del__(self) -> None:
        # An open result would keep other connections from committing.
        self._driver.worker.post(self._cursor.close)


class LoopSource:
    """The connections of one event loop: one for single statements, one for the open transaction.

    SQLite has one writer at a time. Tasks wait for that in line here: each asking the database again and
    again would starve some of them.
    """

    errors = sqlite_errors.ERRORS

    def __init__(self, target: Target) -> None:
        self._target = target
        self._loop = asyncio.get_running_loop()
        self._drivers: set[LoopDriver] = set()
        self._shared: LoopDriver | None = None
        self._spare: LoopDriver | None = None
        self._opening = asyncio.Lock()
        self._writing = asyncio.Lock()

    def translate(self, error: Exception) -> Exception:
        return sqlite_errors.translate(error, self._target.label)

    async def shared(self) -> LoopDriver:
        async with self._opening:
            if self._shared is None:
                self._shared = await self._open()
            return self._shared

    async def lease(self) -> LoopDriver:
        await self._wait_for_writer()
        try:
            driver, self._spare = self._spare, None
            if driver is None:
                driver = await self._open()
            if self._shared is not None and not self._shared.is_wal:
                for rows in tuple(self._shared.streams):
                    await rows.spill()
        except BaseException:
            self._writing.release()
            raise
        return driver

    def give_back(self, driver: object, usable: bool) -> None:
        assert isinstance(driver, LoopDriver)
        if usable and driver in self._drivers and self._spare is None:
            driver.streams.clear()
            self._spare = driver
        else:
            self._drivers.discard(driver)
            driver.close()
        self._writing.release()

    def opening(self, demands: Demands | None) -> Opening:
        return opening(demands)

    def stats(self) -> dict[str, Any]:
        return {"open": bool(self._drivers)}

    def turn(self) -> TaskTurn:
        return TaskTurn()

    async def _wait_for_writer(self) -> None:
        if not self._writing.locked():
            await self._writing.acquire()
            return
        try:
            async with asyncio.timeout(self._target.busy_timeout / 1000):
                await self._writing.acquire()
        except TimeoutError as error:
            raise OperationalError(
                f"database is locked: another task's atomic block on {self._target.label} was open for "
                "longer than busy_timeout; a block that waits for a task with a block of its own never ends"
            ) from error

    async def _open(self) -> LoopDriver:
        worker = Worker(self._loop)
        target = self._target
        connection, is_wal = await worker.start(lambda: _open(target))
        driver = LoopDriver(worker, connection, target)
        driver.is_wal = is_wal
        self._drivers.add(driver)
        return driver

    def close(self) -> None:
        drivers = self._forget()
        for driver in drivers:
            driver.close()
        for driver in drivers:
            driver.worker.join(PATIENCE)

    async def aclose(self) -> None:
        for driver in self._forget():
            await driver.worker.settle()
            driver.close()
            driver.worker.join(PATIENCE)

    def _forget(self) -> list[LoopDriver]:
        drivers = list(self._drivers)
        self._drivers.clear()
        self._shared = self._spare = None
        return drivers

    def abandon(self) -> list[object]:
        """Forget all without closing, in the child of a fork; return what must stay alive."""
        return [driver.detach() for driver in self._forget()]


def _open(target: Target) -> tuple[sqlite3.Connection, bool]:
    connection = open_connection(target)
    mode = connection.execute("PRAGMA journal_mode").fetchone()
    return connection, mode == ("wal",)


def _start(
    connection: sqlite3.Connection, sql: str, params: Sequence[Any], size: int
) -> tuple[sqlite3.Cursor, list[Row]]:
    cursor = stream(connection, sql, params, size)
    return cursor, cursor.fetchmany()


def _control_if_open(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    if in_transaction(connection):
        control(connection, statements)
