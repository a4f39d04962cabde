"""Instances: their state, how they are saved and loaded again, copies and pickles."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from typing import Any, Self

import pytest

import dorm


class Pet(dorm.Model):
    name = dorm.CharField(max_length=20)
    age = dorm.IntegerField(default=1)
    kind = dorm.CharField(max_length=10, db_default="cat")

    class Meta:
        db_table = "instance_pet"


class Traced(dorm.Model):
    name = dorm.CharField(max_length=20)
    owner = dorm.ForeignKey(Pet, on_delete=dorm.CASCADE, null=True)

    class Meta:
        db_table = "instance_traced"

    @classmethod
    def from_db(cls, db: str | None, field_names: Sequence[str], values: Sequence[Any]) -> Self:
        instance = super().from_db(db, field_names, values)
        instance.loaded = dict(zip(field_names, values))  # type: ignore[attr-defined]
        return instance


@pytest.fixture
def pet(call):
    call(dorm.create_tables, Pet, Traced)
    return call(Pet.objects.create, name="Tom")


def test_state_says_whether_the_row_is_there_and_where(call, pet):
    new = Pet(name="Kit")
    assert (new._state.adding, new._state.db) == (True, None)
    assert (pet._state.adding, pet._state.db) == (False, "default")

    pet.pk = None
    pet._state.adding = True
    call(pet.save)
    assert call(Pet.objects.count) == 2


def test_a_class_can_make_its_instances_itself(call, pet):
    call(Traced.objects.create, name="x", owner=pet)
    one = call(Traced.objects.get)
    part = call(Traced.objects.only("name").get)
    joined = call(Traced.objects.select_related("owner").get)

    assert one.loaded == {"id": one.pk, "name": "x", "owner_id": pet.pk}
    assert part.loaded == {"id": one.pk, "name": "x"}
    assert part.get_deferred_fields() == {"owner_id"}
    assert joined.owner == pet
    assert (one._state.adding, one._state.db) == (False, "default")


def test_from_db_makes_an_instance_of_what_it_is_given():
    one = Pet.from_db("default", ["id", "name"], [3, "Tom"])
    assert (one.pk, one.name, one._state.adding) == (3, "Tom", False)
    assert one.get_deferred_fields() == {"age", "kind"}


def test_force_update_needs_a_row(call, pet):
    pet.age = 5
    call(pet.save, force_update=True)
    assert call(Pet.objects.get).age == 5
    for gone in (Pet(name="x"), Pet(id=99, name="x")):
        with pytest.raises(dorm.DatabaseError, match="force_update"):
            call(gone.save, force_update=True)
    with pytest.raises(ValueError, match="exclude each other"):
        call(pet.save, force_update=True, force_insert=True)
    assert call(Pet.objects.count) == 1


def test_force_insert_never_updates(call, pet):
    with pytest.raises(dorm.UniqueViolation):
        call(Pet(id=pet.pk, name="x").save, force_insert=True)


def test_some_fields_can_be_loaded_again(call, pet):
    call(Pet.objects.update, name="New", age=9)
    pet.age = 3

    call(pet.refresh_from_db, fields=["name"])
    assert (pet.name, pet.age) == ("New", 3)
    call(pet.refresh_from_db)
    assert pet.age == 9
    with pytest.raises(dorm.FieldDoesNotExist):
        call(pet.refresh_from_db, fields=["nmae"])


def test_a_row_is_looked_for_where_it_is_said_to_be(call, pet):
    call(pet.refresh_from_db, from_queryset=Pet.objects.filter(age=1))
    with pytest.raises(Pet.DoesNotExist):
        call(pet.refresh_from_db, from_queryset=Pet.objects.filter(age=2))


def test_instances_are_pickled_and_copied_with_their_state(call, pet):
    for make in (copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))):
        again = make(pet)
        assert again == pet and again is not pet
        assert vars(again) == vars(pet)
        assert not again._state.adding
    new = pickle.loads(pickle.dumps(Pet(name="x")))
    assert new._state.adding and new.kind is Pet(name="y").kind
    part = pickle.loads(pickle.dumps(call(Pet.objects.only("name").get)))
    assert part.get_deferred_fields() == {"age", "kind"}


def test_exceptions_of_a_class_are_pickled():
    for kind in (Pet.DoesNotExist, Pet.MultipleObjectsReturned):
        again = pickle.loads(pickle.dumps(kind("none")))
        assert type(again) is kind and str(again) == "none"
    error = pickle.loads(pickle.dumps(dorm.ValidationError({"name": ["bad"]}, code="x")))
    assert error.message_dict == {"name": ["bad"]}
