"""What is found when a database is not as the models say, and that nothing is found when it is.

Stands on find_drift() in both colours; tables are made by create_tables() and then changed by hand.
"""

from __future__ import annotations

import pytest

import dorm
from dorm._run import run_sync
from dorm.db.connection import async_executor, executor, get_connection
from dorm.migrations.drift import find_drift, plain_type
from dorm.models import CheckConstraint, UniqueConstraint


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=50, unique=True)

    class Meta:
        app_label = "drift"


class Tag(dorm.Model):
    label = dorm.SlugField(primary_key=True)

    class Meta:
        app_label = "drift"


class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    pages = dorm.PositiveIntegerField(db_index=True)
    price = dorm.DecimalField(max_digits=6, decimal_places=2, null=True)
    rating = dorm.FloatField(db_default=1.5)
    code = dorm.UUIDField(null=True)
    extra = dorm.JSONField(default=dict)
    added = dorm.DateTimeField(auto_now_add=True)
    day = dorm.DateField(null=True)
    at = dorm.TimeField(null=True)
    length = dorm.DurationField(null=True)
    cover = dorm.BinaryField(null=True)
    address = dorm.GenericIPAddressField(null=True)
    is_out = dorm.BooleanField(default=False)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE)
    sequel = dorm.OneToOneField("self", on_delete=dorm.SET_NULL, null=True)
    twice = dorm.GeneratedField(expression=dorm.F("pages") * 2, output_field=dorm.IntegerField())
    tags = dorm.ManyToManyField(Tag)

    class Meta:
        app_label = "drift"
        unique_together = [("title", "publisher")]
        indexes = [
            dorm.Index(fields=["title", "-pages"], name="book_title"),
            dorm.Index(dorm.Upper("title"), name="book_upper"),
            dorm.Index(fields=["day"], name="book_day", condition=dorm.Q(pages__gt=5)),
        ]
        constraints = [
            UniqueConstraint(fields=["code", "day"], name="book_code"),
            UniqueConstraint(fields=["at"], name="book_at", condition=dorm.Q(is_out=True)),
            CheckConstraint(condition=dorm.Q(pages__lt=9999), name="book_pages"),
        ]


MODELS = (Publisher, Tag, Book)


@pytest.fixture
def script(database):
    """Make the tables, and give a way to change them by hand."""
    dorm.create_tables(*MODELS)
    return get_connection().execute_script


@pytest.fixture
def drift(call):
    """Give a way to compare: the lines that are told of each table, for those that have any."""

    def drift(*models):
        async def program():
            return await find_drift(async_executor(), models or MODELS)

        reports = call.run(lambda: run_sync(find_drift(executor(), models or MODELS)), program)
        return {report.name: report.lines() for report in reports if report.differences}

    return drift


def test_tables_that_dorm_made_have_no_drift(script, drift):
    assert drift() == {}


def test_every_table_is_reported_with_its_pairs(script, call):
    reports = run_sync(find_drift(executor(), MODELS))
    assert [(report.app_label, report.name, report.table) for report in reports] == [
        ("drift", "Publisher", "drift_publisher"),
        ("drift", "Tag", "drift_tag"),
        ("drift", "Book", "drift_book"),
        ("drift", "Book.tags", "drift_book_tags"),
    ]


def test_a_table_that_is_not_there_is_told(database, drift):
    dorm.create_tables(Publisher)
    assert drift(Publisher, Tag) == {"Tag": ["table missing in DB: drift_tag"]}


def test_columns_that_one_side_lacks_are_told_in_one_line_each(script, drift):
    script(
        "ALTER TABLE drift_book DROP COLUMN cover; ALTER TABLE drift_book DROP COLUMN address;"
        "ALTER TABLE drift_book ADD COLUMN legacy INTEGER; ALTER TABLE drift_book ADD COLUMN older TEXT"
    )
    assert drift() == {"Book": ["missing in DB: cover, address", "missing in model: legacy, older"]}


def test_another_type_is_told(database, drift):
    get_connection().execute_script(
        "CREATE TABLE drift_tag (label VARCHAR(99) NOT NULL PRIMARY KEY)",
    )
    said = {"sqlite": "VARCHAR(99)", "postgresql": "character varying(99)"}[database.vendor]
    assert drift(Tag) == {"Tag": [f"type differs: label is {said} in the DB, VARCHAR(50) in the model"]}


def test_another_null_is_told(database, drift):
    key = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}
    get_connection().execute_script(
        f"CREATE TABLE drift_publisher (id {key[database.vendor]}, name VARCHAR(50) UNIQUE)"
    )
    assert drift(Publisher) == {
        "Publisher": ["NULL differs: name is allowed in the DB, not allowed in the model"]
    }


def test_another_key_is_told(database, drift):
    get_connection().execute_script("CREATE TABLE drift_tag (label VARCHAR(50) NOT NULL)")
    assert drift(Tag) == {"Tag": ["primary key differs: label is no key in the DB, the key in the model"]}


def test_indexes_that_one_side_lacks_are_told(script, drift):
    script("DROP INDEX book_title; CREATE INDEX by_hand ON drift_tag (label DESC)")
    assert drift() == {
        "Tag": ["index missing in model: by_hand on label DESC"],
        "Book": ["index missing in DB: book_title on title, pages DESC"],
    }


def test_an_index_of_another_name_is_the_same_index(script, drift):
    script("DROP INDEX book_title; CREATE INDEX other_name ON drift_book (title, pages DESC)")
    assert drift() == {}


def test_an_index_on_other_columns_is_told(script, drift):
    script("DROP INDEX book_title; CREATE INDEX book_title ON drift_book (title)")
    assert drift() == {
        "Book": ["index differs: book_title is on title in the DB, on title, pages DESC in the model"]
    }


def test_a_unique_index_without_its_condition_is_told(script, drift):
    script("DROP INDEX book_at; CREATE UNIQUE INDEX book_at ON drift_book (at)")
    assert drift() == {
        "Book": [
            "index differs: book_at is unique on at in the DB, unique on at under a condition in the model"
        ]
    }


def test_constraints_that_one_side_lacks_are_told(database, drift):
    key = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}
    get_connection().execute_script(
        f"CREATE TABLE drift_publisher (id {key[database.vendor]}, name VARCHAR(50) NOT NULL,"
        " CONSTRAINT long CHECK (name <> 'x'))"
    )
    (lines,) = drift(Publisher).values()
    assert lines[0] == "unique constraint missing in DB: unique on name"
    assert lines[1].startswith("check constraint missing in model: long (")
    assert len(lines) == 2


def test_checks_of_the_model_are_looked_for(database, drift):
    class Room(dorm.Model):
        seats = dorm.PositiveIntegerField()

        class Meta:
            app_label = "drift"
            constraints = [CheckConstraint(condition=dorm.Q(seats__lt=10), name="room_small")]

    key = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}
    get_connection().execute_script(
        f"CREATE TABLE drift_room (id {key[database.vendor]}, seats INTEGER NOT NULL)"
    )
    assert drift(Room) == {
        "Room": ["check constraint missing in DB: room_small", "check constraint missing in DB: seats >= 0"]
    }


def test_foreign_keys_are_compared_with_their_target(database, drift):
    class Shelf(dorm.Model):
        book = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE, db_index=False)
        tag = dorm.ForeignKey(Tag, on_delete=dorm.CASCADE, db_index=False)

        class Meta:
            app_label = "drift"

    dorm.create_tables(Publisher, Tag)
    key = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}
    whole = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[database.vendor]
    get_connection().execute_script(
        f"CREATE TABLE drift_shelf (id {key[database.vendor]}, book_id {whole} NOT NULL"
        " REFERENCES drift_publisher (id) ON DELETE CASCADE, tag_id VARCHAR(50) NOT NULL)"
    )
    assert drift(Shelf) == {
        "Shelf": [
            "foreign key differs: book_id is drift_publisher (id) ON DELETE CASCADE in the DB,"
            " drift_publisher (id) in the model",
            "foreign key missing in DB: tag_id to drift_tag (label)",
        ]
    }


def test_models_without_a_table_of_their_own_are_left_out(database, drift):
    class View(dorm.Model):
        class Meta:
            app_label = "drift"
            managed = False

    class Renamed(Tag):
        class Meta:
            app_label = "drift"
            proxy = True

    assert drift(View, Renamed) == {}


def test_what_a_router_keeps_away_is_left_out(database, drift):
    class Router:
        def allow_migrate(self, db, app_label, model_name=None, **hints):
            return model_name != "tag"

    dorm.configure(DATABASE_ROUTERS=[Router()])
    try:
        assert drift(Tag) == {}
    finally:
        dorm.configure(DATABASE_ROUTERS=[])


@pytest.mark.parametrize(
    ("one", "other", "vendor"),
    [
        ("VARCHAR(10)", "character varying(10)", "postgresql"),
        ("NUMERIC(5, 2)", "numeric(5,2)", "postgresql"),
        ("TIMESTAMP", "timestamp without time zone", "postgresql"),
        ("VARCHAR(5)[]", "character varying(5)[]", "postgresql"),
        ("int", "INTEGER", "sqlite"),
        ("Decimal( 5,2 )", "NUMERIC(5, 2)", "sqlite"),
    ],
)
def test_types_of_two_spellings_are_equal(one, other, vendor):
    assert plain_type(one, vendor) == plain_type(other, vendor)


@pytest.mark.parametrize(
    ("one", "other"), [("DATE", "DATETIME"), ("VARCHAR(5)", "VARCHAR(6)"), ("TEXT", "VARCHAR(5)")]
)
def test_types_that_differ_are_told_apart(one, other):
    assert plain_type(one, "sqlite") != plain_type(other, "sqlite")
