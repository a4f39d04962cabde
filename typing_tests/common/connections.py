"""The database by hand: raw rows, cursors, and functions around every statement."""

from __future__ import annotations

from typing import Any, reveal_type

from dorm import capture_queries
from dorm.db.connection import get_async_connection, get_connection


def by_hand() -> None:
    reveal_type(get_connection().execute("SELECT 1"))  # R: list[tuple[Any, ...]]
    with get_connection().cursor() as cursor:
        reveal_type(cursor)  # R: RawCursor
        reveal_type(cursor.execute("SELECT 1"))  # R: RawCursor
        reveal_type(cursor.fetchone())  # R: tuple[Any, ...] | None
        reveal_type(cursor.fetchall())  # R: list[tuple[Any, ...]]
        reveal_type(cursor.rowcount)  # R: int
        for row in cursor:
            reveal_type(row)  # R: tuple[Any, ...]
        cursor.execute(7)  # E:
    with capture_queries(transactions=True) as queries:
        reveal_type(queries)  # R: CapturedQueries


async def by_hand_and_awaited() -> None:
    async with get_async_connection().cursor() as cursor:
        reveal_type(cursor)  # R: AsyncRawCursor
        reveal_type(await cursor.fetchmany(2))  # R: list[tuple[Any, ...]]
        async for row in cursor:
            reveal_type(row)  # R: tuple[Any, ...]


def around(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    return execute(sql, params, many, context)


def wrapped() -> None:
    with get_connection().execute_wrapper(around):
        pass
    get_connection().execute_wrapper("around")  # E:
