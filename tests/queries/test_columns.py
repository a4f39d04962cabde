"""Columns of model classes, `Author.age`: in conditions, as names, as expressions; and what refuses them."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

import dorm
from dorm import Count, F, FieldError, Q, Sum

from .models import Author, Book, Event, Publisher

pytestmark = pytest.mark.usefixtures("rows")


@pytest.fixture
def keys(call):
    """Return a function that gives the keys of a queryset's rows, sorted."""
    return lambda queryset: sorted(call.list(queryset.values_list("pk", flat=True)))


# What a column says, and the keywords that say the same.
SAME = [
    (lambda: Author.age == 20, Q(age=20)),
    (lambda: Author.age != 20, ~Q(age=20)),
    (lambda: Author.age == None, Q(age=None)),
    (lambda: Author.age != None, ~Q(age=None)),
    (lambda: Author.age < 36, Q(age__lt=36)),
    (lambda: Author.age <= 36, Q(age__lte=36)),
    (lambda: Author.age > 20, Q(age__gt=20)),
    (lambda: Author.age >= 20, Q(age__gte=20)),
    (lambda: 20 < Author.age, Q(age__gt=20)),
    (lambda: Author.age == Author.id, Q(age=F("id"))),
    (lambda: Author.age > F("id") + 19, Q(age__gt=F("id") + 19)),
    (lambda: Author.age.in_([20, 36, None]), Q(age__in=[20, 36])),
    (lambda: Author.age.in_([]), Q(age__in=[])),
    (lambda: Author.age.between(20, 30), Q(age__range=(20, 30))),
    (lambda: Author.age.is_null(), Q(age__isnull=True)),
    (lambda: Author.age.is_null(False), Q(age__isnull=False)),
    (lambda: Author.name.iexact("ADA"), Q(name__iexact="ADA")),
    (lambda: Author.name.contains("a"), Q(name__contains="a")),
    (lambda: Author.name.icontains("a"), Q(name__icontains="a")),
    (lambda: Author.name.startswith("A"), Q(name__startswith="A")),
    (lambda: Author.name.istartswith("a"), Q(name__istartswith="a")),
    (lambda: Author.name.endswith("n"), Q(name__endswith="n")),
    (lambda: Author.name.iendswith("N"), Q(name__iendswith="N")),
    (lambda: Author.name.regex("^[AB]"), Q(name__regex="^[AB]")),
    (lambda: Author.name.iregex("^[ab]"), Q(name__iregex="^[ab]")),
    (lambda: Author.active == True, Q(active=True)),
    (lambda: Author.publisher == 1, Q(publisher=1)),
    (lambda: Author.publisher == None, Q(publisher=None)),
    (lambda: Author.publisher != 1, ~Q(publisher=1)),
    (lambda: Author.publisher_id == 1, Q(publisher_id=1)),
    (lambda: Author.publisher.in_([1, 2]), Q(publisher__in=[1, 2])),
    (lambda: Author.mentor.is_null(), Q(mentor__isnull=True)),
    (lambda: (Author.age > 20) | (Author.name == "Dan"), Q(age__gt=20) | Q(name="Dan")),
    (lambda: (Author.age > 20) & ~(Author.name == "Dan"), Q(age__gt=20) & ~Q(name="Dan")),
]


@pytest.mark.parametrize(["made", "same"], SAME, ids=[str(same) for _, same in SAME])
def test_a_column_compares_as_the_keyword_does(keys, made, same):
    assert keys(Author.objects.filter(made())) == keys(Author.objects.filter(same))
    assert keys(Author.objects.exclude(made())) == keys(Author.objects.exclude(same))


def test_a_comparison_equals_the_q_of_the_same_lookup():
    assert (Author.age >= 18) == Q(age__gte=18)
    assert repr(Author.name.contains("x")) == "Q(name__contains='x')"


def test_instances_and_querysets_stand_beside_a_relation(keys, call):
    acme = call(Publisher.objects.get, Publisher.name == "Acme")
    assert keys(Author.objects.filter(Author.publisher == acme)) == keys(
        Author.objects.filter(publisher=acme)
    )
    some = Author.objects.filter(Author.age.is_null(False))
    assert keys(Book.objects.filter(Book.author.in_(some))) == keys(Book.objects.all())
    assert keys(Author.objects.filter(Author.age.in_(some.values_list(Author.age)))) == keys(some)


# -- as a name, and as an expression ------------------------------------------------------------------


def test_columns_name_what_rows_hold(call):
    rows = Author.objects.order_by(Author.name)
    assert call.list(rows.values_list(Author.name, Author.age)) == call.list(rows.values_list("name", "age"))
    assert call.list(rows.values_list(Author.publisher, flat=True)) == [1, 2, 1, None]
    assert call.list(rows.values(Author.name))[0] == {"name": "Ada"}
    assert call.list(rows.values_list(Author.name, named=True))[0].name == "Ada"
    assert call.list(rows.values("age", Author.name))[0] == {"age": 36, "name": "Ada"}
    assert call(rows.values_list(Author.name).first) == ("Ada",)


def test_columns_name_what_is_loaded(call):
    first = call(Author.objects.only(Author.name).first)
    assert first.get_deferred_fields() == {"age", "active", "publisher_id", "mentor_id"}
    assert call(Author.objects.defer(Author.age).first).get_deferred_fields() == {"age"}
    book = call(Book.objects.select_related(Book.author).first)
    assert book.author.name == "Ada"


def test_rows_are_ordered_by_a_column(call):
    names = Author.objects.values_list(Author.name, flat=True)
    assert call.list(names.order_by(Author.age.desc(nulls_last=True), Author.name)) == [
        "Ada",
        "Bob",
        "Dan",
        "Cy",
    ]
    assert call.list(names.order_by(Author.age.asc(nulls_first=True), Author.name.desc())) == [
        "Cy", "Dan", "Bob", "Ada",
    ]  # fmt: skip
    assert call(Author.objects.filter(Author.age == 20).latest, Author.name).name == "Dan"


def test_a_column_is_an_expression(call):
    rows = Author.objects.filter(Author.age.is_null(False)).order_by(Author.name)
    assert call.list(rows.annotate(next=Author.age + 1).values_list("next", flat=True)) == [37, 21, 21]
    assert call(Author.objects.aggregate, n=Count(Author.age), total=Sum(Author.age)) == {"n": 3, "total": 76}
    assert call(rows.update, age=Author.age * 2) == 3
    assert call(Author.objects.get, Author.name == "Ada").age == 72
    assert call(Book.objects.filter(Book.price > Decimal(1)).count) == 2
    assert call(Book.objects.filter(Book.pages > Book.author * 100).count) == 2


def test_columns_order_a_combination(call):
    young, old = Author.objects.filter(Author.age < 30), Author.objects.filter(Author.age > 30)
    both = young.union(old).order_by(Author.name.desc())
    assert [author.name for author in call.list(both)] == ["Dan", "Bob", "Ada"]


def test_columns_name_a_key_and_a_date(call):
    assert list(call(Author.objects.in_bulk, [1], field_name=Author.id)) == [1]
    call(Event.objects.create, name="x", day="2026-01-05")
    assert len(call.list(Event.objects.dates(Event.day, "year"))) == 1


# -- what a column is ---------------------------------------------------------------------------------


def test_a_column_knows_its_field_and_shows_its_name():
    assert Author.age.field is Author._meta.get_field("age")
    assert Author.publisher.field is Author._meta.get_field("publisher")
    assert repr(Author.publisher_id) == "Author.publisher_id"


def test_a_column_can_be_a_key_of_a_dict():
    assert {Author.age: 1, Author.name: 2}[Author.age] == 1
    assert {Book.author: 3}[Book.author] == 3


def test_a_column_and_its_conditions_can_be_pickled_and_copied(keys):
    condition = Author.age >= 20
    for again in (pickle.loads(pickle.dumps(condition)), copy.deepcopy(condition)):
        assert keys(Author.objects.filter(again)) == keys(Author.objects.filter(age__gte=20))
        with pytest.raises(FieldError):
            Book.objects.filter(again)
    assert repr(pickle.loads(pickle.dumps(Author.age))) == "Author.age"


def test_a_column_of_an_abstract_base_or_of_the_model_itself_fits_its_children():
    class Base(dorm.Model):
        size = dorm.IntegerField()

        class Meta:
            abstract = True
            app_label = "queries"

    class Child(Base):
        class Meta(Base.Meta):
            abstract = False

    class Likeness(Child):
        class Meta(Base.Meta):
            abstract = False
            proxy = True

    assert str(Child.objects.filter(Base.size > 3).query) == str(Child.objects.filter(size__gt=3).query)
    assert str(Likeness.objects.filter(Child.size > 3).query) == str(Child.objects.filter(size__gt=3).query)
    assert str(Child.objects.filter(Likeness.size > 3).query) == str(Child.objects.filter(size__gt=3).query)


# -- what is refused ----------------------------------------------------------------------------------

FOREIGN = [
    lambda: Author.objects.filter(Publisher.name == "x"),
    lambda: Author.objects.exclude(~(Publisher.name == "x") | Q(age=3)),
    lambda: Author.objects.filter(name=Publisher.name),
    lambda: Author.objects.order_by(Publisher.name),
    lambda: Author.objects.order_by(Publisher.name.desc()),
    lambda: Author.objects.values(Publisher.name),
    lambda: Author.objects.values_list(Publisher.name),
    lambda: Author.objects.only(Publisher.name),
    lambda: Author.objects.defer(Publisher.name),
    lambda: Author.objects.distinct(Publisher.name),
    lambda: Author.objects.annotate(n=Publisher.name),
    lambda: Author.objects.dates(Publisher.name, "year"),
]


@pytest.mark.parametrize("ask", FOREIGN)
def test_a_column_of_another_model_is_refused_though_the_name_is_known(ask):
    # The same names have been read before: what is remembered of them must not let the column through.
    Author.objects.filter(name="x").exclude(~Q(name="x") | Q(age=3)).order_by("name")
    Author.objects.values("name"), Author.objects.values_list("name"), Author.objects.only("name")
    with pytest.raises(FieldError) as caught:
        ask()
    assert str(caught.value) == (
        "Publisher.name is a column of Publisher, and the query is of Author: "
        "name it by the relations that lead to it, as in 'relation__name'"
    )


@pytest.mark.parametrize(
    ["ask", "words"],
    [
        (lambda: Author.age >= "x", "'age__gte' expects a number, got 'x' (str)"),
        (lambda: Author.age > None, "'age__gt' cannot be compared with None: use 'age__isnull'"),
        (lambda: Author.age.in_("12"), "'age__in' expects several values, each a number, got '12' (str)"),
        (lambda: Author.name.contains(3), "'name__contains' expects text, got 3 (int)"),
    ],
)
def test_a_wrong_operand_is_refused_as_in_a_keyword(ask, words):
    with pytest.raises(FieldError) as caught:
        Author.objects.filter(ask())
    assert words.partition(" ")[2] in str(caught.value)


def test_a_column_that_is_no_text_has_no_comparisons_of_texts():
    with pytest.raises(AttributeError):
        Author.age.contains("x")
