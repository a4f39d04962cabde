"""The SQL of the main shapes, as SQLite gets it."""

from __future__ import annotations

import pytest

from dorm import Count, F, Q
from dorm.query.compiled import (
    compile_count,
    compile_delete,
    compile_exists,
    compile_select,
    compile_update,
)
from dorm.sql.dialects.sqlite import SQLiteDialect
from tests.queries.models import Author, Book, Event, Publisher

SQLITE = SQLiteDialect()


def short(sql: str) -> str:
    """Return *sql* with short names of tables: "a" for queries_author, "b" for queries_book, ..."""
    for table, name in [("author", "a"), ("book", "b"), ("publisher", "p"), ("event", "e")]:
        sql = sql.replace(f'"queries_{table}', f'"{name}')
    return sql.replace('"', "")


def text(queryset) -> str:
    return short(compile_select(queryset.query.shape, SQLITE).sql)


def where(queryset) -> str:
    """Return what follows the columns and the table."""
    return text(queryset).partition(" FROM ")[2]


def test_every_column_is_named_and_qualified():
    sql = compile_select(Publisher.objects.all().query.shape, SQLITE).sql
    assert sql == (
        'SELECT "queries_publisher"."id", "queries_publisher"."name", "queries_publisher"."city"'
        ' FROM "queries_publisher"'
    )


SELECTS = [
    (lambda: Author.objects.filter(age__gte=18, name="x"), "a WHERE (a.age >= ? AND a.name = ?)"),
    (lambda: Author.objects.filter(age=None), "a WHERE a.age IS NULL"),
    (lambda: Author.objects.exclude(name="x"), "a WHERE NOT (a.name = ?)"),
    (lambda: Author.objects.exclude(age=3), "a WHERE NOT ((a.age = ? AND a.age IS NOT NULL))"),
    (
        lambda: Author.objects.filter(Q(age=1) | Q(age=2) | Q(name="x")),
        "a WHERE (a.age = ? OR a.age = ? OR a.name = ?)",
    ),
    (lambda: Author.objects.exclude(Q(name="x") | Q(id=1)), "a WHERE (NOT (a.name = ?) AND NOT (a.id = ?))"),
    (lambda: Author.objects.filter(age__range=(1, 2)), "a WHERE a.age BETWEEN ? AND ?"),
    (lambda: Author.objects.filter(age__in=[1, 2, 3]), "a WHERE a.age IN (?, ?, ?, ?)"),
    (lambda: Author.objects.filter(age__in=[]), "a WHERE 1 = 0"),
    (lambda: Author.objects.filter(name__startswith="x"), "a WHERE a.name GLOB ?"),
    (lambda: Author.objects.filter(name__icontains="x"), "a WHERE instr(dorm_fold(a.name), ?) > 0"),
    (
        lambda: Event.objects.filter(day__year=2020).order_by(),
        "e WHERE CAST(strftime('%Y', e.day) AS INTEGER) = ?",
    ),
    (lambda: Book.objects.filter(author=1), "b WHERE b.author_id = ?"),
    (lambda: Book.objects.filter(author__id=1), "b WHERE b.author_id = ?"),
    (lambda: Book.objects.filter(author__isnull=False), "b WHERE b.author_id IS NOT NULL"),
    (lambda: Book.objects.filter(author__name="x"), "b INNER JOIN a ON a.id = b.author_id WHERE a.name = ?"),
    (
        lambda: Author.objects.filter(publisher__name="x"),
        "a LEFT JOIN p ON p.id = a.publisher_id WHERE p.name = ?",
    ),
    (
        lambda: Book.objects.filter(author__name="x", author__age=3),
        "b INNER JOIN a ON a.id = b.author_id WHERE (a.name = ? AND a.age = ?)",
    ),
    (
        lambda: Author.objects.filter(books__title="x").filter(books__pages=3),
        "a LEFT JOIN b ON b.author_id = a.id LEFT JOIN b_2 ON b_2.author_id = a.id"
        " WHERE (b.title = ? AND b_2.pages = ?)",
    ),
    (
        lambda: Author.objects.exclude(books__title="x"),
        "a WHERE NOT (EXISTS (SELECT 1 AS one FROM a AS a_2 LEFT JOIN b ON b.author_id = a_2.id"
        " WHERE (a_2.id = a.id AND b.title = ?)))",
    ),
    (
        lambda: Author.objects.filter(pk__in=Book.objects.order_by("-pages").values("author")[:2]),
        "a WHERE a.id IN (SELECT b.author_id FROM b ORDER BY b.pages DESC LIMIT ?)",
    ),
    (lambda: Author.objects.all()[:3], "a LIMIT ?"),
    (lambda: Author.objects.all()[3:], "a LIMIT -1 OFFSET ?"),
    (lambda: Author.objects.all()[3:7], "a LIMIT ? OFFSET ?"),
    (lambda: Author.objects.order_by("-age", "name"), "a ORDER BY a.age DESC, a.name ASC"),
    (lambda: Author.objects.order_by("-age").reverse(), "a ORDER BY a.age ASC"),
    (lambda: Author.objects.order_by(F("age").desc(nulls_last=True)), "a ORDER BY a.age DESC NULLS LAST"),
    (lambda: Event.objects.all(), "e ORDER BY e.day DESC, e.name ASC"),
    (lambda: Event.objects.order_by(), "e"),
    (
        lambda: Author.objects.values("age").annotate(n=Count("id")).filter(n__gt=1, name="x"),
        "a WHERE a.name = ? GROUP BY a.age HAVING COUNT(a.id) > ?",
    ),
    (
        lambda: Author.objects.annotate(n=Count("books")),
        "a LEFT JOIN b ON b.author_id = a.id GROUP BY a.id",
    ),
]


@pytest.mark.parametrize(("make", "expected"), SELECTS, ids=[expected for _, expected in SELECTS])
def test_a_select_says(make, expected):
    assert where(make()).replace("b AS b_2", "b_2") == expected


def test_only_and_select_related_name_their_columns():
    sql = text(Book.objects.select_related("author").only("title", "author__name"))
    assert sql.startswith("SELECT b.id, b.title, b.author_id, a.id, a.name FROM b INNER JOIN a")


def test_count_and_exists_carry_the_same_joins_and_no_order():
    shape = Book.objects.filter(author__name="x").order_by("title").query.shape
    assert short(compile_count(shape, SQLITE).sql) == (
        "SELECT COUNT(*) FROM b INNER JOIN a ON a.id = b.author_id WHERE a.name = ?"
    )
    assert short(compile_exists(shape, SQLITE).sql) == (
        "SELECT 1 AS one FROM b INNER JOIN a ON a.id = b.author_id WHERE a.name = ? LIMIT 1"
    )


def test_the_count_of_a_slice_counts_the_slice():
    shape = Author.objects.filter(age=3)[:2].query.shape
    assert short(compile_count(shape, SQLITE).sql) == (
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM a WHERE a.age = ? LIMIT ?) AS rows"
    )


def test_update_and_delete_speak_of_the_table_alone_where_they_can():
    query, changes = Author.objects.filter(age=3).query.assigning({"name": "x", "age": F("age") + 1})
    assert short(compile_update(query.shape, changes, SQLITE).sql) == (
        "UPDATE a SET name = ?, age = (a.age + ?) WHERE a.age = ?"
    )
    assert short(compile_delete(Author.objects.filter(age=3).query.shape, SQLITE).sql) == (
        "DELETE FROM a WHERE a.age = ?"
    )


def test_update_and_delete_with_joins_or_a_slice_go_by_the_key():
    inner = "SELECT b_2.id FROM b AS b_2 INNER JOIN a AS a_2 ON a_2.id = b_2.author_id WHERE a_2.age = ?"
    rows = Book.objects.filter(author__age=3)
    assert short(compile_delete(rows.query.shape, SQLITE).sql) == f"DELETE FROM b WHERE b.id IN ({inner})"
    sliced = Author.objects.order_by("age")[:2].query.shape
    assert short(compile_delete(sliced, SQLITE).sql) == (
        "DELETE FROM a WHERE a.id IN (SELECT a_2.id FROM a AS a_2 ORDER BY a_2.age ASC LIMIT ?)"
    )
