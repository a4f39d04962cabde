"""distinct(), and the operations that must respect it."""

from __future__ import annotations

import pytest

from dorm import Count, FieldError, Max, NotSupportedError, Sum
from tests.queries.models import Author, Book, Event, Publisher

pytestmark = pytest.mark.usefixtures("rows")


def names(rows):
    return [row.name for row in rows]


def test_equal_values_come_once(call):
    ages = Author.objects.order_by("age").values_list("age", flat=True)
    assert sorted(call.list(ages.distinct()), key=str) == [20, 36, None]


def test_a_join_to_many_rows_gives_each_instance_once(call):
    writers = Author.objects.filter(books__pages__gt=0).order_by("name")
    assert names(call.list(writers)) == ["Ada", "Ada", "Bob", "Bob"]
    assert names(call.list(writers.distinct())) == ["Ada", "Bob"]


def test_count_and_exists_agree_with_the_rows(call):
    writers = Author.objects.filter(books__pages__gt=0).distinct()
    assert (call(writers.count), call(writers.exists)) == (2, True)
    assert call(writers.order_by("name")[1:].count) == 1
    assert call(writers.order_by("name")[1:].exists) is True
    assert call(writers.order_by("name")[2:].exists) is False


def test_count_of_distinct_values_counts_them_once(call):
    ages = Author.objects.values("age").distinct()
    assert call(ages.count) == 3
    assert call(ages.order_by("age")[:2].count) == 2


def test_a_slice_of_equal_values_is_one_of_distinct_ones(call):
    titles = Book.objects.order_by("title").values_list("title", flat=True).distinct()
    assert call.list(titles[1:3]) == ["Beta", "Gamma"]
    assert call(titles[2:3].exists) is True
    assert call(titles[3:].exists) is False


def test_aggregates_are_those_of_distinct_rows(call):
    writers = Author.objects.filter(books__pages__gt=0)
    assert call(writers.aggregate, total=Sum("age"), n=Count("*")) == {"total": 112, "n": 4}
    assert call(writers.distinct().aggregate, total=Sum("age"), n=Count("*")) == {"total": 56, "n": 2}


def test_what_rows_are_ordered_by_makes_them_distinct_too(call):
    """As in Django: the row that is sorted is the whole of it."""
    rows = Author.objects.order_by("books__title").filter(books__isnull=False).distinct()
    assert names(call.list(rows)) == ["Ada", "Bob", "Ada", "Bob"]
    assert call(rows.count) == 4


def test_the_order_of_meta_counts_as_an_order(call):
    for name in ["a", "b"]:
        call(Event.objects.create, name=name, day="2024-01-01")
    assert len(call.list(Event.objects.values_list("day").distinct())) == 2
    assert len(call.list(Event.objects.order_by().values_list("day").distinct())) == 1


def test_annotations_are_part_of_what_is_equal(call):
    rows = Author.objects.annotate(n=Count("books")).values_list("n", flat=True).order_by("n").distinct()
    assert call.list(rows) == [0, 2]
    assert call(rows.count) == 2


def test_update_and_delete_reach_each_row_once(call):
    writers = Author.objects.filter(books__pages__gt=0).distinct()
    assert call(writers.update, age=1) == 2
    assert call(writers.order_by("-name")[:1].update, age=2) == 1
    assert call(Author.objects.get, age=2).name == "Bob"
    assert call(Book.objects.filter(author__age=1).distinct().delete)[0] == 2


def test_a_distinct_queryset_stands_in_a_subquery(call):
    writers = Author.objects.filter(books__pages__gt=0).distinct().order_by("books__pages")[:3]
    assert call(Book.objects.filter(author__in=writers).count) == 4


def test_distinct_after_a_slice_is_refused():
    with pytest.raises(TypeError, match="then slice"):
        Author.objects.all()[:2].distinct()


def test_a_wrong_name_is_told():
    with pytest.raises(FieldError, match="Did you mean 'age'"):
        Author.objects.distinct("agee")


def test_names_keep_the_first_row_of_each_value_on_postgresql(call, database):
    rows = Author.objects.filter(age__isnull=False).order_by("age", "-name").distinct("age")
    if database.vendor == "sqlite":
        with pytest.raises(NotSupportedError, match="PostgreSQL"):
            call.list(rows)
        return
    assert names(call.list(rows)) == ["Dan", "Ada"]
    assert call(rows.count) == 2
    assert names(call.list(rows.all()[1:])) == ["Ada"]
    assert call(rows.aggregate, last=Max("name")) == {"last": "Dan"}
    assert call(rows.update, active=False) == 2
    assert call(Publisher.objects.filter(authors__in=rows).count) == 1


def test_names_are_dropped_by_a_later_distinct(call):
    assert call(Author.objects.distinct("age").distinct().count) == 4


def test_get_gives_the_first_row_of_its_value_on_postgresql(call, database):
    if database.vendor == "sqlite":
        pytest.skip("SQLite has no DISTINCT ON")
    rows = Book.objects.filter(author__name="Ada").distinct("author")
    assert call(rows.order_by("author", "pages").get) == call(rows.order_by("author", "pages").first)
    assert call(rows.order_by("author", "-pages").get) == call(rows.order_by("author", "-pages").first)
