"""raw() and araw(): instances from SQL of one's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dorm import FieldError, ProgrammingError, RawQuerySet
from tests.queries.models import Author, Book, Everything

pytestmark = pytest.mark.usefixtures("rows")

ALL = 'SELECT * FROM "queries_author"'


def raw(call, *args, **named):
    """Return the rows of raw(), as a list."""
    return list(call(Author.objects.raw, *args, **named))


def test_rows_are_instances(call):
    rows = raw(call, f'{ALL} WHERE "age" = %s ORDER BY "name"', [20])
    assert [(type(row), row.name, row.active) for row in rows] == [
        (Author, "Bob", False),
        (Author, "Dan", True),
    ]


def test_it_can_be_looped_over_and_awaited(call):
    rows = Author.objects.raw(ALL)
    assert isinstance(rows, RawQuerySet)
    assert len(call.list(rows)) == 4
    assert len(rows) == 4
    assert rows[0] in rows
    assert [row.pk for row in rows[1:3]] == [row.pk for row in list(rows)[1:3]]


def test_it_can_be_looped_over_asynchronously(call):
    async def names():
        return [row.name async for row in Author.objects.raw(f"{ALL} ORDER BY name")]

    assert (
        call.run(lambda: [row.name for row in Author.objects.raw(f"{ALL} ORDER BY name")], names)[0] == "Ada"
    )


def test_rows_are_fetched_once(call, statements):
    rows = Author.objects.raw(ALL)
    with statements() as sent:
        call.list(rows)
        call.list(rows)
        assert bool(rows)
    assert len(sent) == 1


def test_unknown_columns_are_attributes(call):
    (row,) = raw(
        call,
        'SELECT a.*, COUNT(b.id) AS book_count, 1 AS "odd name" FROM queries_author a '
        "LEFT JOIN queries_book b ON b.author_id = a.id WHERE a.name = 'Ada' GROUP BY a.id",
    )
    assert (row.name, row.book_count, getattr(row, "odd name")) == ("Ada", 2, 1)


def test_of_two_columns_with_one_name_the_first_is_meant(call):
    rows = raw(call, "SELECT a.*, b.* FROM queries_author a JOIN queries_book b ON b.author_id = a.id")
    assert {row.pk for row in rows} <= {row.pk for row in call.list(Author.objects.all())}
    assert {row.title for row in rows} == {"Alpha", "Beta", "Gamma"}


def test_missing_columns_are_loaded_when_they_are_read(call):
    (row,) = raw(call, "SELECT id FROM queries_author WHERE name = 'Ada'")
    assert "name" not in vars(row)
    if not call.is_async:
        assert row.name == "Ada"


def test_without_its_key_a_row_holds_what_was_selected(call):
    rows = raw(call, "SELECT age, COUNT(*) AS n FROM queries_author WHERE age = 20 GROUP BY age")
    assert [(row.pk, row.age, row.n) for row in rows] == [(None, 20, 2)]
    (row,) = raw(call, "SELECT COUNT(*) AS n FROM queries_author")
    assert (row.pk, row.n) == (None, 4)
    if not call.is_async:
        with pytest.raises(Author.DoesNotExist):
            print(row.name)


def test_values_are_those_of_the_model(call):
    made = call(
        Everything.objects.create,
        price=Decimal("1.50"), day=date(2024, 1, 2), document={"a": [1]}, flag=True,
    )  # fmt: skip
    (row,) = call(Everything.objects.raw, "SELECT * FROM queries_everything")
    assert (row.price, row.day, row.document, row.flag) == (
        Decimal("1.50"),
        date(2024, 1, 2),
        {"a": [1]},
        True,
    )
    assert row == made


def test_saving_a_row_updates_it(call):
    (row,) = raw(call, f"{ALL} WHERE name = 'Ada'")
    row.age = 1
    call(row.save)
    assert call(Author.objects.filter(age=1).count) == 1


def test_parameters_may_have_names(call):
    rows = raw(
        call,
        f"{ALL} WHERE age = %(age)s OR name = %(name)s OR name = %(name)s ORDER BY name",
        {"age": 36, "name": "Dan"},
    )
    assert [row.name for row in rows] == ["Ada", "Dan"]


def test_a_percent_sign_is_itself_without_parameters(call):
    assert [row.name for row in raw(call, f"{ALL} WHERE name LIKE 'A%'")] == ["Ada"]
    assert [row.name for row in raw(call, f"{ALL} WHERE name LIKE 'A%%' AND age = %s", [36])] == ["Ada"]
    assert raw(call, f"{ALL} WHERE name = '%s'") == []
    assert raw(call, f"{ALL} WHERE name = '%%s' AND age > %s", [0]) == []


def test_parameters_must_be_as_many_as_placeholders(call):
    with pytest.raises(ProgrammingError, match="1 placeholder"):
        raw(call, f"{ALL} WHERE age = %s", [1, 2])
    with pytest.raises(ProgrammingError, match="age"):
        raw(call, f"{ALL} WHERE age = %(age)s", {"name": 1})
    with pytest.raises(TypeError, match="string"):
        Author.objects.raw(3)


def test_columns_may_be_translated(call):
    sql = "SELECT id, name AS who FROM queries_author WHERE name = 'Ada'"
    (row,) = raw(call, sql, translations={"who": "name"})
    assert vars(row)["name"] == "Ada"
    with pytest.raises(FieldError, match="nam"):
        raw(call, sql, translations={"who": "nam"})


def test_the_text_shows_the_statement():
    rows = Author.objects.raw("SELECT 1 WHERE %s", [3])
    assert repr(rows) == "<RawQuerySet: SELECT 1 WHERE %s with [3]>"
    assert repr(Author.objects.raw("SELECT 1")) == "<RawQuerySet: SELECT 1>"


def test_nothing_is_sent_for_it_to_be_made(statements):
    with statements() as sent:
        Author.objects.raw(ALL)
    assert sent == []


def test_relations_are_prefetched(call, statements):
    rows = Author.objects.raw(ALL).prefetch_related("books")
    with statements() as sent:
        assert sum(len(row.books.all()) for row in call.list(rows)) == 4
    assert len(sent) == 2


def test_no_rows_are_an_empty_list(call):
    assert raw(call, f"{ALL} WHERE 1 = 0") == []


def test_it_runs_in_a_transaction(call):
    import dorm

    def sync():
        with dorm.transaction.atomic():
            Author.objects.create(name="New")
            return len(list(Author.objects.raw(ALL)))

    async def asynchronous():
        async with dorm.transaction.aatomic():
            await Author.objects.acreate(name="New")
            return len(await Author.objects.araw(ALL))

    assert call.run(sync, asynchronous) == 5


def test_books_of_raw_authors(call):
    authors = raw(call, f"{ALL} WHERE name = 'Ada'")
    assert call(Book.objects.filter(author__in=authors).count) == 2
