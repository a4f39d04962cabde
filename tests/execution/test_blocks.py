"""Atomic blocks: commit, rollback, savepoints, and what breaks them; in both faces."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from dorm import exceptions
from dorm._run import run_sync
from dorm.db.connection import async_executor, executor, reset_connections
from dorm.transaction import aatomic, atomic

INSERT = "INSERT INTO t (name) VALUES (?)"
BROKEN = exceptions.TransactionManagementError


class Reset(BaseException):
    """Not an Exception, as KeyboardInterrupt is not."""


def test_a_block_commits_at_its_end(core, names):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            assert db.in_atomic
            assert names() == []
        assert not db.in_atomic

    core(operation)
    assert names() == ["a"]


@pytest.mark.parametrize(
    "kind", [ValueError, KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit, Reset]
)
def test_a_block_rolls_back_for_every_exception(core, names, kind):
    async def operation(db):
        try:
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                raise kind
        except kind:
            pass
        await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["b"]


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
def test_a_nested_block_rolls_back_alone(core, names, kind):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            try:
                async with db.atomic():
                    await db.execute(INSERT, ("b",))
                    raise kind
            except kind:
                pass
            await db.execute(INSERT, ("c",))

    core(operation)
    assert names() == ["a", "c"]


def test_a_failing_outer_block_takes_the_nested_one_along(core, names):
    async def operation(db):
        with pytest.raises(ValueError):
            async with db.atomic():
                async with db.atomic():
                    await db.execute(INSERT, ("a",))
                raise ValueError

    core(operation)
    assert names() == []


def test_blocks_nest_deeply(core, names):
    async def operation(db):
        async with db.atomic(), db.atomic(), db.atomic():
            with pytest.raises(ValueError):
                async with db.atomic(), db.atomic():
                    await db.execute(INSERT, ("a",))
                    raise ValueError
            async with db.atomic():
                pass
            await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["b"]


def test_an_empty_block_sends_nothing(core, path):
    async def operation(db):
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        async with db.atomic(), db.atomic():
            pass
        other.close()

    core(operation)


def test_a_refused_row_leaves_the_block_usable(core, names):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            with pytest.raises(exceptions.UniqueViolation):
                await db.execute(INSERT, ("a",))
            await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["a", "b"]


def test_a_refused_first_row_leaves_the_block_usable(core, names):
    async def operation(db):
        await db.execute(INSERT, ("a",))
        async with db.atomic(), db.atomic():
            with pytest.raises(exceptions.UniqueViolation):
                await db.execute(INSERT, ("a",))
            await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["a", "b"]


def test_a_rollback_forced_by_the_database_is_an_error(core, names):
    async def operation(db):
        with pytest.raises(BROKEN, match="gone"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                with pytest.raises(exceptions.UniqueViolation):
                    await db.execute("INSERT OR ROLLBACK INTO t (name) VALUES ('a')")
                with pytest.raises(BROKEN, match="gone"):
                    await db.execute(INSERT, ("b",))
        await db.execute(INSERT, ("c",))

    core(operation)
    assert names() == ["c"]


def test_a_rollback_forced_by_the_first_statement_loses_nothing(core, names):
    async def operation(db):
        await db.execute(INSERT, ("a",))
        async with db.atomic(), db.atomic():
            with pytest.raises(exceptions.UniqueViolation):
                await db.execute("INSERT OR ROLLBACK INTO t (name) VALUES ('a')")
            await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["a", "b"]


@pytest.mark.parametrize("word", ["COMMIT", "ROLLBACK"])
def test_ending_the_transaction_by_hand_is_an_error(core, word):
    async def operation(db):
        with pytest.raises(BROKEN):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                await db.execute(word)
                with pytest.raises(BROKEN):
                    await db.execute(INSERT, ("b",))

    core(operation)


def test_a_commit_that_is_refused_rolls_back(core, names):
    async def operation(db):
        await db.script("CREATE TABLE u (t_id REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        with pytest.raises(exceptions.ForeignKeyViolation):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                await db.execute("INSERT INTO u VALUES (99)")
        await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["b"]


def test_a_failed_block_without_savepoint_dooms_the_outer_one(core, names):
    async def operation(db):
        with pytest.raises(BROKEN, match="savepoint=False"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                with pytest.raises(ValueError):
                    async with db.atomic(savepoint=False):
                        raise ValueError
                with pytest.raises(BROKEN, match="savepoint=False"):
                    await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == []


def test_a_failed_block_without_savepoint_is_undone_at_the_next_savepoint(core, names):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            with pytest.raises(ValueError):
                async with db.atomic():
                    await db.execute(INSERT, ("b",))
                    async with db.atomic(savepoint=False):
                        raise ValueError
            await db.execute(INSERT, ("c",))

    core(operation)
    assert names() == ["a", "c"]


def test_a_durable_block_must_be_the_outermost(core):
    async def operation(db):
        async with db.atomic(durable=True):
            pass
        async with db.atomic():
            with pytest.raises(BROKEN, match="durable"):
                async with db.atomic(durable=True):
                    pass

    core(operation)


def test_a_block_that_cannot_begin_says_so_and_the_next_one_can(core, path, names):
    async def operation(db):
        await db.execute("PRAGMA busy_timeout = 0")
        async with db.atomic():
            await db.execute("SELECT 1")
            # Of the block's own connection, which is another one in a loop; it is kept for the next block.
            await db.execute("PRAGMA busy_timeout = 0")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(exceptions.OperationalError, match="locked"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
        other.close()
        async with db.atomic():
            await db.execute(INSERT, ("b",))

    core(operation)
    assert names() == ["b"]


# -- the public face -------------------------------------------------------------------------------


def test_atomic_is_a_block_and_a_decorator(path, names):
    @atomic
    def bare(name):
        return run_sync(executor().execute(INSERT, (name,)))

    @atomic("default")
    def named(name):
        """Insert."""
        run_sync(executor().execute(INSERT, (name,)))
        raise ValueError

    assert bare("a") == 1
    with pytest.raises(ValueError):
        named("b")
    with atomic():
        bare("c")
    assert names() == ["a", "c"]
    assert named.__doc__ == "Insert."


async def test_aatomic_is_a_block_and_a_decorator(path, names):
    @aatomic
    async def bare(name):
        return await async_executor().execute(INSERT, (name,))

    @aatomic("default")
    async def named(name):
        await async_executor().execute(INSERT, (name,))
        raise ValueError

    assert await bare("a") == 1
    with pytest.raises(ValueError):
        await named("b")
    async with aatomic():
        await bare("c")
    assert names() == ["a", "c"]


def test_a_decorated_method_stays_a_method(path):
    class Shop:
        @atomic
        def sell(self):
            return executor().in_atomic

    assert Shop().sell() is True


def test_a_decorator_that_would_end_its_block_too_early_is_refused():
    async def coroutine(): ...

    def generator():
        yield

    for function in (coroutine, generator):
        with pytest.raises(TypeError):
            atomic(function)
    for function in (generator, lambda: None):
        with pytest.raises(TypeError):
            aatomic(function)


def test_one_atomic_object_can_be_entered_again(path, names):
    block = atomic()
    with block:
        run_sync(executor().execute(INSERT, ("a",)))
        with pytest.raises(ValueError), block:
            run_sync(executor().execute(INSERT, ("b",)))
            raise ValueError
    assert names() == ["a"]


def test_one_atomic_object_may_be_shared_by_threads(path, names):
    block, entered, leave = atomic(), Event(), Event()

    def work():
        with block:
            entered.set()
            leave.wait()
            run_sync(executor().execute(INSERT, ("thread",)))

    with ThreadPoolExecutor(1) as pool:
        with block:
            job = pool.submit(work)
            entered.wait()
        leave.set()
        job.result()
    assert names() == ["thread"]


async def test_one_aatomic_object_may_be_shared_by_tasks(path, names):
    block = aatomic()

    async def work(number):
        async with block:
            await async_executor().execute(INSERT, (f"n{number}",))
            await asyncio.sleep(0)
            if number % 2:
                raise ValueError

    await asyncio.gather(*(work(number) for number in range(6)), return_exceptions=True)
    assert sorted(names()) == ["n0", "n2", "n4"]


def test_an_unknown_alias_is_refused_with_a_suggestion(path):
    with pytest.raises(exceptions.ImproperlyConfigured, match="Did you mean 'default'"), atomic("defualt"):
        pass


def test_a_generator_that_is_closed_in_a_block_rolls_back(path, names):
    def rows():
        with atomic():
            run_sync(executor().execute(INSERT, ("a",)))
            yield 1

    generator = rows()
    next(generator)
    generator.close()
    run_sync(executor().execute(INSERT, ("b",)))
    assert names() == ["b"]


async def test_an_async_generator_that_is_closed_in_a_block_rolls_back(path, names):
    async def rows():
        async with aatomic():
            await async_executor().execute(INSERT, ("a",))
            yield 1

    generator = rows()
    await anext(generator)
    await generator.aclose()
    async with aatomic():
        await async_executor().execute(INSERT, ("b",))
    assert names() == ["b"]


def test_a_coroutine_that_is_closed_in_a_block_rolls_back(path, names):
    async def work(inserted):
        async with aatomic():
            await async_executor().execute(INSERT, ("a",))
            inserted.set_result(None)
            await asyncio.get_running_loop().create_future()

    loop = asyncio.new_event_loop()
    inserted = loop.create_future()
    coroutine = work(inserted)
    task = loop.create_task(coroutine)
    loop.run_until_complete(inserted)
    coroutine.close()
    task._log_destroy_pending = False
    loop.close()
    reset_connections()
    run_sync(executor().execute(INSERT, ("b",)))
    assert names() == ["b"]
