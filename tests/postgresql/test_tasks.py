"""Transactions and the tasks of an event loop: sharing, waiting for the pool, cancelling."""

from __future__ import annotations

import asyncio
import random

import pytest

from dorm import exceptions as ours
from dorm.db.connection import async_executor, close_all_async
from dorm.transaction import aatomic

INSERT = "INSERT INTO t (name) VALUES (%s)"
BROKEN = ours.TransactionManagementError


@pytest.fixture
async def db(place):
    yield async_executor()
    await close_all_async()


async def insert(name):
    await async_executor().execute(INSERT, (name,))


async def test_child_tasks_run_in_the_parents_block(db, place):
    with pytest.raises(ValueError):
        async with aatomic():
            await asyncio.gather(*(insert(f"n{number}") for number in range(20)))
            assert len(await db.fetch("SELECT id FROM t")) == 20
            raise ValueError
    assert place.names() == []


async def test_tasks_have_blocks_of_their_own(db, place):
    async def work(number):
        async with aatomic():
            await insert(f"n{number}")
            if number % 2:
                raise ValueError

    await asyncio.gather(*(work(number) for number in range(40)), return_exceptions=True)
    assert sorted(place.names()) == sorted(f"n{number}" for number in range(0, 40, 2))


async def test_many_tasks_share_a_small_pool(db, place):
    place.configure(MAX_POOL_SIZE=4)
    db = async_executor()
    await asyncio.gather(*(insert(f"n{number}") for number in range(200)))
    assert len(place.names()) == 200
    assert len(place.backends()) <= 4
    sizes = {"min_size": 1, "max_size": 4, "pool_size": 4, "pool_available": 4}
    assert db.stats() == {"open": True, **sizes, "requests_waiting": 0}


async def test_read_modify_write_that_locks_its_row_loses_nothing(db, place):
    await insert("counter")

    async def work():
        async with aatomic():
            ((age,),) = await db.fetch("SELECT age FROM t FOR UPDATE")
            await asyncio.sleep(0)
            await db.execute("UPDATE t SET age = %s", (age + 1,))

    await asyncio.gather(*(work() for _ in range(50)))
    assert await db.fetch("SELECT age FROM t") == [(50,)]


async def test_nested_blocks_of_two_tasks_at_once_are_refused(db, place):
    opened, tried = asyncio.Event(), asyncio.Event()

    async def first():
        async with aatomic():
            await insert("first")
            opened.set()
            await tried.wait()

    async def second():
        await opened.wait()
        try:
            with pytest.raises(BROKEN, match="two tasks"):
                async with aatomic():
                    pass
        finally:
            tried.set()

    async with aatomic():
        await asyncio.gather(first(), second())
    assert place.names() == ["first"]


# -- cancellation ----------------------------------------------------------------------------------


async def until(claim):
    """Wait until the server has heard of everything; fail when *claim* does not come true."""
    for _ in range(300):
        if claim():
            return
        await asyncio.sleep(0.01)
    pytest.fail("the server still has what should be gone")


async def quiet(place):
    await until(lambda: place.in_transaction() == 0)


async def test_a_cancelled_statement_is_cancelled_on_the_server(db, place):
    task = asyncio.create_task(db.fetch("SELECT pg_sleep(60)"))
    while place.in_transaction() == 0:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await quiet(place)
    assert await db.fetch("SELECT 1") == [(1,)]
    assert db.stats()["pool_available"] == db.stats()["pool_size"] == 1


async def test_a_block_that_is_cancelled_during_a_statement_rolls_back(db, place):
    async def work():
        async with aatomic():
            await insert("a")
            await db.fetch("SELECT pg_sleep(60)")

    for turns in (1, 3):
        task = asyncio.create_task(work())
        while place.in_transaction() == 0 or not place.run(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        ):
            await asyncio.sleep(0.01)
        for _ in range(turns):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        await quiet(place)
    assert place.names() == []
    async with aatomic():
        await insert("b")
    assert place.names() == ["b"]


async def test_a_block_that_is_cancelled_before_its_end_is_not_committed(db, place):
    async def work():
        async with aatomic():
            await insert("a")
            asyncio.current_task().cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())
    assert place.names() == []


async def test_a_timeout_in_a_block_rolls_back(db, place):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            async with aatomic():
                await insert("a")
                await asyncio.get_running_loop().create_future()
    assert place.names() == []
    assert place.is_quiet()


async def test_a_cancelled_wait_leaves_the_line(db, place):
    place.configure(MAX_POOL_SIZE=1)
    db = async_executor()
    async with aatomic():
        await insert("a")
        loop_wide = [asyncio.create_task(outside(db)) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert db.stats()["requests_waiting"] == 3
        loop_wide[1].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert db.stats()["requests_waiting"] == 2
    assert await asyncio.gather(*loop_wide, return_exceptions=True) != []
    assert db.stats()["requests_waiting"] == 0
    assert db.stats()["pool_available"] == 1


async def outside(db):
    # In a context of its own, a task is not in the block of the one that made it.
    import contextvars

    return await asyncio.get_running_loop().create_task(db.fetch("SELECT 1"), context=contextvars.Context())


async def test_what_a_cancelled_waiter_was_given_is_passed_on(db, place):
    place.configure(MAX_POOL_SIZE=1)
    db = async_executor()
    for _ in range(50):
        first, second, third = (asyncio.create_task(db.fetch("SELECT 1")) for _ in range(3))
        await first
        # The second has just been handed the connection, and has not run since.
        second.cancel()
        assert await third == [(1,)]
        await asyncio.gather(second, return_exceptions=True)
        assert db.stats()["pool_available"] == 1


async def test_a_storm_of_cancellations_loses_nothing(db, place):
    place.configure(MAX_POOL_SIZE=5)
    db = async_executor()
    chance = random.Random(7)

    async def work(number):
        kind = number % 4
        if kind == 0:
            await db.fetch("SELECT pg_sleep(0.002)")
        elif kind == 1:
            async with aatomic():
                await insert(f"n{number}")
                async with aatomic():
                    await db.fetch("SELECT 1")
        elif kind == 2:
            cursor = await db.stream("SELECT generate_series(1, 100)", (), 10)
            await cursor.fetch()
            await cursor.close()
        else:
            await insert(f"n{number}")

    async def one(number):
        task = asyncio.create_task(work(number))
        await asyncio.sleep(chance.random() * 0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for start in range(0, 800, 40):
        await asyncio.gather(*(one(number) for number in range(start, start + 40)))
    await quiet(place)
    assert db.stats()["requests_waiting"] == 0
    # A connection whose task was cancelled while it was opened arrives by itself.
    await until(lambda: db.stats()["pool_available"] == db.stats()["pool_size"])
    assert db.stats()["pool_size"] <= 5
    await until(lambda: len(place.backends()) == db.stats()["pool_size"])
    assert await asyncio.gather(*(db.fetch("SELECT 1") for _ in range(20))) == [[(1,)]] * 20


# -- loops -----------------------------------------------------------------------------------------


def test_one_loop_after_the_other_works(place, recwarn):
    async def work(number):
        await insert(f"n{number}")
        async with aatomic():
            return (await async_executor().fetch("SELECT count(*) FROM t"))[0][0]

    assert [asyncio.run(work(number)) for number in range(20)] == list(range(1, 21))
    assert len(place.backends()) == 1


def test_a_loop_that_was_left_open_is_no_trouble(place):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(insert("a"))
    asyncio.run(insert("b"))
    loop.run_until_complete(insert("c"))
    loop.close()
    asyncio.run(insert("d"))
    assert place.names() == ["a", "b", "c", "d"]
