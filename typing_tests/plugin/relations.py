"""Relations to one row and to many, from both of their sides."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book, Chair, Passport, Placing, Shelf, Tag

import dorm
from dorm import Count, Prefetch

reveal_type(Book.tags)  # R: ManyToManyField[Tag]
reveal_type(Passport.holder)  # R: RelationColumn[Author]


def attributes(author: Author, book: Book, tag: Tag, shelf: Shelf, passport: Passport, chair: Chair) -> None:
    reveal_type(book.tags)  # R: ManyRelatedManager[Tag]
    reveal_type(tag.books)  # R: ManyRelatedManager[Book]
    reveal_type(shelf.books.filter(price__gt=3).first())  # R: Book | None
    reveal_type(book.shelf_set)  # R: ManyRelatedManager[Shelf]
    reveal_type(shelf.placing_set)  # R: RelatedManager[Placing]
    reveal_type(author.friends)  # R: ManyRelatedManager[Author]
    reveal_type(author.followers)  # R: ManyRelatedManager[Author]
    reveal_type(author.passport)  # R: Passport
    reveal_type(author.passport.number)  # R: str
    reveal_type(passport.holder)  # R: Author
    reveal_type(passport.holder_id)  # R: int
    reveal_type(author.chairs)  # R: RelatedManager[Chair]
    reveal_type(author.tables.values("label").get())  # R: TypedDict({'label': str})
    reveal_type(chair.owner)  # R: Author
    book.tags.add(tag, 3)
    book.tags.set([tag], through_defaults={})
    book.tags.remove(tag)
    book.tags.clear()
    author.books.add(book)
    reveal_type(book.tags.create(name="new", through_defaults={}))  # R: Tag
    reveal_type(book.tags.get_or_create(name="new", defaults={"weight": 3}))  # R: tuple[Tag, bool]
    reveal_type(author.books.get_or_create(title="x", defaults={"price": 3, "country_id": "NL"}))  # R: tuple[Book, bool]


def lookups(author: Author, tag: Tag) -> None:
    Book.objects.filter(tags=tag, tags__name__icontains="x", tags__in=[tag, 3], tags__isnull=False)
    Book.objects.filter(shelf__label="x", shelf__placing__place=3)
    Tag.objects.filter(books__author__passport__number="x", books=3)
    Author.objects.filter(passport=3, passport__number__startswith="N", passport__isnull=True)
    Author.objects.filter(own_chair__legs__gte=3, own_table=None, friends__name="Ada", followers=author)
    Author.objects.select_related("passport", "teacher__passport")
    Author.objects.order_by("passport__number").only("passport__number")


reveal_type(Book.objects.values("tags", "tags__name", "tags__weight").get())  # R: TypedDict({'tags': int | None, 'tags__name': str | None, 'tags__weight': float | None})
reveal_type(Author.objects.values("passport", "passport__number").get())  # R: TypedDict({'passport': int | None, 'passport__number': str | None})
reveal_type(Passport.objects.values("holder__name", "holder").get())  # R: TypedDict({'holder__name': str, 'holder': int})
reveal_type(Tag.objects.annotate(n=Count("books")).get().n)  # R: int
reveal_type(Book.objects.values().get())  # R: TypedDict({'id': int, 'title': str, 'price': Decimal, 'pages': int | None, 'author_id': int, 'editor_id': int | None, 'country_id': str})

Book.objects.prefetch_related("tags", "author__passport", "author__books__tags", None)
Author.objects.prefetch_related("book_set", "passport", "friends__followers", "tables")
loaded = Author.objects.prefetch_related(Prefetch("books", queryset=Book.objects.filter(price=3), to_attr="cheap"))
reveal_type(loaded.get().cheap)  # R: list[Book]
reveal_type(loaded.filter(name="Ada").get().name)  # R: str
counted = Author.objects.prefetch_related(Prefetch("books", Book.objects.annotate(n=Count("tags")), "all"))
reveal_type(counted.get().all[0].n)  # R: int
Author.objects.prefetch_related(Prefetch("books", to_attr="cheap"), "cheap__tags", Prefetch("cheap__tags", to_attr="all"), "cheap__all__books")
loaded.prefetch_related("cheap__author", "books__tags")


def plain(authors: dorm.QuerySet[Author]) -> dorm.QuerySet[Author]:
    return authors.prefetch_related(Prefetch("books", to_attr="cheap"))


async def twins(author: Author, book: Book) -> None:
    reveal_type(await book.tags.acreate(name="new"))  # R: Tag
    reveal_type(await author.books.aget_or_create(title="x"))  # R: tuple[Book, bool]
    reveal_type(await Tag.objects.aupdate_or_create(name="x", defaults={"weight": None}))  # R: tuple[Tag, bool]
    reveal_type(Placing.objects.update_or_create({"place": 3}, {"place": lambda: 4}, book=book))  # R: tuple[Placing, bool]
    await book.tags.aset([])
