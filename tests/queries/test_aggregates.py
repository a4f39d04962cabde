"""annotate(), aggregate(), and the groups that they make."""

from __future__ import annotations

from datetime import date

import pytest

from dorm import Avg, Coalesce, Count, F, FieldError, Max, Min, Q, Sum, Value

from .models import Author, Book, Event, Everything, Publisher

pytestmark = pytest.mark.usefixtures("rows")


def pairs(call, rows, *names):
    return sorted(call.list(rows.values_list(*names)), key=repr)


def test_a_reverse_count_groups_by_row(call):
    rows = Author.objects.annotate(n=Count("books")).order_by("name")
    assert [(row.name, row.n) for row in call.list(rows)] == [("Ada", 2), ("Bob", 2), ("Cy", 0), ("Dan", 0)]


def test_a_count_over_two_relations(call):
    rows = Publisher.objects.annotate(n=Count("authors__books"), who=Count("authors", distinct=True))
    assert pairs(call, rows, "name", "n", "who") == [("Acme", 2, 2), ("Zeta", 2, 1)]


def test_values_before_annotate_are_the_groups(call):
    rows = Author.objects.values("age").annotate(n=Count("id")).order_by("age")
    assert call.list(rows) == [{"age": None, "n": 1}, {"age": 20, "n": 2}, {"age": 36, "n": 1}] or (
        # PostgreSQL puts NULL last.
        call.list(rows) == [{"age": 20, "n": 2}, {"age": 36, "n": 1}, {"age": None, "n": 1}]
    )


def test_values_list_before_annotate_gives_tuples(call):
    rows = Book.objects.values_list("author__name").annotate(n=Count("id"), most=Max("pages"))
    assert sorted(call.list(rows)) == [("Ada", 2, 200), ("Bob", 2, 300)]


def test_two_values_make_one_group(call):
    rows = Book.objects.values("author__name", "title").annotate(n=Count("id"))
    assert len(call.list(rows)) == 4


def test_an_annotation_can_be_a_group(call):
    rows = Author.objects.annotate(next=F("age") + 1).values("next").annotate(n=Count("id"))
    assert sorted((row["next"] or 0, row["n"]) for row in call.list(rows)) == [(0, 1), (21, 2), (37, 1)]


def test_an_order_over_other_columns_does_not_split_groups_silently(call):
    rows = Author.objects.order_by("name").values("active").annotate(n=Count("id"))
    assert len(call.list(rows)) == 4  # as in Django: what orders is grouped by


def test_the_order_of_meta_does_not_split_groups(call):
    for name in ("a", "b"):
        call(Event.objects.create, name=name, day="2020-01-01")
    assert len(call.list(Event.objects.values("day").annotate(n=Count("id")))) == 1


def test_a_filter_before_annotate_narrows_what_is_counted(call):
    rows = Author.objects.filter(books__pages__gte=200).annotate(n=Count("books"))
    assert pairs(call, rows, "name", "n") == [("Ada", 1), ("Bob", 1)]


def test_a_filter_after_annotate_does_not(call):
    rows = Author.objects.annotate(n=Count("books")).filter(publisher__name="Acme")
    assert pairs(call, rows, "name", "n") == [("Ada", 2), ("Cy", 0)]


def test_an_aggregate_is_filtered_by_having(call):
    rows = Author.objects.annotate(n=Count("books")).filter(n__gte=2, name__gt="B")
    assert pairs(call, rows, "name", "n") == [("Bob", 2)]


def test_an_aggregate_and_a_column_may_be_alternatives(call):
    rows = Author.objects.annotate(n=Count("books")).filter(Q(n=2) | Q(name="Cy"))
    assert pairs(call, rows, "name", "n") == [("Ada", 2), ("Bob", 2), ("Cy", 0)]


def test_a_transform_beside_an_aggregate_does_not_split_groups_by_its_column(call):
    for name, hour in [("a", "2020-01-01T01:00"), ("a", "2020-01-01T05:00"), ("b", "2020-01-02T01:00")]:
        call(Everything.objects.create, text=name, at=f"{hour}+00:00")
    rows = Everything.objects.values("text").annotate(n=Count("id")).filter(Q(n__gte=0, at__day=1) | Q(n=9))
    assert call.list(rows) == [{"text": "a", "n": 2}]


def test_a_group_with_a_parameter_is_not_split_by_its_column(call):
    rows = Author.objects.values(known=Coalesce("age", 20)).annotate(n=Count("id"))
    assert call.list(rows.filter(Q(known=20) | Q(n=9))) == [{"known": 20, "n": 3}]
    assert call.list(rows.filter(known=20).order_by(F("known") + 1)) == [{"known": 20, "n": 3}]


def test_an_aggregate_can_be_excluded(call):
    assert pairs(call, Author.objects.annotate(n=Count("books")).exclude(n=0), "name") == [("Ada",), ("Bob",)]
    rows = Author.objects.annotate(n=Count("books")).exclude(Q(n=0) | Q(books__title="Beta"))
    assert pairs(call, rows, "name", "n") == [("Bob", 2)]


def test_count_counts_groups(call):
    assert call(Author.objects.annotate(n=Count("books")).filter(n=2).count) == 2
    assert call(Author.objects.values("age").annotate(n=Count("id")).count) == 3
    assert call(Author.objects.annotate(n=Count("books")).count) == 4


def test_count_counts_the_groups_that_values_make_of_them(call):
    rows = Author.objects.annotate(n=Count("books")).values("n", "books__title")
    assert call(rows.count) == len(call.list(rows)) == 6


def test_exists_and_first_see_groups(call):
    rows = Author.objects.annotate(n=Count("books"))
    assert call(rows.filter(n=2).exists)
    assert not call(rows.filter(n=3).exists)
    assert call(rows.filter(n=2).first).n == 2
    assert call(rows.get, n=2, name="Bob").n == 2


def test_first_and_last_of_groups_do_not_split_them(call):
    groups = Author.objects.filter(age__isnull=False).values("age").annotate(n=Count("id"))
    ordered = call.list(groups.order_by("age"))
    assert (call(groups.first), call(groups.last)) == (ordered[0], ordered[-1])
    assert max(group["n"] for group in ordered) == 2


def test_last_of_groups_does_not_heed_the_order_of_the_model(call):
    for day, name in enumerate(("a", "b", "a"), 1):
        call(Event.objects.create, name=name, day=date(2024, 1, day))
    groups = Event.objects.values("name").annotate(n=Count("id"))
    assert (call(groups.first), call(groups.last)) == ({"name": "a", "n": 2}, {"name": "b", "n": 1})


def test_update_and_delete_see_groups(call):
    assert call(Author.objects.annotate(n=Count("books")).filter(n=0).update, age=1) == 2
    assert call(Author.objects.annotate(n=Count("books")).filter(n=0).delete)[0] == 2


def test_aggregate_over_groups(call):
    rows = Author.objects.annotate(n=Count("books"))
    assert call(rows.aggregate, most=Max("n"), mean=Avg("n")) == {"most": 2, "mean": 1.0}
    grouped = Author.objects.values("age").annotate(n=Count("id"))
    assert call(grouped.aggregate, most=Max("n")) == {"most": 2}


def test_aggregate_over_a_relation(call):
    found = call(
        Author.objects.aggregate, n=Count("books"), pages=Sum("books__pages"), low=Min("books__pages")
    )
    assert found == {"n": 4, "pages": 650, "low": 50}


def test_aggregate_keeps_filters_and_joins(call):
    assert call(Book.objects.filter(author__publisher__name="Acme").aggregate, n=Sum("pages")) == {"n": 300}


def test_aggregates_take_expressions_and_combine(call):
    found = call(Book.objects.aggregate, double=Sum(F("pages") * 2), spread=Max("pages") - Min("pages"))
    assert found == {"double": 1300, "spread": 250}


def test_count_of_a_column_leaves_null_out(call):
    counts = {"every": Count("*"), "aged": Count("age"), "ages": Count("age", distinct=True)}
    assert call(Author.objects.aggregate, **counts) == {"every": 4, "aged": 3, "ages": 2}


def test_aggregate_without_anything_asks_nothing(call, statements):
    with statements() as sent:
        assert call(Author.objects.aggregate) == {}
    assert sent == []


def test_arithmetic_chains_and_works_from_the_right(call):
    rows = Author.objects.filter(name="Ada").annotate(
        a=F("age") * 2 + 1,
        b=1 + F("age"),
        c=100 - F("age"),
        d=2 * (F("age") - 30),
        e=Value(7),
        f=F("age") % 10,
    )
    assert call.list(rows.values("a", "b", "c", "d", "e", "f")) == [
        {"a": 73, "b": 37, "c": 64, "d": 12, "e": 7, "f": 6}
    ]


def test_an_annotation_may_build_on_another(call):
    rows = Author.objects.annotate(n=Count("books")).annotate(more=F("n") + 1).filter(more=3)
    assert pairs(call, rows, "name", "more") == [("Ada", 3), ("Bob", 3)]


def test_an_annotation_is_an_attribute_and_no_column(call):
    row = call(Author.objects.annotate(n=Count("books")).get, name="Ada")
    row.name = "Ava"
    call(row.save)
    assert call(Author.objects.get, name="Ava").age == 36


# -- names ----------------------------------------------------------------------------------------------

ALIASES = ["a b", "a;b", 'a"b', "a--", "a__b", "", "1a", "a'b", "a)", "a\n", "a%s", "*"]


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_that_is_no_name_is_refused(call, alias):
    with pytest.raises(FieldError, match="Invalid annotation alias"):
        Author.objects.annotate(**{alias: Count("books")})
    with pytest.raises(FieldError, match="Invalid aggregate alias"):
        call(Author.objects.aggregate, **{alias: Count("books")})


@pytest.mark.parametrize("alias", ["name", "publisher", "publisher_id", "books", "id", "pk"])
def test_an_alias_does_not_hide_a_field(alias):
    with pytest.raises(FieldError, match="conflicts"):
        Author.objects.annotate(**{alias: Count("books")})


TAKEN = ["save", "delete", "asave", "_meta", "__class__", "_alias", "_adding", "_publisher_object", "class"]


@pytest.mark.parametrize("alias", TAKEN)
def test_an_alias_does_not_hide_what_instances_have(alias):
    with pytest.raises(FieldError, match=r"alias|conflicts"):
        Author.objects.annotate(**{alias: Count("books")})


def test_an_alias_may_begin_with_an_underscore(call):
    assert call(Author.objects.annotate(_n=Count("books")).get, name="Ada")._n == 2


@pytest.mark.parametrize("name", ["boks", "books__titel", "books__pages__gt", "", "*)", '"id"'])
def test_an_aggregate_of_an_unknown_name_is_refused(call, name):
    with pytest.raises(FieldError):
        Author.objects.annotate(n=Sum(name))
    with pytest.raises(FieldError):
        call(Author.objects.aggregate, n=Max(name))


def test_a_sum_of_text_is_refused():
    with pytest.raises(FieldError, match="numbers"):
        Author.objects.annotate(n=Sum("name"))


def test_an_aggregate_of_an_aggregate_is_refused():
    with pytest.raises(FieldError):
        Author.objects.annotate(n=Count("books")).annotate(m=Max("n"))


@pytest.mark.parametrize("value", ["books", 3, None, Count])
def test_annotate_takes_expressions(value):
    with pytest.raises(FieldError):
        Author.objects.annotate(n=value)


@pytest.mark.parametrize("value", ["books", 3, F("age")])
def test_aggregate_takes_aggregates(call, value):
    with pytest.raises(FieldError):
        call(Author.objects.aggregate, n=value)
