"""A shape is written once: what shares it, what changes it, and that there is an end to it."""

from __future__ import annotations

import gc
import linecache
import threading
import traceback

import pytest

from dorm import Count, F, Q
from dorm.query.compiled import MAX_STATEMENTS, compile_bulk_update, compile_select
from dorm.query.shape import MAX_SHAPES
from dorm.sql.dialects.sqlite import SQLiteDialect
from tests.queries.models import Author, Book, Everything

SQLITE = SQLiteDialect()


def compiled(queryset):
    return compile_select(queryset.query.shape, SQLITE)


PAIRS = {
    "values": lambda x: Author.objects.filter(age=x),
    "chains": lambda x: Author.objects.filter(age__gte=x).exclude(name=str(x)).order_by("-age"),
    "q": lambda x: Author.objects.filter(Q(age=x) | ~Q(name=str(x), age__lt=x)),
    "slices": lambda x: Author.objects.all()[x + 1 : 2 * x + 7],
    "lists": lambda x: Author.objects.filter(age__in=[x, x + 1]),
    "lists of 3 and 4": lambda x: Author.objects.filter(age__in=list(range(x + 2))),
    "relations": lambda x: Book.objects.filter(author__publisher__name=str(x)),
    "annotations": lambda x: Author.objects.annotate(n=Count("books")).filter(n__gte=x),
    "arithmetic": lambda x: Author.objects.filter(age=F("id") + x),
    "subqueries": lambda x: Book.objects.filter(author__in=Author.objects.filter(age=x)),
    "values()": lambda x: Author.objects.values("name").filter(age=x),
    "only": lambda x: Author.objects.only("name").filter(age=x),
    "bools": lambda x: Author.objects.filter(active=x == 1),
    "ranges": lambda x: Author.objects.filter(age__range=(x, 2 * x)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_calls_share_one_statement_whatever_their_values(name):
    make = PAIRS[name]
    assert compiled(make(1)) is compiled(make(2))


DIFFERENT = {
    "None": (lambda: Author.objects.filter(age=3), lambda: Author.objects.filter(age=None)),
    "isnull": (
        lambda: Author.objects.filter(age__isnull=True),
        lambda: Author.objects.filter(age__isnull=False),
    ),
    "names": (lambda: Author.objects.filter(age=3), lambda: Author.objects.filter(id=3)),
    "not": (lambda: Author.objects.filter(age=3), lambda: Author.objects.exclude(age=3)),
    "not in a q": (lambda: Author.objects.filter(Q(age=3)), lambda: Author.objects.filter(~Q(age=3))),
    "connector": (
        lambda: Author.objects.filter(Q(age=3) | Q(id=3)),
        lambda: Author.objects.filter(Q(age=3) & Q(id=3)),
    ),
    "length of a list": (
        lambda: Author.objects.filter(age__in=[1, 2]),
        lambda: Author.objects.filter(age__in=[1, 2, 3]),
    ),
    "empty list": (lambda: Author.objects.filter(age__in=[1]), lambda: Author.objects.filter(age__in=[])),
    "expression": (lambda: Author.objects.filter(age=3), lambda: Author.objects.filter(age=F("id"))),
    "expression in a q": (
        lambda: Author.objects.filter(Q(age=3)),
        lambda: Author.objects.filter(Q(age=F("id"))),
    ),
    "order": (lambda: Author.objects.order_by("age"), lambda: Author.objects.order_by("-age")),
    "one call or two": (
        lambda: Author.objects.filter(books__pages=1, books__title="x"),
        lambda: Author.objects.filter(books__pages=1).filter(books__title="x"),
    ),
    "slice": (lambda: Author.objects.all()[:3], lambda: Author.objects.all()[1:3]),
    "operator": (
        lambda: Author.objects.filter(age=F("id") + 1),
        lambda: Author.objects.filter(age=F("id") - 1),
    ),
    "model": (lambda: Author.objects.filter(id=1), lambda: Book.objects.filter(id=1)),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_changes_the_sql_changes_the_shape(name):
    one, two = DIFFERENT[name]
    for first, second in ((one, two), (two, one)):
        assert compiled(first()).sql != compiled(second()).sql
        assert compiled(first()) is compiled(one() if first is one else two())


def test_true_and_one_do_not_stand_for_each_other():
    one, true = Author.objects.filter(age=1), Author.objects.filter(active=True)
    assert one.query.params == (1,)
    assert repr(true.query.params) == "(True,)"
    assert repr(Author.objects.filter(age=True).query.params) == "(1,)"
    assert repr(Author.objects.filter(active=1).query.params) == "(True,)"


def test_a_value_of_another_type_is_fitted_on_a_hit_too():
    for value in (3, "3", 3.0, 3):
        assert repr(Author.objects.filter(age=value).query.params) == "(3,)"
    for _ in range(2):
        with pytest.raises(ValueError, match="age"):
            Author.objects.filter(age="many")


def test_no_value_stands_in_the_text():
    secret = "secret-4711"
    rows = Author.objects.filter(Q(name=secret) | Q(name__contains=secret), name__in=[secret], age=4711)
    assert "4711" not in compiled(rows.exclude(name__startswith=secret)[:4711]).sql


def test_queries_are_frozen():
    base = Author.objects.filter(age=3)
    before = (base.query.shape, base.query.params)
    base.filter(name="x").order_by("age")[:3]
    assert (base.query.shape, base.query.params) == before


def test_a_statement_is_shared_by_threads():
    found = []

    def work():
        found.append(compiled(Author.objects.filter(age__lt=1, id__gt=2, name="threads")))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.sql for one in found}) == 1


def _shapes_below(shape):
    return 1 + sum(_shapes_below(child) for child in shape.next.values())


def test_the_tree_of_a_model_has_an_end():
    for number in range(2 * MAX_SHAPES):
        Everything.objects.annotate(**{f"x{number}": F("whole")})
    assert _shapes_below(Everything.objects.all().query.shape) <= MAX_SHAPES + 1


def test_generated_code_is_shown_in_tracebacks():
    build = compiled(Author.objects.filter(age=1, name="traceback")).build
    with pytest.raises(ValueError) as caught:
        build([(1, 2)], None)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename.startswith("<dorm ")
    assert last.line
    assert last.filename in linecache.cache


def test_generated_code_goes_with_the_shape_that_it_was_made_for():
    def sources():
        return {name for name in linecache.cache if name.startswith("<dorm ")}

    before = sources()
    for number in range(2 * MAX_SHAPES):
        compiled(Everything.objects.annotate(**{f"y{number}": F("whole")}))
    gc.collect()
    assert len(sources() - before) < 2 * MAX_SHAPES


def test_a_queryset_that_is_kept_has_an_end_too():
    base = Everything.objects.filter(whole=1)
    for number in range(2 * MAX_SHAPES):
        base.annotate(**{f"z{number}": F("whole")})
    assert _shapes_below(base.query.shape) <= MAX_SHAPES + 1


def test_the_statements_of_a_shape_have_an_end():
    shape = Everything.objects.filter(whole=2).query.shape
    fields = (shape.options.get_field("whole"),)
    for rows in range(1, 2 * MAX_STATEMENTS):
        compile_bulk_update(shape, fields, rows, SQLITE)
    assert len(shape.compiled) <= MAX_STATEMENTS
