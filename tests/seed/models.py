"""The models that the promises speak of."""

from __future__ import annotations

import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=100)

    class Meta:
        app_label = "seed"
        db_table = "seed_publishers"


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    email = dorm.EmailField(unique=True, null=True)
    age = dorm.IntegerField()
    bio = dorm.TextField(null=True, blank=True)
    active = dorm.BooleanField(default=True)
    joined = dorm.DateTimeField(auto_now_add=True)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.SET_NULL, null=True, blank=True)

    class Meta:
        app_label = "seed"
        db_table = "seed_authors"
        ordering = ["name"]


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
    pages = dorm.IntegerField(default=0)

    class Meta:
        app_label = "seed"
        db_table = "seed_books"


class Contract(dorm.Model):
    author = dorm.ForeignKey(Author, on_delete=dorm.PROTECT)

    class Meta:
        app_label = "seed"
        db_table = "seed_contracts"


MODELS = (Publisher, Author, Book, Contract)
