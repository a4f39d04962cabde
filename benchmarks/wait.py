"""The asynchronous face: what one hop to aiosqlite's thread costs, and what dorm adds to it.

The floor is the one aiosqlite call that goes and comes back once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiosqlite

from .library import Book, Library, columns_of, plain_books
from .measure import Operation
from .read import BOOKS, keys


def operations(library: Library) -> Iterator[Operation]:
    hop = Hop(library)
    library.on_close.append(hop.close)
    floor_keys, dorm_keys = keys(library.size), keys(library.size)

    async def floor() -> Any:
        return plain_books(await hop.fetch(BOOKS + " WHERE id = ?", (next(floor_keys),)))[0]

    async def by_dorm() -> Any:
        return await Book.objects.aget(pk=next(dorm_keys))

    yield Operation("async get_pk", floor, by_dorm, calls=1_000, answer=columns_of)


class Hop:
    """One held aiosqlite connection, opened at its first statement."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.connection: aiosqlite.Connection | None = None

    async def fetch(self, text: str, values: tuple[Any, ...]) -> Any:
        if self.connection is None:
            self.connection = await aiosqlite.connect(
                self.library.path, isolation_level=None, cached_statements=512
            )
        return await self.connection.execute_fetchall(text, values)

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
