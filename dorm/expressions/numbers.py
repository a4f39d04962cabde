"""Functions of numbers.

Rests on Function. Both databases round half away from zero, and give NULL where a number is divided by zero.
"""

from __future__ import annotations

from typing import Any

from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.types import ANY, DECIMAL, FLOAT, ColumnType
from .base import NUMBERS
from .functions import Function


class NumberFunction(Function[Value_co]):
    """A function from a number to one of the same type."""

    __slots__ = ()
    takes = NUMBERS

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Abs(NumberFunction[Value_co]):
    """The number without its sign."""

    __slots__ = ()
    function = "ABS"
    takes = NUMBERS | {"duration"}


class Ceil(NumberFunction[Value_co]):
    """The smallest whole number that is not less."""

    __slots__ = ()
    function = "CEIL"


class Floor(NumberFunction[Value_co]):
    """The largest whole number that is not more."""

    __slots__ = ()
    function = "FLOOR"


class Sign(NumberFunction[Value_co]):
    """-1, 0 or 1."""

    __slots__ = ()
    function = "SIGN"


class Round(NumberFunction[Value_co]):
    """The number rounded to *precision* digits behind the point; before it, when that is negative."""

    __slots__ = ()
    function = "ROUND"

    def __init__(self, expression: Any, precision: Any = 0) -> None:
        Function.__init__(self, expression, precision)

    def result(self, types: list[ColumnType]) -> ColumnType:
        precision = self.arguments[1]
        if types[0].name != "decimal":
            return types[0]
        return ColumnType("decimal", places=max(precision, 0) if isinstance(precision, int) else None)


class Mod(Function[Value_co]):
    """What is left of a division; its sign is that of the first number."""

    __slots__ = ()
    function = "MOD"
    takes = NUMBERS

    def __init__(self, expression: Any, divisor: Any) -> None:
        super().__init__(expression, divisor)


class FloatFunction(Function[Value_co]):
    """A function that is computed with floats: of decimals it gives a decimal of 15 digits."""

    __slots__ = ()
    takes = NUMBERS

    def result(self, types: list[ColumnType]) -> ColumnType:
        for type in types:
            if type.name not in NUMBERS and type != ANY:
                raise FieldError(f"{self!r} takes numbers, not a value of the type {type.name}")
        return DECIMAL if any(type.name == "decimal" for type in types) else FLOAT


class Power(FloatFunction[Value_co]):
    """The number to the power of *exponent*."""

    __slots__ = ()
    function = "POWER"

    def __init__(self, expression: Any, exponent: Any) -> None:
        super().__init__(expression, exponent)


class Sqrt(FloatFunction[Value_co]):
    """The square root."""

    __slots__ = ()
    function = "SQRT"

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Random(Function[float]):
    """A number from 0 up to 1, another one for each row."""

    __slots__ = ()
    function = "RANDOM"
    gives = FLOAT

    def __init__(self) -> None:
        super().__init__()
