"""Functions give the same values on both databases."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import dorm
from dorm import F, Value

from .models import Item, Moment, Shop

D = Decimal
NULL_TEXT = Value(None, output_field="text")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (dorm.Upper(Value("éa")), "ÉA"),
        (dorm.Lower(Value("ÉÄ")), "éä"),
        (dorm.Upper(NULL_TEXT), None),
        (dorm.Length(Value("Äpfel")), 5),
        (dorm.Length(Value("")), 0),
        (dorm.Concat(Value("a"), NULL_TEXT, Value("b")), "ab"),
        (dorm.Concat(Value("n"), Value(1), Value(True), Value(D("1.50"), "numeric(5, 2)")), "n1true1.50"),
        (dorm.Trim(Value("  a b ")), "a b"),
        (dorm.LTrim(Value("  a ")), "a "),
        (dorm.RTrim(Value("  a ")), "  a"),
        (dorm.Reverse(Value("abc")), "cba"),
        (dorm.Substr(Value("abcde"), 2), "bcde"),
        (dorm.Substr(Value("abcde"), 2, 3), "bcd"),
        (dorm.Substr(Value("abc"), 5, 3), ""),
        (dorm.Left(Value("abcde"), 2), "ab"),
        (dorm.Right(Value("abcde"), 2), "de"),
        (dorm.Right(Value("abc"), 5), "abc"),
        (dorm.LPad(Value("abc"), 6, Value("xy")), "xyxabc"),
        (dorm.RPad(Value("abc"), 6, Value("xy")), "abcxyx"),
        (dorm.LPad(Value("abcdef"), 3), "abc"),
        (dorm.RPad(Value("abc"), 5), "abc  "),
        (dorm.LPad(NULL_TEXT, 5), None),
        (dorm.Replace(Value("abcabc"), Value("b"), Value("xx")), "axxcaxxc"),
        (dorm.Replace(Value("abc"), Value("b")), "ac"),
        (dorm.Replace(Value("abc"), Value(""), Value("x")), "abc"),
        (dorm.Repeat(Value("ab"), 3), "ababab"),
        (dorm.Repeat(Value("ab"), 0), ""),
        (dorm.StrIndex(Value("abcabc"), Value("ca")), 3),
        (dorm.StrIndex(Value("abc"), Value("x")), 0),
        (dorm.Chr(Value(233)), "é"),
        (dorm.Ord(Value("éa")), 233),
        (dorm.Ord(Value("")), 0),
        (dorm.MD5(Value("ä")), "8419b71c87a225a2c70b50486fbee545"),
        (dorm.SHA224(Value("a")), "abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5"),
        (dorm.SHA256(Value("a")), "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
        (dorm.Length(dorm.SHA512(Value("a"))), 128),
        (dorm.Length(dorm.SHA384(Value("a"))), 96),
    ],
)  # fmt: skip
def test_texts(value, expression, expected):
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (dorm.Abs(Value(-3)), 3),
        (dorm.Abs(Value(D("-1.25"))), D("1.25")),
        (dorm.Ceil(Value(1.2)), 2.0),
        (dorm.Ceil(Value(-1.2)), -1.0),
        (dorm.Floor(Value(-1.2)), -2.0),
        (dorm.Floor(Value(7)), 7),
        (dorm.Floor(Value(D("1.9"))), D(1)),
        (dorm.Round(Value(2.5)), 3.0),
        (dorm.Round(Value(-2.5)), -3.0),
        (dorm.Round(Value(2.675), 2), 2.68),
        (dorm.Round(Value(1234), -2), 1200),
        (dorm.Round(Value(D("1.255")), 2), D("1.26")),
        (dorm.Sign(Value(-3.5)), -1.0),
        (dorm.Sign(Value(0)), 0),
        (dorm.Mod(Value(7), 3), 1),
        (dorm.Mod(Value(-7), 3), -1),
        (dorm.Mod(Value(7.5), 2), 1.5),
        (dorm.Mod(Value(7), 0), None),
        (dorm.Power(Value(2), 10), 1024.0),
        (dorm.Power(Value(D("1.5")), 2), D("2.25")),
        (dorm.Sqrt(Value(9)), 3.0),
        (dorm.Greatest(Value(1), Value(3), Value(2)), 3),
        (dorm.Greatest(Value(1), Value(None)), 1),
        (dorm.Least(Value("b"), Value("a")), "a"),
        (dorm.NullIf(Value(1), 1), None),
        (dorm.NullIf(Value("a"), Value("b")), "a"),
        (dorm.Coalesce(Value(None), Value(2), Value(3)), 2),
        (Value(7) / Value(2), 3),
        (Value(2) ** 3, 8.0),
        (-Value(2), -2),
        (1 + Value(2) * 3, 7),
    ],
)
def test_numbers(value, expression, expected):
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (dorm.Cast(Value(36), "text"), "36"),
        (dorm.Cast(Value(36), "VARCHAR(1)"), "3"),
        (dorm.Cast(Value("36"), "integer"), 36),
        (dorm.Cast(Value(2.5), dorm.IntegerField), 3),
        (dorm.Cast(Value(-2.5), dorm.IntegerField()), -3),
        (dorm.Cast(Value(3), dorm.FloatField), 3.0),
        (dorm.Cast(Value("1.255"), dorm.DecimalField(max_digits=8, decimal_places=2)), D("1.26")),
        (dorm.Cast(Value("1.5"), "numeric"), D("1.5")),
        (dorm.Cast(Value(True), "text"), "true"),
        (dorm.Cast(Value(1.0), "text"), "1"),
        (dorm.Cast(Value(0.1), "text"), "0.1"),
        (dorm.Cast(Value("2024-02-29"), "date"), date(2024, 2, 29)),
        (dorm.Cast(Value("2024-02-29"), "datetime"), datetime(2024, 2, 29, tzinfo=timezone.utc)),
        (dorm.Cast(Value(2), "boolean"), True),
        (dorm.Cast(Value("f"), "boolean"), False),
        (dorm.Cast(Value('{"a": [1]}'), "json"), {"a": [1]}),
        (dorm.Cast(Value(datetime(2024, 2, 29, 12, tzinfo=timezone.utc)), "text"), "2024-02-29 12:00:00+00"),
    ],
)
def test_casts(value, expression, expected):
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


AT = datetime(2020, 8, 5, 22, 45, 59, 999_999, tzinfo=timezone.utc)
NEW_YEAR = datetime(2021, 1, 3, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("name", "of_at", "of_new_year"),
    [
        ("Year", 2020, 2021),
        ("IsoYear", 2020, 2020),
        ("Quarter", 3, 1),
        ("Month", 8, 1),
        ("Week", 32, 53),
        ("Day", 5, 3),
        ("WeekDay", 4, 1),
        ("IsoWeekDay", 3, 7),
        ("Hour", 22, 0),
        ("Minute", 45, 0),
        ("Second", 59, 0),
    ],
)
def test_parts_of_a_datetime(value, name, of_at, of_new_year):
    extract = getattr(dorm, f"Extract{name}")
    assert value(dorm.JSONArray(extract(Value(AT)), extract(Value(NEW_YEAR)))) == [of_at, of_new_year]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("year", datetime(2020, 1, 1)),
        ("quarter", datetime(2020, 7, 1)),
        ("month", datetime(2020, 8, 1)),
        ("week", datetime(2020, 8, 3)),
        ("day", datetime(2020, 8, 5)),
        ("hour", datetime(2020, 8, 5, 22)),
        ("minute", datetime(2020, 8, 5, 22, 45)),
        ("second", datetime(2020, 8, 5, 22, 45, 59)),
    ],
)
def test_beginnings(value, call, kind, expected):
    expected = expected.replace(tzinfo=timezone.utc)
    assert value(dorm.Trunc(Value(AT), kind)) == expected
    if kind not in ("hour", "minute", "second"):
        (found,) = call.list(Shop.objects.annotate(x=dorm.Trunc(Value(AT.date()), kind)))
        assert found.x == expected.date()


def test_dates_and_times_of_datetimes(value, call):
    assert value(dorm.TruncDate(Value(AT))) == date(2020, 8, 5)
    (found,) = call.list(Shop.objects.annotate(x=dorm.TruncTime(Value(AT))))
    assert found.x == time(22, 45, 59, 999_999)
    (found,) = call.list(Shop.objects.annotate(x=dorm.TruncHour(Value(time(9, 30)))))
    assert found.x == time(9)


def test_a_zone_says_which_day_it_is(value, call):
    rome = ZoneInfo("Europe/Rome")
    assert value(dorm.TruncDate(Value(AT), tzinfo=rome)) == date(2020, 8, 6)
    (found,) = call.list(
        Shop.objects.annotate(
            day=dorm.TruncDay(Value(AT), tzinfo=rome), hour=dorm.ExtractHour(Value(AT), tzinfo=rome)
        )
    )
    assert found.day == datetime(2020, 8, 5, 22, tzinfo=timezone.utc)
    assert found.hour == 0


def test_moments_are_moved_and_told_apart(call, tables):
    day, at = date(2024, 2, 28), datetime(2024, 2, 28, 12, tzinfo=timezone.utc)
    call(
        Moment.objects.create, day=day, hour=time(23), at=at,
        until=at + timedelta(days=40, minutes=3, microseconds=5), length=timedelta(hours=36),
    )  # fmt: skip
    found = call.list(
        Moment.objects.annotate(
            a=F("at") + timedelta(days=2),
            b=F("at") - F("length"),
            c=F("until") - F("at"),
            d=F("hour") + timedelta(hours=2),
            e=F("day") + timedelta(days=2),
            f=F("length") * 2,
            g=F("day") - Value(date(2024, 2, 1)),
        ).values_list("a", "b", "c", "d", "e", "f", "g")
    )
    assert found == [
        (
            at + timedelta(days=2),
            at - timedelta(hours=36),
            timedelta(days=40, minutes=3, microseconds=5),
            time(1),
            datetime(2024, 3, 1, tzinfo=timezone.utc),
            timedelta(hours=72),
            timedelta(days=27),
        )
    ]
    assert call(Moment.objects.filter(until__gt=F("at") + timedelta(days=40)).count) == 1
    assert call(Moment.objects.update, at=F("at") + timedelta(hours=1)) == 1
    assert call(Moment.objects.get).at == at + timedelta(hours=1)


def test_json_is_made_of_values(call, rows):
    made = dorm.JSONObject(
        name="name", amount=F("amount") + 1, dear=dorm.Q(price__gt=5), nothing="spare__name",
        inner=dorm.JSONArray("amount", Value("x")),
    )  # fmt: skip
    found = call.list(Item.objects.filter(name="anvil").annotate(x=made).values_list("x", flat=True))
    assert found == [{"name": "anvil", "amount": 4, "dear": True, "nothing": None, "inner": [3, "x"]}]


def test_now_is_aware_and_the_same_in_a_statement(call, rows):
    found = call(Shop.objects.annotate(now=dorm.Now(), then=dorm.Now()).first)
    assert found.now == found.then
    assert found.now.tzinfo is not None
    assert abs(found.now - datetime.now(timezone.utc)) < timedelta(minutes=5)
    call(Moment.objects.create)
    assert call(Moment.objects.update, at=dorm.Now()) == 1
    assert call(Moment.objects.filter(at__lte=dorm.Now()).count) == 1


def test_random_is_a_number_and_an_order(value, call):
    assert 0 <= value(dorm.Random()) < 1
    assert len(call.list(Shop.objects.order_by("?"))) == 1


def test_a_collation_sorts(call, rows):
    found = call.list(Item.objects.order_by(dorm.Collate("name", "C" if _is_postgresql() else "BINARY")))
    assert [item.name for item in found] == ["anvil", "bolt", "chain", "drill", "Äpfel"]


def _is_postgresql():
    from dorm.db.connection import get_connection

    return get_connection().vendor == "postgresql"


def test_functions_of_the_users(value, call):
    assert value(dorm.Func(Value("AbC"), function="LOWER", output_field="text")) == "abc"
    half = dorm.Func(Value(7), template="(%(expressions)s %% %(by)s)", by=4, output_field="integer")
    (found,) = call.list(
        Shop.objects.annotate(
            x=half, y=dorm.Func(Value("a"), Value("b"), template="(%(expressions)s)", arg_joiner=" || ")
        )
    )
    assert (found.x, found.y) == (3, "ab")
    for wrong in [{"function": "x; DROP"}, {}, {"template": "%(other)s"}]:
        with pytest.raises(ValueError, match=r"function|template"):
            dorm.Func(Value(1), **wrong)


def test_raw_sql_takes_parameters(value, call):
    assert value(dorm.RawSQL("1 + %s", [2], output_field="integer")) == 3
    (found,) = call.list(Shop.objects.annotate(x=dorm.RawSQL("'100%'"), y=dorm.RawSQL("%s || '%%'", ["a"])))
    assert (found.x, found.y) == ("100%", "a%")
    assert call(Shop.objects.filter(name=dorm.RawSQL("%s", ["one"])).count) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: dorm.Cast("amount", "text; DROP TABLE x"),
        lambda: dorm.Cast("amount", "tekst"),
        lambda: dorm.Cast("amount", int),
        lambda: Item.objects.annotate(x=dorm.Upper("amount")),
        lambda: Item.objects.annotate(x=dorm.Upper("nme")),
        lambda: Item.objects.annotate(x=dorm.Abs("name")),
        lambda: Item.objects.annotate(x=dorm.Coalesce("name", 1)),
        lambda: Moment.objects.annotate(x=dorm.ExtractHour("day")),
        lambda: Moment.objects.annotate(x=dorm.ExtractYear("hour")),
        lambda: Item.objects.annotate(x=dorm.ExtractYear("name")),
    ],
)
def test_wrong_operands_are_told_at_the_call(make):
    with pytest.raises(dorm.FieldError):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: dorm.Coalesce("name"),
        lambda: dorm.Substr("name", 0),
        lambda: dorm.Left("name", 0),
        lambda: dorm.LPad("name", -1),
        lambda: dorm.Repeat("name", -1),
        lambda: dorm.Collate("name", 'x"; --'),
        lambda: dorm.Trunc("at", "moth"),
        lambda: dorm.Extract("at", "yeer"),
        lambda: dorm.TruncDay("at", tzinfo="Nowhere/Land"),
    ],
)
def test_wrong_arguments_are_told_where_they_stand(make):
    with pytest.raises((ValueError, TypeError)):
        make()
