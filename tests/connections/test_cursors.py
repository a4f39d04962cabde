"""get_connection().cursor() and its twin: PEP 249's names over dorm's statements."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

import dorm
from dorm.db.connection import get_async_connection, get_connection

INSERT = "INSERT INTO t (name) VALUES (%s)"
ALL = "SELECT name, 7 AS seven FROM t ORDER BY name"


class Spelled:
    """A cursor of either colour, with the spelling of the asynchronous one."""

    def __init__(self, cursor, is_async):
        self.cursor = cursor
        self.is_async = is_async

    def __getattr__(self, name):
        value = getattr(self.cursor, name)
        if self.is_async or not callable(value):
            return value

        async def called(*args):
            return value(*args)

        return called

    async def rows(self):
        """Return what a loop over the cursor gives."""
        return [row async for row in self.cursor] if self.is_async else list(self.cursor)


@asynccontextmanager
async def cursor_of(face):
    made = face.connection().cursor()
    if face.is_async:
        async with made as cursor:
            yield Spelled(cursor, True)
    else:
        with made as cursor:
            yield Spelled(cursor, False)


async def filled(cursor):
    await cursor.executemany(INSERT, [["a"], ["b"], ["c"]])


def test_a_cursor_executes_and_fetches(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            await filled(cursor)
            assert cursor.rowcount == 3
            assert await cursor.execute(ALL) is cursor.cursor
            assert await cursor.fetchone() == ("a", 7)
            assert await cursor.fetchmany() == [("b", 7)]
            assert await cursor.fetchmany(5) == [("c", 7)]
            assert await cursor.fetchone() is None
            assert (await cursor.fetchmany(), await cursor.fetchall()) == ([], [])

    go(program)


def test_the_rows_that_are_left_are_iterated_over_and_fetched(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            await filled(cursor)
            await cursor.execute(ALL)
            await cursor.fetchone()
            assert await cursor.rows() == [("b", 7), ("c", 7)]
            await cursor.execute("SELECT name FROM t WHERE name > %s ORDER BY name", ["a"])
            assert await cursor.fetchall() == [("b",), ("c",)]

    go(program)


def test_description_and_rowcount_tell_of_the_last_statement(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            assert (cursor.description, cursor.rowcount) == (None, -1)
            await filled(cursor)
            assert cursor.description is None
            await cursor.execute(ALL)
            assert [column[0] for column in cursor.description] == ["name", "seven"]
            assert {len(column) for column in cursor.description} == {7}
            assert cursor.rowcount == 3
            await cursor.execute("UPDATE t SET name = name || '!' WHERE name < %s", ("c",))
            assert (cursor.description, cursor.rowcount) == (None, 2)
            await cursor.execute("SELECT name FROM t WHERE 1 = 0")
            assert ([column[0] for column in cursor.description], cursor.rowcount) == (["name"], 0)

    go(program)


def test_the_last_row_id_is_sqlites_alone(go, database):
    async def program(face):
        async with cursor_of(face) as cursor:
            await cursor.execute(INSERT, ["a"])
            assert cursor.lastrowid == (1 if database.vendor == "sqlite" else None)

    go(program)


def test_rows_are_wanted_of_a_statement_that_gave_none(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            with pytest.raises(dorm.ProgrammingError, match=r"no rows to fetch: execute\(\) a statement"):
                await cursor.fetchone()
            await cursor.execute(INSERT, ["a"])
            with pytest.raises(dorm.ProgrammingError, match="no rows to fetch"):
                await cursor.fetchall()

    go(program)


def test_a_closed_cursor_does_nothing(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            await cursor.execute("SELECT 1")
            await cursor.close()
            await cursor.close()
            with pytest.raises(dorm.InterfaceError, match="the cursor is closed"):
                await cursor.execute("SELECT 1")
            with pytest.raises(dorm.InterfaceError, match="the cursor is closed"):
                await cursor.fetchone()

    go(program)


def test_outside_of_a_block_each_statement_is_committed(go, committed):
    async def program(face):
        async with cursor_of(face) as cursor:
            await cursor.execute(INSERT, ["a"])
            assert committed() == ["a"]

    go(program)


def test_inside_a_block_a_cursor_belongs_to_it(go, committed):
    async def program(face):
        with pytest.raises(KeyError):
            async with face.atomic():
                async with cursor_of(face) as cursor:
                    await filled(cursor)
                    await cursor.execute(ALL)
                    assert len(await cursor.fetchall()) == 3
                assert committed() == []
                raise KeyError
        assert committed() == []

    go(program)


@pytest.mark.parametrize("in_block", [False, True])
def test_executemany_does_all_or_nothing(go, committed, in_block):
    async def attempt(face):
        async with cursor_of(face) as cursor:
            with pytest.raises(dorm.UniqueViolation):
                await cursor.executemany(INSERT, [["b"], ["c"], ["b"]])

    async def program(face):
        if not in_block:
            await attempt(face)
            assert committed() == []
            return
        async with face.atomic():
            await face.insert("a")
            await attempt(face)
            await face.insert("d")
        assert committed() == ["a", "d"]

    go(program)


def test_executemany_takes_many_and_none(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            await cursor.executemany(INSERT, [])
            assert cursor.rowcount == 0
            await cursor.executemany(INSERT, [[f"{number:04}"] for number in range(3000)])
            assert cursor.rowcount == 3000
            with pytest.raises(dorm.ProgrammingError, match="1 placeholder and got 2 parameters"):
                await cursor.executemany(INSERT, [["x"], ["y", "z"]])
        assert len(await face.names()) == 3000

    go(program)


def test_a_statement_that_fails_leaves_the_cursor_usable(go):
    async def program(face):
        async with cursor_of(face) as cursor:
            await cursor.execute("SELECT 1")
            with pytest.raises(dorm.ProgrammingError):
                await cursor.execute("SELECT nothing FROM nowhere")
            assert cursor.description is None
            await cursor.execute("SELECT 2")
            assert await cursor.fetchall() == [(2,)]

    go(program)


def test_cursors_are_told_to_signals_logged_and_captured(go, caplog, database):
    caplog.set_level("DEBUG", f"dorm.db.backends.{database.vendor}")

    async def program(face):
        with dorm.capture_queries() as queries:
            async with cursor_of(face) as cursor:
                await cursor.execute(INSERT, ["a"])
                await cursor.executemany(INSERT, [["b"], ["c"]])
                await cursor.execute("SELECT name FROM t")
        return [(query.sql.split()[0], list(query.params)) for query in queries]

    assert go(program) == [("INSERT", ["a"]), ("INSERT", [["b"], ["c"]]), ("SELECT", [])]
    logged = [record.getMessage().split()[0] for record in caplog.records if " ms" in record.getMessage()]
    assert logged[-3:] == ["INSERT", "INSERT", "SELECT"]


def test_no_connection_is_held_whatever_ends_the_block(go, database):
    async def program(face):
        for _ in range(30):
            with pytest.raises(KeyError):
                async with cursor_of(face) as cursor:
                    await cursor.execute("SELECT 1 UNION SELECT 2")
                    await cursor.fetchone()
                    raise KeyError
        stats = face.connection().pool_stats()
        if database.vendor == "postgresql":
            assert (stats["pool_available"], stats["requests_waiting"]) == (stats["pool_size"], 0)

    go(program)


@pytest.mark.parametrize("many", [False, True])
async def test_a_cancelled_cursor_leaves_its_connection_usable(database, many):
    connection = get_async_connection()
    await connection.execute_script("CREATE TABLE t (name VARCHAR(20) UNIQUE)")

    async def work():
        async with connection.cursor() as cursor:
            if many:
                await cursor.executemany(INSERT, [[str(number)] for number in range(5000)])
            else:
                await cursor.execute("SELECT count(*) FROM t, (SELECT 1) AS one")

    for turns in range(12):
        task = asyncio.ensure_future(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        else:
            await connection.execute("DELETE FROM t")
        assert await connection.execute("SELECT count(*) FROM t") == [(0,)]
    stats = connection.pool_stats()
    if database.vendor == "postgresql":
        assert (stats["pool_available"], stats["requests_waiting"]) == (stats["pool_size"], 0)


def test_a_cursor_says_what_it_is(database):
    cursor = get_connection().cursor()
    assert repr(cursor) == "<RawCursor of 'default': open>"
    cursor.close()
    assert repr(cursor) == "<RawCursor of 'default': closed>"


# -- one statement at a time -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1; SELECT 2", "SELECT 1;SELECT 2;", "DELETE FROM t; DELETE FROM t", "SELECT ';'; SELECT 2"],
)
def test_several_statements_are_refused_with_the_name_of_what_runs_them(go, sql):
    async def program(face):
        await face.insert("a")
        with pytest.raises(dorm.ProgrammingError, match=r"one statement at a time: execute_script\(\)"):
            await face.do("execute", sql)
        async with cursor_of(face) as cursor:
            with pytest.raises(dorm.ProgrammingError, match=r"one statement at a time: execute_script\(\)"):
                await cursor.execute(sql)
        assert await face.names() == ["a"]

    go(program)


@pytest.mark.parametrize("sql", ["SELECT 1;", "SELECT 1 ; -- the end; really", "SELECT 1; /* a; b */"])
def test_a_semicolon_at_the_end_is_none_between_statements(go, sql):
    async def program(face):
        assert await face.do("execute", sql) == [(1,)]

    go(program)


def test_semicolons_inside_of_one_statement_are_its_own(go, database):
    async def program(face):
        assert await face.do("execute", "SELECT ';' AS \"a;b\" /* ; */") == [(";",)]
        if database.vendor == "sqlite":
            await face.do(
                "execute", "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; DELETE FROM t; END"
            )
            return
        body = "BEGIN ATOMIC SELECT 1; SELECT 2; END"
        await face.do("execute", f"CREATE FUNCTION two() RETURNS integer LANGUAGE sql {body}")
        await face.do(
            "execute", "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$SELECT 0; SELECT 1$$"
        )
        await face.do("execute", "CREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2)")
        assert await face.do("execute", "SELECT one(), two()") == [(1, 2)]

    go(program)
