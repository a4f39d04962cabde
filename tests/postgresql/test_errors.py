"""PostgreSQL's errors as ours: class, message, columns, cause."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, executor


def raised(core, sql, params=(), before=""):
    async def operation(db):
        await db.script(before)
        with pytest.raises(Exception) as caught:
            await db.fetch(sql, params)
        return caught.value

    return core(operation)


def test_a_unique_violation_names_its_column(core):
    error = raised(core, "INSERT INTO t (name) VALUES ('a')", before="INSERT INTO t (name) VALUES ('a')")
    assert isinstance(error, ours.UniqueViolation)
    assert isinstance(error, ours.ValidationError)
    assert error.fields == ("name",)
    assert str(error) == "a row of 't' with this 'name' already exists"
    assert isinstance(error.__cause__, psycopg.errors.UniqueViolation)


def test_a_unique_violation_names_all_its_columns(core):
    before = 'CREATE TABLE u (a int, "order" int, UNIQUE (a, "order")); INSERT INTO u VALUES (1, 2)'
    error = raised(core, "INSERT INTO u VALUES (1, 2)", before=before)
    assert error.fields == ("a", "order")
    assert "'a' and 'order'" in str(error)


def test_a_unique_index_on_an_expression_has_no_columns_to_name(core):
    before = "CREATE TABLE u (a text); CREATE UNIQUE INDEX ui ON u (lower(a)); INSERT INTO u VALUES ('x')"
    error = raised(core, "INSERT INTO u VALUES ('X')", before=before)
    assert isinstance(error, ours.UniqueViolation)
    assert error.fields == ()


@pytest.mark.parametrize(
    ("sql", "kind", "text"),
    [
        ("INSERT INTO t (age) VALUES (NULL)", ours.NotNullViolation, "'age' of 't'"),
        ("INSERT INTO c VALUES (0)", ours.CheckViolation, "c_a_check"),
        ("INSERT INTO f VALUES (99)", ours.ForeignKeyViolation, "does not exist"),
        ("DELETE FROM t", ours.ForeignKeyViolation, "pointed at"),
        ("SELECT * FROM missing", ours.ProgrammingError, 'relation "missing" does not exist'),
        ("SELEKT 1", ours.ProgrammingError, "syntax error"),
        ("SELECT %s", ours.ProgrammingError, "placeholder"),
        ("SELECT 1 / 0", ours.DataError, "division by zero"),
        ("SELECT 2147483647 + 1", ours.DataError, "out of range"),
        ("SELECT 'x'::integer", ours.DataError, "invalid input"),
        ("SELECT 'abc'::varchar(2)::bit(3)", ours.DataError, "not a valid binary digit"),
    ],
)
def test_an_error_has_the_narrowest_class(core, sql, kind, text):
    before = (
        "CREATE TABLE c (a int CHECK (a > 0)); INSERT INTO t (id) VALUES (1);"
        "CREATE TABLE f (t_id INTEGER REFERENCES t ON DELETE RESTRICT); INSERT INTO f VALUES (1);"
    )
    error = raised(core, sql, before=before)
    assert type(error) is kind
    assert text in str(error)
    assert "\n" not in str(error)
    assert error.__cause__ is not None


@pytest.mark.parametrize("value", ["a\0b", "\ud800"])
def test_a_text_that_postgresql_cannot_hold_is_a_data_error(core, value):
    error = raised(core, "SELECT %s::text", (value,))
    assert type(error) is ours.DataError


# -- connecting ------------------------------------------------------------------------------------


@pytest.fixture(params=["sync", "async"])
def refused(request, place):
    """Return a function that configures and connects, and gives what is raised."""

    def attempt(**changes):
        place.configure(**changes)
        with pytest.raises(Exception) as caught:
            if request.param == "sync":
                run_sync(executor().fetch("SELECT 1"))
            else:
                asyncio.run(fetch())
        assert "\n" not in str(caught.value)
        assert "sesame" not in str(caught.value)
        return caught.value

    async def fetch():
        await async_executor().fetch("SELECT 1")

    return attempt


def test_a_database_that_is_not_there_is_named(refused):
    error = refused(NAME="nowhere", PASSWORD="sesame")
    assert type(error) is ours.OperationalError
    assert 'database "nowhere" does not exist' in str(error)


def test_a_server_that_is_not_there_is_named(refused):
    error = refused(HOST="127.0.0.1", PORT=1, PASSWORD="sesame")
    assert type(error) is ours.OperationalError
    assert "127.0.0.1" in str(error)
    assert isinstance(error.__cause__, psycopg.OperationalError)


def test_a_host_that_is_not_there_is_named(refused):
    error = refused(HOST="no-such-host.invalid", PASSWORD="sesame")
    assert type(error) is ours.OperationalError
    assert "no-such-host.invalid" in str(error)


def test_a_user_that_is_not_there_is_named(refused):
    error = refused(USER="nobody_here", PASSWORD="sesame")
    assert 'role "nobody_here" does not exist' in str(error)


def test_an_unknown_option_is_refused(refused):
    error = refused(OPTIONS={"sslmoode": "require"})
    assert type(error) is ours.ImproperlyConfigured
    assert "sslmoode" in str(error)


def test_an_option_that_dorm_sets_is_refused(refused):
    error = refused(OPTIONS={"autocommit": False})
    assert type(error) is ours.ImproperlyConfigured


def test_options_go_to_the_driver(place):
    place.configure(OPTIONS={"application_name": "shop"})
    assert run_sync(executor().fetch("SHOW application_name")) == [("shop",)]


def test_a_url_is_a_database(place, room):
    configure(DATABASES={"default": f"postgresql:///{room.name}?host={room.master['host']}&user=postgres"})
    assert run_sync(executor().fetch("SELECT current_database()")) == [(room.name,)]


def test_a_missing_driver_is_named_with_its_cure(place):
    import subprocess
    import sys

    code = """
import sys
sys.modules["psycopg"] = None
import dorm
from dorm._run import run_sync
from dorm.db.connection import executor
dorm.configure(DATABASES={"default": {"ENGINE": "postgresql", "NAME": "x"}})
for _ in range(2):
    try:
        executor()
    except dorm.ImproperlyConfigured as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.count('pip install "djanorm[postgresql]"') == 2
