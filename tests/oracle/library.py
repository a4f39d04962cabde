"""A small library, as dorm models: relations in both directions, nullable and not, and one to itself."""

from __future__ import annotations

import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=50)
    city = dorm.CharField(max_length=50, null=True)
    founded = dorm.IntegerField(null=True)

    class Meta:
        app_label = "oracle"


class Author(dorm.Model):
    name = dorm.CharField(max_length=50)
    age = dorm.IntegerField(null=True)
    rating = dorm.FloatField(null=True)
    active = dorm.BooleanField(default=True)
    publisher = dorm.ForeignKey(Publisher, dorm.SET_NULL, null=True, related_name="authors")
    mentor = dorm.ForeignKey("self", dorm.SET_NULL, null=True, related_name="students")

    class Meta:
        app_label = "oracle"


class Book(dorm.Model):
    title = dorm.CharField(max_length=50)
    pages = dorm.IntegerField()
    price = dorm.DecimalField(max_digits=8, decimal_places=2, null=True)
    published = dorm.DateField(null=True)
    author = dorm.ForeignKey(Author, dorm.CASCADE, related_name="books")
    translator = dorm.ForeignKey(Author, dorm.SET_NULL, null=True, related_name="translations")

    class Meta:
        app_label = "oracle"


class Review(dorm.Model):
    stars = dorm.IntegerField(null=True)
    text = dorm.TextField()
    at = dorm.DateTimeField(null=True)
    book = dorm.ForeignKey(Book, dorm.CASCADE, related_name="reviews")
    reviewer = dorm.ForeignKey(Author, dorm.SET_NULL, null=True, related_name="reviews")

    class Meta:
        app_label = "oracle"


class Shelf(dorm.Model):
    """The one with an order of its own."""

    label = dorm.CharField(max_length=20)
    room = dorm.IntegerField()

    class Meta:
        app_label = "oracle"
        ordering = ["-room", "label"]


class Copy(dorm.Model):
    shelf = dorm.ForeignKey(Shelf, dorm.CASCADE, related_name="copies")
    number = dorm.IntegerField()

    class Meta:
        app_label = "oracle"


class Document(dorm.Model):
    meta = dorm.JSONField(null=True)
    number = dorm.IntegerField(null=True)

    class Meta:
        app_label = "oracle"


MODELS = (Publisher, Author, Book, Review, Shelf, Copy, Document)
