"""Lookups and transforms of the project's own, and managers made from its querysets."""

from __future__ import annotations

from typing import Self, reveal_type

from library.models import Author

import dorm
from dorm import F


@dorm.IntegerField.register_lookup
class NotEqual(dorm.Lookup):
    lookup_name = "ne"
    template = "{left} <> {right}"


class Reversed(dorm.Transform):
    lookup_name = "reversed"
    template = "REVERSE({operand})"


dorm.CharField.register_lookup(Reversed)

# Which columns have them is not known.
Author.objects.filter(age__ne=3, name__reversed="x", publisher__name__reversed__startswith="x", publisher__ne=3)
Author.objects.order_by("name__reversed").values("name__reversed").annotate(n=F("name__reversed"))


class Rows(dorm.QuerySet["Volume"]):
    def long(self) -> Self:
        return self.filter(pages__gte=500)


Made = dorm.Manager.from_queryset(Rows)


class Volumes(Made):
    def longest(self) -> Rows:
        return self.long().order_by("-pages")


class Shorter(dorm.Manager["Volume"].from_queryset(Rows)):
    def get_queryset(self) -> Self:
        return super().get_queryset().filter(pages__lt=500)


class Volume(dorm.Model):
    pages = dorm.IntegerField()

    objects = Volumes()
    shorter = Shorter()
    made = Made()


reveal_type(Volume.objects.long())  # R: Volumes
reveal_type(Volume.objects.longest().first())  # R: Volume | None
reveal_type(Volume.shorter.filter(pages=3).long())  # R: Shorter
reveal_type(Volume.made.get(pages=3))  # R: Volume
reveal_type(Volume.objects.get_queryset())  # R: Volumes
