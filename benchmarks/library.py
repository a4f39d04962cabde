"""The tables, models and plain objects that every operation works on, and a database full of them.

The floor's side is here too: its connection, its classes, and its conversions, written out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import dorm
from dorm.db.connection import close_all_async, reset_connections

START = datetime(2026, 1, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc)
AUTHORS = 100


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    email = dorm.EmailField()

    class Meta:
        db_table = "author"


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
    pages = dorm.IntegerField()
    price = dorm.DecimalField(max_digits=8, decimal_places=2)
    in_print = dorm.BooleanField(default=True)
    published = dorm.DateTimeField()
    details = dorm.JSONField()

    class Meta:
        db_table = "book"


class PlainAuthor:
    """The floor's author."""

    id: int
    name: str
    email: str
    books: list[PlainBook]


class PlainBook:
    """The floor's book: 8 columns, none of which is what SQLite keeps but for three."""

    id: int
    title: str
    author_id: int
    pages: int
    price: Decimal
    in_print: bool
    published: datetime
    details: Any
    author: PlainAuthor


COLUMNS = ("id", "title", "author_id", "pages", "price", "in_print", "published", "details")


def book_values(number: int) -> dict[str, Any]:
    """Return the values of the book of that number, but for its key."""
    return {
        "title": f"Book {number:05}",
        "author_id": number % AUTHORS + 1,
        "pages": number % 900 + 20,
        "price": Decimal(number % 5_000) / 100 + 1,
        "in_print": number % 3 > 0,
        "published": START + timedelta(minutes=number),
        "details": {"shelf": number % 40, "tags": ["a", "b"], "rating": 4.5},
    }


def stored(values: dict[str, Any]) -> tuple[Any, ...]:
    """Return what SQLite keeps for a book, in the order of its columns, but for the key."""
    return (
        values["title"],
        values["author_id"],
        values["pages"],
        float(values["price"]),
        values["in_print"],
        values["published"].isoformat(" ")[:-6],
        json.dumps(values["details"]),
    )


class Library:
    """A database file with *size* books in it, open for both sides."""

    def __init__(self, folder: Path, size: int) -> None:
        self.path = folder / "library.sqlite3"
        self.size = size
        options = {"journal_mode": "WAL", "synchronous": "NORMAL"}
        dorm.configure(
            DATABASES={"default": {"ENGINE": "sqlite", "NAME": str(self.path), "OPTIONS": options}}
        )
        dorm.create_tables(Author, Book)
        self.connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=512)
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.on_close: list[Callable[[], Awaitable[None]]] = [close_all_async]
        self._fill()

    def _fill(self) -> None:
        authors = (
            (number + 1, f"Author {number}", f"author{number}@example.org") for number in range(AUTHORS)
        )
        books = ((number + 1, *stored(book_values(number))) for number in range(self.size))
        self.connection.execute("BEGIN")
        self.connection.executemany("INSERT INTO author (id, name, email) VALUES (?, ?, ?)", authors)
        self.connection.executemany(
            f"INSERT INTO book ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", books
        )
        self.connection.execute("COMMIT")

    def forget_new_books(self) -> None:
        """Delete what a writing operation has added."""
        self.connection.execute("DELETE FROM book WHERE id > ?", (self.size,))

    async def close(self) -> None:
        """Close what either side has opened, in the loop that the asynchronous operations ran in."""
        for close in self.on_close:
            await close()
        self.connection.close()
        reset_connections()


def columns_of(book: Any) -> tuple[Any, ...]:
    """Return the values of either side's book, types included, for comparing."""
    return tuple((type(value), value) for value in (getattr(book, name) for name in COLUMNS))


def plain_books(rows: Iterator[tuple[Any, ...]]) -> list[PlainBook]:
    """Return a book for each row: the loop that one would write for this query."""
    books = []
    new, parse, number, loads = object.__new__, datetime.fromisoformat, Decimal, json.loads
    for id, title, author_id, pages, price, in_print, published, details in rows:
        book = new(PlainBook)
        book.id = id
        book.title = title
        book.author_id = author_id
        book.pages = pages
        book.price = number("%.2f" % price)
        book.in_print = in_print == 1
        book.published = parse(published + "+00:00")
        book.details = loads(details)
        books.append(book)
    return books
