"""Parts of dates and times, and their beginnings.

Rests on Function. A datetime is looked at in UTC, as lookups such as `joined__year` do, unless *tzinfo* says
in which zone.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, get_args

from .._text import did_you_mean, listed, nearest
from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Call, Cast, DatePart, Node, Truncate
from ..sql.nodes import Extract as ExtractNode
from ..sql.types import ANY, BIGINT, DATE, DATETIME, TIME, ColumnType
from .base import MOMENTS, Resolved, Scope, resolve_named
from .functions import Function
from .types import OutputField

DAYS: Final = frozenset({"year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day"})
CLOCKS: Final = frozenset({"hour", "minute", "second"})
KINDS: Final = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")


class Dated(Function[Value_co]):
    """A function of a date, a time or a datetime; *part* is what it looks at."""

    __slots__ = ("part", "tzinfo")
    takes = MOMENTS

    def __init__(
        self, expression: Any, part: DatePart, tzinfo: Any = None, output_field: OutputField | None = None
    ) -> None:
        super().__init__(expression, output_field=output_field)
        self.part: DatePart = part
        self.tzinfo = None if tzinfo is None else zone_name(tzinfo)

    def resolve(self, scope: Scope) -> Resolved:
        operand = resolve_named(self.arguments[0], scope)
        name = operand.type.name
        fits = {"date": DAYS, "time": CLOCKS}.get(name, DAYS | CLOCKS)
        if name not in MOMENTS | {"any"} or self.part not in fits:
            raise FieldError(f"{self!r} cannot take a value of the type {name}")
        if self.tzinfo is not None and name not in ("datetime", "any"):
            raise FieldError(f"{self!r}: tzinfo= is for datetimes, and this is a {name}")
        zone = None if self.tzinfo is None else scope.bind(self.tzinfo).node
        node = operand.node if zone is None else Call("TO_ZONE", (operand.node, zone), DATETIME)
        found = self.looked_at(node, operand.type, zone)
        return Resolved(found.node, self.type or found.type, operand.aggregate)

    def looked_at(self, node: Node, type: ColumnType, zone: Node | None) -> Resolved:
        """Return the value, of *node*, which is local to *zone* if there is one."""
        raise NotImplementedError(f"{self.__class__.__name__} does not say what it gives")


def zone_name(tzinfo: Any) -> str:
    """Return the name of a time zone that both databases know; raise ValueError for any other."""
    from zoneinfo import ZoneInfo  # few queries name a zone

    name = tzinfo if isinstance(tzinfo, str) else getattr(tzinfo, "key", None) or str(tzinfo)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"tzinfo must be a zone such as ZoneInfo('Europe/Rome'), not {tzinfo!r}") from error
    return str(name)


class Extract(Dated[int]):
    """A part of a date or a time, as a whole number: `Extract("joined", "year")`."""

    __slots__ = ()

    def __init__(self, expression: Any, lookup_name: DatePart, tzinfo: Any = None) -> None:
        _check(lookup_name, get_args(DatePart), "Extract")
        super().__init__(expression, lookup_name, tzinfo)

    def looked_at(self, node: Node, type: ColumnType, zone: Node | None) -> Resolved:
        return Resolved(ExtractNode(self.part, node), BIGINT)


class Trunc(Dated[Value_co]):
    """The beginning of the year, month, ... that a value is in: `Trunc("joined", "month")`."""

    __slots__ = ()

    def __init__(
        self, expression: Any, kind: DatePart, output_field: OutputField | None = None, tzinfo: Any = None
    ) -> None:
        _check(kind, KINDS, "Trunc")
        super().__init__(expression, kind, tzinfo, output_field)

    def looked_at(self, node: Node, type: ColumnType, zone: Node | None) -> Resolved:
        type = DATETIME if type == ANY else type
        found: Node = Truncate(self.part, node, type)
        if zone is not None:
            found = Call("FROM_ZONE", (found, zone), DATETIME)
        if self.type is not None and self.type.name != type.name:
            found = Cast(found, type, self.type)
        return Resolved(found, type)


def _check(part: str, known: tuple[str, ...], name: str) -> None:
    if part not in known:
        suggestion = nearest(part, known)
        raise ValueError(f"{name}() has no {part!r}.{did_you_mean(suggestion)} It has {listed(known)}.")


class TruncDate(Dated[Any]):
    """The date of a datetime."""

    __slots__ = ()

    def __init__(self, expression: Any, tzinfo: Any = None) -> None:
        super().__init__(expression, "day", tzinfo)

    def looked_at(self, node: Node, type: ColumnType, zone: Node | None) -> Resolved:
        return Resolved(Cast(node, DATETIME, DATE), DATE)


class TruncTime(Dated[Any]):
    """The time of day of a datetime."""

    __slots__ = ()

    def __init__(self, expression: Any, tzinfo: Any = None) -> None:
        super().__init__(expression, "hour", tzinfo)

    def looked_at(self, node: Node, type: ColumnType, zone: Node | None) -> Resolved:
        return Resolved(Cast(node, DATETIME, TIME), TIME)


class ExtractPart(Extract):
    """An Extract of one part."""

    __slots__ = ()
    fixed: ClassVar[DatePart]

    def __init__(self, expression: Any, tzinfo: Any = None) -> None:
        super().__init__(expression, self.fixed, tzinfo)


class TruncPart(Trunc[Value_co]):
    """A Trunc of one kind."""

    __slots__ = ()
    fixed: ClassVar[DatePart]

    def __init__(self, expression: Any, output_field: OutputField | None = None, tzinfo: Any = None) -> None:
        super().__init__(expression, self.fixed, output_field, tzinfo)


class ExtractYear(ExtractPart):
    """The year."""

    __slots__ = ()
    fixed = "year"


class ExtractIsoYear(ExtractPart):
    """The year that the ISO week belongs to."""

    __slots__ = ()
    fixed = "iso_year"


class ExtractQuarter(ExtractPart):
    """The quarter, 1 to 4."""

    __slots__ = ()
    fixed = "quarter"


class ExtractMonth(ExtractPart):
    """The month, 1 to 12."""

    __slots__ = ()
    fixed = "month"


class ExtractWeek(ExtractPart):
    """The ISO week, 1 to 53."""

    __slots__ = ()
    fixed = "week"


class ExtractDay(ExtractPart):
    """The day of the month."""

    __slots__ = ()
    fixed = "day"


class ExtractWeekDay(ExtractPart):
    """The day of the week: 1 is Sunday, 7 is Saturday."""

    __slots__ = ()
    fixed = "week_day"


class ExtractIsoWeekDay(ExtractPart):
    """The day of the week: 1 is Monday, 7 is Sunday."""

    __slots__ = ()
    fixed = "iso_week_day"


class ExtractHour(ExtractPart):
    """The hour."""

    __slots__ = ()
    fixed = "hour"


class ExtractMinute(ExtractPart):
    """The minute."""

    __slots__ = ()
    fixed = "minute"


class ExtractSecond(ExtractPart):
    """The second, without its fraction."""

    __slots__ = ()
    fixed = "second"


class TruncYear(TruncPart[Value_co]):
    """The beginning of its year."""

    __slots__ = ()
    fixed = "year"


class TruncQuarter(TruncPart[Value_co]):
    """The beginning of its quarter."""

    __slots__ = ()
    fixed = "quarter"


class TruncMonth(TruncPart[Value_co]):
    """The beginning of its month."""

    __slots__ = ()
    fixed = "month"


class TruncWeek(TruncPart[Value_co]):
    """The Monday of its week."""

    __slots__ = ()
    fixed = "week"


class TruncDay(TruncPart[Value_co]):
    """The beginning of its day."""

    __slots__ = ()
    fixed = "day"


class TruncHour(TruncPart[Value_co]):
    """The beginning of its hour."""

    __slots__ = ()
    fixed = "hour"


class TruncMinute(TruncPart[Value_co]):
    """The beginning of its minute."""

    __slots__ = ()
    fixed = "minute"


class TruncSecond(TruncPart[Value_co]):
    """The beginning of its second."""

    __slots__ = ()
    fixed = "second"
