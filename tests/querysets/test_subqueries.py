"""Querysets as the values of `__in`: slices, orders, the same model, both colours."""

from __future__ import annotations

import pytest

from dorm import Count, FieldError
from tests.queries.models import Author, Book, Publisher

pytestmark = pytest.mark.usefixtures("rows")


def titles(call, rows):
    return sorted(row.title for row in call.list(rows))


def names(call, rows):
    return sorted(row.name for row in call.list(rows))


def test_rows_of_a_queryset_are_asked_for_by_one_statement(call, statements):
    active = Author.objects.filter(active=True)
    with statements() as sent:
        assert titles(call, Book.objects.filter(author__in=active)) == ["Alpha", "Beta"]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("order", "part", "found"),
    [
        ("-age", slice(1), ["Ada"]),
        ("age", slice(2), ["Bob", "Dan"]),
        ("-age", slice(1, 3), ["Bob", "Dan"]),
        ("age", slice(2, None), ["Ada"]),
        ("age", slice(9, None), []),
    ],
)
def test_a_slice_keeps_its_order_and_its_limits(call, order, part, found):
    inner = Author.objects.filter(age__isnull=False).order_by(order, "name")[part]
    assert names(call, Author.objects.filter(pk__in=inner)) == found
    assert names(call, Author.objects.filter(pk__in=inner.values("pk"))) == found
    assert call(Author.objects.filter(pk__in=inner).count) == len(found)
    assert names(call, Author.objects.exclude(pk__in=inner)) == sorted(
        {"Ada", "Bob", "Cy", "Dan"} - set(found)
    )


def test_the_order_of_a_slice_may_follow_a_relation(call):
    inner = Author.objects.filter(publisher__isnull=False).order_by("-publisher__name", "name")[:1]
    assert titles(call, Book.objects.filter(author__in=inner)) == ["Alpha", "Gamma"]


def test_a_slice_of_groups_is_a_subquery_too(call):
    top = Author.objects.annotate(n=Count("books")).filter(n__gt=0).order_by("-n", "-name")[:1]
    assert titles(call, Book.objects.filter(author__in=top)) == ["Alpha", "Gamma"]


def test_the_same_model_stands_in_itself(call):
    grown = Author.objects.filter(age__gte=30)
    assert names(call, Author.objects.filter(pk__in=grown)) == ["Ada"]
    assert names(call, Author.objects.filter(id__in=grown.values("id"))) == ["Ada"]
    assert names(call, Author.objects.filter(mentor__in=grown)) == ["Bob"]
    nested = Author.objects.filter(mentor__in=Author.objects.filter(mentor__in=grown))
    assert names(call, nested) == ["Cy"]


def test_subqueries_stand_in_changes(call):
    first = Author.objects.filter(age__isnull=False).order_by("age", "name")[:1]
    assert call(Author.objects.filter(pk__in=first).update, active=True) == 1
    assert call(Book.objects.filter(author__in=first).delete)[0] == 2
    assert call(Author.objects.exclude(pk__in=first).delete)[0] == 5


def test_two_subqueries_keep_their_values_apart(call):
    rows = Author.objects.filter(
        pk__in=Author.objects.filter(age=20)[:5], publisher__in=Publisher.objects.filter(name="Zeta")[:1]
    )
    assert names(call, rows.filter(name__startswith="B")) == ["Bob"]


def test_a_list_is_a_list_still(call):
    ada, bob = call.list(Author.objects.filter(name__in=["Ada", "Bob"]).order_by("name"))
    assert call(Book.objects.filter(author__in=[ada, bob.pk]).count) == 4


def test_nothing_is_in_nothing(call):
    assert names(call, Author.objects.filter(pk__in=Author.objects.none())) == []
    assert len(names(call, Author.objects.exclude(pk__in=Author.objects.none()))) == 4


def test_rows_of_another_model_are_refused():
    with pytest.raises(FieldError, match="expects rows of Author"):
        Book.objects.filter(author__in=Publisher.objects.all())
    with pytest.raises(FieldError, match="one column"):
        Book.objects.filter(author__in=Author.objects.values("id", "name"))
