"""The pool: what it opens, lends, closes and logs; connections that are lost, and servers that restart."""

from __future__ import annotations

import asyncio
import gc
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.db.connection import (
    async_executor,
    close_all,
    close_all_async,
    executor,
    reset_connections,
)
from dorm.db.utils import with_transient_retry
from dorm.transaction import aatomic, atomic

INSERT = "INSERT INTO t (name) VALUES (%s)"


def insert(name):
    run_sync(executor().execute(INSERT, (name,)))


def fetch(sql="SELECT 1"):
    return run_sync(executor().fetch(sql))


# -- sizes -----------------------------------------------------------------------------------------


def test_nothing_is_opened_before_the_first_statement(place):
    executor()
    assert place.backends() == []
    assert executor().stats()["open"] is False


def test_statements_one_after_the_other_share_a_connection(core, place):
    async def operation(db):
        return {(await db.fetch("SELECT pg_backend_pid()"))[0] for _ in range(5)}

    assert len(core(operation)) == 1
    assert len(place.backends()) == 1


def test_the_smallest_size_is_opened_with_the_first(core, place):
    place.configure(MIN_POOL_SIZE=3)
    core(lambda db: db.fetch("SELECT 1"))
    assert len(place.backends()) == 3


def test_threads_share_the_pool_and_do_not_exceed_it(place):
    place.configure(MAX_POOL_SIZE=3)
    start = Barrier(8)

    def work(number):
        start.wait()
        for turn in range(10):
            insert(f"{number}/{turn}")
            with atomic():
                insert(f"{number}/{turn}/block")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(place.names()) == 160
    assert len(place.backends()) <= 3
    assert executor().stats()["requests_waiting"] == 0


def test_a_thread_that_ends_leaves_its_connection_to_others(place):
    thread = Thread(target=fetch)
    thread.start()
    thread.join()
    gc.collect()
    fetch()
    assert len(place.backends()) == 1


def test_a_nested_thread_does_not_run_in_the_block(place):
    with atomic(), ThreadPoolExecutor(1) as pool:
        insert("a")
        pool.submit(insert, "b").result()
        assert place.names() == ["b"]
    assert sorted(place.names()) == ["a", "b"]


def test_an_old_connection_is_replaced(core, place):
    place.configure(MAX_LIFETIME=0)

    async def operation(db):
        return {(await db.fetch("SELECT pg_backend_pid()"))[0] for _ in range(3)}

    assert len(core(operation)) == 3


# -- exhaustion ------------------------------------------------------------------------------------


def test_threads_that_wait_in_vain_are_told_who_has_the_connections(place):
    place.configure(MAX_POOL_SIZE=1, POOL_TIMEOUT=0.2)
    busy, leave = Event(), Event()

    def hold():
        with atomic():
            fetch()
            busy.set()
            leave.wait()

    holder = Thread(target=hold, name="greedy")
    holder.start()
    busy.wait()
    with pytest.raises(ours.OperationalError) as caught:
        fetch()
    leave.set()
    holder.join()
    assert fetch() == [(1,)]
    message = str(caught.value)
    assert "pool of 'default'" in message and "all 1 (MAX_POOL_SIZE)" in message
    assert "0.2 s (POOL_TIMEOUT)" in message
    assert "thread 'greedy' has one for an atomic block, since" in message


async def test_tasks_that_wait_in_vain_are_told_who_has_the_connections(place):
    place.configure(MAX_POOL_SIZE=1, POOL_TIMEOUT=0.2)
    db = async_executor()
    started = asyncio.get_running_loop().time()

    async def hold():
        async with aatomic():
            await db.fetch("SELECT pg_sleep(0.5)")

    holder = asyncio.create_task(hold(), name="greedy")
    await asyncio.sleep(0.1)
    with pytest.raises(ours.OperationalError, match="task 'greedy' has one for an atomic block, since"):
        await db.fetch("SELECT 1")
    assert asyncio.get_running_loop().time() - started < 0.45
    await holder
    assert await db.fetch("SELECT 1") == [(1,)]
    await close_all_async()


def test_an_exhausted_pool_is_waited_for_once(place):
    place.configure(MAX_POOL_SIZE=1, POOL_TIMEOUT=0.2)
    calls = []

    def work():
        calls.append(fetch())

    with atomic(), ThreadPoolExecutor(1) as pool:
        fetch()
        started = time.monotonic()
        with pytest.raises(ours.OperationalError, match="POOL_TIMEOUT"):
            pool.submit(with_transient_retry, work).result()
        assert time.monotonic() - started < 0.39


# -- connections that are lost ---------------------------------------------------------------------


def test_a_connection_that_was_ended_is_replaced_before_a_write(core, place):
    async def operation(db):
        for turn in range(5):
            await db.execute(INSERT, (f"n{turn}",))
            assert place.room.terminate() == 1

    core(operation)
    assert place.names() == [f"n{turn}" for turn in range(5)]


def test_a_connection_that_was_ended_is_replaced_before_a_block(core, place):
    async def operation(db):
        await db.fetch("SELECT 1")
        place.room.terminate()
        async with db.atomic():
            await db.execute(INSERT, ("a",))

    core(operation)
    assert place.names() == ["a"]


def test_a_block_begins_anew_on_a_connection_that_was_not_asked(core, place):
    place.configure(POOL_CHECK=False)

    async def operation(db):
        await db.fetch("SELECT 1")
        place.room.terminate()
        async with db.atomic(), db.atomic():
            await db.execute(INSERT, ("a",))

    core(operation)
    assert place.names() == ["a"]


def test_a_plain_select_is_repeated_on_a_connection_that_was_not_asked(core, place):
    place.configure(POOL_CHECK=False)

    async def operation(db):
        await db.fetch("SELECT 1")
        place.room.terminate()
        return await db.fetch("SELECT 2")

    assert core(operation) == [(2,)]


def test_a_write_whose_connection_is_lost_is_not_repeated(core, place):
    place.configure(POOL_CHECK=False)

    async def operation(db):
        await db.execute(INSERT, ("a",))
        place.room.terminate()
        with pytest.raises(ours.OperationalError, match="not known whether it took effect"):
            await db.execute(INSERT, ("b",))
        await db.execute(INSERT, ("c",))

    core(operation)
    assert place.names() == ["a", "c"]


def test_a_commit_whose_connection_is_lost_says_that_nobody_knows(core, place):
    async def operation(db):
        with pytest.raises(ours.OperationalError, match=r"COMMIT was under way.*not known"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                place.room.terminate()
        await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == ["b"]


def test_a_block_whose_connection_is_lost_is_over(core, place):
    async def operation(db):
        with pytest.raises(ours.TransactionManagementError, match="gone"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                place.room.terminate()
                with pytest.raises(ours.OperationalError):
                    await db.execute(INSERT, ("b",))
                with pytest.raises(ours.TransactionManagementError, match="gone"):
                    await db.execute(INSERT, ("c",))
        await db.execute(INSERT, ("d",))

    core(operation)
    assert place.names() == ["d"]


def test_a_deadlock_of_single_statements_is_tried_again(place):
    place.run("INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')")
    place.run(
        """CREATE FUNCTION both_ways(first int, second int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        UPDATE t SET age = age + 1 WHERE id = first; PERFORM pg_sleep(0.1);
        UPDATE t SET age = age + 1 WHERE id = second; RETURN 1; END $$"""
    )

    def work(pair):
        return fetch(f"SELECT both_ways({pair[0]}, {pair[1]})")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, [(1, 2), (2, 1)])) == [[(1,)], [(1,)]]
    assert place.run("SELECT age FROM t ORDER BY id") == [(2,), (2,)]


def test_the_number_of_attempts_is_the_environments(place, monkeypatch):
    monkeypatch.setenv("DORM_RETRY_ATTEMPTS", "1")
    place.configure(POOL_CHECK=False)
    fetch()
    place.room.terminate()
    with pytest.raises(ours.OperationalError):
        fetch()


# -- closing ---------------------------------------------------------------------------------------


def test_a_pool_tells_when_it_is_opened_and_closed(core, place, caplog):
    caplog.set_level("INFO", "dorm.db.lifecycle.postgresql")
    core(lambda db: db.fetch("SELECT 1"))
    reset_connections()
    told = [record.getMessage() for record in caplog.records if record.name == "dorm.db.lifecycle.postgresql"]
    assert [message.split()[-1] for message in told] == ["opened", "closed"]
    assert place.room.name in told[0]


@pytest.mark.parametrize("close", [close_all, reset_connections])
def test_closing_reaches_every_thread_and_the_next_use_opens_again(place, close):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fetch).result()
        fetch()
        close()
        assert executor().stats()["pool_size"] == 0
        assert pool.submit(fetch).result() == fetch() == [(1,)]


async def test_close_all_async_closes_the_loops_connections(place):
    db = async_executor()
    await db.fetch("SELECT 1")
    await close_all_async()
    assert db.stats()["pool_size"] == 0
    assert await async_executor().fetch("SELECT 1") == [(1,)]
    assert await db.fetch("SELECT 1") == [(1,)]
    await db.aclose()
    await close_all_async()


def test_a_reset_ends_unfinished_transactions_of_all_threads(place):
    started, leave = Event(), Event()

    def work():
        db = executor()
        with pytest.raises(ours.TransactionManagementError, match="gone"), atomic():
            insert("a")
            started.set()
            leave.wait()
            run_sync(db.execute(INSERT, ("b",)))

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(work)
        started.wait()
        reset_connections()
        leave.set()
        job.result()
    assert place.names() == []
    assert place.is_quiet()


async def test_a_waiter_hears_of_a_pool_that_is_closed(place):
    place.configure(MAX_POOL_SIZE=1)
    db = async_executor()
    busy = asyncio.create_task(db.fetch("SELECT pg_sleep(60)"))
    waiting = asyncio.create_task(db.fetch("SELECT 1"))
    while db.stats()["requests_waiting"] == 0:
        await asyncio.sleep(0)
    close_all()
    with pytest.raises(ours.OperationalError, match="closed while a statement waited"):
        await waiting
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)


# -- the shelf, which waits for nothing ------------------------------------------------------------


def test_connections_that_were_not_needed_are_closed_down_to_the_smallest_size(place, monkeypatch):
    place.configure(MAX_IDLE=60, MIN_POOL_SIZE=1)
    start = Barrier(4)

    def work(_):
        with atomic():
            fetch()
            start.wait()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert executor().stats()["pool_size"] == 4
    now = [0.0]
    from dorm.db.backends import postgresql_pool

    real = postgresql_pool.monotonic
    monkeypatch.setattr(postgresql_pool, "monotonic", lambda: real() + now[0])
    now[0] = 61
    fetch()
    assert executor().stats()["pool_size"] == 1
