"""MigrationExecutor: the migrations of a folder anywhere, applied and undone, in words that people read."""

from __future__ import annotations

import pytest

import dorm
from dorm.db.connection import get_async_connection, get_connection
from dorm.migrations.executor import MigrationExecutor
from dorm.migrations.recorder import MigrationRecorder
from tests.migrations.folders import Apps


@pytest.fixture
def executor(call):
    return MigrationExecutor(get_async_connection() if call.is_async else get_connection(), verbosity=0)


@pytest.fixture
def folder(tmp_path):
    apps = Apps(tmp_path)
    for number, name in enumerate(("0001_initial", "0002_two", "0003_three"), 1):
        apps.table("anywhere", name, f"any_{number}")
    return apps["anywhere"]


def tables():
    return {number for number in (1, 2, 3) if get_connection().table_exists(f"any_{number}")}


def test_all_is_applied_and_a_second_time_nothing(call, executor, folder):
    assert call(executor.migrate, "anywhere", folder) == ["0001_initial", "0002_two", "0003_three"]
    assert tables() == {1, 2, 3}
    assert call(executor.migrate, "anywhere", str(folder)) == []


def test_rollback_goes_back_to_a_target_or_to_the_beginning(call, executor, folder):
    call(executor.migrate, "anywhere", folder)
    assert call(executor.rollback, "anywhere", folder, "0001") == ["0003_three", "0002_two"]
    assert tables() == {1}
    assert call(executor.rollback, "anywhere", folder, "zero") == ["0001_initial"]
    assert MigrationRecorder(get_connection()).applied_migrations() == set()


def test_rollback_does_not_go_forwards(call, executor, folder):
    call(executor.migrate_to, "anywhere", folder, "0001")
    with pytest.raises(dorm.MigrationError, match=r"anywhere\.0002 is not applied.*migrate_to"):
        call(executor.rollback, "anywhere", folder, "0002")
    assert tables() == {1}


def test_migrate_to_goes_either_way(call, executor, folder):
    assert call(executor.migrate_to, "anywhere", folder, "0002_two") == ["0001_initial", "0002_two"]
    assert call(executor.migrate_to, "anywhere", folder, "0001_initial") == ["0002_two"]
    assert call(executor.migrate_to, "anywhere", folder, "zero") == ["0001_initial"]


def test_a_dry_run_tells_the_sql_and_changes_nothing(call, executor, folder):
    statements = call(executor.migrate, "anywhere", folder, dry_run=True)
    assert "CREATE TABLE any_2 (id INTEGER)" in statements
    assert tables() == set()
    assert not get_connection().table_exists("dorm_migrations")


def test_what_is_done_is_printed(call, database, folder, capsys):
    executor = MigrationExecutor(get_connection())
    call(executor.migrate, "anywhere", folder, dry_run=True)
    out = capsys.readouterr().out
    assert "SQL that would run" in out
    assert "CREATE TABLE any_1" in out
    call(executor.migrate, "anywhere", folder)
    assert "  Applying anywhere.0002_two... OK\n" in capsys.readouterr().out
    call(executor.migrate, "anywhere", folder)
    assert "No migrations to apply" in capsys.readouterr().out
    call(executor.rollback, "anywhere", folder, "0002")
    assert capsys.readouterr().out == "  Unapplying anywhere.0003_three... OK\n"
