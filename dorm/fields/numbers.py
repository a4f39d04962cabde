"""Fields that hold numbers, and truth.

Rests on the base field. A number that a column cannot hold is an error with the limits in it, never cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any, ClassVar, Final, Unpack

from ..exceptions import ImproperlyConfigured, ValidationError
from ..lookups.table import Family
from ..sql.types import BIGINT, BOOLEAN, FLOAT, INTEGER, ColumnType
from ..validators import MaxValueValidator, MinValueValidator, Validator
from .base import Field, FieldOptions

SMALLINT: Final = ColumnType("smallint")
AUTO: Final = ColumnType("auto")
BIGAUTO: Final = ColumnType("bigauto")
SMALLAUTO: Final = ColumnType("smallauto")


# -- whole numbers --------------------------------------------------------------------------------


class IntegerField(Field[int]):
    """A whole number of 32 bits.

    The limits are the same in every database, so that data can move from one to another.
    """

    family: Family = "integer"
    python_types = frozenset({int})
    column_type: ClassVar[ColumnType] = INTEGER
    lowest: ClassVar[int] = -(2**31)
    highest: ClassVar[int] = 2**31 - 1

    @property
    def plain_type(self) -> ColumnType:
        return self.column_type

    def to_python(self, value: Any) -> int | None:
        """Return whole numbers, and texts that write one, as int; True is 1. 2.0 is 2, and 2.5 is refused."""
        if value is None or type(value) is int:
            return value
        if not isinstance(value, (int, float, Decimal, str)):
            self.invalid(value, "a whole number")
        try:
            number = int(value)
        except (ValueError, OverflowError):
            self.invalid(value, "a whole number")
        if not isinstance(value, str) and number != value:
            self.invalid(value, "a whole number")
        return number

    def expected(self, value: Any) -> str:
        return "a whole number" if isinstance(value, (float, Decimal)) else super().expected(value)

    def get_prep_value(self, value: Any) -> Any:
        number = self.prepare_operand(value)
        if number is not None and not self.lowest <= number <= self.highest:
            raise self.refusal(value, f"holds numbers from {self.lowest} to {self.highest}")
        return number

    def own_validators(self) -> list[Validator]:
        return [*self.default_validators, MinValueValidator(self.lowest), MaxValueValidator(self.highest)]


class BigIntegerField(IntegerField):
    """A whole number of 64 bits."""

    column_type = BIGINT
    lowest = -(2**63)
    highest = 2**63 - 1


class SmallIntegerField(IntegerField):
    """A whole number of 16 bits."""

    column_type = SMALLINT
    lowest = -(2**15)
    highest = 2**15 - 1


class PositiveIntegerField(IntegerField):
    """A whole number of 31 bits: 0 and above."""

    positive = True
    lowest = 0


class PositiveSmallIntegerField(SmallIntegerField):
    """A whole number of 15 bits: 0 and above."""

    positive = True
    lowest = 0


class PositiveBigIntegerField(BigIntegerField):
    """A whole number of 63 bits: 0 and above."""

    positive = True
    lowest = 0


class AutoField(IntegerField):
    """A primary key that the database numbers by itself."""

    auto = True
    column_type = AUTO

    def __init__(self, verbose_name: str | None = None, **options: Unpack[FieldOptions]) -> None:
        if options.setdefault("primary_key", True) is not True:
            raise ImproperlyConfigured(f"{type(self).__name__} is always the primary key.")
        options.setdefault("blank", True)
        super().__init__(verbose_name, **options)

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"blank": True}

    def validate(self, value: Any, model_instance: Any = None) -> None:
        """Let None pass: the number comes with the row."""
        if value is not None:
            super().validate(value, model_instance)


class BigAutoField(AutoField):
    """A primary key of 64 bits that the database numbers by itself."""

    column_type = BIGAUTO
    lowest = BigIntegerField.lowest
    highest = BigIntegerField.highest


class SmallAutoField(AutoField):
    """A primary key of 16 bits that the database numbers by itself."""

    column_type = SMALLAUTO
    lowest = SmallIntegerField.lowest
    highest = SmallIntegerField.highest


# -- numbers with a fraction ----------------------------------------------------------------------


class FloatField(Field[float]):
    """A binary floating point number of 64 bits."""

    family: Family = "float"
    python_types = frozenset({float, int})

    @property
    def plain_type(self) -> ColumnType:
        return FLOAT

    def to_python(self, value: Any) -> float | None:
        """Return numbers, and texts that write one, as float."""
        if value is None or type(value) is float:
            return value
        if not isinstance(value, (int, float, Decimal, str)):
            self.invalid(value, "a number")
        try:
            return float(value)
        except (ValueError, OverflowError):
            self.invalid(value, "a number")

    def from_db_value(self, value: Any) -> Any:
        return float(value) if type(value) is int else value


class DecimalField(Field[Decimal]):
    """An exact number with *max_digits* digits, of which *decimal_places* stand after the point.

    Validation refuses a number with more places. Saving one rounds it half to even, as the database would
    and as Django does; a number that is too large for the column is refused there too. `python_types` is
    empty, since every value must be rounded.
    """

    family: Family = "decimal"

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
        **options: Unpack[FieldOptions],
    ) -> None:
        if type(max_digits) is not int or max_digits < 1:
            raise ImproperlyConfigured(f"max_digits must be a whole number above 0, not {max_digits!r}.")
        if type(decimal_places) is not int or not 0 <= decimal_places <= max_digits:
            raise ImproperlyConfigured(
                f"decimal_places must be from 0 to max_digits ({max_digits}), not {decimal_places!r}."
            )
        super().__init__(verbose_name, **options)
        self.max_digits = max_digits
        self.decimal_places = decimal_places
        self.unit = Decimal(1).scaleb(-decimal_places)
        self.context = Context(prec=max_digits, rounding=ROUND_HALF_EVEN)

    @property
    def plain_type(self) -> ColumnType:
        return ColumnType("decimal", digits=self.max_digits, places=self.decimal_places)

    def to_python(self, value: Any) -> Decimal | None:
        """Return numbers, and texts that write one, as Decimal; a float by its shortest form: 0.1 is 0.1."""
        if value is None:
            return None
        if not isinstance(value, (int, float, Decimal, str)):
            self.invalid(value, "a decimal number")
        try:
            number = Decimal(float.__repr__(value) if isinstance(value, float) else value)
        except InvalidOperation:
            self.invalid(value, "a decimal number")
        if not number.is_finite():
            self.invalid(value, "a finite decimal number")
        return number

    def prepare_operand(self, value: Any) -> Any:
        number = super().prepare_operand(value)
        if number is not None and not number.is_finite():
            raise self.refusal(value, "expects a finite decimal number")
        return number

    def get_prep_value(self, value: Any) -> Any:
        # The usual value is finite already, and a row may hold many.
        ready = type(value) is Decimal and value.is_finite()
        number = value if ready else self.prepare_operand(value)
        if number is None:
            return None
        try:
            return number.quantize(self.unit, context=self.context)
        except InvalidOperation:
            raise self.refusal(value, f"holds {self._room()}") from None

    def from_db_value(self, value: Any) -> Any:
        """Return numbers and texts as Decimal, with the places of the column where they fit."""
        if value is None or isinstance(value, Decimal):
            return value
        number = Decimal(repr(value) if isinstance(value, float) else value)
        try:
            return number.quantize(self.unit, context=self.context)
        except InvalidOperation:
            return number

    def own_validators(self) -> list[Validator]:
        return [*self.default_validators, self.check_digits]

    def check_digits(self, value: Decimal) -> None:
        """Raise ValidationError when *value* has more digits than the column, before or after the point."""
        if not value.is_finite():
            self.invalid(value, "a finite decimal number")
        places = max(0, -_exponent(value.normalize(Context(prec=len(value.as_tuple().digits)))))
        if places > self.decimal_places:
            raise ValidationError(
                f"{value} has {places} decimal places; {self.decimal_places} are kept.",
                code="max_decimal_places",
            )
        if value and value.adjusted() >= self.max_digits - self.decimal_places:
            raise ValidationError(f"{value} is too large for {self._room()}.", code="max_digits")

    def _room(self) -> str:
        whole = self.max_digits - self.decimal_places
        return f"{whole} digits before the point and {self.decimal_places} after it"


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    # Only NaN and the infinities have a letter here, and they are refused before.
    assert isinstance(exponent, int)
    return exponent


# -- truth ----------------------------------------------------------------------------------------

TRUE_WORDS: Final = frozenset({"true", "yes", "1"})
FALSE_WORDS: Final = frozenset({"false", "no", "0"})


class BooleanField(Field[bool]):
    """True or False."""

    family: Family = "boolean"
    python_types = frozenset({bool})

    @property
    def plain_type(self) -> ColumnType:
        return BOOLEAN

    def to_python(self, value: Any) -> bool | None:
        """Return 1 and 0 as what they mean, and a text by its word: "true", "yes" and "1" alone are True."""
        if value is None or type(value) is bool:
            return value
        if isinstance(value, str):
            return value.strip().lower() in TRUE_WORDS
        if not isinstance(value, (int, float, Decimal)) or value not in (0, 1):
            self.invalid(value, "true or false")
        return bool(value)

    def prepare_operand(self, value: Any) -> Any:
        """Return *value* as bool; unlike in `to_python()`, a text that is neither yes nor no is refused."""
        if isinstance(value, str) and not is_truth(value):
            raise self.refusal(value, f"expects {self.expected(value)}")
        return super().prepare_operand(value)

    def clean(self, value: Any, model_instance: Any = None) -> Any:
        if isinstance(value, str) and not is_truth(value):
            self.invalid(value, "true or false")
        return super().clean(value, model_instance)

    def from_db_value(self, value: Any) -> Any:
        return bool(value) if isinstance(value, int) else value


class NullBooleanField(BooleanField):
    """True, False or None; `BooleanField(null=True)` by its old name."""

    def __init__(self, verbose_name: str | None = None, **options: Unpack[FieldOptions]) -> None:
        if options.setdefault("null", True) is not True or options.setdefault("blank", True) is not True:
            raise ImproperlyConfigured("A NullBooleanField always has null=True and blank=True.")
        super().__init__(verbose_name, **options)

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"null": True, "blank": True}


def is_truth(text: str) -> bool:
    """Return whether *text* is one of the words for true and false."""
    return text.strip().lower() in TRUE_WORDS | FALSE_WORDS
