"""bulk_update(), and bulk_create() of rows that are there already."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from decimal import Decimal
from uuid import UUID

import pytest

import dorm
from dorm import F, FieldError, IntegrityError
from tests.queries.models import Author, Book, Everything, Publisher
from tests.relations.models import MODELS, Tag

pytestmark = pytest.mark.usefixtures("rows")


@pytest.fixture
def tags(call):
    call(dorm.create_tables, *MODELS)
    return call(Tag.objects.bulk_create, [Tag(name=name) for name in "abc"])


def authors(call):
    return call.list(Author.objects.order_by("name"))


# -- bulk_update() ---------------------------------------------------------------------------------


def test_each_row_gets_its_own_values_by_one_statement(call, statements):
    rows = authors(call)
    for number, row in enumerate(rows):
        row.age, row.name = number, f"n{number}"
    with statements() as sent:
        assert call(Author.objects.bulk_update, rows, ["age", "name"]) == 4
    assert len(sent) == 1
    assert [(row.name, row.age) for row in authors(call)] == [("n0", 0), ("n1", 1), ("n2", 2), ("n3", 3)]


def test_other_columns_stay(call):
    ada = call(Author.objects.get, name="Ada")
    ada.age, ada.name = 1, "not written"
    call(Author.objects.bulk_update, [ada], fields=["age"])
    assert call(Author.objects.get, name="Ada").age == 1


def test_batches_are_as_long_as_told(call, statements):
    rows = authors(call)
    with statements() as sent:
        assert call(Author.objects.bulk_update, rows, ["age"], batch_size=3) == 4
    assert len([sql for sql in sent if sql.startswith("UPDATE")]) == 2


def test_a_batch_has_no_more_parameters_than_the_database_takes(call, database, statements):
    rows = call(Author.objects.bulk_create, [Author(name="x", age=n) for n in range(17_000)])
    for row in rows:
        row.age += 1
    with statements() as sent:
        assert call(Author.objects.bulk_update, rows, ["age"], batch_size=100_000) == 17_000
    assert (
        len([sql for sql in sent if sql.startswith("UPDATE")])
        == {"sqlite": 2, "postgresql": 1}[database.vendor]
    )
    assert call(Author.objects.filter(name="x", age=17_000).count) == 1


def test_nothing_is_nothing(call, statements):
    with statements() as sent:
        assert call(Author.objects.bulk_update, [], ["age"]) == 0
    assert sent == []


def test_every_kind_of_value_is_written(call):
    first, second = call(Everything.objects.bulk_create, [Everything(), Everything()])
    values = {
        "text": "a'b", "small": 1, "whole": -2, "big": 2**60, "number": 1.5, "price": Decimal("12.30"),
        "flag": True, "day": date(2024, 1, 2), "hour": time(1, 2, 3),
        "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        "key": UUID(int=7), "document": {"a": [1, None]}, "email": "a@b.de", "slug": "s",
    }  # fmt: skip
    for name, value in values.items():
        setattr(second, name, value)
    # The first row is all NULL: the types must come from somewhere else.
    assert call(Everything.objects.bulk_update, [first, second], list(values)) == 2
    rows = call.list(Everything.objects.order_by("pk"))
    assert {name: getattr(rows[1], name) for name in values} == values
    assert all(getattr(rows[0], name) is None for name in values)


def test_a_text_that_is_too_long_is_an_error_and_not_cut(call, database):
    ada = call(Author.objects.get, name="Ada")
    ada.name = "x" * 51
    if database.vendor == "postgresql":
        with pytest.raises(dorm.DataError):
            call(Author.objects.bulk_update, [ada], ["name"])


def test_a_foreign_key_is_a_field(call):
    zeta = call(Publisher.objects.get, name="Zeta")
    rows = authors(call)
    for row in rows:
        row.publisher = zeta
    assert call(Author.objects.bulk_update, rows, ["publisher"]) == 4
    assert call(Author.objects.filter(publisher=zeta).count) == 4


def test_expressions_are_values_too(call, statements):
    rows = authors(call)[:2]
    rows[0].age = F("age") + 1
    rows[1].age = 1
    assert call(Author.objects.bulk_update, rows, ["age"]) == 2
    assert [row.age for row in authors(call)[:2]] == [37, 1]


def test_rows_that_are_gone_are_not_counted(call):
    rows = authors(call)
    call(Author.objects.filter(name="Dan").delete)
    assert call(Author.objects.bulk_update, rows, ["age"]) == 3


def test_a_row_that_is_given_twice_is_written_once(call):
    ada = call(Author.objects.get, name="Ada")
    assert call(Author.objects.bulk_update, [ada, ada], ["age"]) == 1


def test_only_rows_of_the_queryset_are_written(call):
    rows = authors(call)
    for row in rows:
        row.age = 99
    assert call(Author.objects.filter(publisher__name="Acme").bulk_update, rows, ["age"]) == 2
    assert call(Author.objects.filter(age=99).count) == 2
    ada = rows[0]
    books = call.list(Book.objects.all())
    assert call(ada.books.bulk_update, books, ["pages"]) == 2


def test_groups_are_not_updated_and_rows_with_aggregates_are(call):
    rows = call.list(Author.objects.order_by("name"))
    with pytest.raises(TypeError, match=r"bulk_update\(\) changes rows, and these are groups"):
        call(Author.objects.values("age").annotate(n=dorm.Count("id")).bulk_update, rows, ["age"])
    busy = Author.objects.annotate(n=dorm.Count("books")).filter(n__gt=0)
    assert call(busy.bulk_update, rows, ["age"]) == call(busy.count) == 2


def test_a_failing_batch_undoes_the_others(call):
    rows = authors(call)
    for row in rows:
        row.age = 1
    rows[3].name = None
    with pytest.raises(IntegrityError):
        call(Author.objects.bulk_update, rows, ["age", "name"], batch_size=1)
    assert call(Author.objects.filter(age=1).count) == 0


@pytest.mark.parametrize(
    ("objs", "fields", "named", "words"),
    [
        ([], [], {}, "names of the fields"),
        ([Author(name="x")], ["name"], {}, "no primary key"),
        ([], ["nam"], {}, "Unknown field 'nam'.*Did you mean 'name'"),
        ([], ["id"], {}, "primary key"),
        ([], ["name"], {"batch_size": 0}, "at least 1"),
    ],
)
def test_wrong_calls_are_refused(call, objs, fields, named, words):
    with pytest.raises(ValueError, match=words):
        call(Author.objects.bulk_update, objs, fields, **named)


def test_the_types_of_arguments_are_checked(call):
    with pytest.raises(TypeError, match="several fields"):
        call(Author.objects.bulk_update, [], "name")
    with pytest.raises(TypeError, match="Author"):
        call(Author.objects.bulk_update, [Publisher(id=1)], ["name"])


def test_unknown_fields_are_field_errors(call):
    with pytest.raises(FieldError) as caught:
        call(Author.objects.bulk_update, [], ["nam"])
    assert caught.value.suggestion == "name"


# -- bulk_create() of rows that are there ----------------------------------------------------------


def test_conflicts_are_ignored(call, tags):
    rows = [Tag(name="a"), Tag(name="d")]
    assert call(Tag.objects.bulk_create, rows, ignore_conflicts=True) == rows
    assert call(Tag.objects.count) == 4
    assert [row.pk for row in rows] == [None, None]


def test_conflicts_are_updated_and_keys_come_back(call, tags, statements):
    rows = [Tag(name="b"), Tag(name="e")]
    with statements() as sent:
        call(
            Tag.objects.bulk_create,
            rows,
            update_conflicts=True,
            update_fields=["name"],
            unique_fields=["name"],
        )
    assert len([sql for sql in sent if sql.startswith("INSERT")]) == 1
    assert rows[0].pk == tags[1].pk
    assert call(Tag.objects.get, name="e").pk == rows[1].pk
    assert call(Tag.objects.count) == 4


def test_conflicts_of_keys_are_updated(call):
    ada = call(Author.objects.get, name="Ada")
    call(
        Author.objects.bulk_create,
        [Author(id=ada.pk, name="Ada II", age=1)],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=["id"],
    )
    found = call(Author.objects.get, pk=ada.pk)
    assert (found.name, found.age) == ("Ada II", 36)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"ignore_conflicts": True, "update_conflicts": True}, "exclude each other"),
        ({"update_conflicts": True}, "update_fields"),
        ({"update_conflicts": True, "update_fields": ["name"]}, "unique_fields"),
        ({"update_conflicts": True, "update_fields": ["id"], "unique_fields": ["name"]}, "primary key"),
        ({"update_conflicts": True, "update_fields": ["nam"], "unique_fields": ["name"]}, "Did you mean"),
        ({"update_fields": ["name"]}, "update_conflicts"),
    ],
)
def test_contradictions_are_refused(call, named, words):
    with pytest.raises(ValueError, match=words):
        call(Author.objects.bulk_create, [], **named)
