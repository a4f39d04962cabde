"""Functions and choices with wrong names."""

from dorm import Case, Coalesce, Count, Q, Value, When
from dorm.expressions.text import Concat, Upper
from library.models import Author

Author.objects.annotate(a=Upper("naem"))  # E: dorm-field 'naem'
Author.objects.annotate(a=Coalesce("nickname", "naem"))  # E: dorm-field 'naem'
Author.objects.annotate(a=Concat("naem", Value(" ")))  # E: dorm-field 'naem'
Author.objects.annotate(a=Case(When(aeg__lt=18, then=Value(1))))  # E: dorm-field 'aeg'
Author.objects.annotate(a=Case(When(Q(age="x"), then=Value(1))))  # E: dorm-value 'age' expects int
Author.objects.annotate(a=Count("books", filter=Q(books__titel="x")))  # E: dorm-field 'titel'
Author.objects.filter(~Q(naem="x") & Q(age=1))  # E: dorm-field 'naem'
Author.objects.annotate(a=Case(When(age=3, then="naem"), default=Value("")))  # E: dorm-field 'naem'
Author.objects.annotate(a=Case(When(age=3, then=Value("")), default="naem"))  # E: dorm-field 'naem'
