"""What is told about statements: query signals, logs, slow queries."""

from __future__ import annotations

import logging

import pytest

from dorm import exceptions
from dorm._run import run_sync
from dorm.conf import configure
from dorm.db.connection import async_executor, executor, reset_connections
from dorm.signals import post_query, pre_query

LOGGER = "dorm.db.backends.sqlite"


@pytest.fixture
def told():
    """Return the list of what the query signals said."""
    calls = []

    def before(sender, sql, params):
        calls.append(("pre", sender, sql, params))

    def after(sender, sql, params, elapsed_ms, error):
        assert elapsed_ms >= 0
        calls.append(("post", sender, sql, params, error))

    pre_query.connect(before)
    post_query.connect(after)
    yield calls
    pre_query.disconnect(before)
    post_query.disconnect(after)


def test_the_signals_stand_around_a_statement(core, told):
    core(lambda db: db.fetch("SELECT ?", (1,)))
    assert told == [("pre", "sqlite", "SELECT ?", (1,)), ("post", "sqlite", "SELECT ?", (1,), None)]


def test_the_signals_tell_of_every_kind_of_statement_and_of_blocks(core, told):
    async def operation(db):
        async with db.atomic(), db.atomic():
            await db.execute("UPDATE t SET age = 1")
            await db.script("SELECT 1; SELECT 2")
            cursor = await db.stream("SELECT 3")
            await cursor.close()

    core(operation)
    expected = [
        "BEGIN IMMEDIATE",
        "SAVEPOINT dorm_1",
        "UPDATE t SET age = 1",
        "SELECT 1; SELECT 2",
        "SELECT 3",
        "RELEASE dorm_1",
        "COMMIT",
    ]
    assert [call[2] for call in told if call[0] == "pre"] == expected
    assert [call[2] for call in told if call[0] == "post"] == expected


def test_a_failure_is_told_as_the_error_that_is_raised(core, told):
    async def operation(db):
        with pytest.raises(exceptions.ProgrammingError) as caught:
            await db.fetch("SELECT * FROM missing")
        return caught.value

    error = core(operation)
    assert told[-1] == ("post", "sqlite", "SELECT * FROM missing", (), error)


def test_a_receiver_of_pre_query_may_forbid_a_statement(core, names):
    def forbid(sender, sql, params):
        raise PermissionError

    async def operation(db):
        pre_query.connect(forbid)
        try:
            with pytest.raises(PermissionError):
                await db.execute("INSERT INTO t (name) VALUES ('a')")
        finally:
            pre_query.disconnect(forbid)

    core(operation)
    assert names() == []


async def test_a_coroutine_receiver_runs_with_async_statements(path):
    heard = []

    async def listen(sender, sql, **named):
        heard.append(sql)

    pre_query.connect(listen)
    try:
        await async_executor().fetch("SELECT 1")
        with pytest.raises(exceptions.AsyncRequiredError, match="listen"):
            run_sync(executor().fetch("SELECT 2"))
    finally:
        pre_query.disconnect(listen)
    assert heard == ["SELECT 1"]


# -- logs ------------------------------------------------------------------------------------------


def test_a_statement_is_logged_at_debug(core, caplog):
    caplog.set_level(logging.DEBUG, LOGGER)
    core(lambda db: db.fetch("SELECT ?", ("secret",)))
    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert "SELECT ?" in record.getMessage()
    assert " ms" in record.getMessage()
    assert (record.sql, record.params, record.alias) == ("SELECT ?", ("secret",), "default")
    assert record.duration_ms >= 0


def test_nothing_is_logged_by_itself(core, caplog):
    caplog.set_level(logging.INFO, LOGGER)
    core(lambda db: db.fetch("SELECT 1"))
    assert [record for record in caplog.records if record.name == LOGGER] == []


@pytest.mark.parametrize("in_block", [False, True])
def test_a_slow_statement_is_a_warning_without_its_parameters(core, caplog, monkeypatch, in_block):
    async def operation(db):
        await db.fetch("SELECT 1")
        monkeypatch.setenv("DORM_SLOW_QUERY_MS", "0")
        if in_block:
            async with db.atomic():
                await db.fetch("SELECT ?", ("secret",))
        else:
            await db.fetch("SELECT ?", ("secret",))
        monkeypatch.setenv("DORM_SLOW_QUERY_MS", "60000")
        await db.fetch("SELECT 2")

    core(operation)
    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert record.levelname == "WARNING"
    assert "slow query" in record.getMessage() and "SELECT ?" in record.getMessage()
    assert not any("secret" in str(value) for value in record.__dict__.values())


def test_a_slow_threshold_that_is_no_number_is_said_once(core, caplog, monkeypatch):
    async def operation(db):
        await db.fetch("SELECT 1")
        monkeypatch.setenv("DORM_SLOW_QUERY_MS", "soon")
        await db.fetch("SELECT 1")
        await db.fetch("SELECT 1")

    core(operation)
    assert [
        "DORM_SLOW_QUERY_MS" in record.getMessage() for record in caplog.records if record.levelno > 20
    ] == [True]


def test_opening_and_closing_is_told_at_info(core, caplog, tmp_path):
    caplog.set_level(logging.INFO, "dorm.db.lifecycle.sqlite")
    file = tmp_path / "new.sqlite3"
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": file}})
    caplog.clear()
    core(lambda db: db.fetch("SELECT 1"))
    reset_connections()
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [f"connection to {file} opened", f"connection to {file} closed"]
