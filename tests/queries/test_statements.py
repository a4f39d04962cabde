"""How many statements an operation sends."""

from __future__ import annotations

import pytest

import dorm
from dorm import transaction

from .models import Author, Book, Publisher

pytestmark = pytest.mark.usefixtures("rows")

OPERATIONS = {
    "get": (lambda: (Author.objects.get, {"name": "Ada"}), 1),
    "get_or_none": (lambda: (Author.objects.get_or_none, {"name": "Eve"}), 1),
    "create": (lambda: (Author.objects.create, {"name": "Eve"}), 1),
    "count": (lambda: (Author.objects.count, {}), 1),
    "exists": (lambda: (Author.objects.exists, {}), 1),
    "first": (lambda: (Author.objects.first, {}), 1),
    "last": (lambda: (Author.objects.last, {}), 1),
    "aggregate": (lambda: (Author.objects.aggregate, {"n": dorm.Count("id")}), 1),
    "update": (lambda: (Author.objects.update, {"age": 1}), 1),
    "delete of a leaf": (lambda: (Book.objects.all().delete, {}), 1),
    "none": (lambda: (Author.objects.none().count, {}), 0),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_sends_so_many_statements(call, statements, name):
    make, expected = OPERATIONS[name]
    method, named = make()
    with statements() as sent:
        call(method, **named)
    assert len(sent) == expected, sent


def test_saving_a_new_row_and_a_loaded_row_is_one_statement_each(call, statements):
    author = Author(name="Eve")
    with statements() as sent:
        call(author.save)
    assert [sql.split()[0] for sql in sent] == ["INSERT"]
    loaded = call(Author.objects.get, name="Eve")
    with statements() as sent:
        call(loaded.save)
    assert [sql.split()[0] for sql in sent] == ["UPDATE"]


def test_an_empty_block_sends_nothing(call, statements):
    async def block():
        async with transaction.aatomic():
            pass

    def plain():
        with transaction.atomic():
            pass

    with statements() as sent:
        call.run(plain, block)
    assert sent == []


def test_a_relation_is_loaded_once(call, statements):
    book = call(Book.objects.get, title="Beta")
    with statements() as sent:
        assert book.author is book.author
    assert len(sent) == 1


def test_a_key_is_read_without_a_statement(call, statements):
    book = call(Book.objects.get, title="Beta")
    with statements() as sent:
        assert book.author_id
    assert sent == []


def test_a_relation_that_was_assigned_is_not_loaded(call, statements):
    acme = call(Publisher.objects.get, name="Acme")
    with statements() as sent:
        author = Author(name="Eve", publisher=acme)
        assert author.publisher is acme
    assert sent == []


def test_a_related_manager_sends_one_statement(call, statements):
    ada = call(Author.objects.get, name="Ada")
    with statements() as sent:
        assert sorted(book.title for book in call.list(ada.books.all())) == ["Alpha", "Beta"]
    assert len(sent) == 1
