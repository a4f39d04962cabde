"""Conditions and expressions that variables hold, and that do not fit the model."""

from dorm import Count, F, Prefetch, Q
from library.models import Author
from shop.models import Book

adult = Q(age__gte="18")
other = ~adult | Q(naem="Ada")
longer = F("hieght") + 1
books = Count("boks")

Author.objects.filter(adult)  # E: dorm-value 'age__gte' expects int, got str
Author.objects.exclude(other)  # E: dorm-value 'age__gte' # E: dorm-field Author has no field 'naem'. Did you mean 'name'?
Author.objects.filter(Q(name="x") & other)  # E: dorm-value 'age__gte' # E: dorm-field 'naem'
Author.objects.filter(height=longer)  # E: dorm-field Author has no field 'hieght'. Did you mean 'height'?
Author.objects.order_by(longer.desc())  # E: dorm-field 'hieght'
Author.objects.annotate(n=books)  # E: dorm-field Author has no field 'boks'. Did you mean 'books'?
Author.objects.update(height=longer)  # E: dorm-field 'hieght'
Book.objects.filter(~Q(author__age=3), other)  # E: dorm-field Book has no field 'age' # E: dorm-field Book has no field 'naem'


def some(name: str) -> None:
    condition = Q(name=name)
    Author.objects.filter(condition)
    condition = condition & Q(titel="x")
    Author.objects.filter(condition)  # E: dorm-field 'titel'

missing = Prefetch("boks")
foreign = Prefetch("books", Author.objects.all())
Author.objects.prefetch_related(missing)  # E: dorm-path Author has no relation 'boks'. Did you mean 'books'?
Author.objects.prefetch_related("books", foreign)  # E: dorm-value Prefetch('books') expects rows of Book, not of Author
Book.objects.prefetch_related(foreign)  # E: dorm-path Book has no relation 'books'
Author.objects.prefetch_related(Prefetch("books", to_attr="cheap")).get().cheep  # E: attr-defined
