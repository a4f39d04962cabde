"""The lock of migrations on PostgreSQL: one migrator at a time, whatever the pool and the process."""

from __future__ import annotations

import asyncio
import threading

import pytest

import dorm
from dorm._run import run_sync
from dorm.db.connection import async_executor, close_all_async, executor, reset_connections
from dorm.migrations.lock import MigrationLock
from tests.faults.limits import in_time


@pytest.fixture
def place(room):
    room.empty()
    dorm.configure(DATABASES={"default": {**room.settings, "MAX_POOL_SIZE": 1, "POOL_TIMEOUT": 5}})
    yield room
    reset_connections()


def lockers(room):
    """Return the connections that hold an advisory lock of this database."""
    sql = (
        "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )
    return [pid for (pid,) in room.run(sql)]


def test_the_second_migrator_waits_until_the_first_has_ended(place):
    order, first_is_in, waits = [], threading.Event(), threading.Event()

    async def first():
        async with MigrationLock(executor(), lambda: None):
            first_is_in.set()
            assert waits.wait(20)
            order.append("first")

    async def second():
        async with MigrationLock(executor(), waits.set):
            order.append("second")

    thread = threading.Thread(target=lambda: run_sync(first()))
    thread.start()
    assert first_is_in.wait(20)
    in_time(20, lambda: run_sync(second()))
    thread.join(20)
    assert order == ["first", "second"]
    assert lockers(place) == []


def test_tasks_of_one_loop_wait_without_keeping_it(place):
    order = []

    async def migrate(name):
        async with MigrationLock(async_executor(), lambda: order.append("waits")):
            order.append(name)
            await asyncio.sleep(0)
            order.append(name)

    async def main():
        await asyncio.gather(migrate("a"), migrate("b"))
        await close_all_async()

    in_time(20, lambda: asyncio.run(main()))
    assert [name for name in order if name != "waits"] in (["a", "a", "b", "b"], ["b", "b", "a", "a"])


def test_a_pool_of_one_connection_is_left_to_the_migrations(place):
    async def work():
        async with MigrationLock(executor(), lambda: None):
            async with executor().atomic():
                return await executor().fetch("SELECT 1")

    assert in_time(20, lambda: run_sync(work())) == [(1,)]


def test_the_lock_goes_with_the_block_however_that_ends(place):
    async def fail():
        async with MigrationLock(executor(), lambda: None):
            assert len(lockers(place)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_sync(fail())
    assert lockers(place) == []


def test_a_lock_that_was_lost_is_noticed(place):
    async def work():
        async with MigrationLock(executor(), lambda: None) as lock:
            await lock.check()
            place.run(f"SELECT pg_terminate_backend({lockers(place)[0]}, 5000)")
            with pytest.raises(
                dorm.MigrationError, match="holds the lock of migrations on 'default' was lost"
            ):
                await lock.check()

    run_sync(work())


def test_a_task_that_is_cancelled_as_it_waits_leaves_nothing_behind(place):
    async def main():
        waits = asyncio.Event()

        async def second():
            async with MigrationLock(async_executor(), waits.set):
                raise AssertionError("the lock was taken")

        async with MigrationLock(async_executor(), lambda: None):
            task = asyncio.create_task(second())
            await waits.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(lockers(place)) == 1
        await close_all_async()

    in_time(20, lambda: asyncio.run(main()))
    assert lockers(place) == []


def test_the_lock_stands_the_limits_that_a_server_sets_on_idle_transactions(place):
    limited = {**place.settings, "OPTIONS": {**place.settings["OPTIONS"]}}
    limited["OPTIONS"]["options"] = "-c idle_in_transaction_session_timeout=1000"
    dorm.configure(DATABASES={"default": limited})

    async def work():
        async with MigrationLock(executor(), lambda: None) as lock:
            place.run("SELECT pg_sleep(1.2)")
            await lock.check()

    run_sync(work())
