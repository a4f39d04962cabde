"""Choices, and what `full_clean()` refuses of the rows of one table, are as in Django."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

import dorm
from dorm.meta.registry import registry
from tests.conftest import Database

from .conftest import set_up_django


def ticket(models: Any, base: Any) -> Any:
    """Define the same model with either library's names."""

    class Status(models.TextChoices):
        OPEN = "open", "Still open"
        CLOSED = "closed"

    class Meta:
        app_label = "django_app"
        db_table = "oracle_ticket"
        unique_together = [("title", "part")]
        constraints = [
            models.UniqueConstraint(
                fields=["part"], condition=models.Q(status="open", size__gt=5), name="oracle_one_open"
            ),
            models.UniqueConstraint(fields=["size", "status"], name="oracle_size_status"),
            models.CheckConstraint(
                condition=models.Q(size__lt=100) | models.Q(status="closed"), name="oracle_size"
            ),
            models.CheckConstraint(condition=models.Q(size__gte=models.F("part")), name="oracle_part"),
        ]

    names = {
        "__module__": "tests.oracle.django_app.models",
        "Meta": Meta,
        "title": models.CharField(max_length=8),
        "part": models.IntegerField(null=True, blank=True),
        "size": models.PositiveSmallIntegerField(default=1),
        "status": models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN),
        "code": models.SlugField(null=True, blank=True, unique=True),
        "mail": models.EmailField(blank=True, default=""),
        "day": models.DateField(default=date(2020, 1, 1)),
    }
    return type(base)("OracleTicket", (base,), names)


@pytest.fixture(scope="module")
def both(oracle: Database) -> Iterator[tuple[Any, Any]]:
    """Give the model of Django and that of dorm, over one table that has some rows."""
    from django.db import models

    from dorm import models as ours

    theirs, mine = ticket(models, models.Model), ticket(ours, ours.Model)
    dorm.create_tables(mine)
    mine.objects.create(title="a", part=1, size=10, code="x")
    mine.objects.create(title="b", part=2, size=20, status="closed")
    mine.objects.create(title="c", part=None, size=30)
    yield theirs, mine
    registry.forget(mine)
    theirs._meta.apps.all_models[theirs._meta.app_label].clear()


def refused(model: Any, error: type[Exception], values: dict[str, Any]) -> tuple[list[str], int]:
    """Return the places of the errors, and how many there are without a field."""
    try:
        model(**values).full_clean()
    except error as caught:
        by_field = getattr(caught, "message_dict", None) or getattr(caught, "error_dict")
        return sorted(by_field), len(by_field.get("__all__", []))
    return [], 0


def test_the_same_rows_are_refused_in_the_same_places(both):
    from django.core.exceptions import ValidationError

    theirs, mine = both
    choices: dict[str, list[Any]] = {
        "title": ["a", "new", "", None, "much too long"],
        "part": [1, None, 50, "x"],
        "size": [10, 60, 150, -1],
        "status": ["open", "closed", "lost"],
        "code": [None, "x", "no slug"],
        "mail": ["", "no mail"],
    }
    wrong = []
    for values in product(*choices.values()):
        row = dict(zip(choices, values))
        wanted, got = refused(theirs, ValidationError, row), refused(mine, dorm.ValidationError, row)
        if wanted != got:
            wrong.append((row, wanted, got))
    assert wrong[:5] == []


def declared(library: Any) -> list[Any]:
    """Return all that the choices classes of a library say of themselves."""

    class Suit(library.IntegerChoices):
        DIAMOND = 1, "Diamonds"
        BIG_SPADE = 2
        __empty__ = "(Pick one)"

    class Day(library.TextChoices):
        MONDAY = "mo", "First"
        TUESDAY = "tu"

    class Moon(date, library.Choices):
        APOLLO = 1969, 7, 20, "Apollo 11"
        OTHER = 1970, 1, 2

    found: list[Any] = []
    for kind in (Suit, Day, Moon):
        found += [kind.choices, kind.values, kind.labels, kind.names]
        found += [(one.value, one.label, one.name) for one in kind]
    found += [str(Suit.DIAMOND), f"{Suit.DIAMOND}", str(Day.MONDAY), f"{Day.MONDAY}"]
    found += [
        "mo" in Day,
        "xx" in Day,
        1 in Suit,
        Day("mo") is Day.MONDAY,
        Day.MONDAY == "mo",
        Suit.DIAMOND + 1,
    ]
    return found


def test_choices_say_the_same_of_themselves():
    set_up_django()
    from django.db import models

    from dorm import models as ours

    assert declared(ours) == declared(models)
