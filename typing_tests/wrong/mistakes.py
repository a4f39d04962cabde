"""Forty-seven queries with one mistake each, as people make them who are new to the models: each is found."""

import datetime
from decimal import Decimal

from dorm import Avg, Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Sum, Value, When
from dorm.expressions.text import Lower
from library.models import Author, Publisher
from shop.models import Book, Issue, Passport, Review, Shelf, Tag

now = datetime.datetime.now()

Author.objects.filter(first_name="Ada")  # E:
Author.objects.filter(name_startswith="A")  # E:
Author.objects.filter(name__start="A")  # E:
Author.objects.filter(age__greater_than=3)  # E:
Author.objects.filter(age__between=(1, 2))  # E:
Author.objects.filter(created__gt="2024")  # E:
Author.objects.filter(publisher="Penguin")  # E:
Author.objects.filter(publisher.name == "Penguin")  # E:
Author.objects.filter(book_set__title="x")  # E:
Author.objects.get(id="3")  # E:
Author.objects.filter(Author.age > "18")  # E:
Author.objects.filter(name="Ada", age=None)  # E:
Author.objects.exclude(nickname__isnull=None)  # E:
Author.objects.filter(Q(name="Ada") | Q(adge=36))  # E:
Author.objects.order_by("name", "-brithday")  # E:
Author.objects.order_by("publisher__title")  # E:
Author.objects.get(name="Ada").publisher.name  # E:
Author.objects.first().name  # E:
Author.objects.values("name", "publisher.name")  # E:
Author.objects.values_list("name", "age", flat=True)  # E:
Author.objects.create(name="Ada", publisher="Penguin")  # E:
Author.objects.create(title="Ada")  # E:
Author(name="Ada", ages=3)  # E:
Author.objects.update(age=Decimal("3.5"))  # E:
Author.objects.select_related("books")  # E:
Author.objects.prefetch_related("book")  # E:
Author.objects.prefetch_related(Prefetch("books", queryset=Review.objects.all()))  # E:
Author.objects.annotate(total=Count("titles"))  # E:
Author.objects.annotate(total=Count("books")).filter(totals__gt=3)  # E:
Author.objects.annotate(total=Count("books")).order_by("totl")  # E:
Book.objects.aggregate(mean=Avg("cost"))  # E:
Book.objects.aggregate(most=Max("price"))["max"]  # E:
Book.objects.annotate(cheap=Case(When(prise__lt=3, then=Value(True)), default=Value(False)))  # E:
Book.objects.filter(price__lte=F("price_max"))  # E:
Book.objects.filter(tags__in=["new", "old"])  # E:
Book.objects.filter(author__in=Publisher.objects.get())  # E:
Book.objects.filter(Exists(Review.objects.filter(books=OuterRef("pk"))))  # E:
Book.objects.annotate(loud=Lower("name"))  # E:
Book.objects.in_bulk(field_name="slug")  # E:
Book.objects.bulk_create([Author()])  # E:
Book.objects.annotate(last=Subquery(Review.objects.filter(book=OuterRef("pk")).values("date")[:1]))  # E:
Book.objects.values("author__age").annotate(n=Sum("pages")).get()["pages"]  # E:
Passport.objects.get().holder.passport.numbers  # E:
Shelf.objects.get().books.create(name="x")  # E:
Tag.objects.filter(books=now)  # E:
Issue.objects.newest().filter(name="x")  # E:
Review.objects.filter(stars=4.5)  # E:
