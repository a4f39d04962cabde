"""Connections that are ended between a commit and its answer: the write is done, and must not be repeated.

A server that waits for a standby that does not come has committed and not answered yet. Ends at any other
moment are told in `test_storms.py`, answers that are lost on their way in `test_lost_answers.py`.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, close_all_async, executor
from dorm.db.transient import UnknownOutcome
from tests.faults.limits import INSERT, in_time
from tests.server import OwnServer

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture(scope="module")
def server() -> Iterator[psycopg.Connection]:
    """Give a connection to a server whose commits, if they are to be synchronous, wait for ever."""
    with tempfile.TemporaryDirectory(prefix="dorm-pg-", ignore_cleanup_errors=True) as folder:
        own = OwnServer(Path(folder))
        own.start()
        with psycopg.connect(**own.arguments, autocommit=True) as connection:
            # Nothing but the rows themselves tells of a write that is done twice.
            connection.execute("CREATE TABLE t (name TEXT)")
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            connection.execute("SELECT pg_reload_conf()")
            yield connection
        own.stop(signal.SIGQUIT)


def end_what_waits(connection: psycopg.Connection, is_over: threading.Event) -> None:
    """End whatever connection has committed and waits, until all is over."""
    while not is_over.wait(0.005):
        for found in connection.execute(WAITING).fetchall():
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", found)


@pytest.mark.parametrize("face", ["sync", "async"])
@pytest.mark.parametrize("in_block", [False, True])
def test_a_write_that_is_committed_as_its_connection_ends_is_not_repeated(server, place, face, in_block):
    configure(DATABASES={"default": {
        "ENGINE": "postgresql", "NAME": "postgres", "USER": "postgres", "HOST": server.info.host,
        "OPTIONS": {"options": "-c synchronous_commit=on"},
    }})  # fmt: skip

    async def write(db, name):
        if in_block:
            async with db.atomic():
                await db.execute(INSERT, (name,))
        else:
            await db.execute(INSERT, (name,))

    async def awrite(name):
        try:
            await write(async_executor(), name)
        finally:
            await close_all_async()

    def run(name):
        return run_sync(write(executor(), name)) if face == "sync" else asyncio.run(awrite(name))

    names = [f"{face}-{in_block}-{number}" for number in range(5)]
    is_over = threading.Event()
    ending = threading.Thread(target=end_what_waits, args=(server, is_over))
    ending.start()
    try:
        for name in names:
            with pytest.raises(UnknownOutcome, match="not known whether it took effect"):
                in_time(20, lambda name=name: run(name))
    finally:
        is_over.set()
        ending.join(20)

    there = [name for (name,) in server.execute("SELECT name FROM t ORDER BY name")]
    assert [name for name in there if name.startswith(f"{face}-{in_block}-")] == names
