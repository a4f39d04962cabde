"""Columns of model classes in queries: their names are checked, and their types are exact in rows."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author, Country
from shop.models import Book

import dorm
from dorm import Count, Max, Q, Sum

reveal_type(Author.id)  # R: Column[int, int]
reveal_type(Author.publisher_id)  # R: Column[int | None, int]
reveal_type(Author.teacher)  # R: RelationColumn[Author]
reveal_type(Country.code)  # R: TextColumn[str, str]

authors = Author.objects

reveal_type(authors.values_list(Author.name, Author.height))  # R: QuerySet[Author, tuple[str, float | None]]
reveal_type(authors.values_list(Author.age, Author.age))  # R: QuerySet[Author, tuple[int, int]]
reveal_type(authors.values_list("age", "age"))  # R: QuerySet[Author, tuple[int, int]]
reveal_type(authors.values_list(Author.name, "publisher__founded"))  # R: QuerySet[Author, tuple[str, date | None]]
reveal_type(authors.values_list(Author.publisher, flat=True))  # R: QuerySet[Author, int | None]
reveal_type(authors.values_list(Author.id, flat=True).get())  # R: int
reveal_type(authors.values_list(Author.name, named=True).get().name)  # R: str
reveal_type(authors.values(Author.name, Author.age))  # R: QuerySet[Author, TypedDict({'name': str, 'age': int})]
reveal_type(authors.annotate(n=Author.age + 1, m=Author.height).get().n)  # R: int
reveal_type(authors.annotate(m=Author.height).get().m)  # R: float | None
reveal_type(authors.aggregate(n=Max(Author.age)))  # R: TypedDict({'n': int | None})
reveal_type(authors.annotate(n=Count(Author.id)).filter(Author.age > 3, n=3).get().n)  # R: int
reveal_type(authors.filter((Author.age >= 18) | Q(name="x")).first())  # R: Author | None


def by_key(author: Author) -> None:
    authors.filter(Author.id == 3, Author.publisher_id.in_([3]), Author.publisher_id.is_null())
    Country.objects.filter(Country.code == "x").order_by(Country.code.desc())
    Book.objects.filter(author__in=authors.filter(Author.age > 3))
    author.publisher_id = None


async def rows() -> None:
    reveal_type(await authors.avalues(Author.name))  # R: list[TypedDict({'name': str})]
    reveal_type(await authors.avalues_list(Author.name, flat=True))  # R: list[str]
    reveal_type(await authors.aaggregate(n=Sum(Author.age)))  # R: TypedDict({'n': int | None})


class Adults(dorm.QuerySet[Author]):
    def adults(self) -> dorm.QuerySet[Author]:
        return self.filter(Author.age >= 18).order_by(Author.age.desc(), Author.name)
