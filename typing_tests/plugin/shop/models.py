"""Models that point at another app's."""

from __future__ import annotations

from library.models import Author

import dorm


class Book(dorm.Model):
    title = dorm.CharField(max_length=200)
    price = dorm.DecimalField(max_digits=8, decimal_places=2)
    pages = dorm.PositiveIntegerField(null=True)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="books")
    editor = dorm.ForeignKey("library.Author", on_delete=dorm.SET_NULL, null=True)
    country = dorm.ForeignKey("library.Country", on_delete=dorm.CASCADE)


class Review(dorm.Model):
    text = dorm.TextField()
    stars = dorm.SmallIntegerField()
    book = dorm.ForeignKey("Book", on_delete=dorm.CASCADE)
