"""capture_queries(): the statements of a block, in both colours."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import dorm
from dorm.db.connection import close_all_async, get_async_connection, get_connection


class Note(dorm.Model):
    text = dorm.CharField(max_length=20, unique=True)

    class Meta:
        db_table = "capture_note"


def test_statements_are_kept_with_their_facts(call):
    call(dorm.create_tables, Note)
    with dorm.capture_queries() as queries:
        call(Note.objects.create, text="a")
        call(Note.objects.count)
    call(Note.objects.count)
    insert, count = queries
    assert insert.sql.startswith("INSERT INTO") and list(insert.params) == ["a"]
    assert "COUNT" in count.sql and count.alias == "default"
    assert count.elapsed_ms >= 0


def test_a_statement_that_fails_is_kept(call):
    call(dorm.create_tables, Note)
    call(Note.objects.create, text="a")
    with dorm.capture_queries() as queries, pytest.raises(dorm.UniqueViolation):
        call(Note.objects.create, text="a")
    assert len(queries) == 1


def test_blocks_are_nested(call):
    call(dorm.create_tables, Note)
    with dorm.capture_queries() as outer:
        call(Note.objects.count)
        with dorm.capture_queries() as inner:
            call(Note.objects.exists)
        call(Note.objects.count)
    assert (len(outer), len(inner)) == (3, 1)


def test_nobody_listens_when_no_block_is_open(database):
    before = repr(dorm.post_query)
    with dorm.capture_queries(), dorm.capture_queries():
        assert repr(dorm.post_query) != before
    assert repr(dorm.post_query) == before


def test_a_block_is_entered_once(database):
    block = dorm.capture_queries()
    with block, pytest.raises(RuntimeError, match="once"), block:
        pass


def test_other_threads_are_not_heard(database):
    get_connection().execute("SELECT 1")
    with dorm.capture_queries() as queries, ThreadPoolExecutor(1) as pool:
        pool.submit(get_connection().execute, "SELECT 2").result(20)
    assert queries == []


async def test_a_coroutine_hears_its_task_and_those_it_starts(database):
    async def ask(number):
        await get_async_connection().execute(f"SELECT {number}")

    async def stranger(entered, done):
        await entered.wait()
        await ask(3)
        done.set()

    entered, done = asyncio.Event(), asyncio.Event()
    other = asyncio.create_task(stranger(entered, done))
    with dorm.capture_queries() as queries:
        entered.set()
        await done.wait()
        await asyncio.gather(ask(1), ask(2))
        get_connection().execute("SELECT 4")
        await asyncio.to_thread(get_connection().execute, "SELECT 5")
    await other
    assert sorted(query.sql for query in queries) == ["SELECT 1", "SELECT 2", "SELECT 4", "SELECT 5"]
    await close_all_async()


async def test_a_task_that_outlives_the_block_is_not_heard_afterwards(database):
    async def ask(ended):
        await ended.wait()
        await get_async_connection().execute("SELECT 1")

    ended = asyncio.Event()
    with dorm.capture_queries() as queries:
        task = asyncio.create_task(ask(ended))
    with dorm.capture_queries():
        ended.set()
        await task
    assert queries == []
    await close_all_async()


def test_the_same_statement_from_the_same_line_is_told(call):
    call(dorm.create_tables, Note)

    def sync():
        for text in ("a", "b", "c"):
            Note.objects.filter(text=text).exists()
        Note.objects.filter(text="d").exists()

    async def asynchronous():
        for text in ("a", "b", "c"):
            await Note.objects.filter(text=text).aexists()
        await Note.objects.filter(text="d").aexists()

    with dorm.capture_queries() as queries:
        call.run(sync, asynchronous)
    [repeated] = queries.repeated()
    assert repeated.count == 3
    assert repeated.line.startswith(f"{__file__}:")
    assert str(repeated) == f"3 times from {repeated.line}: {repeated.sql}"
    assert queries.repeated(least=4) == []
    assert {query.line for query in queries} > {repeated.line}
