"""The table of what must be inferred and refused: querysets, and beyond."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

authors = Author.objects.all()

# case: slices
reveal_type(authors[:3])  # R: QuerySet[Author, Author]
authors["x"]  # E: call-overload
# case: indexing
reveal_type(authors[0])  # R: Author
authors[0].naem  # E: attr-defined
# case: first() and last()
reveal_type(authors.last())  # R: Author | None
authors.first().name  # E: union-attr
# case: get()
reveal_type(authors.get())  # R: Author
authors.get().naem  # E: attr-defined
# case: get_or_none()
reveal_type(authors.get_or_none(age=3))  # R: Author | None
authors.get_or_none(age=3).name  # E: union-attr
# case: in_bulk()
reveal_type(authors.in_bulk([1]))  # R: dict[int, Author]
authors.in_bulk([1])["x"]  # E: index
# case: unions
reveal_type(authors.union(authors).intersection(authors))  # R: QuerySet[Author, Author]
authors.union(3)  # E: arg-type
# case: iterator()
reveal_type(next(authors.iterator()))  # R: Author
next(authors.iterator()).naem  # E: attr-defined
# case: raw()
reveal_type(next(iter(Author.objects.raw("SELECT 1"))))  # R: Author
Author.objects.raw(3)  # E: arg-type
# case: class-level expressions
reveal_type(authors.filter(Author.age >= 18).values_list(Author.name, flat=True).get())  # R: str
Author.age >= "x"  # E: operator
authors.filter(Book.title == "x")  # E: dorm-field


async def twins() -> None:
    # case: await
    reveal_type(await authors)  # R: list[Author]
    (await authors)[0].naem  # E: attr-defined
    # case: async loops
    async for author in authors:
        reveal_type(author)  # R: Author
        author.naem  # E: attr-defined
    # case: aiterator()
    async for each in authors.aiterator():
        reveal_type(each)  # R: Author
        each.naem  # E: attr-defined
    # case: twins
    reveal_type(await authors.afirst())  # R: Author | None
    reveal_type(await authors.acount())  # R: int
    (await authors.afirst()).name  # E: union-attr
