"""prefetch_related(): one statement for each relation, then none."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import FieldError, NotSupportedError, Prefetch
from tests.relations.models import Article, Person, Pet, Profile, Tag


@pytest.fixture
def people(call: Any, tables: None) -> list[Person]:
    ada, bob = (call(Person.objects.create, name=name) for name in ("Ada", "Bob"))
    call(Person.objects.create, name="Cy")
    call(Profile.objects.create, person=ada, bio="x")
    for name, owner in (("Cat", ada), ("Dog", ada), ("Eel", bob), ("Fox", None)):
        call(Pet.objects.create, name=name, owner=owner)
    return [ada, bob]


@pytest.fixture
def articles(call: Any, tables: None) -> None:
    one, two = (call(Article.objects.create, title=title) for title in ("One", "Two"))
    tags = [call(Tag.objects.create, name=name) for name in ("a", "b", "c")]
    call(one.tags.add, tags[0], tags[1])
    call(two.tags.add, tags[1])


def test_reverse_keys_take_one_statement(call: Any, people: list[Person], statements: Any) -> None:
    with statements() as sent:
        found = call.list(Person.objects.prefetch_related("pets").order_by("name"))
        names = [[pet.name for pet in person.pets.all()] for person in found]
        owners = [pet.owner is person for person in found for pet in person.pets.all()]

    assert names == [["Cat", "Dog"], ["Eel"], []]
    assert all(owners)
    assert len(sent) == 2


def test_pairs_take_one_statement(call: Any, articles: None, statements: Any) -> None:
    with statements() as sent:
        found = call.list(Article.objects.prefetch_related("tags").order_by("title"))
        names = [[tag.name for tag in article.tags.all()] for article in found]

    assert names == [["a", "b"], ["b"]]
    assert len(sent) == 2


def test_the_other_side_of_pairs_takes_one_statement(call: Any, articles: None, statements: Any) -> None:
    with statements() as sent:
        found = call.list(Tag.objects.prefetch_related("articles"))
        titles = [sorted(article.title for article in tag.articles.all()) for tag in found]

    assert titles == [["One"], ["One", "Two"], []]
    assert len(sent) == 2


def test_forward_keys_take_one_statement(call: Any, people: list[Person], statements: Any) -> None:
    with statements() as sent:
        pets = call.list(Pet.objects.prefetch_related("owner"))
        owners = [pet.owner and pet.owner.name for pet in pets]

    assert owners == ["Ada", "Ada", "Bob", None]
    assert len(sent) == 2


def test_one_to_one_takes_one_statement(call: Any, people: list[Person], statements: Any) -> None:
    with statements() as sent:
        found = call.list(Person.objects.prefetch_related("profile").order_by("name"))
        assert found[0].profile.bio == "x"
        assert not hasattr(found[1], "profile")

    assert len(sent) == 2


def test_paths_go_on(call: Any, people: list[Person], statements: Any) -> None:
    with statements() as sent:
        pets = call.list(Pet.objects.filter(owner__isnull=False).prefetch_related("owner__profile"))
        assert pets[0].owner.profile.bio == "x"

    assert len(sent) == 3


def test_a_queryset_narrows_what_is_loaded(call: Any, people: list[Person]) -> None:
    dogs = Prefetch("pets", queryset=Pet.objects.filter(name="Dog"), to_attr="dogs")
    found = call.list(Person.objects.prefetch_related(dogs).order_by("name"))

    assert [[dog.name for dog in person.dogs] for person in found] == [["Dog"], [], []]
    assert call(found[0].pets.count) == 2


def test_a_change_drops_what_was_prefetched(call: Any, people: list[Person]) -> None:
    ada = call.list(Person.objects.prefetch_related("pets").order_by("name"))[0]
    call(ada.pets.create, name="Gnu")

    assert [pet.name for pet in call.list(ada.pets.all())] == ["Cat", "Dog", "Gnu"]


def test_get_and_first_prefetch_too(call: Any, people: list[Person], statements: Any) -> None:
    with statements() as sent:
        ada = call(Person.objects.prefetch_related("pets").get, name="Ada")
        assert len(call.list(ada.pets.all())) == 2

    assert len(sent) == 2


def test_a_wrong_name_is_an_error_at_once() -> None:
    with pytest.raises(FieldError, match="Did you mean 'pets'"):
        Person.objects.prefetch_related("petz")
    with pytest.raises(FieldError, match="no relation 'tagz'"):
        Person.objects.prefetch_related("pets__tagz")


def test_iterator_must_be_told_how_many_rows_it_is_loaded_for(call: Any, tables: None) -> None:
    with pytest.raises(ValueError, match="chunk_size=2000"):
        call(Person.objects.prefetch_related("pets").iterator)


def test_a_slice_is_refused(call: Any, people: list[Person]) -> None:
    with pytest.raises(TypeError, match="slice"):
        call.list(Person.objects.prefetch_related(Prefetch("pets", queryset=Pet.objects.all()[:1])))


def test_the_key_of_the_relation_is_loaded_whatever_only_and_defer_say(
    call: Any, people: list[Person], statements: Any
) -> None:
    for rows in (Pet.objects.only("name"), Pet.objects.defer("owner")):
        with statements() as sent:
            found = call.list(Person.objects.prefetch_related(Prefetch("pets", rows)).order_by("name"))
            pets = [[pet.name for pet in call.list(person.pets.all())] for person in found]

        assert pets == [["Cat", "Dog"], ["Eel"], []]
        assert len(sent) == 2


def test_combined_querysets_are_refused(call: Any, people: list[Person], articles: None) -> None:
    cats = Pet.objects.filter(name="Cat").union(Pet.objects.filter(name="Dog"))
    with pytest.raises(NotSupportedError, match="Q objects"):
        call.list(Person.objects.prefetch_related(Prefetch("pets", cats)))
    tags = Tag.objects.filter(name="a").union(Tag.objects.filter(name="b"))
    with pytest.raises(NotSupportedError, match="Q objects"):
        call.list(Article.objects.prefetch_related(Prefetch("tags", tags)))


def test_one_relation_is_loaded_to_several_places(call: Any, people: list[Person]) -> None:
    cats = Prefetch("pets", Pet.objects.filter(name="Cat"), to_attr="cats")
    dogs = Prefetch("pets", Pet.objects.filter(name="Dog"), to_attr="dogs")
    ada = call.list(Person.objects.prefetch_related("pets", cats, dogs).order_by("name"))[0]

    assert [[pet.name for pet in pets] for pets in (ada.cats, ada.dogs)] == [["Cat"], ["Dog"]]
    assert [pet.name for pet in call.list(ada.pets.all())] == ["Cat", "Dog"]


def test_a_foreign_key_is_loaded_to_an_attribute(call: Any, people: list[Person]) -> None:
    owners = Prefetch("owner", Person.objects.filter(name="Ada"), to_attr="keeper")
    pets = call.list(Pet.objects.prefetch_related(owners).order_by("name"))

    assert [pet.keeper and pet.keeper.name for pet in pets] == ["Ada", "Ada", None, None]


def test_a_queryset_brings_its_own_prefetches(call: Any, people: list[Person], statements: Any) -> None:
    owners = Prefetch("owner", Person.objects.prefetch_related("pets"))
    with statements() as sent:
        pets = call.list(Pet.objects.filter(name="Eel").prefetch_related(owners))
        assert [pet.name for pet in call.list(pets[0].owner.pets.all())] == ["Eel"]

    assert len(sent) == 3


def test_a_key_that_was_left_out_is_loaded_all_the_same(
    call: Any, people: list[Person], statements: Any
) -> None:
    for pets in (
        Pet.objects.only("name").prefetch_related("owner"),
        Pet.objects.prefetch_related("owner").defer("owner"),
    ):
        with statements() as sent:
            owners = [pet.owner and pet.owner.name for pet in call.list(pets)]

        assert owners == ["Ada", "Ada", "Bob", None]
        assert len(sent) == 2
