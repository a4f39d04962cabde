"""PostgreSQL as a backend, and its synchronous driver.

Stands on the pool and psycopg; the asynchronous driver is loaded on its first use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import sleep
from typing import Any

from ...conf import settings
from ...sql.dialects.postgresql import PostgreSQLDialect
from ..driver import Demands, Job, Opening, Result, Row, Source, TransactionLost, Turn
from ..transient import attempts, pause
from . import postgresql_errors
from .postgresql_connection import FAILED, IN_TRANSACTION, OPEN_TRANSACTION, VENDOR, psycopg, target_of
from .postgresql_errors import is_lost, unknown_outcome
from .postgresql_jobs import (
    FEW,
    count_of,
    description_of,
    forget_stale,
    has_rows,
    let_go,
    must_raise,
    numbered_cursor,
    opening_of,
    refuse_open_transaction,
)
from .postgresql_pool import Link, Shelf, ThreadPool


class PostgreSQL:
    """One database. All threads share a pool; each event loop has one of its own."""

    vendor = VENDOR

    def __init__(self, alias: str, database: Mapping[str, Any]) -> None:
        self._target = target_of(alias, database)
        self._pool = ThreadPool(self._target)

    @property
    def dialect(self) -> PostgreSQLDialect:
        """Return a dialect that follows the settings as they are now."""
        return PostgreSQLDialect(use_tz=settings.USE_TZ)

    def source(self) -> Source:
        """Return connections for the calling thread."""
        return ThreadSource(self._pool)

    def async_source(self) -> Source:
        """Return connections for the running event loop."""
        # Imported here: asyncio is for programs that use it.
        from .postgresql_async import LoopSource

        return LoopSource(self._target)

    def stats(self) -> dict[str, Any]:
        """Return the figures of a pool that was never used."""
        return Shelf(self._target).stats()

    def disconnect(self) -> None:
        """Close the connections that threads share."""
        self._pool.close()

    def close(self) -> None:
        """Close the connections that threads share."""
        self._pool.close()

    def abandon(self) -> list[object]:
        """Forget the connections that threads share, in the child of a fork; return what must stay alive."""
        return self._pool.abandon()


def open_backend(alias: str, database: Mapping[str, Any]) -> PostgreSQL:
    """Return the database that checked settings describe."""
    return PostgreSQL(alias, database)


# -- jobs ------------------------------------------------------------------------------------------


def _fetch(link: Link, sql: str, params: Sequence[Any]) -> list[Row]:
    cursor = link.cursor
    if len(params) > FEW:
        cursor, sql = numbered_cursor(link, sql)
    cursor.execute(sql, params)
    return let_go(link, cursor.fetchall()) if has_rows(cursor) else []


def _result(link: Link, sql: str, params: Sequence[Any]) -> Result:
    link.cursor.execute(sql, params)
    description, count = description_of(link.cursor), link.cursor.rowcount
    rows = let_go(link, link.cursor.fetchall()) if description is not None else []
    return Result(description, rows, count)


def _execute(link: Link, sql: str, params: Sequence[Any]) -> int:
    cursor = link.cursor
    if len(params) > FEW:
        cursor, sql = numbered_cursor(link, sql)
    cursor.execute(sql, params)
    return count_of(cursor)


def _many(link: Link, sql: str, params: Sequence[Any]) -> int:
    link.cursor.executemany(sql, params)
    return int(max(link.cursor.rowcount, 0))


def _script(link: Link, sql: str, params: Sequence[Any]) -> None:
    # Without parameters the text may hold several statements, and its percent signs are its own.
    link.cursor.execute(sql)


_JOBS: dict[str, Any] = {
    "fetch": _fetch,
    "result": _result,
    "execute": _execute,
    "many": _many,
    "script": _script,
}


def _control(link: Link, statements: Sequence[str]) -> None:
    """Run statements that begin, mark or end a transaction, in one journey."""
    if statements:
        link.cursor.execute("; ".join(statements))


def _declare(link: Link, sql: str, params: Sequence[Any]) -> str:
    """Open a cursor of the server for *sql*; return its name."""
    name = link.next_name()
    link.cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", params, prepare=False)
    return name


# -- drivers ---------------------------------------------------------------------------------------


class SharedDriver:
    """Single statements: each borrows a connection and gives it back at once. Its coroutines never wait.

    A statement that failed is tried again only if it cannot have been done: its connection was lost and it
    is a plain SELECT, or the database rolled it back because of a deadlock.
    """

    __slots__ = ("_pool",)

    in_transaction = False
    is_failed = False

    def __init__(self, pool: ThreadPool) -> None:
        self._pool = pool

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        rows: list[Row] = self._run(_fetch, sql, params)
        return rows

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        result: Result = self._run(_result, sql, params)
        return result

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        count: int = self._run(_execute, sql, params)
        return count

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        count: int = self._run(_many, sql, params)
        return count

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        self._run(_script, sql, params)

    def _run(self, job: Any, sql: str, params: Sequence[Any]) -> Any:
        attempt = 1
        while True:
            link = self._pool.take("a statement")
            try:
                answer = job(link, sql, params)
                refuse_open_transaction(link)
                return answer
            except psycopg.Error as error:
                if must_raise(error, link, sql, attempt, attempts()):
                    raise
            finally:
                self._pool.give(link)
            sleep(pause(attempt))
            attempt += 1

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> ThreadRows:
        attempt = 1
        while True:
            link = self._pool.take("a stream")
            try:
                _control(link, ["BEGIN"])
                return ThreadRows(link, _declare(link, sql, params), size, self._pool)
            except BaseException as error:
                self._pool.discard(link)
                if not isinstance(error, psycopg.Error) or must_raise(error, link, sql, attempt, attempts()):
                    raise
            sleep(pause(attempt))
            attempt += 1

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        raise TransactionLost

    async def control(self, statements: Sequence[str]) -> None:
        raise TransactionLost

    async def commit(self, before: Sequence[str]) -> None:
        raise TransactionLost

    def post(self, statements: Sequence[str]) -> None:
        raise TransactionLost


class BlockDriver:
    """The connection of one transaction. Its coroutines never wait."""

    __slots__ = ("_pool", "link")

    def __init__(self, pool: ThreadPool, link: Link) -> None:
        self._pool = pool
        self.link = link

    @property
    def in_transaction(self) -> bool:
        return self.link.status in IN_TRANSACTION

    @property
    def is_failed(self) -> bool:
        return bool(self.link.status == FAILED)

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return _fetch(self.link, sql, params)

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        return _result(self.link, sql, params)

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return _execute(self.link, sql, params)

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        return _many(self.link, sql, params)

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        _script(self.link, sql, params)

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> ThreadRows:
        return ThreadRows(self.link, _declare(self.link, sql, params), size)

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        if before:
            self._begin(before)
        if not self.in_transaction:
            raise TransactionLost
        if job == "stream":
            return await self.stream(sql, params, size)
        try:
            return _JOBS[job](self.link, sql, params)
        except psycopg.Error as error:
            forget_stale(error, self.link)
            raise

    def _begin(self, before: Sequence[str]) -> None:
        try:
            _control(self.link, before)
        except psycopg.Error as error:
            # With BEGIN under way, nothing of the transaction has been done yet.
            if not (before[0].startswith("BEGIN") and is_lost(error, self.link.connection)):
                raise
            self.link = self._pool.exchange(self.link, "an atomic block")
            _control(self.link, before)

    async def control(self, statements: Sequence[str]) -> None:
        _control(self.link, statements)

    async def commit(self, before: Sequence[str]) -> None:
        if not self.in_transaction:
            raise TransactionLost
        try:
            _control(self.link, [*before, "COMMIT"])
        except psycopg.Error as error:
            if is_lost(error, self.link.connection):
                raise unknown_outcome(error, "COMMIT") from error
            raise

    def post(self, statements: Sequence[str]) -> None:
        if self.in_transaction:
            _control(self.link, statements)


class ThreadRows:
    """A cursor of the server. With a *pool*, it has a transaction of its own, and a connection to return."""

    __slots__ = ("_fetch", "_link", "_name", "_pool")

    def __init__(self, link: Link, name: str, size: int, pool: ThreadPool | None = None) -> None:
        self._link = link
        self._name = name
        self._fetch = f"FETCH FORWARD {size} FROM {name}"
        self._pool = pool

    async def fetch(self) -> list[Row]:
        try:
            return _fetch(self._link, self._fetch, ())
        except BaseException:
            self._give_up()
            raise

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                # The end of the transaction is the end of the cursor.
                _control(self._link, ["COMMIT"])
            finally:
                pool.give(self._link)
        # A transaction that has failed or ended has closed it.
        elif self._link.status == OPEN_TRANSACTION:
            _control(self._link, [f"CLOSE {self._name}"])

    def _give_up(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.discard(self._link)

    def __del__(self) -> None:
        self._give_up()


class ThreadSource:
    """The pool, as one thread sees it."""

    errors = postgresql_errors.ERRORS

    def __init__(self, pool: ThreadPool) -> None:
        self._pool = pool
        self._leased: set[BlockDriver] = set()

    def translate(self, error: Exception) -> Exception:
        return postgresql_errors.translate(error)

    async def shared(self) -> SharedDriver:
        return SharedDriver(self._pool)

    async def lease(self) -> BlockDriver:
        driver = BlockDriver(self._pool, self._pool.take("an atomic block"))
        self._leased.add(driver)
        return driver

    def give_back(self, driver: object, usable: bool) -> None:
        assert isinstance(driver, BlockDriver)
        self._leased.discard(driver)
        if usable:
            self._pool.give(driver.link)
        else:
            self._pool.discard(driver.link)

    def opening(self, demands: Demands | None) -> Opening:
        return opening_of(demands)

    def stats(self) -> dict[str, Any]:
        return self._pool.stats()

    def turn(self) -> Turn | None:
        return None

    def close(self) -> None:
        """Close the connections of this thread's transactions; the others are everyone's."""
        while self._leased:
            self._pool.discard(self._leased.pop().link)

    async def aclose(self) -> None:
        self.close()

    def abandon(self) -> list[object]:
        self._leased.clear()
        return []
