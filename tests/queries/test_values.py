"""Values come back as they were given: in instances, in values(), in aggregates, and whatever they hold."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import pytest

import dorm
from dorm import Avg, Count, DataError, F, FieldError, Max, Min, Sum

from .models import Author, Book, Everything

pytestmark = pytest.mark.usefixtures("tables")

UTC = datetime.timezone.utc

SAMPLES = [
    ("text", "plain"),
    ("text", ""),
    ("text", "Ünïcode 漢字 😀"),
    ("text", 'quote\'s "and" `more` \\ % _ ? ; --'),
    ("text", "line\nbreak\ttab\r"),
    ("text", "x" * 100_000),
    ("small", -32768),
    ("small", 32767),
    ("whole", -(2**31)),
    ("whole", 2**31 - 1),
    ("whole", 0),
    ("big", -(2**63)),
    ("big", 2**63 - 1),
    ("number", 0.1),
    ("number", 3.0),
    ("number", 1e308),
    ("number", 5e-324),
    ("number", float("inf")),
    ("number", float("-inf")),
    ("price", Decimal("0.10")),
    ("price", Decimal("-12345678.99")),
    ("price", Decimal("0.00")),
    ("flag", True),
    ("flag", False),
    ("day", datetime.date(1, 1, 1)),
    ("day", datetime.date(9999, 12, 31)),
    ("hour", datetime.time(0, 0)),
    ("hour", datetime.time(23, 59, 59, 999999)),
    ("at", datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
    ("at", datetime.datetime(2020, 1, 2, tzinfo=UTC)),
    ("key", uuid.UUID(int=0)),
    ("key", uuid.UUID("12345678-1234-5678-1234-567812345678")),
    ("document", {"a": [1, 2.5, None, True, "x"], "ü": {"n": {}}}),
    ("document", []),
    ("document", "text"),
    ("document", "null"),
    ("document", 3),
    ("document", False),
    ("document", {"a'b\"c": "%s ? \\"}),
    ("email", "a@b.c"),
    ("slug", "a-b"),
]


def same(left: object, right: object) -> bool:
    # By its text, since NaN is not equal to itself.
    return type(left) is type(right) and repr(left) == repr(right)


@pytest.mark.parametrize(("field", "value"), SAMPLES, ids=lambda value: str(value)[:20])
def test_a_value_comes_back_the_same_in_every_form(call, field, value):
    saved = call(Everything.objects.create, **{field: value})
    loaded = call(Everything.objects.get, pk=saved.pk)
    (row,) = call.list(Everything.objects.values(field))
    (flat,) = call.list(Everything.objects.values_list(field, flat=True))
    assert same(getattr(loaded, field), value)
    assert same(row[field], value)
    assert same(flat, value)


@pytest.mark.parametrize(("field", "value"), SAMPLES, ids=lambda value: str(value)[:20])
def test_a_value_is_found_by_itself(call, field, value):
    saved = call(Everything.objects.create, **{field: value})
    call(Everything.objects.create)
    assert call.list(Everything.objects.filter(**{field: value})) == [saved]


@pytest.mark.parametrize(("field", "value"), SAMPLES, ids=lambda value: str(value)[:20])
def test_a_value_survives_update_and_bulk_create(call, field, value):
    first, second = Everything(), Everything(**{field: value})
    call(Everything.objects.bulk_create, [first, second])
    call(Everything.objects.filter(pk=first.pk).update, **{field: value})
    rows = call.list(Everything.objects.values_list(field, flat=True))
    assert len(rows) == 2
    assert all(same(row, value) for row in rows)


@pytest.mark.parametrize("field", [field.name for field in Everything._meta.fields if field.name != "id"])
def test_none_comes_back_as_none(call, field):
    call(Everything.objects.create)
    assert call.list(Everything.objects.values_list(field, flat=True)) == [None]
    assert getattr(call(Everything.objects.get), field) is None


def test_a_moment_comes_back_in_utc(call):
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    call(Everything.objects.create, at=datetime.datetime(2020, 1, 1, 20, tzinfo=zone))
    loaded = call(Everything.objects.get).at
    assert (loaded, loaded.tzinfo) == (datetime.datetime(2020, 1, 2, 1, tzinfo=UTC), UTC)


def test_a_naive_moment_is_taken_in_the_time_zone_with_a_warning(call):
    with pytest.warns(dorm.NaiveDatetimeWarning):
        call(Everything.objects.create, at=datetime.datetime(2020, 1, 1, 20))
    assert call(Everything.objects.get).at == datetime.datetime(2020, 1, 1, 20, tzinfo=UTC)


def test_moments_order_as_time_does(call):
    moments = [
        datetime.datetime(2020, 1, 1, 12, tzinfo=UTC),
        datetime.datetime(2020, 1, 1, 12, 0, 0, 500, tzinfo=UTC),
        datetime.datetime(2020, 1, 1, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    ]
    for moment in moments:
        call(Everything.objects.create, at=moment)
    ordered = call.list(Everything.objects.order_by("at").values_list("at", flat=True))
    assert ordered == sorted(moments)


# -- what a column cannot hold --------------------------------------------------------------------------

REFUSED = [
    ("small", 2**15),
    ("whole", 2**31),
    ("whole", -(2**31) - 1),
    ("big", 2**63),
    ("big", 10**40),
    ("whole", "many"),
    ("whole", 1.5),
    ("whole", float("nan")),
    ("price", Decimal("NaN")),
    ("price", Decimal("Infinity")),
    ("price", 10**9),
    ("price", "a lot"),
    ("flag", "perhaps"),
    ("day", "someday"),
    ("at", "2020-99-99"),
    ("key", "no uuid"),
]


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=str)
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(call, field, value):
    with pytest.raises(FieldError, match=field):
        call(Everything.objects.create, **{field: value})
    assert call(Everything.objects.count) == 0


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=str)
def test_an_update_refuses_what_does_not_fit(call, field, value):
    call(Everything.objects.create)
    with pytest.raises(FieldError, match=field):
        call(Everything.objects.update, **{field: value})


HOSTILE = [
    ("number", float("nan")),
    ("text", "sur\ud800rogate"),
    ("document", float("nan")),
    ("document", {1, 2}),
    ("document", "\ud800"),
]


@pytest.mark.parametrize(("field", "value"), HOSTILE, ids=lambda value: ascii(value)[:20])
def test_a_hostile_value_is_an_error_of_ours_or_comes_back_the_same(call, field, value):
    try:
        call(Everything.objects.create, **{field: value})
    except (DataError, FieldError):
        assert call(Everything.objects.count) == 0
    else:
        assert same(getattr(call(Everything.objects.get), field), value)


@pytest.mark.parametrize("value", ["sur\ud800rogate", "nul\0byte"], ids=ascii)
@pytest.mark.parametrize("lookup", ["exact", "in", "contains", "iexact", "startswith", "iendswith"])
def test_a_hostile_text_is_searched_or_refused_by_an_error_of_ours(call, database, lookup, value):
    call(Everything.objects.create, text="nul")
    call(Everything.objects.create, text="nu")
    try:
        rows = call.list(
            Everything.objects.filter(**{f"text__{lookup}": [value] if lookup == "in" else value})
        )
    except (DataError, FieldError):
        return
    assert rows == []


def test_a_text_with_nul_is_kept_whole_or_refused(call, database):
    try:
        saved = call(Everything.objects.create, text="a\0b")
    except (DataError, FieldError):
        return
    assert call(Everything.objects.get, pk=saved.pk).text == "a\0b"
    assert call(Everything.objects.filter(text="a\0b").count) == 1
    assert call(Everything.objects.filter(text="a").count) == 0
    assert call(Everything.objects.filter(text__contains="\0").count) == 1
    if database.vendor == "sqlite":
        pytest.xfail("GLOB reads a text up to NUL")
    assert call(Everything.objects.filter(text__endswith="b").count) == 1


def test_a_deep_document_comes_back_or_is_refused(call):
    document: list = []
    for _ in range(5_000):
        document = [document]
    try:
        call(Everything.objects.create, document=document)
    except (DataError, FieldError):
        assert call(Everything.objects.count) == 0
        return
    loaded = call(Everything.objects.get).document
    depth = 0
    while loaded:
        loaded, depth = loaded[0], depth + 1
    assert depth == 5_000


# -- what is computed -----------------------------------------------------------------------------------


@pytest.fixture
def books(call):
    author = call(Author.objects.create, name="Ada", age=3)
    for price in ("1.10", "2.20", None):
        call(Book.objects.create, title="t", author=author, price=price, pages=3)
    return author


def test_the_sum_of_decimals_is_a_decimal_and_exact(call, books):
    found = call(Book.objects.aggregate, total=Sum("price"), least=Min("price"), most=Max("price"))
    assert {name: repr(value) for name, value in found.items()} == {
        "total": "Decimal('3.30')", "least": "Decimal('1.10')", "most": "Decimal('2.20')",
    }  # fmt: skip


def test_the_mean_of_decimals_is_a_decimal(call, books):
    mean = call(Book.objects.aggregate, mean=Avg("price"))["mean"]
    assert isinstance(mean, Decimal)
    assert mean == Decimal("1.65")


def test_the_mean_of_integers_is_a_float(call, books):
    assert repr(call(Book.objects.aggregate, mean=Avg("pages"))["mean"]) == "3.0"


def test_the_sum_of_integers_is_an_integer(call, books):
    assert repr(call(Book.objects.aggregate, total=Sum("pages"))["total"]) == "9"


def test_aggregates_of_nothing(call):
    found = call(
        Book.objects.aggregate, n=Count("id"), total=Sum("pages"), mean=Avg("pages"), most=Max("pages")
    )
    assert found == {"n": 0, "total": None, "mean": None, "most": None}


def test_the_largest_date_is_a_date(call):
    for day in (datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)):
        call(Everything.objects.create, day=day, at=datetime.datetime(day.year, 1, 1, tzinfo=UTC))
    found = call(Everything.objects.aggregate, day=Max("day"), at=Min("at"))
    assert found == {"day": datetime.date(2021, 1, 1), "at": datetime.datetime(2020, 1, 1, tzinfo=UTC)}


def test_an_annotation_has_the_type_of_its_column(call, books):
    rows = call.list(Author.objects.annotate(most=Max("books__price"), total=Sum("books__price")))
    assert repr((rows[0].most, rows[0].total)) == "(Decimal('2.20'), Decimal('3.30'))"


def test_a_plain_f_has_the_type_of_its_column(call, books):
    rows = call.list(Book.objects.filter(price="1.10").annotate(own=F("price"), alive=F("author__active")))
    assert repr((rows[0].own, rows[0].alive)) == "(Decimal('1.10'), True)"
