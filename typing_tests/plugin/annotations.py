"""`annotate()` and `aggregate()`."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

import dorm
from dorm import Avg, Count, F, Max, Min, Sum, Value

counted = Author.objects.annotate(n=Count("books"))
reveal_type(counted.get().n)  # R: int
reveal_type(counted.get().name)  # R: str
reveal_type(counted.filter(n__gte=2).order_by("-n")[0].n)  # R: int
reveal_type(counted.values("name", "n").get())  # R: TypedDict({'name': str, 'n': int})
reveal_type(counted.values_list("n", flat=True).get())  # R: int
reveal_type(counted.annotate(m=F("n") + 1).get().m)  # R: int
reveal_type(counted.annotate(m=F("n") + 1).get().n)  # R: int


def by_name(authors: dorm.QuerySet[Author]) -> dorm.QuerySet[Author]:
    return authors.order_by("name")


by_name(counted)

expressions = Book.objects.annotate(
    total=Sum("pages"),
    mean=Avg("pages"),
    worth=Avg("price"),
    low=Min("price"),
    late=Max("author__created"),
    double=F("price") * 2,
    half=F("author__age") / 2.0,
    maybe=F("pages") + 1,
    word=Value("x"),
).get()
reveal_type(expressions.total)  # R: int | None
reveal_type(expressions.mean)  # R: float | None
reveal_type(expressions.worth)  # R: Decimal | None
reveal_type(expressions.low)  # R: Decimal | None
reveal_type(expressions.late)  # R: datetime | None
reveal_type(expressions.double)  # R: Decimal
reveal_type(expressions.half)  # R: float
reveal_type(expressions.maybe)  # R: int | None
reveal_type(expressions.word)  # R: str
reveal_type(Book.objects.aggregate(n=Count("*"), most=Max("pages"))["n"])  # R: int
reveal_type(Book.objects.aggregate(n=Count("*"), most=Max("pages")))  # R: TypedDict({'n': int, 'most': int | None})
for author in counted:
    reveal_type(author.n)  # R: int


async def twins() -> None:
    reveal_type(await Book.objects.aaggregate(n=Count("*")))  # R: TypedDict({'n': int})
    async for author in counted:
        reveal_type(author.n)  # R: int
