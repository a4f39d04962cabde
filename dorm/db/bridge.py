"""An executor of an event loop, for synchronous code in another thread while the loop's task waits for it.

Stands on the executor alone; each statement is one journey to the loop and back. For code that must take part
in a transaction of the other colour, as a function of a migration.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .driver import Row
from .executor import Executor

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task

T = TypeVar("T")

# The methods of an executor that wait for the database.
JOURNEYS: Final = frozenset(
    {"commit", "execute", "fetch", "many", "result", "rollback", "script", "set_autocommit"}
)


class Bridge:
    """What synchronous code sees of *db*: the same blocks and connections, by blocking the thread."""

    is_async = False

    def __init__(self, db: Executor, loop: AbstractEventLoop, context: Context) -> None:
        self.db = db
        self.alias = db.alias
        self.vendor = db.vendor
        self.dialect = db.dialect
        self._loop = loop
        # That of the task that waits: blocks are found in it.
        self._context = context

    def __repr__(self) -> str:
        return f"<Bridge to {self.db!r}>"

    def wait(self, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine in the loop, and return what it gives; the thread stands still meanwhile."""
        # Imported here: the loop is there, so asyncio is loaded.
        from concurrent.futures import Future

        done: Future[T] = Future()

        async def run() -> None:
            try:
                done.set_result(await start())
            except BaseException as error:
                done.set_exception(error)

        # The loop itself keeps no task alive.
        tasks: list[Task[None]] = []

        def begin() -> None:
            tasks.append(self._loop.create_task(run(), context=self._context))

        self._loop.call_soon_threadsafe(begin)
        return done.result()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.db, name)
        if name not in JOURNEYS:
            return method

        async def journey(*args: Any, **named: Any) -> Any:
            return self.wait(lambda: method(*args, **named))

        return journey

    def call(self, function: Callable[[], T]) -> T:
        """Call a function in the loop, as code of the waiting task."""

        async def called() -> T:
            return function()

        return self.wait(called)

    async def stream(self, sql: str, params: Sequence[Any] = (), size: int = 1000) -> BridgeCursor:
        """Start one statement whose rows are fetched *size* at a time."""
        return BridgeCursor(self, self.wait(lambda: self.db.stream(sql, params, size)))

    def atomic(self, **demands: Any) -> BridgeBlock:
        """Return a block of the loop's transaction."""
        return BridgeBlock(self, self.db.atomic(**demands))

    @property
    def in_atomic(self) -> bool:
        """Tell whether the waiting task is inside a transaction."""
        return self.call(lambda: self.db.in_atomic)

    def current_block(self) -> Any:
        """Return the innermost open block of the waiting task, or None."""
        return self.call(self.db.current_block)


class BridgeBlock:
    """An atomic block of the loop's, entered and left by the other thread."""

    def __init__(self, bridge: Bridge, block: Any) -> None:
        self._bridge = bridge
        self._block = block

    def __getattr__(self, name: str) -> Any:
        return getattr(self._block, name)

    def enter(self) -> None:
        """Open the block."""
        self._bridge.call(self._block.enter)

    def end_unused(self) -> bool:
        """End the block if nothing was sent in it; tell whether that was so."""
        ended: bool = self._bridge.call(self._block.end_unused)
        return ended

    async def __aenter__(self) -> Any:
        return self._bridge.wait(self._block.__aenter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Any:
        return self._bridge.wait(lambda: self._block.__aexit__(kind, error, trace))


class BridgeCursor:
    """Rows that come a chunk at a time, each by a journey to the loop."""

    def __init__(self, bridge: Bridge, cursor: Any) -> None:
        self._bridge = bridge
        self._cursor = cursor

    async def fetch(self) -> list[Row]:
        """Return the next chunk, `[]` at the end and ever after."""
        rows: list[Row] = self._bridge.wait(self._cursor.fetch)
        return rows

    async def close(self) -> None:
        """Give the rest up."""
        self._bridge.wait(self._cursor.close)
