"""Random programs give in dorm what they give in Django."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from tests.conftest import Database

from .conftest import QUARTER, WHOLE
from .programs import (
    Program,
    changes,
    combined_programs,
    distinct_programs,
    grouped_programs,
    programs,
)
from .running import DORM, django

pytestmark = pytest.mark.usefixtures("oracle")


def expected(program: Program, ask: str) -> object:
    """Return Django's answer; a program that Django refuses is not counted."""
    from django.core.exceptions import FieldError
    from django.db import DatabaseError

    try:
        return getattr(django(), ask)(program)
    except (FieldError, DatabaseError, TypeError, ValueError):
        assume(False)


@settings(WHOLE)
@given(programs())
def test_a_query_gives_the_rows_that_it_gives_in_django(oracle: Database, program: Program) -> None:
    assert DORM.answer(program) == expected(program, "answer")


@settings(WHOLE)
@given(grouped_programs())
def test_groups_are_those_of_django(oracle: Database, program: Program) -> None:
    assert DORM.answer(program) == expected(program, "answer")


@settings(QUARTER)
@given(distinct_programs())
def test_distinct_rows_are_those_of_django(oracle: Database, program: Program) -> None:
    assert DORM.answer(program) == expected(program, "answer")


@settings(QUARTER)
@given(combined_programs())
def test_combined_querysets_are_those_of_django(oracle: Database, program: Program) -> None:
    assert DORM.answer(program) == expected(program, "answer")


@settings(QUARTER)
@given(changes())
def test_a_change_reaches_the_rows_that_it_reaches_in_django(oracle: Database, program: Program) -> None:
    assert DORM.effect(program) == expected(program, "effect")
