"""Managers: the default one, one that a class assigns, one of the project's own, and generic code."""

from __future__ import annotations

from typing import TypeVar, reveal_type

from models import Author, Book, Page, Volume

import dorm

M = TypeVar("M", bound=dorm.Model)

reveal_type(Author.objects)  # R: Manager[Author]
reveal_type(Page.objects)  # R: Manager[Page]
reveal_type(Book.objects)  # R: LongBooks
reveal_type(Book.objects.long())  # R: QuerySet[Book, Book]
reveal_type(Book.objects.long().first())  # R: Book | None


reveal_type(Volume.objects)  # R: LongRows
reveal_type(Volume.objects.long().filter(pages=3).long())  # R: LongRows
reveal_type(Volume.objects.get(pages=3))  # R: Volume
reveal_type(Volume.second.exclude(pages=3)[:3].long().first())  # R: Volume | None
reveal_type(Volume.objects.values("pages"))  # R: QuerySet[Volume, dict[str, Any]]


def newest(model: type[M]) -> M | None:
    return model.objects.order_by("-pk").first()


reveal_type(newest(Author))  # R: Author | None
