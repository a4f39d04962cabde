"""The models of the query tests: publishers, authors, books; and one with a column of every kind."""

from __future__ import annotations

import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=50)
    city = dorm.CharField(max_length=50, null=True)

    class Meta:
        app_label = "queries"


class Author(dorm.Model):
    name = dorm.CharField(max_length=50)
    age = dorm.IntegerField(null=True)
    active = dorm.BooleanField(default=True)
    publisher = dorm.ForeignKey(Publisher, dorm.CASCADE, null=True, related_name="authors")
    mentor = dorm.ForeignKey("self", dorm.SET_NULL, null=True)

    class Meta:
        app_label = "queries"


class Book(dorm.Model):
    title = dorm.CharField(max_length=50)
    pages = dorm.IntegerField(default=0)
    price = dorm.DecimalField(max_digits=8, decimal_places=2, null=True)
    author = dorm.ForeignKey(Author, dorm.CASCADE, related_name="books")

    class Meta:
        app_label = "queries"


class Event(dorm.Model):
    """One with an order of its own."""

    name = dorm.CharField(max_length=50)
    day = dorm.DateField(null=True)

    class Meta:
        app_label = "queries"
        ordering = ["-day", "name"]


class Everything(dorm.Model):
    text = dorm.TextField(null=True)
    small = dorm.SmallIntegerField(null=True)
    whole = dorm.IntegerField(null=True)
    big = dorm.BigIntegerField(null=True)
    number = dorm.FloatField(null=True)
    price = dorm.DecimalField(max_digits=10, decimal_places=2, null=True)
    flag = dorm.BooleanField(null=True)
    day = dorm.DateField(null=True)
    hour = dorm.TimeField(null=True)
    at = dorm.DateTimeField(null=True)
    key = dorm.UUIDField(null=True)
    document = dorm.JSONField(null=True)
    email = dorm.EmailField(null=True)
    url = dorm.URLField(null=True)
    slug = dorm.SlugField(null=True)

    class Meta:
        app_label = "queries"


MODELS = (Publisher, Author, Book, Event, Everything)
