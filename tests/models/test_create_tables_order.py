"""create_tables() makes tables in an order that foreign keys allow, circles included."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm import IntegrityError


class Chapter(dorm.Model):
    volume = dorm.ForeignKey("Volume", on_delete=dorm.CASCADE)

    class Meta:
        app_label = "ordered"


class Volume(dorm.Model):
    first = dorm.ForeignKey(Chapter, on_delete=dorm.SET_NULL, null=True, related_name="+")
    shelf = dorm.ForeignKey("Shelf", on_delete=dorm.CASCADE, null=True)
    after = dorm.ForeignKey("self", on_delete=dorm.SET_NULL, null=True)

    class Meta:
        app_label = "ordered"


class Shelf(dorm.Model):
    class Meta:
        app_label = "ordered"


def test_tables_may_be_named_in_any_order(call: Any) -> None:
    call(dorm.create_tables, Chapter, Volume, Shelf)
    call(dorm.create_tables, Shelf, Volume, Chapter)

    volume = call(Volume.objects.create, shelf=call(Shelf.objects.create))
    chapter = call(Chapter.objects.create, volume=volume)
    volume.first = chapter
    call(volume.save)

    assert call(Volume.objects.get, first=chapter) == volume


@pytest.mark.parametrize(
    "model, column", [(Chapter, "volume_id"), (Volume, "first_id"), (Volume, "shelf_id")]
)
def test_references_in_a_circle_are_checked(call: Any, model: Any, column: str) -> None:
    call(dorm.create_tables, Chapter, Volume, Shelf)

    with pytest.raises(IntegrityError):
        call(model.objects.create, **{column: 77})
