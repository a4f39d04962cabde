"""Conditions and expressions that variables hold."""

from __future__ import annotations

from typing import Final, reveal_type

from library.models import Author
from shop.models import Book

import dorm
from dorm import Count, F, Max, Q

ADULT: Final = Q(age__gte=18)
adult = Q(age__gte=18, publisher__name="x")
grown = adult | ~ADULT & Q(name="Ada")
older = F("age") + 1
books = Count("books")
latest = Max("books__pages")
size = F("height")

Author.objects.filter(ADULT, adult, grown).exclude(adult if books else ADULT)
Author.objects.filter(age=older).order_by(older.desc(), F("name").asc())
found = Author.objects.annotate(n=books, m=latest, s=size).get()
reveal_type(found.n)  # R: int
reveal_type(found.m)  # R: int | None
reveal_type(found.s)  # R: float | None
conditions = [Q(age=3), Q(name="Ada")]
Author.objects.filter(*conditions)


def some(name: str | None, by_age: bool) -> None:
    condition = Q()
    if name is not None:
        condition &= Q(name=name)
    if by_age:
        condition |= Q(age=3)
    Author.objects.filter(condition)
    # A variable may stand for another model's conditions later.
    condition = Q(title="x")
    Book.objects.filter(condition)


def made(minimum: int) -> Q:
    return Q(age__gte=minimum)


Author.objects.filter(made(3))

TAGS: Final = "tags"
cheap = dorm.Prefetch("books", Book.objects.annotate(n=Count(TAGS)), to_attr="cheap")
plain = dorm.Prefetch(lookup="books", queryset=Book.objects.filter(price=3))
filled = Author.objects.prefetch_related(cheap, plain).get()
reveal_type(filled.cheap)  # R: list[Book]
reveal_type(filled.cheap[0].n)  # R: int


def several(*loaded: dorm.Prefetch) -> None:
    Author.objects.prefetch_related(*loaded)
    for one in loaded:
        Author.objects.prefetch_related(one)
