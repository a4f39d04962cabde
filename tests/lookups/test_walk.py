"""Where a name leads, over a model that is no model: the walker knows the views alone."""

from __future__ import annotations

from typing import Any

import pytest

from dorm.lookups.build import BUILDERS, SEVERAL
from dorm.lookups.parts import DOCUMENT, Array, Plain
from dorm.lookups.paths import Miss, Path, walk, walk_column, walk_relations
from dorm.lookups.table import FAMILY_WORDS, LOOKUPS, TRANSFORMS, words_for


class FieldSketch:
    def __init__(
        self, name: str, family: Any, target: Any = None, many: bool = False, null: bool = False
    ) -> None:
        self.name, self.family, self.target, self.many, self.nullable = name, family, target, many, null
        self.view = {"json": DOCUMENT, "array": Array(Plain("text"))}.get(family)


class ModelSketch:
    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: dict[str, FieldSketch] = {}

    def add(self, name: str, family: Any, **more: Any) -> None:
        self.fields[name] = FieldSketch(name, family, **more)

    def field(self, name: str) -> FieldSketch | None:
        return self.fields.get(name)

    def names(self) -> list[str]:
        return list(self.fields)


@pytest.fixture
def author() -> ModelSketch:
    publisher, made, book = ModelSketch("Publisher"), ModelSketch("Author"), ModelSketch("Book")
    publisher.add("id", "integer")
    publisher.add("name", "text")
    made.add("id", "integer")
    made.add("name", "text")
    made.add("age", "integer", null=True)
    made.add("born", "date", null=True)
    made.add("notes", "json")
    made.add("tags", "array")
    made.add("publisher", "relation", target=publisher, null=True)
    made.add("books", "relation", target=book, many=True)
    book.add("title", "text")
    book.add("year", "integer")
    book.add("author", "relation", target=made)
    return made


def facts(found: Any) -> tuple[Any, ...]:
    assert isinstance(found, Path), found
    lookup = found.lookup.name if found.lookup else None
    return [hop.name for hop in found.hops], found.field.name, [one.name for one in found.transforms], lookup


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("age", ([], "age", [], None)),
        ("age__gte", ([], "age", [], "gte")),
        ("publisher", ([], "publisher", [], None)),
        ("publisher__in", ([], "publisher", [], "in")),
        ("publisher__name", (["publisher"], "name", [], None)),
        ("publisher__name__icontains", (["publisher"], "name", [], "icontains")),
        ("books__author__publisher__id", (["books", "author", "publisher"], "id", [], None)),
        ("born__year", ([], "born", ["year"], None)),
        ("born__year__lt", ([], "born", ["year"], "lt")),
        ("notes__a__0__gt", ([], "notes", ["a", "0"], "gt")),
        ("notes__gt__a", ([], "notes", ["gt", "a"], None)),
        ("notes__has_key", ([], "notes", [], "has_key")),
        ("tags__0__startswith", ([], "tags", ["0"], "startswith")),
        ("tags__0_2__len__gt", ([], "tags", ["0_2", "len"], "gt")),
        # A field of the related model comes before a word of the table.
        ("books__year", (["books"], "year", [], None)),
    ],
)
def test_a_key_leads_over_relations_and_transforms_to_a_lookup(author, key, expected):
    assert facts(walk(author, key)) == expected


def test_many_and_nullable_come_from_every_hop(author):
    assert not walk(author, "name").many
    assert walk(author, "books__title").many
    assert walk(author, "books__title").nullable
    assert walk(author, "publisher__name").nullable
    assert not walk(author, "name").nullable


@pytest.mark.parametrize(
    ("key", "kind", "name", "suggestion"),
    [
        ("agee", "field", "agee", "age"),
        ("publisher__nme", "field", "nme", "name"),
        ("age__gtee", "lookup", "gtee", "gte"),
        ("age__contains", "lookup", "contains", None),
        ("name__year", "lookup", "year", None),
        ("age__gt__lt", "lookup", "gt", None),
        ("tags__first", "lookup", "first", None),
        ("tags__0__0", "lookup", "0", None),
        ("", "field", "", None),
        ("__", "field", "", None),
    ],
)
def test_a_key_that_leads_nowhere_is_a_miss_with_its_facts(author, key, kind, name, suggestion):
    miss = walk(author, key)
    assert isinstance(miss, Miss)
    assert (miss.kind, miss.name, miss.suggestion) == (kind, name, suggestion)


def test_the_message_says_what_was_given_where_and_what_would_be_right(author):
    assert walk(author, "agee__gte").message == (
        "Author has no field 'agee' (in 'agee__gte'). Did you mean 'age'? "
        "Fields: age, books, born, id, name, notes, publisher, tags."
    )
    assert walk(author, "age__gtee").message.startswith(
        "'age' (a number) has no lookup 'gtee'. Did you mean 'gte'? Lookups: "
    )


def test_a_column_takes_no_lookup(author):
    assert isinstance(walk_column(author, "age__gte"), Miss)
    assert facts(walk_column(author, "born__year")) == ([], "born", ["year"], None)


def test_where_nothing_is_compared_a_lookup_is_a_key_of_json(author):
    assert facts(walk_column(author, "notes__range")) == ([], "notes", ["range"], None)
    assert isinstance(walk_column(author, "tags__len__gt"), Miss)


def test_a_part_of_a_value_may_be_missing(author):
    assert walk(author, "notes__a").nullable
    assert not walk(author, "notes").nullable


def test_relations_are_walked_alone(author):
    assert facts(walk_relations(author, "books__author")) == (["books"], "author", [], None)
    for key in ("name", "publisher__name", "publishr", "publisher__in"):
        assert isinstance(walk_relations(author, key), Miss)


def test_every_lookup_has_its_builder_and_every_family_its_words():
    assert set(LOOKUPS) == set(BUILDERS) | set(SEVERAL)
    families = {family for row in (*LOOKUPS.values(), *TRANSFORMS.values()) for family in row.families}
    assert families <= set(FAMILY_WORDS)
    for family in FAMILY_WORDS:
        assert {"exact", "isnull"} <= set(words_for(family))


def test_no_transform_bears_the_name_of_a_lookup():
    assert not set(LOOKUPS) & set(TRANSFORMS)
