"""What rows are grouped by beside the groups that a query names: the largest part that no aggregate makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import dorm
from tests.conftest import Database

from .running import DORM, Library, django, plain

pytestmark = pytest.mark.usefixtures("oracle")


def _or_day(lib: Library) -> Any:
    """A transform beside an aggregate, in one OR."""
    w = lib.words
    q = w.Q(n__gte=0, authors__reviews__at__day=1) | w.Q(n__gt=1)
    return lib.models.Publisher.objects.annotate(n=w.Count("authors__books__title", distinct=True)).filter(q)


def _or(key: str, value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """Any other condition there."""

    def rows(lib: Library) -> Any:
        w = lib.words
        q = w.Q(**{key: value(lib)}) | w.Q(n__gt=1)
        return lib.models.Publisher.objects.annotate(n=w.Count("authors__books", distinct=True)).filter(q)

    return rows


def _beside(value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """A value shown beside an aggregate of the row."""

    def rows(lib: Library) -> Any:
        made = lib.models.Publisher.objects.annotate(n=lib.words.Count("authors__books", distinct=True))
        return made.annotate(x=value(lib)).values("id", "n", "x")

    return rows


def _mixed(value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """One value made of another and of an aggregate."""

    def rows(lib: Library) -> Any:
        made = value(lib) + lib.words.Count("authors__books", distinct=True)
        return lib.models.Publisher.objects.annotate(x=made).values("id", "x")

    return rows


def _ordered(value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """Rows in the order of one."""

    def rows(lib: Library) -> Any:
        made = lib.models.Publisher.objects.annotate(n=lib.words.Count("authors__books", distinct=True))
        return made.order_by(value(lib)).values("id", "n")

    return rows


def _named(value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """A group that is asked for again in HAVING, where it says the same."""

    def rows(lib: Library) -> Any:
        w = lib.words
        made = lib.models.Author.objects.values(x=value(lib)).annotate(n=w.Count("id"))
        return made.filter(w.Q(x=1) | w.Q(n__gt=1))

    return rows


def _grouped_beside(value: Callable[[Library], Any]) -> Callable[[Library], Any]:
    """A value beside groups that are named."""

    def rows(lib: Library) -> Any:
        made = lib.models.Author.objects.values("active").annotate(n=lib.words.Count("id"))
        return made.annotate(x=value(lib))

    return rows


def _day(lib: Library) -> Any:
    return lib.functions.ExtractDay("authors__reviews__at")


def _some(lib: Library) -> Any:
    return lib.functions.Coalesce("authors__age", 1)


def _sum(lib: Library) -> Any:
    return lib.words.F("authors__age") * lib.words.F("authors__age") * 0


def _offset(lib: Library) -> Any:
    return (lib.words.F("authors__age") + 1) * 0


def _case(lib: Library) -> Any:
    w = lib.words
    return w.Case(w.When(authors__age__gt=2, then=w.Value(1)), default=w.Value(2))


def _length(lib: Library) -> Any:
    return lib.functions.Length("authors__name")


def _wrapped(lib: Library) -> Any:
    w = lib.words
    return w.ExpressionWrapper(w.Q(authors__age__gt=2, authors__active=True), output_field=w.BooleanField())


def _subquery(lib: Library) -> Any:
    w = lib.words
    inner = lib.models.Author.objects.filter(age=w.OuterRef("founded")).order_by("pk")
    return w.Subquery(inner.values("age")[:1])


def _subquery_of_many(lib: Library) -> Any:
    w = lib.words
    inner = lib.models.Author.objects.filter(pk=w.OuterRef("authors__id"), age__gt=1)
    return w.Subquery(inner.values("age")[:1])


def _some_age(lib: Library) -> Any:
    return lib.functions.Coalesce("age", 1)


def _age_case(lib: Library) -> Any:
    w = lib.words
    return w.Case(w.When(age__gt=2, then=w.Value(1)), default=w.Value(2))


def _age_sum(lib: Library) -> Any:
    return lib.words.F("age") * 0 + 1


def _raw(lib: Library) -> Any:
    if lib is DORM:
        return dorm.RawSQL("age", (), output_field=dorm.IntegerField())
    from django.db.models.expressions import RawSQL

    return RawSQL("age", ())


def _raw_text(lib: Library) -> Any:
    if lib is DORM:
        return dorm.RawSQL("%s || 'b'", ("a",), output_field=dorm.TextField())
    return lib.functions.Concat(lib.words.Value("a"), lib.words.Value("b"))


def _templated(lib: Library) -> Any:
    w = lib.words
    return w.Func("age", function="ABS", template="(%(function)s(%(expressions)s) * 0 + 1)",
                  output_field=w.IntegerField())  # fmt: skip


OVER_MANY = [
    _day, _some, _sum, _offset, _case, _length, _subquery, _subquery_of_many,
]  # fmt: skip
OF_AUTHORS = [_some_age, _age_case, _age_sum, _raw, _templated]

FORMS: dict[str, Callable[[Library], Any]] = {
    "or_day": _or_day,
    "beside_raw_text": _beside(_raw_text),
    "or_hour": _or("authors__reviews__at__hour__lt", lambda lib: 12),
    "or_month_range": _or("authors__reviews__at__month__in", lambda lib: [1, 2]),
    "or_column": _or("authors__age", lambda lib: 1),
    "or_f": _or("authors__age", lambda lib: lib.words.F("founded")),
    "or_arithmetic": _or("founded__lt", lambda lib: lib.words.F("authors__age") * 0 + 2),
    "or_function": _or("founded__lt", _some),
    "or_case": _or("founded__gte", _case),
    "or_isnull": _or("authors__reviews__at__day__isnull", lambda lib: True),
    "or_text": _or("authors__name__startswith", lambda lib: "a"),
    **{f"beside{made.__name__}": _beside(made) for made in [*OVER_MANY, _wrapped]},
    **{f"mixed{made.__name__}": _mixed(made) for made in OVER_MANY},
    **{f"ordered{made.__name__}": _ordered(made) for made in OVER_MANY},
    **{f"named{made.__name__}": _named(made) for made in OF_AUTHORS},
    **{f"grouped_beside{made.__name__}": _grouped_beside(made) for made in OF_AUTHORS},
}


def answer(lib: Library, form: Callable[[Library], Any]) -> list[str]:
    rows = [row if isinstance(row, dict) else {"id": row.pk, "n": row.n} for row in form(lib)]
    return sorted(repr({name: plain(value) for name, value in row.items()}) for row in rows)


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_grouped_by_what_django_groups_them_by(oracle: Database, form: str) -> None:
    assert answer(DORM, FORMS[form]) == answer(django(), FORMS[form])
