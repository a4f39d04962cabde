"""One file for both: its tables and rows are dorm's, and Django reads and writes them too."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import dorm
from dorm.db.connection import reset_connections

from . import library

# DORM_ORACLE_EXAMPLES=5000 runs that many programs a test, other ones each time.
EXAMPLES = int(os.environ.get("DORM_ORACLE_EXAMPLES", "0"))

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


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Point dorm and Django to the same filled file."""
    set_up_django()
    from django.db import connections

    file = tmp_path_factory.mktemp("oracle") / "library.sqlite3"
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": str(file)}})
    dorm.create_tables(*library.MODELS)
    fill(random.Random(int(os.environ.get("DORM_ORACLE_SEED", "7"))))
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = str(file)
    yield file
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
