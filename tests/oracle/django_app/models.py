"""The same library as Django models, over the tables that dorm made."""

from __future__ import annotations

from django.db import models


class Publisher(models.Model):
    name = models.CharField(max_length=50)
    city = models.CharField(max_length=50, null=True)
    founded = models.IntegerField(null=True)

    class Meta:
        app_label = "oracle"


class Author(models.Model):
    name = models.CharField(max_length=50)
    age = models.IntegerField(null=True)
    rating = models.FloatField(null=True)
    active = models.BooleanField(default=True)
    publisher = models.ForeignKey(Publisher, models.SET_NULL, null=True, related_name="authors")
    mentor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="students")

    class Meta:
        app_label = "oracle"


class Book(models.Model):
    title = models.CharField(max_length=50)
    pages = models.IntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    published = models.DateField(null=True)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    translator = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="translations")

    class Meta:
        app_label = "oracle"


class Review(models.Model):
    stars = models.IntegerField(null=True)
    text = models.TextField()
    at = models.DateTimeField(null=True)
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="reviews")

    class Meta:
        app_label = "oracle"


class Shelf(models.Model):
    label = models.CharField(max_length=20)
    room = models.IntegerField()

    class Meta:
        app_label = "oracle"
        ordering = ["-room", "label"]


class Copy(models.Model):
    shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="copies")
    number = models.IntegerField()

    class Meta:
        app_label = "oracle"


class Document(models.Model):
    meta = models.JSONField(null=True)
    number = models.IntegerField(null=True)

    class Meta:
        app_label = "oracle"
