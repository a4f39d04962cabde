"""The table of what must be inferred and refused: lookups."""

from __future__ import annotations

import datetime
from typing import Any, reveal_type

from library.models import Author
from shop.models import Book, Passport, Tag

from dorm import Case, Count, Q, Value, When

authors = Author.objects.all()
dynamic: dict[str, Any] = {}

# case: an unknown field
reveal_type(authors.filter(age=3))  # R: QuerySet[Author, Author]
authors.filter(agee=3)  # E: dorm-field
# case: an unknown field after a hop
reveal_type(authors.filter(publisher__name="x"))  # R: QuerySet[Author, Author]
authors.filter(publisher__naem="x")  # E: dorm-field
# case: an unknown lookup
reveal_type(authors.filter(age__gte=3))  # R: QuerySet[Author, Author]
authors.filter(age__gtee=3)  # E: dorm-lookup
# case: a lookup that does not fit
reveal_type(authors.filter(name__contains="x"))  # R: QuerySet[Author, Author]
authors.filter(age__contains="x")  # E: dorm-lookup
# case: a value of a wrong type
reveal_type(authors.filter(name="x"))  # R: QuerySet[Author, Author]
authors.filter(name=3)  # E: dorm-value
authors.filter(created=datetime.date.today())  # E: dorm-value
# case: __in
reveal_type(authors.filter(age__in=[1, 2], name__in=("a",)))  # R: QuerySet[Author, Author]
authors.filter(age__in=["a"])  # E: dorm-value
authors.filter(age__in=3)  # E: dorm-value
# case: __range
reveal_type(authors.filter(age__range=(1, 2)))  # R: QuerySet[Author, Author]
authors.filter(age__range=(1, 2, 3))  # E: dorm-value
authors.filter(age__range=3)  # E: dorm-value
# case: __isnull
reveal_type(authors.filter(nickname__isnull=True))  # R: QuerySet[Author, Author]
authors.filter(nickname__isnull=1)  # E: dorm-value
# case: transforms
reveal_type(authors.filter(created__year__gte=2000, created__date=datetime.date.today()))  # R: QuerySet[Author, Author]
authors.filter(created__year__gte="x")  # E: dorm-value
authors.filter(created__yaer=3)  # E: dorm-lookup
# case: dicts of keywords
reveal_type(authors.filter(**dynamic))  # R: QuerySet[Author, Author]
authors.filter(**dynamic, agee=3)  # E: dorm-field
# case: filter()
reveal_type(Author.objects.filter(age=3))  # R: QuerySet[Author, Author]
Author.objects.filter(aeg=3)  # E: dorm-field
# case: exclude()
reveal_type(authors.exclude(age=3))  # R: QuerySet[Author, Author]
authors.exclude(aeg=3)  # E: dorm-field
# case: get()
reveal_type(authors.get(age=3))  # R: Author
authors.get(aeg=3)  # E: dorm-field
# case: Q
reveal_type(authors.filter(Q(age=3) | ~Q(name="x")))  # R: QuerySet[Author, Author]
authors.filter(Q(age=3) | ~Q(naem="x"))  # E: dorm-field
# case: When
reveal_type(authors.annotate(a=Case(When(age__gt=3, then=Value(1)))).count())  # R: int
authors.annotate(a=Case(When(aeg__gt=3, then=Value(1))))  # E: dorm-field
# case: Case
reveal_type(authors.order_by(Case(When(age=3, then="age"), default="pk")))  # R: QuerySet[Author, Author]
authors.order_by(Case(When(age=3, then="aeg"), default="pk"))  # E: dorm-field
# case: over a foreign key
reveal_type(Book.objects.filter(author__publisher__founded__year=1900))  # R: QuerySet[Book, Book]
Book.objects.filter(author__publisher__founded__year="x")  # E: dorm-value
# case: over the other side of a foreign key
reveal_type(authors.filter(books__review__stars__gte=3))  # R: QuerySet[Author, Author]
authors.filter(books__review__starz__gte=3)  # E: dorm-field
# case: over pairs
reveal_type(Tag.objects.filter(books__tags__name="x"))  # R: QuerySet[Tag, Tag]
Tag.objects.filter(books__tags__naem="x")  # E: dorm-field
# case: over a one-to-one
reveal_type(Passport.objects.filter(holder__passport__number="x"))  # R: QuerySet[Passport, Passport]
authors.filter(passport__number=3)  # E: dorm-value
# case: annotations
reveal_type(authors.annotate(n=Count("books")).filter(n__gte=2).count())  # R: int
authors.annotate(n=Count("books")).filter(n__gte="2")  # E: dorm-value
authors.annotate(n=Count("books")).filter(m=2)  # E: dorm-field


async def twins() -> None:
    # case: twins of conditions
    reveal_type(await authors.aget_or_none(age=3))  # R: Author | None
    await authors.aget_or_none(aeg=3)  # E: dorm-field
    await authors.aget(age="3")  # E: dorm-value
