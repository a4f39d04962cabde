"""get(), create(), bulk_create(), update(), delete(): one row, many rows, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

import dorm
from dorm import Count, F, FieldError, Value

from .models import Author, Book, Everything, Publisher

pytestmark = pytest.mark.usefixtures("rows")


# -- one row --------------------------------------------------------------------------------------------


def test_get_gives_the_one_row(call):
    assert call(Author.objects.get, name="Ada").age == 36


def test_get_raises_for_none(call):
    with pytest.raises(Author.DoesNotExist, match="name='Eve'"):
        call(Author.objects.get, name="Eve")


def test_get_raises_for_two(call):
    with pytest.raises(Author.MultipleObjectsReturned, match="2 Author"):
        call(Author.objects.get, age=20)


def test_the_errors_of_a_model_are_its_own(call):
    with pytest.raises(dorm.DoesNotExist):
        call(Author.objects.get, name="Eve")
    assert not issubclass(Author.DoesNotExist, Book.DoesNotExist)


def test_get_without_conditions_takes_the_rows_of_the_queryset(call):
    assert call(Author.objects.filter(name="Ada").get).name == "Ada"


def test_get_or_none_swallows_only_the_first(call):
    assert call(Author.objects.get_or_none, name="Eve") is None
    assert call(Author.objects.get_or_none, name="Ada").age == 36
    with pytest.raises(Author.MultipleObjectsReturned):
        call(Author.objects.get_or_none, age=20)


def test_get_suggests_the_name_that_was_meant(call):
    with pytest.raises(FieldError) as caught:
        call(Author.objects.get, agee=3)
    assert caught.value.suggestion == "age"


def test_create_gives_the_key(call):
    author = call(Author.objects.create, name="Eve")
    assert call(Author.objects.get, pk=author.pk).name == "Eve"


def test_create_refuses_an_unknown_name(call):
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        call(Author.objects.create, nam="Eve")
    assert call(Author.objects.count) == 4


def test_create_with_a_key_that_is_taken_is_a_unique_violation(call):
    taken = call(Author.objects.get, name="Ada").pk
    with pytest.raises(dorm.UniqueViolation):
        call(Author.objects.create, pk=taken, name="Eve")
    assert call(Author.objects.get, pk=taken).name == "Ada"


def test_create_without_a_required_value_is_a_not_null_violation(call):
    with pytest.raises(dorm.IntegrityError):
        call(Book.objects.create, title="x")


def test_create_with_a_key_of_no_row_is_a_foreign_key_violation(call):
    with pytest.raises(dorm.ForeignKeyViolation):
        call(Book.objects.create, title="x", author_id=10_000)
    assert call(Book.objects.count) == 4


# -- many rows ------------------------------------------------------------------------------------------


def test_bulk_create_gives_the_same_instances_with_keys(call):
    given = [Author(name=f"n{number}") for number in range(25)]
    made = call(Author.objects.bulk_create, given, batch_size=10)
    assert [id(one) for one in made] == [id(one) for one in given]
    loaded = {author.pk: author.name for author in call.list(Author.objects.filter(name__startswith="n"))}
    assert loaded == {author.pk: author.name for author in made}


def test_bulk_create_sends_one_statement_a_batch(call, statements):
    with statements() as sent:
        call(Author.objects.bulk_create, [Author(name="n") for _ in range(25)], batch_size=10)
    assert len([sql for sql in sent if sql.startswith("INSERT")]) == 3


def test_bulk_create_of_nothing_sends_nothing(call, statements):
    with statements() as sent:
        assert call(Author.objects.bulk_create, []) == []
    assert sent == []


def test_bulk_create_keeps_keys_that_are_given(call):
    given = [Publisher(name="new"), Publisher(pk=777, name="own"), Publisher(name="next")]
    call(Publisher.objects.bulk_create, given)
    assert call(Publisher.objects.get, pk=777).name == "own"
    assert {one.name: call(Publisher.objects.get, pk=one.pk).name for one in given} == {
        "new": "new", "own": "own", "next": "next",
    }  # fmt: skip


def test_bulk_create_takes_a_generator(call):
    assert len(call(Publisher.objects.bulk_create, (Publisher(name=str(n)) for n in range(3)))) == 3


def test_bulk_create_of_ten_thousand_rows(call):
    made = call(Everything.objects.bulk_create, [Everything(whole=n) for n in range(10_000)])
    assert len({one.pk for one in made}) == 10_000
    assert call(Everything.objects.aggregate, n=Count("id"), top=dorm.Max("whole")) == {
        "n": 10_000,
        "top": 9_999,
    }


def test_a_bulk_create_that_fails_leaves_nothing(call):
    given = [Publisher(name="a"), Publisher(name="b"), Publisher(name=None), Publisher(name="c")]
    with pytest.raises((dorm.IntegrityError, FieldError)):
        call(Publisher.objects.bulk_create, given, batch_size=1)
    assert call(Publisher.objects.count) == 2
    assert [one.pk for one in given] == [None] * 4


@pytest.mark.parametrize("size", [0, -5])
def test_a_batch_has_at_least_one_row(call, size):
    with pytest.raises(ValueError, match="batch_size"):
        call(Publisher.objects.bulk_create, [Publisher(name="a")], batch_size=size)


def test_bulk_create_takes_instances_of_its_model(call):
    with pytest.raises(TypeError, match="Publisher"):
        call(Publisher.objects.bulk_create, [Publisher(name="a"), Author(name="b")])
    assert call(Publisher.objects.count) == 2


def test_bulk_create_takes_the_key_of_a_row_that_was_saved_meanwhile(call):
    author = Author(name="new")
    book = Book(title="t", author=author)
    call(author.save)
    call(Book.objects.bulk_create, [book])
    assert call(Book.objects.get, title="t").author_id == author.pk


def test_bulk_create_refuses_a_row_that_was_not(call):
    with pytest.raises((FieldError, ValueError), match="save"):
        call(Book.objects.bulk_create, [Book(title="t", author=Author(name="new"))])


# -- update ---------------------------------------------------------------------------------------------


def test_update_gives_the_number_of_rows(call):
    assert call(Author.objects.filter(age=20).update, age=21) == 2
    assert call(Author.objects.filter(age=20).update, age=21) == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F("age") + 1, 37),
        (F("age") * 2 + 1, 73),
        (1 + F("age"), 37),
        (100 - F("age"), 64),
        (F("age") + F("id") - F("id"), 36),
        (Value(5), 5),
        (None, None),
        ("7", 7),
    ],
    ids=repr,
)
def test_update_takes_expressions(call, value, expected):
    call(Author.objects.filter(name="Ada").update, age=value)
    assert call(Author.objects.get, name="Ada").age == expected


def test_update_of_two_columns_sees_the_old_values(call):
    call(Book.objects.filter(title="Beta").update, pages=F("id"), id=F("id"))
    book = call(Book.objects.get, title="Beta")
    assert book.pages == book.pk


def test_update_keeps_the_joins_of_its_filter(call):
    assert call(Book.objects.filter(author__publisher__name="Acme").update, pages=1) == 2
    assert call(Book.objects.filter(pages=1).count) == 2


def test_update_over_many_rows_touches_each_once(call):
    assert call(Author.objects.filter(books__pages__gte=1).update, age=F("age") + 1) == 2
    assert call(Author.objects.get, name="Ada").age == 37


def test_update_takes_an_instance_for_a_relation(call):
    zeta = call(Publisher.objects.get, name="Zeta")
    call(Author.objects.filter(name="Ada").update, publisher=zeta)
    call(Author.objects.filter(name="Cy").update, publisher_id=zeta.pk)
    assert call(zeta.authors.count) == 3


def test_update_of_a_decimal_keeps_its_places(call):
    call(Book.objects.filter(title="Gamma").update, price="3.456")
    assert call(Book.objects.get, title="Gamma").price == Decimal("3.46")


def test_update_of_nothing_sends_nothing(call, statements):
    with statements() as sent:
        assert call(Author.objects.update) == 0
    assert sent == []


@pytest.mark.parametrize(
    "values",
    [
        {"agee": 1},
        {"books": 1},
        {"publisher__name": "x"},
        {"age__gt": 1},
        {"name": None},
        {"age": F("agee")},
        {"age": F("publisher__id")},
        {"age": Count("books")},
        {"age": "many"},
        {"publisher": "Acme"},
    ],
    ids=str,
)
def test_an_update_that_cannot_be_is_refused(call, values):
    with pytest.raises(FieldError):
        call(Author.objects.update, **values)


def test_update_refuses_the_instance_of_another_model(call):
    with pytest.raises(FieldError, match="Publisher"):
        call(Author.objects.update, publisher=Author(name="x"))


# -- delete ---------------------------------------------------------------------------------------------


def test_delete_counts_what_went_by_model(call):
    assert call(Publisher.objects.filter(name="Acme").delete) == (
        5, {"queries.Publisher": 1, "queries.Author": 2, "queries.Book": 2},
    )  # fmt: skip


def test_delete_keeps_the_joins_of_its_filter(call):
    assert call(Book.objects.filter(author__publisher__name="Zeta").delete) == (2, {"queries.Book": 2})


def test_delete_of_no_row_is_nothing(call):
    assert call(Author.objects.filter(name="Eve").delete) == (0, {})


def test_delete_sets_null_and_counts_none_of_it(call):
    assert call(Author.objects.filter(name="Bob").delete) == (3, {"queries.Author": 1, "queries.Book": 2})
    assert call(Author.objects.get, name="Cy").mentor_id is None


def test_groups_and_bare_values_are_neither_deleted_nor_updated(call):
    with pytest.raises(TypeError, match="leave out values"):
        call(Author.objects.values("age").delete)
    with pytest.raises(TypeError, match="leave out values"):
        call(Publisher.objects.values_list("name").delete)
    groups = Author.objects.values("age").annotate(n=Count("id")).filter(n=2)
    with pytest.raises(TypeError, match="leave out values"):
        call(groups.update, name="x")
    with pytest.raises(TypeError, match="leave out values"):
        call(groups.delete)
    assert call(Author.objects.values("age").filter(age=20).update, name="x") == 2
