"""Chains, rows and twins."""

from __future__ import annotations

from typing import reveal_type

from models import Author, Book

import dorm
from dorm import Count, F, Prefetch, Q


def rows(authors: dorm.QuerySet[Author]) -> None:
    reveal_type(authors.filter(Q(age__gte=18) | ~Q(name="Ada"), active=True).exclude(age=3))  # R: QuerySet[Author, Author]
    reveal_type(authors.order_by("name", F("age").desc()).reverse()[:3])  # R: QuerySet[Author, Author]
    reveal_type(authors[0])  # R: Author
    reveal_type(authors.get(name="Ada"))  # R: Author
    reveal_type(authors.get_or_none(name="Ada"))  # R: Author | None
    reveal_type(authors.first())  # R: Author | None
    reveal_type(authors.count())  # R: int
    reveal_type(authors.exists())  # R: bool
    reveal_type(authors.update(age=F("age") + 1))  # R: int
    reveal_type(authors.delete())  # R: tuple[int, dict[str, int]]
    reveal_type(authors.values("name"))  # R: QuerySet[Author, dict[str, Any]]
    reveal_type(authors.values_list("name", "age"))  # R: QuerySet[Author, tuple[Any, ...]]
    reveal_type(authors.values_list("name", flat=True))  # R: QuerySet[Author, Any]
    reveal_type(authors.aggregate(n=Count("*")))  # R: dict[str, Any]
    reveal_type(authors.create(name="Ada"))  # R: Author
    reveal_type(authors.bulk_create([Author()]))  # R: list[Author]
    reveal_type(authors.sql())  # R: str
    reveal_type(authors.prefetch_related("books", Prefetch("books", Book.objects.filter(pages=3)), None))  # R: QuerySet[Author, Author]
    authors.prefetch_related(Prefetch("books", Book.objects.annotate(n=Count("*")), to_attr="counted"))
    authors.prefetch_related(Prefetch("books", Book.objects.values("title")))  # E:
    authors.prefetch_related(3)  # E:
    reveal_type(authors.get_or_create(name="Ada", defaults={"age": 3}))  # R: tuple[Author, bool]
    reveal_type(authors.update_or_create({"age": 3}, name="Ada"))  # R: tuple[Author, bool]
    for author in authors:
        reveal_type(author)  # R: Author
    for each in authors.iterator():
        reveal_type(each)  # R: Author
    # An annotated row has attributes that the stubs cannot know.
    for counted in authors.annotate(n=Count("books")):
        counted.n


async def twins() -> None:
    reveal_type(await Author.objects.filter(age=3))  # R: list[Author]
    reveal_type(await Author.objects.aget(age=3))  # R: Author
    reveal_type(await Author.objects.aget_or_none(age=3))  # R: Author | None
    reveal_type(await Author.objects.acount())  # R: int
    reveal_type(await Author.objects.acreate(name="Ada"))  # R: Author
    reveal_type(await Author.objects.aget_or_create(name="Ada"))  # R: tuple[Author, bool]
    reveal_type(await Author.objects.aupdate_or_create(name="Ada", create_defaults={}))  # R: tuple[Author, bool]
    reveal_type(await Author.objects.avalues("name"))  # R: list[dict[str, Any]]
    async for author in Author.objects.all():
        reveal_type(author)  # R: Author
    async for each in Author.objects.aiterator():
        reveal_type(each)  # R: Author
