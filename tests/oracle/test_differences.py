"""Where dorm means to differ from Django: each difference, by name."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from tests.conftest import Database

from . import library
from .running import django

pytestmark = pytest.mark.usefixtures("oracle")


@pytest.fixture
def other(oracle: Database) -> Any:
    return django()


def test_the_order_of_meta_stays_when_annotate_groups_by_row(other: Any) -> None:
    ours = library.Shelf.objects.annotate(n=dorm.Count("copies"))
    theirs = other.models.Shelf.objects.annotate(n=other.words.Count("copies"))
    assert [shelf.label for shelf in ours] == ["a", "c", "b", "d"]
    assert "ORDER BY" not in str(theirs.query)


def test_the_order_of_meta_goes_when_values_group_as_in_django(other: Any) -> None:
    ours = library.Shelf.objects.values("room").annotate(n=dorm.Count("id"))
    theirs = other.models.Shelf.objects.values("room").annotate(n=other.words.Count("id"))
    assert sorted(map(repr, ours)) == sorted(map(repr, theirs)) == [
        "{'room': 1, 'n': 2}", "{'room': 2, 'n': 2}",
    ]  # fmt: skip


def test_order_by_a_foreign_key_takes_the_key_and_not_the_order_of_its_model(other: Any) -> None:
    ours = [copy.shelf_id for copy in library.Copy.objects.order_by("shelf")]
    theirs = [
        copy.shelf.label for copy in other.models.Copy.objects.order_by("shelf").select_related("shelf")
    ]
    assert ours == sorted(ours)
    assert theirs != [copy.shelf.label for copy in library.Copy.objects.order_by("shelf")]


def test_contains_sees_case_where_django_on_sqlite_does_not(oracle: Database, other: Any) -> None:
    assert not library.Author.objects.filter(name__contains="ADA").exists()
    insensitive = library.Author.objects.filter(name__icontains="ADA").exists()
    theirs = other.models.Author.objects.filter(name__contains="ADA").exists()
    assert insensitive and theirs == (oracle.vendor == "sqlite")


def test_update_and_delete_take_a_slice_where_django_refuses(other: Any) -> None:
    with pytest.raises(TypeError):
        other.models.Copy.objects.order_by("pk")[:2].update(number=0)
    with pytest.raises(RollbackError), dorm.transaction.atomic():
        assert library.Copy.objects.order_by("pk")[:2].update(number=100) == 2
        assert library.Copy.objects.filter(number=100).count() == 2
        raise RollbackError


def test_exclude_keeps_the_rows_whose_right_side_is_missing(other: Any) -> None:
    """Django forgets that a column of a row that is not there is NULL."""
    name = "publisher__name"
    without = set(library.Author.objects.filter(publisher=None).values_list("pk", flat=True))
    ours = set(library.Author.objects.exclude(name=dorm.F(name)).values_list("pk", flat=True))
    theirs = set(other.models.Author.objects.exclude(name=other.words.F(name)).values_list("pk", flat=True))
    assert without
    assert ours == theirs | without


def test_exclude_keeps_the_row_whose_missing_neighbour_meets_but_one_of_two_conditions(other: Any) -> None:
    """Which column may be NULL hangs in Django on what an earlier condition made of the join."""

    def found(lib: Any, words: Any) -> set[int]:
        is_null = words.Q(translator__active__isnull=True) | words.Q(id=0)
        rows = lib.Book.objects.exclude(is_null, translator__active=False)
        return set(rows.values_list("pk", flat=True))

    without = set(library.Book.objects.filter(translator=None).values_list("pk", flat=True))
    ours, theirs = found(library, dorm), found(other.models, other.words)
    assert without and not without & theirs
    assert ours == theirs | without


def test_a_condition_under_not_does_not_speak_of_the_row_that_its_neighbour_joins(other: Any) -> None:
    """Django ties the subquery to the joined author; in dorm it is about the publisher, as alone."""
    publishers = library.Publisher.objects
    apart = publishers.filter(authors__isnull=False).exclude(authors__age=3).order_by("pk")
    together = publishers.filter(dorm.Q(authors__isnull=False), ~dorm.Q(authors__age=3)).order_by("pk")
    assert list(apart) == list(together)


def test_a_union_with_nothing_has_each_row_once(other: Any) -> None:
    """Django leaves the empty part out, and what is left is no union any more."""
    ours = library.Author.objects.values("name").union(library.Author.objects.values("name").none())
    theirs = other.models.Author.objects.values("name").union(
        other.models.Author.objects.none().values("name")
    )
    names = [row["name"] for row in ours]
    assert len(names) == len(set(names)) < len(theirs)


def test_exists_of_a_slice_of_a_union_counts_from_its_beginning(other: Any) -> None:
    """Django asks each part for one row, and then leaves out the rows before the slice."""
    ours = library.Author.objects.union(library.Author.objects.all()).order_by("pk")[1:]
    theirs = other.models.Author.objects.union(other.models.Author.objects.all()).order_by("pk")[1:]
    assert not theirs.exists()
    assert ours.exists() and len(ours) == len(theirs) > 0


def test_a_condition_beside_an_aggregate_groups_by_what_it_says(other: Any) -> None:
    """Django does so where ExpressionWrapper() is around it; otherwise by the columns that it compares."""

    def found(lib: Any, words: Any, condition: Any) -> list[Any]:
        rows = lib.Author.objects.values("active").annotate(n=words.Count("id")).annotate(x=condition)
        return sorted(([row["active"], row["n"], row["x"]] for row in rows), key=repr)

    ours = found(library, dorm, dorm.Q(age__gt=2))
    alone = other.words.Q(age__gt=2)
    wrapped = other.words.ExpressionWrapper(alone, output_field=other.words.BooleanField())
    assert ours == found(other.models, other.words, wrapped)
    assert len(ours) < len(found(other.models, other.words, alone))


class RollbackError(Exception):
    """Undo."""
