"""What a row is: values(), values_list(), only(), defer(), select_related()."""

from __future__ import annotations

import pytest

from dorm import Count, F, FieldError

from .models import Author, Book, Publisher

pytestmark = pytest.mark.usefixtures("rows")


# -- values ---------------------------------------------------------------------------------------------


def test_values_gives_dicts_in_the_order_asked(call):
    rows = call.list(Author.objects.filter(name="Ada").values("age", "name"))
    assert list(rows[0].items()) == [("age", 36), ("name", "Ada")]


def test_values_without_names_gives_every_column(call):
    (row,) = call.list(Publisher.objects.filter(name="Acme").values())
    assert row == {"id": row["id"], "name": "Acme", "city": "Rome"}


def test_values_names_a_foreign_key_by_its_column_when_all_are_asked(call):
    (row,) = call.list(Author.objects.filter(name="Dan").values())
    assert list(row) == ["id", "name", "age", "active", "publisher_id", "mentor_id"]


def test_values_goes_over_relations(call):
    rows = Book.objects.order_by("pk").values("title", "author__name", "author__publisher__city")
    assert call.list(rows)[2] == {
        "title": "Gamma", "author__name": "Bob", "author__publisher__city": None,
    }  # fmt: skip


def test_values_keeps_rows_without_the_related_row(call):
    rows = Author.objects.order_by("pk").values_list("name", "publisher__name")
    assert call.list(rows)[-1] == ("Dan", None)


def test_values_over_many_rows_repeats(call):
    rows = Author.objects.filter(name="Ada").order_by("books__title").values_list("name", "books__title")
    assert call.list(rows) == [("Ada", "Alpha"), ("Ada", "Beta")]


def test_a_relation_by_its_name_is_its_key(call):
    rows = Author.objects.filter(name="Bob")
    key = call(Publisher.objects.get, name="Zeta").pk
    assert call.list(rows.values("publisher", "publisher_id")) == [{"publisher": key, "publisher_id": key}]


def test_values_list_gives_tuples(call):
    assert call.list(Author.objects.order_by("pk").values_list("name", "age"))[:2] == [
        ("Ada", 36),
        ("Bob", 20),
    ]


def test_flat_gives_bare_values(call):
    assert call.list(Author.objects.order_by("-name").values_list("name", flat=True)) == [
        "Dan",
        "Cy",
        "Bob",
        "Ada",
    ]


@pytest.mark.parametrize("names", [(), ("name", "age")])
def test_flat_takes_exactly_one_name(names):
    with pytest.raises(ValueError, match="flat"):
        Author.objects.values_list(*names, flat=True)


def test_filters_after_values_still_hold(call):
    assert call.list(Author.objects.values("name").filter(age=36)) == [{"name": "Ada"}]


def test_values_twice_takes_the_last(call):
    assert call.list(Author.objects.filter(age=36).values("age").values("name")) == [{"name": "Ada"}]


def test_values_takes_annotations(call):
    rows = Author.objects.annotate(twice=F("age") * 2).filter(name="Ada").values("name", "twice")
    assert call.list(rows) == [{"name": "Ada", "twice": 72}]


def test_get_first_and_index_give_rows_of_the_same_kind(call):
    rows = Author.objects.order_by("name").values("name")
    assert call(rows.get, age=36) == {"name": "Ada"}
    assert call(rows.first) == {"name": "Ada"}
    assert call(rows.last) == {"name": "Dan"}


def test_avalues_gives_a_list(call):
    if call.is_async:
        assert call.run(lambda: None, lambda: Author.objects.filter(age=36).avalues("name")) == [
            {"name": "Ada"}
        ]
        assert call.run(
            lambda: None, lambda: Author.objects.filter(age=36).avalues_list("name", flat=True)
        ) == ["Ada"]


@pytest.mark.parametrize(
    "name", ["nam", "publisher__nme", "books__titel", "name__gt", "na me", 'name"', "*", ""]
)
@pytest.mark.parametrize("method", ["values", "values_list"])
def test_an_unknown_name_is_refused(method, name):
    with pytest.raises(FieldError):
        getattr(Author.objects, method)(name)


# -- only and defer -------------------------------------------------------------------------------------


def loaded(instance):
    return {name for name in vars(instance) if not name.startswith("_")}


def test_only_loads_these_columns_and_the_key(call):
    (author,) = call.list(Author.objects.only("name").filter(name="Ada"))
    assert loaded(author) == {"id", "name"}


def test_defer_loads_all_but_these(call):
    (author,) = call.list(Author.objects.defer("name", "age").filter(name="Ada"))
    assert loaded(author) == {"id", "active", "publisher_id", "mentor_id"}


def test_the_key_cannot_be_deferred(call):
    (author,) = call.list(Author.objects.defer("id", "name").filter(name="Ada"))
    assert "id" in loaded(author)


def test_defer_adds_to_an_earlier_defer(call):
    (author,) = call.list(Author.objects.defer("name").defer("age").filter(name="Ada"))
    assert not {"name", "age"} & loaded(author)


def test_only_replaces_an_earlier_only(call):
    (author,) = call.list(Author.objects.only("name").only("age").filter(name="Ada"))
    assert loaded(author) == {"id", "age"}


def test_defer_takes_from_only(call):
    (author,) = call.list(Author.objects.only("name", "age").defer("age").filter(name="Ada"))
    assert loaded(author) == {"id", "name"}


def test_a_deferred_column_is_loaded_when_it_is_read(call, statements):
    (author,) = call.list(Author.objects.only("name").filter(name="Ada"))
    with statements() as sent:
        assert (author.age, author.age) == (36, 36)
    assert len(sent) == 1


def test_save_after_only_writes_the_loaded_columns_alone(call):
    (author,) = call.list(Author.objects.only("name").filter(name="Ada"))
    call(Author.objects.filter(name="Ada").update, age=99)
    author.name = "Ava"
    call(author.save)
    assert call.list(Author.objects.filter(name="Ava").values_list("age", flat=True)) == [99]


def test_save_after_only_writes_a_column_that_was_set(call):
    (author,) = call.list(Author.objects.only("id").filter(name="Ada"))
    author.age = 1
    call(author.save)
    assert call.list(Author.objects.filter(age=1).values_list("name", "active")) == [("Ada", True)]


def test_a_foreign_key_can_be_named_by_its_column_or_its_name(call):
    for name in ("publisher", "publisher_id"):
        (author,) = call.list(Author.objects.only(name).filter(name="Ada"))
        assert loaded(author) == {"id", "publisher_id"}


@pytest.mark.parametrize("method", ["only", "defer"])
@pytest.mark.parametrize("name", ["nam", "books", "age__gt", "publisher__nme", ""])
def test_only_and_defer_refuse_what_is_no_column(method, name):
    with pytest.raises(FieldError):
        getattr(Author.objects, method)(name)


@pytest.mark.parametrize("method", ["only", "defer"])
def test_only_and_defer_need_instances(method):
    with pytest.raises(TypeError, match="values"):
        getattr(Author.objects.values("name"), method)("name")


# -- select_related -------------------------------------------------------------------------------------


def test_related_rows_come_in_the_same_statement(call, statements):
    with statements() as sent:
        books = call.list(Book.objects.select_related("author__publisher").order_by("pk"))
        assert [(book.author.name, book.author.publisher.name) for book in books] == [
            ("Ada", "Acme"), ("Ada", "Acme"), ("Bob", "Zeta"), ("Bob", "Zeta"),
        ]  # fmt: skip
    assert len(sent) == 1


def test_a_missing_related_row_is_none_without_a_statement(call, statements):
    with statements() as sent:
        rows = call.list(Author.objects.select_related("publisher", "mentor__publisher").order_by("pk"))
        assert [author.publisher and author.publisher.name for author in rows] == [
            "Acme",
            "Zeta",
            "Acme",
            None,
        ]
        assert [author.mentor and author.mentor.name for author in rows] == [None, "Ada", "Bob", None]
        assert rows[1].mentor.publisher.name == "Acme"
    assert len(sent) == 1


def test_select_related_adds_up_and_none_clears(call, statements):
    rows = Author.objects.select_related("publisher").select_related("mentor").filter(name="Bob")
    with statements() as sent:
        (author,) = call.list(rows)
        assert (author.publisher.name, author.mentor.name) == ("Zeta", "Ada")
    assert len(sent) == 1
    assert "JOIN" not in rows.select_related(None).sql()


def test_select_related_without_names_takes_the_keys_that_are_never_null(call, statements):
    with statements() as sent:
        assert call.list(Book.objects.select_related().order_by("pk"))[0].author.name == "Ada"
    assert len(sent) == 1


def test_select_related_goes_with_only(call, statements):
    rows = Book.objects.select_related("author").only("title", "author__name").order_by("pk")
    with statements() as sent:
        book = call.list(rows)[0]
        assert (book.title, book.author.name) == ("Alpha", "Ada")
    assert len(sent) == 1
    assert loaded(book) == {"id", "title", "author_id"}
    assert loaded(book.author) == {"id", "name"}


def test_select_related_goes_with_defer(call):
    book = call.list(Book.objects.select_related("author").defer("pages", "author__age").order_by("pk"))[0]
    assert "pages" not in loaded(book)
    assert "age" not in loaded(book.author)


def test_select_related_does_not_change_the_count(call):
    assert call(Author.objects.select_related("publisher", "mentor").count) == 4


def test_select_related_goes_with_filters_and_annotations(call):
    rows = Author.objects.select_related("publisher").annotate(n=Count("books")).filter(n=2).order_by("name")
    assert [(row.name, row.publisher.name, row.n) for row in call.list(rows)] == [
        ("Ada", "Acme", 2), ("Bob", "Zeta", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["publishr", "name", "books", "publisher__name", "publisher__authors", "", "mentor__"]
)
def test_select_related_refuses_what_is_no_relation_to_one_row(name):
    with pytest.raises(FieldError):
        Author.objects.select_related(name)


def test_select_related_suggests_the_name_that_was_meant():
    with pytest.raises(FieldError) as caught:
        Author.objects.select_related("publishr")
    assert caught.value.suggestion == "publisher"


# -- evaluation -----------------------------------------------------------------------------------------


def test_rows_are_fetched_once_and_kept(call, statements):
    rows = Author.objects.order_by("pk")
    with statements() as sent:
        first, second = call.list(rows), call.list(rows)
        assert len(rows) == 4
        assert bool(rows)
        assert rows[0] is first[0]
    assert first == second
    assert len(sent) == 1


def test_nothing_is_fetched_before_it_is_needed(statements):
    with statements() as sent:
        Author.objects.filter(age=3).exclude(name="x").order_by("age").values("name")[:3]
    assert sent == []


def test_all_is_fetched_anew(call):
    rows = Author.objects.all()
    call.list(rows)
    call(Author.objects.create, name="Eve")
    assert (len(call.list(rows)), len(call.list(rows.all()))) == (4, 5)


def test_the_repr_shows_rows_and_that_there_are_more():
    assert repr(Author.objects.order_by("pk")[:1]).startswith("<QuerySet [<Author: pk=")


def test_an_index_beyond_the_end_is_an_index_error():
    with pytest.raises(IndexError):
        Author.objects.all()[10]


def test_rows_stream_in_chunks_and_are_not_kept(call):
    rows = Author.objects.order_by("pk")
    for size in (1, 3, 1000):
        assert [row.name for row in call(rows.iterator, chunk_size=size)] == ["Ada", "Bob", "Cy", "Dan"]
    assert rows._result_cache is None


@pytest.mark.parametrize("size", [0, -1])
def test_a_chunk_has_at_least_one_row(call, size):
    with pytest.raises(ValueError, match="chunk_size"):
        call(Author.objects.iterator, chunk_size=size)


def test_a_stream_of_values_gives_dicts(call):
    rows = Author.objects.filter(age=36).values("name")
    assert list(call(rows.iterator)) == [{"name": "Ada"}]


def test_a_stream_can_be_left_early(call):
    if not call.is_async:
        for _ in Author.objects.iterator(chunk_size=1):
            break
        assert call(Author.objects.create, name="Eve").pk

    async def leave():
        async for _ in Author.objects.aiterator(chunk_size=1):
            break
        await Author.objects.acreate(name="Fay")

    if call.is_async:
        call.run(lambda: None, leave)
    assert call(Author.objects.count) == 5


def test_async_for_gives_the_rows(call):
    async def collect():
        return [author.name async for author in Author.objects.order_by("pk")]

    if call.is_async:
        assert call.run(lambda: None, collect) == ["Ada", "Bob", "Cy", "Dan"]


def test_none_is_empty_and_stays_empty(call, statements):
    rows = Author.objects.none()
    with statements() as sent:
        assert call.list(rows.filter(age=3).order_by("name")) == []
        assert (call(rows.count), call(rows.exists), call(rows.first)) == (0, False, None)
        assert call(rows.update, name="x") == 0
        assert call(rows.delete) == (0, {})
        assert call.list(rows.values("name")) == []
        assert list(call(rows.iterator)) == []
    assert sent == []
