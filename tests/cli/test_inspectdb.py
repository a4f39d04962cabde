"""`dorm inspectdb`: the models that it writes make the same tables again, and pass the checks.

Stands on `main()`, on both databases: tables are made, written down as models, dropped, and made by these.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace

import pytest

import dorm
from dorm._run import run_sync
from dorm.cli.inspectdb.defaults import default_source
from dorm.cli.inspectdb.names import class_names, field_name
from dorm.cli.inspectdb.reading import read_tables
from dorm.cli.project import load
from dorm.db.connection import executor, get_connection
from dorm.db.introspection import table_names
from dorm.migrations.drift import find_drift, plain_type
from dorm.sql.compiler import quote

KEY = {"sqlite": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "postgresql": "BIGSERIAL PRIMARY KEY"}

# What dorm itself would make of models: nothing of it may be lost.
OURS = """
class Author(dorm.Model):
    name = dorm.CharField(max_length=100, unique=True)
    born = dorm.DateField(null=True, db_index=True)
    mentor = dorm.ForeignKey("self", on_delete=dorm.DB_SET_NULL, null=True, related_name="pupils")


class Tag(dorm.Model):
    slug = dorm.SlugField(primary_key=True)


class Post(dorm.Model):
    title = dorm.CharField(max_length=200, db_default="untitled")
    body = dorm.TextField(db_default="it's (\\"a\\") 'b'")
    views = dorm.PositiveIntegerField(db_default=0)
    rank = dorm.PositiveSmallIntegerField(null=True)
    size = dorm.BigIntegerField(db_default=-5)
    price = dorm.DecimalField(max_digits=7, decimal_places=3, null=True)
    rating = dorm.FloatField(db_default=1.5)
    is_out = dorm.BooleanField(db_default=True)
    day = dorm.DateField(null=True)
    at = dorm.TimeField(null=True)
    written = dorm.DateTimeField(auto_now_add=True)
    code = dorm.UUIDField(unique=True)
    data = dorm.JSONField(default=dict)
    blob = dorm.BinaryField(null=True)
    address = dorm.GenericIPAddressField(null=True)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
    editor = dorm.ForeignKey(Author, on_delete=dorm.DB_CASCADE, related_name="+", db_index=False)
    twin = dorm.OneToOneField("self", on_delete=dorm.SET_NULL, null=True)
    double = dorm.GeneratedField(
        expression=dorm.F("views") * 2, output_field=dorm.IntegerField(), db_persist=True
    )
    tags = dorm.ManyToManyField(Tag)
    related = dorm.ManyToManyField("self")

    class Meta:
        unique_together = [("title", "author"), ("day", "at")]
        indexes = [
            dorm.Index(fields=["title", "-views"], name="post_title"),
            dorm.Index(dorm.Lower("title"), name="post_lower"),
            dorm.Index(fields=["rank"], name="post_rank", condition=dorm.Q(views__gt=5)),
            dorm.Index(fields=["size"], name="post_size", unique=True),
        ]
        constraints = [
            dorm.UniqueConstraint(fields=["code", "day"], name="post_code"),
            dorm.UniqueConstraint(fields=["at"], name="post_at", condition=dorm.Q(is_out=True)),
            dorm.CheckConstraint(condition=dorm.Q(views__lt=9999), name="post_views"),
        ]
"""

# What others make, with names that Python, dorm and mypy do not like.
THEIRS = """
CREATE TABLE "class" ({key2}, "from" VARCHAR(20) DEFAULT 'x' NOT NULL, "save" INTEGER, "userName" TEXT,
    "_private__x_" SMALLINT, "n1" NUMERIC(5,1) DEFAULT 0 NOT NULL, "pk" INTEGER, "user_name" TEXT UNIQUE);
CREATE TABLE countries (code CHAR(2) NOT NULL PRIMARY KEY, label VARCHAR(30),
    parent CHAR(2) REFERENCES countries);
CREATE TABLE cities (id {key}, country CHAR(2) NOT NULL REFERENCES countries (code), twin_id {whole} UNIQUE
    REFERENCES cities (id), other_id {whole} REFERENCES cities (id) ON DELETE SET NULL,
    CHECK (other_id <> twin_id));
CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY REFERENCES numbers (n) ON DELETE CASCADE,
    countries INTEGER, countries_id CHAR(2) REFERENCES countries (code), score REAL, weight DOUBLE PRECISION);
CREATE INDEX people_score ON people (score DESC);
"""
NUMBERS = "CREATE TABLE numbers (n INTEGER NOT NULL PRIMARY KEY, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);"
POSTGRESQL_ONLY = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE odd (id SERIAL PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', t TSVECTOR, n NUMERIC, j JSON,
    a INTEGER[], b VARCHAR(5)[] NOT NULL, c CHARACTER(3), z TIMESTAMP, u UUID DEFAULT gen_random_uuid(),
    w INTERVAL, i INET, v VARCHAR, g INTEGER GENERATED ALWAYS AS IDENTITY);
CREATE INDEX odd_a ON odd USING gin (a);
CREATE UNIQUE INDEX odd_c ON odd (c) INCLUDE (n);
COMMENT ON TABLE odd IS 'Odd "ones"';
COMMENT ON COLUMN odd.m IS 'How it is';
"""


@pytest.fixture
def made(database, folder):
    """Write settings for the test's database, and make both kinds of tables in it."""
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    whole = {"sqlite": "INTEGER", "postgresql": "BIGINT"}[database.vendor]
    key2 = {
        "sqlite": '"try" INTEGER PRIMARY KEY',
        "postgresql": '"try" INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY',
    }[database.vendor]
    sql = NUMBERS + THEIRS.format(key=KEY[database.vendor], key2=key2, whole=whole)
    get_connection().execute_script(sql + (POSTGRESQL_ONLY if database.vendor == "postgresql" else ""))
    return folder


def facts():
    """Return all that the database says of its tables, in a form that two of can be compared."""
    db = executor()
    names = run_sync(table_names(db))
    return {table.name: comparable(table) for table in run_sync(read_tables(db, names, []))}


def comparable(table):
    plain = lambda sql: None if sql is None else "".join(char for char in sql if char not in '()"')  # noqa: E731
    columns = [
        (*(column[name] for name in ("name", "null", "primary_key", "persisted", "comment")),
         plain_type(column["type"], executor().vendor), plain(column["default"]), plain(column["generated"]))
        for column in table.columns
    ]  # fmt: skip
    indexes = {
        (index.columns, index.unique, index.descending, index.method, index.include, plain(index.condition),
         tuple(map(plain, index.terms)), index.name if index.origin == "index" else None)
        for index in table.indexes
    }  # fmt: skip
    checks = {plain(one.expression) for one in table.constraints if one.kind == "check"}
    keys = {(key.columns, key.target, key.target_columns, key.on_delete) for key in table.keys}
    return {"columns": columns, "indexes": indexes, "checks": checks, "keys": keys, "comment": table.comment}


def drop_everything():
    names = run_sync(table_names(executor()))
    if executor().vendor == "postgresql":
        get_connection().execute_script(f"DROP TABLE {', '.join(map(quote, names))} CASCADE")
    else:
        drops = ";".join(f"DROP TABLE {quote(name)}" for name in names if name != "sqlite_sequence")
        get_connection().execute_script(f"PRAGMA foreign_keys = OFF;{drops};PRAGMA foreign_keys = ON")


def inspected(folder, run, *argv):
    """Write the models of the database into the app `found`; return the project."""
    done = run("inspectdb", *argv)
    assert (done.status, done.err) == (0, "")
    folder.write("found/__init__.py")
    (folder.path / "found" / "models.py").write_text(done.out, encoding="utf-8")
    return load(Namespace(settings=None))


def test_tables_that_dorm_made_come_back_as_they_were(database, folder, run):
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    folder.app("blog", OURS)
    dorm.create_tables(*load(Namespace(settings=None)).models())
    (folder.path / "blog" / "models.py").unlink()
    before = facts()

    models = inspected(folder, run).models()

    assert [model.__name__ for model in models] == ["Author", "Tag", "Post"]
    assert [field.name for field in models[2]._meta.many_to_many] == ["related", "tags"]
    assert [str(report) for report in run_sync(find_drift(executor(), models)) if report.differences] == []
    drop_everything()
    dorm.create_tables(*models)
    assert facts() == before


def test_tables_of_others_come_back_as_they_were(made, run):
    before = facts()

    models = inspected(made, run).models()

    drifted = {
        each.name: each.lines() for each in run_sync(find_drift(executor(), models)) if each.differences
    }
    assert drifted == {}
    drop_everything()
    dorm.create_tables(*models)
    after = facts()
    assert list(after) == list(before)
    for table in before:
        assert relaxed(after[table]) == relaxed(before[table])


def relaxed(table):
    """Return facts without what models cannot say: that a key is numbered by a default, as SERIAL is."""
    columns = [
        column if not str(column[6]).startswith("nextval") else (*column[:6], None, column[7])
        for column in table["columns"]
    ]
    return {**table, "columns": columns}


def test_what_is_written_passes_mypy_ruff_and_dorm_check(made, run):
    inspected(made, run)
    done = run("check")
    assert (done.status, done.out) == (0, "No issues found.\n")
    made.write("pyproject.toml", '[tool.mypy]\nplugins = ["dorm_mypy"]\nstrict = true\n')
    checks = ["ruff", "check", "--select", "E,W,F,I,UP,B,C4", "--ignore", "E501", "found"]
    for command in (["mypy", "found"], checks, ["ruff", "format", "--check", "found"]):
        job = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
        assert job.returncode == 0, job.stdout + job.stderr


def test_rows_are_read_and_written_by_the_models(made, run):
    inspected(made, run)
    from found.models import Class, Countries

    made_row = Class.objects.create(save_field=1, user_name="Ada", pk_field=3)
    assert Class.objects.get(pk=made_row.pk).from_field == "x"
    home = Countries.objects.create(code="at", label="Austria")
    Countries.objects.create(code="vi", label="Vienna", parent=home)
    assert [each.code for each in home.countries_set.all()] == ["vi"]


def test_tables_are_chosen_by_name(made, run):
    done = run("inspectdb", "countries")
    assert done.status == 0
    assert "class Countries(dorm.Model):" in done.out and "class Cities" not in done.out


def test_a_key_to_a_table_that_was_not_asked_for_is_told(made, run):
    done = run("inspectdb", "cities")
    assert "# country refers to countries (code), which has no model here.\nclass Cities" in done.out


def test_an_unknown_table_is_not_found(made, run):
    done = run("inspectdb", "citys")
    assert (done.status, done.out) == (1, "")
    assert "there is no table 'citys'. Did you mean 'cities'?" in done.err


def test_an_empty_database_is_told(database, folder, run):
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    done = run("inspectdb")
    assert (done.status, done.out) == (0, "")
    assert "there are no tables in" in done.err


def test_views_and_tables_without_a_key_are_read_only_for_migrations(database, folder, run):
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    get_connection().execute_script(
        "CREATE TABLE pairs (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b));"
        "CREATE TABLE loose (x INTEGER, y INTEGER); CREATE VIEW seen AS SELECT a AS id, b FROM pairs;"
        "INSERT INTO pairs VALUES (1, 2)"
    )
    assert "Seen" not in run("inspectdb").out
    models = inspected(folder, run, "--views").models()
    assert {model.__name__: (model._meta.managed, model._meta.pk.name) for model in models} == {
        "Loose": (False, "x"),
        "Pairs": (False, "a"),
        "Seen": (False, "id"),
    }
    assert next(model for model in models if model.__name__ == "Seen").objects.get().b == 2
    assert run("check").status == 0


def test_what_dorm_cannot_name_is_left_out_and_told(database, folder, run):
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    get_connection().execute_script(
        'CREATE TABLE "order line" (id INTEGER PRIMARY KEY);'
        'CREATE TABLE t ("a b" INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE, UNIQUE ("a b", n));'
        'CREATE INDEX i ON t ("a b", n); INSERT INTO t VALUES (1, 7)'
    )
    done = run("inspectdb")
    assert "# The table 'order line' is left out: dorm cannot name it, or what is in it.\n" in done.out
    assert "# The column 'a b' is left out: dorm cannot name it.\n" in done.out
    (model,) = inspected(folder, run).models()
    assert (model._meta.pk.name, model._meta.managed, model.objects.get().n) == ("n", False, 7)
    assert run("check").status == 0


# -- names and defaults ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "app", "names"),
    [
        (["blog_post", "blog_tag"], None, ["Post", "Tag"]),
        (["blog_post", "shop_item"], None, ["BlogPost", "ShopItem"]),
        (["blog_post", "shop_item"], "blog", ["Post", "ShopItem"]),
        (["a", "A", "1st"], None, ["A", "A2", "Table1st"]),
        (["none", "Order Line"], None, ["TableNone", "OrderLine"]),
    ],
)
def test_classes_are_named_after_their_tables(tables, app, names):
    assert list(class_names(tables, app).values()) == names


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("userName", "user_name"),
        ("class", "class_field"),
        ("save", "save_field"),
        ("pk", "pk_field"),
        ("a__b_", "a_b"),
        ("2nd", "n2nd"),
        ("id", "id2"),
    ],
)
def test_fields_are_named_after_their_columns(column, name):
    assert field_name(column, {"id"}) == name


@pytest.mark.parametrize(
    ("sql", "field", "source"),
    [
        ("5", "IntegerField", "5"),
        ("((-5))", "IntegerField", "-5"),
        ("'-5'::integer", "IntegerField", "-5"),
        ("'5'::text", "TextField", '"5"'),
        ("(-1.5)::double precision", "FloatField", "-1.5"),
        ("1.5", "DecimalField", 'dorm.RawSQL("1.5")'),
        ("'it''s'::character varying(20)", "CharField", '"it\'s"'),
        ("TRUE", "BooleanField", "True"),
        ("0", "BooleanField", "False"),
        ("'{}'::jsonb", "JSONField", "dorm.RawSQL(\"'{}'::jsonb\")"),
        ("now()", "DateTimeField", 'dorm.RawSQL("now()")'),
        ("('a' || 'b')", "TextField", "dorm.RawSQL(\"'a' || 'b'\")"),
        ("(1) + (2)", "IntegerField", 'dorm.RawSQL("(1) + (2)")'),
    ],
)
def test_defaults_are_plain_values_where_they_can_be(sql, field, source):
    assert default_source(sql, field) == source
