"""Values as Python source: what is written makes the same value again; what cannot be written is refused."""

from __future__ import annotations

import datetime
import decimal
import functools
import ipaddress
import operator
import pathlib
import random
import re
import uuid
import zoneinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dorm
from dorm import F, Q
from dorm.migrations.compare import told
from dorm.migrations.serializer import serialize
from dorm.validators import MaxValueValidator, MinLengthValidator, RegexValidator, validate_slug

from . import values


def again(value: Any) -> Any:
    """Write *value*, run what was written, and return what that makes."""
    text, imports = serialize(value)
    names: dict[str, Any] = {}
    exec("\n".join(sorted(imports)), names)
    return eval(text, names)


PLAIN = [
    None, True, 0, -3, 10**30, 1.5, -0.0, 1e-7, 1e22, float("inf"),
    2 + 3j, "", "it's", 'say "hi"', "both ' and \"",
    "line\nbreak\t\x00", "\ud800", "naïve ☃ 日本", "\\", b"", b"\x00'\"\xff", decimal.Decimal("1.10"),
    datetime.date(2020, 2, 29), datetime.time(1, 2), datetime.time(1, 2, 3, 4, fold=1),
    datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 1, 2, 3, 4, tzinfo=datetime.timezone.utc),
    datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
    datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5), "EST")),
    datetime.timedelta(0), datetime.timedelta(-1, 5, 7), uuid.UUID(int=5), pathlib.PurePosixPath("a/b"),
    pathlib.Path("a/b"), ipaddress.ip_address("::1"), ipaddress.ip_network("10.0.0.0/8"),
    [], [1, [2]], (), (1,), (1, 2), {}, {"a": {1: None}}, set(), {3, 1, 2}, frozenset({"b", "a"}),
    range(2, 9, 3),
    re.compile("a+"), re.compile(b"a", re.DOTALL), re.compile("a", re.IGNORECASE | re.MULTILINE),
    re.IGNORECASE,
    values.Colour.RED, values.Number.TWO, values.Permission.READ | values.Permission.WRITE,
    values.Permission(0),
    int, values.Colour, type(None), list[int], dict[str, int] | None, Ellipsis,
    dict, uuid.uuid4, values.seven, values.Maker.make,
    values.Maker.build, datetime.datetime.now, operator.add,
    random.random, decimal.Decimal, functools.reduce,
    dorm.CASCADE, dorm.DB_SET_NULL, dorm.JSONNull, values.Divisible(3), values.Even(True, words="x"),
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: type(value).__name__)
def test_what_is_written_makes_the_same_value_again(value):
    made = again(value)

    assert type(made) is type(value)
    assert made == value
    assert told(made) == told(value)


def test_a_number_that_is_none_comes_back():
    assert str(again(float("nan"))) == "nan"


def test_a_partial_is_written_with_its_arguments():
    made = again(functools.partial(int, base=2))

    assert made("11") == 3


SMALL = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False) | st.dates() | st.times() | st.timedeltas() | st.uuids()
    | st.datetimes(timezones=st.none() | st.just(datetime.timezone.utc) | st.timezones()),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)  # fmt: skip


@given(SMALL)
def test_any_nesting_of_plain_values_comes_back(value):
    made = again(value)

    assert made == value
    assert told(made) == told(value)


EXPRESSIONS = [
    F("a"), F("a") + 1, (F("a") + 1) * 2, 1 - F("a"), -F("a"), F("a") ** 2 % 3, "x" + F("a"), dorm.Value("x"),
    dorm.Value(3, output_field=dorm.IntegerField()), dorm.Lower("name"), dorm.Coalesce("a", dorm.Value(0)),
    dorm.Concat("a", dorm.Value(" "), "b"), dorm.Cast("a", dorm.DecimalField(max_digits=4, decimal_places=1)),
    dorm.Case(dorm.When(Q(a=1) | Q(b=2), then=dorm.Value("x")), default=dorm.Value("y")), dorm.Now(),
    dorm.When(a__gte=1, then="b"), F("a").desc(nulls_last=True), (F("a") + F("b")).asc(), dorm.Round("a", 2),
    dorm.Func("a", function="SOUNDEX", output_field=dorm.CharField()),
    Q(), Q(a=1), Q(a=1, b__in=[1, 2]), Q(a=1) | Q(b=2), ~Q(a=1), ~(Q(a=1) | Q(b=2)), ~Q(), ~~Q(a=1),
    Q(a=1) & (Q(b=2) | Q(c=3)), (Q(a=1) | Q(b=2)) & Q(c=3), (Q(a=1) & Q(b=2)) | Q(c=3), Q(Q(a=1), b=2),
    Q(Q(a=1) | Q(b=1)), Q(a=1) & Q(a=1), Q(a=1) | Q(a=2) | Q(a=3), Q(a=1) & Q(Q(b=1) | Q(c=1)) & ~Q(d=1),
    Q(**{"class": 1}), Q(a=F("b")), Q(a__gt=F("b") + 1), Q(a=decimal.Decimal("1.5")),
    ~(~(Q(a=1) | Q(b=1))), Q(a=1) | ~(Q(b=1) & Q(c=1)), Q(Q(Q(a=1))) | Q(b=1),
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=repr)
def test_an_expression_comes_back(expression):
    made = again(expression)

    assert type(made) is type(expression)
    assert repr(made) == repr(expression)
    assert told(made) == told(expression)


LOOKUPS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=1, max_size=2).map(
    lambda d: Q(**d)
)
CONDITIONS = st.recursive(
    LOOKUPS,
    lambda inner: (
        st.builds(lambda a, b: a & b, inner, inner)
        | st.builds(lambda a, b: a | b, inner, inner)
        | st.builds(lambda a: ~a, inner)
        | st.builds(lambda a: Q(a), inner)
        | st.builds(lambda a, b: Q(a, b, c=1), inner, inner)
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_any_condition_comes_back_with_its_structure(condition):
    assert again(condition) == condition


DESCRIPTIONS = [
    dorm.Index(fields=["a"]), dorm.Index(["a", "-b"], name="i", unique=True), dorm.Index(dorm.Lower("a"),
    name="i"),
    dorm.Index("a", F("b").desc(), name="i", condition=Q(a__gt=1), include=["c"]),
    dorm.Index(fields=["a"], name="i", opclasses=["text_pattern_ops"]),
    dorm.GinIndex(fields=["a"], fastupdate=False),
    dorm.BrinIndex(fields=["a"], pages_per_range=4, autosummarize=True),
    dorm.HashIndex(fields=["a"], fillfactor=70),
    dorm.BloomIndex(fields=["a", "b"], length=80, columns=[2, 4]),
    dorm.UniqueConstraint(fields=["a", "b"], name="u"), dorm.UniqueConstraint(dorm.Lower("a"), name="u"),
    dorm.UniqueConstraint(fields=["a"], name="u", condition=~Q(b=1), nulls_distinct=False, include=["c"]),
    dorm.UniqueConstraint(fields=["a"], name="u", deferrable=dorm.Deferrable.DEFERRED,
    violation_error_message="no"),
    dorm.CheckConstraint(condition=Q(a__gte=0) | Q(b=None), name="c", violation_error_code="x"),
    dorm.CheckConstraint(check=Q(a__gte=0), name="%(app_label)s_%(class)s_c"),
]  # fmt: skip


@pytest.mark.parametrize("described", DESCRIPTIONS, ids=repr)
def test_an_index_or_a_constraint_comes_back(described):
    made = again(described)

    assert type(made) is type(described)
    assert repr(made) == repr(described)
    assert told(made) == told(described)
    assert made.deconstruct()[2].keys() == described.deconstruct()[2].keys()


FIELDS = [
    dorm.CharField(max_length=3, choices=[("a", "A")], default="a", help_text="it's \"so\""),
    dorm.CharField("the name", null=True, blank=True, unique=True, db_column="n", db_comment="c"),
    dorm.CharField(max_length=1, choices=[("group", [("a", "A"), ("b", "B")])]),
    dorm.IntegerField(default=values.seven, validators=[MaxValueValidator(9, "too much"), values.Even(True)]),
    dorm.IntegerField(primary_key=True, editable=False), dorm.BooleanField(default=False),
    dorm.DecimalField(max_digits=5, decimal_places=1, default=decimal.Decimal("0.0")),
    dorm.DateTimeField(auto_now_add=True), dorm.DateField(auto_now=True, unique_for_date="other"),
    dorm.DurationField(default=datetime.timedelta(hours=1)),
    dorm.UUIDField(default=uuid.uuid4, primary_key=True),
    dorm.JSONField(default=dict, null=True), dorm.ArrayField(dorm.CharField(max_length=4), size=3),
    dorm.SlugField(), dorm.SlugField(db_index=False), dorm.EmailField(),
    dorm.GenericIPAddressField(protocol="IPv4"),
    dorm.BigAutoField(), dorm.AutoField(primary_key=True), dorm.BinaryField(max_length=9),
    dorm.CharField(db_default="x"), dorm.DateTimeField(db_default=dorm.Now()),
    dorm.GeneratedField(expression=F("a") + 1, output_field=dorm.IntegerField(null=True), db_persist=True),
    dorm.ForeignKey("Author", dorm.CASCADE), dorm.ForeignKey("self",
    dorm.SET_NULL, null=True, related_name="+"),
    dorm.ForeignKey("x.A", dorm.PROTECT, to_field="code", db_constraint=False, limit_choices_to={"a": 1}),
    dorm.OneToOneField("x.A", dorm.CASCADE, primary_key=True), dorm.ManyToManyField("x.A", related_name="bs"),
    dorm.ManyToManyField("self", symmetrical=False, through="x.Link", through_fields=("a", "b")),
    dorm.ManyToManyField("self"), dorm.ManyToManyField("x.A", db_table="pairs", blank=True),
    dorm.CharField(validators=[RegexValidator("^a", "no", re.IGNORECASE), MinLengthValidator(2),
    validate_slug]),
    dorm.CharField(validators=[values.slugged, values.Divisible(3)], error_messages={"null": "x"}),
    values.Upper(max_length=3, case="lower"), values.Upper("words"), values.Code("x"),
    values.Money("USD", null=True),
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: serialize(field)[0])
def test_a_field_comes_back(field):
    made = again(field)

    assert type(made) is type(field)
    assert told(made) == told(field)
    assert told(made.clone()) == told(field)


class Shelf(dorm.Model):
    name = dorm.CharField(max_length=10)

    class Meta:
        app_label = "written"


class Tome(dorm.Model):
    title = dorm.SlugField()
    shelf = dorm.ForeignKey(Shelf, dorm.CASCADE, related_name="%(class)s_set")
    twin = dorm.OneToOneField("self", dorm.CASCADE, null=True)
    shelves = dorm.ManyToManyField(Shelf, related_name="%(app_label)s_tomes")
    peers = dorm.ManyToManyField("self")
    made = dorm.DateTimeField(auto_now=True)

    class Meta:
        app_label = "written"


@pytest.mark.parametrize(
    "field", [*Tome._meta.fields, *Tome._meta.many_to_many], ids=lambda field: field.name
)
def test_a_field_of_a_model_is_written_as_it_was_declared(field):
    made = again(field)

    assert told(made) == told(field) == told(field.clone())
    assert field.deconstruct()[1:] == field.clone().deconstruct()[1:]


def test_options_that_the_class_implies_are_left_out():
    written = {field.name: serialize(field)[0] for field in (*Tome._meta.fields, *Tome._meta.many_to_many)}

    assert written["title"] == "dorm.SlugField()"
    assert written["made"] == "dorm.DateTimeField(auto_now=True)"
    assert written["twin"] == 'dorm.OneToOneField(to="self", on_delete=dorm.CASCADE, null=True)'
    assert written["peers"] == 'dorm.ManyToManyField(to="self")'
    assert written["shelf"] == (
        'dorm.ForeignKey(to="written.Shelf", on_delete=dorm.CASCADE, related_name="%(class)s_set")'
    )


def test_an_enumeration_of_choices_is_written_by_its_values():
    field = dorm.CharField(max_length=1, choices=values.Status, default=values.Status.DRAFT)

    assert serialize(field) == (
        'dorm.CharField(max_length=1, default="d", choices=[("d", "Draft"), ("p", "Published")])',
        {"import dorm"},
    )
    assert told(again(field)) == told(field)


def test_an_enumeration_without_labels_is_written_by_its_values_too():
    field = dorm.CharField(choices=values.Colour, default=values.Colour.RED)

    assert serialize(field)[0] == 'dorm.CharField(default="r", choices=[("r", "RED"), ("g", "GREEN")])'


def test_a_choice_in_a_condition_is_written_by_its_value():
    assert serialize(Q(a=values.Status.DRAFT))[0] == 'dorm.Q(a="d")'
    assert told(Q(a=values.Status.DRAFT)) == told(Q(a="d"))


def test_only_what_is_needed_is_imported():
    assert serialize([1, "a", None])[1] == set()
    assert serialize(dorm.DateField(default=datetime.date(2020, 1, 1)))[1] == {
        "import datetime",
        "import dorm",
    }
    assert serialize(values.seven) == ("tests.migrations.values.seven", {"import tests.migrations.values"})


def inside() -> Any:
    def local() -> int:
        return 1

    return local


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: 1, "a lambda has no name. Write it as a function at the top of a module."),
        (inside(), "it is defined inside a function. Move it to the top of a module."),
        (values.Maker().own, "it is the method of an instance."),
        (values.Secret("x"), "give Secret a deconstruct()"),
        (object.__new__(values.Maker).own, "method of an instance"),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_to_do(value, words):
    with pytest.raises(dorm.MigrationError) as caught:
        serialize(dorm.IntegerField(default=value))

    assert str(caught.value).startswith("default: ")
    assert words in str(caught.value)


def test_the_refusal_names_the_field():
    with pytest.raises(dorm.MigrationError, match=r"^field 'age', validators: <function .*lambda"):
        serialize([("age", dorm.IntegerField(validators=[lambda value: None]))])


def test_a_row_is_refused():
    with pytest.raises(dorm.MigrationError, match="it is a row of a table"):
        serialize(Shelf(name="x"))


def test_a_subquery_is_refused():
    with pytest.raises(dorm.MigrationError, match="it looks at other rows"):
        serialize(Q(dorm.Exists(Shelf.objects.all())))


# -- equality ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True), (1, 1.0), (0, None), (b"a", "a"), ([1], (1,)), (F("a"), F("b")), (Q(a=1), Q(a=2)),
        (datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)), (values.seven, values.slugged),
        (dorm.CharField(max_length=1), dorm.CharField(max_length=2)), (dorm.CharField(), dorm.TextField()),
        (values.Money("EUR"), values.Money("USD")), (values.Upper(case="a"), values.Upper(case="b")),
        (dorm.IntegerField(default=1), dorm.IntegerField(default=True)), (values.Even(True),
        values.Even(False)),
    ],
)  # fmt: skip
def test_what_differs_is_told_apart(one, other):
    assert told(one) != told(other)


def test_two_descriptions_over_expressions_are_equal_by_what_they_say():
    one, other = (dorm.Index(dorm.Lower("a"), F("b").desc(), name="i") for _ in range(2))

    assert told(one) == told(other)
