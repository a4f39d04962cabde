"""Wrong columns in the place of names, and wrong values beside them."""

from __future__ import annotations

from library.models import Author, Publisher
from shop.models import Book

from dorm import Count, Q, Sum

authors = Author.objects

authors.filter(Publisher.name == "x")  # E: dorm-field Publisher.name is a column of Publisher, and the query is of Author
authors.filter(~(Publisher.name == "x") | Q(age=3))  # E: dorm-field Publisher.name is a column of Publisher
authors.exclude(Publisher.name.contains("x"))  # E: dorm-field Publisher.name is a column of Publisher
authors.order_by(Publisher.name)  # E: dorm-field Publisher.name is a column of Publisher
authors.order_by(Publisher.name.desc())  # E: dorm-field Publisher.name is a column of Publisher
authors.values(Publisher.name)  # E: dorm-field Publisher.name is a column of Publisher
authors.values_list(Publisher.name, Author.age)  # E: dorm-field Publisher.name is a column of Publisher
authors.only(Publisher.name)  # E: dorm-field Publisher.name is a column of Publisher
authors.annotate(n=Count(Publisher.name))  # E: dorm-field Publisher.name is a column of Publisher
authors.aggregate(n=Sum(Publisher.id))  # E: dorm-field Publisher.id is a column of Publisher
authors.update(name=Publisher.name)  # E: dorm-field Publisher.name is a column of Publisher
authors.filter(name=Publisher.name)  # E: dorm-field Publisher.name is a column of Publisher
authors.filter(Author.agee >= 3)  # E: attr-defined "type[Author]" has no attribute "agee"
authors.filter(Author.age >= "x")  # E: operator Unsupported operand types for >= ("Column[int, int]" and "str")
authors.filter(Author.id == "x")  # E: arg-type Argument 1 to "filter" of "Manager" has incompatible type "bool"
Book.objects.filter(Book.author_id > "x")  # E: operator Unsupported operand types for > ("Column[int, int]" and "str")
