"""What must hold between the answers of dorm itself, whatever the program."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Database

from .conftest import QUARTER
from .programs import COLUMNS, Call, Program, Slice, programs, restriction
from .running import DORM


def filtered(program: Program) -> Any:
    """Return the queryset of *program* without its slices."""
    steps = tuple(step for step in program.steps if not isinstance(step, Slice))
    return DORM.queryset(program._replace(steps=steps))


@settings(QUARTER)
@given(programs(ends=("list",)))
def test_count_and_exists_and_length_agree(oracle: Database, program: Program) -> None:
    rows = DORM.queryset(program)
    assert (rows.count(), rows.exists()) == (len(rows), bool(rows))


@settings(QUARTER)
@given(programs(ends=("list",)))
def test_a_slice_is_the_slice_of_the_list(oracle: Database, program: Program) -> None:
    if not program.ordered:
        return
    every = list(filtered(program))
    for step in program.steps:
        if isinstance(step, Slice):
            every = every[step.start : step.stop]
    assert list(DORM.queryset(program)) == every


@settings(QUARTER)
@given(st.sampled_from(sorted(COLUMNS)).flatmap(lambda model: st.tuples(st.just(model), restriction(model))))
def test_filter_and_exclude_part_the_rows(oracle: Database, drawn: tuple[str, Call]) -> None:
    name, call = drawn
    rows = getattr(DORM.models, name).objects
    args, named = list(map(DORM.value, call.args)), {key: DORM.value(value) for key, value in call.named}
    kept, left, every = (
        set(some.values_list("pk", flat=True))
        for some in (rows.filter(*args, **named), rows.exclude(*args, **named), rows.all())
    )
    assert not kept & left
    # Under a second NOT, and in arithmetic, a NULL makes a condition neither true nor false, as in Django.
    if "negated=True" not in repr(call) and "Ref" not in repr(call):
        assert kept | left == every


@settings(QUARTER)
@given(programs(ends=("list",)))
def test_the_iterator_gives_what_the_list_gives(oracle: Database, program: Program) -> None:
    rows = DORM.queryset(program)
    found = [DORM.row(row, program) for row in rows.iterator(chunk_size=3)]
    expected = [DORM.row(row, program) for row in rows]
    # PostgreSQL plans a cursor for its first rows: where no order is asked for, it may be another.
    assert found == expected if program.ordered else sorted(map(repr, found)) == sorted(map(repr, expected))


@settings(QUARTER)
@given(programs(ends=("list",)))
def test_values_are_those_of_the_instances(oracle: Database, program: Program) -> None:
    rows = DORM.queryset(program)
    first = next(iter(rows), None)
    if not program.ordered or first is None or not hasattr(first, "_meta"):
        return
    names = [field.attname for field in first._meta.fields]
    assert [tuple(getattr(row, name) for name in names) for row in rows] == list(rows.values_list(*names))


@settings(QUARTER)
@given(programs(ends=("list",)))
def test_reverse_twice_is_the_order_itself(oracle: Database, program: Program) -> None:
    rows = filtered(program)
    if program.ordered:
        assert list(rows.reverse().reverse()) == list(rows)
        assert list(rows.reverse()) == list(rows)[::-1] or _repeats(rows)


def _repeats(rows: Any) -> bool:
    """Whether rows are equal, so that their order among themselves is open."""
    texts = [repr(row) for row in rows]
    return len(set(texts)) < len(texts)
