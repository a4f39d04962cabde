"""Small reads: building a query, one row, a count, a yes or no.

The floor is a held connection and a fixed text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import count
from typing import Any

from dorm import Q
from dorm.db.connection import executor
from dorm.query.compiled import compile_select

from .library import COLUMNS, Book, Library, columns_of, plain_books
from .measure import Operation

BOOKS = f"SELECT {', '.join(COLUMNS)} FROM book"
SINCE = datetime(2026, 1, 2, tzinfo=timezone.utc)


def operations(library: Library) -> Iterator[Operation]:
    execute = library.connection.execute
    size = library.size
    floor_keys, dorm_keys = keys(size), keys(size)
    objects = Book.objects

    yield Operation("build_compile", plain_build, build(), calls=5_000, answer=lambda built: len(built) > 0)
    yield Operation(
        "get_pk",
        lambda: plain_books(execute(BOOKS + " WHERE id = ?", (next(floor_keys),)))[0],
        lambda: objects.get(pk=next(dorm_keys)),
        calls=3_000,
        answer=columns_of,
    )
    yield Operation(
        "filter_first",
        lambda: plain_books(
            execute(
                BOOKS + " WHERE pages >= ? AND in_print = ? ORDER BY id LIMIT 1",
                (next(floor_keys) % 800, True),
            )
        )[0],
        lambda: objects.filter(pages__gte=next(dorm_keys) % 800, in_print=True).order_by("id").first(),
        calls=3_000,
        answer=columns_of,
    )
    yield Operation(
        "count",
        lambda: execute("SELECT COUNT(*) FROM book WHERE pages >= ?", (400,)).fetchone()[0],
        lambda: objects.filter(pages__gte=400).count(),
        calls=100,
    )
    yield Operation(
        "exists",
        lambda: (
            execute("SELECT 1 FROM book WHERE id = ? LIMIT 1", (next(floor_keys),)).fetchone() is not None
        ),
        lambda: objects.filter(pk=next(dorm_keys)).exists(),
        calls=3_000,
    )


def keys(size: int) -> Iterator[int]:
    """Yield keys without end, jumping about in the table, the same ones each time."""
    return (number * 7919 % size + 1 for number in count())


def plain_build() -> tuple[str, tuple[Any, ...]]:
    """Return what the hand would write: one text, and the parameters put in order."""
    return PLAIN_TEXT, (100, 500, True, "ook 00", SINCE.isoformat(" ")[:-6], "Author 1", "Author 2", 20, 10)


PLAIN_TEXT = (
    "SELECT b.id, b.title, b.author_id, b.pages, b.price, b.in_print, b.published, b.details FROM book b"
    " JOIN author a ON a.id = b.author_id WHERE b.pages >= ? AND b.pages < ? AND b.in_print = ?"
    " AND instr(b.title, ?) > 0 AND b.published >= ? AND (a.name = ? OR a.name = ?)"
    " ORDER BY b.pages DESC LIMIT ? OFFSET ?"
)


def build() -> Any:
    """Return a function that builds six conditions, a join, an order and a slice, down to the parameters."""
    dialect = executor().dialect

    def run() -> tuple[str, Any]:
        books = Book.objects.filter(pages__gte=100, pages__lt=500, in_print=True, title__contains="ook 00")
        books = books.filter(Q(author__name="Author 1") | Q(author__name="Author 2"), published__gte=SINCE)
        query = books.order_by("-pages")[10:30].query
        compiled = compile_select(query.shape, dialect)
        return compiled.sql, compiled.bind(query.params)

    return run
