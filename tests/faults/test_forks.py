"""Processes that are copied while their threads and tasks write, on both databases.

Single forks, in a block and out of it, are told in `tests/execution/test_processes.py` and its twin for
PostgreSQL. From Python 3.12 on a fork beside threads is warned of; what may be promised is dorm's own part.
SQLite remembers in memory which locks its process holds, and a child inherits that: there the fork is made
between two transactions.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from dorm.db.connection import get_connection

FORKS = 40 if os.environ.get("DORM_FAULTS") == "full" else 4

# Each writer goes on until it is told to stop; each child writes in both faces and comes to an ordinary end.
PARENT = """
import asyncio, json, os, sys, threading
import dorm
from dorm.db.connection import close_all_async, get_async_connection, get_connection
from dorm.transaction import aatomic, atomic

dorm.configure(DATABASES={"default": json.loads(sys.argv[1])})
INSERT = "INSERT INTO forked (name) VALUES (%s)"
is_over, told, written, errors = threading.Event(), threading.Semaphore(0), [], []
# What is held while a transaction is open that a fork must not meet.
gate = threading.Lock() if sys.argv[3] == "sqlite" else None

def thread_write(name):
    if gate is None:
        write(name)
    else:
        with gate:
            write(name)

async def task_write(name):
    while gate is not None and not gate.acquire(blocking=False):
        await asyncio.sleep(0)
    await awrite(name)
    if gate is not None:
        gate.release()

def write(name):
    with atomic():
        get_connection().execute(INSERT, [name])
        get_connection().execute("SELECT 1")

async def awrite(name):
    async with aatomic():
        await get_async_connection().execute(INSERT, [name])
        await get_async_connection().execute("SELECT 1")

def thread(who):
    number = 0
    while not is_over.is_set():
        number += 1
        thread_write(f"{who}-{number}")
        written.append(f"{who}-{number}")
        told.release()

async def task(who):
    number = 0
    while not is_over.is_set():
        number += 1
        await task_write(f"{who}-{number}")
        written.append(f"{who}-{number}")
        told.release()

async def tasks():
    await asyncio.gather(*(task(f"task{number}") for number in range(3)))
    await close_all_async()

async def child_tasks(who):
    await asyncio.gather(*(awrite(f"{who}-async-{number}") for number in range(3)))
    await close_all_async()

def kept(work, *arguments):
    try:
        work(*arguments)
    except BaseException as error:
        errors.append(repr(error))

threads = [threading.Thread(target=kept, args=(thread, f"thread{number}")) for number in range(3)]
threads.append(threading.Thread(target=kept, args=(asyncio.run, tasks())))
for each in threads:
    each.start()
children = []
for turn in range(int(sys.argv[2])):
    for _ in range(20):
        assert told.acquire(timeout=30), errors
    if gate is not None:
        gate.acquire()
    child = os.fork()
    if gate is not None:
        gate.release()
    if child == 0:
        for number in range(3):
            write(f"child{turn}-{number}")
        asyncio.run(child_tasks(f"child{turn}"))
        sys.exit(0)
    children.append(child)
statuses = [os.waitpid(child, 0)[1] for child in children]
for _ in range(20):
    assert told.acquire(timeout=30), errors
is_over.set()
for each in threads:
    each.join(30)
print(json.dumps([written, statuses, errors]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_forks_of_a_process_at_work_lose_nothing_and_mix_nothing_up(database: Any) -> None:
    get_connection().execute("CREATE TABLE forked (name VARCHAR(50))")

    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PARENT]
    ended = subprocess.run(
        [*command, json.dumps(database.settings), str(FORKS), database.vendor],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    written, statuses, errors = json.loads(ended.stdout)
    assert (errors, statuses) == ([], [0] * FORKS)
    names = [name for (name,) in get_connection().execute("SELECT name FROM forked")]
    ways = [f"{way}{number}" for way in ("", "async-") for number in range(3)]
    children = [f"child{turn}-{way}" for turn in range(FORKS) for way in ways]
    assert sorted(names) == sorted([*written, *children])
