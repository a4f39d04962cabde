"""execute_wrapper(): functions around every statement of the running code, in both colours."""

from __future__ import annotations

import asyncio
import threading

import pytest

import dorm
from dorm.db.connection import get_async_connection, get_connection
from dorm.db.wrapper import AsyncConnection, Connection


class Note(dorm.Model):
    text = dorm.CharField(max_length=20, unique=True)

    class Meta:
        db_table = "wrapped_note"


def wrapper_of(face, before, change=lambda sql: sql):
    """Return a function for execute_wrapper() that calls *before* and sends the statement as changed."""

    def wrapper(execute, sql, params, many, context):
        before(sql, params, many, context)
        return execute(change(sql), params, many, context)

    async def awrapper(execute, sql, params, many, context):
        before(sql, params, many, context)
        return await execute(change(sql), params, many, context)

    return awrapper if face.is_async else wrapper


def test_a_wrapper_stands_around_each_statement(go):
    calls = []

    async def program(face):
        def before(sql, params, many, context):
            calls.append((sql.split()[0], list(params), many, type(context["connection"])))

        with face.connection().execute_wrapper(wrapper_of(face, before)):
            await face.insert("a")
            assert await face.names() == ["a"]
            cursor = face.connection().cursor()
            sent = cursor.executemany("INSERT INTO t (name) VALUES (%s)", [["b"], ["c"]])
            if face.is_async:
                await sent
        assert await face.names() == ["a", "b", "c"]
        return AsyncConnection if face.is_async else Connection

    kind = go(program)
    assert calls == [
        ("INSERT", ["a"], False, kind),
        ("SELECT", [], False, kind),
        ("INSERT", [["b"], ["c"]], True, kind),
    ]


def test_queries_of_models_go_through_it_in_and_out_of_blocks(call):
    sent = []

    def wrapper(execute, sql, params, many, context):
        sent.append(sql.split()[0])
        return execute(sql, params, many, context)

    async def awork():
        with get_async_connection().execute_wrapper(wrapper):
            await Note.objects.acreate(text="a")
            async with dorm.transaction.aatomic():
                assert await Note.objects.acount() == 1
            assert [note.text async for note in Note.objects.aiterator()] == ["a"]

    def work():
        with get_connection().execute_wrapper(wrapper):
            Note.objects.create(text="a")
            with dorm.transaction.atomic():
                assert Note.objects.count() == 1
            assert [note.text for note in Note.objects.iterator()] == ["a"]

    call(dorm.create_tables, Note)
    call.run(work, awork)
    assert sent == ["INSERT", "SELECT", "SELECT"]


def test_a_wrapper_may_forbid_a_statement(go):
    told = []

    async def program(face):
        def forbid(*facts):
            raise PermissionError("no database here")

        dorm.pre_query.connect(told.append)
        try:
            with face.connection().execute_wrapper(wrapper_of(face, forbid)):
                with pytest.raises(PermissionError, match="no database here"):
                    await face.insert("a")
        finally:
            dorm.pre_query.disconnect(told.append)
        assert await face.names() == []

    go(program)
    assert told == []


def test_a_wrapper_may_change_the_statement_and_sees_its_error(go):
    async def program(face):
        heard = []

        def note(sql, *facts):
            heard.append(sql)

        wrapper = wrapper_of(face, note, change=lambda sql: f"/* 7 */ {sql}")
        with dorm.capture_queries() as queries, face.connection().execute_wrapper(wrapper):
            await face.insert("a")
            with pytest.raises(dorm.UniqueViolation):
                await face.insert("a")
        assert {query.sql.startswith("/* 7 */ INSERT") for query in queries} == {True}
        assert len(heard) == 2

    go(program)


def test_the_outer_of_two_wrappers_comes_first(go):
    order = []

    async def program(face):
        outer = wrapper_of(face, lambda *facts: order.append("outer"))
        inner = wrapper_of(face, lambda *facts: order.append("inner"))
        with face.connection().execute_wrapper(outer), face.connection().execute_wrapper(inner):
            await face.names()
        await face.names()

    go(program)
    assert order == ["outer", "inner"]


def test_other_threads_are_not_wrapped(database):
    sent = []

    def wrapper(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with get_connection().execute_wrapper(wrapper):
        thread = threading.Thread(target=lambda: get_connection().execute("SELECT 2"))
        thread.start()
        thread.join()
        get_connection().execute("SELECT 1")
    assert sent == ["SELECT 1"]


async def test_other_tasks_are_not_wrapped_and_children_are_while_it_lasts(database):
    sent = []
    connection = get_async_connection()
    is_open, is_over = asyncio.Event(), asyncio.Event()

    async def wrapper(execute, sql, params, many, context):
        sent.append(sql)
        return await execute(sql, params, many, context)

    async def child():
        await connection.execute("SELECT 1")
        await is_over.wait()
        await connection.execute("SELECT 2")

    async def parent():
        with connection.execute_wrapper(wrapper):
            task = asyncio.ensure_future(child())
            is_open.set()
            while not sent:
                await asyncio.sleep(0)
        is_over.set()
        await task

    async def other():
        await is_open.wait()
        await connection.execute("SELECT 3")

    await asyncio.gather(parent(), other())
    assert sent == ["SELECT 1"]


def test_a_coroutine_function_is_refused_by_synchronous_code(database):
    async def wrapper(execute, sql, params, many, context):
        return await execute(sql, params, many, context)

    with get_connection().execute_wrapper(wrapper):
        with pytest.raises(dorm.exceptions.AsyncRequiredError, match="coroutine function"):
            get_connection().execute("SELECT 1")


async def test_a_function_that_gives_nothing_to_await_is_refused(database):
    def wrapper(execute, sql, params, many, context):
        return None

    with get_async_connection().execute_wrapper(wrapper):
        with pytest.raises(TypeError, match="must be a coroutine function"):
            await get_async_connection().execute("SELECT 1")


def test_what_is_no_function_is_refused_at_once(database):
    with pytest.raises(TypeError, match="takes a function, not 7"):
        get_connection().execute_wrapper(7)


def test_one_wrapper_object_is_entered_once(database):
    block = get_connection().execute_wrapper(lambda execute, *facts: execute(*facts))
    with block, pytest.raises(RuntimeError, match="entered once"):
        block.__enter__()
    assert get_connection().execute("SELECT 1") == [(1,)]
