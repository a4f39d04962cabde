"""Queries that are right; the checkers know what comes back, and have nothing to say."""

from __future__ import annotations

from dorm import Count

from models import Author, Book


def adults() -> list[str]:
    return [author.name for author in Author.objects.filter(age__gte=18).order_by("name")]


def ages() -> list[int | None]:
    return list(Book.objects.values_list("author__age", flat=True))


def longest(author: Author) -> tuple[str, int] | None:
    return author.books.order_by("-pages").values_list("title", "pages").first()


def written() -> dict[str, int]:
    return {author.name: author.written for author in Author.objects.annotate(written=Count("books"))}


def long_books() -> list[str]:
    return [row["title"] for row in Book.objects.filter(Book.pages > 300).values("title")]


async def first_title(author: Author) -> str | None:
    book = await Book.objects.filter(author=author).order_by("title").afirst()
    return book.title if book is not None else None
