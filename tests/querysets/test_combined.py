"""union(), intersection() and difference()."""

from __future__ import annotations

import pytest

from dorm import CombinedQuerySet, Count, Exists, F, FieldError, NotSupportedError
from tests.queries.models import Author, Book, Publisher

pytestmark = pytest.mark.usefixtures("rows")

NAMES = ["Ada", "Bob", "Cy", "Dan"]


def named(*names):
    return Author.objects.filter(name__in=names)


def names(call, rows):
    return sorted(row.name for row in call.list(rows))


def test_a_union_has_the_rows_of_each_once(call):
    both = named("Ada", "Bob").union(named("Bob", "Cy"))
    assert isinstance(both, CombinedQuerySet)
    assert names(call, both) == ["Ada", "Bob", "Cy"]


def test_a_union_of_all_repeats_them(call):
    assert names(call, named("Ada", "Bob").union(named("Bob"), all=True)) == ["Ada", "Bob", "Bob"]


def test_several_querysets_are_combined_at_once(call):
    assert names(call, named("Ada").union(named("Bob"), named("Cy"), named("Ada"))) == ["Ada", "Bob", "Cy"]
    assert names(call, Author.objects.difference(named("Ada"), named("Bob"))) == ["Cy", "Dan"]
    assert names(call, Author.objects.intersection(named("Ada", "Bob"), named("Bob", "Cy"))) == ["Bob"]


def test_an_intersection_has_the_rows_that_are_in_all(call):
    assert names(call, named("Ada", "Bob").intersection(Author.objects.filter(active=False))) == ["Bob"]


def test_a_difference_has_the_rows_that_are_in_the_first_alone(call):
    assert names(call, Author.objects.difference(Author.objects.filter(active=False))) == ["Ada", "Cy", "Dan"]


def test_combined_querysets_are_combined_again(call):
    inner = named("Bob", "Cy").difference(named("Cy"))
    assert names(call, named("Ada").union(inner)) == ["Ada", "Bob"]
    assert names(call, inner.union(named("Dan"))) == ["Bob", "Dan"]
    # Left to right and not as INTERSECT would bind: (Ada, Bob or Bob, Cy), and Cy.
    assert names(call, named("Ada", "Bob").union(named("Bob", "Cy")).intersection(named("Cy"))) == ["Cy"]
    assert names(call, named("Ada").union(named("Bob", "Cy").intersection(named("Cy")))) == ["Ada", "Cy"]


def test_many_unions_one_after_the_other_are_one(call):
    rows = named("Ada")
    for _ in range(200):
        rows = rows.union(named("Bob"))
    assert names(call, rows) == ["Ada", "Bob"]


def test_it_is_ordered_counted_and_sliced(call):
    both = named("Ada", "Bob").union(named("Cy", "Dan")).order_by("-name")
    assert [row.name for row in call.list(both.all())] == NAMES[::-1]
    assert [row.name for row in call.list(both[1:3])] == ["Cy", "Bob"]
    assert [row.name for row in call.list(both.reverse())] == NAMES
    assert (call(both.count), call(both[1:3].count), call(both.exists)) == (4, 2, True)
    assert (call(both[4:].exists), call(both[4:].count)) == (False, 0)
    assert call(both.first).name == "Dan"
    assert call(both.last).name == "Ada"
    assert len(call.list(both)) == 4


def test_it_is_ordered_by_several_columns_and_nulls(call):
    both = named("Ada", "Bob").union(named("Cy", "Dan"))
    assert [row.name for row in call.list(both.order_by("age", "-name")) if row.age] == ["Dan", "Bob", "Ada"]
    rows = both.order_by(F("age").desc(nulls_last=True), "name")
    assert [row.name for row in call.list(rows)] == ["Ada", "Bob", "Dan", "Cy"]
    assert [row.pk for row in call.list(both.order_by("pk"))] == sorted(row.pk for row in call.list(both))
    assert call.list(both.order_by("publisher"))


def test_first_is_by_key_without_an_order(call):
    assert call(named("Dan").union(named("Ada")).first).name == "Ada"


def test_first_of_values_is_by_all_of_them(call):
    rows = named("Dan").values("name").union(named("Ada").values("name"))
    assert (call(rows.first), call(rows.last)) == ({"name": "Ada"}, {"name": "Dan"})


def test_a_union_has_no_order_of_meta():
    assert "ORDER BY" not in named("Ada").union(named("Bob")).sql()


def test_parts_keep_their_slices_and_orders(call):
    oldest = Author.objects.filter(age__isnull=False).order_by("-age")[:1]
    youngest = Author.objects.filter(age__isnull=False).order_by("age", "-name")[:1]
    assert names(call, oldest.union(youngest)) == ["Ada", "Dan"]
    assert names(call, Author.objects.difference(oldest)) == ["Bob", "Cy", "Dan"]


def test_a_slice_of_a_union_is_a_part(call):
    first = named("Ada", "Bob", "Cy").union(named("Dan")).order_by("name")[:2]
    assert names(call, first.union(named("Dan"))) == ["Ada", "Bob", "Dan"]


def test_values_come_from_the_parts(call):
    ages = named("Bob").union(named("Dan")).values_list("age", flat=True)
    assert call.list(ages) == [20]
    assert call.list(named("Bob").union(named("Dan"), all=True).values_list("age", flat=True)) == [20, 20]
    rows = named("Ada").union(named("Bob")).order_by("name").values("name", "age")
    assert call.list(rows) == [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 20}]


def test_values_of_a_slice_are_those_of_its_rows(call):
    rows = named("Ada").union(named("Bob"), named("Dan")).order_by("name")[1:].values_list("age", flat=True)
    assert call.list(rows) == [20, 20]


def test_parts_may_be_values(call):
    rows = named("Ada").values("name", "age").union(named("Bob").values("name", "age")).order_by("-age")
    assert call.list(rows.all()) == [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 20}]
    assert call.list(rows.values_list("age", flat=True)) == [36, 20]
    assert call.list(rows.order_by("name").values("age")) == [{"age": 36}, {"age": 20}]
    assert call(rows.count) == 2


def test_annotations_and_loaded_relations_come_along(call, statements):
    left = named("Ada").annotate(n=Count("books")).select_related("publisher")
    right = named("Bob").annotate(n=Count("books"))
    rows = left.union(right).order_by("name")
    with statements() as sent:
        assert [(row.name, row.n, row.publisher.name) for row in call.list(rows)] == [
            ("Ada", 2, "Acme"), ("Bob", 2, "Zeta"),
        ]  # fmt: skip
    assert len(sent) == 1


def test_relations_are_prefetched(call, statements):
    rows = named("Ada").prefetch_related("books").union(named("Bob"))
    with statements() as sent:
        found = call.list(rows)
        assert sum(len(row.books.all()) for row in found) == 4
    assert len(sent) == 2


def test_it_stands_in_a_subquery(call):
    both = named("Ada").union(named("Bob"))
    assert call(Book.objects.filter(author__in=both).count) == 4
    assert call(Author.objects.filter(pk__in=both).count) == 2
    assert call(Book.objects.filter(author__in=both.order_by("name")[:1]).count) == 2
    assert call(Author.objects.exclude(pk__in=both).count) == 2
    ages = named("Ada").values("age").union(named("Cy").values("age"))
    assert names(call, Author.objects.filter(age__in=ages)) == ["Ada"]
    assert names(call, Author.objects.filter(publisher__authors__in=both).distinct()) == ["Ada", "Bob", "Cy"]


def test_it_streams(call):
    both = named("Ada", "Bob").union(named("Cy")).order_by("name")
    assert [row.name for row in call(both.iterator, chunk_size=2)] == ["Ada", "Bob", "Cy"]


def test_contains_and_get_ask_it(call):
    ada = call(Author.objects.get, name="Ada")
    assert call(named("Ada").union(named("Bob")).contains, ada) is True
    assert call(named("Cy").union(named("Bob")).contains, ada) is False
    assert call(named("Ada").union(named("Ada")).get) == ada


def test_an_empty_part_is_a_part(call):
    assert names(call, Author.objects.none().union(named("Ada"))) == ["Ada"]
    assert names(call, named("Ada").intersection(Author.objects.none())) == []


def test_models_must_be_the_same():
    with pytest.raises(TypeError, match="Author and Publisher"):
        Author.objects.union(Publisher.objects.all())
    with pytest.raises(TypeError, match="querysets"):
        Author.objects.union([1])


@pytest.mark.parametrize(
    "other",
    [
        lambda: Author.objects.only("name"),
        lambda: Author.objects.values("id"),
        lambda: Author.objects.annotate(n=Count("books")),
    ],
)
def test_columns_must_be_the_same(other):
    with pytest.raises(FieldError, match="same columns"):
        Author.objects.union(other())


def test_values_must_hold_the_same():
    with pytest.raises(FieldError, match="a number"):
        Author.objects.values("name").union(Author.objects.values("age"))


def test_none_of_a_union_gives_no_rows_to_what_it_is_part_of(call):
    nobody = named("Bob").union(named("Cy")).none()
    assert names(call, named("Ada").union(nobody)) == ["Ada"]
    assert names(call, nobody.union(named("Ada"))) == ["Ada"]
    assert names(call, named("Ada").union(named("Bob").union(named("Cy"), all=True).none())) == ["Ada"]
    assert names(call, Author.objects.filter(pk__in=nobody)) == []
    assert names(call, Author.objects.filter(Exists(nobody))) == []


@pytest.mark.parametrize(
    "use",
    [
        lambda rows: rows.filter(name="x"),
        lambda rows: rows.exclude(name="x"),
        lambda rows: rows.annotate(n=Count("books")),
        lambda rows: rows.distinct(),
        lambda rows: rows.update(age=1),
        lambda rows: rows.delete(),
        lambda rows: rows.select_related("publisher"),
        lambda rows: rows.only("name"),
        lambda rows: rows.select_for_update(),
        lambda rows: rows.aggregate(n=Count("id")),
        lambda rows: rows.get(name="x"),
    ],
)
def test_what_would_change_the_parts_is_refused(use):
    with pytest.raises(NotSupportedError, match="before they are combined"):
        use(named("Ada").union(named("Bob")))


def test_a_wrong_column_is_told():
    with pytest.raises(FieldError, match="Did you mean 'name'"):
        named("Ada").union(named("Bob")).order_by("nam")
    with pytest.raises(FieldError, match="no column 'publisher__name'"):
        named("Ada").union(named("Bob")).order_by("publisher__name")
    with pytest.raises(FieldError, match="not among"):
        named("Ada").union(named("Bob")).order_by("name").values("age")
