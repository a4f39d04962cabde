"""dates() and datetimes()."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from dorm import FieldError
from tests.queries.models import Event, Everything

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def days(call):
    for day in ["2023-12-31", "2024-01-05", "2024-01-20", "2024-03-01", "2024-03-01", None]:
        call(Event.objects.create, name="x", day=day)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("year", [date(2023, 1, 1), date(2024, 1, 1)]),
        ("month", [date(2023, 12, 1), date(2024, 1, 1), date(2024, 3, 1)]),
        ("week", [date(2023, 12, 25), date(2024, 1, 1), date(2024, 1, 15), date(2024, 2, 26)]),
        ("day", [date(2023, 12, 31), date(2024, 1, 5), date(2024, 1, 20), date(2024, 3, 1)]),
    ],
)
def test_each_period_comes_once(call, days, kind, found):
    assert call.list(Event.objects.dates("day", kind)) == found
    assert call.list(Event.objects.dates("day", kind, order="DESC")) == found[::-1]
    assert call(Event.objects.dates("day", kind).count) == len(found)


def test_the_periods_of_some_rows(call, days):
    assert call.list(Event.objects.filter(day__year=2024).dates("day", "year")) == [date(2024, 1, 1)]


def test_moments_have_finer_periods(call):
    for hour in (3, 3, 4):
        call(Everything.objects.create, at=datetime(2024, 5, 6, hour, 30, tzinfo=timezone.utc))
    hours = [datetime(2024, 5, 6, hour, tzinfo=timezone.utc) for hour in (3, 4)]
    assert call.list(Everything.objects.datetimes("at", "hour")) == hours
    assert call.list(Everything.objects.dates("at", "month")) == [date(2024, 5, 1)]


def test_wrong_words_are_told():
    with pytest.raises(ValueError, match="kind is one of"):
        Event.objects.dates("day", "hour")
    with pytest.raises(ValueError, match="order is one of"):
        Event.objects.dates("day", "year", order="down")
    with pytest.raises(FieldError, match="Did you mean 'day'"):
        Event.objects.dates("days", "year")
