"""Schemas of `dorm.contrib.pydantic`: the fields that `class Meta` takes from a model, and the constructor's words."""

from __future__ import annotations

import dataclasses
import enum
from typing import reveal_type

from pydantic import BaseModel

import dorm
from dorm.contrib.pydantic import DormSchema


class Size(enum.Enum):
    SMALL = "s"


@dataclasses.dataclass
class Address:
    street: str


class Publisher(dorm.Model):
    code = dorm.CharField(max_length=3, primary_key=True)
    name = dorm.CharField(max_length=100, blank=True)


class Tag(dorm.Model):
    name = dorm.CharField(max_length=10)


class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    pages = dorm.PositiveIntegerField(null=True)
    stars = dorm.IntegerField(default=0)
    size = dorm.CharField(max_length=1, choices=Size)
    place = dorm.JSONField(schema=Address)
    words = dorm.ArrayField(dorm.CharField(max_length=5))
    twice = dorm.GeneratedField(expression=dorm.F("stars") * 2, output_field=dorm.BigIntegerField())
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE, related_name="books")
    agent = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE, null=True, related_name="+")
    tags = dorm.ManyToManyField(Tag, related_name="tagged")


class TagOut(DormSchema):
    class Meta:
        model = Tag


class PublisherOut(DormSchema):
    class Meta:
        model = Publisher


class BookOut(DormSchema):
    class Meta:
        model = Book


class BookFull(DormSchema):
    class Meta:
        model = Book
        fields = ("id", "title")
        nested = {"publisher": PublisherOut, "agent": PublisherOut, "tags": TagOut}


class PublisherFull(DormSchema):
    class Meta:
        model = Publisher
        nested = {"books": BookFull}


class BookPatch(DormSchema):
    class Meta:
        model = Book
        fields = ["title", "stars", "publisher"]
        optional = ["title", "stars"]


class BookIn(DormSchema):
    pages: str
    note: str = ""

    class Meta:
        model = Book
        fields = ("title", "pages")


class BookMore(BookIn):
    class Meta:
        model = Book
        fields = ("stars",)


class Stamped(BaseModel):
    stamp: int


class TagStamped(Stamped, DormSchema):
    class Meta:
        model = Tag
        exclude = ("id",)


class Renamed(BookIn):
    title: int  # type: ignore[assignment]


def read(out: BookOut, full: BookFull, patch: BookPatch, more: BookMore) -> None:
    reveal_type(out.id)  # R: int | None
    reveal_type(out.title)  # R: str
    reveal_type(out.pages)  # R: int | None
    reveal_type(out.stars)  # R: int
    reveal_type(out.size)  # R: Size
    reveal_type(out.place)  # R: Address
    reveal_type(out.words)  # R: list[str]
    reveal_type(out.twice)  # R: int | None
    reveal_type(out.publisher)  # R: str
    reveal_type(out.agent)  # R: str | None
    reveal_type(full.publisher)  # R: PublisherOut
    reveal_type(full.agent)  # R: PublisherOut | None
    reveal_type(full.tags)  # R: list[TagOut]
    reveal_type(PublisherFull.model_validate(1).books)  # R: list[BookFull]
    reveal_type(patch.title)  # R: str | None
    reveal_type(patch.publisher)  # R: str
    reveal_type(more.pages)  # R: str
    reveal_type(more.title)  # R: str
    reveal_type(more.stars)  # R: int
    reveal_type(more.note)  # R: str


def make() -> None:
    reveal_type(PublisherOut(code="x"))  # R: PublisherOut
    TagOut(name="x")
    TagOut(id=3, name="x")
    BookPatch(publisher="x")
    BookIn(title="x", pages="3")
    BookMore(title="x", pages="3", note="", stars=3)
    TagStamped(name="x", stamp=1)
    Renamed(title=3, pages="3")
    TagOut()  # E: call-arg Missing named argument "name" for "TagOut"
    TagOut(name=3)  # E: arg-type
    TagOut(name="x", nam="y")  # E: call-arg
    BookIn(title="x", pages=3)  # E: arg-type
    BookIn(titel="x", pages="3")  # E: call-arg
    TagStamped(name="x")  # E: call-arg
