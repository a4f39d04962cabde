"""`dorm migrate` killed at any moment and run again, by many processes at once, and with one that fails.

Real processes on a real project: what they leave in the database is looked at from here.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dorm.db.connection import get_connection, reset_connections
from tests.faults.migrated import MIGRATIONS, Project, prices, recorded, schema

IS_FULL = os.environ.get("DORM_FAULTS") == "full"
KILLS = 100 if IS_FULL else 5
PROCESSES = 8
NAMES = list(MIGRATIONS)


@pytest.fixture
def project(database: Any, tmp_path: Path) -> Iterator[Project]:
    yield Project(tmp_path / "project", database.settings)
    reset_connections()


def empty(database: Any) -> None:
    """Drop what migrations have made."""
    connection = get_connection()
    for table in ("shop_item", "shop_shelf", "dorm_migrations"):
        cascade = "CASCADE" if database.vendor == "postgresql" else ""
        connection.execute(f"DROP TABLE IF EXISTS {table} {cascade}")


def test_a_killed_migrate_is_finished_by_the_next_one(project: Project, database: Any) -> None:
    status, _, err = project.run("migrate")
    assert status == 0, err
    right = schema()
    seed = random.randrange(10**9)
    chance = random.Random(seed)

    for number in range(KILLS):
        empty(database)
        process = project.start("migrate")
        # As it starts, as one of the migrations begins, or a moment later.
        assert process.stdout is not None
        for _ in range(chance.randrange(len(NAMES) + 1)):
            process.stdout.readline()
        killer = threading.Timer(chance.random() * 0.03, process.kill)
        killer.start()
        process.communicate()
        killer.join()
        where = f"seed {seed}, kill {number}"
        assert recorded() == NAMES[: len(recorded())], where

        status, _, err = project.run("migrate")
        assert status == 0, (where, err)
        assert recorded() == NAMES, where
        assert schema() == right, where
        assert prices() == [1] * 50, where


APART = """
    atomic = False

    def add(app_label, registry):
        Item = registry["Item"]
        number = Item.objects.count()
        # A while in which another process would come in between.
        for _ in range(300):
            assert Item.objects.count() == number
        Item.objects.create(name=f"item {number}", price=Item.objects.latest("id").id * 10 + 11)

    operations = [RunPython(add)]
"""


def test_of_many_processes_at_once_one_applies_each_migration_and_all_end_well(project: Project) -> None:
    project.add("0009_apart", APART, NAMES[-1])
    processes = [project.start("migrate") for _ in range(PROCESSES)]
    ended = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, ended
    applied = [line for out, _ in ended for line in out.splitlines() if "Applying" in line]
    assert len(applied) == len(NAMES) + 1
    assert recorded() == [*NAMES, "0009_apart"]
    assert prices() == [1] * 51
    assert not [path for path in project.folder.parent.iterdir() if path.name.endswith("-migrate")]


FAILING = """
    def fail(app_label, registry):
        registry["Item"].objects.create(name="half")
        raise ZeroDivisionError("nothing is divided by this")

    operations = [
        AddField("Item", "colour", dorm.CharField(max_length=20, null=True)),
        RunPython(fail),
    ]
"""


def test_a_migration_that_raises_leaves_nothing_and_says_where(project: Project) -> None:
    assert project.run("migrate")[0] == 0
    before = schema()
    project.add("0009_half", FAILING, NAMES[-1])

    status, _, err = project.run("migrate")

    assert status == 1
    assert len(err.splitlines()) == 1
    assert "shop.0009_half" in err
    assert "ZeroDivisionError: nothing is divided by this" in err
    assert f"{Path('shop', 'migrations', '0009_half.py')}, line 8" in err
    assert recorded() == NAMES
    assert schema() == before
    assert len(prices()) == 50


INTERRUPTED = """
    import signal

    def wait(app_label, registry):
        registry["Item"].objects.create(name="half")
        signal.pause()

    operations = [RunPython(wait)]
"""


def test_an_interrupted_migration_leaves_nothing_and_ends_with_130(project: Project) -> None:
    project.add("0009_waits", INTERRUPTED, NAMES[-1])
    process = project.start("migrate")
    assert process.stdout is not None
    printed = ""
    # Its line has no end yet.
    while not printed.endswith("0009_waits..."):
        printed += process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == "dorm: interrupted"
    assert recorded() == NAMES
    assert len(prices()) == 50
