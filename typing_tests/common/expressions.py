"""Columns of model classes, as expressions: their values, their operands, and the rows that they give."""

from __future__ import annotations

import datetime
from typing import reveal_type

from columns import Box, Colour
from models import Author, Book, Passport, Publisher, Tag, Topic

import dorm
from dorm import Count, F, Max, Q

authors = Author.objects
books = dorm.QuerySet(Book)

reveal_type(Author.name)  # R: TextColumn[str, str]
reveal_type(Author.nickname)  # R: TextColumn[str | None, str]
reveal_type(Author.email)  # R: TextColumn[str, str]
reveal_type(Author.age)  # R: Column[int, int]
reveal_type(Author.height)  # R: Column[float | None, float]
reveal_type(Author.created)  # R: Column[datetime, datetime]
reveal_type(Tag.slug)  # R: TextColumn[str, str]
reveal_type(Book.price)  # R: Column[Decimal, Decimal | int]
reveal_type(Book.author)  # R: RelationColumn[Author]
reveal_type(Passport.former)  # R: RelationColumn[Author]
reveal_type(Topic.books)  # R: ManyToManyField[Book]
reveal_type(Box.colour)  # R: TextColumn[Colour, Colour]
reveal_type(Box.tags)  # R: Column[list[str], list[str]]


def conditions(author: Author, publisher: Publisher) -> None:
    reveal_type(Author.age >= 18)  # R: Q
    reveal_type(18 <= Author.age)  # R: Q
    reveal_type(Author.age == 18)  # R: Q
    reveal_type(Author.age != 18)  # R: Q
    reveal_type(Author.age.in_([1, 2]))  # R: Q
    reveal_type(Author.age.between(1, 2) | ~(Author.name == "Ada") & Q(active=True))  # R: Q
    authors.filter(Author.age > 3, Author.age < 5, Author.age <= 5, name="Ada")
    authors.filter(Author.nickname == None, Author.nickname != "x", Author.height.is_null(False))
    authors.exclude(Author.age >= F("height")).get(Author.height >= Author.height)
    authors.filter(Author.height > Author.height, Author.name == Author.nickname)
    authors.filter(Author.age >= Max("age"), Author.age.between(F("height"), 3))
    authors.filter(Author.name.contains("x"), Author.nickname.istartswith("x"), Author.email.regex("x"))
    authors.filter(Author.created >= datetime.datetime.now())
    authors.filter(Author.age.in_(authors.values_list("age", flat=True)))
    books.filter(Book.author == author, Book.author == 3, Book.author.in_([author]), Book.price > 3)
    books.filter(Book.author.in_(authors.filter(age=3)), Book.author.is_null())
    dorm.QuerySet(Box).filter(Box.colour == Colour.RED, Box.colour.in_([Colour.RED]), Box.meta == 3)

    Author.age >= "x"  # E:
    "x" <= Author.age  # E:
    Author.age >= None  # E:
    Author.height >= None  # E:
    Author.height < "x"  # E:
    Author.age > Author.name  # E:
    Author.name < 3  # E:
    Author.created > 3  # E:
    Book.price > "3"  # E:
    authors.filter(Author.age == "x")  # E:
    authors.filter(Author.age != "x")  # E:
    authors.filter(Author.age == None)  # E:
    books.filter(Book.author == publisher)  # E:
    Author.age.in_(["x"])  # E:
    Author.age.in_(3)  # E:
    Author.age.between("a", "b")  # E:
    Author.age.between(1)  # E:
    Author.age.contains("x")  # E:
    Author.name.contains(3)  # E:
    Author.name.contians("x")  # E:
    Author.name.is_null("x")  # E:
    Author.agee >= 3  # E:


def rows() -> None:
    reveal_type(authors.all().values_list(Author.name, Author.height))  # R: QuerySet[Author, tuple[str, float | None]]
    reveal_type(authors.values_list(Author.name))  # R: QuerySet[Author, tuple[str]]
    reveal_type(authors.values_list(Author.nickname, flat=True).first())  # R: str | None
    reveal_type(authors.values_list(Author.age, Author.age, Author.age)[0])  # R: tuple[int, int, int]
    reveal_type(authors.values(Author.name))  # R: QuerySet[Author, dict[str, Any]]
    reveal_type(authors.order_by(Author.age.desc(nulls_last=True), Author.name))  # R: QuerySet[Author, Author]
    reveal_type(authors.only(Author.name).defer(Author.age).distinct(Author.name))  # R: QuerySet[Author, Author]
    reveal_type(authors.annotate(n=Count(Author.age), m=Author.age + 1).count())  # R: int
    reveal_type(authors.update(age=Author.age * 2))  # R: int
    reveal_type(authors.latest(Author.created))  # R: Author
    reveal_type(authors.dates(Author.created, "year"))  # R: QuerySet[Author, date]
    reveal_type(authors.in_bulk(field_name=Author.email))  # R: dict[Any, Author]
    # Rows hold the key of a relation, whose type the stubs do not know.
    reveal_type(books.values_list(Book.author, flat=True))  # R: QuerySet[Book, Any]
    authors.order_by(Author.agee)  # E:
    authors.order_by(3)  # E:
    authors.values(3)  # E:
    authors.values_list(3)  # E:
    authors.only(3)  # E:


async def twins() -> None:
    reveal_type(await authors.avalues_list(Author.name, Author.height))  # R: list[tuple[str, float | None]]
    reveal_type(await authors.avalues_list(Author.name, flat=True))  # R: list[str]
    reveal_type(await authors.aget(Author.age == 3))  # R: Author
    async for name, age in authors.values_list(Author.name, Author.age):
        reveal_type(name)  # R: str
        reveal_type(age)  # R: int
