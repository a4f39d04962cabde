"""Transactions and the tasks of an event loop: sharing, serialising, cancelling."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from dorm import exceptions
from dorm.db.connection import async_executor, close_all_async
from dorm.transaction import aatomic

INSERT = "INSERT INTO t (name) VALUES (?)"
BROKEN = exceptions.TransactionManagementError

# Runs for about as many milliseconds as its parameter says, and longer than a loop needs to cancel.
BUSY = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO t (name) SELECT 'slow' || count(*) FROM n"""
LONG = (300_000,)


async def insert(name):
    await async_executor().execute(INSERT, (name,))


async def test_child_tasks_run_in_the_parents_block(path, names):
    with pytest.raises(ValueError):
        async with aatomic():
            await asyncio.gather(*(insert(f"n{number}") for number in range(20)))
            assert len(await async_executor().fetch("SELECT id FROM t")) == 20
            raise ValueError
    assert names() == []


async def test_child_tasks_start_the_parents_transaction_once(path, names):
    async with aatomic():
        async with asyncio.TaskGroup() as group:
            for number in range(20):
                group.create_task(insert(f"n{number}"))
    assert len(names()) == 20


async def test_tasks_have_blocks_of_their_own(path, names):
    async def work(number):
        async with aatomic():
            await insert(f"n{number}")
            if number % 2:
                raise ValueError

    await asyncio.gather(*(work(number) for number in range(40)), return_exceptions=True)
    assert sorted(names()) == sorted(f"n{number}" for number in range(0, 40, 2))


async def test_read_modify_write_in_a_block_loses_nothing(path):
    await insert("counter")
    db = async_executor()

    async def work():
        async with aatomic():
            ((age,),) = await db.fetch("SELECT age FROM t")
            await asyncio.sleep(0)
            await db.execute("UPDATE t SET age = ?", (age + 1,))

    await asyncio.gather(*(work() for _ in range(50)))
    assert await db.fetch("SELECT age FROM t") == [(50,)]


async def test_a_task_of_an_earlier_time_is_not_in_a_later_block(path, names):
    opened, done = asyncio.Event(), asyncio.Event()

    async def earlier():
        await opened.wait()
        assert not async_executor().in_atomic
        assert await async_executor().fetch("SELECT name FROM t") == []
        done.set()

    task = asyncio.create_task(earlier())
    async with aatomic():
        await insert("a")
        opened.set()
        await done.wait()
    await task


async def test_a_task_whose_parents_block_has_ended_runs_on_its_own(path, names):
    ended = asyncio.Event()

    async def child():
        await ended.wait()
        assert not async_executor().in_atomic
        await insert("child")
        async with aatomic():
            await insert("own block")

    with pytest.raises(ValueError):
        async with aatomic():
            await insert("parent")
            task = asyncio.create_task(child())
            raise ValueError
    ended.set()
    await task
    assert names() == ["child", "own block"]


async def test_nested_blocks_of_two_tasks_at_once_are_refused(path, names):
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
    assert names() == ["first"]


async def test_nested_blocks_of_two_tasks_one_after_the_other_are_fine(path, names):
    async def nested(name):
        async with aatomic():
            await insert(name)

    async with aatomic():
        await asyncio.create_task(nested("a"))
        await asyncio.create_task(nested("b"))
    assert names() == ["a", "b"]


async def test_a_statement_waits_for_another_tasks_nested_block(path, names):
    opened, resume = asyncio.Event(), asyncio.Event()

    async def nested():
        async with aatomic():
            await insert("undone")
            opened.set()
            await resume.wait()
            raise ValueError

    async with aatomic():
        task = asyncio.create_task(nested())
        await opened.wait()
        kept = asyncio.create_task(insert("kept"))
        await asyncio.sleep(0)
        resume.set()
        await kept
        with pytest.raises(ValueError):
            await task
    assert names() == ["kept"]


async def test_a_block_that_ends_before_a_nested_one_of_a_task_rolls_both_back(path, names):
    opened, resume = asyncio.Event(), asyncio.Event()

    async def nested():
        with pytest.raises(BROKEN, match="outer"):
            async with aatomic():
                await insert("nested")
                opened.set()
                await resume.wait()
                with pytest.raises(BROKEN, match="outer"):
                    await insert("late")

    with pytest.raises(BROKEN, match="still open"):
        async with aatomic():
            task = asyncio.create_task(nested())
            await opened.wait()
    resume.set()
    await task
    assert names() == []
    async with aatomic():
        await insert("after")
    assert names() == ["after"]


# -- cancellation ----------------------------------------------------------------------------------


async def test_a_cancelled_statement_is_over_when_its_task_is(path):
    started = asyncio.Event()

    async def work():
        started.set()
        await async_executor().execute(BUSY, LONG)

    task = asyncio.create_task(work())
    await started.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # Whatever became of it, nothing of it is still running: the file can be locked at once.
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    other.close()


async def test_a_block_that_is_cancelled_during_a_statement_rolls_back(path, names):
    async def work():
        async with aatomic():
            await insert("a")
            started.set()
            await async_executor().execute(BUSY, LONG)

    started = asyncio.Event()
    task = asyncio.create_task(work())
    await started.wait()
    await asyncio.sleep(0)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names() == []
    await insert("b")
    async with aatomic():
        await insert("c")
    assert names() == ["b", "c"]


async def test_a_block_that_is_cancelled_before_its_end_is_not_committed(path, names):
    async def work():
        async with aatomic():
            await insert("a")
            asyncio.current_task().cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())
    assert names() == []


async def test_a_block_that_survived_an_older_cancellation_is_committed(path, names):
    async def work():
        try:
            asyncio.current_task().cancel()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            pass
        async with aatomic():
            await insert("a")

    await asyncio.create_task(work())
    assert names() == ["a"]


async def test_a_timeout_in_a_block_rolls_back(path, names):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            async with aatomic():
                await insert("a")
                await asyncio.get_running_loop().create_future()
    assert names() == []


async def test_a_storm_of_cancellations_leaves_all_in_order(path, names):
    async def work(number):
        async with aatomic():
            await insert(f"a{number}")
            async with aatomic():
                await insert(f"b{number}")

    for turns in range(60):
        task = asyncio.create_task(work(turns))
        for _ in range(turns % 30):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    whole = names()
    assert {name[1:] for name in whole if name[0] == "a"} == {name[1:] for name in whole if name[0] == "b"}
    async with aatomic():
        await insert("after")
    assert names()[-1] == "after"


async def test_a_task_that_is_cancelled_while_it_waits_for_the_writer_keeps_nothing(path, names):
    async with aatomic():
        await insert("a")
        waiting = asyncio.Event()

        async def work():
            waiting.set()
            async with aatomic():
                await insert("b")

        # A context without the open block: the task is nobody's child.
        task = asyncio.create_task(work(), context=EMPTY.copy())
        await waiting.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with aatomic():
        await insert("c")
    assert names() == ["a", "c"]


async def test_waiting_for_a_task_with_a_block_of_its_own_ends_in_a_clear_error(path, names):
    from dorm.conf import configure

    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": path, "OPTIONS": {"busy_timeout": 50}}})

    async def work():
        async with aatomic():
            await insert("b")

    async with aatomic():
        await insert("a")
        with pytest.raises(exceptions.OperationalError, match="another task's atomic block"):
            await asyncio.create_task(work(), context=EMPTY.copy())
    assert names() == ["a"]


# -- many ------------------------------------------------------------------------------------------


async def test_hundreds_of_tasks_share_few_connections(path):
    async def work(number):
        await insert(f"n{number}")
        if number % 4 == 0:
            async with aatomic():
                await insert(f"m{number}")
        return await async_executor().fetch("SELECT count(*) FROM t WHERE name = ?", (f"n{number}",))

    assert await asyncio.gather(*(work(number) for number in range(200))) == [[(1,)]] * 200
    assert len(async_executor()._source._drivers) <= 2


async def test_close_all_async_may_be_called_at_any_time(path, names):
    await close_all_async()
    await insert("a")
    await close_all_async()
    await close_all_async()
    await insert("b")
    assert names() == ["a", "b"]


def _empty_context():
    from contextvars import Context

    return Context()


EMPTY = _empty_context()
