"""Each operation forwards, backwards and forwards, with rows in the tables, on both databases.

After each, the database says of itself what it says when the tables are made at once.
"""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm.migrations.operations import (
    AddField,
    AlterField,
    CreateModel,
    RemoveField,
)
from tests.migrations.project import LABEL, Project


def author() -> CreateModel:
    return CreateModel(
        "Author",
        [
            ("id", dorm.BigAutoField()),
            ("name", dorm.CharField(max_length=40)),
            ("age", dorm.PositiveIntegerField(null=True)),
            ("email", dorm.EmailField(unique=True, null=True)),
        ],
    )


def book() -> CreateModel:
    return CreateModel(
        "Book",
        [
            ("id", dorm.BigAutoField()),
            ("title", dorm.CharField(max_length=100)),
            ("author", dorm.ForeignKey("Author", dorm.CASCADE, related_name="books")),
            ("price", dorm.DecimalField(max_digits=8, decimal_places=2, null=True)),
            ("editors", dorm.ManyToManyField("shop.Author", related_name="edited")),
        ],
    )


@pytest.fixture
def project(call: Any) -> Project:
    """A project with two authors, two books, and an editor of one."""
    made = Project(call)
    made.forwards(author(), book())
    Author, Book = made.model("Author"), made.model("Book")
    ada = call(Author.objects.create, name="Ada", age=36, email="ada@example.com")
    bob = call(Author.objects.create, name="Bob")
    notes = call(Book.objects.create, title="Notes", author=ada, price=9)
    call(Book.objects.create, title="Letters", author=ada)
    call(notes.editors.add, bob)
    return made


FIELDS = {
    "a nullable column": AddField("Author", "note", dorm.TextField(null=True)),
    "a column with a default": AddField("Author", "score", dorm.IntegerField(default=7)),
    "a column with a one-off default": AddField(
        "Author", "score", dorm.IntegerField(default=7), preserve_default=False
    ),
    "a column with a default of the database": AddField("Author", "score", dorm.IntegerField(db_default=7)),
    "a column with an index": AddField("Author", "score", dorm.IntegerField(null=True, db_index=True)),
    "a unique column": AddField("Author", "code", dorm.CharField(max_length=9, null=True, unique=True)),
    "a positive column": AddField("Author", "size", dorm.PositiveIntegerField(default=0)),
    "a blank text": AddField("Author", "motto", dorm.CharField(max_length=9, blank=True)),
    "a moment": AddField("Author", "added", dorm.DateTimeField(auto_now_add=True)),
    "a key": AddField(
        "Book", "second", dorm.ForeignKey("Author", dorm.SET_NULL, null=True, related_name="+")
    ),
    "a key to itself": AddField("Author", "boss", dorm.ForeignKey("self", dorm.CASCADE, null=True)),
    "a computed column": AddField(
        "Author",
        "double",
        dorm.GeneratedField(expression=dorm.F("age") * 2, output_field=dorm.IntegerField(null=True)),
    ),
    "many to many": AddField("Author", "friends", dorm.ManyToManyField("self")),
    "many to many of another": AddField("Author", "liked", dorm.ManyToManyField("Book", related_name="fans")),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_added_and_removed(project: Project, call: Any, name: str) -> None:
    operation = FIELDS[name]

    project.there_and_back(operation)

    assert call(project.model("Author").objects.count) == 2
    assert call(project.model("Book").objects.count) == 2
    assert project.found() == project.expected()


@pytest.mark.parametrize("name", [name for name in FIELDS if "one-off" not in name])
def test_a_field_is_removed_and_added_again(project: Project, call: Any, name: str) -> None:
    operation: Any = FIELDS[name]
    project.forwards(operation)

    project.there_and_back(RemoveField(operation.model_name, operation.name))

    assert call(project.model("Author").objects.count) == 2
    assert project.found() == project.expected()


def test_rows_get_the_default_of_an_added_field(project: Project, call: Any) -> None:
    project.forwards(
        AddField("Author", "score", dorm.IntegerField(default=7)),
        AddField("Author", "level", dorm.IntegerField(default=3), preserve_default=False),
        AddField("Author", "rank", dorm.IntegerField(db_default=5)),
    )

    rows = call.list(project.model("Author").objects.values_list("score", "level", "rank"))
    assert rows == [(7, 3, 5), (7, 3, 5)]
    assert not project.state.field(LABEL, "Author", "level").has_default()


ALTERED = {
    "longer": AlterField("Author", "name", dorm.CharField(max_length=80)),
    "text": AlterField("Author", "name", dorm.TextField()),
    "unique": AlterField("Author", "name", dorm.CharField(max_length=40, unique=True)),
    "indexed": AlterField("Author", "name", dorm.CharField(max_length=40, db_index=True)),
    "nullable": AlterField("Author", "name", dorm.CharField(max_length=40, null=True)),
    "no null": AlterField("Author", "age", dorm.PositiveIntegerField(default=1)),
    "not unique": AlterField("Author", "email", dorm.EmailField(null=True)),
    "may be negative": AlterField("Author", "age", dorm.IntegerField(null=True)),
    "bigger": AlterField("Author", "age", dorm.PositiveBigIntegerField(null=True)),
    "number to text": AlterField("Author", "age", dorm.CharField(max_length=9, null=True)),
    "number to decimal": AlterField(
        "Author", "age", dorm.DecimalField(max_digits=9, decimal_places=2, null=True)
    ),
    "default of the database": AlterField(
        "Author", "age", dorm.PositiveIntegerField(null=True, db_default=4)
    ),
    "another column": AlterField("Author", "name", dorm.CharField(max_length=40, db_column="called")),
    "smaller key": AlterField("Author", "id", dorm.AutoField()),
    "unnumbered key": AlterField("Author", "id", dorm.BigIntegerField(primary_key=True)),
    "text key": AlterField("Author", "id", dorm.CharField(max_length=9, primary_key=True)),
    "one to one": AlterField("Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, db_index=False)),
    "key without constraint": AlterField(
        "Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, db_constraint=False)
    ),
    "cascade of the database": AlterField("Book", "author", dorm.ForeignKey("Author", dorm.DB_CASCADE)),
    "key to plain": AlterField("Book", "author", dorm.BigIntegerField()),
    "nothing": AlterField("Author", "name", dorm.CharField(max_length=40, verbose_name="Name", blank=True)),
    "pairs elsewhere": AlterField(
        "Book", "editors", dorm.ManyToManyField("Author", related_name="edited", db_table="editing")
    ),
}


@pytest.mark.parametrize("name", ALTERED)
def test_a_field_is_altered_there_and_back(project: Project, call: Any, name: str) -> None:
    project.there_and_back(ALTERED[name])

    Author, Book = project.model("Author"), project.model("Book")
    assert sorted(call.list(Author.objects.values_list("name", flat=True))) == ["Ada", "Bob"]
    assert call(Book.objects.count) == 2
    through = Book._meta.get_field("editors").through
    assert call(through.objects.count) == 1
    assert project.found() == project.expected()
