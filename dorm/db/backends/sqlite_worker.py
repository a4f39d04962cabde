"""One thread with one SQLite connection, and the journey of a job there and back.

Stands on aiosqlite, whose thread it is; knows no SQL.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, TypeAlias, TypeVar, cast

import aiosqlite
from aiosqlite import core

T = TypeVar("T")
Post: TypeAlias = Callable[[Callable[[], object]], None]

# What the thread takes as the order to end; from aiosqlite 0.22 on.
_STOP: Final[object] = getattr(core, "_STOP_RUNNING_SENTINEL", None)


class Worker:
    """A thread that runs jobs one after the other, in the order in which they were posted."""

    __slots__ = ("_lender", "_loop", "_post", "closed", "thread")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.closed = False
        self._lender, self.thread, self._post = _thread()
        self.thread.start()

    async def start(self, connect: Callable[[], T]) -> T:
        """Connect, in the thread; whatever happens meanwhile, no thread is left behind."""
        try:
            return cast(T, await self.run(connect))
        except BaseException:
            self.stop(lambda: None)
            raise

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Return what *work* returns; when this task is cancelled, wait for *work* to end, then raise."""
        if self.closed:
            raise sqlite3.InterfaceError("the connection is closed")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._post(_Journey(self._loop, future, work, arguments))
        try:
            return await future
        except asyncio.CancelledError:
            await self.settle()
            raise

    async def settle(self) -> None:
        """Wait until all that was posted is done, through any number of cancellations."""
        if self.closed:
            return
        mark: asyncio.Future[Any] = self._loop.create_future()
        self._post(_Journey(self._loop, mark, _nothing, ()))
        while not mark.done():
            try:
                await asyncio.wait([mark])
            except asyncio.CancelledError:
                continue

    def post(self, work: Callable[[], object]) -> None:
        """Have *work* done next, and wait for nothing."""
        if not self.closed:
            self._post(work)

    def stop(self, close: Callable[[], object]) -> None:
        """End the thread after what was posted; *close* is its last job."""
        if self.closed:
            return
        self.closed = True
        self._post(_Last(close))

    def join(self, seconds: float) -> None:
        """Wait a while for the thread to end."""
        self.thread.join(seconds)


class _Journey:
    """One job, and the future of the event loop that waits for it."""

    __slots__ = ("arguments", "future", "loop", "work")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        future: asyncio.Future[Any],
        work: Callable[..., Any],
        arguments: tuple[Any, ...],
    ) -> None:
        self.loop = loop
        self.future = future
        self.work = work
        self.arguments = arguments

    def __call__(self) -> None:
        try:
            answer = self.work(*self.arguments)
        # It is raised where it is waited for, whatever it is.
        except BaseException as error:
            self._tell(_fail, error)
        else:
            self._tell(_answer, answer)

    def _tell(self, how: Callable[[asyncio.Future[Any], Any], None], what: Any) -> None:
        try:
            self.loop.call_soon_threadsafe(how, self.future, what)
        # The loop is closed: nobody waits for it any more.
        except RuntimeError:
            return


class _Last:
    """The last job of a thread."""

    __slots__ = ("close",)

    def __init__(self, close: Callable[[], object]) -> None:
        self.close = close

    def __call__(self) -> object:
        try:
            self.close()
        # There is no one left to tell; the connection goes with the thread.
        except sqlite3.Error:
            pass
        return _STOP


def _answer(future: asyncio.Future[Any], answer: Any) -> None:
    if not future.done():
        future.set_result(answer)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def _nothing() -> None:
    return


def _no_connection() -> sqlite3.Connection:
    raise sqlite3.ProgrammingError("this thread opens its connection by a job")


def _thread() -> tuple[object, Thread, Post]:
    """Return a thread that is not started, how to post to it, and what keeps it alive.

    It is aiosqlite's own thread, fed without the two futures and the closure that its methods take for
    each statement. Where a version of it is built otherwise, a thread of ours does the same.
    """
    lender = aiosqlite.Connection(_no_connection, iter_chunk_size=64)
    thread, jobs = getattr(lender, "_thread", None), getattr(lender, "_tx", None)
    if _STOP is not None and isinstance(thread, Thread) and isinstance(jobs, SimpleQueue):
        # An open connection must not keep the process from its end.
        thread.daemon = True
        thread.name = "dorm-sqlite"
        put = jobs.put_nowait
        return lender, thread, lambda job: put((None, job))
    return _own_thread()


def _own_thread() -> tuple[object, Thread, Post]:
    jobs: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def work() -> None:
        while not isinstance(job := jobs.get(), _Last):
            job()
        job()

    return jobs, Thread(target=work, name="dorm-sqlite", daemon=True), jobs.put
