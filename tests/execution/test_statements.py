"""Statements of an executor outside of blocks, in both faces."""

from __future__ import annotations

import pytest

from dorm import exceptions

INSERT = "INSERT INTO t (name) VALUES (?)"


def test_fetch_returns_tuples(core):
    async def operation(db):
        await db.execute(INSERT, ("Ada",))
        return await db.fetch("SELECT id, name FROM t")

    assert core(operation) == [(1, "Ada")]


def test_fetch_returns_an_empty_list_for_no_rows(core):
    assert core(lambda db: db.fetch("SELECT id FROM t")) == []


def test_fetch_returns_what_an_insert_returns(core, names):
    assert core(lambda db: db.fetch(f"{INSERT} RETURNING id", ("Ada",))) == [(1,)]
    assert names() == ["Ada"]


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("UPDATE t SET age = 1", 2),
        ("DELETE FROM t WHERE name = 'b'", 1),
        ("UPDATE t SET age = 1 RETURNING id", 2),
        ("CREATE TABLE u (id INTEGER)", 0),
        ("SELECT id FROM t", 0),
    ],
)
def test_execute_returns_the_number_of_changed_rows(core, sql, count):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b')")
        return await db.execute(sql)

    assert core(operation) == count


def test_a_statement_outside_of_a_block_is_committed(core, names):
    core(lambda db: db.execute(INSERT, ("Ada",)))
    assert names() == ["Ada"]


def test_script_runs_every_statement(core, names):
    core(
        lambda db: db.script(
            "INSERT INTO t (name) VALUES ('a;b'); -- a comment; with semicolon\n"
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET age = 1; SELECT 1; END;"
            "INSERT INTO t (name) VALUES ('c')"
        )
    )
    assert names() == ["a;b", "c"]


def test_script_without_statements_does_nothing(core):
    core(lambda db: db.script(" \n "))


def test_script_in_a_block_belongs_to_it(core, names):
    async def operation(db):
        with pytest.raises(KeyError):
            async with db.atomic():
                await db.script("INSERT INTO t (name) VALUES ('a'); INSERT INTO t (name) VALUES ('b');")
                raise KeyError

    core(operation)
    assert names() == []


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_stream_gives_chunks_and_then_empty_lists(core, size):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g')")
        cursor = await db.stream("SELECT id FROM t ORDER BY id", (), size)
        chunks = [await cursor.fetch() for _ in range(9)]
        await cursor.close()
        return chunks

    chunks = core(operation)
    assert [row for chunk in chunks for (row,) in chunk] == list(range(1, 8))
    assert all(len(chunk) <= size for chunk in chunks)
    assert chunks[-1] == []


def test_a_closed_stream_locks_nothing(core, path):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')")
        cursor = await db.stream("SELECT id FROM t", (), 1)
        await cursor.fetch()
        await cursor.close()
        assert await cursor.fetch() == []

    core(operation)
    _write_elsewhere(path)


def test_a_block_can_commit_while_a_stream_is_read(core, names):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')")
        cursor = await db.stream("SELECT name FROM t WHERE id < 4 ORDER BY id", (), 1)
        seen = []
        while rows := await cursor.fetch():
            async with db.atomic():
                await db.execute(INSERT, (rows[0][0] + "2",))
            seen += rows
        return seen

    assert core(operation) == [("a",), ("b",), ("c",)]
    assert names() == ["a", "b", "c", "a2", "b2", "c2"]


def test_a_stream_of_a_block_ends_with_it(core):
    async def operation(db):
        await db.script("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')")
        async with db.atomic():
            cursor = await db.stream("SELECT id FROM t", (), 1)
            assert await cursor.fetch() == [(1,)]
        with pytest.raises(exceptions.TransactionManagementError, match="stream"):
            await cursor.fetch()

    core(operation)


def test_an_executor_tells_what_it_is(core):
    async def operation(db):
        return db.alias, db.vendor, db.dialect.vendor, db.in_atomic

    assert core(operation) == ("default", "sqlite", "sqlite", False)


def test_like_is_left_as_sqlite_has_it_and_fold_knows_unicode(core):
    async def operation(db):
        return await db.fetch(
            "SELECT 'a' LIKE 'A', dorm_fold('STRASSE') = dorm_fold('stra\u00dfe'), dorm_fold(NULL)"
        )

    # The lookups of dorm use no LIKE; that of a user's own SQL means what SQLite's page says.
    assert core(operation) == [(1, 1, None)]


def test_foreign_keys_are_enforced(core):
    async def operation(db):
        await db.script("CREATE TABLE u (t_id INTEGER REFERENCES t)")
        with pytest.raises(exceptions.ForeignKeyViolation):
            await db.execute("INSERT INTO u VALUES (1)")

    core(operation)


def _write_elsewhere(path):
    import sqlite3

    connection = sqlite3.connect(path, timeout=0)
    connection.execute("INSERT INTO t (name) VALUES ('elsewhere')")
    connection.commit()
    connection.close()
