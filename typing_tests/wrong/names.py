"""Names that lead nowhere, in every method that takes some; attributes that are not there."""

from typing import Final

from dorm import F
from library.models import Author
from shop.models import Book

TITLE: Final = "titel"
authors = Author.objects

authors.order_by("naem")  # E: dorm-field Author has no field 'naem'. Did you mean 'name'?
authors.order_by("-publisher__naem")  # E: dorm-field Publisher has no field 'naem' (in 'publisher__naem').
authors.order_by(F("naem").desc())  # E: dorm-field 'naem'
authors.order_by("age__gte")  # E: dorm-lookup 'age__gte' names a value here, so no lookup may follow: leave out '__gte'.
authors.only("naem")  # E: dorm-field 'naem'
authors.defer("naem")  # E: dorm-field 'naem'
authors.values("naem")  # E: dorm-field 'naem'
authors.values_list("naem", "age")  # E: dorm-field 'naem'
authors.values_list("naem", flat=True)  # E: dorm-field 'naem'
authors.values_list("name", "age", flat=True)  # E: dorm-rows values_list(flat=True) takes exactly one field, not 2
Book.objects.values(TITLE)  # E: dorm-field Book has no field 'titel'. Did you mean 'title'?
authors.select_related("name")  # E: dorm-path Author.name is not a relation.
authors.select_related("publihser")  # E: dorm-field Author has no field 'publihser'. Did you mean 'publisher'?
authors.select_related("publisher__name")  # E: dorm-path Publisher.name is not a relation (in 'publisher__name').
authors.get().naem  # E: attr-defined "Author" has no attribute "naem"
authors.annotate(n=F("age")).get().m  # E: attr-defined "Author" has no attribute "m"
Author.objectz  # E: attr-defined "type[Author]" has no attribute "objectz"
authors.select_related("books")  # E: dorm-path 'books' leads to many rows, which select_related() cannot load
authors.only("books__title")  # E: dorm-field 'books__title' is not a column of Author or of a row that it refers to
authors.annotate(name=F("age"))  # E: dorm-field The annotation 'name' conflicts with a field of Author
