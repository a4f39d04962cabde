"""Numbers: what becomes one, and that nothing of it is lost in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dorm import fields
from dorm.exceptions import FieldError, ImproperlyConfigured, ValidationError
from dorm.fields import BooleanField, DecimalField, Field, FloatField, IntegerField

# -- whole numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number"), [(1, 1), ("12", 12), (" -3 ", -3), (2.0, 2), (Decimal(4), 4), (True, 1)]
)
def test_what_is_a_whole_number_becomes_int(value: Any, number: int) -> None:
    made = IntegerField().to_python(value)
    assert (type(made), made) == (int, number)


@pytest.mark.parametrize(
    "value", ["abc", "1.5", "", 2.5, Decimal("0.1"), float("nan"), float("inf"), b"1", [1], 1j]
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError, match="not a whole number"):
        IntegerField().to_python(value)
    with pytest.raises(FieldError):
        IntegerField().get_prep_value(value)


LIMITS: list[tuple[Field[Any], int, int]] = [
    (fields.SmallIntegerField(), -(2**15), 2**15 - 1),
    (fields.PositiveSmallIntegerField(), 0, 2**15 - 1),
    (fields.IntegerField(), -(2**31), 2**31 - 1),
    (fields.PositiveIntegerField(), 0, 2**31 - 1),
    (fields.AutoField(), -(2**31), 2**31 - 1),
    (fields.BigIntegerField(), -(2**63), 2**63 - 1),
    (fields.BigAutoField(), -(2**63), 2**63 - 1),
]


@pytest.mark.parametrize(("field", "lowest", "highest"), LIMITS)
def test_a_number_that_the_column_cannot_hold_is_refused_with_the_limits(
    field: Field[Any], lowest: int, highest: int
) -> None:
    assert field.get_prep_value(lowest) == field.clean(lowest, None) == lowest
    assert field.get_prep_value(highest) == field.clean(highest, None) == highest
    for value in (lowest - 1, highest + 1):
        with pytest.raises(FieldError, match=f"holds numbers from {lowest} to {highest}"):
            field.get_prep_value(value)
        with pytest.raises(ValidationError):
            field.validate(value, None)


def test_a_lookup_may_ask_beyond_the_limits() -> None:
    assert IntegerField().prepare_operand(10**12) == 10**12


def test_an_automatic_key_is_the_primary_key_and_needs_no_value() -> None:
    field = fields.BigAutoField()
    assert (field.primary_key, field.auto, field.family) == (True, True, "integer")
    assert field.clean(None, None) is None
    with pytest.raises(ImproperlyConfigured, match="primary key"):
        fields.AutoField(primary_key=False)


# -- floats ---------------------------------------------------------------------------------------


def test_a_float_takes_numbers_and_their_texts() -> None:
    assert FloatField().to_python("1.5") == 1.5
    assert FloatField().to_python(Decimal("0.5")) == 0.5
    assert type(FloatField().to_python(1)) is float
    assert type(FloatField().from_db_value(1)) is float


@pytest.mark.parametrize("value", ["abc", b"1", [1.0], 10**400])
def test_a_float_refuses_the_rest(value: Any) -> None:
    with pytest.raises(ValidationError, match="not a number"):
        FloatField().to_python(value)


# -- decimals -------------------------------------------------------------------------------------


def test_a_float_becomes_the_decimal_that_it_shows() -> None:
    assert DecimalField().to_python(0.1) == Decimal("0.1")


@pytest.mark.parametrize(
    "value", ["abc", "NaN", "Infinity", float("nan"), float("-inf"), Decimal("sNaN"), b"1", (0, (1,), 0)]
)
def test_a_decimal_is_a_finite_number(value: Any) -> None:
    with pytest.raises(ValidationError, match="decimal number"):
        DecimalField().to_python(value)
    with pytest.raises(FieldError, match="expects a"):
        DecimalField().get_prep_value(value)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("1", "1.00"),
        ("1.005", "1.00"),
        ("1.015", "1.02"),
        ("-0.005", "-0.00"),
        ("99.994", "99.99"),
        (7, "7.00"),
    ],
)
def test_saving_rounds_half_to_even(value: Any, stored: str) -> None:
    assert str(DecimalField(max_digits=4).get_prep_value(value)) == stored


@pytest.mark.parametrize("value", ["100", "99.995", "1e9", "-100"])
def test_a_decimal_too_large_for_the_column_is_refused(value: str) -> None:
    with pytest.raises(FieldError, match="2 digits before the point and 2 after it"):
        DecimalField(max_digits=4).get_prep_value(value)


def test_a_lookup_compares_with_the_decimal_as_given() -> None:
    assert DecimalField().prepare_operand("0.005") == Decimal("0.005")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.234", "max_decimal_places"),
        ("0.001", "max_decimal_places"),
        ("100", "max_digits"),
        ("1e2", "max_digits"),
    ],
)
def test_validation_refuses_digits_that_the_column_has_not(value: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DecimalField(max_digits=4).clean(value, None)
    assert caught.value.code == code


@pytest.mark.parametrize("value", ["99.99", "-99.99", "1.2300", "1e1", "0", "0.00000"])
def test_validation_takes_what_fits(value: str) -> None:
    assert DecimalField(max_digits=4).clean(value, None) == Decimal(value)


@pytest.mark.parametrize(("digits", "places"), [(0, 0), (2, 3), (2, -1), ("5", 2), (5, None)])
def test_the_places_are_part_of_the_digits(digits: Any, places: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"max_digits|decimal_places"):
        DecimalField(max_digits=digits, decimal_places=places)


@pytest.mark.parametrize("raw", [3.3000000000000003, "3.3", 3.3, Decimal("3.30")])
def test_a_decimal_comes_back_exact(raw: Any) -> None:
    assert DecimalField().from_db_value(raw) == Decimal("3.3")


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=2))
def test_a_decimal_survives_the_float_of_sqlite(value: Decimal) -> None:
    field = DecimalField()
    assert field.from_db_value(float(field.get_prep_value(value))) == value


# -- truth ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (1, True),
        (0, False),
        (1.0, True),
        ("true", True),
        ("Yes", True),
        ("1", True),
        ("false", False),
        ("no", False),
        ("other", False),
    ],
)
def test_to_python_reads_numbers_and_words(value: Any, truth: bool) -> None:
    assert BooleanField().to_python(value) is truth


@pytest.mark.parametrize("value", [2, -1, 0.5, [], b"1"])
def test_other_values_have_no_truth(value: Any) -> None:
    with pytest.raises(ValidationError, match="true or false"):
        BooleanField().to_python(value)


def test_a_word_that_is_neither_yes_nor_no_is_never_stored() -> None:
    assert BooleanField().get_prep_value("No") is False
    with pytest.raises(FieldError, match="expects true or false, got 'maybe'"):
        BooleanField().get_prep_value("maybe")
    with pytest.raises(ValidationError, match="'maybe' is not true or false"):
        BooleanField().clean("maybe", None)


def test_the_database_keeps_truth_as_a_number() -> None:
    assert BooleanField().from_db_value(0) is False
    assert BooleanField().from_db_value(1) is True
