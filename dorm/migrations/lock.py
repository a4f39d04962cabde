"""One migrator at a time: the lock that is taken before anything is read.

Stands on the executors. PostgreSQL has advisory locks; SQLite has one writer, and its lock comes with BEGIN.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from types import TracebackType
from typing import Final

from ..db.block import Block
from ..db.connection import Aside
from ..db.executor import Executor
from ..db.utils import asleep
from ..exceptions import Error, MigrationError
from .recorder import TABLE

PAUSE: Final = 0.1

# Asked for again and again instead of waited for: a statement that waits keeps a snapshot, for which
# CREATE INDEX CONCURRENTLY waits in turn.
_TRY: Final = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended("
    f"'dorm {TABLE} ' || coalesce(current_schema(), ''), 0))"
)
# It lies idle while migrations run, for as long as they take.
_PATIENCE: Final = (
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')"
)


class MigrationLock:
    """A with-block in which no other process migrates the database; *on_wait* is called before a wait.

    The lock is a transaction's, on a connection of its own: it holds through PgBouncer, it needs no place in
    the pool, and it is gone when the process is. Each schema has its own.
    """

    def __init__(self, db: Executor, on_wait: Callable[[], object]) -> None:
        self._db = db
        self._on_wait = on_wait
        self._aside: Aside | None = None
        self._block: Block | None = None

    async def __aenter__(self) -> MigrationLock:
        """Wait for the lock, however long it takes."""
        if self._db.vendor == "postgresql":
            await self._open()
        return self

    async def _open(self) -> None:
        self._aside = Aside(self._db.alias, is_async=self._db.is_async)
        try:
            await self._take(self._aside.executor)
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise

    async def _take(self, db: Executor) -> None:
        self._block = db.atomic()
        await self._block.__aenter__()
        await db.fetch(_PATIENCE)
        if await _is_taken(db):
            return
        self._on_wait()
        while not await _is_taken(db):
            await pause(db)

    async def check(self) -> None:
        """Raise MigrationError when the lock is lost, as with its connection."""
        if self._aside is None:
            return
        try:
            await self._aside.executor.fetch("SELECT 1")
        except Error as error:
            raise MigrationError(
                f"the connection that holds the lock of migrations on {self._db.alias!r} was lost: what was "
                "applied so far is recorded; run the command again"
            ) from error

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the others have it."""
        aside, self._aside = self._aside, None
        block, self._block = self._block, None
        if aside is None:
            return
        try:
            if block is not None:
                # Nothing was done in it: to be rolled back is how it ends also when its connection is lost.
                block.set_rollback(True)
                await block.__aexit__(None, None, None)
        finally:
            await aside.aclose()


async def _is_taken(db: Executor) -> bool:
    return bool((await db.fetch(_TRY))[0][0])


async def pause(db: Executor) -> None:
    """Wait for a moment, as the colour of *db* does."""
    if db.is_async:
        await asleep(PAUSE)
    else:
        sleep(PAUSE)
