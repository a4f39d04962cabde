"""How an asynchronous connection waits for its socket, where that differs from psycopg's way."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from dorm import exceptions as ours
from dorm.db.backends import postgresql_wait
from dorm.db.backends.postgresql_wait import LoopConnection, connection_class
from dorm.db.connection import async_executor, close_all_async


@pytest.fixture
async def db(place):
    place.configure(MAX_POOL_SIZE=1)
    yield async_executor()
    await close_all_async()


def connection_of(db):
    [link] = db._source._pool._shelf.free
    return link.connection


async def test_a_large_value_passes_both_ways(db):
    text = "x" * 20_000_000
    [(back,)] = await db.fetch("SELECT %s::text", (text,))
    assert back == text
    assert await db.fetch("SELECT 1") == [(1,)]


async def test_the_socket_is_watched_between_statements(db):
    await db.fetch("SELECT 1")
    connection = connection_of(db)
    assert connection._loop is asyncio.get_running_loop()
    await db.fetch("SELECT 1")
    assert connection_of(db) is connection


async def test_a_connection_that_the_server_ends_does_not_keep_the_loop_busy(db, place):
    await db.fetch("SELECT 1")
    connection = connection_of(db)
    place.room.terminate()
    await asyncio.sleep(0.05)
    assert connection._loop is None
    assert await db.fetch("SELECT 1") == [(1,)]


async def test_a_message_that_nobody_asked_for_is_no_harm(db, place):
    await db.execute("LISTEN news")
    place.run("NOTIFY news, 'a'")
    await asyncio.sleep(0.05)
    assert [await db.fetch("SELECT %s", (turn,)) for turn in range(3)] == [[(0,)], [(1,)], [(2,)]]


async def test_a_statement_whose_backend_is_ended_fails_at_once(db, place):
    task = asyncio.create_task(db.execute("DO 'BEGIN PERFORM pg_sleep(60); END'"))
    while place.in_transaction() == 0:
        await asyncio.sleep(0.01)
    place.room.terminate()
    with pytest.raises(ours.OperationalError, match="not known whether it took effect"):
        await task
    assert await db.fetch("SELECT 1") == [(1,)]


async def test_sockets_of_one_number_are_not_mixed_up(db, place):
    for _ in range(30):
        await db.fetch("SELECT 1")
        place.room.terminate()
        assert await db.fetch("SELECT 2") == [(2,)]


@pytest.mark.parametrize("overtaking", [1, 3])
async def test_a_request_that_overtakes_its_statement_is_made_again(db, place, monkeypatch, overtaking):
    await db.fetch("SELECT 1")
    connection, requests = connection_of(db), []
    cancel = LoopConnection.cancel_safe

    async def overtake(self, **named):
        requests.append(self)
        if len(requests) > overtaking:
            await cancel(self, **named)

    monkeypatch.setattr(LoopConnection, "cancel_safe", overtake)
    monkeypatch.setattr(postgresql_wait, "FIRST_WAIT", 0.01)
    task = asyncio.create_task(db.fetch("SELECT pg_sleep(60)"))
    while place.in_transaction() == 0:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert connection_of(db) is connection
    assert requests == [connection] * (overtaking + 1)
    assert await db.fetch("SELECT 1") == [(1,)]


async def test_a_statement_that_no_request_ends_has_its_connection_closed(db, place, monkeypatch):
    async def in_vain(self, **named):
        return

    monkeypatch.setattr(LoopConnection, "cancel_safe", in_vain)
    monkeypatch.setattr(postgresql_wait, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(postgresql_wait, "PATIENCE", 0.1)
    task = asyncio.create_task(db.fetch("SELECT pg_sleep(60)"))
    while place.in_transaction() == 0:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert db.stats()["pool_size"] == 0
    assert await db.fetch("SELECT 1") == [(1,)]
    place.room.terminate()


async def test_no_request_is_left_for_the_next_statement(db, place):
    for turn in range(40):
        task = asyncio.create_task(db.fetch("SELECT count(*) FROM generate_series(1, 2000)"))
        for _ in range(turn % 8):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await db.fetch("SELECT 1") == [(1,)]
    assert db.stats()["pool_size"] == 1


def test_a_version_that_nobody_tried_has_its_own_way(monkeypatch):
    assert connection_class() is LoopConnection
    monkeypatch.setattr(postgresql_wait.psycopg, "__version__", "4.0.1")
    assert connection_class() is psycopg.AsyncConnection


async def test_psycopgs_own_way_serves_as_well(db, monkeypatch):
    monkeypatch.setattr(postgresql_wait.psycopg, "__version__", "4.0.1")
    assert await db.fetch("SELECT 1") == [(1,)]
    assert type(connection_of(db)) is psycopg.AsyncConnection
