"""The table of what must be inferred and refused: rows."""

from __future__ import annotations

from typing import reveal_type

from library.models import Author
from shop.models import Book

from dorm import Count, F

names = ["name"]

# case: values()
reveal_type(Author.objects.values("name", "age").get())  # R: TypedDict({'name': str, 'age': int})
Author.objects.values("name").get()["age"]  # E: misc
# case: values() over a foreign key
reveal_type(Book.objects.values("author__name").get())  # R: TypedDict({'author__name': str})
Book.objects.values("author__naem")  # E: dorm-field
# case: values() over a join that may find nothing
reveal_type(Author.objects.values("publisher__name").get())  # R: TypedDict({'publisher__name': str | None})
Author.objects.values("publisher__name").get()["publisher__name"].upper()  # E: union-attr
# case: values() without names
reveal_type(Author.objects.values().get()["publisher_id"])  # R: int | None
Author.objects.values().get()["publisher"]  # E: misc
# case: values() of annotations
reveal_type(Author.objects.annotate(n=Count("books")).values("n").get())  # R: TypedDict({'n': int})
Author.objects.annotate(n=Count("books")).values("m")  # E: dorm-field
# case: values() of expressions
reveal_type(Author.objects.values("name", next=F("age") + 1).get())  # R: TypedDict({'name': str, 'next': int})
Author.objects.values(next=F("aeg") + 1)  # E: dorm-field
# case: values_list()
reveal_type(Author.objects.values_list("name", "height").get())  # R: tuple[str, float | None]
Author.objects.values_list("name").get()[1]  # E: misc
# case: values_list(flat=True)
reveal_type(Author.objects.values_list("height", flat=True).get())  # R: float | None
Author.objects.values_list("height", "age", flat=True)  # E: dorm-rows
# case: values_list(named=True)
reveal_type(Author.objects.values_list("name", "age", named=True).get().age)  # R: int
Author.objects.values_list("name", named=True).get().age  # E: attr-defined
# case: values() before annotate()
reveal_type(Author.objects.values("age").annotate(n=Count("books")).get())  # R: TypedDict({'age': int, 'n': int})
Author.objects.values("age").annotate(n=Count("boks"))  # E: dorm-field
# case: annotate() before values()
reveal_type(Author.objects.annotate(n=Count("books")).values("age", "n").get())  # R: TypedDict({'age': int, 'n': int})
Author.objects.annotate(n=Count("books")).values("age").get()["n"]  # E: misc
# case: names that are known when the program runs
reveal_type(Author.objects.values(*names).get())  # R: dict[str, Any]
reveal_type(Author.objects.values_list(*names).get())  # R: tuple[Any, ...]
Author.objects.values(*names, "naem")  # E: dorm-field


async def twins() -> None:
    # case: rows that are awaited
    reveal_type(await Author.objects.values("name"))  # R: list[TypedDict({'name': str})]
    (await Author.objects.values("name"))[0]["age"]  # E: misc
    # case: rows of an async loop
    async for name, height in Author.objects.values_list("name", "height"):
        reveal_type(height)  # R: float | None
        name.naem  # E: attr-defined
