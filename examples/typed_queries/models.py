"""The models that the queries are about."""

from __future__ import annotations

import dorm


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    age = dorm.IntegerField(null=True)


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    pages = dorm.PositiveIntegerField(default=0)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="books")
