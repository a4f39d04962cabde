"""PostgreSQL for asyncio, on the event loop itself: the driver, and where its connections are from.

Stands on the loop's pool; loaded with the first asynchronous use. A task that is cancelled has its statement
cancelled by the server; a connection on which that did not work is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias, cast

from ..driver import Demands, Job, Opening, Result, Row, TransactionLost
from ..transient import attempts, pause
from . import postgresql_errors
from .postgresql_async_pool import LoopPool
from .postgresql_connection import FAILED, IN_TRANSACTION, OPEN_TRANSACTION, Target, psycopg
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
from .postgresql_pool import Link
from .task_turn import TaskTurn

Work: TypeAlias = Callable[[Link, str, Sequence[Any]], Awaitable[Any]]


# -- jobs ------------------------------------------------------------------------------------------


async def _fetch(link: Link, sql: str, params: Sequence[Any]) -> list[Row]:
    cursor = link.cursor
    if len(params) > FEW:
        cursor, sql = numbered_cursor(link, sql)
    await cursor.execute(sql, params)
    return let_go(link, await cursor.fetchall()) if has_rows(cursor) else []


async def _result(link: Link, sql: str, params: Sequence[Any]) -> Result:
    await link.cursor.execute(sql, params)
    description, count = description_of(link.cursor), link.cursor.rowcount
    rows = let_go(link, await link.cursor.fetchall()) if description is not None else []
    return Result(description, rows, count)


async def _execute(link: Link, sql: str, params: Sequence[Any]) -> int:
    cursor = link.cursor
    if len(params) > FEW:
        cursor, sql = numbered_cursor(link, sql)
    await cursor.execute(sql, params)
    return count_of(cursor)


async def _many(link: Link, sql: str, params: Sequence[Any]) -> int:
    await link.cursor.executemany(sql, params)
    return int(max(link.cursor.rowcount, 0))


async def _script(link: Link, sql: str, params: Sequence[Any]) -> None:
    # Without parameters the text may hold several statements, and its percent signs are its own.
    await link.cursor.execute(sql)


_JOBS: Final[dict[str, Work]] = {
    "fetch": _fetch,
    "result": _result,
    "execute": _execute,
    "many": _many,
    "script": _script,
}


async def _control(link: Link, statements: Sequence[str]) -> None:
    """Run statements that begin, mark or end a transaction, in one journey."""
    if statements:
        await link.cursor.execute("; ".join(statements))


async def _declare(link: Link, sql: str, params: Sequence[Any]) -> str:
    """Open a cursor of the server for *sql*; return its name."""
    name = link.next_name()
    await link.cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", params, prepare=False)
    return name


# -- drivers ---------------------------------------------------------------------------------------


class SharedDriver:
    """Single statements: each borrows a connection and gives it back at once.

    A statement that failed is tried again only if it cannot have been done, as the synchronous one is.
    """

    __slots__ = ("_pool",)

    in_transaction = False
    is_failed = False

    def __init__(self, pool: LoopPool) -> None:
        self._pool = pool

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return cast("list[Row]", await self._run(_fetch, sql, params))

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        return cast(Result, await self._run(_result, sql, params))

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return cast(int, await self._run(_execute, sql, params))

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        return cast(int, await self._run(_many, sql, params))

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        await self._run(_script, sql, params)

    async def _run(self, job: Work, sql: str, params: Sequence[Any]) -> Any:
        attempt = 1
        while True:
            link = await self._pool.take("a statement")
            try:
                answer = await job(link, sql, params)
                refuse_open_transaction(link)
                return answer
            except psycopg.Error as error:
                if must_raise(error, link, sql, attempt, attempts()):
                    raise
            finally:
                self._pool.give(link)
            await asyncio.sleep(pause(attempt))
            attempt += 1

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> LoopRows:
        attempt = 1
        while True:
            link = await self._pool.take("a stream")
            try:
                await _control(link, ["BEGIN"])
                return LoopRows(link, await _declare(link, sql, params), size, self._pool)
            except BaseException as error:
                self._pool.discard(link)
                if not isinstance(error, psycopg.Error) or must_raise(error, link, sql, attempt, attempts()):
                    raise
            await asyncio.sleep(pause(attempt))
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
    """The connection of one transaction."""

    __slots__ = ("_owed", "_pool", "link")

    def __init__(self, pool: LoopPool, link: Link) -> None:
        self._pool = pool
        # What must run before anything else does.
        self._owed: list[str] = []
        self.link = link

    @property
    def in_transaction(self) -> bool:
        return self.link.status in IN_TRANSACTION

    @property
    def is_failed(self) -> bool:
        return self.link.status == FAILED and not self._owed

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        return await _fetch(self.link, sql, params)

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        return await _result(self.link, sql, params)

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return await _execute(self.link, sql, params)

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        return await _many(self.link, sql, params)

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        await _script(self.link, sql, params)

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> LoopRows:
        return LoopRows(self.link, await _declare(self.link, sql, params), size)

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        if before or self._owed:
            await self._begin(before)
        if not self.in_transaction:
            raise TransactionLost
        if job == "stream":
            return await self.stream(sql, params, size)
        try:
            return await _JOBS[job](self.link, sql, params)
        except psycopg.Error as error:
            forget_stale(error, self.link)
            raise

    async def _begin(self, before: Sequence[str]) -> None:
        try:
            await self.control(before)
        except psycopg.Error as error:
            # With BEGIN under way, nothing of the transaction has been done yet.
            if not (before and before[0].startswith("BEGIN") and is_lost(error, self.link.connection)):
                raise
            self.link = await self._pool.exchange(self.link, "an atomic block")
            await self.control(before)

    async def control(self, statements: Sequence[str]) -> None:
        owed, self._owed = self._owed, []
        await _control(self.link, [*owed, *statements])

    async def commit(self, before: Sequence[str]) -> None:
        task = asyncio.current_task()
        # A cancellation that is due would only be raised once COMMIT is on its way: it comes first.
        if task is not None and task.cancelling():
            await asyncio.sleep(0)
        if not self.in_transaction:
            raise TransactionLost
        try:
            await self.control([*before, "COMMIT"])
        except psycopg.Error as error:
            if is_lost(error, self.link.connection):
                raise unknown_outcome(error, "COMMIT") from error
            raise

    def post(self, statements: Sequence[str]) -> None:
        # A whole transaction need not be rolled back: its connection is closed, since it is still in it.
        self._owed += statements


class LoopRows:
    """A cursor of the server. With a *pool*, it has a transaction of its own, and a connection to return."""

    __slots__ = ("_fetch", "_link", "_name", "_pool")

    def __init__(self, link: Link, name: str, size: int, pool: LoopPool | None = None) -> None:
        self._link = link
        self._name = name
        self._fetch = f"FETCH FORWARD {size} FROM {name}"
        self._pool = pool

    async def fetch(self) -> list[Row]:
        try:
            return await _fetch(self._link, self._fetch, ())
        except BaseException:
            self._give_up()
            raise

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                # The end of the transaction is the end of the cursor.
                await _control(self._link, ["COMMIT"])
            finally:
                pool.give(self._link)
        # A transaction that has failed or ended has closed it.
        elif self._link.status == OPEN_TRANSACTION:
            await _control(self._link, [f"CLOSE {self._name}"])

    def _give_up(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.discard(self._link)

    def __del__(self) -> None:
        self._give_up()


class LoopSource:
    """The connections of one event loop."""

    errors = postgresql_errors.ERRORS

    def __init__(self, target: Target) -> None:
        self._pool = LoopPool(target)

    def translate(self, error: Exception) -> Exception:
        return postgresql_errors.translate(error)

    async def shared(self) -> SharedDriver:
        return SharedDriver(self._pool)

    async def lease(self) -> BlockDriver:
        return BlockDriver(self._pool, await self._pool.take("an atomic block"))

    def give_back(self, driver: object, usable: bool) -> None:
        assert isinstance(driver, BlockDriver)
        if usable:
            self._pool.give(driver.link)
        else:
            self._pool.discard(driver.link)

    def opening(self, demands: Demands | None) -> Opening:
        return opening_of(demands)

    def stats(self) -> dict[str, Any]:
        return self._pool.stats()

    def turn(self) -> TaskTurn:
        return TaskTurn()

    def close(self) -> None:
        self._pool.close()

    async def aclose(self) -> None:
        self._pool.close()

    def abandon(self) -> list[object]:
        return self._pool.abandon()
