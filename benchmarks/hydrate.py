"""Many rows: instances, dictionaries, single values, and instances with their relation.

The floor reads the cursor in one loop, and converts as it goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from .library import COLUMNS, Author, Book, Library, PlainAuthor, PlainBook, columns_of, plain_books
from .measure import Operation

BOOKS = f"SELECT {', '.join(COLUMNS)} FROM book"
JOINED = (
    "SELECT b.id, b.title, b.author_id, b.pages, b.price, b.in_print, b.published, b.details,"
    " a.id, a.name, a.email FROM book b JOIN author a ON a.id = b.author_id LIMIT ?"
)


def operations(library: Library) -> Iterator[Operation]:
    execute = library.connection.execute
    half = max(1, library.size // 2)
    objects = Book.objects

    yield Operation(
        "fetch_10k",
        lambda: plain_books(execute(BOOKS)),
        lambda: list(objects.all()),
        calls=1,
        answer=lambda books: [columns_of(book) for book in books],
    )
    yield Operation(
        "values_10k",
        lambda: plain_rows(execute(BOOKS)),
        lambda: list(objects.values(*COLUMNS)),
        calls=1,
    )
    yield Operation(
        "values_flat_10k",
        lambda: [title for (title,) in execute("SELECT title FROM book")],
        lambda: list(objects.values_list("title", flat=True)),
        calls=5,
    )
    yield Operation(
        "select_related_5k",
        lambda: plain_joined(execute(JOINED, (half,))),
        lambda: list(objects.select_related("author")[:half]),
        calls=1,
        answer=lambda books: [(columns_of(book), book.author.name, book.author.email) for book in books],
    )
    yield Operation(
        "prefetch_reverse",
        lambda: plain_prefetched(execute),
        lambda: list(Author.objects.prefetch_related("book_set")),
        calls=1,
        answer=lambda authors: sorted((author.id, len(books_of(author))) for author in authors),
    )


def books_of(author: Any) -> list[Any]:
    """Return the books of either side's author."""
    return author.books if isinstance(author, PlainAuthor) else list(author.book_set.all())


def plain_prefetched(execute: Any) -> list[PlainAuthor]:
    """Read the authors, then their books in one statement more, and give each author its own."""
    authors = {}
    for key, name, email in execute("SELECT id, name, email FROM author"):
        author = authors[key] = PlainAuthor()
        author.id = key
        author.name = name
        author.email = email
        author.books = []
    marks = ", ".join("?" * len(authors))
    for book in plain_books(execute(f"{BOOKS} WHERE author_id IN ({marks})", tuple(authors))):
        authors[book.author_id].books.append(book)
    return list(authors.values())


def plain_rows(rows: Iterator[tuple[Any, ...]]) -> list[dict[str, Any]]:
    parse, number, loads = datetime.fromisoformat, Decimal, json.loads
    return [
        {
            "id": id,
            "title": title,
            "author_id": author_id,
            "pages": pages,
            "price": number("%.2f" % price),
            "in_print": in_print == 1,
            "published": parse(published + "+00:00"),
            "details": loads(details),
        }
        for id, title, author_id, pages, price, in_print, published, details in rows
    ]


def plain_joined(rows: Iterator[tuple[Any, ...]]) -> list[PlainBook]:
    books = []
    new, parse, number, loads = object.__new__, datetime.fromisoformat, Decimal, json.loads
    for id, title, author_id, pages, price, in_print, published, details, key, name, email in rows:
        author = new(PlainAuthor)
        author.id = key
        author.name = name
        author.email = email
        book = new(PlainBook)
        book.id = id
        book.title = title
        book.author_id = author_id
        book.pages = pages
        book.price = number("%.2f" % price)
        book.in_print = in_print == 1
        book.published = parse(published + "+00:00")
        book.details = loads(details)
        book.author = author
        books.append(book)
    return books
