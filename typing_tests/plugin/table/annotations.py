"""The table of what must be inferred and refused: annotations."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

import dorm
from dorm import Case, Coalesce, Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value, When, Window
from dorm.expressions.text import Length, Upper
from dorm.expressions.windows import RowNumber

counted = Author.objects.annotate(n=Count("books"))
books = Book.objects.filter(author=OuterRef("pk"))

# case: on instances
reveal_type(counted.get().n)  # R: int
counted.get().m  # E: attr-defined
# case: in a later filter()
reveal_type(counted.filter(n__gt=3).get().n)  # R: int
counted.filter(m__gt=3)  # E: dorm-field
# case: in a later order_by()
reveal_type(counted.order_by("-n").get().n)  # R: int
counted.order_by("-m")  # E: dorm-field
# case: in a later values()
reveal_type(counted.values("n").get())  # R: TypedDict({'n': int})
counted.values("m")  # E: dorm-field
# case: in a later F
reveal_type(counted.annotate(m=F("n") * 2).get().m)  # R: int
counted.annotate(m=F("k") * 2)  # E: dorm-field
# case: through get() and first()
reveal_type(counted.first())  # R: Author | None
counted.first().n  # E: union-attr
# case: through a loop
for author in counted:
    reveal_type(author.n)  # R: int
    author.m  # E: attr-defined
# case: arithmetic of F
reveal_type(Book.objects.annotate(a=F("price") * F("pages")).get().a)  # R: Decimal | None
Book.objects.annotate(a=F("price") * F("pagse"))  # E: dorm-field
# case: Case and When
reveal_type(Author.objects.annotate(a=Case(When(age__lt=18, then="name"), default="nickname")).get().a)  # R: str | None
reveal_type(Author.objects.annotate(a=Case(When(age__lt=18, then=Value(1)), default=Value(2))).get().a)  # R: int
Author.objects.annotate(a=Case(When(age__lt="x", then=Value(1))))  # E: dorm-value
# case: Coalesce
reveal_type(Author.objects.annotate(a=Coalesce("nickname", "name")).get().a)  # R: str
Author.objects.annotate(a=Coalesce("nickname", "naem"))  # E: dorm-field
# case: functions
reveal_type(Author.objects.annotate(a=Length("nickname"), b=Upper("name")).get().a)  # R: int | None
Author.objects.annotate(a=Upper("naem"))  # E: dorm-field
# case: Subquery
reveal_type(Author.objects.annotate(a=Subquery(books.values("title")[:1])).get().a)  # R: str | None
Author.objects.annotate(a=Subquery(books.values("titel")[:1]))  # E: dorm-field
# case: Exists
reveal_type(Author.objects.annotate(a=Exists(books)).get().a)  # R: bool
Author.objects.annotate(a=Exists(books.filter(titel="x")))  # E: dorm-field
# case: Window
reveal_type(Author.objects.annotate(a=Window(RowNumber(), order_by="age")).get().a)  # R: int
Author.objects.annotate(a=Window(RowNumber(), order_by="aeg"))  # E: dorm-field
# case: aggregate()
reveal_type(Book.objects.aggregate(n=Count("*"), most=Max("pages")))  # R: TypedDict({'n': int, 'most': int | None})
Book.objects.aggregate(n=Count("*"))["m"]  # E: misc
# case: aggregates that may find no row
reveal_type(Book.objects.aggregate(n=Sum("price"))["n"])  # R: Decimal | None
Book.objects.aggregate(n=Sum("price"))["n"] + 1  # E: operator
# case: an aggregate's filter
reveal_type(Author.objects.annotate(n=Count("books", filter=Q(books__pages__gt=3))).get().n)  # R: int
Author.objects.annotate(n=Count("books", filter=Q(books__pagse__gt=3)))  # E: dorm-field


def plain(authors: dorm.QuerySet[Author]) -> Author:
    return authors[0]


# case: a plain QuerySet accepts an annotated one
reveal_type(plain(counted))  # R: Author
plain(Book.objects.annotate(n=Count("*")))  # E: arg-type


async def twins() -> None:
    # case: through an async loop
    async for author in counted:
        reveal_type(author.n)  # R: int
        author.m  # E: attr-defined
    # case: awaited
    reveal_type((await counted)[0].n)  # R: int
    reveal_type((await counted.aget()).n)  # R: int
    (await counted.aget()).m  # E: attr-defined
    # case: aaggregate()
    reveal_type(await Book.objects.aaggregate(n=Count("*")))  # R: TypedDict({'n': int})
    await Book.objects.aaggregate(n=Count("taggs"))  # E: dorm-field
