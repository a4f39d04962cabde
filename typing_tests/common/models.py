"""Models as every checker reads them, with the stubs alone."""

from __future__ import annotations

from typing import Self

import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=100)
    founded = dorm.DateField(null=True)


class Timed(dorm.Model):
    created = dorm.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Author(Timed):
    name = dorm.CharField(max_length=100)
    nickname = dorm.TextField(null=True)
    email = dorm.EmailField(unique=True)
    age = dorm.IntegerField(default=0)
    height = dorm.FloatField(null=True)
    active = dorm.BooleanField(default=True)
    token = dorm.UUIDField(null=True)
    settings = dorm.JSONField(default=dict)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.SET_NULL, null=True)


class LongBooks(dorm.Manager["Book"]):
    def long(self) -> dorm.QuerySet[Book]:
        return self.filter(pages__gte=500)


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    price = dorm.DecimalField(max_digits=8, decimal_places=2)
    pages = dorm.PositiveIntegerField(null=True)
    opens = dorm.TimeField(null=True)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="books")
    # A target given as text is known by its annotation.
    editor: dorm.ForeignKey[Author | None] = dorm.ForeignKey("Author", on_delete=dorm.SET_NULL, null=True)
    owner = dorm.ForeignKey("Author", on_delete=dorm.CASCADE)

    objects = LongBooks()


class Page(dorm.Model):
    number = dorm.SmallIntegerField()

    objects = dorm.Manager()


class Passport(dorm.Model):
    number = dorm.CharField(max_length=20)
    holder = dorm.OneToOneField(Author, on_delete=dorm.CASCADE)
    former = dorm.OneToOneField(Author, on_delete=dorm.CASCADE, null=True, related_name="old_passport")
    owner = dorm.OneToOneField("Author", on_delete=dorm.CASCADE)


class Topic(dorm.Model):
    name = dorm.CharField(max_length=20)
    books = dorm.ManyToManyField(Book, related_name="topics")
    readers: dorm.ManyToManyField[Author] = dorm.ManyToManyField("Author")
    others = dorm.ManyToManyField("Author", related_name="+")


class LongRows(dorm.QuerySet["Volume"]):
    def long(self) -> Self:
        return self.filter(pages__gte=500)


class Volume(dorm.Model):
    pages = dorm.IntegerField()

    objects = LongRows.as_manager()
    second = dorm.Manager.from_queryset(LongRows)()


class Slug(dorm.CharField[str]):
    """A field class of the project's own."""


class Tag(dorm.Model):
    slug = Slug(max_length=20)
