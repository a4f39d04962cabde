"""The query signals tell of what opens, marks and ends a transaction; capture_queries() leaves it out."""

from __future__ import annotations

import asyncio

import pytest

import dorm
from dorm import transaction
from dorm.db.connection import get_async_connection, get_connection
from dorm.signals import is_transaction_control

INSERT = "INSERT INTO t (name) VALUES (%s)"


@pytest.fixture
def told():
    """Return what the two signals said: ("pre" or "post", the first word or two, the error's class)."""
    calls = []

    def before(sender, sql, params):
        calls.append(("pre", _short(sql), None))

    def after(sender, sql, params, elapsed_ms, error):
        calls.append(("post", _short(sql), error and type(error)))

    dorm.pre_query.connect(before)
    dorm.post_query.connect(after)
    yield calls
    dorm.pre_query.disconnect(before)
    dorm.post_query.disconnect(after)


def _short(sql):
    return "ROLLBACK TO" if sql.startswith("ROLLBACK TO") else sql.split()[0]


def _pairs(*words):
    return [(when, word, None) for word in words for when in ("pre", "post")]


class Stop(Exception):
    """What a test raises to leave a block."""


def test_a_block_is_told_in_the_order_in_which_it_is_sent(go, told):
    async def program(face):
        async with face.atomic():
            async with face.atomic():
                await face.insert("a")
            await face.insert("b")

    go(program)
    assert told == _pairs("BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "INSERT", "COMMIT")


def test_what_is_rolled_back_is_told(go, told):
    async def program(face):
        with pytest.raises(Stop):
            async with face.atomic():
                with pytest.raises(Stop):
                    async with face.atomic():
                        await face.insert("a")
                        raise Stop
                raise Stop

    go(program)
    assert told == _pairs("BEGIN", "SAVEPOINT", "INSERT", "ROLLBACK TO", "RELEASE", "ROLLBACK")


def test_an_empty_block_sends_and_tells_nothing(go, told):
    async def program(face):
        async with face.atomic(), face.atomic():
            pass

    go(program)
    assert told == []


def test_transactions_by_hand_are_told(go, told):
    async def program(face):
        await face.do("set_autocommit", False)
        await face.insert("a")
        await face.do("commit")
        await face.insert("b")
        await face.do("rollback")
        await face.do("set_autocommit", True)

    go(program)
    assert told == _pairs("BEGIN", "INSERT", "COMMIT", "BEGIN", "INSERT", "ROLLBACK")


def test_a_commit_that_fails_is_told_with_its_error(go, told):
    async def program(face):
        await face.do("execute_script", "CREATE TABLE p (id INTEGER PRIMARY KEY)")
        reference = "INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED"
        await face.do("execute_script", f"CREATE TABLE c (p {reference})")
        told.clear()
        with pytest.raises(dorm.IntegrityError) as caught:
            async with face.atomic():
                await face.do("execute", "INSERT INTO c (p) VALUES (7)")
        return type(caught.value)

    error = go(program)
    assert told[:6] == [*_pairs("BEGIN", "INSERT"), ("pre", "COMMIT", None), ("post", "COMMIT", error)]
    # PostgreSQL has rolled back by then; SQLite leaves the transaction open.
    assert told[6:] in ([], _pairs("ROLLBACK"))


@pytest.mark.parametrize("word", ["ROLLBACK TO", "ROLLBACK"])
def test_no_receiver_keeps_a_block_from_being_rolled_back(go, committed, word):
    def forbid(sender, sql, params):
        if _short(sql) == word:
            raise PermissionError

    async def program(face):
        dorm.pre_query.connect(forbid)
        try:
            with pytest.raises((Stop, PermissionError)):
                async with face.atomic():
                    async with face.atomic():
                        await face.insert("a")
                        raise Stop
        finally:
            dorm.pre_query.disconnect(forbid)
        assert await face.names() == []

    go(program)
    assert committed() == []


def test_a_receiver_that_forbids_the_commit_has_the_block_rolled_back(go, committed):
    def forbid(sender, sql, params):
        if sql == "COMMIT":
            raise PermissionError

    async def program(face):
        dorm.pre_query.connect(forbid)
        try:
            with pytest.raises(PermissionError):
                async with face.atomic():
                    await face.insert("a")
        finally:
            dorm.pre_query.disconnect(forbid)

    go(program)
    assert committed() == []


def test_capture_queries_leaves_them_out(go):
    async def program(face):
        with dorm.capture_queries() as queries:
            async with face.atomic(), face.atomic():
                await face.insert("a")
        return [query.sql.split()[0] for query in queries]

    assert go(program) == ["INSERT"]


def test_a_generator_that_is_closed_tells_of_its_rollback(database, told):
    def rows():
        with transaction.atomic():
            get_connection().execute("SELECT 1")
            yield

    generator = rows()
    next(generator)
    generator.close()
    assert told == _pairs("BEGIN", "SELECT", "ROLLBACK")


def test_capture_queries_keeps_them_where_they_are_wanted(go):
    async def program(face):
        with dorm.capture_queries(transactions=True) as queries, dorm.capture_queries() as plain:
            async with face.atomic(), face.atomic():
                await face.insert("a")
        assert len(plain) == 1
        return [query.sql.split()[0] for query in queries]

    assert go(program) == ["BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "COMMIT"]


def test_a_block_that_only_reads_is_told_with_what_makes_it_so(go, database):
    async def program(face):
        with dorm.capture_queries(transactions=True) as queries:
            async with face.atomic(read_only=True):
                await face.names()
        return [query.sql for query in queries if is_transaction_control(query.sql)]

    if database.vendor == "postgresql":
        assert go(program) == ["BEGIN READ ONLY", "COMMIT"]
    else:
        assert go(program) == ["PRAGMA query_only = ON", "BEGIN", "PRAGMA query_only = OFF", "COMMIT"]


def test_a_receiver_that_sends_statements_does_not_wait_for_itself(go, committed):
    """Inside of its own block, at each point that a signal tells of."""

    async def program(face):
        busy = False

        async def ask(sender, sql, **named):
            nonlocal busy
            if not busy:
                busy = True
                await face.do("execute", "SELECT 1")
                busy = False

        def ask_at_once(sender, sql, **named):
            nonlocal busy
            if not busy:
                busy = True
                face.connection().execute("SELECT 1")
                busy = False

        receiver = ask if face.is_async else ask_at_once
        dorm.pre_query.connect(receiver)
        dorm.post_query.connect(receiver)
        try:
            async with face.atomic(), face.atomic():
                await face.insert("a")
        finally:
            dorm.pre_query.disconnect(receiver)
            dorm.post_query.disconnect(receiver)

    go(program)
    assert committed() == ["a"]


def test_what_another_task_left_is_told_before_it_is_sent(call, told):
    async def nested():
        async with transaction.aatomic():
            await get_async_connection().execute("SELECT 1")

    async def program():
        async with transaction.aatomic():
            await get_async_connection().execute("SELECT 0")
            task = asyncio.ensure_future(nested())
            await asyncio.sleep(0)
            await get_async_connection().execute("SELECT 2")
            await task

    if call.is_async:
        call.run(None, program)
        # Each is told to have been sent in the order in which it was sent.
        words = [word for when, word, _ in told if when == "post"]
        assert words == ["BEGIN", "SELECT", "SAVEPOINT", "SELECT", "RELEASE", "SELECT", "COMMIT"]
