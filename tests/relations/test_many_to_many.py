"""Many-to-many relations: pairs are made, kept, parted and queried from both sides."""

from __future__ import annotations

from typing import Any

import pytest

from dorm import Count, FieldError
from dorm.signals import m2m_changed
from tests.relations.models import Article, Club, Membership, Person, Tag


@pytest.fixture
def article(call: Any, tables: None) -> Article:
    return call(Article.objects.create, title="Hello")


@pytest.fixture
def tags(call: Any, tables: None) -> list[Tag]:
    return [call(Tag.objects.create, name=name) for name in ("django", "orm", "python")]


def names(call: Any, rows: Any) -> list[str]:
    return [row.name for row in call.list(rows)]


def test_add_pairs_both_sides(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[2])

    assert names(call, article.tags.all()) == ["django", "python"]
    assert call.list(tags[0].articles.all()) == [article]


def test_add_is_idempotent(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0])
    call(article.tags.add, tags[0], tags[0], tags[1])

    assert names(call, article.tags.all()) == ["django", "orm"]


def test_add_takes_keys(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[1].pk)

    assert names(call, article.tags.all()) == ["orm"]


def test_add_sends_two_statements(call: Any, article: Article, tags: list[Tag], statements: Any) -> None:
    with statements() as sent:
        call(article.tags.add, *tags)

    assert len(sent) == 2


def test_remove_parts_and_passes_over_strangers(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[1])
    call(article.tags.remove, tags[0], tags[2])

    assert names(call, article.tags.all()) == ["orm"]


def test_set_replaces(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[1])
    call(article.tags.set, [tags[1], tags[2]])

    assert names(call, article.tags.all()) == ["orm", "python"]


def test_set_with_clear_makes_the_pairs_that_stay_anew(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[1])
    through = article.tags.relation.through
    told = []

    def note(**given: Any) -> None:
        told.append((given["action"], given["pk_set"]))

    m2m_changed.connect(note, sender=through)
    call(article.tags.set, [tags[1], tags[2]], clear=True)
    m2m_changed.disconnect(note, sender=through)

    wanted = {tags[1].pk, tags[2].pk}
    assert names(call, article.tags.all()) == ["orm", "python"]
    assert told == [("pre_clear", None), ("post_clear", None), ("pre_add", wanted), ("post_add", wanted)]


def test_clear_parts_all_but_deletes_no_row(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, *tags)
    call(article.tags.clear)

    assert call(article.tags.count) == 0
    assert call(Tag.objects.count) == 3


def test_create_saves_and_pairs(call: Any, article: Article) -> None:
    tag = call(article.tags.create, name="new")

    assert call.list(article.tags.all()) == [tag]


def test_the_other_side_adds_too(call: Any, article: Article, tags: list[Tag]) -> None:
    call(tags[0].articles.add, article)

    assert names(call, article.tags.all()) == ["django"]


def test_queries_span_the_pairs_in_both_directions(call: Any, article: Article, tags: list[Tag]) -> None:
    other = call(Article.objects.create, title="Other")
    call(article.tags.add, tags[0], tags[1])
    call(other.tags.add, tags[1])

    assert call.list(Article.objects.filter(tags__name="django")) == [article]
    assert call.list(Article.objects.filter(tags=tags[1]).order_by("title")) == [article, other]
    assert names(call, Tag.objects.filter(articles__title="Other")) == ["orm"]
    assert call.list(Article.objects.exclude(tags__name="django")) == [other]
    assert call.list(Tag.objects.filter(articles__isnull=True)) == [tags[2]]


def test_pairs_are_counted(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[1])

    counted = Tag.objects.annotate(n=Count("articles")).values_list("name", "n")
    assert call.list(counted) == [("django", 1), ("orm", 1), ("python", 0)]
    assert call.list(Article.objects.values_list("tags", flat=True).order_by("tags")) == [
        tags[0].pk,
        tags[1].pk,
    ]


def test_deleting_a_side_deletes_its_pairs(call: Any, article: Article, tags: list[Tag]) -> None:
    call(article.tags.add, tags[0], tags[1])

    _, counts = call(tags[0].delete)

    assert counts == {"relations.Tag": 1, "relations.Article_tags": 1}
    assert names(call, article.tags.all()) == ["orm"]


def test_an_unsaved_instance_has_no_pairs(call: Any, tables: None, tags: list[Tag]) -> None:
    with pytest.raises(FieldError, match="save it first"):
        call(Article(title="x").tags.add, tags[0])


def test_another_model_is_refused(call: Any, article: Article, tables: None) -> None:
    club = call(Club.objects.create, name="x")

    with pytest.raises(FieldError, match="about Tag, not Club"):
        call(article.tags.add, club)


def test_the_constructor_says_how_pairs_are_made() -> None:
    with pytest.raises(TypeError, match=r"tags\.set"):
        Article(title="x", tags=[])


def test_update_says_that_there_is_no_column(call: Any, tables: None) -> None:
    with pytest.raises(FieldError, match="no column"):
        call(Article.objects.update, tags=[1])


def test_a_symmetrical_relation_holds_both_ways(call: Any, tables: None) -> None:
    ada = call(Person.objects.create, name="Ada")
    bob = call(Person.objects.create, name="Bob")
    call(ada.friends.add, bob)

    assert call.list(bob.friends.all()) == [ada]
    call(bob.friends.remove, ada)
    assert call(ada.friends.count) == 0


def test_a_relation_to_self_that_is_not_symmetrical(call: Any, tables: None) -> None:
    ada = call(Person.objects.create, name="Ada")
    bob = call(Person.objects.create, name="Bob")
    call(ada.follows.add, bob)

    assert call.list(bob.followers.all()) == [ada]
    assert call.list(bob.follows.all()) == []
    assert call.list(Person.objects.filter(follows=bob)) == [ada]


def test_a_model_of_ones_own_joins_them(call: Any, tables: None) -> None:
    ada = call(Person.objects.create, name="Ada")
    club = call(Club.objects.create, name="Chess")
    call(ada.clubs.add, club, through_defaults={"role": "chair"})

    assert call(Membership.objects.get, person=ada).role == "chair"
    assert call.list(club.members.all()) == [ada]
    assert call.list(Club.objects.filter(membership__role="chair")) == [club]


def test_names_after_a_pair_are_checked() -> None:
    with pytest.raises(FieldError, match="Did you mean 'name'"):
        Article.objects.filter(tags__naem="x")


def test_the_model_between_is_at_hand_on_the_class(
    call: Any, article: Article, tags: list[Tag], tables: None
) -> None:
    pairs = Article.tags.through
    assert pairs is Tag.articles.through
    assert Tag.articles.field is Article._meta.get_field("tags")
    call(pairs.objects.bulk_create, [pairs(article=article, tag=tag) for tag in tags])

    assert names(call, article.tags.all()) == ["django", "orm", "python"]


def test_a_foreign_key_has_no_model_between() -> None:
    with pytest.raises(AttributeError, match="no table between"):
        Person.membership_set.through  # noqa: B018


def test_delete_takes_what_django_takes(call: Any, article: Article) -> None:
    assert call(article.delete, keep_parents=True) == (1, {"relations.Article": 1})
