"""Methods of querysets that take names, and what they give."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book, Issue

from dorm import Count, F

authors = Author.objects.all()

authors.order_by("?")
aliased = authors.alias(n=Count("books")).filter(n__gte=3)
reveal_type(aliased)  # R: QuerySet[Author, Author]
reveal_type(aliased.order_by("-n").values("n", "name").get())  # R: TypedDict({'n': int, 'name': str})
reveal_type(aliased.annotate(m=F("n") + 1).get().m)  # R: int
reveal_type(Issue.objects.alias(n=Count("story")).newest().filter(n=3))  # R: Newest
reveal_type(authors.distinct("name").earliest("age", "-name").name)  # R: str
reveal_type(authors.in_bulk([3]))  # R: dict[int, Author]
reveal_type(authors.in_bulk(["x"], field_name="name"))  # R: dict[str, Author]
reveal_type(authors.bulk_update([Author()], ["name", "publisher", "teacher_id"]))  # R: int
reveal_type(authors.values("name", n=Count("books")).get())  # R: TypedDict({'name': str, 'n': int})
reveal_type(authors.values_list("name", F("age") + 1).get())  # R: tuple[str, int]
reveal_type(authors.values_list(Count("books"), flat=True)[0])  # R: int
row = authors.values_list("name", "publisher__name", named=True).get()
reveal_type(row)  # R: tuple[str, str | None]
reveal_type(row.name)  # R: str
reveal_type(row.publisher__name)  # R: str | None
reveal_type(authors.union(Author.objects.filter(age=3)).first())  # R: Author | None
for book in Book.objects.raw("SELECT * FROM books"):
    reveal_type(book)  # R: Book


async def twins() -> None:
    reveal_type(await authors.ain_bulk())  # R: dict[int, Author]
    reveal_type(await authors.alatest("created"))  # R: Author
    reveal_type(await authors.avalues("age", n=Count("books")))  # R: list[TypedDict({'age': int, 'n': int})]
