"""The table of what must be inferred and refused: names."""

from __future__ import annotations

from typing import Final, reveal_type

from library.models import Author
from shop.models import Book

from dorm import Avg, Count, F, Max, Prefetch, Q, Sum

authors = Author.objects.all()

# case: order_by()
reveal_type(authors.order_by("name", "-publisher__name"))  # R: QuerySet[Author, Author]
authors.order_by("naem")  # E: dorm-field
# case: only()
reveal_type(authors.only("name"))  # R: QuerySet[Author, Author]
authors.only("naem")  # E: dorm-field
# case: defer()
reveal_type(authors.defer("name"))  # R: QuerySet[Author, Author]
authors.defer("naem")  # E: dorm-field
# case: select_related()
reveal_type(authors.select_related("publisher"))  # R: QuerySet[Author, Author]
authors.select_related("publihser")  # E: dorm-field
# case: prefetch_related()
reveal_type(authors.prefetch_related("books__tags"))  # R: QuerySet[Author, Author]
authors.prefetch_related("books__tgas")  # E: dorm-path
# case: Prefetch
reveal_type(authors.prefetch_related(Prefetch("books", to_attr="all")).get().all)  # R: list[Book]
authors.prefetch_related(Prefetch("boks"))  # E: dorm-path
# case: distinct()
reveal_type(authors.distinct("name"))  # R: QuerySet[Author, Author]
authors.distinct("naem")  # E: dorm-field
# case: values()
reveal_type(authors.values("name").get())  # R: TypedDict({'name': str})
authors.values("naem")  # E: dorm-field
# case: values_list()
reveal_type(authors.values_list("name").get())  # R: tuple[str]
authors.values_list("naem")  # E: dorm-field
# case: F
reveal_type(authors.annotate(a=F("age")).get().a)  # R: int
authors.annotate(a=F("aeg"))  # E: dorm-field
# case: Count
reveal_type(authors.annotate(a=Count("books")).get().a)  # R: int
authors.annotate(a=Count("boks"))  # E: dorm-field
# case: Sum
reveal_type(authors.annotate(a=Sum("age")).get().a)  # R: int | None
authors.annotate(a=Sum("aeg"))  # E: dorm-field
# case: other aggregates
reveal_type(authors.aggregate(a=Avg("age"), b=Max("height"))["a"])  # R: float | None
authors.aggregate(a=Avg("aeg"))  # E: dorm-field
# case: in_bulk(field_name=)
reveal_type(authors.in_bulk(field_name="name"))  # R: dict[str, Author]
authors.in_bulk(field_name="naem")  # E: dorm-field
# case: earliest()
reveal_type(authors.earliest("created"))  # R: Author
authors.earliest("craeted")  # E: dorm-field
# case: latest()
reveal_type(authors.latest("-created"))  # R: Author
authors.latest("-craeted")  # E: dorm-field
# case: dates()
reveal_type(authors.dates("created", "year")[0])  # R: date
authors.dates("craeted", "year")  # E: dorm-field

# case: a name in a Final variable
NAME: Final = "name"
WRONG: Final = "naem"
reveal_type(authors.values(NAME).get())  # R: TypedDict({'name': str})
authors.values(WRONG)  # E: dorm-field
authors.order_by(WRONG)  # E: dorm-field

# case: names in a Final tuple
NAMES: Final = ("name", "age")
MISSED: Final = ("name", "aeg")
reveal_type(authors.values(*NAMES).get())  # R: TypedDict({'name': str, 'age': int})
reveal_type(authors.values_list(*NAMES).get())  # R: tuple[str, int]
authors.values(*MISSED)  # E: dorm-field
authors.order_by(*MISSED)  # E: dorm-field
authors.only(*MISSED)  # E: dorm-field

# case: a Q in a variable
grown = Q(age__gte=18)
wrong = Q(aeg__gte=18)
reveal_type(authors.filter(grown))  # R: QuerySet[Author, Author]
authors.filter(wrong)  # E: dorm-field
Book.objects.filter(grown)  # E: dorm-field

# case: an F in a variable
age = F("age")
missed = F("aeg")
reveal_type(authors.annotate(a=age).get().a)  # R: int
authors.annotate(a=missed)  # E: dorm-field
