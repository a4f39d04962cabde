"""PostgreSQL for asyncio, on the event loop itself: the pool of one loop, and its driver.

Stands on the synchronous backend's pool and jobs; loaded with the first asynchronous use. A task that is
cancelled has its statement cancelled by the server; a connection on which that did not work is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias, cast

from ..driver import Demands, Job, Opening, Row, TransactionLost
from ..transient import attempts, pause
from . import postgresql_errors
from .postgresql_connection import (
    FAILED,
    IN_TRANSACTION,
    Target,
    psycopg,
    session_statement,
)
from .postgresql_errors import is_lost, may_connect_again, unknown_outcome
from .postgresql_jobs import (
    count_of,
    forget_stale,
    has_rows,
    let_go,
    must_raise,
    opening_of,
    refuse_open_transaction,
)
from .postgresql_pool import Answer, Link, Shelf, closed_meanwhile, not_connected, tell
from .task_turn import TaskTurn

Work: TypeAlias = Callable[[Link, str, Sequence[Any]], Awaitable[Any]]


class TaskWaiter:
    """A task in line."""

    __slots__ = ("future", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Answer] = loop.create_future()

    def answer(self, answer: Answer) -> bool:
        if self.future.done():
            return False
        self.future.set_result(answer)
        return True

    def fail(self, error: Exception) -> None:
        try:
            # Whoever closes the pool may be in another thread.
            self.loop.call_soon_threadsafe(self._fail, error)
        # The loop is closed: nobody waits in it any more.
        except RuntimeError:
            return

    def _fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class LoopPool:
    """The connections of one event loop. Only what opens, asks or waits gives way to other tasks."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._loop = asyncio.get_running_loop()
        self._shelf = Shelf(target)
        self._is_open = False

    async def take(self, use: str) -> Link:
        """Return a connection for this task; OperationalError when none can be had within POOL_TIMEOUT."""
        who = asyncio.current_task()
        shelf = self._shelf
        got = shelf.take(who, use)
        if got is None:
            got = await self._wait(shelf, who, use)
        if isinstance(got, Link):
            if not self.target.check or not got.must_be_asked() or await self._is_alive(got):
                return got
            shelf.reopen(got)
        return await self._open(shelf, who, use)

    def give(self, link: Link) -> None:
        """Take a connection back; one in a transaction, or still at work, is closed."""
        self._shelf.give(link)

    def discard(self, link: Link) -> None:
        """Take a connection back, and close it."""
        link.close()
        self._shelf.give(link)

    async def exchange(self, link: Link, use: str) -> Link:
        """Return a new connection for one that is broken."""
        shelf = self._shelf
        shelf.reopen(link)
        return await self._open(shelf, asyncio.current_task(), use)

    async def _wait(self, shelf: Shelf, who: Any, use: str) -> Answer:
        waiter = TaskWaiter(self._loop)
        shelf.line.append(waiter)
        future = waiter.future
        try:
            await asyncio.wait((future,), timeout=self.target.timeout)
        except BaseException:
            _turn_down(shelf, waiter)
            raise
        if not future.done():
            shelf.leave_line(waiter)
            raise shelf.exhausted(_task_name)
        got = future.result()
        if isinstance(got, Link):
            shelf.mark(got, who, use)
        return got

    async def _is_alive(self, link: Link) -> bool:
        try:
            await link.connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        except BaseException:
            self.discard(link)
            raise
        return True

    async def _open(self, shelf: Shelf, who: Any, use: str) -> Link:
        """Open a connection in the place that is kept for it.

        It comes to its end in a task of its own: one that is cancelled would leave its socket open.
        """
        task = self._loop.create_task(self._connect())
        try:
            link = await asyncio.shield(task)
        except BaseException:
            if task.done():
                self._arrived(shelf, task)
            else:
                task.add_done_callback(lambda done: self._arrived(shelf, done))
            raise
        self._place(shelf, link, who, use)
        if not self._is_open:
            self._is_open = True
            tell(self.target, "opened")
            await self._fill(shelf, link)
        return link

    def _place(self, shelf: Shelf, link: Link, who: Any, use: str) -> None:
        shelf.opened(link, who, use)
        if shelf is not self._shelf:
            link.close()
            raise closed_meanwhile(self.target)

    def _arrived(self, shelf: Shelf, task: asyncio.Task[Link]) -> None:
        """Take in a connection that nobody waits for any more."""
        if task.cancelled() or task.exception() is not None:
            shelf.not_opened()
            return
        shelf.opened(task.result(), None, "later")
        self.give(task.result())

    async def _fill(self, shelf: Shelf, first: Link) -> None:
        """Open what MIN_POOL_SIZE asks for beyond the first."""
        try:
            while shelf.size < self.target.min_size:
                shelf.opening += 1
                self.give(await self._open(shelf, None, "later"))
        except BaseException:
            self.give(first)
            raise

    async def _connect(self) -> Link:
        attempt = 1
        while True:
            try:
                link = Link(await psycopg.AsyncConnection.connect(**self.target.arguments))
                try:
                    statement = session_statement(link.connection)
                    if statement is not None:
                        await link.cursor.execute(statement)
                except BaseException:
                    link.close()
                    raise
                return link
            except psycopg.Error as error:
                if attempt >= attempts() or not may_connect_again(error):
                    raise not_connected(error, self.target) from error
            await asyncio.sleep(pause(attempt))
            attempt += 1

    def stats(self) -> dict[str, Any]:
        """Return the figures of the pool."""
        return self._shelf.stats()

    def close(self) -> None:
        """Close every connection, without waiting; the next use opens new ones."""
        was_open, self._is_open = self._is_open, False
        shelf, self._shelf = self._shelf, Shelf(self.target)
        for waiter in shelf.empty():
            waiter.fail(closed_meanwhile(self.target))
        if was_open:
            tell(self.target, "closed")

    def abandon(self) -> list[object]:
        """Forget every connection, in the child of a fork; return what must stay alive."""
        self._is_open = False
        shelf, self._shelf = self._shelf, Shelf(self.target)
        return shelf.abandon()


def _turn_down(shelf: Shelf, waiter: TaskWaiter) -> None:
    """Pass on what was given to someone who was cancelled while waiting."""
    future = waiter.future
    if not future.done():
        future.cancel()
        shelf.leave_line(waiter)
    elif future.exception() is None:
        got = future.result()
        if isinstance(got, Link):
            shelf.give(got)
        else:
            shelf.not_opened()


def _task_name(task: Any) -> str:
    return "a pool" if task is None else f"task {task.get_name()!r}"


# -- jobs ------------------------------------------------------------------------------------------


async def _fetch(link: Link, sql: str, params: Sequence[Any]) -> list[Row]:
    await link.cursor.execute(sql, params)
    return let_go(link, await link.cursor.fetchall()) if has_rows(link) else []


async def _execute(link: Link, sql: str, params: Sequence[Any]) -> int:
    await link.cursor.execute(sql, params)
    return count_of(link)


async def _script(link: Link, sql: str, params: Sequence[Any]) -> None:
    # Without parameters the text may hold several statements, and its percent signs are its own.
    await link.cursor.execute(sql)


_JOBS: Final[dict[str, Work]] = {"fetch": _fetch, "execute": _execute, "script": _script}


async def _control(link: Link, statements: Sequence[str]) -> None:
    """Run statements that begin, mark or end a transaction, in one journey."""
    if statements:
        await link.cursor.execute("; ".join(statements))


async def _declare(link: Link, sql: str, params: Sequence[Any], size: int) -> Any:
    cursor = link.connection.cursor(name=link.next_name())
    cursor.arraysize = size
    await cursor.execute(sql, params)
    return cursor


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

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return cast(int, await self._run(_execute, sql, params))

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
                return LoopRows(await _declare(link, sql, params, size), self._pool, link)
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

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        return await _execute(self.link, sql, params)

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        await _script(self.link, sql, params)

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> LoopRows:
        return LoopRows(await _declare(self.link, sql, params, size))

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
    """A cursor of the server. Outside of a block it has a transaction of its own, and a connection."""

    __slots__ = ("_cursor", "_link", "_pool")

    def __init__(self, cursor: Any, pool: LoopPool | None = None, link: Link | None = None) -> None:
        self._cursor = cursor
        self._pool = pool
        self._link = link

    async def fetch(self) -> list[Row]:
        return cast("list[Row]", await self._cursor.fetchmany())

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None or self._link is None:
            if not self._cursor.closed:
                await self._cursor.close()
            return
        try:
            # The end of the transaction is the end of the cursor.
            await _control(self._link, ["COMMIT"])
        finally:
            pool.give(self._link)

    def __del__(self) -> None:
        if self._pool is not None and self._link is not None:
            self._pool.discard(self._link)


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
