"""JSON inside SQLite is what it is in PostgreSQL: the functions of the one give the answers of the other."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dorm.db.backends import sqlite_json
from tests.server import Room

# Where the text of a database is sorted by its language, only texts of one alphabet sort alike.
TEXTS = st.text("ab01\"\\'é$.%\n ", max_size=3)
NUMBERS = (
    st.integers(-3, 3)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.5, 1.0, -0.0, 1e20, 1e-7, 2**53 + 1, 10**30])
)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
# Small, so that one is often in the other.
SMALL = st.recursive(
    st.sampled_from([None, True, 1, 1.0, "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=5,
)
KEYS = st.lists(TEXTS | st.sampled_from(["0", "1", "-1", "01", "a"]), min_size=1, max_size=3)

alike = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def asked(room: Room, expression: str, *columns: list[Any]) -> list[Any]:
    """Return what PostgreSQL says of each row of *columns*, texts that are called a, b, ..."""
    names = "abc"[: len(columns)]
    arrays = ", ".join("%s::TEXT[]" for _ in columns)
    sql = f"SELECT {expression} FROM unnest({arrays}) WITH ORDINALITY AS t({', '.join(names)}, n) ORDER BY n"
    return [value for (value,) in room.run(sql, *columns)]


@alike
@given(pairs=st.lists(st.tuples(SMALL, SMALL) | st.tuples(VALUES, VALUES), min_size=20, max_size=40))
def test_documents_hold_the_same(room, pairs):
    left, right = [text(one) for one, _ in pairs], [text(other) for _, other in pairs]
    expected = asked(room, "a::JSONB @> b::JSONB", left, right)
    assert list(map(sqlite_json.contains, left, right)) == expected


@alike
@given(pairs=st.lists(st.tuples(VALUES, VALUES) | st.tuples(SMALL, SMALL), min_size=20, max_size=40))
def test_values_are_in_the_same_order(room, pairs):
    left, right = [text(one) for one, _ in pairs], [text(other) for _, other in pairs]
    expected = asked(
        room, "CASE WHEN a::JSONB < b::JSONB THEN -1 WHEN a::JSONB > b::JSONB THEN 1 ELSE 0 END", left, right
    )
    assert list(map(sqlite_json.compare, left, right)) == expected


@alike
@given(values=st.lists(VALUES, min_size=20, max_size=40))
def test_values_have_the_same_texts(room, values):
    texts = list(map(text, values))
    assert [sqlite_json.written(sqlite_json.read(one)) for one in texts] == asked(
        room, "a::JSONB::TEXT", texts
    )
    assert list(map(sqlite_json.text_of, texts)) == asked(room, "a::JSONB #>> '{}'", texts)


@alike
@given(pairs=st.lists(st.tuples(VALUES, TEXTS), min_size=20, max_size=40))
def test_documents_have_the_same_keys(room, pairs):
    documents, keys = [text(one) for one, _ in pairs], [key for _, key in pairs]
    assert list(map(sqlite_json.has_key, documents, keys)) == asked(room, "a::JSONB ? b", documents, keys)


@alike
@given(rows=st.lists(st.tuples(VALUES, TEXTS | st.sampled_from(["0", "1", "-1", "-3", "01"])), min_size=20))
def test_keys_lead_to_the_same_values(room, rows):
    documents, keys = [text(one) for one, _ in rows], [key for _, key in rows]
    step = "CASE WHEN b ~ '^-?[0-9]{1,9}$' THEN a::JSONB #> ARRAY[b] ELSE a::JSONB -> b END"
    assert list(map(sqlite_json.get, documents, keys)) == asked(room, f"({step})::TEXT", documents, keys)
