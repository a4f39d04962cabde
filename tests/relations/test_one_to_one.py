"""One-to-one relations: the other side has one row, or says that it has none."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import IntegrityError, RelatedObjectDoesNotExist
from tests.relations.models import Person, Profile


@pytest.fixture
def ada(call: Any, tables: None) -> Person:
    return call(Person.objects.create, name="Ada")


def test_the_other_side_is_the_row(call: Any, ada: Person) -> None:
    profile = call(Profile.objects.create, person=ada, bio="x")

    assert ada.profile == profile
    assert ada.profile is ada.profile


def test_a_missing_row_is_a_clear_error(ada: Person) -> None:
    with pytest.raises(RelatedObjectDoesNotExist, match="has no profile"):
        _ = ada.profile
    with pytest.raises(Profile.DoesNotExist):
        _ = ada.profile
    assert not hasattr(ada, "profile")


def test_two_rows_cannot_share_one(call: Any, ada: Person) -> None:
    call(Profile.objects.create, person=ada)

    with pytest.raises(IntegrityError):
        call(Profile.objects.create, person=ada)


def test_select_related_goes_both_ways(call: Any, ada: Person, statements: Any) -> None:
    call(Profile.objects.create, person=ada, bio="x")
    call(Person.objects.create, name="Bob")

    with statements() as sent:
        people = call.list(Person.objects.select_related("profile").order_by("name"))
        assert people[0].profile.bio == "x"
        with pytest.raises(RelatedObjectDoesNotExist):
            _ = people[1].profile
    assert len(sent) == 1


def test_queries_span_it(call: Any, ada: Person) -> None:
    profile = call(Profile.objects.create, person=ada, bio="x")
    bob = call(Person.objects.create, name="Bob")

    assert call.list(Person.objects.filter(profile__bio="x")) == [ada]
    assert call.list(Person.objects.filter(profile=profile)) == [ada]
    assert call.list(Person.objects.filter(profile__isnull=True)) == [bob]
    assert call.list(Person.objects.exclude(profile__bio="x")) == [bob]
    assert call.list(Person.objects.filter(profile__person=ada)) == [ada]


def test_deleting_takes_it_along(call: Any, ada: Person) -> None:
    call(Profile.objects.create, person=ada)

    assert call(ada.delete) == (2, {"relations.Person": 1, "relations.Profile": 1})


def test_assigning_the_other_side_sets_the_key(call: Any, ada: Person) -> None:
    profile = Profile(bio="x")
    ada.profile = profile
    call(profile.save)

    assert call(Profile.objects.get, person=ada) == profile
