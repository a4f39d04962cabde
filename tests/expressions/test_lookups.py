"""Lookups and transforms of dates, patterns, and expressions on the right side."""

from __future__ import annotations

from datetime import date, datetime, time, timezone

import pytest

import dorm
from dorm import F, Lower, Q, Value

from .models import Item, Moment, Shop


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"at__date": date(2021, 1, 3)}, True),
        ({"at__date__gt": date(2021, 1, 3)}, False),
        ({"at__date": "2021-01-03"}, True),
        ({"at__date__year": 2021}, True),
        ({"at__time": time(22, 45, 59, 999_999)}, True),
        ({"at__time__lt": time(12)}, False),
        ({"at__year": 2021, "at__iso_year": 2020}, True),
        ({"at__week": 53, "at__quarter": 1}, True),
        ({"at__week_day": 1, "at__iso_week_day": 7}, True),
        ({"day__week_day": 1, "day__iso_week_day": 7}, True),
        ({"day__week__in": [1, 53]}, True),
        ({"at__hour": 22, "at__minute": 45, "at__second": 59}, True),
        ({"at__day": F("day__day")}, True),
        ({"at__date": F("day")}, True),
        ({"at__month__gte": F("at__day")}, False),
    ],
)
def test_parts_of_dates(call, tables, lookups, expected):
    at = datetime(2021, 1, 3, 22, 45, 59, 999_999, tzinfo=timezone.utc)
    call(Moment.objects.create, at=at, day=at.date())
    assert call(Moment.objects.filter(**lookups).exists) is expected


def test_a_part_needs_what_has_it():
    with pytest.raises(dorm.FieldError, match="no lookup 'week'"):
        Moment.objects.filter(hour__week=1)
    with pytest.raises(dorm.FieldError, match="no lookup 'date'"):
        Moment.objects.filter(day__date=date(2021, 1, 1))
    with pytest.raises(dorm.FieldError):
        Moment.objects.filter(at__date="monday")


@pytest.mark.usefixtures("rows")
def test_patterns(call):
    def names(queryset):
        return call.list(queryset.order_by("name").values_list("name", flat=True))

    assert names(Item.objects.filter(name__regex=r"^[ab]")) == ["anvil", "bolt"]
    assert names(Item.objects.filter(name__regex=r"^[AB]")) == []
    assert names(Item.objects.filter(name__iregex=r"^(A|BO)")) == ["anvil", "bolt"]
    assert names(Item.objects.exclude(name__regex=r"l")) == ["chain"]
    assert names(Item.objects.exclude(note__regex=r"e")) == ["bolt", "chain", "drill"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Q(name__startswith=Lower(Value("BO"))), ["bolt"]),
        (Q(name__contains=dorm.Left("shop__name", 1)), []),
        (Q(name__icontains=dorm.Left("shop__name", 1)), ["anvil", "chain"]),
        (Q(amount__in=[F("amount"), 3]), ["anvil", "bolt", "chain", "drill", "Äpfel"]),
        (Q(amount__in=[F("pk"), None, 100]), ["bolt"]),
        (Q(amount__range=(F("pk"), 7)), ["anvil", "chain"]),
        (Q(amount__range=(3, F("pk") + 5)), ["anvil", "chain", "drill"]),
        (Q(name=dorm.Concat("name", Value(""))), ["anvil", "bolt", "chain", "drill", "Äpfel"]),
        (Q(weight__gt=F("amount") * 1.5), ["anvil"]),
    ],
)
def test_expressions_on_the_right(call, condition, expected):
    found = Item.objects.filter(condition).order_by("name").values_list("name", flat=True)
    assert call.list(found) == expected


@pytest.mark.usefixtures("rows")
def test_lookups_of_annotations(call):
    found = Item.objects.annotate(up=dorm.Upper("name"), n=dorm.Length("name"))
    assert call(found.filter(up__startswith="B", n__gte=4, up__contains="OL").count) == 1
    assert call(Shop.objects.annotate(now=dorm.Now()).filter(now__year__gte=2020).count) == 3
