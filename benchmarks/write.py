"""Writing: one new row, and ten thousand.

What was written is deleted again between the turns, untimed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from .library import COLUMNS, Book, Library, PlainBook, book_values
from .measure import Operation

WRITTEN = COLUMNS[1:]
ROW = "(?, ?, ?, ?, ?, ?, ?)"
INSERT = f"INSERT INTO book ({', '.join(WRITTEN)}) VALUES "
BATCH = 1_000


def operations(library: Library) -> Iterator[Operation]:
    unsaved = Unsaved(library)
    values_for_floor, values_for_dorm = cycle(unsaved.values), cycle(unsaved.values)
    execute = library.connection.execute

    def create_floor() -> Any:
        values = next(values_for_floor)
        book = PlainBook()
        book.title = values["title"]
        book.author_id = values["author_id"]
        book.pages = values["pages"]
        book.price = values["price"]
        book.in_print = values["in_print"]
        book.published = values["published"]
        book.details = values["details"]
        book.id = execute(INSERT + ROW + " RETURNING id", parameters(book)).fetchone()[0]
        return book

    yield Operation(
        "create_one",
        create_floor,
        lambda: Book.objects.create(**next(values_for_dorm)),
        calls=500,
        before=library.forget_new_books,
        answer=lambda book: book.id > library.size,
    )
    yield Operation(
        "bulk_create_10k",
        unsaved.insert_plain,
        lambda: Book.objects.bulk_create(unsaved.books),
        calls=1,
        before=unsaved.renew,
        answer=lambda books: [book.id > library.size for book in books],
    )


def parameters(book: PlainBook) -> tuple[Any, ...]:
    return (
        book.title,
        book.author_id,
        book.pages,
        float(book.price),
        book.in_print,
        book.published.isoformat(" ")[:-6],
        json.dumps(book.details),
    )


class Unsaved:
    """Books of both sides that are not in the database yet; made anew before each turn."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.values = [book_values(number) for number in range(library.size)]
        self.plain: list[PlainBook] = []
        self.books: list[Book] = []

    def renew(self) -> None:
        self.library.forget_new_books()
        self.books = [Book(**values) for values in self.values]
        self.plain = [PlainBook() for _ in self.values]
        for book, values in zip(self.plain, self.values):
            book.__dict__.update(values)

    def insert_plain(self) -> list[PlainBook]:
        """Insert a thousand rows a statement, in one transaction, and give each book its key."""
        execute = self.library.connection.execute
        execute("BEGIN IMMEDIATE")
        for start in range(0, len(self.plain), BATCH):
            books = self.plain[start : start + BATCH]
            text = INSERT + ", ".join([ROW] * len(books)) + " RETURNING id"
            flat = [value for book in books for value in parameters(book)]
            for book, (key,) in zip(books, execute(text, flat)):
                book.id = key
        execute("COMMIT")
        return self.plain
