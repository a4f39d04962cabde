"""iterator() and aiterator(): relations by the chunk, loops that end early, flat memory."""

from __future__ import annotations

import gc
from contextlib import aclosing, closing

import pytest

import dorm
from dorm import Prefetch, aprefetch_related_objects, prefetch_related_objects
from tests.queries.models import Author, Book

pytestmark = pytest.mark.usefixtures("rows")

NAMES = ["Ada", "Bob", "Cy", "Dan"]


def test_relations_are_loaded_for_each_chunk(call, statements):
    rows = Author.objects.order_by("name").prefetch_related("books")
    with statements() as sent:
        found = call(rows.iterator, chunk_size=3)
        counts = {row.name: len(row.books.all()) for row in found}
    assert counts == {"Ada": 2, "Bob": 2, "Cy": 0, "Dan": 0}
    assert len([sql for sql in sent if "queries_book" in sql]) == 2


def test_it_keeps_no_rows(call):
    rows = Author.objects.all()
    assert len(list(call(rows.iterator))) == 4
    assert rows._result_cache is None


def test_two_loops_over_one_queryset_have_all_rows(call):
    def sync(rows):
        return list(zip(rows, rows))

    async def asynchronous(rows):
        first, second = aiter(rows), aiter(rows)
        pairs = [(await anext(first), await anext(second)) for _ in range(4)]
        for loop in (first, second):
            with pytest.raises(StopAsyncIteration):
                await anext(loop)
        return pairs

    for rows in (Author.objects.order_by("name").prefetch_related("books"), Author.objects.order_by("name")):
        pairs = call.run(lambda rows=rows: sync(rows), lambda rows=rows: asynchronous(rows))
        assert [(one.name, two.name) for one, two in pairs] == [(name, name) for name in NAMES]
        assert [author.name for author in call.list(rows)] == NAMES


@pytest.mark.parametrize("size", [0, -1])
def test_a_chunk_has_a_row_at_least(size):
    with pytest.raises(ValueError, match="at least 1"):
        Author.objects.iterator(chunk_size=size)


def test_a_loop_that_ends_early_leaves_nothing_open(call, database):
    """The table can be changed, and every connection is free, right after."""
    call(Author.objects.bulk_create, [Author(name=str(number)) for number in range(50)])

    def sync():
        for _ in Author.objects.iterator(chunk_size=2):
            break
        with closing(Author.objects.iterator(chunk_size=2)) as rows:
            next(rows)

    async def asynchronous():
        async for _ in Author.objects.aiterator(chunk_size=2):
            break
        async with aclosing(Author.objects.aiterator(chunk_size=2)) as rows:
            await anext(rows)
        async for _ in Author.objects.all():
            break

    for _ in range(30):
        call.run(sync, asynchronous)
    gc.collect()
    assert call(Author.objects.update, age=1) == 54
    call(Author.objects.all().delete)


def test_a_loop_in_a_transaction_ends_early_too(call):
    def sync():
        with dorm.transaction.atomic():
            for row in Author.objects.order_by("name").iterator(chunk_size=1):
                Author.objects.filter(pk=row.pk).update(age=100)
                break
            return Author.objects.filter(age=100).count()

    async def asynchronous():
        async with dorm.transaction.aatomic():
            async for row in Author.objects.order_by("name").aiterator(chunk_size=1):
                await Author.objects.filter(pk=row.pk).aupdate(age=100)
                break
            return await Author.objects.filter(age=100).acount()

    assert call.run(sync, asynchronous) == 1


def test_an_error_in_the_loop_closes_it(call):
    def sync():
        for _ in Author.objects.iterator(chunk_size=1):
            raise KeyError

    async def asynchronous():
        async for _ in Author.objects.aiterator(chunk_size=1):
            raise KeyError

    for _ in range(15):
        with pytest.raises(KeyError):
            call.run(sync, asynchronous)
    assert call(Author.objects.update, age=1) == 4


def test_relations_of_instances_that_are_here_are_loaded(call, statements):
    rows = call.list(Author.objects.order_by("name"))
    with statements() as sent:
        call.run(
            lambda: prefetch_related_objects(rows, "books", "publisher"),
            lambda: aprefetch_related_objects(rows, "books", "publisher"),
        )
        assert [len(row.books.all()) for row in rows] == [2, 2, 0, 0]
        assert rows[0].publisher.name == "Acme"
    assert len(sent) == 2


def test_they_take_prefetch_objects_too(call):
    rows = call.list(Author.objects.filter(name="Ada"))
    short = Prefetch("books", queryset=Book.objects.filter(pages=100), to_attr="short")
    call.run(lambda: prefetch_related_objects(rows, short), lambda: aprefetch_related_objects(rows, short))
    assert [book.title for book in rows[0].short] == ["Alpha"]


def test_instances_must_be_of_one_model(call):
    author, book = call(Author.objects.first), call(Book.objects.first)
    with pytest.raises(TypeError, match="one model"):
        prefetch_related_objects([author, book], "books")
    assert prefetch_related_objects([], "books") is None
    with pytest.raises(dorm.FieldError, match="Did you mean 'books'"):
        prefetch_related_objects([author], "book")
