"""get_connection() and its twin: one object for each alias, raw SQL, what a database holds."""

from __future__ import annotations

import inspect
import threading

import pytest

import dorm
from dorm.db.connection import (
    close_all_async,
    connections,
    get_async_connection,
    get_connection,
    reset_connections,
)
from dorm.db.wrapper import AsyncConnection, Connection


def test_a_wrapper_is_one_object_in_every_thread(database):
    found = []
    thread = threading.Thread(target=lambda: found.append(get_connection()))
    thread.start()
    thread.join()
    assert found == [get_connection()]
    assert get_connection() is get_connection("default")
    assert get_async_connection() is get_async_connection("default")


def test_new_databases_have_new_wrappers(database):
    before, abefore = get_connection(), get_async_connection()
    reset_connections()
    assert get_connection() is not before
    assert get_async_connection() is not abefore


def test_a_wrapper_knows_its_alias_and_its_vendor(database):
    for wrapper in (get_connection(), get_async_connection()):
        assert (wrapper.alias, wrapper.vendor) == ("default", database.vendor)
        assert "default" in repr(wrapper) and database.vendor in repr(wrapper)


@pytest.mark.parametrize("get", [get_connection, get_async_connection])
def test_an_unknown_alias_is_refused_at_once(database, get):
    with pytest.raises(dorm.ImproperlyConfigured, match="no database 'replica'"):
        get("replica")


def test_connections_are_found_by_alias(database):
    assert list(connections) == ["default"]
    assert len(connections) == 1
    assert connections["default"] is get_connection()
    assert "other" not in connections
    with pytest.raises(dorm.ImproperlyConfigured):
        connections["other"]


def test_execute_returns_rows_by_position(go):
    async def program(face):
        assert await face.do("execute", "INSERT INTO t (name) VALUES (%s)", ["a"]) == []
        [row] = await face.do("execute", "SELECT name, 7 FROM t WHERE name = %s", ("a",))
        assert (row[0], row[1]) == ("a", 7)
        assert await face.do("execute", "SELECT name FROM t WHERE 1 = 0") == []

    go(program)


def test_placeholders_stand_outside_of_texts_names_and_comments(go):
    async def program(face):
        sql = """
            SELECT '%s', '100%%', "name" AS "%s", 7 % 4 -- %s
            FROM t /* %s */ WHERE name LIKE 'a%' AND name <> %s
        """
        await face.insert("ab")
        assert await face.do("execute", sql, ["x"]) == [("%s", "100%", "ab", 3)]

    go(program)


def test_without_parameters_every_character_is_itself(go):
    async def program(face):
        assert await face.do("execute", "SELECT '%s', '100%%', 7 % 4") == [("%s", "100%%", 3)]

    go(program)


@pytest.mark.parametrize("params", [[], ["a"], ["a", "b", "c"]])
def test_as_many_parameters_as_placeholders_are_wanted(go, params):
    async def program(face):
        with pytest.raises(dorm.ProgrammingError, match=f"2 placeholders and got {len(params)} parameter"):
            await face.do("execute", "SELECT %s, %s, '%s'", params)

    go(program)


@pytest.mark.parametrize("params", ["ab", {"a": 1}, 7])
def test_parameters_are_a_list(go, params):
    async def program(face):
        with pytest.raises(TypeError, match="list or tuple"):
            await face.do("execute", "SELECT %s", params)

    go(program)


def test_sqlites_own_placeholders_are_sqlites_alone(go, database):
    async def program(face):
        if database.vendor == "sqlite":
            assert await face.do("execute", "SELECT ?, '%s'", [1]) == [(1, "%s")]
        else:
            with pytest.raises(dorm.ProgrammingError, match="written %s, not"):
                await face.do("execute", "SELECT ?", [1])

    go(program)


def test_execute_tells_the_signals_and_its_failure(go):
    heard = []

    def listen(sender, sql, params, elapsed_ms, error):
        heard.append((sql, list(params), type(error)))

    async def program(face):
        await face.insert("a")
        dorm.post_query.connect(listen)
        with pytest.raises(dorm.UniqueViolation):
            await face.insert("a")
        dorm.post_query.disconnect(listen)

    go(program)
    [(sql, params, error)] = heard
    assert sql.startswith("INSERT INTO t") and params == ["a"] and error is dorm.UniqueViolation


def test_a_script_is_committed_outside_of_a_transaction(go, committed):
    async def program(face):
        await face.do("execute_script", "INSERT INTO t VALUES ('a;b'); INSERT INTO t VALUES ('100%');")
        assert committed() == ["100%", "a;b"]

    go(program)


def test_a_script_joins_the_open_transaction(go, committed):
    async def program(face):
        with pytest.raises(ValueError):
            async with face.atomic():
                await face.do("execute_script", "INSERT INTO t VALUES ('a'); INSERT INTO t VALUES ('b')")
                raise ValueError
        assert committed() == []

    go(program)


def test_tables_and_columns_are_seen(go):
    async def program(face):
        script = (
            "CREATE TABLE seen (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'x', age INTEGER NOT NULL)"
        )
        await face.do("execute_script", script)
        assert await face.do("table_exists", "seen") is True
        assert await face.do("table_exists", "unseen") is False
        id, name, age = await face.do("get_table_columns", "seen")
        assert [column["name"] for column in (id, name, age)] == ["id", "name", "age"]
        assert [column["primary_key"] for column in (id, name, age)] == [True, False, False]
        assert [column["null"] for column in (id, name, age)] == [False, True, False]
        assert "x" in name["default"]
        assert await face.do("get_table_columns", "unseen") == []

    go(program)


def test_pool_stats_say_whether_a_connection_is_open(go, database):
    async def program(face):
        await face.names()
        stats = face.connection().pool_stats()
        assert stats["vendor"] == database.vendor
        assert stats["open"] is True
        if database.vendor == "sqlite":
            assert set(stats) == {"vendor", "open"}
        else:
            assert {"min_size", "max_size", "pool_size", "pool_available"} <= set(stats)
            assert stats["requests_waiting"] == 0

    go(program)


def test_pool_stats_of_what_was_never_used(database):
    for wrapper in (get_connection(), get_async_connection()):
        stats = wrapper.pool_stats()
        assert (stats["vendor"], stats["open"]) == (database.vendor, False)


async def test_closing_nothing_is_harmless(database):
    await close_all_async()
    await close_all_async()


def test_both_colours_have_the_same_methods():
    def methods(kind):
        found = {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}
        return {name: inspect.signature(each).parameters for name, each in found.items() if callable(each)}

    assert methods(Connection) == methods(AsyncConnection)
    at_once = {"pool_stats", "cursor", "execute_wrapper"}
    waiting = {name for name in methods(AsyncConnection) if name not in at_once}
    assert all(inspect.iscoroutinefunction(getattr(AsyncConnection, name)) for name in waiting)
