"""Attributes that no class body writes."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author, Country, Publisher
from shop.models import Book, Review


def read(author: Author, book: Book, review: Review, country: Country, publisher: Publisher) -> None:
    reveal_type(author.id)  # R: int
    reveal_type(author.pk)  # R: int
    reveal_type(author.publisher)  # R: Publisher | None
    reveal_type(author.publisher_id)  # R: int | None
    reveal_type(author.teacher)  # R: Author | None
    reveal_type(author.created)  # R: datetime
    reveal_type(book.author)  # R: Author
    reveal_type(book.author_id)  # R: int
    reveal_type(book.editor)  # R: Author | None
    reveal_type(book.editor_id)  # R: int | None
    reveal_type(country.pk)  # R: str
    reveal_type(book.country_id)  # R: str
    reveal_type(review.book)  # R: Book
    reveal_type(author.pupils)  # R: RelatedManager[Author]
    reveal_type(publisher.author_set)  # R: RelatedManager[Author]
    # From an app that need not be imported for it.
    reveal_type(author.books)  # R: RelatedManager[Book]
    reveal_type(author.book_set)  # R: RelatedManager[Book]
    reveal_type(book.review_set.filter(stars__gte=3).first())  # R: Review | None
    reveal_type(author.books.create(title="Notes"))  # R: Book
