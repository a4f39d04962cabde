"""What is written and does not fit."""

from dorm import F
from library.models import Author, Publisher
from shop.models import Book

Author(naem="Ada")  # E: dorm-field Author() has no field 'naem'. Did you mean 'name'?
Author(age="3")  # E: dorm-value 'age' expects int, got str
Author(name=None)  # E: dorm-value 'name' expects str, got None
Author(publisher=Author())  # E: dorm-value 'publisher' expects Publisher | int | None, got Author
Author.objects.create(naem="Ada", age=3)  # E: dorm-field 'naem'
Author.objects.create(name=Publisher())  # E: dorm-value 'name' expects str, got Publisher
Author.objects.filter(age=3).update(naem="x", age="3")  # E: dorm-field 'naem' # E: dorm-value 'age' expects int
Author.objects.update(age=F("aeg") + 1)  # E: dorm-field Author has no field 'aeg'. Did you mean 'age'?
Author.objects.update(publisher__name="x")  # E: dorm-field 'publisher__name'
Book(country_id=3)  # E: dorm-value 'country_id' expects Country | str, got int


def change(author: Author) -> None:
    author.name = 3  # E: assignment
    author.age = None  # E: assignment
    author.books.create(titel="x")  # E: dorm-field Book() has no field 'titel'. Did you mean 'title'?
    author.save(update_fields=["naem", "age"])  # E: dorm-field Author has no field 'naem'. Did you mean 'name'?
