"""Lookups that are wrong: names, lookups, paths, values."""

from dorm import Count, F, Q
from library.models import Author
from shop.models import Book

authors = Author.objects
ada = authors.get(pk=1)

authors.filter(agee=3)  # E: dorm-field Author has no field 'agee'. Did you mean 'age'?
authors.filter(publisher__naem="x")  # E: dorm-field Publisher has no field 'naem' (in 'publisher__naem'). Did you mean 'name'?
authors.filter(books__titel="x")  # E: dorm-field Book has no field 'titel' (in 'books__titel'). Did you mean 'title'?
authors.filter(age__gtee=3)  # E: dorm-lookup 'age' (a number) has no lookup 'gtee'. Did you mean 'gte'?
authors.filter(age__contains=3)  # E: dorm-lookup 'age' (a number) has no lookup 'contains'.
authors.filter(name__year=3)  # E: dorm-lookup 'name' (text) has no lookup 'year'.
authors.filter(created__yaer=3)  # E: dorm-lookup 'created' (a date and time) has no lookup 'yaer'. Did you mean 'year'?
authors.filter(name__gt__lt=3)  # E: dorm-lookup 'gt' is a lookup and ends the name, so 'lt' may not follow it.
authors.filter(age="3")  # E: dorm-value 'age' expects int, got str
authors.filter(age__gte="3")  # E: dorm-value 'age__gte' expects int, got str
authors.filter(age__in=["a"])  # E: dorm-value 'age__in' expects Iterable[int], got list[str]
authors.filter(name__in="Ada")  # E: dorm-value 'name__in' expects Iterable[str], got str
authors.filter(age__range=(1, "9"))  # E: dorm-value 'age__range' expects tuple[int, int], got tuple[int, str]
authors.filter(age__range=(1, 2, 3))  # E: dorm-value 'age__range' expects tuple[int, int], got tuple[int, int, int]
authors.filter(age__isnull="yes")  # E: dorm-value 'age__isnull' expects bool, got str
authors.filter(created__year="2024")  # E: dorm-value 'created__year' expects int, got str
authors.filter(name=None)  # E: dorm-value 'name' expects str, got None
authors.filter(publisher=ada)  # E: dorm-value 'publisher' expects Publisher | int, got Author
authors.filter(publisher_id="3")  # E: dorm-value 'publisher_id' expects Publisher | int, got str
authors.filter(books__price__gt="3")  # E: dorm-value 'books__price__gt' expects Decimal, got str
authors.exclude(agee=3).get(naem="x")  # E: dorm-field 'agee' # E: dorm-field 'naem'
authors.filter(Q(agee=3) | ~Q(Q(age="3"), naem=1))  # E: dorm-field 'agee' # E: dorm-value 'age' expects int # E: dorm-field 'naem'
authors.filter(age=F("hieght") + 1)  # E: dorm-field Author has no field 'hieght'. Did you mean 'height'?
authors.annotate(n=Count("boks"))  # E: dorm-field Author has no field 'boks'. Did you mean 'books'?
authors.annotate(n=Count("books")).filter(n__gte="2", m=3)  # E: dorm-value 'n__gte' expects int, got str # E: dorm-field 'm'
authors.aggregate(n=Count("boks"))  # E: dorm-field 'boks'
Book.objects.filter(author__pupils__agee=3)  # E: dorm-field Author has no field 'agee' (in 'author__pupils__agee'). Did you mean 'age'?


async def twins() -> None:
    await authors.aget(agee=3)  # E: dorm-field 'agee'
    await authors.aget_or_none(age="3")  # E: dorm-value 'age' expects int
