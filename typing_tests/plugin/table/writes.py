"""The table of what must be inferred and refused: what is written."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

# case: Model(...)
reveal_type(Author(name="Ada", age=3, publisher_id=None))  # R: Author
Author(naem="Ada")  # E: dorm-field
Author(age="3")  # E: dorm-value
# case: create()
reveal_type(Author.objects.create(name="Ada"))  # R: Author
Author.objects.create(naem="Ada")  # E: dorm-field
Author.objects.create(age="3")  # E: dorm-value
# case: get_or_create()
reveal_type(Author.objects.get_or_create(name="Ada"))  # R: tuple[Author, bool]
Author.objects.get_or_create(naem="Ada")  # E: dorm-field
# case: update_or_create()
reveal_type(Author.objects.update_or_create(name="Ada", defaults={"age": 3}))  # R: tuple[Author, bool]
Author.objects.update_or_create(age="3")  # E: dorm-value
# case: defaults
reveal_type(Author.objects.get_or_create(name="x", defaults={"age": 3})[0])  # R: Author
Author.objects.get_or_create(name="x", defaults={"aeg": 3})  # E: dorm-field
Author.objects.update_or_create(name="x", defaults={"age": "3"})  # E: dorm-value
# case: update()
reveal_type(Author.objects.filter(age=3).update(age=4, name="x"))  # R: int
Author.objects.update(aeg=4)  # E: dorm-field
Author.objects.update(age="4")  # E: dorm-value
# case: bulk_update(fields=)
reveal_type(Book.objects.bulk_update([], fields=["title", "author"]))  # R: int
Book.objects.bulk_update([], fields=["titel"])  # E: dorm-field
# case: a key, or an instance, of a relation
reveal_type(Book(author=Author(), editor_id=3))  # R: Book
Book(author=Book())  # E: dorm-value
# case: nothing missing
reveal_type(Author())  # R: Author
Author("Ada")  # E: call-arg


def save(author: Author) -> None:
    # case: save(update_fields=)
    reveal_type(author.save(update_fields=["name"]))  # R: None
    author.save(update_fields=["naem"])  # E: dorm-field


async def twins(author: Author) -> None:
    # case: twins of writes
    reveal_type(await Author.objects.acreate(name="Ada"))  # R: Author
    await Author.objects.acreate(naem="Ada")  # E: dorm-field
    await Author.objects.aupdate(age="3")  # E: dorm-value
    await author.asave(update_fields=["naem"])  # E: dorm-field
