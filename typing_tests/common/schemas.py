"""Schemas of `dorm.contrib.pydantic` without the plugin: what `class Meta` makes is Any, and no name is refused."""

from __future__ import annotations

from typing import reveal_type

import dorm
from dorm.contrib.pydantic import DormSchema


class Tag(dorm.Model):
    name = dorm.CharField(max_length=10)


class TagOut(DormSchema):
    class Meta:
        model = Tag


class TagMore(TagOut):
    extra: str = "x"


def read(out: TagOut, more: TagMore) -> None:
    reveal_type(out.name)  # R: Any
    reveal_type(more.name)  # R: Any
    reveal_type(more.extra)  # R: str
    reveal_type(TagOut.relations())  # R: tuple[str, ...]


reveal_type(TagOut(name="x"))  # R: TagOut
reveal_type(TagMore(name="x", extra="y"))  # R: TagMore
reveal_type(TagOut.model_validate(3).name)  # R: Any
