"""get_or_create() and update_or_create(), on managers of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import IntegrityError, MultipleObjectsReturned
from tests.relations.models import Article, Person, Pet, Tag


@pytest.fixture
def ada(call: Any, tables: None) -> Person:
    return call(Person.objects.create, name="Ada")


def test_a_row_is_made_once(call: Any, tables: None) -> None:
    first = call(Tag.objects.get_or_create, name="x")
    again = call(Tag.objects.get_or_create, name="x")

    assert first[1] and not again[1]
    assert first[0] == again[0]


def test_defaults_are_for_the_new_row_alone_and_may_be_called(call: Any, ada: Person) -> None:
    pet, _ = call(Pet.objects.get_or_create, defaults={"owner": lambda: ada}, name="Cat")
    call(Pet.objects.get_or_create, defaults={"owner": None}, name="Cat")

    assert call(Pet.objects.get, pk=pet.pk).owner_id == ada.pk


def test_two_rows_are_an_error(call: Any, tables: None) -> None:
    call(Pet.objects.create, name="Cat")
    call(Pet.objects.create, name="Cat")

    with pytest.raises(MultipleObjectsReturned):
        call(Pet.objects.get_or_create, name="Cat")


def test_a_violation_that_is_no_race_is_raised(call: Any, tables: None) -> None:
    call(Tag.objects.create, name="x")

    with pytest.raises(IntegrityError):
        call(Tag.objects.get_or_create, defaults={"name": "x"}, pk=77)


def test_update_or_create_updates_then(call: Any, ada: Person) -> None:
    made = call(Pet.objects.update_or_create, defaults={"owner": ada}, name="Cat")
    changed = call(Pet.objects.update_or_create, defaults={"owner": None}, name="Cat")

    assert made[1] and not changed[1]
    assert call(Pet.objects.get, name="Cat").owner_id is None


def test_create_defaults_are_for_the_new_row(call: Any, ada: Person) -> None:
    pet, is_new = call(
        Pet.objects.update_or_create, defaults={"owner": None}, create_defaults={"owner": ada}, name="Cat"
    )

    assert is_new and pet.owner == ada


def test_related_managers_point_the_new_row(call: Any, ada: Person) -> None:
    pet, is_new = call(ada.pets.get_or_create, name="Cat")
    again, is_new_again = call(ada.pets.get_or_create, name="Cat")

    assert (is_new, is_new_again) == (True, False)
    assert pet == again and pet.owner_id == ada.pk


def test_managers_of_pairs_pair_the_new_row(call: Any, tables: None) -> None:
    article = call(Article.objects.create, title="One")
    tag, _ = call(article.tags.get_or_create, name="x")
    call(article.tags.bulk_create, [Tag(name="y"), Tag(name="z")])

    assert call.list(article.tags.values_list("name", flat=True)) == ["x", "y", "z"]
    assert call.list(tag.articles.all()) == [article]
