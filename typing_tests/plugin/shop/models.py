"""Models that point at another app's."""

from __future__ import annotations

from typing import Generic, Self, TypeVar

from library.models import Author

import dorm


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    price = dorm.DecimalField(max_digits=8, decimal_places=2)
    pages = dorm.PositiveIntegerField(null=True)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="books")
    editor = dorm.ForeignKey("library.Author", on_delete=dorm.SET_NULL, null=True)
    country = dorm.ForeignKey("library.Country", on_delete=dorm.CASCADE)
    tags = dorm.ManyToManyField("Tag", related_name="books")


class Review(dorm.Model):
    text = dorm.TextField()
    stars = dorm.SmallIntegerField()
    book = dorm.ForeignKey("Book", on_delete=dorm.CASCADE)


class Tag(dorm.Model):
    name = dorm.CharField(max_length=50, unique=True)
    weight = dorm.FloatField(null=True)


class Passport(dorm.Model):
    number = dorm.CharField(max_length=20)
    holder = dorm.OneToOneField(Author, on_delete=dorm.CASCADE)


class Shelf(dorm.Model):
    label = dorm.CharField(max_length=20)
    books = dorm.ManyToManyField(Book, through="Placing")


class Placing(dorm.Model):
    shelf = dorm.ForeignKey(Shelf, on_delete=dorm.CASCADE)
    book = dorm.ForeignKey(Book, on_delete=dorm.CASCADE, related_name="+")
    place = dorm.IntegerField()


class Owned(dorm.Model):
    owner = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="%(class)ss", related_query_name="own_%(class)s")

    class Meta:
        abstract = True


class Chair(Owned):
    legs = dorm.IntegerField(default=4)


class Table(Owned):
    label = dorm.CharField(max_length=20)


class Newest(dorm.QuerySet["Issue"]):
    def newest(self) -> Self:
        return self.order_by("-number")


class Stories(dorm.Manager["Story"]):
    def get_queryset(self) -> Told:
        return Told(self.model)

    def of(self, issue: Issue) -> Told:
        return self.get_queryset().filter(issue=issue)


class Told(dorm.QuerySet["Story"]):
    def said(self) -> Self:
        return self.filter(told=True)


class Key(dorm.ForeignKey):
    """A field class of the project's own."""


class Short(dorm.CharField):  # type: ignore[type-arg]
    """Another one."""


class Issue(dorm.Model):
    number = dorm.IntegerField()
    title = Short(max_length=20, null=True)
    shelf = Key(Shelf, on_delete=dorm.CASCADE, related_name="issues", null=True)

    objects = Newest.as_manager()


class Story(dorm.Model):
    told = dorm.BooleanField(default=False)
    issue = Key("Issue", on_delete=dorm.CASCADE)
    topics = dorm.ManyToManyField("Issue", related_name="stories")

    objects = Stories()


M = TypeVar("M", bound=dorm.Model)
Row = TypeVar("Row")


class Names(dorm.QuerySet[M, Row], Generic[M, Row]):
    def by_name(self) -> Self:
        return self.order_by("name")


class Sorted(dorm.Model):
    name = dorm.CharField(max_length=20)

    objects = Names["Sorted", "Sorted"].as_manager()
