"""Relations to one row and to many, used wrongly."""

from dorm import Prefetch
from library.models import Author
from shop.models import Book, Passport, Shelf, Tag

Book.objects.filter(tags__naem="x")  # E: dorm-field Tag has no field 'naem' (in 'tags__naem'). Did you mean 'name'?
Book.objects.filter(tags="x")  # E: dorm-value 'tags' expects Tag | int, got str
Book.objects.filter(tags=Author())  # E: dorm-value 'tags' expects Tag | int, got Author
Tag.objects.filter(books__titel="x")  # E: dorm-field Book has no field 'titel' (in 'books__titel'). Did you mean 'title'?
Author.objects.filter(passport__numbre="x")  # E: dorm-field Passport has no field 'numbre' (in 'passport__numbre').
Author.objects.filter(chairs__legs=3)  # E: dorm-field Author has no field 'chairs' (in 'chairs__legs').
Book.objects.filter(placing=3)  # E: dorm-field Book has no field 'placing'.
Book.objects.select_related("tags")  # E: dorm-path 'tags' leads to many rows, which select_related() cannot load
Book.objects.only("tags")  # E: dorm-field 'tags' is not a column of Book
Book(tags=[3])  # E: dorm-field Book(tags=...): save it first, then call tags.set(...)
Tag.objects.create(books=[3])  # E: dorm-field Tag(books=...): save it first, then call books.set(...)
Book.objects.update(tags=3)  # E: dorm-field Book.tags has no column: change it by add(), remove() and set()
Passport(holder="x")  # E: dorm-value 'holder' expects Author | int, got str
Author.objects.prefetch_related("book")  # E: dorm-path Author has no relation 'book'. Did you mean 'books'?
Author.objects.prefetch_related("books__tag")  # E: dorm-path Book has no relation 'tag' (in 'books__tag'). Did you mean 'tags'?
Author.objects.prefetch_related(Prefetch("boks"))  # E: dorm-path Author has no relation 'boks'. Did you mean 'books'?
Author.objects.prefetch_related(Prefetch("books", Tag.objects.all()))  # E: dorm-value Prefetch('books') expects rows of Book, not of Tag
Author.objects.prefetch_related(Prefetch("books", to_attr="some")).filter(some=3)  # E: dorm-field Author has no field 'some'.
Author.objects.prefetch_related(Prefetch("books", to_attr="some"), "some__tag")  # E: dorm-path Book has no relation 'tag' (in 'some__tag'). Did you mean 'tags'?
Author.objects.prefetch_related("some__tags", Prefetch("books", to_attr="some"))  # E: dorm-path Author has no relation 'some' (in 'some__tags').
Author.objects.get_or_create(naem="x", age="3")  # E: dorm-field 'naem' # E: dorm-value 'age' expects int
Author.objects.get_or_create(name="x", defaults={"aeg": 3, "age": "3"})  # E: dorm-field Author() has no field 'aeg'. Did you mean 'age'? # E: dorm-value 'age' expects int, got str
Author.objects.get_or_create(name="x", defaults=dict(aeg=3))  # E: dorm-field Author() has no field 'aeg'.
Author.objects.get_or_create({"aeg": 3}, name="x")  # E: dorm-field Author() has no field 'aeg'.
Author.objects.get_or_create(name="x", defaults={"age": lambda: "x"})  # E: dorm-value 'age' expects int, got str
Author.objects.get_or_create(books=3)  # E: dorm-field Author() has no field 'books'.
Author.objects.update_or_create(name="x", defaults={"aeg": 3}, create_defaults={"naem": 3})  # E: dorm-field Author has no field 'aeg'. # E: dorm-field Author() has no field 'naem'.


def attributes(author: Author, book: Book, shelf: Shelf) -> None:
    book.tags = [3]  # E: assignment
    book.placing_set  # E: attr-defined
    book.tags.add("x")
    author.books.create(title="x", author=author)  # E: dorm-field 'author' is the row that the manager belongs to: leave it out
    author.books.get_or_create(author_id=3)  # E: dorm-field 'author_id' is the row
    author.books.update_or_create(titel="x")  # E: dorm-field Book has no field 'titel'.
    author.books.filter(author=author)
    shelf.books.create(titel="x", through_defaults={"place": 3})  # E: dorm-field Book() has no field 'titel'.
    author.passport = book  # E: assignment


async def twins(author: Author) -> None:
    await Author.objects.aget_or_create(naem="x")  # E: dorm-field 'naem'
    await author.books.aupdate_or_create(title="x", defaults={"titel": 3})  # E: dorm-field Book() has no field 'titel'.
