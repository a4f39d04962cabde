"""An asynchronous connection that waits for the server at half the cost of psycopg's own.

Stands on psycopg's generators, which say what to wait for, and on asyncio. psycopg adds the socket to the
event loop and takes it out again for each wait, with a timer beside it; here it stays, and each wait is one
future. The class is used with the versions of psycopg that it was tested with: see `connection_class()`.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any, Final

# Before psycopg itself: it says what to do where there is none.
from .postgresql_connection import psycopg  # isort: skip
from psycopg import waiting

ACTIVE: Final = psycopg.pq.TransactionStatus.ACTIVE
READ: Final = waiting.Wait.R
READY_TO_READ: Final = waiting.Ready.R
READY_TO_WRITE: Final = waiting.Ready.W

# What the server may need to end a statement that was cancelled, before its connection is given up.
PATIENCE: Final = 5.0
# After which time it is asked again; twice as long each time.
FIRST_WAIT: Final = 0.1


class LoopConnection(psycopg.AsyncConnection[Any]):
    """A connection whose socket the running event loop watches between statements too."""

    _loop: asyncio.AbstractEventLoop | None = None
    _future: asyncio.Future[Any] | None = None
    _descriptor = -1
    _strays = 0

    async def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Run *gen* to its end, and return what it returns; a cancelled one is cancelled on the server."""
        if timeout is not None:
            self.unwatch()
            return await super().wait(gen, interval, timeout)
        try:
            return await self._run(gen)
        except (asyncio.CancelledError, KeyboardInterrupt):
            self.unwatch()
            if self.pgconn.transaction_status == ACTIVE:
                await self._end_statement(gen, interval)
            raise
        # The socket may be closed by now, and its number be given to another.
        except BaseException:
            self.unwatch()
            raise

    async def _run(self, gen: Any) -> Any:
        try:
            state = next(gen)
            # The statement has just been written: there is nearly always room for it.
            if state != READ:
                state = gen.send(READY_TO_WRITE)
            while True:
                ready = await (self._data() if state == READ else self._room())
                state = gen.send(ready)
        except StopIteration as done:
            return done.value

    def _data(self) -> asyncio.Future[Any]:
        """Return what is done when the server has sent something."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self.unwatch()
            self._descriptor = self.pgconn.socket
            loop.add_reader(self._descriptor, self._has_come)
            self._loop = loop
        self._strays = 0
        self._future = future = loop.create_future()
        return future

    def _has_come(self) -> None:
        future, self._future = self._future, None
        if future is not None:
            if not future.done():
                future.set_result(READY_TO_READ)
            return
        # Once, it is what the task that was just woken has not read yet; then it is what nobody waits for,
        # such as the end of the connection, and would keep the loop busy.
        self._strays += 1
        if self._strays > 1:
            self.unwatch()

    async def _room(self) -> Any:
        """Wait until the socket takes more, or the server has something to say first."""
        data = self._data()
        loop = asyncio.get_running_loop()
        loop.add_writer(self._descriptor, self._has_room)
        try:
            return await data
        finally:
            loop.remove_writer(self._descriptor)

    def _has_room(self) -> None:
        future, self._future = self._future, None
        if future is not None and not future.done():
            future.set_result(READY_TO_WRITE)

    def unwatch(self) -> None:
        """Have the loop forget the socket, which must come before it is closed."""
        loop, self._loop, self._future = self._loop, None, None
        if loop is None or loop.is_closed():
            return
        if asyncio._get_running_loop() is loop or not loop.is_running():
            loop.remove_reader(self._descriptor)
        else:
            # Another thread closes what this loop has.
            loop.call_soon_threadsafe(loop.remove_reader, self._descriptor)

    async def _end_statement(self, gen: Any, interval: float) -> None:
        """Have the server end what runs, and read its last word; close the connection if it has none.

        A request that overtakes its statement finds nothing to end, so it is made again until one does.
        """
        last, wait = monotonic() + PATIENCE, FIRST_WAIT
        try:
            while not await self._is_ended(gen, interval, wait):
                if monotonic() >= last:
                    self.pgconn.finish()
                    return
                wait *= 2
        # Whatever came in between, another cancellation included: nobody knows what the server does now.
        except BaseException:
            if self.pgconn.transaction_status == ACTIVE:
                self.pgconn.finish()

    async def _is_ended(self, gen: Any, interval: float, wait: float) -> bool:
        """Ask the server to end what runs; tell whether it has said its last word within *wait* seconds."""
        await self.cancel_safe(timeout=PATIENCE)
        try:
            await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=wait)
        except psycopg.OperationalError:
            # The statement that was cancelled, a wait that was in vain, or a connection that is lost.
            return bool(self.pgconn.transaction_status != ACTIVE)
        return True


def connection_class() -> type[psycopg.AsyncConnection[Any]]:
    """Return ours, or psycopg's own beside a version that nobody has tried."""
    tried = psycopg.__version__.split(".")[:2] in (["3", "2"], ["3", "3"])
    return LoopConnection if tried else psycopg.AsyncConnection
