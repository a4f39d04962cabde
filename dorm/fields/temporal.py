"""Fields that hold dates and times, and the one rule about time zones.

Rests on the base field and on the settings USE_TZ and TIME_ZONE, which are read when a value passes.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final, TypeVar, Unpack

from ..conf import settings
from ..exceptions import ImproperlyConfigured, NaiveDatetimeWarning
from ..lookups.table import Family
from ..sql.types import ColumnType
from .base import NOT_PROVIDED, Field, FieldOptions

T = TypeVar("T", bound="date | time")


# -- time zones -----------------------------------------------------------------------------------


def normalise(value: datetime) -> datetime:
    """Return *value* as a datetime column keeps it.

    With USE_TZ: aware, in UTC; a naive value is taken as being in TIME_ZONE, with a NaiveDatetimeWarning.
    Without: naive, in TIME_ZONE; an aware value is converted. Raises OverflowError when that leaves the
    years 1 to 9999.
    """
    if value.utcoffset() is None:
        if not settings.USE_TZ:
            return value
        warn_naive(value)
        value = value.replace(tzinfo=time_zone())
    if settings.USE_TZ:
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    return value.astimezone(time_zone()).replace(tzinfo=None)


def time_zone() -> tzinfo:
    """Return the zone that TIME_ZONE names; the settings have checked that there is one."""
    if settings.TIME_ZONE == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # reads the system's paths when it is loaded, and UTC does without

    return ZoneInfo(settings.TIME_ZONE)


def warn_naive(value: datetime) -> None:
    """Warn that *value* has no zone, at the line outside of dorm that it came from."""
    frame, level = sys._getframe(1), 2
    # Generated code has no module name; it is ours too.
    while frame.f_back and frame.f_globals.get("__name__", "dorm").partition(".")[0] == "dorm":
        frame, level = frame.f_back, level + 1
    warnings.warn(
        f"{value} has no time zone, so it is taken as being in TIME_ZONE ({settings.TIME_ZONE!r}). "
        "Pass an aware datetime, such as datetime.now(UTC).",
        NaiveDatetimeWarning,
        stacklevel=level,
    )


# -- the fields -----------------------------------------------------------------------------------


class TemporalField(Field[T]):
    """A column that may take the present moment by itself: at every save, or when the row is made."""

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        given = auto_now + auto_now_add + (options.get("default", NOT_PROVIDED) is not NOT_PROVIDED)
        if given > 1:
            raise ImproperlyConfigured("auto_now, auto_now_add and default exclude each other: choose one.")
        if auto_now or auto_now_add:
            options.setdefault("editable", False)
            options.setdefault("blank", True)
        super().__init__(verbose_name, **options)
        self.auto_now = auto_now
        self.auto_now_add = auto_now_add
        self.has_pre_save = auto_now or auto_now_add

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"editable": False, "blank": True} if self.has_pre_save else {}

    def pre_save(self, instance: Any, add: bool) -> Any:
        if self.auto_now or (self.auto_now_add and add):
            instance.__dict__[self.attname] = self.present()
        return super().pre_save(instance, add)

    def present(self) -> T:
        """Return the present moment as the type of the field."""
        raise NotImplementedError

    def validate(self, value: Any, model_instance: Any = None) -> None:
        """Let None pass where the value comes by itself."""
        if value is not None or not self.has_pre_save:
            super().validate(value, model_instance)


class DateField(TemporalField[date]):
    """A day."""

    family: Family = "date"
    python_types = frozenset({date})

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("date")

    def to_python(self, value: Any) -> date | None:
        """Return a date, or ISO text, as date; of a datetime its day: that in TIME_ZONE when it is aware."""
        if value is None or type(value) is date:
            return value
        if isinstance(value, datetime):
            return (value if value.utcoffset() is None else value.astimezone(time_zone())).date()
        if isinstance(value, date):
            return value
        if not isinstance(value, str):
            self.invalid(value, "a date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.invalid(value, "a date such as '2024-02-29'")

    def from_db_value(self, value: Any) -> Any:
        return date.fromisoformat(value) if isinstance(value, str) else value

    def present(self) -> date:
        """Return the day that it is in TIME_ZONE."""
        return datetime.now(UTC).astimezone(time_zone()).date()


class TimeField(TemporalField[time]):
    """A time of day, without a zone."""

    family: Family = "time"

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("time")

    def to_python(self, value: Any) -> time | None:
        """Return a time, or ISO text, as time; of a datetime its time of day. A zone is refused."""
        if value is None:
            return None
        moment = value.time() if isinstance(value, datetime) else value
        if isinstance(moment, str):
            try:
                moment = time.fromisoformat(moment)
            except ValueError:
                self.invalid(value, "a time such as '23:59:00'")
        if not isinstance(moment, time) or moment.tzinfo is not None:
            self.invalid(value, "a time without a zone")
        return moment

    def from_db_value(self, value: Any) -> Any:
        return time.fromisoformat(value) if isinstance(value, str) else value

    def present(self) -> time:
        """Return the time of day that it is in TIME_ZONE."""
        return datetime.now(UTC).astimezone(time_zone()).time()


class DateTimeField(TemporalField[datetime]):
    """A moment. See `normalise()` for what becomes of time zones.

    `python_types` is empty, since every value must pass that rule.
    """

    family: Family = "datetime"

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("datetime")

    def to_python(self, value: Any) -> datetime | None:
        """Return a datetime, or ISO text, as datetime, and a date as its midnight; zones stay as they are."""
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        if not isinstance(value, str):
            self.invalid(value, "a date and time")
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.invalid(value, "a date and time such as '2024-02-29T23:59:00+00:00'")

    def prepare_operand(self, value: Any) -> Any:
        moment = super().prepare_operand(value)
        if moment is None:
            return None
        try:
            return normalise(moment)
        except OverflowError:
            raise self.refusal(value, "holds the years 1 to 9999 in UTC") from None

    def from_db_value(self, value: Any) -> Any:
        """Return what the database gave, aware in UTC under USE_TZ; text without an offset is in UTC then."""
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime):
            return moment
        if settings.USE_TZ and moment.utcoffset() is None:
            return moment.replace(tzinfo=UTC)
        return normalise(moment)

    def present(self) -> datetime:
        return normalise(datetime.now(UTC))


# -- durations ------------------------------------------------------------------------------------

# "3 04:05:06.5", as Python writes it "3 days, 4:05:06", and "04:05".
CLOCK: Final = (
    r"(?:(?P<days>-?\d+)(?: days?,)? )?(?P<clock>-)?"
    r"(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?(?P<seconds>\d+)(?:[.,](?P<micro>\d{1,6})\d*)?"
)
# ISO 8601, without months and years, whose length is not known.
ISO: Final = (
    r"(?P<sign>[-+])?P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:[.,](?P<micro>\d{1,6})\d*)?S)?)?"
)


class DurationField(Field[timedelta]):
    """A length of time, exact to the microsecond; SQLite keeps the number of microseconds."""

    family: Family = "duration"
    python_types = frozenset({timedelta})

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("duration")

    def to_python(self, value: Any) -> timedelta | None:
        """Return a timedelta as it is, and the texts of one: ISO 8601, "3 04:05:06" and "04:05:06"."""
        if value is None or isinstance(value, timedelta):
            return value
        found = duration_from_text(value) if isinstance(value, str) else None
        if found is None:
            self.invalid(value, "a duration such as '3 04:05:06' or 'P3DT4H'")
        return found

    def from_db_value(self, value: Any) -> Any:
        return timedelta(microseconds=value) if isinstance(value, int) else value


def duration_from_text(text: str) -> timedelta | None:
    """Return what *text* says, None when it is no duration."""
    found = re.fullmatch(CLOCK, text) or re.fullmatch(ISO, text)
    if found is None or text.endswith(("P", "T")):
        return None
    parts = {name: part for name, part in found.groupdict().items() if part is not None}
    days = timedelta(weeks=int(parts.get("weeks", 0)), days=int(parts.get("days", 0)))
    rest = timedelta(
        hours=int(parts.get("hours", 0)),
        minutes=int(parts.get("minutes", 0)),
        seconds=int(parts.get("seconds", 0)),
        microseconds=int(parts.get("micro", "0").ljust(6, "0")),
    )
    # Of "-1 day, 0:00:05" the day alone is negative, of "-PT5S" all.
    whole = days - rest if "clock" in parts else days + rest
    return -whole if parts.get("sign") == "-" else whole
