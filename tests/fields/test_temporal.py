"""Dates and times: what becomes one, time zones, and moments taken by the field itself."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dorm.conf import settings
from dorm.exceptions import FieldError, ImproperlyConfigured, NaiveDatetimeWarning, ValidationError
from dorm.fields import DateField, DateTimeField, Field, TimeField
from dorm.fields.temporal import normalise

PLUS_TWO = timezone(timedelta(hours=2))
NOON = datetime(2024, 7, 1, 12, 0)
AWARE_NOON = datetime(2024, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["UTC", "Europe/Vienna"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(settings, "TIME_ZONE", request.param)
    return str(request.param)


@pytest.fixture
def vienna(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TIME_ZONE", "Europe/Vienna")


@pytest.fixture
def without_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "USE_TZ", False)


# -- what becomes a date or a time ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "made"),
    [
        (DateField(), "2024-07-01", date(2024, 7, 1)),
        (DateField(), NOON, date(2024, 7, 1)),
        (DateField(), date(2024, 7, 1), date(2024, 7, 1)),
        (TimeField(), "23:59", time(23, 59)),
        (TimeField(), NOON, time(12)),
        (TimeField(), time(1, 2, 3, 4), time(1, 2, 3, 4)),
        (DateTimeField(), "2024-07-01T12:00:00", NOON),
        (DateTimeField(), "2024-07-01 12:00", NOON),
        (DateTimeField(), "2024-07-01T12:00:00Z", AWARE_NOON),
        (DateTimeField(), date(2024, 7, 1), datetime(2024, 7, 1)),
        (DateTimeField(), AWARE_NOON, AWARE_NOON),
    ],
)
def test_to_python_reads_iso_text_and_relatives(field: Field[Any], value: Any, made: Any) -> None:
    got = field.to_python(value)
    assert (type(got), got) == (type(made), made)


@pytest.mark.parametrize("field", [DateField(), TimeField(), DateTimeField()])
@pytest.mark.parametrize("value", ["abc", "", "2024-02-30", "25:00", 5, b"2024-01-01"])
def test_the_rest_is_refused(field: Field[Any], value: Any) -> None:
    with pytest.raises(ValidationError, match="is not a"):
        field.to_python(value)
    with pytest.raises(FieldError, match="expects a"):
        field.get_prep_value(value)


@pytest.mark.parametrize("value", [time(12, tzinfo=UTC), "12:00+02:00"])
def test_a_time_of_day_has_no_zone(value: Any) -> None:
    with pytest.raises(FieldError, match="expects a time"):
        TimeField().get_prep_value(value)


def test_the_day_of_an_aware_moment_is_that_in_the_time_zone(vienna: None) -> None:
    assert DateField().to_python(datetime(2024, 7, 1, 22, 30, tzinfo=UTC)) == date(2024, 7, 2)


# -- time zones -----------------------------------------------------------------------------------


def test_an_aware_moment_is_kept_in_utc(zone: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kept = DateTimeField().get_prep_value(datetime(2024, 7, 1, 14, 0, tzinfo=PLUS_TWO))
    assert (kept, kept.tzinfo) == (AWARE_NOON, UTC)


def test_a_naive_moment_is_taken_in_the_time_zone_with_a_warning(vienna: None) -> None:
    with pytest.warns(NaiveDatetimeWarning, match="Europe/Vienna") as seen:
        kept = DateTimeField().get_prep_value(datetime(2024, 7, 1, 14, 0))
    assert (kept, kept.tzinfo) == (AWARE_NOON, UTC)
    assert seen[0].filename == __file__


def test_without_use_tz_moments_are_naive_in_the_time_zone(vienna: None, without_zones: None) -> None:
    assert normalise(NOON) == NOON
    assert normalise(AWARE_NOON) == datetime(2024, 7, 1, 14, 0)


@pytest.mark.parametrize(
    "value",
    [datetime.min.replace(tzinfo=PLUS_TWO), datetime.max.replace(tzinfo=timezone(-timedelta(hours=2)))],
)
def test_a_moment_that_utc_cannot_say_is_refused(value: datetime) -> None:
    with pytest.raises(FieldError, match="years 1 to 9999"):
        DateTimeField().get_prep_value(value)


@pytest.mark.parametrize(
    "raw",
    ["2024-07-01 12:00:00", "2024-07-01T14:00:00+02:00", NOON, datetime(2024, 7, 1, 14, 0, tzinfo=PLUS_TWO)],
)
def test_moments_come_back_aware_in_utc(zone: str, raw: Any) -> None:
    made = DateTimeField().from_db_value(raw)
    assert (made, made.tzinfo) == (AWARE_NOON, UTC)


def test_moments_come_back_naive_without_use_tz(without_zones: None) -> None:
    assert DateTimeField().from_db_value("2024-07-01 12:00:00") == NOON


@given(
    st.datetimes(
        min_value=datetime(1900, 1, 1), timezones=st.just(PLUS_TWO), max_value=datetime(9999, 12, 31)
    )
)
def test_a_moment_survives_its_text(value: datetime) -> None:
    field = DateTimeField()
    assert field.from_db_value(field.get_prep_value(value).isoformat(" ")) == value


@given(st.dates(), st.times())
def test_days_and_times_survive_their_text(day: date, clock: time) -> None:
    assert DateField().from_db_value(day.isoformat()) == day
    assert TimeField().from_db_value(clock.isoformat()) == clock


# -- moments taken by the field -------------------------------------------------------------------


class Entry:
    """Stands for an instance."""


class Stamp(DateTimeField):
    def present(self) -> datetime:
        return AWARE_NOON


@pytest.mark.parametrize(
    ("options", "add", "stored"),
    [
        ({"auto_now": True}, True, AWARE_NOON),
        ({"auto_now": True}, False, AWARE_NOON),
        ({"auto_now_add": True}, True, AWARE_NOON),
        ({"auto_now_add": True}, False, None),
    ],
)
def test_a_moment_is_taken_at_every_save_or_when_the_row_is_made(
    options: dict[str, Any], add: bool, stored: datetime | None
) -> None:
    field = Stamp(**options)
    field.bind(Entry, "at")
    entry = Entry()
    entry.__dict__["at"] = None
    assert field.pre_save(entry, add) == stored
    assert entry.__dict__["at"] == stored


def test_such_a_field_is_not_edited_and_needs_no_value() -> None:
    field = DateField(auto_now_add=True)
    assert (field.editable, field.blank, field.has_pre_save) == (False, True, True)
    assert field.clean(None, None) is None
    assert not DateField().has_pre_save


def test_the_present_fits_the_settings(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert DateTimeField().present().tzinfo is UTC
    assert TimeField().present().tzinfo is None
    assert type(DateField().present()) is date
    monkeypatch.setattr(settings, "USE_TZ", False)
    assert DateTimeField().present().tzinfo is None


@pytest.mark.parametrize(
    "options", [{"auto_now": True, "auto_now_add": True}, {"auto_now": True, "default": NOON}]
)
def test_two_sources_of_a_value_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured, match="exclude each other"):
        DateTimeField(**options)
