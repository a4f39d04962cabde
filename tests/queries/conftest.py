"""What the query tests share: tables, a few rows, and the statements that an operation sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import dorm

from .models import MODELS, Author, Book, Publisher


@pytest.fixture
def tables(call: Any) -> None:
    """Make the tables, empty."""
    call(dorm.create_tables, *MODELS)


@pytest.fixture
def rows(call: Any, tables: None) -> None:
    """Two publishers; four authors, one without publisher and one without age; four books of two authors."""
    acme = call(Publisher.objects.create, name="Acme", city="Rome")
    zeta = call(Publisher.objects.create, name="Zeta")
    ada = call(Author.objects.create, name="Ada", age=36, publisher=acme)
    bob = call(Author.objects.create, name="Bob", age=20, publisher=zeta, mentor=ada, active=False)
    call(Author.objects.create, name="Cy", publisher=acme, mentor=bob)
    call(Author.objects.create, name="Dan", age=20)
    for author, title, pages, price in [
        (ada, "Alpha", 100, "1.10"),
        (ada, "Beta", 200, "2.20"),
        (bob, "Gamma", 300, None),
        (bob, "Alpha", 50, "0.10"),
    ]:
        call(Book.objects.create, author=author, title=title, pages=pages, price=price)


@pytest.fixture
def statements() -> Callable[[], Any]:
    """Return a block that collects the statements sent in it."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        sent: list[str] = []
        with dorm.capture_queries() as queries:
            try:
                yield sent
            finally:
                sent += [query.sql for query in queries]

    return collect
