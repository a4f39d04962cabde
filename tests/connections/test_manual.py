"""set_autocommit(False), commit() and rollback(): transactions by hand."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import dorm
from dorm.db.connection import close_all_async, get_connection, reset_connections

BROKEN = dorm.TransactionManagementError


class Shelf(dorm.Model):
    name = dorm.CharField(max_length=20, unique=True)

    class Meta:
        db_table = "manual_shelf"


def test_statements_wait_for_commit(go, committed):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        assert await face.names() == ["a"]
        assert committed() == []
        await face.do("commit")
        assert committed() == ["a"]
        await face.insert("b")
        await face.do("rollback")
        assert await face.names() == ["a"]
        await face.do("set_autocommit", True)

    go(program)


def test_querysets_and_instances_take_part(go):
    async def program(face):
        await face.call(dorm.create_tables, Shelf)
        await face.do("set_autocommit", False)
        kept = await face.call(Shelf.objects.create, name="kept")
        assert await face.call(Shelf.objects.count) == 1
        await face.do("commit")
        await face.call(kept.delete)
        assert await face.call(Shelf.objects.count) == 0
        await face.do("rollback")
        assert await face.call(Shelf.objects.count) == 1
        await face.do("set_autocommit", True)

    go(program)


def test_switching_autocommit_on_commits_what_is_open(go, committed):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        await face.do("set_autocommit", True)
        assert committed() == ["a"]
        await face.insert("b")
        await face.do("rollback")
        assert committed() == ["a", "b"]

    go(program)


def test_commit_and_rollback_do_nothing_when_nothing_is_open(go):
    async def program(face):
        await face.do("commit")
        await face.do("rollback")
        await face.do("set_autocommit", True)
        await face.do("set_autocommit", False)
        await face.do("set_autocommit", False)
        await face.do("commit")
        await face.do("rollback")
        await face.do("set_autocommit", True)

    go(program)


def test_the_mode_can_be_asked(go):
    async def program(face):
        assert face.connection().autocommit is True
        await face.do("set_autocommit", False)
        assert face.connection().autocommit is False
        await face.do("commit")
        assert face.connection().autocommit is False
        async with face.atomic():
            assert face.connection().autocommit is False
        await face.do("set_autocommit", True)
        assert face.connection().autocommit is True

    go(program)


def test_an_atomic_block_is_a_savepoint_of_it(go, committed):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        with pytest.raises(ValueError):
            async with face.atomic():
                await face.insert("b")
                raise ValueError
        async with face.atomic():
            await face.insert("c")
        assert committed() == []
        await face.do("commit")
        assert committed() == ["a", "c"]
        await face.do("set_autocommit", True)

    go(program)


@pytest.mark.parametrize("method", [("commit",), ("rollback",), ("set_autocommit", False)])
def test_an_atomic_block_ends_by_itself_alone(go, method):
    async def program(face):
        async with face.atomic():
            with pytest.raises(BROKEN, match="atomic block"):
                await face.do(*method)

    go(program)


def test_a_durable_block_is_refused(go):
    async def program(face):
        await face.do("set_autocommit", False)
        with pytest.raises(BROKEN, match="durable"):
            async with face.atomic(durable=True):
                pass
        await face.do("set_autocommit", True)

    go(program)


def test_after_a_refused_statement_rollback_makes_it_usable(go, committed):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        await face.do("commit")
        with pytest.raises(dorm.UniqueViolation):
            await face.insert("a")
        await face.do("rollback")
        await face.insert("b")
        await face.do("commit")
        await face.do("set_autocommit", True)
        assert committed() == ["a", "b"]

    go(program)


def test_leftovers_are_released_by_reset_connections(go, committed):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        reset_connections()
        assert face.connection().autocommit is True
        await face.insert("b")
        assert committed() == ["b"]

    go(program)


async def test_leftovers_are_released_by_close_all_async(database):
    connection = dorm.db.connection.get_async_connection()
    await connection.execute_script("CREATE TABLE t (name VARCHAR(20))")
    await connection.set_autocommit(False)
    await connection.execute("INSERT INTO t VALUES ('a')")
    await close_all_async()
    await connection.execute("INSERT INTO t VALUES ('b')")
    assert get_connection().execute("SELECT name FROM t") == [("b",)]
    await close_all_async()


def test_one_thread_does_not_change_another(database):
    connection = get_connection()
    connection.execute_script("CREATE TABLE t (name VARCHAR(20))")
    connection.set_autocommit(False)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: connection.autocommit).result(20) is True
        pool.submit(connection.execute, "INSERT INTO t VALUES ('a')").result(20)
    connection.rollback()
    assert connection.execute("SELECT name FROM t") == [("a",)]


async def test_child_tasks_take_part_and_see_each_commit(database):
    connection = dorm.db.connection.get_async_connection()
    await connection.execute_script("CREATE TABLE t (name VARCHAR(20))")
    await connection.set_autocommit(False)

    async def insert(name):
        await connection.execute("INSERT INTO t VALUES (%s)", [name])

    await asyncio.gather(*(insert(str(number)) for number in range(5)), connection.commit())
    await connection.commit()
    await insert("more")
    await asyncio.create_task(connection.rollback())
    assert connection.autocommit is False
    await connection.set_autocommit(True)
    assert await connection.execute("SELECT count(*) FROM t") == [(5,)]
    await close_all_async()


def test_what_waits_for_a_commit_waits_for_this_one(go):
    called = []

    async def program(face):
        await face.do("set_autocommit", False)
        await face.call(dorm.transaction.on_commit, lambda: called.append("undone"))
        await face.do("rollback")
        await face.call(dorm.transaction.on_commit, lambda: called.append("done"))
        await face.insert("a")
        assert called == []
        await face.do("commit")
        assert called == ["done"]
        await face.do("set_autocommit", True)
        assert called == ["done"]

    go(program)
