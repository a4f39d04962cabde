"""The table of what must be inferred and refused: attributes. Each case has both kinds of lines."""

from __future__ import annotations

from typing import reveal_type

from choices import Parcel
from library.models import Author, Country, Publisher
from shop.models import Book, Chair, Passport, Shelf, Tag


def read(author: Author, book: Book, tag: Tag, parcel: Parcel, chair: Chair, passport: Passport) -> None:
    # case: every field
    reveal_type(author.name)  # R: str
    reveal_type(book.price)  # R: Decimal
    reveal_type(author.created)  # R: datetime
    author.name.year  # E: attr-defined
    # case: null=True
    reveal_type(author.height)  # R: float | None
    author.height + 1.0  # E: operator
    # case: id
    reveal_type(author.id)  # R: int
    author.id = "x"  # E: assignment
    # case: pk
    reveal_type(Country().pk)  # R: str
    author.pk = "x"  # E: assignment
    # case: a foreign key
    reveal_type(book.author)  # R: Author
    book.author = tag  # E: assignment
    # case: the key of a foreign key, of the target's type
    reveal_type(book.country_id)  # R: str
    reveal_type(book.editor_id)  # R: int | None
    book.country_id = 3  # E: assignment
    # case: a target "self"
    reveal_type(author.teacher)  # R: Author | None
    author.teacher = book  # E: assignment
    # case: a target given as text
    reveal_type(book.editor)  # R: Author | None
    book.editor.name  # E: union-attr
    # case: a target of a later class
    reveal_type(book.tags)  # R: ManyRelatedManager[Tag]
    book.tags.naem  # E: attr-defined
    # case: the other side of a foreign key, of an app that is not imported
    reveal_type(author.books)  # R: RelatedManager[Book]
    author.boks  # E: attr-defined
    # case: the other side of pairs
    reveal_type(tag.books.first())  # R: Book | None
    tag.book_set  # E: attr-defined
    # case: the other side of a one-to-one
    reveal_type(author.passport)  # R: Passport
    author.passport_set  # E: attr-defined
    # case: get_FOO_display()
    reveal_type(parcel.get_size_display())  # R: str | None
    author.get_name_display()  # E: attr-defined
    # case: an enumeration's choices
    reveal_type(parcel.status)  # R: Status
    parcel.status = "x"  # E: assignment
    # case: abstract parents
    reveal_type(chair.owner)  # R: Author
    chair.onwer  # E: attr-defined
    # case: a column as an expression
    reveal_type(Author.name)  # R: TextColumn[str, str]
    Author.name + Author.naem  # E: attr-defined
    # case: an unknown attribute
    reveal_type(passport.number)  # R: str
    passport.numbre  # E: attr-defined
    # case: an assignment
    author.nickname = None
    author.nickname = "Ada"
    reveal_type(author.nickname)  # R: str
    author.name = None  # E: assignment


def shelf(shelf: Shelf, publisher: Publisher) -> None:
    # case: the other side through a model of pairs
    reveal_type(shelf.placing_set.get().place)  # R: int
    shelf.placings  # E: attr-defined
