"""alias(), values() of expressions, named rows, in_bulk(), contains(), earliest() and latest()."""

from __future__ import annotations

import copy
import pickle

import pytest

from dorm import Count, F, FieldError, Q
from tests.queries.models import Author, Book, Event, Publisher

pytestmark = pytest.mark.usefixtures("rows")


# -- alias() ---------------------------------------------------------------------------------------


def test_an_alias_can_be_named_and_is_no_part_of_the_row(call):
    rows = Author.objects.alias(n=Count("books")).filter(n__gt=0).order_by("-n", "name")
    found = call.list(rows)
    assert [row.name for row in found] == ["Ada", "Bob"]
    assert not hasattr(found[0], "n")
    assert "n" not in call.list(rows.values())[0]


def test_an_alias_after_values_does_not_stand_in_them(call):
    rows = Author.objects.values("name").alias(next=F("age") + 1).filter(next=37)
    assert call.list(rows) == [{"name": "Ada"}]


def test_an_alias_can_be_used_by_an_annotation(call):
    rows = Author.objects.alias(n=F("age") + 1).annotate(m=F("n") * 2).filter(name="Ada")
    assert call(rows.get).m == 74


def test_an_alias_is_not_selected_until_annotate_promotes_it(call):
    rows = Author.objects.alias(n=F("age") + 1)
    with pytest.raises(FieldError, match=r"annotate\(n=F\('n'\)\)"):
        rows.values("n")
    promoted = rows.annotate(n=F("n")).filter(name="Ada")
    assert call(promoted.get).n == 37
    assert call.list(promoted.values("n")) == [{"n": 37}]


def test_an_annotation_may_be_given_anew(call):
    rows = Author.objects.filter(name="Ada").annotate(n=F("age") + 1)
    assert call(rows.annotate(n=F("n") * 2).get).n == 74
    assert call.list(rows.filter(n=37).annotate(n=F("age") - 1).values_list("n", flat=True)) == [35]
    assert call.list(rows.values("name", "n").annotate(n=F("n") + 1)) == [{"name": "Ada", "n": 38}]
    assert call.list(rows.order_by("n").annotate(m=F("n"), n=F("m") + F("n")).values("m", "n")) == [
        {"m": 37, "n": 74}
    ]


def test_an_aggregate_may_be_given_anew(call):
    rows = Author.objects.annotate(n=Count("books")).filter(n__gt=0).annotate(n=F("n") + 1)
    assert sorted(call.list(rows.values_list("name", "n"))) == [("Ada", 3), ("Bob", 3)]


# -- values() and values_list() --------------------------------------------------------------------


def test_values_take_expressions(call):
    rows = Author.objects.filter(name="Ada").values("name", next=F("age") + 1)
    assert call.list(rows) == [{"name": "Ada", "next": 37}]
    assert call(Author.objects.filter(name="Ada").values, "name", next=F("age") + 1) is not None


def test_values_of_expressions_alone_are_those(call):
    assert call.list(Author.objects.filter(name="Ada").values(next=F("age") + 1)) == [{"next": 37}]


def test_an_aggregate_in_values_is_one_of_each_row_as_in_django(call):
    rows = Author.objects.values("age", n=Count("books")).order_by("name")
    assert call.list(rows)[0] == {"age": 36, "n": 2}
    assert len(call.list(rows)) == 4


def test_values_list_takes_expressions(call):
    rows = Author.objects.filter(name="Ada").values_list("name", F("age") + 1, F("active"))
    assert call.list(rows) == [("Ada", 37, True)]
    assert call.list(Author.objects.filter(name="Ada").values_list(F("age") + 1, flat=True)) == [37]


def test_named_rows_are_tuples_with_names(call):
    rows = Author.objects.filter(name="Ada").values_list("name", "publisher__city", named=True)
    (row,) = call.list(rows)
    assert (row.name, row.publisher__city) == row == ("Ada", "Rome")
    assert type(row).__name__ == "Row"
    assert pickle.loads(pickle.dumps(row)) == row


def test_named_and_flat_exclude_each_other():
    with pytest.raises(TypeError, match="not both"):
        Author.objects.values_list("name", flat=True, named=True)


@pytest.mark.parametrize("method", ["values", "values_list", "only", "defer"])
def test_what_can_be_no_name_is_refused(method):
    with pytest.raises(FieldError, match="Invalid field 'name; --'"):
        getattr(Author.objects, method)("name; --")


# -- in_bulk() -------------------------------------------------------------------------------------


def test_in_bulk_gives_rows_by_key(call):
    ada, bob = call.list(Author.objects.filter(name__in=["Ada", "Bob"]).order_by("name"))
    assert call(Author.objects.in_bulk, [ada.pk, bob.pk, 12345]) == {ada.pk: ada, bob.pk: bob}
    assert len(call(Author.objects.in_bulk)) == 4


def test_in_bulk_of_nothing_asks_nothing(call, statements):
    with statements() as sent:
        assert call(Author.objects.in_bulk, []) == {}
    assert sent == []


def test_in_bulk_takes_more_keys_than_a_statement_has_parameters(call):
    keys = [*range(-70_000, 0), call(Author.objects.get, name="Ada").pk]
    assert [row.name for row in call(Author.objects.in_bulk, keys).values()] == ["Ada"]


def test_in_bulk_needs_a_unique_field():
    with pytest.raises(ValueError, match="unique"):
        Author.objects.in_bulk(["Ada"], field_name="name")


def test_in_bulk_needs_instances():
    with pytest.raises(TypeError, match="values"):
        Author.objects.values("name").in_bulk([1])


# -- contains() ------------------------------------------------------------------------------------


def test_contains_asks_for_one_row(call, statements):
    ada = call(Author.objects.get, name="Ada")
    with statements() as sent:
        assert call(Author.objects.filter(age=36).contains, ada) is True
        assert call(Author.objects.filter(age=20).contains, ada) is False
    assert len(sent) == 2


def test_contains_respects_a_slice(call):
    ada = call(Author.objects.get, name="Ada")
    assert call(Author.objects.order_by("name")[:1].contains, ada) is True
    assert call(Author.objects.order_by("name")[1:].contains, ada) is False


def test_contains_looks_at_rows_that_are_here(call, statements):
    authors = Author.objects.all()
    ada = next(author for author in call.list(authors) if author.name == "Ada")
    with statements() as sent:
        assert call(authors.contains, ada)
        assert ada in list(authors)
    assert sent == []


def test_contains_wants_a_saved_instance(call):
    assert call(Author.objects.contains, call(Publisher.objects.first)) is False
    with pytest.raises(ValueError, match="saved"):
        call(Author.objects.contains, Author(name="x"))
    with pytest.raises(TypeError, match="instance"):
        call(Author.objects.contains, 3)
    with pytest.raises(TypeError, match="values"):
        call(Author.objects.values("name").contains, Author(name="x"))


# -- earliest() and latest() -----------------------------------------------------------------------


def test_earliest_and_latest_are_the_ends_of_an_order(call):
    known = Author.objects.filter(age__isnull=False)
    assert call(known.earliest, "age", "-name").name == "Dan"
    assert call(known.latest, "age").name == "Ada"
    assert call(known.earliest, F("age").desc()).name == "Ada"


def test_earliest_of_nothing_does_not_exist(call):
    with pytest.raises(Author.DoesNotExist, match="earliest"):
        call(Author.objects.filter(age=1000).earliest, "age")


def test_earliest_needs_to_know_by_what():
    with pytest.raises(ValueError, match="get_latest_by"):
        Event.objects.earliest()
    with pytest.raises(TypeError, match="slice"):
        Author.objects.all()[:3].latest("age")


# -- as an object ----------------------------------------------------------------------------------


def test_a_queryset_is_equal_to_itself_alone():
    rows = Author.objects.all()
    assert rows == rows
    assert rows != Author.objects.all()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_asks_anew(call, copied):
    rows = Author.objects.filter(age__gt=20)
    call.list(rows)
    made = copied(rows)
    assert made._result_cache is None
    assert call.list(made) == call.list(rows)


def test_a_pickle_holds_the_rows_and_the_query(call, statements):
    rows = (
        Author.objects.filter(Q(publisher__city="Rome") | Q(books__pages__gt=100), age__in=[20, 36])
        .annotate(n=Count("books"))
        .order_by("name")
        .select_related("publisher")
    )
    call.list(rows)
    made = pickle.loads(pickle.dumps(rows))
    with statements() as sent:
        assert [(row.name, row.n) for row in made] == [(row.name, row.n) for row in rows]
    assert sent == []
    assert call.list(made.filter(name="Bob")) == call.list(rows.filter(name="Bob"))
    assert call(made.all().count) == call(rows.all().count)


# -- looking at SQL --------------------------------------------------------------------------------


def test_sql_can_be_pasted(call, database):
    from dorm.db.connection import get_connection

    rows = [
        Author.objects.filter(name__startswith="A'd%", age__in=[1, 2, 3], active=True)[:3],
        Author.objects.filter(name="it's ? and %s", age__in=[]),
        Author.objects.exclude(books__title__icontains="x"),
        Author.objects.annotate(n=F("age") % 7).filter(n__gt=1.5),
    ]
    for queryset in rows:
        assert str(queryset.query) == queryset.sql()
        assert len(get_connection().execute(queryset.sql())) == call(queryset.count)


def test_sql_shows_the_values(call):
    assert "'O''Hara'" in Author.objects.filter(name="O'Hara").sql()
    assert "LIMIT 3" in str(Author.objects.all()[:3].query)


def test_an_explanation_names_the_table(call, database):
    plan = call(Book.objects.filter(pages__gt=1).explain)
    assert "queries_book" in plan
    assert "queries_book" in call(Book.objects.filter(pages__gt=1).explain, analyze=True)
    if database.vendor == "postgresql":
        assert '"Plan"' in call(Book.objects.all().explain, format="json")
        with pytest.raises(ValueError, match="formats"):
            call(Book.objects.all().explain, format="pdf")


def test_nothing_has_no_plan(call):
    assert call(Book.objects.none().explain) == ""
