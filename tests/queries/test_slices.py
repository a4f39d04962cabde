"""Slices, order, and the operations that must respect them."""

from __future__ import annotations

import pytest

from dorm import Count, F, FieldError, Max, Sum

from .models import Author, Book, Event, Publisher

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def ten(call):
    """Ten authors, aged 0 to 9."""
    call(Author.objects.bulk_create, [Author(name=f"n{age}", age=age) for age in range(10)])
    return Author.objects.order_by("age")


def ages(call, rows):
    return call.list(rows.values_list("age", flat=True)) if not isinstance(rows, list) else rows


@pytest.mark.parametrize(
    "part",
    [
        slice(3),
        slice(3, 7),
        slice(3, None),
        slice(0, 0),
        slice(7, 3),
        slice(8, 20),
        slice(20, 30),
        slice(None),
        slice(0, None),
    ],
    ids=str,
)
@pytest.mark.parametrize("then", [slice(None), slice(2), slice(1, 3), slice(1, None), slice(5, 9)], ids=str)
def test_a_slice_of_a_slice_is_that_of_a_list(call, ten, part, then):
    every = list(range(10))
    sliced = ten.values_list("age", flat=True)[part]
    assert call.list(sliced[then]) == every[part][then]
    assert call(sliced[then].count) == len(every[part][then])
    assert call(sliced[then].exists) == bool(every[part][then])


@pytest.mark.parametrize("part", [slice(2), slice(1, 3), slice(None, None, 2)], ids=str)
def test_a_slice_of_fetched_rows_is_a_list_of_them(call, ten, part, statements):
    every = call.list(ten)
    with statements() as sent:
        assert ten[part] == every[part]
    assert sent == []


def test_a_slice_of_a_slice_can_run_in_async_code(call, ten):
    assert call.list(ten.values_list("age", flat=True)[2:8][1:3]) == [3, 4]


@pytest.mark.parametrize("part", [slice(-1, None), slice(None, -1), slice(-3, -1)], ids=str)
def test_negative_bounds_are_refused(part):
    with pytest.raises(ValueError, match="from 0 on"):
        Author.objects.all()[part]


def test_a_negative_index_is_refused():
    with pytest.raises(ValueError, match="last"):
        Author.objects.all()[-1]


@pytest.mark.parametrize("key", ["a", 1.0, None])
def test_an_index_is_a_whole_number(key):
    with pytest.raises(TypeError):
        Author.objects.all()[key]


def test_bounds_are_whole_numbers():
    with pytest.raises((ValueError, TypeError)):
        Author.objects.all()[:"3"]


def test_the_first_row_of_a_slice_is_its_own(call, ten):
    assert call(ten[4:].first).age == 4


def test_aggregate_respects_the_slice(call, ten):
    assert call(ten[2:5].aggregate, total=Sum("age"), most=Max("age"), n=Count("id")) == {
        "total": 9, "most": 4, "n": 3,
    }  # fmt: skip


def test_aggregate_of_an_empty_slice(call, ten):
    assert call(ten[3:3].aggregate, total=Sum("age"), n=Count("id")) == {"total": None, "n": 0}


def test_update_touches_the_slice_only(call, ten):
    assert call(ten[2:4].update, name="changed") == 2
    assert ages(call, Author.objects.filter(name="changed").order_by("age")) == [2, 3]


def test_delete_touches_the_slice_only(call, ten):
    assert call(ten[2:4].delete) == (2, {"queries.Author": 2})
    assert ages(call, ten) == [0, 1, 4, 5, 6, 7, 8, 9]


def test_delete_of_a_slice_from_the_end(call, ten):
    call(ten.reverse()[:3].delete)
    assert ages(call, ten) == [0, 1, 2, 3, 4, 5, 6]


def test_update_of_an_empty_slice_changes_nothing(call, ten):
    assert call(ten[5:5].update, name="x") == 0


@pytest.mark.parametrize("name", ["filter", "exclude", "order_by", "annotate", "reverse"])
def test_what_would_change_the_rows_is_refused_after_a_slice(name):
    calls = {"filter": {"age": 3}, "exclude": {"age": 3}, "annotate": {"x": F("age")}}
    args = ("age",) if name == "order_by" else ()
    with pytest.raises(TypeError, match="slice"):
        getattr(Author.objects.all()[:3], name)(*args, **calls.get(name, {}))


def test_a_slice_of_groups(call, ten):
    call(Author.objects.filter(age__gte=5).update, name="old")
    rows = Author.objects.values("name").annotate(n=Count("id")).order_by("-n", "name")
    assert call.list(rows[:2]) == [{"name": "old", "n": 5}, {"name": "n0", "n": 1}]
    assert call(rows[:2].count) == 2


# -- order ----------------------------------------------------------------------------------------------


@pytest.fixture
def events(call):
    for name, day in [("b", "2020-01-01"), ("a", "2020-01-01"), ("c", "2021-01-01"), ("d", None)]:
        call(Event.objects.create, name=name, day=day)


def names(call, rows):
    return call.list(rows.values_list("name", flat=True))


def test_the_order_of_meta_is_the_order_of_every_query(call, events):
    assert names(call, Event.objects.exclude(day=None)) == ["c", "a", "b"]


def test_order_by_replaces_the_order_of_meta(call, events):
    assert names(call, Event.objects.order_by("name")) == ["a", "b", "c", "d"]


def test_order_by_replaces_an_earlier_order(call, events):
    assert names(call, Event.objects.order_by("day").order_by("-name")) == ["d", "c", "b", "a"]


def test_order_by_nothing_is_no_order(events):
    assert "ORDER BY" not in Event.objects.order_by().sql()


def test_reverse_turns_the_order_of_meta(call, events):
    assert names(call, Event.objects.exclude(day=None).reverse()) == ["b", "a", "c"]


def test_first_and_last_follow_the_order_of_meta(call, events):
    rows = Event.objects.exclude(day=None)
    assert (call(rows.first).name, call(rows.last).name) == ("c", "b")


def test_without_order_first_and_last_go_by_the_key(call, tables):
    call(Publisher.objects.bulk_create, [Publisher(name=name) for name in "xyz"])
    assert (call(Publisher.objects.first).name, call(Publisher.objects.last).name) == ("x", "z")


def test_first_and_last_of_nothing_are_none(call, tables):
    assert call(Author.objects.first) is None
    assert call(Author.objects.last) is None


def test_last_of_a_slice_is_its_last_row_or_refused(call, ten):
    try:
        last = call(ten[:3].last)
    except TypeError:
        return
    assert last.age == 2


def test_order_goes_over_relations(call, tables):
    zeta, acme = call(Publisher.objects.create, name="Zeta"), call(Publisher.objects.create, name="Acme")
    one = call(Author.objects.create, name="one", publisher=zeta)
    two = call(Author.objects.create, name="two", publisher=acme)
    for author in (one, two):
        call(Book.objects.create, title=author.name, author=author)
    rows = Book.objects.order_by("author__publisher__name")
    assert [book.title for book in call.list(rows)] == ["two", "one"]


def test_an_order_over_a_missing_row_keeps_the_row(call, tables):
    call(Author.objects.create, name="alone")
    assert call(Author.objects.order_by("publisher__name").count) == 1
    assert names(call, Author.objects.order_by("publisher__name")) == ["alone"]


def test_expressions_and_nulls_give_an_order(call, events):
    assert names(call, Event.objects.order_by(F("day").asc(nulls_last=True), F("name").desc())) == list(
        "bacd"
    )
    assert names(call, Event.objects.order_by(F("day").desc(nulls_first=True), "name")) == list("dcab")
    assert names(call, Event.objects.order_by(F("day").desc(nulls_first=True), "name").reverse()) == list(
        "bacd"
    )


def test_order_by_an_annotation(call, events):
    assert names(call, Event.objects.annotate(twin=F("name")).order_by("-twin")) == ["d", "c", "b", "a"]


NO_NAMES = ["nam", "-nam", "name__gt", "--name", "publisher__nme", "name DESC", "", "-", '"name"', "1"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_order_by_refuses_a_name_that_is_none(name):
    with pytest.raises(FieldError):
        Author.objects.order_by(name)


def test_order_by_refuses_what_is_no_name():
    with pytest.raises(FieldError):
        Author.objects.order_by(3)
