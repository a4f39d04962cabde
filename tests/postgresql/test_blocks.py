"""Atomic blocks on PostgreSQL: commit, rollback, savepoints, and what breaks them; in both faces."""

from __future__ import annotations

import asyncio

import pytest

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.db.connection import executor, reset_connections
from dorm.db.driver import Demands
from dorm.transaction import aatomic, atomic

INSERT = "INSERT INTO t (name) VALUES (%s)"
BROKEN = ours.TransactionManagementError


class Reset(BaseException):
    """Not an Exception, as KeyboardInterrupt is not."""


def test_a_block_commits_at_its_end(core, place):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            assert db.in_atomic
            assert place.names() == []
        assert not db.in_atomic

    core(operation)
    assert place.names() == ["a"]
    assert place.is_quiet()


@pytest.mark.parametrize(
    "kind", [ValueError, KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit, Reset]
)
def test_a_block_rolls_back_for_every_exception(core, place, kind):
    async def operation(db):
        try:
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                raise kind
        except kind:
            pass
        await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == ["b"]
    assert place.is_quiet()


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
def test_a_nested_block_rolls_back_alone(core, place, kind):
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
    assert place.names() == ["a", "c"]


def test_blocks_nest_deeply(core, place):
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
    assert place.names() == ["b"]


def test_an_empty_block_borrows_nothing(core, place):
    async def operation(db):
        async with db.atomic(), db.atomic():
            pass

    core(operation)
    assert place.backends() == []


def test_after_a_failed_statement_the_block_takes_no_more(core, place):
    async def operation(db):
        with pytest.raises(BROKEN, match="failed"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                with pytest.raises(ours.UniqueViolation):
                    await db.execute(INSERT, ("a",))
                with pytest.raises(BROKEN, match="failed"):
                    await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == []


@pytest.mark.parametrize("depth", [1, 2])
def test_a_failed_statement_that_was_caught_is_not_committed_in_silence(core, place, depth):
    async def operation(db):
        with pytest.raises(BROKEN, match="failed"):
            async with db.atomic():
                if depth == 2:
                    await db.execute(INSERT, ("outer",))
                    async with db.atomic():
                        with pytest.raises(ours.DataError):
                            await db.fetch("SELECT 1 / 0")
                with pytest.raises(ours.DataError):
                    await db.fetch("SELECT 1 / 0")

    core(operation)
    assert place.names() == []
    assert place.is_quiet()


def test_a_failed_statement_in_a_nested_block_leaves_the_outer_one_usable(core, place):
    async def operation(db):
        async with db.atomic():
            await db.execute(INSERT, ("a",))
            with pytest.raises(ours.UniqueViolation):
                async with db.atomic():
                    await db.execute(INSERT, ("a",))
            await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == ["a", "b"]


def test_a_failed_first_statement_in_a_nested_block_leaves_the_outer_one_usable(core, place):
    async def operation(db):
        async with db.atomic():
            with pytest.raises(ours.DataError):
                async with db.atomic():
                    await db.fetch("SELECT 1 / 0")
            await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == ["b"]


@pytest.mark.parametrize("word", ["COMMIT", "ROLLBACK"])
def test_ending_the_transaction_by_hand_is_an_error(core, place, word):
    async def operation(db):
        with pytest.raises(BROKEN):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                await db.execute(word)
                with pytest.raises(BROKEN):
                    await db.execute(INSERT, ("b",))

    core(operation)
    assert "b" not in place.names()


def test_a_commit_that_is_refused_rolls_back(core, place):
    async def operation(db):
        await db.script("CREATE TABLE u (t_id INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        with pytest.raises(ours.ForeignKeyViolation):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                await db.execute("INSERT INTO u VALUES (99)")
        await db.execute(INSERT, ("b",))

    core(operation)
    assert place.names() == ["b"]


def test_a_block_has_the_isolation_that_it_asks_for(core):
    async def operation(db):
        async with db.atomic(demands=Demands(isolation="SERIALIZABLE", read_only=True, deferrable=True)):
            return await db.fetch(
                "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), "
                "current_setting('transaction_deferrable')"
            )

    assert core(operation) == [("serializable", "on", "on")]


def test_a_failed_block_without_savepoint_dooms_the_outer_one(core, place):
    async def operation(db):
        with pytest.raises(BROKEN, match="savepoint=False"):
            async with db.atomic():
                await db.execute(INSERT, ("a",))
                with pytest.raises(ValueError):
                    async with db.atomic(savepoint=False):
                        raise ValueError

    core(operation)
    assert place.names() == []


def test_atomic_is_a_block_and_a_decorator(place):
    @atomic
    def bare(name):
        return run_sync(executor().execute(INSERT, (name,)))

    assert bare("a") == 1
    with pytest.raises(ValueError), atomic():
        bare("b")
        raise ValueError
    assert place.names() == ["a"]


def test_autocommit_off_holds_one_connection_until_commit(core, place):
    async def operation(db):
        await db.set_autocommit(False)
        await db.execute(INSERT, ("a",))
        assert place.names() == []
        await db.commit()
        assert place.names() == ["a"]
        await db.execute(INSERT, ("b",))
        await db.rollback()
        await db.set_autocommit(True)

    core(operation)
    assert place.names() == ["a"]
    assert place.is_quiet()


# -- generators and coroutines that are closed -----------------------------------------------------


def test_a_generator_that_is_closed_in_a_block_rolls_back(place):
    def rows():
        with atomic():
            run_sync(executor().execute(INSERT, ("a",)))
            yield 1

    generator = rows()
    next(generator)
    generator.close()
    run_sync(executor().execute(INSERT, ("b",)))
    assert place.names() == ["b"]


async def test_an_async_generator_that_is_closed_in_a_block_rolls_back(place):
    from dorm.db.connection import async_executor

    async def rows(nested):
        async with aatomic():
            await async_executor().execute(INSERT, ("a",))
            if not nested:
                yield 1
            else:
                try:
                    async with aatomic():
                        await async_executor().execute(INSERT, ("b",))
                        yield 1
                except GeneratorExit:
                    # Caught, so the outer block is committed.
                    pass

    for nested in (False, True):
        generator = rows(nested)
        await anext(generator)
        await generator.aclose()
    assert place.names() == ["a"]
    assert place.is_quiet()
    reset_connections()


def test_a_coroutine_that_is_closed_in_a_block_rolls_back(place):
    from dorm.db.connection import async_executor

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
    assert place.names() == ["b"]
