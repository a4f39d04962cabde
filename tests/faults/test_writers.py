"""Many writers of one row or one file, and writers that are killed, on both databases.

A handful of racers is told in `tests/querysets/test_races.py`, single endings of a process in
`tests/execution/test_processes.py` and its twin for PostgreSQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

import dorm
import dorm.db.connection
from tests.faults.limits import ends_in
from tests.relations.models import MODELS, Pet, Tag

IS_FULL = os.environ.get("DORM_FAULTS") == "full"
# Seconds, on a machine that has much else to do.
LIMIT = 300 if IS_FULL else 90

# A number is told once its block is committed; what stands in the open block never is.
WRITER = """
import json, sys
import dorm
from dorm.db.connection import get_connection
from dorm.transaction import atomic
dorm.configure(DATABASES={"default": json.loads(sys.argv[1])})
db = get_connection()
writer, most = sys.argv[2], int(sys.argv[3])
for number in range(most):
    with atomic():
        db.execute("INSERT INTO killed (name) VALUES (%s)", [f"{writer}-{number}-a"])
        db.execute("INSERT INTO killed (name) VALUES (%s)", [f"{writer}-{number}-b"])
    print(number, flush=True)
if sys.argv[4] == "open":
    with atomic():
        db.execute("INSERT INTO killed (name) VALUES (%s)", [f"{writer}-open"])
        print("open", flush=True)
        sys.stdin.read()
"""


def start(settings: dict[str, Any], writer: object, most: int, end: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, json.dumps(settings), str(writer), str(most), end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def names() -> list[str]:
    rows = dorm.db.connection.get_connection().execute("SELECT name FROM killed")
    return [name for (name,) in rows]


def together(many: int, one: Callable[[int], Any]) -> list[Any]:
    """Return what each of *many* threads has got, its error included; all begin at once."""
    found: list[Any] = []
    start = threading.Barrier(many)

    def run(number: int) -> None:
        start.wait(30)
        try:
            found.append(one(number))
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def killed(database: Any) -> dict[str, Any]:
    dorm.db.connection.get_connection().execute("CREATE TABLE killed (name VARCHAR(50))")
    settings: dict[str, Any] = database.settings
    return settings


@pytest.mark.parametrize("end", ["open", "anywhere"])
@ends_in(LIMIT)
def test_a_killed_writer_leaves_whole_transactions(killed: dict[str, Any], end: str) -> None:
    for writer in range(10 if IS_FULL else 2):
        with start(killed, writer, 20 if end == "open" else 100_000, end) as process:
            assert process.stdout is not None
            told = [process.stdout.readline().strip() for _ in range(21)]
            process.kill()
            told += process.stdout.read().split()
        acknowledged = {word for word in told if word != "open"}
        there = [name for name in names() if name.startswith(f"{writer}-")]
        firsts = {name.split("-")[1] for name in there if name.endswith("-a")}

        assert len(there) == len(set(there)) == 2 * len(firsts)
        # The last one may be committed and not told of yet.
        assert acknowledged <= firsts and len(firsts - acknowledged) <= 1
        assert end != "open" or firsts == acknowledged


@ends_in(LIMIT)
def test_eight_processes_write_all_their_rows(killed: dict[str, Any]) -> None:
    processes = [start(killed, writer, 20, "none") for writer in range(8)]
    for process in processes:
        process.communicate(timeout=60)

    assert [process.returncode for process in processes] == [0] * 8
    assert len(names()) == len(set(names())) == 8 * 20 * 2


@ends_in(LIMIT)
def test_a_hundred_threads_write_all_their_rows(database: Any) -> None:
    dorm.create_tables(*MODELS)

    found = together(100, lambda number: [Tag.objects.create(name=f"{number}-{n}").pk for n in range(5)])

    assert [error for error in found if isinstance(error, Exception)] == []
    assert len({pk for pks in found for pk in pks}) == Tag.objects.count() == 500


@ends_in(LIMIT)
def test_of_32_threads_one_makes_the_row(database: Any) -> None:
    dorm.create_tables(*MODELS)

    got = together(32, lambda number: Tag.objects.get_or_create(name="x"))
    assert [error for error in got if isinstance(error, Exception)] == []
    assert sorted(is_new for _, is_new in got) == [False] * 31 + [True]

    put = together(32, lambda number: Tag.objects.update_or_create(name="y"))
    assert [error for error in put if isinstance(error, Exception)] == []
    assert sorted(is_new for _, is_new in put) == [False] * 31 + [True]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["x", "y"]


@ends_in(LIMIT)
def test_threads_that_read_and_then_write_in_a_block_lose_nothing(database: Any) -> None:
    dorm.create_tables(*MODELS)
    pet = Pet.objects.create(name="0")

    def add(number: int) -> None:
        for _ in range(10):
            with dorm.transaction.atomic():
                read = Pet.objects.select_for_update().get(pk=pet.pk)
                read.name = str(int(read.name) + 1)
                read.save()

    found = together(16, add)

    assert found == [None] * 16
    assert Pet.objects.get(pk=pet.pk).name == "160"
