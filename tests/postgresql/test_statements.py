"""Statements outside of blocks, and values on their way there and back; in both faces."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from dorm import exceptions as ours

INSERT = "INSERT INTO t (name) VALUES (%s)"


def test_fetch_returns_tuples(core):
    async def operation(db):
        await db.execute(INSERT, ("Ada",))
        return await db.fetch("SELECT id, name FROM t WHERE name = %s", ["Ada"])

    assert core(operation) == [(1, "Ada")]


def test_fetch_returns_an_empty_list_for_no_rows(core):
    assert core(lambda db: db.fetch("SELECT id FROM t")) == []
    assert core(lambda db: db.fetch("UPDATE t SET age = 1")) == []


def test_fetch_returns_what_an_insert_returns(core, place):
    assert core(lambda db: db.fetch(f"{INSERT} RETURNING id", ("Ada",))) == [(1,)]
    assert place.names() == ["Ada"]


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("UPDATE t SET age = 1", 2),
        ("DELETE FROM t WHERE name = 'b'", 1),
        ("UPDATE t SET age = 1 RETURNING id", 2),
        ("CREATE TABLE u (id INTEGER)", 0),
        ("SELECT id FROM t", 0),
        ("UPDATE t SET age = 1 WHERE name LIKE 'a%%'", 1),
    ],
)
def test_execute_returns_the_number_of_changed_rows(core, sql, count):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b')")
        return await db.execute(sql)

    assert core(operation) == count


def test_script_runs_every_statement_and_takes_percent_signs_as_they_are(core, place):
    core(
        lambda db: db.script(
            "INSERT INTO t (name) VALUES ('a;%s'); -- a; comment\nINSERT INTO t (name) VALUES ('c')"
        )
    )
    assert place.names() == ["a;%s", "c"]


def test_script_without_statements_does_nothing(core):
    core(lambda db: db.script(" \n "))


@pytest.mark.parametrize("size", [1, 3, 7, 100])
@pytest.mark.parametrize("inside", [True, False])
def test_stream_gives_chunks_and_then_empty_lists(core, place, size, inside):
    async def read(db):
        cursor = await db.stream("SELECT id FROM t WHERE id < %s ORDER BY id", (8,), size)
        chunks = [await cursor.fetch() for _ in range(9)]
        await cursor.close()
        return chunks

    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g'), ('h')")
        if not inside:
            return await read(db)
        async with db.atomic():
            return await read(db)

    chunks = core(operation)
    assert [row for chunk in chunks for (row,) in chunk] == list(range(1, 8))
    assert all(len(chunk) <= size for chunk in chunks)
    assert chunks[-1] == []
    assert place.is_quiet()


def test_a_stream_does_not_load_everything(core):
    async def operation(db):
        cursor = await db.stream("SELECT repeat('x', 1000) FROM generate_series(1, 10000000)", (), 10)
        rows = await cursor.fetch()
        await cursor.close()
        return len(rows)

    assert core(operation) == 10


def test_a_stream_that_is_left_open_gives_its_connection_up(core, place):
    place.configure(MAX_POOL_SIZE=1, POOL_TIMEOUT=2)

    async def operation(db):
        cursor = await db.stream("SELECT id FROM t", (), 1)
        await cursor.fetch()
        del cursor
        return await db.fetch("SELECT 1")

    assert core(operation) == [(1,)]


def test_a_block_can_commit_while_a_stream_is_read(core, place):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')")
        cursor = await db.stream("SELECT name FROM t ORDER BY id", (), 1)
        while rows := await cursor.fetch():
            async with db.atomic():
                await db.execute(INSERT, (rows[0][0] + "2",))

    core(operation)
    assert place.names() == ["a", "b", "c", "a2", "b2", "c2"]


def test_a_stream_of_a_block_ends_with_it(core):
    async def operation(db):
        async with db.atomic():
            cursor = await db.stream("SELECT 1", (), 1)
        with pytest.raises(ours.TransactionManagementError, match="stream"):
            await cursor.fetch()

    core(operation)


def test_a_transaction_by_execute_is_refused_and_rolled_back(core, place):
    async def operation(db):
        with pytest.raises(ours.TransactionManagementError, match="atomic"):
            await db.execute("BEGIN")
        await db.execute(INSERT, ("a",))

    core(operation)
    assert place.names() == ["a"]
    assert place.is_quiet()


VALUES = {
    "integer": [0, -(2**31), 2**31 - 1],
    "bigint": [2**63 - 1, -(2**63)],
    "double precision": [0.1, 1e300, float("inf")],
    "numeric(20, 2)": [Decimal("123456789012345678.90"), Decimal("0.00")],
    "text": ["", "Ada", "\u00df\U0001f600", "50%_\\'\""],
    "boolean": [True, False],
    "date": [date(1, 1, 1), date(9999, 12, 31)],
    "time": [time(0, 0), time(23, 59, 59, 999999)],
    "timestamptz": [datetime(2024, 2, 29, 12, 30, 15, 123456, UTC)],
    "timestamp": [datetime(2024, 2, 29, 12, 30, 15, 123456)],
    "uuid": [UUID(int=2**128 - 1)],
    "bytea": [b"", b"\x00\xff"],
}


@pytest.mark.parametrize("type", VALUES)
def test_values_come_back_as_they_went(core, type):
    async def operation(db):
        for value in VALUES[type]:
            [(got,)] = await db.fetch(f"SELECT %s::{type}", (value,))
            assert (got, got.__class__) == (value, value.__class__)
            [(many,)] = await db.fetch(f"SELECT %s::{type}[]", ([value, None],))
            assert many == [value, None]

    core(operation)


def test_a_moment_comes_back_in_utc(core):
    there = datetime(2024, 2, 29, 12, 0, tzinfo=timezone(timedelta(hours=5)))
    [(got,)] = core(lambda db: db.fetch("SELECT %s", (there,)))
    assert (got, got.tzinfo) == (there, UTC)


@pytest.mark.parametrize("type", ["json", "jsonb"])
def test_json_comes_back_as_python(core, type):
    [row] = core(
        lambda db: db.fetch(
            f"""SELECT '{{"a": [1, 2.5, null, "\u00df"]}}'::{type}, 'null'::{type}, NULL::{type}"""
        )
    )
    assert row == ({"a": [1, 2.5, None, "\u00df"]}, None, None)


def test_our_loader_is_for_our_connections_alone(core, room):
    core(lambda db: db.fetch("SELECT '1'::jsonb"))
    import psycopg

    with psycopg.connect(**room.arguments) as other:
        loader = other.adapters.get_loader(psycopg.adapters.types["jsonb"].oid, psycopg.pq.Format.TEXT)
    assert "dorm" not in loader.__module__


def test_a_large_result_is_not_kept_by_its_connection(core):
    async def operation(db):
        await db.fetch("SELECT generate_series(1, 5000)")
        return await db.fetch("SELECT 1")

    assert core(operation) == [(1,)]


def test_a_statement_that_tables_made_stale_is_sent_again(core, place):
    async def operation(db):
        for _ in range(8):
            await db.fetch("SELECT * FROM t")
        place.run("ALTER TABLE t ADD COLUMN more INTEGER")
        return await db.fetch("SELECT * FROM t")

    assert core(operation) == []


def test_a_block_that_met_a_stale_statement_is_rolled_back_and_the_next_one_works(core, place):
    async def operation(db):
        for _ in range(8):
            async with db.atomic():
                await db.fetch("SELECT * FROM t")
        place.run("ALTER TABLE t ADD COLUMN more INTEGER")
        with pytest.raises(ours.NotSupportedError):
            async with db.atomic():
                await db.fetch("SELECT * FROM t")
        async with db.atomic():
            return await db.fetch("SELECT * FROM t")

    assert core(operation) == []


def test_without_prepared_statements_nothing_is_prepared(core, place):
    place.configure(PGBOUNCER=True)

    async def operation(db):
        for _ in range(8):
            await db.fetch("SELECT 1")
        return await db.fetch("SELECT count(*) FROM pg_prepared_statements")

    assert core(operation) == [(0,)]


def test_an_executor_tells_what_it_is(core):
    async def operation(db):
        return db.alias, db.vendor, db.dialect.vendor, db.in_atomic

    assert core(operation) == ("default", "postgresql", "postgresql", False)


@pytest.mark.parametrize("count", [50, 51, 700])
def test_statements_of_any_number_of_parameters_say_the_same(core, count):
    """Beyond a few, placeholders are numbered before the driver sees them."""
    values = [f"%s {number} %%" for number in range(count)]
    marks = ", ".join(["(%s)"] * count)

    async def operation(db):
        assert await db.fetch(f"SELECT v FROM (VALUES {marks}) AS v (v)", values) == [(v,) for v in values]
        named = f"SELECT v || '%%s' AS \"%%s\" FROM (VALUES {marks}) AS v (v)"
        assert await db.fetch(named, values) == [(f"{v}%s",) for v in values]
        assert await db.execute(f"INSERT INTO t (name) VALUES {marks}", values) == count
        with pytest.raises(ours.DataError):
            await db.fetch(f"SELECT v::integer FROM (VALUES {marks}) AS v (v)", values)

    core(operation)
