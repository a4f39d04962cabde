"""m2m_changed tells of pairs that come and go; class_prepared of a model that is complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import dorm
from dorm import class_prepared, m2m_changed
from tests.relations.models import Article, Person, Tag


@pytest.fixture
def told() -> Iterator[list[tuple[str, bool, set[Any] | None]]]:
    heard: list[tuple[str, bool, set[Any] | None]] = []

    def note(
        sender: Any, instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, using: str
    ) -> None:
        heard.append((action, reverse, pk_set))

    m2m_changed.connect(note)
    yield heard
    m2m_changed.disconnect(note)


def test_pairs_that_are_made_and_parted_are_told(call: Any, tables: None, told: Any) -> None:
    article = call(Article.objects.create, title="One")
    one, two = (call(Tag.objects.create, name=name) for name in "ab")

    call(article.tags.add, one)
    call(article.tags.add, one, two)
    call(article.tags.remove, one)
    call(article.tags.clear)

    assert told == [
        ("pre_add", False, {one.pk}),
        ("post_add", False, {one.pk}),
        ("pre_add", False, {two.pk}),
        ("post_add", False, {two.pk}),
        ("pre_remove", False, {one.pk}),
        ("post_remove", False, {one.pk}),
        ("pre_clear", False, None),
        ("post_clear", False, None),
    ]


def test_the_other_side_is_told_as_reverse(call: Any, tables: None, told: Any) -> None:
    article = call(Article.objects.create, title="One")
    tag = call(Tag.objects.create, name="a")

    call(tag.articles.set, [article])

    assert told == [("pre_add", True, {article.pk}), ("post_add", True, {article.pk})]


def test_the_sender_is_the_model_of_pairs(call: Any, tables: None) -> None:
    through = Article._meta.get_field("tags").through
    heard: list[Any] = []

    def note(sender: Any, instance: Any, **facts: Any) -> None:
        heard.append((sender, instance, facts["model"], facts["using"]))

    m2m_changed.connect(note, sender=through)
    article = call(Article.objects.create, title="One")
    person = call(Person.objects.create, name="Ada")
    call(person.friends.add, call(Person.objects.create, name="Bob"))
    call(article.tags.add, call(Tag.objects.create, name="a"))
    m2m_changed.disconnect(note, sender=through)

    assert heard == [(through, article, Tag, "default")] * 2


def test_a_class_is_told_once_it_is_complete() -> None:
    heard: list[Any] = []

    @class_prepared.connect
    def note(sender: Any) -> None:
        heard.append((sender.__name__, [field.name for field in sender._meta.fields]))

    class Prepared(dorm.Model):
        name = dorm.CharField(max_length=5)

        class Meta:
            app_label = "prepared"

    class_prepared.disconnect(note)
    assert heard == [("Prepared", ["id", "name"])]
