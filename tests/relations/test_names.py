"""The other side of a relation is named by the field, by Meta, or by the model."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm import FieldError


class Place(dorm.Model):
    class Meta:
        app_label = "names"


class Thing(dorm.Model):
    place = dorm.ForeignKey(Place, on_delete=dorm.CASCADE, related_name="%(app_label)s_%(class)ss")
    twin = dorm.OneToOneField(Place, on_delete=dorm.CASCADE, null=True, related_name="%(class)s_twin")

    class Meta:
        abstract = True
        app_label = "names"


class Chair(Thing):
    pass


class Table(Thing):
    pass


class Visitor(dorm.Model):
    place = dorm.ForeignKey(Place, on_delete=dorm.CASCADE)
    home = dorm.ForeignKey(Place, on_delete=dorm.CASCADE, related_name="owners", related_query_name="owner")
    hidden = dorm.ForeignKey(Place, on_delete=dorm.CASCADE, null=True, related_name="+")

    class Meta:
        app_label = "names"
        default_related_name = "guests"


def test_each_child_of_an_abstract_model_has_a_name_of_its_own() -> None:
    assert hasattr(Place, "names_chairs") and hasattr(Place, "names_tables")
    assert hasattr(Place, "chair_twin") and hasattr(Place, "table_twin")
    assert Place.objects.filter(names_chairs__isnull=True, table_twin__isnull=True).sql()


def test_meta_names_what_the_field_does_not(call: Any) -> None:
    call(dorm.create_tables, Place, Visitor)
    place = call(Place.objects.create)
    visitor = call(place.guests.create, home=place)

    assert call.list(place.owners.all()) == [visitor]
    assert call.list(Place.objects.filter(guests=visitor, owner=visitor)) == [place]


def test_a_query_name_stands_beside_the_attribute() -> None:
    with pytest.raises(FieldError, match="Did you mean 'owner'"):
        Place.objects.filter(owners=1)


def test_plus_leaves_the_other_side_without_a_name() -> None:
    names = [*Place._meta.names(), *vars(Place)]
    assert not [name for name in names if "visitor" in name or "hidden" in name]
