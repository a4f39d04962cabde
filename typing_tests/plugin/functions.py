"""Functions, choices and subqueries."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

from dorm import Abs, Case, Cast, Coalesce, Count, Exists, F, Greatest, OuterRef, Q, StdDev, Subquery, Value, When, Window
from dorm.expressions.text import Concat, Length, Upper
from dorm.expressions.windows import RowNumber

books = Book.objects.filter(author=OuterRef("pk"), title=OuterRef("name"))
found = Author.objects.annotate(
    loud=Upper("name"),
    nick=Upper("nickname"),
    size=Length("nickname"),
    known=Coalesce("nickname", "name"),
    maybe=Coalesce("nickname", F("publisher__name")),
    has=Exists(books),
    group=Case(When(age__lt=18, then=Value("young")), When(Q(age__gte=65), then=Value("old")), default=Value("")),
    title=Subquery(books.values("title")[:1]),
    place=Window(RowNumber(), order_by="age"),
    adults=Count("books", filter=Q(books__pages__gte=3)),
).get()
reveal_type(found.loud)  # R: str
reveal_type(found.nick)  # R: str | None
reveal_type(found.size)  # R: int | None
reveal_type(found.known)  # R: str
reveal_type(found.maybe)  # R: str | None
reveal_type(found.has)  # R: bool
reveal_type(found.adults)  # R: int
Author.objects.filter(Exists(books), ~Exists(books), name=Subquery(books.values("title")[:1]))
Author.objects.filter(Exists(books) | Q(name="x"), pk__in=Subquery(books.values("author")))
Author.objects.order_by(Length("name").desc(), Concat("name", Value(" "), "nickname"))

numbers = Book.objects.annotate(far=Abs("pages"), most=Greatest("pages", 3), spread=StdDev("pages"), kept=Cast("pages", "text"))
reveal_type(numbers.get().far)  # R: int | None
reveal_type(numbers.get().spread)  # R: float | None
Book.objects.annotate(kind=Case(When(title__startswith="A", then="pages"), default="id")).order_by("?")

# Expressions as the values of rows.
written = Author.objects.create(name=Upper(Value("ada")), age=Value(3) + 1)
written.age = F("age") + 1
reveal_type(written.age)  # R: int
Author(name=Upper(Value("ada")), age=Subquery(Author.objects.values("age")[:1]))
Author.objects.update_or_create({"age": F("age") + 1}, {"age": Value(1)}, name="Ada")
