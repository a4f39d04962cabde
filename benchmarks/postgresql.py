"""The operations on PostgreSQL, sync and async, beside psycopg used by hand.

The floor holds an autocommit connection and one cursor on it, so statements are prepared by themselves;
the many readers share ten such connections.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import cycle
from typing import Any

import psycopg

import dorm
from dorm.db.connection import close_all_async, reset_connections
from dorm.transaction import aatomic, atomic
from tests.server import Room

from .library import AUTHORS, COLUMNS, Author, Book, PlainBook, book_values, columns_of
from .measure import Operation
from .read import keys

BOOKS = f"SELECT {', '.join(COLUMNS)} FROM book"
BY_KEY = BOOKS + " WHERE id = %s"
FIRST = BOOKS + " WHERE pages >= %s AND in_print = %s ORDER BY id LIMIT 1"
COUNT = "SELECT COUNT(*) FROM book WHERE pages >= %s"
EXISTS = "SELECT 1 FROM book WHERE id = %s LIMIT 1"
UPDATE = "UPDATE book SET pages = %s WHERE id = %s"
WRITTEN = ", ".join(COLUMNS[1:])
INSERT = f"INSERT INTO book ({WRITTEN}) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"
RESERVE = "SELECT nextval(pg_get_serial_sequence('book', 'id')) FROM generate_series(1, %s)"
COPY = f"COPY book (id, {WRITTEN}) FROM STDIN"
READERS, CONNECTIONS = 200, 10

Way = Callable[[], Any]


class PostgreSQLLibrary:
    """A database with *size* books on a server, open for both sides."""

    def __init__(self, room: Room, size: int) -> None:
        self.room = room
        self.size = size
        room.empty()
        dorm.configure(DATABASES={"default": {**room.settings, "MAX_POOL_SIZE": CONNECTIONS}})
        dorm.create_tables(Author, Book)
        Author.objects.bulk_create(
            [
                Author(name=f"Author {number}", email=f"author{number}@example.org")
                for number in range(AUTHORS)
            ]
        )
        Book.objects.bulk_create([Book(**book_values(number)) for number in range(size)])
        room.run("ANALYZE")
        self.connection = psycopg.connect(**room.arguments, autocommit=True)
        self.cursor = self.connection.cursor()
        self.held: list[tuple[psycopg.AsyncConnection[Any], psycopg.AsyncCursor[Any]]] = []

    async def open(self) -> None:
        """Open the floor's ten asynchronous connections, in the loop that uses them."""
        while len(self.held) < CONNECTIONS:
            connection = await psycopg.AsyncConnection.connect(**self.room.arguments, autocommit=True)
            self.held.append((connection, connection.cursor()))

    def forget_new_books(self) -> None:
        """Delete what a writing operation has added."""
        self.room.run("DELETE FROM book WHERE id > %s", self.size)

    async def close(self) -> None:
        """Close what either side has opened, in the loop that the asynchronous operations ran in."""
        await close_all_async()
        for connection, _ in self.held:
            await connection.close()
        self.connection.close()
        reset_connections()


def operations(library: PostgreSQLLibrary) -> Iterator[Operation]:
    yield from _pairs(library, _sync_ways(library), "pg ")
    yield from _pairs(library, _async_ways(library), "pg async ")
    yield _gather(library)


CALLS = {"fetch_10k": 1, "values_10k": 1, "bulk_create_10k": 1, "count": 50, "create_one": 200}
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "get_pk": columns_of,
    "filter_first": columns_of,
    "fetch_10k": lambda books: sorted(map(columns_of, books), key=lambda book: book[0]),
    "values_10k": lambda rows: sorted(rows, key=lambda row: row["id"]),
    "create_one": lambda book: book.title,
    "bulk_create_10k": lambda books: [book.title for book in books if book.id],
}


def _pairs(library: PostgreSQLLibrary, ways: dict[str, tuple[Way, Way]], head: str) -> Iterator[Operation]:
    for name, (floor, by_dorm) in ways.items():
        yield Operation(
            head + name,
            floor,
            by_dorm,
            calls=CALLS.get(name, 500),
            before=library.forget_new_books,
            answer=ANSWERS.get(name, lambda result: result),
        )


def _sync_ways(library: PostgreSQLLibrary) -> dict[str, tuple[Way, Way]]:
    cursor, size, objects = library.cursor, library.size, Book.objects
    mine, theirs = keys(size), keys(size)
    values = [book_values(number) for number in range(size)]
    plain_values, dorm_values = cycle(values), cycle(values)

    def fetch(text: str, params: Sequence[Any] = ()) -> list[Any]:
        return cursor.execute(text, params).fetchall()

    def create() -> PlainBook:
        book = plain_book(next(plain_values))
        book.id = fetch(INSERT, parameters(book))[0][0]
        return book

    def copy() -> list[PlainBook]:
        books = [plain_book(one) for one in values]
        with library.connection.transaction():
            for book, (key,) in zip(books, fetch(RESERVE, (len(books),))):
                book.id = key
            with cursor.copy(COPY) as rows:
                for book in books:
                    rows.write_row((book.id, *parameters(book)))
        return books

    def empty() -> None:
        cursor.execute("BEGIN")
        cursor.execute("COMMIT")

    def empty_dorm() -> None:
        with atomic():
            pass

    def update() -> int:
        cursor.execute("BEGIN")
        key = next(mine)
        count = cursor.execute(UPDATE, (same_pages(key), key)).rowcount
        cursor.execute("COMMIT")
        return count

    def update_dorm() -> Any:
        key = next(theirs)
        with atomic():
            return objects.filter(pk=key).update(pages=same_pages(key))

    return {
        "get_pk": (
            lambda: plain_books(fetch(BY_KEY, (next(mine),)))[0],
            lambda: objects.get(pk=next(theirs)),
        ),
        "filter_first": (
            lambda: plain_books(fetch(FIRST, (next(mine) % 800, True)))[0],
            lambda: objects.filter(pages__gte=next(theirs) % 800, in_print=True).order_by("id").first(),
        ),
        "count": (lambda: fetch(COUNT, (400,))[0][0], lambda: objects.filter(pages__gte=400).count()),
        "exists": (
            lambda: bool(fetch(EXISTS, (next(mine),))),
            lambda: objects.filter(pk=next(theirs)).exists(),
        ),
        "fetch_10k": (lambda: plain_books(fetch(BOOKS)), lambda: list(objects.all())),
        "values_10k": (lambda: plain_rows(fetch(BOOKS)), lambda: list(objects.values(*COLUMNS))),
        "create_one": (create, lambda: objects.create(**next(dorm_values))),
        "bulk_create_10k": (copy, lambda: objects.bulk_create([Book(**one) for one in values])),
        "atomic_empty": (empty, empty_dorm),
        "atomic_update": (update, update_dorm),
    }


def _async_ways(library: PostgreSQLLibrary) -> dict[str, tuple[Way, Way]]:
    size, objects = library.size, Book.objects
    mine, theirs = keys(size), keys(size)
    values = [book_values(number) for number in range(size)]
    plain_values, dorm_values = cycle(values), cycle(values)

    async def fetch(text: str, params: Sequence[Any] = ()) -> list[Any]:
        if not library.held:
            await library.open()
        cursor = library.held[0][1]
        await cursor.execute(text, params)
        return await cursor.fetchall()

    async def run(text: str, params: Sequence[Any] = ()) -> int:
        if not library.held:
            await library.open()
        return (await library.held[0][1].execute(text, params)).rowcount

    async def get() -> Any:
        return plain_books(await fetch(BY_KEY, (next(mine),)))[0]

    async def get_dorm() -> Any:
        return await objects.aget(pk=next(theirs))

    async def first() -> Any:
        return plain_books(await fetch(FIRST, (next(mine) % 800, True)))[0]

    async def first_dorm() -> Any:
        return await objects.filter(pages__gte=next(theirs) % 800, in_print=True).order_by("id").afirst()

    async def count() -> Any:
        return (await fetch(COUNT, (400,)))[0][0]

    async def count_dorm() -> Any:
        return await objects.filter(pages__gte=400).acount()

    async def exists() -> bool:
        return bool(await fetch(EXISTS, (next(mine),)))

    async def exists_dorm() -> Any:
        return await objects.filter(pk=next(theirs)).aexists()

    async def all_books() -> Any:
        return plain_books(await fetch(BOOKS))

    async def all_dorm() -> Any:
        return await objects.all()

    async def rows() -> Any:
        return plain_rows(await fetch(BOOKS))

    async def rows_dorm() -> Any:
        return await objects.values(*COLUMNS)

    async def create() -> PlainBook:
        book = plain_book(next(plain_values))
        book.id = (await fetch(INSERT, parameters(book)))[0][0]
        return book

    async def create_dorm() -> Any:
        return await objects.acreate(**next(dorm_values))

    async def copy() -> list[PlainBook]:
        books = [plain_book(one) for one in values]
        await run("BEGIN")
        for book, (key,) in zip(books, await fetch(RESERVE, (len(books),))):
            book.id = key
        async with library.held[0][1].copy(COPY) as copied:
            for book in books:
                await copied.write_row((book.id, *parameters(book)))
        await run("COMMIT")
        return books

    async def bulk_dorm() -> Any:
        return await objects.abulk_create([Book(**one) for one in values])

    async def empty() -> None:
        await run("BEGIN")
        await run("COMMIT")

    async def empty_dorm() -> None:
        async with aatomic():
            pass

    async def update() -> int:
        key = next(mine)
        await run("BEGIN")
        changed = await run(UPDATE, (same_pages(key), key))
        await run("COMMIT")
        return changed

    async def update_dorm() -> Any:
        key = next(theirs)
        async with aatomic():
            return await objects.filter(pk=key).aupdate(pages=same_pages(key))

    return {
        "get_pk": (get, get_dorm),
        "filter_first": (first, first_dorm),
        "count": (count, count_dorm),
        "exists": (exists, exists_dorm),
        "fetch_10k": (all_books, all_dorm),
        "values_10k": (rows, rows_dorm),
        "create_one": (create, create_dorm),
        "bulk_create_10k": (copy, bulk_dorm),
        "atomic_empty": (empty, empty_dorm),
        "atomic_update": (update, update_dorm),
    }


def _gather(library: PostgreSQLLibrary) -> Operation:
    mine, theirs = keys(library.size), keys(library.size)

    async def floor() -> Any:
        await library.open()
        free: asyncio.LifoQueue[psycopg.AsyncCursor[Any]] = asyncio.LifoQueue()
        for _, cursor in library.held:
            free.put_nowait(cursor)

        async def get(key: int) -> Any:
            cursor = await free.get()
            await cursor.execute(BY_KEY, (key,))
            rows = await cursor.fetchall()
            free.put_nowait(cursor)
            return plain_books(rows)[0]

        return await _all(get(next(mine)) for _ in range(READERS))

    async def by_dorm() -> Any:
        return await _all(Book.objects.aget(pk=next(theirs)) for _ in range(READERS))

    return Operation(
        "pg async gather_200", floor, by_dorm, calls=3, answer=lambda got: list(map(columns_of, got))
    )


async def _all(work: Iterator[Awaitable[Any]]) -> list[Any]:
    return await asyncio.gather(*work)


def same_pages(key: int) -> int:
    """Return the pages that the book has already, so that an update changes no answer."""
    return (key - 1) % 900 + 20


def plain_book(values: dict[str, Any]) -> PlainBook:
    book = PlainBook()
    book.__dict__.update(values)
    return book


def parameters(book: PlainBook) -> tuple[Any, ...]:
    return (
        book.title,
        book.author_id,
        book.pages,
        book.price,
        book.in_print,
        book.published,
        json.dumps(book.details),
    )


def plain_books(rows: list[tuple[Any, ...]]) -> list[PlainBook]:
    """Return a book for each row; psycopg has converted the values."""
    books = []
    new = object.__new__
    for id, title, author_id, pages, price, in_print, published, details in rows:
        book = new(PlainBook)
        book.id = id
        book.title = title
        book.author_id = author_id
        book.pages = pages
        book.price = price
        book.in_print = in_print
        book.published = published
        book.details = details
        books.append(book)
    return books


def plain_rows(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "title": title,
            "author_id": author_id,
            "pages": pages,
            "price": price,
            "in_print": in_print,
            "published": published,
            "details": details,
        }
        for id, title, author_id, pages, price, in_print, published, details in rows
    ]
