"""The rows that refer to an instance are joined and parted by its manager."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import FieldError
from tests.relations.models import Membership, Person, Pet


@pytest.fixture
def ada(call: Any, tables: None) -> Person:
    return call(Person.objects.create, name="Ada")


@pytest.fixture
def pets(call: Any, tables: None) -> list[Pet]:
    return [call(Pet.objects.create, name=name) for name in ("Cat", "Dog", "Eel")]


def test_add_makes_rows_refer_by_one_statement(
    call: Any, ada: Person, pets: list[Pet], statements: Any
) -> None:
    with statements() as sent:
        call(ada.pets.add, pets[0], pets[1])

    assert len(sent) == 1
    assert pets[0].owner is ada
    assert call.list(ada.pets.all()) == pets[:2]


def test_remove_and_clear_leave_rows_without(call: Any, ada: Person, pets: list[Pet]) -> None:
    call(ada.pets.add, *pets)
    call(ada.pets.remove, pets[0])
    assert call.list(ada.pets.all()) == pets[1:]

    call(ada.pets.clear)
    assert call(ada.pets.count) == 0
    assert call(Pet.objects.count) == 3


def test_remove_refuses_a_row_that_refers_elsewhere(call: Any, ada: Person, pets: list[Pet]) -> None:
    with pytest.raises(Pet.DoesNotExist):
        call(ada.pets.remove, pets[0])


def test_set_replaces(call: Any, ada: Person, pets: list[Pet]) -> None:
    call(ada.pets.add, pets[0], pets[1])
    call(ada.pets.set, pets[1:])

    assert call.list(ada.pets.all()) == pets[1:]


def test_a_key_that_is_never_null_cannot_be_cleared(call: Any, ada: Person) -> None:
    with pytest.raises(FieldError, match="never NULL"):
        call(ada.membership_set.clear)


def test_create_refers(call: Any, ada: Person) -> None:
    pet = call(ada.pets.create, name="Fox")

    assert pet.owner_id == ada.pk
    assert call(Membership.objects.count) == 0
