"""The database as users hold it in their hands: raw SQL and transactions by hand, in two colours.

Stands on the executors, which it looks up anew at each call; so one object serves every thread and loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._run import run_sync
from ..sql.placeholders import with_placeholders
from .around import Around, ExecuteWrapper
from .cursors import AsyncRawCursor, RawCursor
from .driver import Row
from .executor import Executor


class _Wrapper:
    """What both colours have in common."""

    __slots__ = ("_executor", "_stats", "alias", "vendor")

    def __init__(
        self,
        alias: str,
        vendor: str,
        executor: Callable[[str], Executor],
        stats: Callable[[str], dict[str, Any]],
    ) -> None:
        self.alias = alias
        self.vendor = vendor
        self._executor = executor
        self._stats = stats

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.alias!r}: {self.vendor}>"

    @property
    def autocommit(self) -> bool:
        """Tell whether each statement of this thread or task is committed by itself outside of blocks."""
        return self._executor(self.alias).autocommit

    @property
    def in_atomic_block(self) -> bool:
        """Tell whether the running code is in an atomic block, or has switched autocommit off."""
        return self._executor(self.alias).in_atomic

    def execute_wrapper(self, wrapper: Around) -> ExecuteWrapper:
        """Return a with-block in which *wrapper* stands around each statement that the running code sends.

        `wrapper(execute, sql, params, many, context)` sends it by `execute(sql, params, many, context)` and
        returns what that returns; in asynchronous code it is a coroutine function, and awaits it.
        """
        return ExecuteWrapper(lambda: self._executor(self.alias), wrapper, self)

    def pool_stats(self) -> dict[str, Any]:
        """Return "vendor", "open" (whether there is a connection here) and, of a pool, its figures."""
        return {"vendor": self.vendor, **self._stats(self.alias)}


class Connection(_Wrapper):
    """One database for synchronous code. What it does belongs to the thread that calls."""

    __slots__ = ()

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> list[Row]:
        """Run one statement and return its rows, `[]` when it has none.

        With *params*, each `%s` outside of texts and names is a placeholder and `%%` a percent sign.
        """
        return run_sync(_execute(self._executor(self.alias), sql, params))

    def cursor(self) -> RawCursor:
        """Return a cursor with PEP 249's names: `with connection.cursor() as cursor:`."""
        return RawCursor(self._executor, self.alias)

    def execute_script(self, sql: str) -> None:
        """Run several statements, in the open transaction; outside of one, each is committed by itself."""
        run_sync(self._executor(self.alias).script(sql))

    def table_exists(self, name: str) -> bool:
        """Tell whether there is a table or view of this name."""
        return run_sync(_table_exists(self._executor(self.alias), name))

    def get_table_columns(self, table: str) -> list[dict[str, Any]]:
        """Return name, type, null, default and primary_key of each column; `[]` without such a table."""
        return run_sync(_table_columns(self._executor(self.alias), table))

    def set_autocommit(self, autocommit: bool) -> None:
        """Choose who commits: each statement itself, or `commit()`. Switching it on commits what is open."""
        run_sync(self._executor(self.alias).set_autocommit(autocommit))

    def commit(self) -> None:
        """Commit what was done since set_autocommit(False) or the last commit(); else do nothing."""
        run_sync(self._executor(self.alias).commit())

    def rollback(self) -> None:
        """Undo what was done since set_autocommit(False) or the last commit(); else do nothing."""
        run_sync(self._executor(self.alias).rollback())


class AsyncConnection(_Wrapper):
    """One database for asynchronous code. What it does belongs to the task that calls."""

    __slots__ = ()

    async def execute(self, sql: str, params: Sequence[Any] | None = None) -> list[Row]:
        """Run one statement and return its rows, `[]` when it has none.

        With *params*, each `%s` outside of texts and names is a placeholder and `%%` a percent sign.
        """
        return await _execute(self._executor(self.alias), sql, params)

    def cursor(self) -> AsyncRawCursor:
        """Return a cursor with PEP 249's names: `async with connection.cursor() as cursor:`."""
        return AsyncRawCursor(self._executor, self.alias)

    async def execute_script(self, sql: str) -> None:
        """Run several statements, in the open transaction; outside of one, each is committed by itself."""
        await self._executor(self.alias).script(sql)

    async def table_exists(self, name: str) -> bool:
        """Tell whether there is a table or view of this name."""
        return await _table_exists(self._executor(self.alias), name)

    async def get_table_columns(self, table: str) -> list[dict[str, Any]]:
        """Return name, type, null, default and primary_key of each column; `[]` without such a table."""
        return await _table_columns(self._executor(self.alias), table)

    async def set_autocommit(self, autocommit: bool) -> None:
        """Choose who commits: each statement itself, or `commit()`. Switching it on commits what is open."""
        await self._executor(self.alias).set_autocommit(autocommit)

    async def commit(self) -> None:
        """Commit what was done since set_autocommit(False) or the last commit(); else do nothing."""
        await self._executor(self.alias).commit()

    async def rollback(self) -> None:
        """Undo what was done since set_autocommit(False) or the last commit(); else do nothing."""
        await self._executor(self.alias).rollback()


async def _execute(db: Executor, sql: str, params: Sequence[Any] | None) -> list[Row]:
    text, values = with_placeholders(sql, params, db.vendor)
    return await db.fetch(text, values)


# Introspection is imported here: few programs ask what tables there are, and `import dorm` is measured.


async def _table_exists(db: Executor, name: str) -> bool:
    from .introspection import table_exists

    return await table_exists(db, name)


async def _table_columns(db: Executor, table: str) -> list[dict[str, Any]]:
    from .introspection import table_columns

    return await table_columns(db, table)
