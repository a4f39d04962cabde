"""Values of every kind of column go into both databases and come back as they were."""

from __future__ import annotations

import dataclasses
import enum
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import dorm
from dorm import fields
from dorm.exceptions import FieldError, ImproperlyConfigured, ValidationError


class Colour(dorm.TextChoices):
    RED = "r", "Warm red"
    BLUE = "b"


class Size(enum.Enum):
    SMALL = 1
    LARGE = 2


@dataclasses.dataclass
class Address:
    street: str
    number: int = 1
    since: date | None = None
    tags: list[str] = dataclasses.field(default_factory=list)


class Backwards(fields.CharField):
    """A field of a project's own, in Django's spelling."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:  # type: ignore[override]
        return value if value is None else value[::-1]

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared if prepared is None else prepared[::-1]


class Celsius(fields.Field):
    """A field with a column type of its own."""

    def db_type(self, connection: Any) -> str:
        return "REAL" if connection.vendor == "sqlite" else "DOUBLE PRECISION"

    def from_db_value(self, value: Any) -> Any:
        return None if value is None else f"{value:g} C"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else float(str(value).removesuffix(" C"))


class Box(dorm.Model):
    raw = dorm.BinaryField(null=True)
    length = dorm.DurationField(null=True)
    address = dorm.GenericIPAddressField(null=True)
    host = dorm.IPAddressField(null=True)
    many = dorm.PositiveBigIntegerField(null=True)
    known = dorm.NullBooleanField()
    colour = dorm.CharField(choices=Colour, default=Colour.RED, max_length=1)
    size = dorm.IntegerField(choices=Size, null=True)
    grade = dorm.CharField(choices=[("a", "Best"), ("Others", [("b", "Good")])], max_length=1, null=True)
    code = Backwards(max_length=20, default="abc")
    heat = Celsius(null=True)
    home = dorm.JSONField(schema=Address, null=True)
    meta = dorm.JSONField(null=True)

    class Meta:
        db_table = "column_box"


class Small(dorm.Model):
    id = dorm.SmallAutoField(primary_key=True)
    name = dorm.CharField(max_length=5, null=True)

    class Meta:
        db_table = "column_small"


def stored(call: Any, **values: Any) -> Box:
    """Save a box of *values*; return it as the database has it."""
    call(dorm.create_tables, Box)
    made = call(Box.objects.create, **values)
    box: Box = call(Box.objects.get, pk=made.pk)
    return box


VALUES = [
    ("raw", b"\x00\xff'"),
    ("length", timedelta(days=-1, seconds=3, microseconds=7)),
    ("address", "2001:db8::1"),
    ("host", "192.0.2.1"),
    ("many", 2**63 - 1),
    ("known", True),
    ("known", None),
    ("colour", Colour.BLUE),
    ("size", Size.LARGE),
    ("code", "xyz"),
    ("heat", "21.5 C"),
    ("home", Address("Main", 2, date(2020, 1, 2), ["a"])),
    ("home", None),
]


@pytest.mark.parametrize(("name", "value"), VALUES, ids=str)
def test_a_value_comes_back_as_it_was(call, name, value):
    assert getattr(stored(call, **{name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), [pair for pair in VALUES if pair[0] != "home"], ids=str)
def test_a_value_is_found_by_itself_and_shown_in_rows(call, name, value):
    box = stored(call, **{name: value})

    assert call(Box.objects.get, **{name: value}) == box
    assert call.list(Box.objects.values_list(name, flat=True)) == [value]
    assert call.list(Box.objects.values(name)) == [{name: value}]
    assert call(Box.objects.filter(pk=box.pk).update, **{name: value}) == 1
    if value is not None:
        assert call(Box.objects.filter(**{f"{name}__in": [value]}).count) == 1


def test_an_address_is_kept_in_its_shortest_form(call):
    assert stored(call, address="2001:0DB8:0::0001").address == "2001:db8::1"


def test_a_member_is_read_where_a_member_was_given_by_value(call):
    box = stored(call, colour="b", size=1)

    assert box.colour is Colour.BLUE
    assert box.size is Size.SMALL
    assert call(Box.objects.aggregate, top=dorm.Max("size")) == {"top": Size.SMALL}


def test_display_gives_the_label_of_the_choice(call):
    box = stored(call, colour=Colour.RED, size=Size.LARGE, grade="b")

    assert box.get_colour_display() == "Warm red"
    assert box.get_size_display() == "LARGE"
    assert box.get_grade_display() == "Good"
    assert Box(grade="z").get_grade_display() == "z"
    assert Box().get_grade_display() is None


def test_null_and_the_null_of_json_are_two_values(call):
    empty = stored(call, meta=None)
    null = call(Box.objects.create, meta=dorm.JSONNull)

    assert call(Box.objects.get, meta=None) == empty
    assert call(Box.objects.get, meta=dorm.JSONNull) == null
    assert call(Box.objects.get, meta__isnull=False).meta is None
    assert call(Box.objects.filter(pk=empty.pk).update, meta=dorm.JSONNull) == 1
    assert call(Box.objects.filter(meta=dorm.JSONNull).count) == 2


def test_json_passes_through_its_encoder_and_decoder(call):
    class Encoder(json.JSONEncoder):
        def default(self, o: Any) -> Any:
            return {"decimal": str(o)} if isinstance(o, Decimal) else super().default(o)

    class Decoder(json.JSONDecoder):
        def __init__(self, **options: Any) -> None:
            super().__init__(object_hook=lambda o: Decimal(o["decimal"]) if "decimal" in o else o, **options)

    class Parcel(dorm.Model):
        weights = dorm.JSONField(encoder=Encoder, decoder=Decoder)

        class Meta:
            db_table = "column_parcel"

    call(dorm.create_tables, Parcel)
    call(Parcel.objects.create, weights=[Decimal("1.10")])

    assert call(Parcel.objects.get).weights == [Decimal("1.10")]


def test_a_schema_refuses_what_does_not_fit():
    field = dorm.JSONField(schema=Address)

    assert field.clean({"street": "Main", "since": "2020-01-02"}) == Address("Main", 1, date(2020, 1, 2))
    with pytest.raises(ValidationError, match="does not fit Address"):
        field.clean({"street": 5})
    with pytest.raises(ValidationError, match="no field 'steet'"):
        field.clean({"steet": "Main"})
    with pytest.raises(ImproperlyConfigured, match="dataclass or a pydantic model"):
        dorm.JSONField(schema=dict)


def test_small_keys_are_numbered(call):
    call(dorm.create_tables, Small)
    assert [call(Small.objects.create).pk, call(Small.objects.create).pk] == [1, 2]


def test_a_positive_number_is_checked_by_the_database(call):
    call(dorm.create_tables, Box)
    with pytest.raises(FieldError, match="holds numbers from 0"):
        call(Box.objects.create, many=-1)
    with pytest.raises(dorm.CheckViolation):
        call(Box.objects.bulk_create, [Box(many=0)])
        call(Box.objects.update, many=dorm.F("many") - 1)


@pytest.mark.parametrize("value", [5, "1.2.3", "::1/64", b"\x01\x02\x03\x04"])
def test_what_is_no_address_is_refused(value):
    with pytest.raises(ValidationError):
        dorm.GenericIPAddressField().to_python(value)


def test_an_ipv4_field_refuses_ipv6():
    with pytest.raises(ValidationError, match="IPv4"):
        dorm.IPAddressField().to_python("::1")
    assert dorm.GenericIPAddressField(unpack_ipv4=True).to_python("::ffff:192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    "text",
    ["3 04:05:06.000007", "3 days, 4:05:06.000007", "P3DT4H5M6.000007S", "76:05:06.000007"],
)
def test_a_duration_is_read_from_its_texts(text):
    assert dorm.DurationField().to_python(text) == timedelta(3, 4 * 3600 + 5 * 60 + 6, 7)


@pytest.mark.parametrize("value", [timedelta(-1, 5), timedelta(microseconds=-1), timedelta(40, 1)])
def test_a_duration_survives_its_own_text(value):
    assert dorm.DurationField().to_python(str(value)) == value


def test_error_messages_take_the_place_of_ours():
    field = dorm.IntegerField(
        choices=[(1, "one")],
        error_messages={
            "null": "Say a number.",
            "invalid_choice": "%(value)s will not do.",
            "invalid": "No!",
        },
    )
    for value, words in ((None, "Say a number."), (2, "2 will not do."), ("x", "No!")):
        with pytest.raises(ValidationError) as caught:
            field.clean(value)
        assert caught.value.messages == [words]


def test_a_field_can_be_taken_apart_and_made_again():
    field = Backwards("the code", max_length=7, null=True, choices=[("a", "A")], error_messages={"null": "x"})
    field.bind(Box, "kind")

    name, path, args, kwargs = field.deconstruct()

    assert (name, path, args) == ("kind", f"{__name__}.Backwards", [])
    assert Backwards(**kwargs).deconstruct()[3] == kwargs
    assert (kwargs["max_length"], kwargs["verbose_name"], kwargs["null"]) == (7, "the code", True)
    assert "unique" not in kwargs and "validators" not in kwargs


# -- arrays ----------------------------------------------------------------------------------------


class Tagged(dorm.Model):
    tags = dorm.ArrayField(dorm.CharField(max_length=10), default=list)
    points = dorm.ArrayField(dorm.IntegerField(null=True), size=3, null=True)
    days = dorm.ArrayField(dorm.DateField(), null=True)
    colours = dorm.ArrayField(dorm.CharField(choices=Colour, max_length=1), null=True)

    class Meta:
        db_table = "column_tagged"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_arrays_are_lists(call):
    call(dorm.create_tables, Tagged)
    day = date(2020, 2, 29)
    made = call(Tagged.objects.create, tags=("a", "b'"), points=[1, None], days=[day], colours=[Colour.RED])
    tagged = call(Tagged.objects.get, tags=["a", "b'"], points=[1, None])

    assert tagged == made
    assert (tagged.tags, tagged.points, tagged.days) == (["a", "b'"], [1, None], [day])
    assert tagged.colours == [Colour.RED]
    assert call(Tagged.objects.update, tags=[], days=None) == 1
    assert call.list(Tagged.objects.values_list("tags", "days")) == [([], None)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_has_no_arrays(call):
    with pytest.raises(NotImplementedError, match="an ArrayField needs PostgreSQL"):
        call(dorm.create_tables, Tagged)
    for lookups in (
        {"tags": ["a"]},
        {"tags__contains": ["a"]},
        {"tags__overlap": ["a"]},
        {"tags__in": [["a"]]},
        {"tags__len": 1},
        {"tags__0": "a"},
        {"tags__0_1__isnull": True},
    ):
        with pytest.raises(dorm.NotSupportedError, match="an ArrayField needs PostgreSQL"):
            call(Tagged.objects.filter(**lookups).count)


def test_an_array_checks_its_items():
    field = dorm.ArrayField(dorm.IntegerField(), size=2)

    assert field.clean(("1", 2)) == [1, 2]
    for value in ("12", 5, [1, 2, 3], [None]):
        with pytest.raises(ValidationError):
            field.clean(value)
