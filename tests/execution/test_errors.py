"""The database's errors as ours: class, message, columns, cause."""

from __future__ import annotations

import os
import sqlite3

import pytest

from dorm import exceptions as ours
from dorm.conf import configure


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
    assert "already exists" in str(error)
    assert isinstance(error.__cause__, sqlite3.IntegrityError)


def test_a_unique_violation_names_all_its_columns(core):
    before = "CREATE TABLE u (a, b, UNIQUE (a, b)); INSERT INTO u VALUES (1, 2)"
    error = raised(core, "INSERT INTO u VALUES (1, 2)", before=before)
    assert error.fields == ("a", "b")
    assert "'a' and 'b'" in str(error)


def test_a_second_primary_key_is_a_unique_violation(core):
    error = raised(core, "INSERT INTO t (id) VALUES (1)", before="INSERT INTO t (id) VALUES (1)")
    assert error.fields == ("id",)


def test_a_unique_index_on_an_expression_has_no_columns_to_name(core):
    before = "CREATE TABLE u (a); CREATE UNIQUE INDEX ui ON u (lower(a)); INSERT INTO u VALUES ('x')"
    error = raised(core, "INSERT INTO u VALUES ('X')", before=before)
    assert isinstance(error, ours.UniqueViolation)
    assert error.fields == ()


@pytest.mark.parametrize(
    ("sql", "kind", "text"),
    [
        ("INSERT INTO t (age) VALUES (NULL)", ours.NotNullViolation, "'age' of 't'"),
        ("INSERT INTO c VALUES (0)", ours.CheckViolation, "a > 0"),
        ("INSERT INTO f VALUES (99)", ours.ForeignKeyViolation, "does not exist"),
        ("DELETE FROM t", ours.ForeignKeyViolation, "pointed at"),
        ("SELECT * FROM missing", ours.ProgrammingError, "no such table: missing"),
        ("SELEKT 1", ours.ProgrammingError, "syntax error"),
        ("SELECT 1; SELECT 2", ours.ProgrammingError, "one statement"),
        ("SELECT ?", ours.ProgrammingError, "binding"),
    ],
)
def test_an_error_has_the_narrowest_class(core, sql, kind, text):
    before = (
        "CREATE TABLE c (a CHECK (a > 0)); INSERT INTO t (id) VALUES (1);"
        "CREATE TABLE f (t_id INTEGER REFERENCES t ON DELETE RESTRICT); INSERT INTO f VALUES (1);"
    )
    error = raised(core, sql, before=before)
    assert type(error) is kind
    assert text in str(error)
    assert error.__cause__ is not None


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800"])
def test_a_value_that_sqlite_cannot_hold_is_a_data_error(core, value):
    error = raised(core, "SELECT ?", (value,))
    assert type(error) is ours.DataError


def test_a_database_in_a_missing_folder_names_path_and_folder(core, tmp_path):
    path = tmp_path / "missing" / "db.sqlite3"
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": path}})
    error = raised(lambda operation: core(_unscripted(operation)), "SELECT 1")
    assert type(error) is ours.OperationalError
    assert str(path) in str(error)
    assert "folder" in str(error) and "does not exist" in str(error)


def test_a_file_of_another_kind_is_named(core, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 300)
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": path}})
    error = raised(lambda operation: core(_unscripted(operation)), "SELECT 1")
    assert type(error) is ours.OperationalError
    assert str(path) in str(error)
    assert "another kind" in str(error)


def test_a_folder_in_place_of_a_file_is_named(core, tmp_path):
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": tmp_path}})
    error = raised(lambda operation: core(_unscripted(operation)), "SELECT 1")
    assert str(error).endswith(f"{tmp_path} is a folder")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(core, tmp_path):
    path = tmp_path / "secret.sqlite3"
    path.touch(mode=0o000)
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": path}})
    error = raised(lambda operation: core(_unscripted(operation)), "SELECT 1")
    assert "no permission" in str(error)


def _unscripted(operation):
    async def run(db):
        class Silent:
            fetch = staticmethod(db.fetch)

            async def script(self, sql):
                return

        return await operation(Silent())

    return run
