"""What a transaction can be asked for: hooks for its commit, savepoints, the wish to roll back, its kind."""

from __future__ import annotations

import asyncio
import logging

import pytest

import dorm
from dorm.transaction import (
    aatomic,
    aon_commit,
    asavepoint,
    atomic,
    get_rollback,
    on_commit,
    savepoint,
    savepoint_commit,
    savepoint_rollback,
    set_rollback,
)

BROKEN = dorm.TransactionManagementError


class Stopped(Exception):
    """What a test raises itself."""


# -- on_commit -------------------------------------------------------------------------------------


def test_hooks_run_after_the_outermost_commit_in_order(go, committed):
    called = []

    async def program(face):
        async with face.atomic():
            await face.insert("a")
            await face.call(on_commit, lambda: called.append((1, committed())))
            async with face.atomic():
                await face.call(on_commit, lambda: called.append((2, committed())))
            await face.call(on_commit, lambda: called.append((3, committed())))
            assert called == []

    go(program)
    assert called == [(1, ["a"]), (2, ["a"]), (3, ["a"])]


def test_a_hook_outside_of_a_transaction_runs_at_once(go):
    called = []

    async def program(face):
        await face.call(on_commit, lambda: called.append(1))
        assert called == [1]

    go(program)


def test_hooks_go_with_the_savepoint_they_were_registered_in(go):
    called = []

    async def program(face):
        async with face.atomic():
            await face.call(on_commit, lambda: called.append("kept"))
            with pytest.raises(Stopped):
                async with face.atomic():
                    async with face.atomic():
                        await face.call(on_commit, lambda: called.append("undone"))
                    raise Stopped

    go(program)
    assert called == ["kept"]


def test_hooks_go_with_the_transaction(go):
    called = []

    async def program(face):
        with pytest.raises(Stopped):
            async with face.atomic():
                await face.call(on_commit, lambda: called.append(1))
                raise Stopped
        async with face.atomic():
            await face.call(on_commit, lambda: called.append(2))
            set_rollback(True)
        async with face.atomic():
            pass

    go(program)
    assert called == []


def test_a_hook_may_use_the_database(go, committed):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            hook = (lambda: face.insert("b")) if face.is_async else (lambda: insert_directly(face))
            await face.call(on_commit, hook)
        assert committed() == ["a", "b"]

    def insert_directly(face):
        face.connection().execute("INSERT INTO t (name) VALUES (%s)", ["b"])

    go(program)


def test_a_hook_that_fails_keeps_the_later_ones_back_and_the_commit_stays(go, committed):
    called = []

    async def program(face):
        with pytest.raises(ZeroDivisionError):
            async with face.atomic():
                await face.insert("a")
                await face.call(on_commit, lambda: 1 // 0)
                await face.call(on_commit, lambda: called.append(1))
        assert committed() == ["a"]
        await face.insert("b")

    go(program)
    assert called == []


def test_a_robust_hook_that_fails_is_logged(go, caplog):
    called = []

    async def program(face):
        async with face.atomic():
            await face.call(on_commit, lambda: 1 // 0, robust=True)
            await face.call(on_commit, lambda: called.append(1))

    caplog.set_level(logging.ERROR, "dorm.db.hooks")
    go(program)
    assert called == [1]
    [record] = caplog.records
    assert "division" in record.getMessage() and record.exc_info is not None


def test_a_hook_is_of_one_database(go):
    async def program(face):
        async with face.atomic():
            with pytest.raises(dorm.ImproperlyConfigured, match="no database 'other'"):
                await face.call(on_commit, print, "other")
            with pytest.raises(TypeError, match="callable"):
                await face.call(on_commit, "print")

    go(program)


async def test_a_coroutine_function_is_awaited_after_the_commit(database):
    called = []

    async def hook():
        await asyncio.sleep(0)
        called.append(1)

    async with aatomic():
        await aon_commit(hook)
        # Registering needs no waiting, so the plain name will do in a coroutine.
        on_commit(hook)
        assert called == []
    assert called == [1, 1]
    await aon_commit(hook)
    assert called == [1, 1, 1]


def test_a_coroutine_function_is_refused_in_a_synchronous_block(database):
    async def hook():
        pass

    with atomic(), pytest.raises(dorm.AsyncRequiredError, match="hook"):
        on_commit(hook)
    with pytest.raises(dorm.AsyncRequiredError, match="aon_commit"):
        on_commit(hook)
    with pytest.raises(dorm.AsyncRequiredError, match="must be awaited"), atomic():
        on_commit(lambda: hook())


# -- savepoints by hand ----------------------------------------------------------------------------


def test_a_savepoint_is_rolled_back_to(go, committed):
    called = []

    async def program(face):
        async with face.atomic():
            await face.insert("a")
            sid = await face.call(savepoint)
            await face.call(on_commit, lambda: called.append("undone"))
            await face.insert("b")
            await face.call(savepoint_rollback, sid)
            assert await face.names() == ["a"]
            await face.insert("c")
            await face.call(savepoint_rollback, sid)
            await face.insert("d")
        assert committed() == ["a", "d"]

    go(program)
    assert called == []


def test_a_savepoint_is_released(go, committed):
    async def program(face):
        async with face.atomic():
            sid = await face.call(savepoint)
            await face.insert("a")
            await face.call(savepoint_commit, sid)
            with pytest.raises(BROKEN, match="no savepoint"):
                await face.call(savepoint_rollback, sid)
        assert committed() == ["a"]

    go(program)


def test_a_savepoint_of_an_unused_block_costs_nothing_and_works(go, committed):
    async def program(face):
        async with face.atomic():
            sid = await face.call(savepoint)
            await face.call(savepoint_rollback, sid)
            inner = await face.call(savepoint)
            await face.call(savepoint_commit, sid)
            with pytest.raises(BROKEN):
                await face.call(savepoint_commit, inner)
            await face.insert("a")
        assert committed() == ["a"]

    go(program)


def test_a_refused_statement_is_undone_by_a_savepoint(go, committed):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            sid = await face.call(savepoint)
            with pytest.raises(dorm.UniqueViolation):
                await face.insert("a")
            await face.call(savepoint_rollback, sid)
            await face.insert("b")
        assert committed() == ["a", "b"]

    go(program)


def test_a_savepoint_belongs_to_its_block(go):
    async def program(face):
        with pytest.raises(BROKEN, match="savepoint"):
            await face.call(savepoint)
        async with face.atomic():
            sid = await face.call(savepoint)
            async with face.atomic():
                with pytest.raises(BROKEN, match="no savepoint"):
                    await face.call(savepoint_rollback, sid)

    go(program)


async def test_the_twins_find_the_block_of_their_own_colour(database):
    async with aatomic():
        with atomic():
            assert await asavepoint() == "dorm_1"
            assert savepoint() == "dorm_1"


# -- set_rollback ----------------------------------------------------------------------------------


def test_set_rollback_undoes_the_block_without_an_exception(go, committed):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            assert get_rollback() is False
            set_rollback(True)
            assert get_rollback() is True
        async with face.atomic():
            await face.insert("b")
            async with face.atomic():
                await face.insert("c")
                set_rollback(True)
            assert get_rollback() is False
        assert committed() == ["b"]

    go(program)


def test_a_block_to_be_rolled_back_takes_no_more_statements(go, committed):
    async def program(face):
        async with face.atomic():
            set_rollback(True)
            with pytest.raises(BROKEN, match="set_rollback"):
                await face.insert("a")
            with pytest.raises(BROKEN, match="set_rollback"):
                async with face.atomic():
                    pass
            set_rollback(False)
            await face.insert("b")
        assert committed() == ["b"]

    go(program)


def test_set_rollback_false_takes_back_what_a_block_without_savepoint_did(go, committed):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            with pytest.raises(Stopped):
                async with face.atomic(savepoint=False):
                    raise Stopped
            assert get_rollback() is True
            set_rollback(False)
            await face.insert("b")
        assert committed() == ["a", "b"]

    go(program)


def test_the_wish_needs_an_atomic_block(go):
    async def program(face):
        for ask in (get_rollback, lambda: set_rollback(True)):
            with pytest.raises(BROKEN, match="atomic block"):
                ask()
        await face.do("set_autocommit", False)
        with pytest.raises(BROKEN, match="atomic block"):
            set_rollback(True)
        await face.do("set_autocommit", True)

    go(program)


# -- blocks that are broken ------------------------------------------------------------------------


def test_a_statement_that_fails_breaks_the_block_on_postgresql_alone(go, committed, database):
    async def program(face):
        await face.insert("a")
        if database.vendor == "sqlite":
            async with face.atomic():
                with pytest.raises(dorm.UniqueViolation):
                    await face.insert("a")
                await face.insert("b")
            assert committed() == ["a", "b"]
            return
        with pytest.raises(BROKEN, match="failed"):
            async with face.atomic():
                await face.insert("b")
                with pytest.raises(dorm.UniqueViolation):
                    await face.insert("a")
                assert get_rollback() is True
                with pytest.raises(BROKEN, match="atomic block of its own") as caught:
                    await face.insert("c")
                assert isinstance(caught.value.__cause__, Exception)
        assert committed() == ["a"]

    go(program)


def test_a_nested_block_heals_it(go, committed):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            with pytest.raises(dorm.UniqueViolation):
                async with face.atomic():
                    await face.insert("a")
            await face.insert("b")
        assert committed() == ["a", "b"]

    go(program)


# -- kinds of transaction --------------------------------------------------------------------------


def test_a_read_only_block_refuses_writes(go, committed):
    async def program(face):
        await face.insert("a")
        async with face.atomic(read_only=True):
            assert await face.names() == ["a"]
        with pytest.raises(dorm.DatabaseError, match="read"):
            async with face.atomic(read_only=True):
                await face.insert("b")
        await face.insert("c")
        async with face.atomic():
            await face.insert("d")
        assert committed() == ["a", "c", "d"]

    go(program)


def test_a_read_only_block_does_not_wait_for_a_writer(go, database):
    async def program(face):
        async with face.atomic():
            await face.insert("a")
            assert reading() == []

    def reading():
        from concurrent.futures import ThreadPoolExecutor

        def read():
            with atomic(read_only=True):
                return dorm.db.connection.get_connection().execute("SELECT name FROM t")

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(read).result(5)

    go(program)


def test_serializable_is_to_be_had_everywhere(go, committed, database):
    async def program(face):
        async with face.atomic(isolation="serializable"):
            await face.insert("a")
            if database.vendor == "postgresql":
                assert await face.do("execute", "SHOW transaction_isolation") == [("serializable",)]
        assert committed() == ["a"]

    go(program)


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "READ UNCOMMITTED"])
def test_other_levels_are_postgresqls(go, database, level):
    async def program(face):
        if database.vendor == "sqlite":
            with pytest.raises(dorm.NotSupportedError, match="serializable"):
                async with face.atomic(isolation=level):
                    pass
            return
        async with face.atomic(isolation=level):
            assert await face.do("execute", "SHOW transaction_isolation") == [(level.lower(),)]

    go(program)


def test_deferrable_is_postgresqls(go, database):
    wish = {"isolation": "serializable", "read_only": True, "deferrable": True}

    async def program(face):
        if database.vendor == "sqlite":
            with pytest.raises(dorm.NotSupportedError, match="deferrable"):
                async with face.atomic(**wish):
                    pass
            return
        async with face.atomic(**wish):
            assert await face.do("execute", "SHOW transaction_deferrable") == [("on",)]

    go(program)


def test_wishes_that_make_no_sense_are_refused_at_once():
    with pytest.raises(ValueError, match="Did you mean 'serializable'"):
        atomic(isolation="serialisable")
    with pytest.raises(ValueError, match="isolation level"):
        aatomic(isolation=1)
    with pytest.raises(ValueError, match="deferrable"):
        atomic(deferrable=True)


def test_the_kind_is_the_outermost_blocks(go):
    async def program(face):
        async with face.atomic():
            with pytest.raises(BROKEN, match="outermost"):
                async with face.atomic(read_only=True):
                    pass
        async with face.atomic(read_only=True), face.atomic(read_only=True), face.atomic():
            assert await face.names() == []

    go(program)


def test_a_decorator_keeps_the_wishes(go):
    @atomic(read_only=True)
    def write():
        dorm.db.connection.get_connection().execute("INSERT INTO t (name) VALUES ('a')")

    @aatomic(read_only=True)
    async def awrite():
        await dorm.db.connection.get_async_connection().execute("INSERT INTO t (name) VALUES ('a')")

    async def program(face):
        with pytest.raises(dorm.DatabaseError, match="read"):
            await awrite() if face.is_async else write()

    go(program)
