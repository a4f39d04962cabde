"""The end of a process, its copies, and what is loaded into it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time

import pytest

from dorm._run import run_sync
from dorm.db.connection import executor
from dorm.transaction import atomic

SETUP = """
import asyncio, sys, threading
from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, executor
from dorm.transaction import aatomic, atomic
configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": sys.argv[1]}})
"""


def python(code, *arguments, options=()):
    """Run *code* in a process of its own; return what it printed, having made sure of a quiet, quick end."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, *options, "-c", SETUP + textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    # In its debug mode, asyncio tells of the time that it takes to import a driver.
    told = [line for line in done.stderr.splitlines() if not line.startswith("Executing <Task")]
    assert (done.returncode, told) == (0, [])
    return done.stdout, time.monotonic() - started


ENDINGS = {
    "sync": "run_sync(executor().fetch('SELECT 1'))",
    "async": "asyncio.run(async_executor_fetch())",
    "async, in a thread": "threading.Thread(target=lambda: asyncio.run(async_executor_fetch())).start()",
    "loop kept open": "loop = asyncio.new_event_loop(); loop.run_until_complete(async_executor_fetch())",
    "loop set and closed": (
        "loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop);"
        "loop.run_until_complete(async_executor_fetch()); loop.close()"
    ),
    "open transaction": "run_sync(executor().execute('BEGIN IMMEDIATE'))",
    "daemon thread": "threading.Thread(target=run_sync, args=[executor().fetch('SELECT 1')], daemon=True).start()",  # noqa: E501
    "both faces": "asyncio.run(async_executor_fetch()); run_sync(executor().fetch('SELECT 1'))",
}


@pytest.mark.parametrize("options", [(), ("-X", "dev")], ids=["plain", "dev"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_process_with_open_connections_ends_by_itself(tmp_path, ending, options):
    code = f"""
    async def async_executor_fetch():
        async with aatomic():
            await async_executor().fetch("SELECT 1")
        await async_executor().fetch("SELECT 1")
    {ENDINGS[ending]}
    """
    if "loop" in ending and options:
        pytest.skip("python itself warns of a loop that is left open")
    python(code, tmp_path / "db.sqlite3", options=options)


def test_a_process_does_not_wait_for_a_long_statement_of_a_lost_task(tmp_path):
    _, seconds = python(
        """
        async def work():
            await async_executor().fetch(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            )
        loop = asyncio.new_event_loop()
        task = loop.create_task(work())
        loop.run_until_complete(asyncio.sleep(0.05))
        task._log_destroy_pending = False
        """,
        tmp_path / "db.sqlite3",
    )
    assert seconds < 5


def test_a_process_may_be_killed_in_a_block(tmp_path):
    path = tmp_path / "db.sqlite3"
    python("run_sync(executor().script('CREATE TABLE t (id INTEGER)'))", path)
    code = """
    import os
    with atomic():
        run_sync(executor().execute("INSERT INTO t VALUES (1)"))
        os._exit(0)
    """
    python(code, path)
    assert python("print(run_sync(executor().fetch('SELECT * FROM t')))", path)[0] == "[]\n"


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@needs_fork
def test_a_fork_works_on_connections_of_its_own(tmp_path):
    code = """
    import os
    TABLE = "CREATE TABLE t (name TEXT)"
    run_sync(executor().script(TABLE))
    async def awork(name):
        async with aatomic():
            await async_executor().execute("INSERT INTO t VALUES (?)", (name,))
    def work(name):
        run_sync(executor().execute("INSERT INTO t VALUES (?)", (name,)))
        with atomic():
            run_sync(executor().execute("INSERT INTO t VALUES (?)", (name,)))
        asyncio.run(awork(name))
    work("before")
    child = os.fork()
    work("child" if child == 0 else "parent")
    if child:
        _, status = os.waitpid(child, 0)
        assert status == 0
        print(run_sync(executor().fetch("SELECT name, count(*) FROM t GROUP BY 1 ORDER BY 1")))
    """
    # From 3.12 on, Python warns of a fork beside threads: aiosqlite has one.
    printed, _ = python(code, tmp_path / "db.sqlite3", options=("-W", "ignore::DeprecationWarning"))
    assert printed == "[('before', 3), ('child', 3), ('parent', 3)]\n"


@needs_fork
def test_a_fork_in_a_block_leaves_the_block_to_the_parent(tmp_path):
    code = """
    import os
    run_sync(executor().script("CREATE TABLE t (name TEXT)"))
    with atomic():
        run_sync(executor().execute("INSERT INTO t VALUES ('parent')"))
        child = os.fork()
        if child == 0:
            assert run_sync(executor().fetch("SELECT * FROM t")) == []
            # An ordinary end, not os._exit: what is inherited is finalized with the interpreter.
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        run_sync(executor().execute("INSERT INTO t VALUES ('parent 2')"))
    print(run_sync(executor().fetch("SELECT * FROM t")))
    """
    printed, _ = python(code, tmp_path / "db.sqlite3")
    assert printed == "[('parent',), ('parent 2',)]\n"


@needs_fork
def test_a_fork_keeps_a_copy_of_a_database_in_memory(tmp_path):
    code = """
    import os
    run_sync(executor().script("CREATE TABLE t (name TEXT)"))
    run_sync(executor().execute("INSERT INTO t VALUES ('before')"))
    child = os.fork()
    run_sync(executor().execute("INSERT INTO t VALUES (?)", ("child" if child == 0 else "parent",)))
    if child == 0:
        assert run_sync(executor().fetch("SELECT * FROM t")) == [("before",), ("child",)]
    else:
        assert os.waitpid(child, 0)[1] == 0
        print(run_sync(executor().fetch("SELECT * FROM t")))
    """
    assert python(code, ":memory:")[0] == "[('before',), ('parent',)]\n"


def test_processes_that_write_at_once_all_get_through(path):
    code = """
    for number in range(20):
        with atomic():
            ((age,),) = run_sync(executor().fetch("SELECT age FROM t WHERE id = 1"))
            run_sync(executor().execute("UPDATE t SET age = ? WHERE id = 1", (age + 1,)))
    """
    with atomic():
        run_sync(executor().execute("INSERT INTO t (id, name) VALUES (1, 'counter')"))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SETUP + textwrap.dedent(code), str(path)], stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    assert [process.communicate(timeout=30)[1] for process in started] == [b""] * 4
    assert run_sync(executor().fetch("SELECT age FROM t")) == [(80,)]
