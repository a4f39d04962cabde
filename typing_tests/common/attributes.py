"""Fields on instances and classes."""

from __future__ import annotations

import datetime
from typing import reveal_type

from models import Author, Book, Page, Passport, Publisher, Tag, Topic

import dorm


def read(author: Author, book: Book, page: Page, publisher: Publisher, tag: Tag) -> None:
    reveal_type(author.name)  # R: str
    reveal_type(author.nickname)  # R: str | None
    reveal_type(author.email)  # R: str
    reveal_type(author.age)  # R: int
    reveal_type(author.height)  # R: float | None
    reveal_type(author.active)  # R: bool
    reveal_type(author.token)  # R: UUID | None
    reveal_type(author.settings)  # R: Any
    reveal_type(author.created)  # R: datetime
    reveal_type(author.publisher)  # R: Publisher | None
    reveal_type(publisher.founded)  # R: date | None
    reveal_type(book.price)  # R: Decimal
    reveal_type(book.pages)  # R: int | None
    reveal_type(book.opens)  # R: time | None
    reveal_type(book.author)  # R: Author
    reveal_type(book.author.name)  # R: str
    reveal_type(book.editor)  # R: Author | None
    reveal_type(page.number)  # R: int
    reveal_type(tag.slug)  # R: str


def write(author: Author, book: Book) -> None:
    author.name = "Ada"
    author.nickname = None
    author.age = dorm.F("age") + 1
    author.created = datetime.datetime.now()
    author.name = 3  # E:
    author.name = None  # E:
    author.age = "3"  # E:
    author.publisher = book  # E:
    book.author = author
    book.author = None  # E:


def relations(passport: Passport, topic: Topic, author: Author, book: Book) -> None:
    reveal_type(passport.holder)  # R: Author
    reveal_type(passport.former)  # R: Author | None
    reveal_type(passport.owner)  # R: Any
    reveal_type(Passport.holder)  # R: RelationColumn[Author]
    passport.holder = author
    passport.holder = None  # E:
    passport.former = None
    reveal_type(topic.books)  # R: ManyRelatedManager[Book]
    reveal_type(topic.readers)  # R: ManyRelatedManager[Author]
    reveal_type(topic.others)  # R: ManyRelatedManager[Any]
    reveal_type(Topic.books)  # R: ManyToManyField[Book]
    reveal_type(topic.books.filter(pages__gte=3).first())  # R: Book | None
    reveal_type(topic.books.create(title="x"))  # R: Book
    reveal_type(topic.books.get_or_create(title="x", defaults={"pages": 3}))  # R: tuple[Book, bool]
    reveal_type(topic.books.all())  # R: QuerySet[Book, Book]
    topic.books.add(book, 3)
    topic.books.set([book], through_defaults={"place": 3})
    topic.books.set([book], clear=True, through_defaults={"place": 3})
    topic.books.clear()
    # The methods of the model's own manager.
    topic.books.long()
    topic.books = [book]  # E:


def unknown(author: Author) -> None:
    author.naem  # E:
    author.objects  # E:


async def save(author: Author) -> None:
    author.save(update_fields=["name"])
    await author.asave(force_insert=True)
    reveal_type(author.delete())  # R: tuple[int, dict[str, int]]
    reveal_type(await author.adelete())  # R: tuple[int, dict[str, int]]


def computed(author: Author) -> None:
    author.age = dorm.F("age") + 1
    author.name = dorm.Upper("name")
    reveal_type(author.age)  # R: int
    reveal_type(author.name)  # R: str
