"""Raw cursors, with PEP 249's names, in two colours.

Stands on the executors. A statement's rows come with it, in one journey: a cursor holds no connection, so
there is nothing to leak, and outside of an atomic block each statement is committed by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Self

from .._run import run_sync
from ..exceptions import InterfaceError, ProgrammingError
from ..sql.placeholders import with_placeholders
from .driver import Result, Row
from .executor import Executor


class _Cursor:
    """What both colours have in common: the result of the last statement, and how far it was read."""

    __slots__ = ("_alias", "_executor", "_is_closed", "_position", "_result", "arraysize")

    def __init__(self, executor: Callable[[str], Executor], alias: str) -> None:
        self._executor = executor
        self._alias = alias
        self._result: Result | None = None
        self._position = 0
        self._is_closed = False
        # How many rows fetchmany() gives by itself.
        self.arraysize = 1

    def __repr__(self) -> str:
        state = "closed" if self._is_closed else "open"
        return f"<{type(self).__name__} of {self._alias!r}: {state}>"

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """Seven values for each column, the name first; None where the last statement gives no rows."""
        return None if self._result is None else self._result.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement gave or changed; -1 where that means nothing."""
        return -1 if self._result is None else self._result.count

    @property
    def lastrowid(self) -> int | None:
        """SQLite's key of the row that was inserted last; None on PostgreSQL: say RETURNING."""
        return None if self._result is None else self._result.last_id

    async def _execute(self, sql: str, params: Sequence[Any] | None) -> None:
        db = self._begin()
        text, values = with_placeholders(sql, params, db.vendor)
        self._result = await db.result(text, values)

    async def _execute_many(self, sql: str, params: Sequence[Sequence[Any]]) -> None:
        db = self._begin()
        sets = [with_placeholders(sql, each, db.vendor) for each in params]
        count = await db.many(sets[0][0], [values for _, values in sets]) if sets else 0
        self._result = Result(None, [], count)

    def _begin(self) -> Executor:
        """Forget the last result; a statement that fails leaves none."""
        self._refuse_closed()
        self._result, self._position = None, 0
        return self._executor(self._alias)

    def _take(self, count: int | None) -> list[Row]:
        """Return the next rows, all that are left when *count* is None."""
        self._refuse_closed()
        if self._result is None or self._result.description is None:
            raise ProgrammingError("there are no rows to fetch: execute() a statement that gives some first")
        rows, start = self._result.rows, self._position
        self._position = len(rows) if count is None else min(start + count, len(rows))
        return rows[start : self._position]

    def _one(self) -> Row | None:
        rows = self._take(1)
        return rows[0] if rows else None

    def _many(self, size: int | None) -> list[Row]:
        return self._take(self.arraysize if size is None else size)

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise InterfaceError("the cursor is closed: take a new one from cursor()")

    def _close(self) -> None:
        self._is_closed = True
        self._result = None


class RawCursor(_Cursor):
    """A cursor of synchronous code: `with get_connection().cursor() as cursor:`."""

    __slots__ = ()

    def __enter__(self) -> Self:
        self._refuse_closed()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> Self:
        """Run one statement, with `%s` for each of *params*; return the cursor."""
        run_sync(self._execute(sql, params))
        return self

    def executemany(self, sql: str, params: Sequence[Sequence[Any]]) -> Self:
        """Run one statement once for each of *params*, all or nothing; its rows are not kept."""
        run_sync(self._execute_many(sql, params))
        return self

    def fetchone(self) -> Row | None:
        """Return the next row; None when there are no more."""
        return self._one()

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """Return the next *size* rows, `arraysize` of them by default; `[]` when there are no more."""
        return self._many(size)

    def fetchall(self) -> list[Row]:
        """Return all rows that are left."""
        return self._take(None)

    def __iter__(self) -> Iterator[Row]:
        while (row := self._one()) is not None:
            yield row

    def close(self) -> None:
        """Let the rows go; harmless when it is closed."""
        self._close()


class AsyncRawCursor(_Cursor):
    """A cursor of asynchronous code: `async with get_async_connection().cursor() as cursor:`."""

    __slots__ = ()

    async def __aenter__(self) -> Self:
        self._refuse_closed()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def execute(self, sql: str, params: Sequence[Any] | None = None) -> Self:
        """Run one statement, with `%s` for each of *params*; return the cursor."""
        await self._execute(sql, params)
        return self

    async def executemany(self, sql: str, params: Sequence[Sequence[Any]]) -> Self:
        """Run one statement once for each of *params*, all or nothing; its rows are not kept."""
        await self._execute_many(sql, params)
        return self

    async def fetchone(self) -> Row | None:
        """Return the next row; None when there are no more."""
        return self._one()

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        """Return the next *size* rows, `arraysize` of them by default; `[]` when there are no more."""
        return self._many(size)

    async def fetchall(self) -> list[Row]:
        """Return all rows that are left."""
        return self._take(None)

    async def __aiter__(self) -> AsyncIterator[Row]:
        while (row := self._one()) is not None:
            yield row

    async def close(self) -> None:
        """Let the rows go; harmless when it is closed."""
        self._close()
