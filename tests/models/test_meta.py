"""`class Meta`: what it takes, what a child inherits, and what becomes of it in the database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import dorm
from dorm import Q
from dorm.exceptions import ImproperlyConfigured, NotSupportedError

# -- constraints ----------------------------------------------------------------------------------


class Room(dorm.Model):
    hotel = dorm.CharField(max_length=20)
    number = dorm.IntegerField()
    floor = dorm.IntegerField(null=True)
    beds = dorm.IntegerField(default=1)
    code = dorm.CharField(max_length=20, null=True, db_column="room_code")
    kind = dorm.CharField(max_length=20, default="it's 100%")
    closed = dorm.BooleanField(default=False)
    opened = dorm.DateField(default=date(2020, 1, 1))

    class Meta:
        db_table = "meta_room"
        unique_together = [("hotel", "number")]
        constraints = [
            dorm.CheckConstraint(condition=Q(beds__gte=1) & Q(beds__lt=10), name="room_beds"),
            dorm.CheckConstraint(condition=~Q(kind__in=["bad", "worse%"]), name="room_kind"),
            dorm.CheckConstraint(condition=Q(number__gt=dorm.F("floor")), name="room_number_above_floor"),
            dorm.CheckConstraint(condition=Q(opened__gt=date(2000, 1, 1)), name="room_opened"),
            dorm.UniqueConstraint(fields=["hotel"], condition=Q(closed=True), name="room_one_closed"),
            dorm.UniqueConstraint(fields=["code"], nulls_distinct=False, name="room_code"),
        ]
        indexes = [
            dorm.Index(fields=["hotel", "-number"]),
            dorm.Index(["beds"], name="room_beds_index", condition=Q(closed=False, kind="it's 100%")),
            dorm.Index(dorm.F("beds") + 1, name="room_more_beds", unique=False),
        ]
        get_latest_by = "opened"
        verbose_name = "hotel room"
        permissions = [("view_room", "Can see rooms")]


@pytest.fixture
def rooms(call):
    call(dorm.create_tables, Room)
    call(Room.objects.create, hotel="Ritz", number=10, code="a")
    return call


@pytest.mark.parametrize(
    "values",
    [
        {"beds": 0},
        {"beds": 10},
        {"kind": "bad"},
        {"kind": "worse%"},
        {"floor": 99},
        {"opened": date(1999, 1, 1)},
    ],
    ids=str,
)
def test_the_database_holds_to_a_check(rooms, values):
    with pytest.raises(dorm.CheckViolation):
        rooms(Room.objects.create, hotel="Ritz", number=11, **values)


def test_a_check_that_is_unknown_holds(rooms):
    assert rooms(Room.objects.create, hotel="Ritz", number=11, floor=None, code="b").pk


def test_the_database_holds_to_groups_that_are_unique_together(rooms):
    with pytest.raises(dorm.UniqueViolation):
        rooms(Room.objects.create, hotel="Ritz", number=10, code="b")
    assert rooms(Room.objects.create, hotel="Savoy", number=10, code="b").pk


def test_a_condition_says_which_rows_must_be_unique(rooms):
    rooms(Room.objects.create, hotel="Ritz", number=11, closed=True, code="b")
    rooms(Room.objects.create, hotel="Ritz", number=12, code="c")
    with pytest.raises(dorm.UniqueViolation):
        rooms(Room.objects.create, hotel="Ritz", number=13, closed=True, code="d")


def test_nulls_can_be_equal(rooms):
    rooms(Room.objects.create, hotel="Ritz", number=11)
    with pytest.raises(dorm.UniqueViolation):
        rooms(Room.objects.create, hotel="Ritz", number=12)


def test_tables_are_created_once(rooms):
    rooms(dorm.create_tables, Room)
    assert rooms(Room.objects.count) == 1


# -- other kinds of index -------------------------------------------------------------------------


def test_indexes_of_postgresql_are_refused_by_sqlite(call, database):
    class Text(dorm.Model):
        body = dorm.TextField()
        meta = dorm.JSONField(default=dict)
        day = dorm.DateField(null=True)

        class Meta:
            db_table = "meta_text"
            indexes = [
                dorm.GinIndex(
                    fields=["meta"], name="meta_gin", opclasses=["jsonb_path_ops"], fastupdate=False
                ),
                dorm.BrinIndex(fields=["day"], pages_per_range=16, autosummarize=True),
                dorm.HashIndex(fields=["body"], fillfactor=70),
                dorm.SpGistIndex(fields=["body"], name="meta_spgist"),
            ]

    if database.vendor == "sqlite":
        with pytest.raises(NotSupportedError, match=r"GIN.*'meta_gin' needs PostgreSQL"):
            call(dorm.create_tables, Text)
    else:
        call(dorm.create_tables, Text)
        sql = "SELECT indexdef FROM pg_indexes WHERE tablename = 'meta_text' ORDER BY 1"
        found = " ".join(row[0] for row in _rows(call, sql))
        for words in ("USING gin (meta jsonb_path_ops) WITH (fastupdate=off)", "USING hash", "USING spgist"):
            assert words in found
        assert "pages_per_range='16'" in found


def test_a_deferrable_constraint_waits_for_the_end_of_the_transaction(call, database):
    class Seat(dorm.Model):
        place = dorm.IntegerField()

        class Meta:
            db_table = "meta_seat"
            constraints = [
                dorm.UniqueConstraint(
                    fields=["place"], name="seat_place", deferrable=dorm.Deferrable.DEFERRED
                )
            ]

    if database.vendor == "sqlite":
        with pytest.raises(NotSupportedError, match="'seat_place' is deferrable"):
            call(dorm.create_tables, Seat)
        return
    call(dorm.create_tables, Seat)
    call(Seat.objects.bulk_create, [Seat(place=1), Seat(place=2)])
    assert call(Seat.objects.update, place=dorm.F("place") + 1) == 2


def test_a_unique_constraint_may_be_of_expressions_and_include_columns(call):
    class Word(dorm.Model):
        number = dorm.IntegerField()
        text = dorm.CharField(max_length=5, default="")

        class Meta:
            db_table = "meta_word"
            constraints = [
                dorm.UniqueConstraint(dorm.F("number") * dorm.F("number"), name="word_square"),
                dorm.UniqueConstraint(fields=["number"], include=["text"], name="word_number"),
            ]

    call(dorm.create_tables, Word)
    call(Word.objects.create, number=2)
    with pytest.raises(dorm.UniqueViolation):
        call(Word.objects.create, number=-2)


def test_comments_stand_in_postgresql(call, database):
    class Noted(dorm.Model):
        name = dorm.CharField(max_length=5, db_comment="100% of it's name")

        class Meta:
            db_table = "meta_noted"
            db_table_comment = "what is noted"

    call(dorm.create_tables, Noted)
    if database.vendor == "postgresql":
        sql = "SELECT obj_description('meta_noted'::regclass), col_description('meta_noted'::regclass, 2)"
        assert [tuple(row) for row in _rows(call, sql)] == [("what is noted", "100% of it's name")]


def _rows(call: Any, sql: str) -> list[Any]:
    from dorm.db.connection import get_async_connection, get_connection

    rows: list[Any] = call.run(
        lambda: get_connection().execute(sql), lambda: get_async_connection().execute(sql)
    )
    return [tuple(row.values()) if isinstance(row, dict) else row for row in rows]


# -- names ----------------------------------------------------------------------------------------


def define(**meta: Any) -> type[dorm.Model]:
    """Define a model with these options, which leaves nothing behind when it fails."""
    namespace = {
        "__module__": __name__,
        "name": dorm.CharField(max_length=5),
        "age": dorm.IntegerField(),
        "Meta": type("Meta", (), {"app_label": "meta_names", **meta}),
    }
    return type(dorm.Model)("Person", (dorm.Model,), namespace)


@pytest.mark.parametrize(
    "meta",
    [
        {"unique_together": ("name", "aeg")},
        {"unique_together": [["name", "aeg"]]},
        {"indexes": [dorm.Index(fields=["-aeg"])]},
        {"indexes": [dorm.Index(fields=["age"], include=["aeg"])]},
        {"constraints": [dorm.UniqueConstraint(fields=["aeg"], name="x")]},
        {"get_latest_by": ["-aeg"]},
    ],
    ids=str,
)
def test_a_name_that_is_no_field_is_refused_with_the_nearest(meta):
    with pytest.raises(ImproperlyConfigured, match="Did you mean 'age'"):
        define(**meta)


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"indexs": []}, "Did you mean 'indexes'"),
        ({"index_together": [("name", "age")]}, r"write indexes = \[Index"),
        ({"indexes": ["name"]}, "takes Index objects"),
        ({"constraints": [dorm.Index(fields=["age"])]}, "takes BaseConstraint objects"),
        ({"unique_together": ["name", ("age",)]}, "takes groups of field names"),
        ({"indexes": [dorm.Index(["age"], name="a"), dorm.Index(["name"], name="a")]}, "called 'a'"),
        ({"proxy": True}, "is a proxy, and adds the fields age, name"),
    ],
    ids=str,
)
def test_what_meta_does_not_take_is_refused(meta, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        define(**meta)


@pytest.mark.parametrize("name", ['a" b', "a;b", "1a", "a-b", "", "x" * 64])
def test_a_name_that_is_unsafe_in_sql_is_refused(name):
    with pytest.raises(ImproperlyConfigured, match="name="):
        dorm.Index(fields=["age"], name=name)
    with pytest.raises(ImproperlyConfigured, match="name="):
        dorm.CheckConstraint(condition=Q(age=1), name=name)


def test_an_index_has_a_name_of_its_own_or_one_made_of_its_fields():
    assert dorm.Index(["name", "-age"]).get_name("Author") == "idx_author_name_age"
    assert dorm.Index(fields=["name"], unique=True).get_name("Author") == "uniq_author_name"
    assert dorm.Index(["name"], name="mine").get_name("Author") == "mine"
    assert dorm.Index(["name"], name="mine") == dorm.Index(fields=["name"], name="mine")
    assert dorm.Index(["name"]) != dorm.Index(["name"], unique=True)
    assert "mine" in repr(dorm.Index(["name"], name="mine"))
    assert len(dorm.Index(["name" * 9, "age" * 9]).get_name("Author")) == 63


def test_an_index_says_what_it_needs():
    for wrong in (
        lambda: dorm.Index(),
        lambda: dorm.Index(dorm.F("a") + 1),
        lambda: dorm.Index(dorm.F("a"), fields=["b"], name="x"),
        lambda: dorm.Index(fields="name"),
        lambda: dorm.Index(fields=["a", "b"], opclasses=["x"]),
        lambda: dorm.UniqueConstraint(name="x"),
        lambda: dorm.UniqueConstraint(
            fields=["a"], condition=Q(a=1), name="x", deferrable=dorm.Deferrable.DEFERRED
        ),
        lambda: dorm.CheckConstraint(condition=Q(), name="x"),
    ):
        with pytest.raises(ImproperlyConfigured):
            wrong()
    with pytest.raises(TypeError, match="fillfactor"):
        dorm.GinIndex(fields=["a"], fillfactor=3)


def test_a_constraint_names_columns_of_its_own_table_alone(call):
    class House(dorm.Model):
        class Meta:
            db_table = "meta_house"

    class Flat(dorm.Model):
        house = dorm.ForeignKey(House, on_delete=dorm.CASCADE)
        number = dorm.IntegerField()

        class Meta:
            db_table = "meta_flat"
            constraints = [
                dorm.CheckConstraint(condition=Q(number__gte=1, house__isnull=False), name="flat_ok")
            ]

    class Cellar(dorm.Model):
        flat = dorm.ForeignKey(Flat, on_delete=dorm.CASCADE)

        class Meta:
            db_table = "meta_cellar"
            constraints = [dorm.CheckConstraint(condition=Q(flat__number=1), name="cellar_flat")]

    call(dorm.create_tables, House, Flat)
    with pytest.raises(ImproperlyConfigured, match="columns of its own table"):
        call(dorm.create_tables, Cellar)


# -- inheritance ----------------------------------------------------------------------------------


class Base(dorm.Model):
    name = dorm.CharField(max_length=5)

    class Meta:
        abstract = True
        ordering = ["name"]
        indexes = [dorm.Index(fields=["name"], name="%(class)s_name")]
        constraints = [dorm.CheckConstraint(condition=~Q(name=""), name="%(app_label)s_%(class)s_named")]


def test_a_child_inherits_indexes_and_constraints_under_its_own_names():
    class Left(Base):
        pass

    class Right(Base):
        class Meta:
            db_table = "meta_right"

    assert [index.name for index in Left._meta.indexes] == ["left_name"]
    assert [one.name for one in Right._meta.constraints] == ["tests_right_named"]
    assert Right._meta.ordering == ("name",)


def test_two_tables_cannot_share_the_name_of_an_index(call):
    class One(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            indexes = [dorm.Index(["age"], name="the_age")]

    class Two(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            indexes = [dorm.Index(["age"], name="the_age")]

    with pytest.raises(ImproperlyConfigured, match="both have an index called 'the_age'"):
        call(dorm.create_tables, One, Two)


def test_options_have_defaults_and_words():
    class BlogPost(dorm.Model):
        pass

    options = BlogPost._meta
    assert (options.verbose_name, options.verbose_name_plural) == ("blog post", "blog posts")
    assert (options.managed, options.proxy, options.get_latest_by) == (True, False, None)
    assert Room._meta.verbose_name_plural == "hotel rooms"
    assert Room._meta.permissions == (("view_room", "Can see rooms"),)


def test_a_table_that_is_not_managed_is_not_created(call):
    class Foreign(dorm.Model):
        class Meta:
            managed = False
            db_table = "meta_foreign"

    call(dorm.create_tables, Foreign)
    with pytest.raises(dorm.DatabaseError):
        call(Foreign.objects.count)


# -- proxies --------------------------------------------------------------------------------------


class Guest(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        db_table = "meta_guest"


class Stay(dorm.Model):
    guest = dorm.ForeignKey(Guest, on_delete=dorm.CASCADE, related_name="stays")
    nights = dorm.IntegerField()

    class Meta:
        db_table = "meta_stay"


class Regular(Guest):
    class Meta:
        proxy = True
        ordering = ["-name"]

    def greeting(self) -> str:
        return f"Hello {self.name}"


def test_a_proxy_is_another_class_for_the_same_rows(call):
    call(dorm.create_tables, Guest, Stay, Regular)
    ada = call(Regular.objects.create, name="Ada")
    call(Guest.objects.create, name="Bob")
    call(Stay.objects.create, guest=ada, nights=3)

    assert [one.greeting() for one in call.list(Regular.objects.all())] == ["Hello Bob", "Hello Ada"]
    assert call(Regular.objects.get, stays__nights=3) == ada
    assert call(Guest.objects.get, name="Ada") == ada
    assert hash(call(Guest.objects.get, name="Ada")) == hash(ada)
    assert Regular._meta.db_table == "meta_guest"
    assert isinstance(ada, Regular) and Regular._meta.proxy
    assert call(ada.delete)[0] == 2
    assert call(Stay.objects.count) == 0


def test_a_proxy_stands_for_a_model():
    with pytest.raises(ImproperlyConfigured, match="has no model to stand for"):

        class Alone(dorm.Model):
            class Meta:
                proxy = True


def test_a_proxy_has_no_columns_of_its_own():
    with pytest.raises(ImproperlyConfigured, match="adds the fields age"):

        class Older(Guest):
            age = dorm.IntegerField()

            class Meta:
                proxy = True
