"""One database for both: its tables and rows are dorm's, and Django reads and writes them too.

Tests that take `oracle` run on each database. DORM_ORACLE_EXAMPLES=5000 runs that many programs a test, other
ones each time; the seed is told at the end, and DORM_ORACLE_SEED repeats it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings

import dorm
from dorm.db.connection import reset_connections
from tests.conftest import EMPTY_DATABASES, Database, chosen_databases

from . import library

EXAMPLES = int(os.environ.get("DORM_ORACLE_EXAMPLES", "0"))
SEED = int(os.environ.get("DORM_ORACLE_SEED", random.randrange(2**32) if EXAMPLES else 7))

settings.register_profile(
    "oracle",
    max_examples=EXAMPLES or 300,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
WHOLE = settings.get_profile("oracle")
QUARTER = settings(WHOLE, max_examples=max(1, WHOLE.max_examples // 4))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `oracle` once on each database."""
    if "oracle" in metafunc.fixturenames:
        metafunc.parametrize("oracle", chosen_databases(metafunc.config), indirect=True, scope="module")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if EXAMPLES and item.path.parent.name == "oracle":
            seed(SEED)(item.function)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if EXAMPLES:
        terminalreporter.write_line(f"DORM_ORACLE_EXAMPLES={EXAMPLES} DORM_ORACLE_SEED={SEED}")


def set_up_django() -> None:
    """Give Django its settings, once in a process."""
    import django
    from django.conf import settings as django_settings

    if not django_settings.configured:
        django_settings.configure(
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            INSTALLED_APPS=["tests.oracle.django_app"],
            USE_TZ=True,
            TIME_ZONE="UTC",
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
        django.setup()


DJANGO_BACKENDS = {"sqlite": "django.db.backends.sqlite3", "postgresql": "django.db.backends.postgresql"}


def point_django_to(database: Database) -> None:
    """Have Django use a database of dorm's."""
    set_up_django()
    from django.db import connections

    entry = {**database.settings, "ENGINE": DJANGO_BACKENDS[database.vendor]}
    connections["default"].close()
    del connections["default"]
    connections.settings.update(connections.configure_settings({"default": entry}))


@pytest.fixture(scope="module")
def oracle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Point dorm and Django to the same filled database."""
    made = EMPTY_DATABASES[request.param](request, tmp_path_factory.mktemp("oracle"))
    dorm.configure(DATABASES={"default": made})
    dorm.create_tables(*library.MODELS)
    fill(random.Random(SEED))
    database = Database(request.param, made)
    point_django_to(database)
    yield database
    from django.db import connections

    connections["default"].close()
    reset_connections()


NAMES = ["ada", "bob", "cy%", "d_e", "ann", "eve", "a\\b", ""]


def fill(choice: random.Random) -> None:
    """Make some rows, with many ties and many NULLs."""

    def maybe(value: object) -> object:
        return None if choice.random() < 0.3 else value

    publishers = library.Publisher.objects.bulk_create(
        library.Publisher(
            name=choice.choice(NAMES), city=maybe(choice.choice(NAMES)), founded=maybe(choice.randint(1, 4))
        )
        for _ in range(5)
    )
    authors: list[library.Author] = []
    for _ in range(12):
        authors.append(
            library.Author.objects.create(
                name=choice.choice(NAMES),
                age=maybe(choice.randint(1, 4)),
                rating=maybe(choice.randint(0, 8) / 4),
                active=choice.random() < 0.5,
                publisher=maybe(choice.choice(publishers)),
                mentor=maybe(choice.choice(authors)) if authors else None,
            )
        )
    books = library.Book.objects.bulk_create(
        library.Book(
            title=choice.choice(NAMES),
            pages=choice.randint(1, 4),
            price=maybe(Decimal(choice.randint(0, 40)) / 10),
            published=maybe(date(choice.randint(2019, 2021), choice.randint(1, 3), choice.randint(1, 3))),
            author=choice.choice(authors[:9]),
            translator=maybe(choice.choice(authors)),
        )
        for _ in range(20)
    )
    library.Review.objects.bulk_create(
        library.Review(
            stars=maybe(choice.randint(1, 4)),
            text=choice.choice(NAMES),
            at=maybe(datetime(2020, choice.randint(1, 3), 1, choice.randint(0, 23), tzinfo=timezone.utc)),
            book=choice.choice(books[:15]),
            reviewer=maybe(choice.choice(authors)),
        )
        for _ in range(25)
    )
    shelves = library.Shelf.objects.bulk_create(
        library.Shelf(label=label, room=room) for label, room in [("b", 1), ("a", 2), ("c", 2), ("d", 1)]
    )
    library.Copy.objects.bulk_create(
        library.Copy(shelf=shelves[number % 3], number=number) for number in range(8)
    )
