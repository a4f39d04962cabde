"""MigrationRecorder: the table in which a database keeps what is applied to it."""

from __future__ import annotations

import pytest

import dorm
from dorm.db.connection import get_async_connection, get_connection
from dorm.migrations.recorder import MigrationRecorder


@pytest.fixture
def recorder(call):
    return MigrationRecorder(get_async_connection() if call.is_async else get_connection())


def test_a_database_without_the_table_has_no_migrations(call, recorder):
    assert call(recorder.applied_migrations) == set()
    assert not get_connection().table_exists("dorm_migrations")


def test_what_is_recorded_is_applied_until_it_is_taken_back(call, recorder):
    call(recorder.ensure_table)
    call(recorder.ensure_table)
    call(recorder.record_applied, "blog", "0001_initial")
    call(recorder.record_applied, "shop", "0001_initial")
    assert call(recorder.applied_migrations) == {("blog", "0001_initial"), ("shop", "0001_initial")}
    call(recorder.record_unapplied, "blog", "0001_initial")
    call(recorder.record_unapplied, "blog", "0009_never_was")
    assert call(recorder.applied_migrations) == {("shop", "0001_initial")}


def test_a_migration_is_recorded_once_however_often_it_is_told(call, recorder):
    call(recorder.ensure_table)
    for _ in range(2):
        call(recorder.record_applied, "blog", "0001_initial")
    assert get_connection().execute("SELECT count(*) FROM dorm_migrations") == [(1,)]


def test_two_rows_of_one_migration_are_refused_by_the_database(call, recorder):
    call(recorder.ensure_table)
    call(recorder.record_applied, "blog", "0001_initial")
    with pytest.raises(dorm.IntegrityError):
        get_connection().execute(
            "INSERT INTO dorm_migrations (app, name, applied) SELECT app, name, applied FROM dorm_migrations"
        )


def test_the_table_says_when_a_migration_was_applied(call, recorder):
    call(recorder.ensure_table)
    call(recorder.record_applied, "blog", "0001_initial")
    ((app, name, applied),) = get_connection().execute("SELECT app, name, applied FROM dorm_migrations")
    assert (app, name) == ("blog", "0001_initial")
    assert str(applied)[:2] == "20"


def test_each_database_keeps_its_own_record(call, recorder, database, tmp_path):
    other = {"ENGINE": "sqlite", "NAME": str(tmp_path / "other.sqlite3")}
    dorm.configure(DATABASES={"default": database.settings, "other": other})
    second = MigrationRecorder(get_connection("other"))
    for each in (recorder, second):
        call(each.ensure_table)
    call(second.record_applied, "blog", "0001_initial")
    assert call(recorder.applied_migrations) == set()
    assert call(second.applied_migrations) == {("blog", "0001_initial")}


def test_a_name_is_a_value_whatever_is_in_it(call, recorder):
    call(recorder.ensure_table)
    call(recorder.record_applied, "blog", "x'); DROP TABLE dorm_migrations; --")
    assert call(recorder.applied_migrations) == {("blog", "x'); DROP TABLE dorm_migrations; --")}
