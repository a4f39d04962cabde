"""prefetch_related(): one statement for each relation, then none."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import FieldError, NotSupportedError, Prefetch, prefetch_related_objects
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


# -- through to_attr -------------------------------------------------------------------------------


def test_paths_go_on_through_to_attr(call: Any, people: list[Person], statements: Any) -> None:
    cats = Prefetch("pets", Pet.objects.filter(name="Cat"), to_attr="cats")
    again = Prefetch("cats__owner", to_attr="keeper")
    with statements() as sent:
        found = call.list(
            Person.objects.prefetch_related(cats, again, "cats__keeper__profile").order_by("name")
        )
        names = [[(cat.name, cat.keeper.name, cat.keeper.profile.bio) for cat in one.cats] for one in found]

    assert names == [[("Cat", "Ada", "x")], [], []]
    assert len(sent) == 4


def test_paths_go_on_through_what_a_queryset_loads(call: Any, people: list[Person], statements: Any) -> None:
    owners = Prefetch("owner", Person.objects.prefetch_related(Prefetch("pets", to_attr="all_pets")))
    with statements() as sent:
        pets = call.list(Pet.objects.filter(name="Eel").prefetch_related(owners, "owner__all_pets__owner"))
        [eel] = pets[0].owner.all_pets

    assert eel.owner is pets[0].owner
    assert len(sent) == 3


def test_an_attribute_is_named_once_it_is_loaded(call: Any, people: list[Person]) -> None:
    cats = Prefetch("pets", to_attr="cats")
    with pytest.raises(FieldError, match="no relation 'cats'"):
        Person.objects.prefetch_related("cats__owner", cats)
    in_two_calls = Person.objects.prefetch_related(cats).prefetch_related("cats__owner").order_by("name")
    assert [cat.owner.name for cat in call.list(in_two_calls)[0].cats] == ["Ada", "Ada"]


def test_objects_go_on_from_an_attribute_that_they_have(
    call: Any, people: list[Person], statements: Any
) -> None:
    people = call.list(Person.objects.prefetch_related(Prefetch("pets", to_attr="cats")))
    with statements() as sent:
        call(prefetch_related_objects, people, "cats__owner__profile")

    assert len(sent) == 1
    with pytest.raises(FieldError, match="no relation 'dogs'"):
        call(prefetch_related_objects, people, "dogs__owner")


@pytest.mark.parametrize("name", ["name", "pets", "id"])
def test_to_attr_is_no_name_that_the_model_has(name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}'.* the name of a field of Person"):
        Person.objects.prefetch_related(Prefetch("pets", to_attr=name))


# -- what is there already -------------------------------------------------------------------------


def test_what_select_related_has_loaded_is_not_loaded_again(
    call: Any, people: list[Person], statements: Any
) -> None:
    with statements() as sent:
        pets = call.list(Pet.objects.select_related("owner").prefetch_related("owner__pets").order_by("name"))
        names = [pet.owner and [own.name for own in pet.owner.pets.all()] for pet in pets]

    assert names == [["Cat", "Dog"], ["Cat", "Dog"], ["Eel"], None]
    assert len(sent) == 2


def test_objects_that_have_a_relation_are_not_asked_about_again(
    call: Any, people: list[Person], articles: None, statements: Any
) -> None:
    people = call.list(Person.objects.prefetch_related("pets", "profile").order_by("name"))
    found = call.list(Article.objects.prefetch_related("tags"))
    with statements() as sent:
        call(prefetch_related_objects, people, "pets", "profile", "pets__owner")
        call(prefetch_related_objects, found, "tags")
        assert sent == []
        call(prefetch_related_objects, people, "pets__owner__profile")
        call(prefetch_related_objects, found, "tags__articles")

    assert len(sent) == 1


def test_only_the_objects_that_lack_a_relation_are_asked_about(
    call: Any, people: list[Person], statements: Any
) -> None:
    ada, bob = people
    call(prefetch_related_objects, [ada], "pets")
    before = list(ada.pets.all())
    with statements() as sent:
        call(prefetch_related_objects, [ada, bob], "pets__owner", Prefetch("pets", to_attr="kept"))
        call(prefetch_related_objects, [ada, bob], Prefetch("pets", to_attr="kept"))

    assert next(iter(ada.pets.all())) is before[0]
    assert [pet.name for pet in bob.pets.all()] == ["Eel"]
    assert [len(one.kept) for one in people] == [2, 1]
    assert len(sent) == 2


def test_a_key_that_was_changed_is_loaded_anew(call: Any, people: list[Person]) -> None:
    cat = call.list(Pet.objects.select_related("owner").filter(name="Cat"))[0]
    cat.owner_id = people[1].pk
    call(prefetch_related_objects, [cat], "owner")
    assert cat.owner.name == "Bob"
