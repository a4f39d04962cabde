"""Fields that functions make, and models that come about in other ways: what the plugin cannot read is let through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import dorm
from dorm import F, Q

T = TypeVar("T")


def text(size: int = 100, **options: Any) -> dorm.CharField[str]:
    return dorm.CharField(max_length=size, **options)


def anything() -> Any:
    return dorm.IntegerField()


def untyped():
    return dorm.IntegerField()


def money(**kwargs: Any) -> dorm.DecimalField[Any]:
    return dorm.DecimalField(max_digits=8, decimal_places=2, **kwargs)


def to_author(name: str) -> dorm.ForeignKey[Author]:
    return dorm.ForeignKey("Author", dorm.CASCADE, related_name=name)


OPTIONS: dict[str, Any] = {"max_length": 20}
ARGS: tuple[Any, ...] = ("name",)
NULL: bool = True


class Mixin:
    note = dorm.TextField(null=True)

    def shout(self) -> str:
        return "x"


class Base(dorm.Model):
    class Meta:
        abstract = True


class Author(Base, Mixin):
    name = text()
    other = anything()
    more = untyped()  # type: ignore[no-untyped-call]
    worth = money(null=True)
    star = dorm.CharField(*ARGS, **OPTIONS)
    maybe = dorm.CharField(max_length=3, null=NULL)
    if NULL:
        branch = dorm.IntegerField()
    else:
        branch = dorm.IntegerField(default=3)
    for_ = dorm.IntegerField()
    typed: dorm.IntegerField[int] = dorm.IntegerField()
    cond = dorm.IntegerField() if NULL else dorm.IntegerField(null=True)
    a, b = dorm.IntegerField(), dorm.IntegerField()


class Book(Base):
    author = to_author("books")
    far = dorm.ForeignKey("elsewhere.Thing", dorm.CASCADE)
    title = dorm.CharField(max_length=30)


def make(name: str) -> type[Author]:
    class Local(Author):
        extra = dorm.IntegerField()

    Local.objects.filter(extra=3, name="x", id=3)
    return Local


Author.objects.filter(name="x", other=3, more=3, worth=3, star="x", maybe=None, branch=3, typed=3, cond=3, note="x")
Author.objects.order_by("other", "more", "cond", "branch", "star", "for_", "a", "b")
Author.objects.filter(other__gte=3, more__in=[1], worth__gt=3, cond__isnull=True, a=1, b__lt=3)
Author.objects.values("name", "other", "cond", "note")
Author(name="x", other=3, more=4, worth=None, star="x", cond=3, branch=1, a=3)
Author.objects.create(name="x", other=3, more=4, b=3)
Author.objects.update(other=3, more=F("other"), cond=None)
Author().shout()
Author().note
Author().other
Author().more
Author().cond
Author().star
Book.objects.filter(author__name="x", author__other=3, far__x__y=3, far=3)
Book.objects.filter(author=Author())
Book().author.name
make("x").objects.filter(name="x")
models: list[type[Author]] = [Author]
for m in models:
    m.objects.filter(name="x", other=3)
getattr(Author, "objects").filter(x=3)
fields: Any = "name"
Author.objects.filter(**{fields: 3}).order_by(*[fields], fields).values(fields).values_list(fields, flat=True)
Author.objects.only(fields).select_related(fields if NULL else None)
conditions: list[Q] = []
Author.objects.filter(*conditions)
reveal_type(Author.objects.values("name", "cond", "note").get())  # R: TypedDict({'name': str, 'cond': int | None, 'note': str | None})
reveal_type(Book.objects.values("author", "author__name").get())  # R: TypedDict({'author': int, 'author__name': str})
reveal_type(Book().author)  # R: Author
Author.objects.filter(naem="x")  # E: dorm-field Author has no field 'naem'. Did you mean 'name'?
Author.objects.filter(name=3)  # E: dorm-value
Author(naem="x")  # E: dorm-field Author() has no field 'naem'.
Book.objects.filter(author__naem="x")  # E: dorm-field Author has no field 'naem'
