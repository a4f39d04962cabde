"""Inside JSON: keys of documents in every part of a query, the same on both databases."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

import dorm
from dorm import KT, Cast, Count, F, JSONNull, KeyTextTransform, KeyTransform, Q, Value


@dataclass
class Room:
    name: str
    size: float = 0


@dataclass
class House:
    city: str
    rooms: list[Room] = field(default_factory=list)
    extra: dict[str, int] = field(default_factory=dict)
    note: str | None = None


class Note(dorm.Model):
    name = dorm.CharField(max_length=20, default="")
    number = dorm.IntegerField(null=True)
    meta = dorm.JSONField(null=True)
    parent = dorm.ForeignKey("self", dorm.CASCADE, null=True, related_name="children")

    class Meta:
        app_label = "queries_json"


class Home(dorm.Model):
    house = dorm.JSONField(schema=House)

    class Meta:
        app_label = "queries_json"


NESTED = {"a": {"b": [{"c": "deep"}, 2]}, "tags": ["red", "green"]}

DOCUMENTS: dict[str, Any] = {
    "nothing": None,
    "null": JSONNull,
    "one": {"a": 1, "b": "Text", "n": None},
    "half": {"a": 0.5, "b": "text"},
    "word": {"a": "x", "true": True},
    "yes": {"a": True, "b": ""},
    "nested": NESTED,
    "places": {"0": "zero", "a": [1, [2, 3]]},
    "list": [1, "a", None, {"a": 1}],
    "text": "a",
    "number": 7,
}


@pytest.fixture
def notes(call: Any) -> None:
    call(dorm.create_tables, Note)
    for name, document in DOCUMENTS.items():
        call(Note.objects.create, name=name, meta=document, number=1)


def names(call: Any, rows: Any) -> set[str]:
    return set(call.list(rows.values_list("name", flat=True)))


FOUND: list[tuple[dict[str, Any], set[str]]] = [
    # exact
    ({"meta__a": 1}, {"one"}),
    ({"meta__a": 1.0}, {"one"}),
    ({"meta__a": 0.5}, {"half"}),
    ({"meta__a": "x"}, {"word"}),
    ({"meta__a": True}, {"yes"}),
    ({"meta__a": False}, set()),
    ({"meta__a": "1"}, set()),
    ({"meta__a__exact": {"b": [{"c": "deep"}, 2]}}, {"nested"}),
    ({"meta__a__b__0__c": "deep"}, {"nested"}),
    ({"meta__a__b__0": {"c": "deep"}}, {"nested"}),
    ({"meta__a__b__1": 2}, {"nested"}),
    ({"meta__tags__1": "green"}, {"nested"}),
    ({"meta__a__1__0": 2}, {"places"}),
    ({"meta__tags": ["red", "green"]}, {"nested"}),
    ({"meta__tags": ["green", "red"]}, set()),
    # a number is a place in an array, and a key of an object
    ({"meta__0": 1}, {"list"}),
    ({"meta__0": "zero"}, {"places"}),
    ({"meta__3__a": 1}, {"list"}),
    ({"meta__9": 1}, set()),
    # null, and nothing
    ({"meta__n": None}, {"one"}),
    ({"meta__2": None}, {"list"}),
    ({"meta__n": JSONNull}, {"one"}),
    ({"meta__n__isnull": False}, {"one"}),
    ({"meta__true": True}, {"word"}),
    ({"meta__tags__isnull": False}, {"nested"}),
    ({"meta__tags__5__isnull": False}, set()),
    ({"meta": None}, {"nothing"}),
    ({"meta__isnull": True}, {"nothing"}),
    ({"meta": JSONNull}, {"null"}),
    ({"meta": Value(None, dorm.JSONField())}, {"null"}),
    ({"meta__n": Value(None, dorm.JSONField())}, {"one"}),
    # several
    ({"meta__a__in": [1, "x", {"b": [{"c": "deep"}, 2]}]}, {"one", "word", "nested"}),
    ({"meta__a__in": [0.5, None]}, {"half"}),
    ({"meta__a__in": []}, set()),
    ({"meta__n__in": [JSONNull]}, {"one"}),
    ({"meta__in": [7, "a", [1, "a", None, {"a": 1}]]}, {"list", "text", "number"}),
    # order: by kind, then by value
    ({"meta__a__gt": 0.5, "meta__a__lte": 1}, {"one"}),
    ({"meta__a__gte": 0.5, "meta__a__lt": 2}, {"half", "one"}),
    ({"meta__a__range": (0, 1)}, {"half", "one"}),
    ({"meta__b__gt": "Text", "meta__b__lt": "z"}, {"half"}),
    ({"meta__a__gt": "a", "meta__a__lt": 0}, {"word"}),
    # the text of a value
    ({"meta__b__iexact": "TEXT"}, {"one", "half"}),
    ({"meta__b__startswith": "t"}, {"half"}),
    ({"meta__b__istartswith": "TE"}, {"one", "half"}),
    ({"meta__b__endswith": "ext"}, {"one", "half"}),
    ({"meta__b__iendswith": "EXT"}, {"one", "half"}),
    ({"meta__b__icontains": "EX"}, {"one", "half"}),
    ({"meta__b__regex": "^T.x"}, {"one"}),
    ({"meta__b__iregex": "^T.x"}, {"one", "half"}),
    ({"meta__a__startswith": "0."}, {"half"}),
    ({"meta__tags__icontains": '["RED", "gr'}, {"nested"}),
    ({"meta__icontains": "deep"}, {"nested"}),
    ({"meta__n__icontains": "null"}, set()),
    # what is in it
    ({"meta__contains": {"a": 1}}, {"one"}),
    ({"meta__contains": {"a": 1, "b": "Text"}}, {"one"}),
    ({"meta__contains": {"a": {"b": [2]}}}, {"nested"}),
    ({"meta__contains": {"tags": ["green"]}}, {"nested"}),
    ({"meta__contains": {}}, {"one", "half", "word", "yes", "nested", "places"}),
    ({"meta__contains": []}, {"list"}),
    ({"meta__contains": "a"}, {"list", "text"}),
    ({"meta__contains": [None, {}]}, {"list"}),
    ({"meta__tags__contains": "red"}, {"nested"}),
    ({"meta__tags__contains": ["green", "red"]}, {"nested"}),
    ({"meta__a__contains": {"b": [{"c": "deep"}]}}, {"nested"}),
    ({"meta__contained_by": {"a": 1, "b": "Text", "n": None, "z": 1}}, {"one"}),
    ({"meta__contained_by": ["a", 7]}, {"text", "number"}),
    ({"meta__tags__contained_by": ["red", "green", "blue"]}, {"nested"}),
    # keys
    ({"meta__has_key": "b"}, {"one", "half", "yes"}),
    ({"meta__has_key": "0"}, {"places"}),
    ({"meta__has_key": "a"}, {"one", "half", "word", "yes", "nested", "places", "list", "text"}),
    ({"meta__has_keys": ["a", "b"]}, {"one", "half", "yes"}),
    ({"meta__has_keys": []}, set(DOCUMENTS) - {"nothing"}),
    ({"meta__has_any_keys": ["n", "tags"]}, {"one", "nested"}),
    ({"meta__has_any_keys": []}, set()),
    ({"meta__a__has_key": "b"}, {"nested"}),
    ({"meta__tags__has_any_keys": ["green", "x"]}, {"nested"}),
    ({"meta__json_has_key": "n"}, {"one"}),
    ({"meta__json_has_all": ["n", "b"]}, {"one"}),
    ({"meta__json_has_any": ["n", "tags"]}, {"one", "nested"}),
    # another column on the right
    ({"meta__a": F("number")}, {"one"}),
    ({"number": F("meta__a")}, {"one"}),
    ({"number__gt": F("meta__a"), "meta__a__gte": 0}, {"half"}),
    ({"meta__a__in": [F("number"), "x"]}, {"one", "word"}),
    ({"meta__b__iexact": F("meta__b")}, {"one", "half", "yes"}),
    ({"meta__a": Value("x")}, {"word"}),
    ({"meta__b__startswith": Value("Te")}, {"one"}),
    ({"meta__contains": F("meta")}, set(DOCUMENTS) - {"nothing"}),
]


@pytest.mark.parametrize(("lookups", "expected"), FOUND, ids=[str(one) for one, _ in FOUND])
def test_a_path_finds_what_stands_there_and_exclude_finds_the_rest(call, notes, lookups, expected):
    assert names(call, Note.objects.filter(**lookups)) == expected
    assert names(call, Note.objects.filter(~Q(**lookups))) == set(DOCUMENTS) - expected
    assert names(call, Note.objects.exclude(**lookups)) == set(DOCUMENTS) - expected


def test_a_key_that_is_missing_is_null_and_one_that_is_null_is_not(call, notes):
    without = set(DOCUMENTS) - {"one", "half", "yes"}
    assert names(call, Note.objects.filter(meta__b__isnull=True)) == without
    assert names(call, Note.objects.filter(meta__n__isnull=True)) == set(DOCUMENTS) - {"one"}
    assert names(call, Note.objects.filter(meta__b__iexact=None)) == without


def test_values_come_out_as_what_they_are(call, notes):
    rows = Note.objects.order_by("pk")
    assert call.list(rows.filter(meta__has_key="b").values_list("meta__b", "meta__a", "meta__zz")) == [
        ("Text", 1, None),
        ("text", 0.5, None),
        ("", True, None),
    ]
    assert call.list(rows.filter(name="nested").values("meta__a__b__0", "meta__tags")) == [
        {"meta__a__b__0": {"c": "deep"}, "meta__tags": ["red", "green"]}
    ]
    one = call(rows.annotate(a=F("meta__a"), n=F("meta__n")).get, name="one")
    assert (one.a, type(one.a), one.n) == (1, int, None)


def test_what_looks_like_a_lookup_is_a_key_where_nothing_is_compared(call, notes):
    call(Note.objects.create, name="odd", meta={"range": 1, "in": {"gt": 2}})
    assert call(Note.objects.values_list("meta__range", "meta__in__gt").get, name="odd") == (1, 2)
    assert names(call, Note.objects.filter(meta__in__gt__exact=2)) == {"odd"}


def test_rows_are_ordered_by_kind_and_value(call, notes):
    rows = Note.objects.filter(meta__a__isnull=False).order_by("meta__a", "pk")
    assert call.list(rows.values_list("name", flat=True)) == [
        "word", "half", "one", "yes", "places", "nested",
    ]  # fmt: skip
    assert call.list(rows.reverse().values_list("name", flat=True))[:2] == ["nested", "places"]
    for number in (10, 9, 100):
        call(Note.objects.create, name=f"{number}", number=0, meta=number)
    assert call.list(Note.objects.filter(number=0).order_by("-meta").values_list("meta", flat=True)) == [
        100,
        10,
        9,
    ]


def test_rows_are_grouped_and_made_distinct_by_what_a_path_holds(call, notes):
    call(Note.objects.create, name="again", meta={"a": 1.0, "b": "other"})
    groups = Note.objects.filter(meta__a__lte=1, meta__a__gte=0).values("meta__a").annotate(n=Count("pk"))
    assert call.list(groups.order_by("meta__a")) == [{"meta__a": 0.5, "n": 1}, {"meta__a": 1, "n": 2}]
    assert call(Note.objects.aggregate, n=Count("meta__a", distinct=True), all=Count("meta__a")) == {
        "n": 6,
        "all": 7,
    }
    found = Note.objects.filter(meta__a__lte=1, meta__a__gte=0).values_list("meta__a", flat=True).distinct()
    assert sorted(call.list(found)) == [0.5, 1]


def test_an_annotation_has_paths_as_its_column_has(call, notes):
    rows = Note.objects.annotate(inner=F("meta__a"), whole=F("meta"))
    assert names(call, rows.filter(inner__b__0__c="deep")) == {"nested"}
    assert names(call, rows.filter(whole__n=None)) == {"one"}
    assert names(call, rows.filter(whole=None)) == {"nothing"}
    assert names(call, Note.objects.annotate(n=F("meta__n")).filter(n=None)) == {"one"}
    made = Note.objects.annotate(made=dorm.JSONObject(x=F("number"), y=F("meta__tags")))
    assert names(call, made.filter(made__x=1, made__y__0="red")) == {"nested"}


def test_a_path_crosses_relations(call, notes):
    parent = call(Note.objects.get, name="nested")
    call(Note.objects.create, name="child", parent=parent, meta={"k": 5})
    assert names(call, Note.objects.filter(parent__meta__a__b__1=2)) == {"child"}
    assert names(call, Note.objects.filter(children__meta__k__gt=4)) == {"nested"}
    assert call(Note.objects.values_list("parent__meta__tags__0", flat=True).get, name="child") == "red"
    assert "nested" not in names(call, Note.objects.exclude(children__meta__k=5))


def test_update_takes_values_of_paths_and_makes_json_of_others(call, notes):
    one = Note.objects.filter(name="one")
    assert call(one.update, number=F("meta__a"), name=F("meta__b")) == 1
    row = call(Note.objects.get, name="Text")
    assert (row.number, row.meta["a"]) == (1, 1)
    assert call(Note.objects.filter(name="nested").update, meta=F("meta__tags")) == 1
    assert call(Note.objects.get, name="nested").meta == ["red", "green"]
    assert call(Note.objects.filter(name="half").update, meta=F("name")) == 1
    assert call(Note.objects.get, name="half").meta == "half"
    assert call(Note.objects.filter(name="half").update, meta=Value(None, dorm.JSONField())) == 1
    assert names(call, Note.objects.filter(meta=JSONNull)) == {"half", "null"}


def test_a_path_is_cast(call, notes):
    rows = Note.objects.filter(name__in=["one", "half"])
    numbers = rows.annotate(a=Cast("meta__a", dorm.FloatField()), b=Cast("meta__b", dorm.TextField()))
    assert call.list(numbers.order_by("a").values_list("a", "b")) == [(0.5, "text"), (1.0, "Text")]
    assert call(numbers.aggregate, total=dorm.Sum("a")) == {"total": 1.5}


def test_a_subquery_of_paths_is_looked_in(call, notes):
    inner = Note.objects.filter(name="list").values("meta__3__a")
    assert names(call, Note.objects.filter(meta__a__in=inner)) == {"one"}
    with pytest.raises(dorm.FieldError, match="'meta__a__in' looks for JSON among text"):
        Note.objects.filter(meta__a__in=Note.objects.values("name"))
    with pytest.raises(dorm.FieldError, match="'name__in' looks for text among JSON"):
        Note.objects.filter(name__in=Note.objects.values("meta__b"))


def test_a_choice_by_a_path_is_compared_as_the_text_that_it_is(call, notes):
    word = dorm.Case(dorm.When(meta__a=1, then=Value("1")), default=Value("x"))
    rows = Note.objects.annotate(word=word)
    assert names(call, rows.filter(word="1")) == {"one"}
    assert names(call, rows.filter(word="1.0")) == set()


def test_a_slice_keeps_the_order_and_the_groups_of_paths(call, notes):
    for number in (10, 9, 100):
        call(Note.objects.create, name=f"{number}", number=0, meta={"size": number})
    some = Note.objects.filter(number=0).order_by("meta__size")
    assert call(some[:2].aggregate, n=Count("meta__size", distinct=True)) == {"n": 2}
    assert call.list(some.filter(pk__in=some[1:]).values_list("meta__size", flat=True)) == [10, 100]
    assert call.list(some.values_list("meta__size", flat=True).distinct()) == [9, 10, 100]
    assert call(some.last).name == "100"


# -- a schema says which keys there are ------------------------------------------------------------


def test_a_schema_names_its_keys(call):
    call(dorm.create_tables, Home)
    rome = call(Home.objects.create, house=House("Rome", [Room("hall", 12.5), Room("bath")], {"floor": 3}))
    call(Home.objects.create, house=House("Oslo"))
    for lookups in (
        {"house__city": "Rome"},
        {"house__rooms__0__name": "hall"},
        {"house__rooms__0__size__gt": 12},
        {"house__rooms__contains": [{"name": "bath"}]},
        {"house__extra__floor": 3},
        {"house__note": None, "house__city__startswith": "R"},
        {"house__has_key": "city", "house__city": "Rome"},
    ):
        assert call(Home.objects.get, **lookups) == rome
    assert call.list(Home.objects.order_by("house__city").values_list("house__city", flat=True)) == [
        "Oslo",
        "Rome",
    ]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "house__citty",
            r"'house' \(JSON of House\) has no key or lookup 'citty'. Did you mean 'city'\? Keys: city, ",
        ),
        (
            "house__rooms__0__nam",
            r"'house__rooms__0' \(JSON of Room\) has no key or lookup 'nam'. Did you mean 'name'",
        ),
        ("house__rooms__name", r"'house__rooms' \(JSON\) has no key or lookup 'name'"),
        ("house__city__x", r"'house__city' \(JSON of str\) has no key or lookup 'x'"),
        ("house__note__x", r"'house__note' \(JSON of str\) has no key or lookup 'x'"),
    ],
)
def test_a_key_that_the_schema_does_not_have_is_an_error(key, words):
    with pytest.raises(dorm.FieldError, match=words):
        Home.objects.filter(**{key: 1})
    with pytest.raises(dorm.FieldError, match=words):
        Home.objects.values(key)


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lookups", "words"),
    [
        ({"meta__a__icontains": 3}, "'meta__a__icontains' expects text"),
        ({"meta__has_key": 1}, "'meta__has_key' expects text"),
        ({"meta__has_keys": "ab"}, "'meta__has_keys' expects several texts"),
        ({"meta__has_keys": [1]}, "'meta__has_keys' expects text"),
        ({"meta__a__isnull": "no"}, "expects True or False"),
        ({"meta__a__in": 3}, "expects several values"),
        ({"meta__a__gt": None}, "'meta__a__gt' cannot be compared with None: use 'meta__a__isnull'"),
        ({"meta__a__range": (1,)}, "expects two values"),
        ({"number__in": [F("meta__a")]}, "which is JSON: make it one with Cast"),
    ],
)
def test_an_operand_that_does_not_fit_is_an_error_at_once(lookups, words):
    with pytest.raises(dorm.FieldError, match=words):
        Note.objects.filter(**lookups)


# -- keys and texts as expressions -----------------------------------------------------------------

ODD_KEYS = [
    "a b",
    'a"b',
    "a'b",
    "a.b",
    "$",
    "$.a",
    "a__b",
    "é",
    "\u2603",
    "%s",
    "100%",
    "a\\b",
    "[0]",
    "0",
    "-1",
    "a\nb",
    "",
]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_key_is_taken_by_its_letters(call, key):
    call(dorm.create_tables, Note)
    call(Note.objects.create, name="here", meta={key: {"x": [key]}, "other": 1})
    call(Note.objects.create, name="not", meta={key + "x": 1})
    inside = KeyTransform(key, "meta")
    rows = Note.objects.annotate(at=inside, text=KeyTextTransform("x", inside))
    assert call.list(rows.exclude(at=None).filter(at__isnull=False).values_list("at", "text")) == [
        ({"x": [key]}, json.dumps([key], ensure_ascii=False))
    ]
    assert names(call, Note.objects.filter(meta__has_key=key)) == {"here"}
    assert names(call, Note.objects.filter(meta__contains={key: {"x": [key]}})) == {"here"}
    assert names(call, Note.objects.order_by(inside.asc(nulls_last=True))[:1]) == {"here"}
    if "__" not in key and key:
        path = f"meta__{key}__x__0"
        assert names(call, Note.objects.filter(**{path: key})) == {"here"}
        assert call.list(Note.objects.filter(name="here").values_list(path, KT(path))) == [(key, key)]
        assert call.list(Note.objects.filter(name="here").values(path)) == [{path: key}]


def test_kt_gives_the_text_of_a_path(call, notes):
    rows = Note.objects.annotate(b=KT("meta__b"), a=KT("meta__a"), shouted=dorm.Upper(KT("meta__b")))
    assert call.list(
        rows.filter(name__in=["one", "nested"]).order_by("pk").values_list("a", "b", "shouted")
    ) == [
        ("1", "Text", "TEXT"),
        ('{"b": [{"c": "deep"}, 2]}', None, None),
    ]
    assert names(call, rows.filter(b__endswith="ext")) == {"one", "half"}
    assert names(call, Note.objects.filter(name=KT("meta"))) == set()
    total = Note.objects.filter(name__in=["one", "half"]).aggregate
    assert call(total, total=dorm.Sum(Cast(KT("meta__a"), dorm.FloatField()))) == {"total": 1.5}


@pytest.mark.parametrize(
    "expression",
    [
        F("meta__a") + 1,
        dorm.Max("meta__a"),
        dorm.Sum("meta__a"),
        dorm.Lower("meta__a"),
        dorm.Greatest("meta__a", "meta__b"),
    ],
)
def test_json_is_no_number_and_no_text_by_itself(expression):
    with pytest.raises(dorm.FieldError, match=r"Cast\(\)"):
        Note.objects.annotate(wrong=expression)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Note.objects.annotate(x=KT("name")), "looks into JSON, and finds a value of the type char"),
        (lambda: Note.objects.annotate(x=KeyTransform("a", "name")), "looks into JSON"),
        (lambda: KT(3), "the path of a key"),
        (lambda: KeyTransform("a\0", "meta"), "cannot be a key of JSON"),
        (lambda: KeyTransform("\ud800", "meta"), "cannot be a key of JSON"),
        (lambda: Note.objects.filter(meta__a__=1), "has no key or lookup ''"),
        (lambda: Note.objects.filter(**{"meta__a\0": 1}), "has no key or lookup"),
        (lambda: Note.objects.values_list("meta__a b", named=True), "is no name of an attribute"),
        (lambda: Note.objects.values("na me"), "Invalid field"),
    ],
)
def test_what_is_no_key_is_refused(wrong, words):
    with pytest.raises(dorm.FieldError, match=words):
        wrong()


# -- indexes ---------------------------------------------------------------------------------------


class Indexed(dorm.Model):
    meta = dorm.JSONField()

    class Meta:
        app_label = "queries_json"
        indexes = [
            dorm.Index(F("meta__a"), name="by_a"),
            dorm.Index(KT("meta__b__0"), F("meta__c").desc(), name="by_b"),
        ]
        constraints = [dorm.CheckConstraint(condition=Q(meta__has_key="a"), name="has_a")]


def test_a_path_is_indexed_and_checked(call, database):
    call(dorm.create_tables, Indexed)
    one = call(Indexed.objects.create, meta={"a": "x", "b": ["y"]})
    assert call(Indexed.objects.get, meta__a="x") == one
    with pytest.raises(dorm.CheckViolation):
        call(Indexed.objects.create, meta={"b": 1})
    if database.vendor == "sqlite":
        assert "by_a" in call(Indexed.objects.filter(meta__a="x").explain)
        assert "by_b" in call(Indexed.objects.annotate(b=KT("meta__b__0")).filter(b="y").explain)
