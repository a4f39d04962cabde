"""Every lookup, with the values that are special to LIKE, GLOB, Unicode and the calendar."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dorm import DataError, FieldError, Q

from .models import Author, Book, Event, Everything

pytestmark = pytest.mark.usefixtures("tables")

TEXTS = [
    "100%",
    "a_b",
    "axb",
    "back\\slash",
    "st*r",
    "qu?st",
    "[set]",
    "it's",
    'say "hi"',
    "",
    "Ünï",
    "ünï",
    "STREET",
    "new\nline",
    "--; DROP TABLE x",
]


@pytest.fixture
def found(call):
    """Return a function that gives the texts that conditions find among TEXTS."""
    for text in TEXTS:
        call(Everything.objects.create, text=text)

    def find(**conditions):
        return call.list(
            Everything.objects.filter(**conditions).order_by("pk").values_list("text", flat=True)
        )

    return find


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("lookup", ["exact", "contains", "startswith", "endswith", "in"])
def test_text_is_found_by_itself_and_by_nothing_that_it_could_be_a_pattern_of(found, lookup, text):
    expected = {
        "exact": lambda other: other == text,
        "contains": lambda other: text in other,
        "startswith": lambda other: other.startswith(text),
        "endswith": lambda other: other.endswith(text),
        "in": lambda other: other == text,
    }[lookup]
    operand = [text] if lookup == "in" else text
    assert found(**{f"text__{lookup}": operand}) == [other for other in TEXTS if expected(other)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("lookup", ["iexact", "icontains", "istartswith", "iendswith"])
def test_the_i_forms_do_not_see_case(found, lookup, text):
    expected = {
        "iexact": lambda a, b: a == b,
        "icontains": lambda a, b: b in a,
        "istartswith": lambda a, b: a.startswith(b),
        "iendswith": lambda a, b: a.endswith(b),
    }[lookup]
    asked = text.swapcase()
    assert found(**{f"text__{lookup}": asked}) == [
        one for one in TEXTS if expected(one.lower(), asked.lower())
    ]


def test_the_i_forms_fold_unicode(found):
    assert found(text__iexact="ÜNÏ") == ["Ünï", "ünï"]
    assert found(text__icontains="ÜN") == ["Ünï", "ünï"]
    assert found(text__istartswith="ü") == ["Ünï", "ünï"]
    assert found(text__iendswith="Ï") == ["Ünï", "ünï"]


def test_plain_forms_see_case(found):
    assert found(text__contains="Ü") == ["Ünï"]
    assert found(text__startswith="A") == []
    assert found(text__exact="A_B") == []


def test_an_integer_is_no_text():
    with pytest.raises(FieldError, match="text"):
        Author.objects.filter(name__contains=3)


def test_a_number_has_no_text_lookups():
    with pytest.raises(FieldError, match="no lookup 'contains'"):
        Author.objects.filter(age__contains=3)


# -- comparison -----------------------------------------------------------------------------------------


@pytest.fixture
def ages(call):
    for age in (10, 20, 30, None):
        call(Author.objects.create, name="a", age=age)

    def find(**conditions):
        return call.list(Author.objects.filter(**conditions).order_by("age").values_list("age", flat=True))

    return find


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("exact", 20, [20]),
        ("exact", 20.0, [20]),
        ("exact", Decimal(20), [20]),
        ("exact", "20", [20]),
        ("gt", 20, [30]),
        ("gte", 20, [20, 30]),
        ("lt", 20, [10]),
        ("lte", 20, [10, 20]),
        ("range", (15, 30), [20, 30]),
        ("range", (30, 15), []),
        ("in", [10, "30"], [10, 30]),
        ("isnull", True, [None]),
        ("isnull", False, [10, 20, 30]),
        ("lt", 10**12, [10, 20, 30]),
    ],
)
def test_numbers_compare(ages, lookup, value, expected):
    assert ages(**{f"age__{lookup}": value}) == expected


@pytest.mark.parametrize("conditions", [{"age": 2**63}, {"age__lt": 10**30}, {"age__in": [1, 2**70]}])
def test_a_number_beyond_every_column_is_compared_or_refused_by_an_error_of_ours(ages, conditions):
    try:
        found = ages(**conditions)
    except (DataError, FieldError):
        return
    assert found == ([10, 20, 30] if "age__lt" in conditions else [])


@pytest.mark.parametrize("value", ["many", 20.5, float("nan"), float("inf"), [1], {}, object()])
def test_a_number_is_not_compared_with_what_is_none(value):
    with pytest.raises(FieldError, match="'age'"):
        Author.objects.filter(age=value)


@pytest.mark.parametrize("value", ["gt", "gte", "lt", "lte"])
def test_a_boolean_has_no_order(value):
    with pytest.raises(FieldError):
        Author.objects.filter(**{f"active__{value}": True})


def test_decimals_compare_exactly(call):
    author = call(Author.objects.create, name="a")
    for price in ("0.10", "1.10", "19.99", "100.00"):
        call(Book.objects.create, title=price, author=author, price=price)

    def titles(**conditions):
        return call.list(Book.objects.filter(**conditions).order_by("price").values_list("title", flat=True))

    assert titles(price=Decimal("1.1")) == ["1.10"]
    assert titles(price__in=["0.1", Decimal("19.990")]) == ["0.10", "19.99"]
    assert titles(price__gt=2) == ["19.99", "100.00"]
    assert titles(price__range=("0.11", 20)) == ["1.10", "19.99"]


# -- the calendar ---------------------------------------------------------------------------------------


@pytest.fixture
def days(call):
    for text in ("2019-12-31", "2020-01-01", "2020-02-29", "2021-02-01"):
        day = datetime.date.fromisoformat(text)
        moment = datetime.datetime(day.year, day.month, day.day, 23, 30, 15, tzinfo=datetime.timezone.utc)
        call(Everything.objects.create, text=text, day=day, at=moment, hour=datetime.time(day.day % 24, 5))
    call(Everything.objects.create, text="none")

    def find(**conditions):
        rows = Everything.objects.filter(**conditions).order_by("pk")
        return call.list(rows.values_list("text", flat=True))

    return find


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"day__year": 2020}, ["2020-01-01", "2020-02-29"]),
        ({"day__month": 2}, ["2020-02-29", "2021-02-01"]),
        ({"day__day": 1}, ["2020-01-01", "2021-02-01"]),
        ({"day__year__gt": 2020}, ["2021-02-01"]),
        ({"day__month__in": [1, 12]}, ["2019-12-31", "2020-01-01"]),
        ({"day__gt": "2020-01-01"}, ["2020-02-29", "2021-02-01"]),
        ({"day__range": (datetime.date(2020, 1, 1), "2020-12-31")}, ["2020-01-01", "2020-02-29"]),
        ({"day": datetime.datetime(2020, 2, 29, 12, 0)}, ["2020-02-29"]),
        ({"at__year": 2020}, ["2020-01-01", "2020-02-29"]),
        ({"at__month": 12, "at__hour": 23, "at__minute": 30, "at__second": 15}, ["2019-12-31"]),
        ({"hour__hour": 7}, ["2019-12-31"]),
        ({"hour__minute": 5, "hour__hour": 1}, ["2020-01-01", "2021-02-01"]),
        ({"day__isnull": True}, ["none"]),
    ],
)
def test_dates_and_times_compare(days, conditions, expected):
    assert days(**conditions) == expected


def test_an_offset_is_no_other_moment(days):
    two = datetime.timezone(datetime.timedelta(hours=2))
    assert days(at=datetime.datetime(2020, 1, 2, 1, 30, 15, tzinfo=two)) == ["2020-01-01"]


def test_exclude_by_a_part_keeps_the_rows_without_a_date(call, days):
    rows = Everything.objects.exclude(day__year=2020).order_by("pk")
    assert call.list(rows.values_list("text", flat=True)) == ["2019-12-31", "2021-02-01", "none"]


@pytest.mark.parametrize("value", ["yesterday", 20200101, "2020-13-01"])
def test_a_date_is_not_compared_with_what_is_none(value):
    with pytest.raises(FieldError, match="'day'"):
        Event.objects.filter(day=value)


# -- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name", "suggestion"),
    [
        ("agee", "agee", "age"),
        ("agee__gte", "agee", "age"),
        ("publisher__nme", "nme", "name"),
        ("books__titel__contains", "titel", "title"),
        ("age__gtee", "gtee", "gte"),
        ("name__startwith", "startwith", "startswith"),
        ("publisher__authors__agge", "agge", "age"),
        ("Name", "Name", "name"),
    ],
)
def test_an_error_names_what_was_meant(key, name, suggestion):
    with pytest.raises(FieldError) as caught:
        Author.objects.filter(**{key: 1})
    assert (caught.value.name, caught.value.suggestion) == (name, suggestion)


def test_an_error_tells_the_place_and_the_choices():
    with pytest.raises(FieldError) as caught:
        Author.objects.filter(agee__gte=3)
    error = caught.value
    assert (error.model, error.position) == ("Author", "agee__gte")
    assert {"age", "name", "publisher", "books"} <= set(error.choices)


def test_a_name_inside_a_q_is_checked_too():
    with pytest.raises(FieldError, match="agee"):
        Author.objects.filter(Q(name="Ada") | ~Q(agee=3))


NOWHERE = [
    "name__",
    "__name",
    "name____in",
    "age__in__gt",
    "pk__name",
    "age__year",
    "publisher__year",
    "",
    "_",
]


@pytest.mark.parametrize("key", [*NOWHERE, "name__exact__exact"])
def test_a_key_that_leads_nowhere_is_refused(key):
    with pytest.raises(FieldError):
        Author.objects.filter(**{key: 1})


def test_pk_is_the_key_by_any_name(call):
    author = call(Author.objects.create, name="Ada")
    assert call(Author.objects.get, pk=author.pk) == call(Author.objects.get, id=author.pk)
    assert call(Author.objects.filter(pk__in=[author.pk]).count) == 1
