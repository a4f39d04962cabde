"""Lookups and transforms of a project's own, registered on classes of fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import dorm
from dorm.exceptions import FieldError, ImproperlyConfigured
from dorm.lookups import custom


class NotEqual(dorm.Lookup):
    lookup_name = "ne"
    template = "{left} <> {right}"


class Divides(dorm.Lookup):
    lookup_name = "divides"
    template = "{right} % {left} = 0"


class Doubled(dorm.Transform):
    lookup_name = "doubled"
    template = "({operand} * 2)"


class Size(dorm.Transform):
    lookup_name = "size"
    template = "LENGTH({operand})"
    templates = {"postgresql": "CHAR_LENGTH({operand})"}
    output_field = dorm.IntegerField()


class Coin(dorm.Model):
    name = dorm.CharField(max_length=20)
    note = dorm.TextField(null=True)
    value = dorm.IntegerField()

    class Meta:
        db_table = "lookup_coin"


@pytest.fixture
def register() -> Iterator[Any]:
    kinds = []

    def registered(field, kind):
        kinds.append(kind)
        return field.register_lookup(kind)

    yield registered
    for kind in kinds:
        custom.unregister(kind)


@pytest.fixture
def coins(call, register):
    register(dorm.IntegerField, NotEqual)
    register(dorm.CharField, NotEqual)
    register(dorm.IntegerField, Divides)
    register(dorm.IntegerField, Doubled)
    register(dorm.CharField, Size)
    call(dorm.create_tables, Coin)
    call(Coin.objects.bulk_create, [Coin(name="one", value=1), Coin(name="three", value=3, note="100%")])
    return call


def names(call, *conditions, **lookups):
    return call.list(
        Coin.objects.filter(*conditions, **lookups).order_by("value").values_list("name", flat=True)
    )


def test_a_lookup_is_a_condition_of_its_own(coins):
    assert names(coins, value__ne=1) == ["three"]
    assert names(coins, name__ne="three") == ["one"]
    assert names(coins, value__divides=3) == ["one", "three"]
    assert names(coins, value__ne=dorm.F("value")) == []
    assert names(coins, ~dorm.Q(value__ne=1), name__startswith="o") == ["one"]


def test_a_transform_gives_a_value_for_other_lookups(coins):
    assert names(coins, value__doubled=6) == ["three"]
    assert names(coins, value__doubled__gte=2, name__size__lt=4) == ["one"]
    assert names(coins, name__size__ne=3) == ["three"]
    assert coins.list(Coin.objects.order_by("-name__size").values_list("name__size", flat=True)) == [5, 3]


def test_fields_of_a_family_share_their_lookups(coins):
    assert names(coins, note__ne="x") == ["three"]
    assert names(coins, note__ne="100%") == []


def test_operands_are_checked_as_for_any_lookup(coins):
    with pytest.raises(FieldError, match="expects a number"):
        names(coins, value__ne="much")
    with pytest.raises(FieldError, match="expects a number"):
        names(coins, name__size="much")
    with pytest.raises(FieldError, match=r"no lookup 'nee'\. Did you mean 'ne'"):
        names(coins, value__nee=1)


def test_a_name_is_unknown_until_it_is_registered(register):
    class Note(dorm.Model):
        value = dorm.IntegerField()

    with pytest.raises(FieldError, match="no lookup 'ne'"):
        Note.objects.filter(value__ne=1)
    register(dorm.IntegerField, NotEqual)
    Note.objects.filter(value__ne=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lookup_name": "gte"}, "have a lookup 'gte' already"),
        ({"lookup_name": "a__b"}, "no word"),
        ({"template": "{left} <> 3"}, "must have the places"),
        ({"templates": {"sqlite": "{left}"}}, "must have the places"),
    ],
)
def test_what_cannot_be_a_lookup_is_refused(changes, words):
    kind = type("Wrong", (NotEqual,), changes)
    with pytest.raises(ImproperlyConfigured, match=words):
        dorm.IntegerField.register_lookup(kind)


def test_only_lookups_and_transforms_are_registered():
    with pytest.raises(ImproperlyConfigured, match="below Lookup or Transform"):
        dorm.IntegerField.register_lookup(int)


def test_a_built_in_name_may_be_given_to_fields_that_lack_it(call, register):
    class Has(dorm.Lookup):
        lookup_name = "contains"
        operand = "text"
        template = "{left} = LENGTH({right})"

    register(dorm.IntegerField, Has)
    call(dorm.create_tables, Coin)
    call(Coin.objects.create, name="two", value=2)

    assert names(call, value__contains="ab") == ["two"]
    assert names(call, name__contains="w") == ["two"]
