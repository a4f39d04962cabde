"""`values()` and `values_list()`."""

from __future__ import annotations

from typing import Final, reveal_type

from library.models import Author
from shop.models import Book

from dorm import Count

NAME: Final = "name"
dynamic = ["name"]

reveal_type(Author.objects.values("name", "nickname").get())  # R: TypedDict({'name': str, 'nickname': str | None})
reveal_type(Author.objects.values("publisher__name", "publisher", "teacher_id").get())  # R: TypedDict({'publisher__name': str | None, 'publisher': int | None, 'teacher_id': int | None})
reveal_type(Book.objects.values("author__name", "author__age", "country").get())  # R: TypedDict({'author__name': str, 'author__age': int, 'country': str})
reveal_type(Book.objects.values("author__created__year").get())  # R: TypedDict({'author__created__year': int})
reveal_type(Book.objects.values().get())  # R: TypedDict({'id': int, 'title': str, 'price': Decimal, 'pages': int | None, 'author_id': int, 'editor_id': int | None, 'country_id': str})
reveal_type(Author.objects.values(NAME).first())  # R: TypedDict({'name': str}) | None
reveal_type(Author.objects.values(*dynamic).get())  # R: dict[str, Any]
reveal_type(Author.objects.values_list("name", "age").get())  # R: tuple[str, int]
reveal_type(Author.objects.values_list("books__title", flat=True).get())  # R: str | None
reveal_type(Author.objects.filter(age=3).values_list("age", flat=True)[0])  # R: int
reveal_type(Author.objects.values_list(*dynamic).get())  # R: tuple[Any, ...]
reveal_type(Author.objects.values("name").annotate(n=Count("books")).get())  # R: TypedDict({'name': str, 'n': int})
reveal_type(Author.objects.values_list("name").annotate(n=Count("books")).get())  # R: tuple[str, int]

for row in Author.objects.values("name"):
    reveal_type(row["name"])  # R: str


async def twins() -> None:
    reveal_type(await Author.objects.avalues("age"))  # R: list[TypedDict({'age': int})]
    reveal_type(await Author.objects.avalues_list("age", flat=True))  # R: list[int]
    reveal_type(await Author.objects.avalues_list("name", "age"))  # R: list[tuple[str, int]]
    reveal_type(await Author.objects.values("age").filter(age=3))  # R: list[TypedDict({'age': int})]
    async for _, age in Author.objects.values_list("name", "age"):
        reveal_type(age)  # R: int
