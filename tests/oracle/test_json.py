"""Questions about JSON, asked of dorm and of Django over the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dorm
from tests.conftest import Database

from . import library
from .conftest import WHOLE
from .running import django

DOCUMENTS: list[Any] = [
    None,
    {},
    {"a": 1, "b": "Text", "n": None},
    {"a": 1.5, "b": "text", "t": True},
    {"a": "x", "b": {"a": 1}, "t": False},
    {"a": {"b": [{"c": "deep"}, 2]}, "tags": ["red", "green"]},
    {"a": [1, [2, 3]], "tags": []},
    {"a": {"b": "x", "a": None}, "b": ["a", "b"]},
    {"a": "1", "n": 0, "b": ""},
    [1, "a", None, {"a": 1}],
    ["x", ["a"]],
    "x",
    "Text",
    7,
    True,
]

PATHS = ["a", "b", "n", "t", "tags", "a__b", "a__a", "a__0", "a__1__0", "tags__1", "a__b__0__c", "b__1"]
PATHS += ["1", "3__a"]
SCALARS = [0, 1, 1.5, 2, "x", "1", "a", "Text", "", True, False]
VALUES = [*SCALARS, [], {}, {"a": 1}, ["a", "b"], ["red"], {"b": "x"}, [2, 3], {"c": "deep"}]
TEXTS = ["x", "te", "T", "1", "", "deep"]
KEYS = ["a", "b", "n", "tags", "zz"]

one_of = st.sampled_from
values, texts, keys = one_of(VALUES), one_of(TEXTS), one_of(KEYS)
OF_TEXT = [
    "icontains", "startswith", "istartswith", "endswith", "iendswith", "regex", "iregex", "iexact",
]  # fmt: skip


def asked(path: st.SearchStrategy[str], lookups: list[str], value: st.SearchStrategy[Any]) -> Any:
    return st.tuples(path, one_of(lookups), value).map(lambda made: (f"meta{made[0]}__{made[1]}", made[2]))


inside = one_of(PATHS).map("__{}".format)
anywhere = inside | st.just("")
# On SQLite, Django gives null a text, and sees no case.
without_null = one_of([path for path in PATHS if path not in ("n", "a__a")]).map("__{}".format)


def are_apart(found: list[Any]) -> bool:
    """Whether no two are equal in Python and not in JSON: Django leaves out one of 1 and True."""
    plain = [one for one in found if isinstance(one, (bool, int, float))]
    return len(set(plain)) == len({(type(one) is bool, one) for one in plain})


def lists(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, max_size=3).filter(are_apart)


# What Django answers alike on both databases.
PLAIN = (
    asked(inside, ["exact"], one_of(SCALARS))
    | asked(inside, ["exact"], st.none())
    | asked(inside, ["in"], lists(one_of(SCALARS)))
    | asked(inside, ["isnull"], st.booleans())
    | asked(without_null, [name for name in OF_TEXT if name not in ("startswith", "endswith")], texts)
)
# What it asks PostgreSQL alone, or answers there alone by the kinds of JSON.
WHOLLY = (
    PLAIN
    | asked(inside, OF_TEXT, texts)
    | asked(anywhere, ["exact"], values)
    | asked(anywhere, ["in"], lists(values))
    | asked(anywhere, ["contains", "contained_by"], values)
    | asked(anywhere, ["has_key"], keys)
    | asked(anywhere, ["has_keys", "has_any_keys"], st.lists(keys, max_size=3))
    | asked(inside, ["gt", "gte", "lt", "lte"], values)
    | asked(inside, ["range"], st.tuples(values, values))
)


@pytest.fixture(scope="module")
def documents(oracle: Database) -> Iterator[Any]:
    for number, document in enumerate(DOCUMENTS):
        library.Document.objects.create(meta=document, number=number % 3)
    library.Document.objects.create(meta=dorm.JSONNull, number=1)
    yield django()


def both(rows: Any, lookups: dict[str, Any]) -> list[int]:
    return sorted(rows.filter(**lookups).values_list("pk", flat=True))


@WHOLE
@given(data=st.data())
def test_filters_find_what_django_finds(oracle, documents, data):
    key, value = data.draw(WHOLLY if oracle.vendor == "postgresql" else PLAIN)
    assert both(library.Document.objects, {key: value}) == both(
        documents.models.Document.objects, {key: value}
    )


@pytest.mark.parametrize("path", PATHS)
def test_values_are_those_of_django(oracle, documents, path):
    name = f"meta__{path}"
    rows = (library.Document.objects, documents.models.Document.objects)
    ours, theirs = (list(one.order_by("pk").values_list(name, flat=True)) for one in rows)
    # Of the text "1" Django makes a number, on SQLite.
    kinds = [(value, type(value)) for value in ours]
    assert kinds == [(one, str) if one == "1" else (other, type(other)) for one, other in zip(ours, theirs)]


@pytest.mark.parametrize("path", PATHS)
def test_rows_are_sorted_as_in_django_on_postgresql(oracle, documents, path):
    name = f"meta__{path}"
    rows = (library.Document.objects, documents.models.Document.objects)
    ours, theirs = (list(one.order_by(name, "pk").values_list("pk", flat=True)) for one in rows)
    # On SQLite Django sorts by the kinds of SQLite, and dorm still by those of JSON.
    assert (ours == theirs) if oracle.vendor == "postgresql" else (sorted(ours) == sorted(theirs))


@pytest.mark.parametrize("path", [path for path in PATHS if path != "a"])
def test_rows_are_grouped_as_in_django(documents, path):
    name = f"meta__{path}"
    rows = (library.Document.objects, documents.models.Document.objects)
    ours, theirs = (
        sorted(json.dumps(row, sort_keys=True) for row in one.values(name).annotate(n=words.Count("pk")))
        for one, words in zip(rows, (dorm, documents.words))
    )
    assert ours == theirs


# -- the differences, by name ----------------------------------------------------------------------


def test_none_is_null_where_django_looks_for_the_null_of_json(documents):
    ours, theirs = library.Document.objects, documents.models.Document.objects
    assert both(ours, {"meta": None}) == both(theirs, {"meta__isnull": True})
    assert both(ours, {"meta": dorm.JSONNull}) == both(theirs, {"meta": None})


@pytest.mark.parametrize("key", ["meta__a", "meta__b", "meta__tags__1"])
def test_exclude_keeps_the_rows_without_the_key_which_django_drops(documents, key):
    ours = sorted(library.Document.objects.exclude(**{key: "x"}).values_list("pk", flat=True))
    theirs = documents.models.Document.objects
    whole = documents.words.Q(**{f"{key}__isnull": True})
    assert ours == sorted(
        {
            *theirs.exclude(**{key: "x"}).values_list("pk", flat=True),
            *theirs.filter(whole).values_list("pk", flat=True),
        }
    )
