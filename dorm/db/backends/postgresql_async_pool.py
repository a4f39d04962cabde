"""The pool of one event loop: whatever waits in it gives way to the other tasks, and may be cancelled.

Stands on the shelf that the threads' pool has too, and on asyncio.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import ref

from ..transient import attempts, pause
from .postgresql_connection import Target, psycopg, session_statement
from .postgresql_errors import may_connect_again
from .postgresql_pool import Answer, Link, Shelf, closed_meanwhile, not_connected, tell
from .postgresql_wait import connection_class


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
        who = _running_task()
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
        return await self._open(shelf, _running_task(), use)

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
                link = Link(await connection_class().connect(**self.target.arguments))
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


def _running_task() -> Any:
    # Not the task itself: it may hold, by its frames, what holds the connection.
    task = asyncio.current_task()
    return None if task is None else ref(task)


def _task_name(who: Any) -> str:
    if who is None:
        return "the pool itself"
    task = who()
    return "a task that has ended" if task is None else f"task {task.get_name()!r}"
