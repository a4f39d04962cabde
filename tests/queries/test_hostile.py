"""Names from outside are names or errors: nothing in them is ever run as SQL, or as Python."""

from __future__ import annotations

import pytest

import dorm
from dorm import Avg, Count, F, FieldError, Max, Q, Value

from .models import Author, Book

STRINGS = [
    "name; DROP TABLE queries_author",
    'name" = "name" OR 1=1 --',
    "name' OR '1'='1",
    "1=1) OR (1=1",
    "name/**/",
    "name -- x",
    "name#",
    "name\0",
    "name\n",
    "na.me",
    "queries_author.name",
    '"name"',
    "`name`",
    "[name]",
    "name%s",
    "name?",
    "name:x",
    "$1",
    "name AS x",
    "count(*)",
    "rowid",
    "_rowid_",
    "oid",
    "sqlite_master",
    "ctid",
    "_connector",
    "_negated",
    "connector",
    "negated",
    "__class__",
    "_meta",
    "__import__('os')",
    "x=1):\n    pass\n#",
    "self",
    "\ud800",
    "nаme",  # noqa: RUF001  (a Cyrillic letter)
    "𝐧𝐚𝐦𝐞",  # noqa: RUF001  (an identifier to Python, by another spelling)
    "",
    " ",
    "name ",
    "a" * 10_000,
]

READS = {
    "filter": lambda name: Author.objects.filter(**{name: "x"}),
    "filter lookup": lambda name: Author.objects.filter(**{f"name__{name}": "x"}),
    "filter relation": lambda name: Author.objects.filter(**{f"publisher__{name}": "x"}),
    "exclude": lambda name: Author.objects.exclude(**{name: "x"}),
    "q": lambda name: Author.objects.filter(Q(**{name: "x"})),
    "order_by": lambda name: Author.objects.order_by(name),
    "order_by descending": lambda name: Author.objects.order_by(f"-{name}"),
    "values": lambda name: Author.objects.values(name),
    "values_list": lambda name: Author.objects.values_list(name),
    "only": lambda name: Author.objects.only(name),
    "defer": lambda name: Author.objects.defer(name),
    "select_related": lambda name: Author.objects.select_related(name),
    "f": lambda name: Author.objects.filter(age=F(name)),
    "f in order": lambda name: Author.objects.order_by(F(name).desc()),
    "annotate source": lambda name: Author.objects.annotate(x=F(name)),
    "aggregate source": lambda name: Author.objects.annotate(x=Max(name)),
    "aggregate relation": lambda name: Author.objects.annotate(x=Avg(f"books__{name}")),
}


@pytest.mark.parametrize("where", READS)
def test_a_name_that_is_none_is_refused_at_the_call(where):
    for text in STRINGS:
        # Python itself refuses a second `self`.
        with pytest.raises((FieldError, TypeError) if text == "self" else FieldError):
            READS[where](text)


@pytest.mark.usefixtures("rows")
def test_a_written_name_that_is_none_is_refused_before_any_statement(call, statements):
    with statements() as sent:
        for text in STRINGS:
            with pytest.raises((FieldError, TypeError)):
                call(Author.objects.update, **{text: 1})
            with pytest.raises((FieldError, TypeError)):
                call(Author.objects.create, **{text: 1})
            with pytest.raises((FieldError, TypeError)):
                Author(**{text: 1})
            with pytest.raises(FieldError):
                call(Author(pk=1, name="x").save, update_fields=[text])
            with pytest.raises((FieldError, TypeError)):
                call(Author.objects.get, **{text: 1})
    assert sent == []


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "text", ["rowid", "_rowid_", "oid", "ctid", "connector", "sqlite_master", "select", "id2"]
)
def test_an_alias_that_means_something_to_a_database_is_an_alias(call, text):
    rows = Author.objects.annotate(**{text: Count("books")}).order_by(text, "pk").values_list(text)
    assert call.list(rows) == [(0,), (0,), (2,), (2,)]
    assert call(Author.objects.aggregate, **{text: Count("id")}) == {text: 4}


def test_an_alias_that_is_no_name_is_refused_at_the_call():
    for text in STRINGS:
        if not text.isidentifier() or "__" in text:
            with pytest.raises(FieldError):
                Author.objects.annotate(**{text: Count("books")})


@pytest.mark.usefixtures("rows")
def test_a_value_is_a_value_whatever_it_holds(call):
    for text in STRINGS:
        try:
            assert call.list(Author.objects.filter(name=text)) == []
            assert call.list(Author.objects.filter(name__contains=text, name__in=[text])) == []
            (row,) = call.list(Author.objects.filter(name="Ada").annotate(x=Value(text)).values_list("x"))
            assert row == (text,)
            assert call(Author.objects.filter(name="Ada").update, name=text[:50]) == 1
            assert call(Author.objects.filter(name=text[:50]).update, name="Ada") == 1
        except (dorm.DataError, FieldError):
            assert "\0" in text or "\ud800" in text
    assert call(Author.objects.count) == 4


def test_the_connector_of_a_q_is_not_to_be_had_from_keywords():
    with pytest.raises((FieldError, TypeError)):
        Author.objects.filter(_connector="OR 1=1 --", name="x")
    with pytest.raises((FieldError, TypeError)):
        Author.objects.filter(Q(_connector="OR 1=1 --", name="x"))


@pytest.mark.parametrize("key", [3, None, b"name", ("name",), object()])
def test_a_name_is_a_string(key):
    for method in ("order_by", "values", "values_list", "only", "defer"):
        with pytest.raises(FieldError):
            getattr(Book.objects, method)(key)
    for expression in (F, Max, Count):
        with pytest.raises(FieldError):
            expression(key)
