"""Arrays in queries: what they hold, their items, slices and lengths."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import dorm
from dorm import Count, F, Q

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

JUNE, JULY = datetime.date(2024, 6, 1), datetime.date(2024, 7, 2)


class Shelf(dorm.Model):
    name = dorm.CharField(max_length=9)
    tags = dorm.ArrayField(dorm.CharField(max_length=5), null=True)
    days = dorm.ArrayField(dorm.DateField(), default=list)
    prices = dorm.ArrayField(dorm.DecimalField(max_digits=5, decimal_places=1), default=list)
    grid = dorm.ArrayField(dorm.ArrayField(dorm.IntegerField()), default=list)

    class Meta:
        app_label = "arrays"


ROWS: dict[str, dict[str, Any]] = {
    "none": {"tags": None},
    "empty": {"tags": []},
    "one": {"tags": ["red"], "days": [JUNE]},
    "two": {"tags": ["red", "blue"], "days": [JULY, JUNE], "prices": ["1.5", "2.5"]},
    "grid": {"tags": ["Green"], "grid": [[1, 2], [3, 4], [5, 6]]},
}


@pytest.fixture
def shelves(call: Any) -> None:
    call(dorm.create_tables, Shelf)
    for name, values in ROWS.items():
        call(Shelf.objects.create, name=name, **values)


def names(call: Any, rows: Any) -> set[str]:
    return set(call.list(rows.values_list("name", flat=True)))


FOUND: list[tuple[dict[str, Any], set[str]]] = [
    ({"tags": ["red"]}, {"one"}),
    ({"tags": ("red", "blue")}, {"two"}),
    ({"tags": []}, {"empty"}),
    ({"tags": None}, {"none"}),
    ({"tags__isnull": True}, {"none"}),
    ({"tags__in": [["red"], []]}, {"one", "empty"}),
    ({"tags__in": []}, set()),
    ({"tags__contains": ["red"]}, {"one", "two"}),
    ({"tags__contains": ["redder"]}, set()),
    ({"tags__contains": []}, {"empty", "one", "two", "grid"}),
    ({"tags__array_contains": ["blue", "red"]}, {"two"}),
    ({"tags__contained_by": ["red", "x"]}, {"one", "empty"}),
    ({"tags__overlap": ["blue", "Green"]}, {"two", "grid"}),
    ({"tags__array_overlap": {"blue"}}, {"two"}),
    ({"tags__len": 0}, {"empty"}),
    ({"tags__len__gte": 1}, {"one", "two", "grid"}),
    ({"tags__0": "red"}, {"one", "two"}),
    ({"tags__1": "blue"}, {"two"}),
    ({"tags__1__isnull": False}, {"two"}),
    ({"tags__0__istartswith": "gr"}, {"grid"}),
    ({"tags__0__in": ["red", "x"]}, {"one", "two"}),
    ({"tags__0_1": ["red"]}, {"one", "two"}),
    ({"tags__0_2": ["red", "blue"]}, {"two"}),
    ({"tags__1_2__contains": ["blue"]}, {"two"}),
    ({"tags__gt": ["a"]}, {"one", "two"}),
    ({"days__0__gt": JUNE}, {"two"}),
    ({"days__0__month": 6}, {"one"}),
    ({"days__contains": [JUNE]}, {"one", "two"}),
    ({"prices__contains": ["2.5"]}, {"two"}),
    ({"prices__contains": ["2.51"]}, set()),
    ({"prices__1": 2.5}, {"two"}),
    ({"grid__len": 3}, {"grid"}),
    ({"grid__1__0": 3}, {"grid"}),
    ({"grid__1_3__0__1__gt": 3}, {"grid"}),
    ({"grid__9__0__isnull": True}, set(ROWS)),
    ({"tags__contains": F("tags")}, {"empty", "one", "two", "grid"}),
    ({"tags__0": F("name")}, set()),
]


@pytest.mark.parametrize(("lookups", "expected"), FOUND, ids=[str(one) for one, _ in FOUND])
def test_arrays_are_found_by_what_is_in_them_and_exclude_finds_the_rest(call, shelves, lookups, expected):
    assert names(call, Shelf.objects.filter(**lookups)) == expected
    assert names(call, Shelf.objects.exclude(Q(**lookups))) == set(ROWS) - expected


def test_items_and_slices_come_out_as_what_they_are(call, shelves):
    rows = Shelf.objects.filter(name="two")
    found = rows.values_list("tags__0", "tags__0_1", "tags__5", "days__1", "prices__0", "tags__len")
    assert call.list(found) == [("red", ["red"], None, JUNE, pytest.approx(1.5), 2)]
    assert call(rows.annotate(first=F("tags__0")).get, first="red").first == "red"
    groups = Shelf.objects.filter(tags__len__gt=0).values("tags__0").annotate(n=Count("pk"))
    assert {row["tags__0"]: row["n"] for row in call.list(groups)} == {"Green": 1, "red": 2}


def test_a_list_that_does_not_fit_is_not_cut(call, shelves):
    with pytest.raises(dorm.DataError):
        call(Shelf.objects.filter(name="one").update, tags=["far too long"])


@pytest.mark.parametrize(
    ("lookups", "words"),
    [
        ({"tags__first": 1}, r"'tags' \(a list\) has no lookup 'first'"),
        ({"tags__icontains": "x"}, r"'tags' \(a list\) has no lookup 'icontains'"),
        ({"tags__contains": "red"}, "'tags' expects a list"),
        ({"days__0": "soon"}, "expects a date"),
        ({"grid__1": [3, 4]}, "'grid__1' is a list in a list"),
        ({"tags__0__x": 1}, r"'tags__0' \(text\) has no lookup 'x'"),
    ],
)
def test_what_arrays_do_not_have_is_an_error_at_once(call, lookups, words):
    with pytest.raises(dorm.FieldError, match=words):
        Shelf.objects.filter(**lookups)
