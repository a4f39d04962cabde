"""Lookups that are right."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from library.models import Author
from shop.models import Book

from dorm import F, Q, Value

authors = Author.objects
ada = authors.get(pk=1)
keywords: dict[str, Any] = {"name": "Ada"}
adult = Q(age__gte=18)

authors.filter(name="Ada", age__gte=18, age__in=[1, 2], age__range=(1, 9), nickname__isnull=True)
authors.filter(age__in=range(3), name__in={"a", "b"}, pk__in=(1, 2), height__lt=2)
authors.filter(publisher__name__icontains="press", publisher__founded__year__gte=1900)
authors.filter(publisher=None, publisher_id=3).filter(publisher=ada.publisher)
authors.filter(teacher=ada, teacher__teacher__name__startswith="B")
authors.filter(books__price__gt=Decimal(3), books__review__stars=5, books__price__lte=3, book__title="x")
authors.filter(created__year=2024, created__gte=datetime.datetime.now())
authors.filter(settings={"a": 1}, nickname=None)
authors.filter(age=F("height"), name=Value("Ada"))
authors.filter(Q(age=3) | ~Q(publisher__name=F("name")), adult, **keywords)
authors.filter(pk__in=Book.objects.values_list("author", flat=True), teacher__in=authors.filter(age=3))
authors.exclude(name="Ada").get_or_none(age=3)
authors.order_by("name", "-age", "publisher__name", "pk", F("publisher__name").desc())
authors.only("name", "publisher").defer("age").select_related("publisher", "teacher__publisher")
Book.objects.select_related("author__publisher", "editor")
Author(name="Ada", age=3, publisher_id=1, teacher=None, pk=3)
authors.create(name="Ada", publisher=None, settings=[1])
authors.update(age=F("age") + 1, nickname=None)
Book.objects.create(title="x", price=3, author=ada, country_id="NL")


async def twins() -> None:
    await authors.aget(name="Ada")
    await authors.acreate(name="Ada")
    await authors.filter(age=1).aupdate(age=3)
    await ada.asave(update_fields=["name", "publisher", "teacher_id"])
