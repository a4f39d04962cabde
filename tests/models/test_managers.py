"""Managers of one's own: where queries begin, what methods they have, who takes after whom."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import dorm
from dorm import ImproperlyConfigured, Manager, QuerySet


class NoteQuerySet(QuerySet["Note"]):
    def long(self) -> NoteQuerySet:
        return self.filter(words__gt=100)

    def hidden(self) -> NoteQuerySet:
        return self

    hidden.queryset_only = True  # type: ignore[attr-defined]

    def _private(self) -> None: ...


class LiveManager(Manager["Note"]):
    """Leaves out what was deleted softly; *floor* is kept with the manager."""

    def __init__(self, floor: int = 0) -> None:
        self.floor = floor

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(deleted=False, words__gte=self.floor)

    def count_words(self) -> int:
        return sum(note.words for note in self.all())


class Writer(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "managers"
        db_table = "mgr_writers"


class SoftDeleted(dorm.Model):
    deleted = dorm.BooleanField(default=False)
    live = LiveManager(floor=1)

    class Meta:
        abstract = True
        app_label = "managers"


class Note(SoftDeleted):
    writer = dorm.ForeignKey(Writer, on_delete=dorm.CASCADE, related_name="notes")
    words = dorm.IntegerField(default=10)
    readers = dorm.ManyToManyField(Writer, related_name="read")
    objects = NoteQuerySet.as_manager()
    mixed = LiveManager.from_queryset(NoteQuerySet)()

    class Meta:
        app_label = "managers"
        db_table = "mgr_notes"


class Plain(dorm.Model):
    class Meta:
        app_label = "managers"


@pytest.fixture
def ada(call: Any) -> Writer:
    call(dorm.create_tables, Writer, Note)
    ada = call(Writer.objects.create, name="Ada")
    for words, deleted in ((10, False), (200, False), (300, True), (0, False)):
        call(Note.objects.create, writer=ada, words=words, deleted=deleted)
    return ada


def words(call: Any, rows: Any) -> list[int]:
    return sorted(note.words for note in call.list(rows))


def test_a_manager_begins_with_its_own_rows(call: Any, ada: Writer) -> None:
    assert words(call, Note.live.all()) == [10, 200]
    assert call(Note.live.count) == 2
    assert words(call, Note.objects.all()) == [0, 10, 200, 300]


def test_methods_of_a_queryset_are_its_managers(call: Any, ada: Writer) -> None:
    assert words(call, Note.objects.long()) == [200, 300]
    assert words(call, Note.objects.filter(deleted=False).long()) == [200]
    assert isinstance(Note.objects.exclude(pk=0), NoteQuerySet)


def test_from_queryset_adds_methods_to_a_manager(call: Any, ada: Writer) -> None:
    assert words(call, Note.mixed.long()) == [200]


def test_methods_that_are_the_querysets_alone_stay_there() -> None:
    assert not hasattr(Note.objects, "hidden")
    assert not hasattr(Note.objects, "_private")
    assert not hasattr(Note.objects, "as_manager")


def test_abstract_parents_hand_their_managers_down() -> None:
    assert Note.live.model is Note
    assert Note.live.floor == 1
    with pytest.raises(AttributeError, match="abstract"):
        _ = SoftDeleted.objects


def test_the_manager_declared_first_is_the_default() -> None:
    assert Note._default_manager is Note.live
    assert type(Note._base_manager) is Manager
    assert Plain._default_manager is Plain.objects


def test_meta_names_the_default() -> None:
    class Named(SoftDeleted):
        objects = Manager()

        class Meta:
            app_label = "managers"
            default_manager_name = "objects"

    assert Named._default_manager is Named.objects


def test_a_wrong_name_is_an_error() -> None:
    with pytest.raises(ImproperlyConfigured, match="Did you mean 'live'"):

        class Wrong(SoftDeleted):
            class Meta:
                app_label = "managers"
                default_manager_name = "lives"


def test_related_managers_take_after_the_default(call: Any, ada: Writer) -> None:
    assert words(call, ada.notes.all()) == [10, 200]
    assert call(ada.notes.count) == 2
    assert hasattr(ada.notes, "count_words")


def test_managers_of_pairs_take_after_the_default(call: Any, ada: Writer) -> None:
    for note in call.list(Note.objects.all()):
        call(note.readers.add, ada)

    assert words(call, ada.read.all()) == [10, 200]


def test_prefetching_takes_after_the_default(call: Any, ada: Writer) -> None:
    again = call.list(Writer.objects.prefetch_related("notes"))[0]

    assert words(call, again.notes.all()) == [10, 200]


def test_forward_relations_see_every_row(call: Any, ada: Writer) -> None:
    hidden = call(Note.objects.get, words=300)
    hidden.words = 301
    call(hidden.save)
    call(hidden.refresh_from_db)

    assert hidden.words == 301


def test_a_manager_is_no_attribute_of_an_instance() -> None:
    with pytest.raises(AttributeError, match="the class's"):
        _ = Plain().objects


def test_managers_can_be_copied() -> None:
    assert copy.copy(Note.live).model is Note
