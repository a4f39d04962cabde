"""The end of a process, its copies, and a server that is started anew."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, executor
from tests.server import OwnServer

SETUP = """
import asyncio, json, os, sys, threading
from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, executor
from dorm.transaction import aatomic, atomic
configure(DATABASES={"default": json.loads(sys.argv[1])})
INSERT = "INSERT INTO t (name) VALUES (%s)"
"""


@pytest.fixture
def python(place):
    """Return a function that runs code in a process of its own, and makes sure of a quiet, quick end."""

    def run(code, options=()):
        done = subprocess.run(
            [sys.executable, *options, "-c", SETUP + textwrap.dedent(code), json.dumps(place.room.settings)],
            capture_output=True,
            text=True,
            timeout=30,
        )
        # In its debug mode, asyncio tells of the time that it takes to import a driver.
        told = [line for line in done.stderr.splitlines() if not line.startswith("Executing <Task")]
        assert (done.returncode, told) == (0, [])
        return done.stdout

    return run


ENDINGS = {
    "sync": "run_sync(executor().fetch('SELECT 1'))",
    "async": "asyncio.run(work())",
    "async, in a thread": "threading.Thread(target=lambda: asyncio.run(work())).start()",
    "loop kept open": "loop = asyncio.new_event_loop(); loop.run_until_complete(work())",
    "open block": "block = atomic(); block.__enter__(); run_sync(executor().execute(INSERT, ('a',)))",
    "open stream": "cursor = run_sync(executor().stream('SELECT 1'))",
    "daemon thread": "threading.Thread(target=run_sync, args=[executor().fetch('SELECT pg_sleep(60)')], daemon=True).start()",  # noqa: E501
    "both faces": "asyncio.run(work()); run_sync(executor().fetch('SELECT 1'))",
}


@pytest.mark.parametrize("options", [(), ("-X", "dev")], ids=["plain", "dev"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_process_with_open_connections_ends_by_itself(place, python, ending, options):
    code = f"""
    async def work():
        async with aatomic():
            await async_executor().fetch("SELECT 1")
        await async_executor().fetch("SELECT 1")
    {ENDINGS[ending]}
    import atexit, time
    print(time.monotonic())
    """
    if "loop" in ending and options:
        pytest.skip("python itself warns of a loop that is left open")
    started = float(python(code, options))
    # It takes a hundredth of that where nothing else keeps the machine busy; psycopg's own wait is 5 s.
    assert time.monotonic() - started < 3
    assert place.names() == []


def test_a_process_may_be_killed_in_a_block(place, python):
    python("""
    with atomic():
        run_sync(executor().execute(INSERT, ("a",)))
        os._exit(0)
    """)
    assert place.names() == []


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@needs_fork
def test_a_fork_works_on_connections_of_its_own(place, python):
    printed = python("""
    run_sync(executor().script("CREATE TABLE u (name TEXT)"))
    async def awork(name):
        async with aatomic():
            await async_executor().execute("INSERT INTO u VALUES (%s)", (name,))
    def work(name):
        run_sync(executor().execute("INSERT INTO u VALUES (%s)", (name,)))
        with atomic():
            run_sync(executor().execute("INSERT INTO u VALUES (%s)", (name,)))
        asyncio.run(awork(name))
    work("before")
    child = os.fork()
    work("child" if child == 0 else "parent")
    if child:
        _, status = os.waitpid(child, 0)
        assert status == 0
        work("after")
        print(run_sync(executor().fetch("SELECT name, count(*) FROM u GROUP BY 1 ORDER BY 1")))
    """)
    assert printed == "[('after', 3), ('before', 3), ('child', 3), ('parent', 3)]\n"


@needs_fork
@pytest.mark.parametrize("options", [(), ("-X", "dev")], ids=["plain", "dev"])
def test_a_fork_in_a_block_leaves_the_block_to_the_parent(place, python, options):
    printed = python(
        """
    with atomic():
        run_sync(executor().execute(INSERT, ("parent",)))
        child = os.fork()
        if child == 0:
            assert run_sync(executor().fetch("SELECT name FROM t")) == []
            # An ordinary end, not os._exit: what is inherited is finalized with the interpreter.
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        run_sync(executor().execute(INSERT, ("parent 2",)))
    print(run_sync(executor().fetch("SELECT name FROM t")))
    """,
        options,
    )
    assert printed == "[('parent',), ('parent 2',)]\n"


def test_import_dorm_loads_no_driver(python):
    assert python("print([name for name in sys.modules if name.startswith('psycopg')])") == "[]\n"


# -- a server that is started anew -----------------------------------------------------------------


@pytest.fixture(scope="module")
def own_server():
    """A server that only this test stops."""
    with tempfile.TemporaryDirectory(prefix="dorm-pg-", ignore_cleanup_errors=True) as folder:
        server = OwnServer(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.mark.parametrize("face", ["sync", "async"])
def test_work_goes_on_when_the_server_is_back(own_server, place, face):
    configure(DATABASES={"default": {
        "ENGINE": "postgresql", "NAME": "postgres", "USER": "postgres", "HOST": own_server.arguments["host"],
    }})  # fmt: skip

    with asyncio.Runner() as runner:

        def run(job, sql):
            if face == "sync":
                return run_sync(getattr(executor(), job)(sql))

            async def work():
                return await getattr(async_executor(), job)(sql)

            return runner.run(work())

        run("script", "DROP TABLE IF EXISTS u; CREATE TABLE u (id INTEGER)")
        own_server.stop()
        with pytest.raises(ours.OperationalError):
            run("execute", "INSERT INTO u VALUES (1)")
        own_server.start()
        started = time.monotonic()
        run("execute", "INSERT INTO u VALUES (2)")
        assert time.monotonic() - started < 3
        assert run("fetch", "SELECT id FROM u") == [(2,)]
