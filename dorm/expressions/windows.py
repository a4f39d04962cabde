"""Window: a value computed over the rows around each row, and the functions that are for it alone.

Rests on Function and on aggregates, which may stand in a window too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Window as WindowNode
from ..sql.types import BIGINT, FLOAT, ColumnType
from .aggregates import Aggregate, ordering_term
from .base import Expression, Resolved, Scope, resolve_named
from .functions import Function


class Frame:
    """The rows of a window that count for a row: from *start* to *end*, 0 being the row itself.

    A negative number is before it, a positive one behind it, None is the edge of the partition.
    """

    __slots__ = ("end", "start")
    unit: ClassVar[str]

    def __init__(self, start: int | None = None, end: int | None = None) -> None:
        for bound in (start, end):
            if bound is not None and type(bound) is not int:
                raise TypeError(f"a frame begins and ends at whole numbers or None, not at {bound!r}")
        if start is not None and end is not None and start > end:
            raise ValueError(f"a frame cannot begin at {start} and end at {end}")
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start!r}, {self.end!r})"

    @property
    def text(self) -> str:
        """The frame in SQL."""
        return f"{self.unit} BETWEEN {_bound(self.start, 'PRECEDING')} AND {_bound(self.end, 'FOLLOWING')}"


def _bound(bound: int | None, edge: str) -> str:
    if bound is None:
        return f"UNBOUNDED {edge}"
    if bound == 0:
        return "CURRENT ROW"
    return f"{-bound} PRECEDING" if bound < 0 else f"{bound} FOLLOWING"


class RowRange(Frame):
    """A frame counted in rows."""

    __slots__ = ()
    unit = "ROWS"


class ValueRange(Frame):
    """A frame counted in the value that the window is ordered by."""

    __slots__ = ()
    unit = "RANGE"


class WindowFunction(Function[Value_co]):
    """A function that needs a Window around it."""

    __slots__ = ()

    def resolve(self, scope: Scope) -> Resolved:
        raise FieldError(f"{self!r} is about the rows around a row: write Window({self!r}, ...)")

    def over(self, scope: Scope) -> Resolved:
        """Return the function, to stand in a window."""
        return super().resolve(scope)


class Window(Expression[Value_co]):
    """*expression* over the rows that are alike in *partition_by*, in *order_by*, within *frame*."""

    __slots__ = ("expression", "frame", "order_by", "partition_by")

    def __init__(
        self,
        expression: Expression[Value_co],
        partition_by: Any = None,
        order_by: Any = None,
        frame: Frame | None = None,
    ) -> None:
        if not isinstance(expression, (WindowFunction, Aggregate)):
            raise ValueError(f"Window() takes an aggregate or a function such as Rank(), not {expression!r}")
        if frame is not None and not isinstance(frame, Frame):
            raise TypeError(f"frame must be a RowRange or a ValueRange, not {frame!r}")
        self.expression = expression
        self.partition_by = _several(partition_by)
        self.order_by = _several(order_by)
        self.frame = frame

    def __repr__(self) -> str:
        return f"Window({self.expression!r})"

    def resolve(self, scope: Scope) -> Resolved:
        made = self.expression
        value = made.over(scope) if isinstance(made, WindowFunction) else made.resolve(scope)
        parts = [resolve_named(item, scope) for item in self.partition_by]
        terms = tuple(ordering_term(item, scope) for item in self.order_by)
        frame = "" if self.frame is None else self.frame.text
        node = WindowNode(value.node, tuple(part.node for part in parts), terms, frame)
        return Resolved(node, value.type, aggregate=False)


def _several(items: Any) -> tuple[Any, ...]:
    if items is None:
        return ()
    return tuple(items) if isinstance(items, Sequence) and not isinstance(items, str) else (items,)


class Counting(WindowFunction[int]):
    """A function without arguments that counts."""

    __slots__ = ()
    gives = BIGINT

    def __init__(self) -> None:
        super().__init__()


class RowNumber(Counting):
    """The number of the row, from 1."""

    __slots__ = ()
    function = "ROW_NUMBER"


class Rank(Counting):
    """The rank of the row; rows that are equal share one, and leave a gap behind them."""

    __slots__ = ()
    function = "RANK"


class DenseRank(Counting):
    """The rank of the row, without gaps."""

    __slots__ = ()
    function = "DENSE_RANK"


class PercentRank(WindowFunction[float]):
    """The rank of the row, from 0 to 1."""

    __slots__ = ()
    function = "PERCENT_RANK"
    gives = FLOAT

    def __init__(self) -> None:
        super().__init__()


class CumeDist(WindowFunction[float]):
    """The share of rows that do not come after this one."""

    __slots__ = ()
    function = "CUME_DIST"
    gives = FLOAT

    def __init__(self) -> None:
        super().__init__()


class Ntile(WindowFunction[int]):
    """The number of the part that the row is in, when they are dealt into *num_buckets* equal ones."""

    __slots__ = ()
    function = "NTILE"
    gives = BIGINT

    def __init__(self, num_buckets: int = 1) -> None:
        _positive(num_buckets, "num_buckets")
        super().__init__(num_buckets)


class Neighbour(WindowFunction[Value_co]):
    """The value in another row, *offset* away; *default* where there is none."""

    __slots__ = ()

    def __init__(self, expression: Any, offset: int = 1, default: Any = None) -> None:
        if type(offset) is not int or offset < 0:
            raise ValueError(f"'offset' is a whole number that is not negative, not {offset!r}")
        super().__init__(expression, offset, *(() if default is None else (default,)))

    def result(self, types: list[ColumnType]) -> ColumnType:
        return types[0]


class Lag(Neighbour[Value_co]):
    """The value in the row *offset* rows before."""

    __slots__ = ()
    function = "LAG"


class Lead(Neighbour[Value_co]):
    """The value in the row *offset* rows behind."""

    __slots__ = ()
    function = "LEAD"


class FirstValue(WindowFunction[Value_co]):
    """The value in the first row of the frame."""

    __slots__ = ()
    function = "FIRST_VALUE"

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class LastValue(WindowFunction[Value_co]):
    """The value in the last row of the frame, which ends at the row itself unless it is given."""

    __slots__ = ()
    function = "LAST_VALUE"

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class NthValue(WindowFunction[Value_co]):
    """The value in row *nth* of the frame, counted from 1."""

    __slots__ = ()
    function = "NTH_VALUE"

    def __init__(self, expression: Any, nth: int = 1) -> None:
        _positive(nth, "nth")
        super().__init__(expression, nth)

    def result(self, types: list[ColumnType]) -> ColumnType:
        return types[0]


def _positive(number: int, name: str) -> None:
    if type(number) is not int or number < 1:
        raise ValueError(f"{name!r} is a whole number of at least 1, not {number!r}")
