"""Connections: who shares one, threads, databases in memory, resetting."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest

from dorm import exceptions
from dorm._run import run_sync
from dorm.conf import configure, settings
from dorm.db import connection as connections
from dorm.db.connection import async_executor, close_all, executor, reset_connections
from dorm.transaction import aatomic, atomic

INSERT = "INSERT INTO t (name) VALUES (?)"
TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INTEGER NOT NULL DEFAULT 0)"


@pytest.fixture
def memory(path):
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": ":memory:"}})
    run_sync(executor().script(TABLE))


def insert(name):
    run_sync(executor().execute(INSERT, (name,)))


def count():
    return run_sync(executor().fetch("SELECT count(*) FROM t"))[0][0]


async def acount():
    return (await async_executor().fetch("SELECT count(*) FROM t"))[0][0]


def test_a_thread_has_one_executor(path):
    assert executor() is executor("default")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(executor).result() is not executor()


async def test_the_two_faces_share_no_executor(path):
    assert async_executor() is async_executor()
    assert async_executor() is not executor()
    assert (executor().is_async, async_executor().is_async) == (False, True)


async def test_the_two_faces_see_each_others_rows(path):
    insert("a")
    await async_executor().execute(INSERT, ("b",))
    assert count() == await acount() == 2


def test_an_async_executor_needs_a_running_loop(path):
    with pytest.raises(RuntimeError, match="no running event loop"):
        async_executor()


def test_an_unknown_alias_is_an_error_with_the_known_ones(path):
    with pytest.raises(
        exceptions.ImproperlyConfigured, match=r"'defalt'.*Did you mean 'default'.*Aliases: default"
    ):
        executor("defalt")


async def test_an_unknown_alias_is_an_error_for_async_too(path):
    with pytest.raises(exceptions.ImproperlyConfigured, match="Did you mean 'default'"):
        async_executor("defalt")


def test_no_settings_at_all_show_what_to_write(path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATABASES = {}
    reset_connections()
    with pytest.raises(exceptions.ImproperlyConfigured, match=r"dorm\.configure\("):
        executor()


def test_the_environments_url_is_taken_when_nothing_is_configured(path, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/url.sqlite3")
    settings.DATABASES = {}
    reset_connections()
    run_sync(executor().script(TABLE))
    assert (tmp_path / "url.sqlite3").exists()


def test_configure_drops_connections_to_the_old_database(path, tmp_path):
    insert("a")
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": tmp_path / "other.sqlite3"}})
    run_sync(executor().script(TABLE))
    assert count() == 0


def test_assigned_databases_count_after_a_reset(path, tmp_path):
    settings.DATABASES = {"default": {"ENGINE": "sqlite", "NAME": tmp_path / "other.sqlite3"}}
    reset_connections()
    run_sync(executor().script(TABLE))
    assert count() == 0


def test_a_relative_name_stays_where_it_was(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": "here.sqlite3"}})
    run_sync(executor().script(TABLE))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(count).result() == 0


def test_another_use_of_time_zones_makes_another_dialect(memory):
    insert("a")
    before = executor().dialect
    configure(USE_TZ=False)
    try:
        assert executor().dialect is not before
        assert count() == 1
    finally:
        configure(USE_TZ=True)


def test_a_reset_frees_the_locks_of_unfinished_transactions(path):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: run_sync(executor().execute("BEGIN EXCLUSIVE"))).result()
        reset_connections()
        sqlite3.connect(path, timeout=0).execute("INSERT INTO t (name) VALUES ('a')").connection.commit()


def test_a_reset_inside_a_block_is_an_error(path):
    with pytest.raises(exceptions.TransactionManagementError), atomic():
        insert("a")
        db = executor()
        reset_connections()
        with pytest.raises(exceptions.InterfaceError, match="closed"):
            run_sync(db.execute(INSERT, ("b",)))
    assert count() == 0


async def test_a_reset_inside_a_block_of_a_task_is_an_error(path):
    with pytest.raises(exceptions.TransactionManagementError):
        async with aatomic():
            db = async_executor()
            await db.execute(INSERT, ("a",))
            reset_connections()
            with pytest.raises(exceptions.InterfaceError, match="closed"):
                await db.execute(INSERT, ("b",))
    assert await acount() == 0


def test_an_executor_held_over_a_reset_connects_again(path):
    db = executor()
    insert("a")
    reset_connections()
    assert run_sync(db.fetch("SELECT name FROM t")) == [("a",)]
    db.close()


def test_a_thread_that_ends_closes_its_connection(path, caplog):
    caplog.set_level("INFO", "dorm.db.lifecycle.sqlite")
    thread = Thread(target=insert, args=("a",))
    thread.start()
    thread.join()
    gc.collect()
    told = [record.getMessage() for record in caplog.records if record.name == "dorm.db.lifecycle.sqlite"]
    assert [message.split()[-1] for message in told] == ["opened", "closed"]


# -- in memory -------------------------------------------------------------------------------------


def test_a_database_in_memory_is_one_for_all_threads(memory):
    insert("a")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(insert, "b").result()
    assert count() == 2


async def test_a_database_in_memory_is_one_for_both_faces(memory):
    insert("a")
    await async_executor().execute(INSERT, ("b",))
    async with aatomic():
        await async_executor().execute(INSERT, ("c",))
    assert count() == await acount() == 3


def test_a_database_in_memory_outlives_its_connections(memory):
    insert("a")
    close_all()
    assert count() == 1


def test_two_aliases_in_memory_are_two_databases(memory):
    here = {"ENGINE": "sqlite", "NAME": ":memory:"}
    configure(DATABASES={"default": here, "other": here})
    run_sync(executor().script(TABLE))
    assert run_sync(executor("other").fetch("SELECT * FROM sqlite_master")) == []


def test_a_reset_ends_a_database_in_memory(memory):
    reset_connections()
    assert run_sync(executor().fetch("SELECT * FROM sqlite_master")) == []


@pytest.mark.parametrize("place", ["path", "memory"])
def test_threads_that_write_at_once_all_get_through(request, place):
    request.getfixturevalue(place)
    threads, rounds = 16, 5
    start = Barrier(threads)

    def work(number):
        start.wait()
        for turn in range(rounds):
            insert(f"{number}/{turn}")
            with atomic():
                insert(f"{number}/{turn}/block")
                ((age,),) = run_sync(executor().fetch("SELECT max(age) FROM t"))
                run_sync(executor().execute("UPDATE t SET age = ? WHERE id = 1", (age + 1,)))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    assert count() == threads * rounds * 2
    assert run_sync(executor().fetch("SELECT age FROM t WHERE id = 1")) == [(threads * rounds,)]


def test_threads_and_loops_that_write_at_once_all_get_through(path):
    def thread(number):
        for turn in range(10):
            with atomic():
                insert(f"t{number}/{turn}")

    async def tasks(number):
        async def one(turn):
            async with aatomic():
                await async_executor().execute(INSERT, (f"a{number}/{turn}",))
            await async_executor().execute(INSERT, (f"b{number}/{turn}",))

        await asyncio.gather(*(one(turn) for turn in range(10)))

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(thread, number) for number in range(4)]
        jobs += [pool.submit(lambda number=number: asyncio.run(tasks(number))) for number in range(4)]
        for job in jobs:
            job.result()
    assert count() == 4 * 10 + 4 * 20


# -- loops -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["path", "memory"])
def test_one_loop_after_the_other_works(request, place):
    request.getfixturevalue(place)

    async def work(number):
        await async_executor().execute(INSERT, (f"n{number}",))
        async with aatomic():
            return await acount()

    assert [asyncio.run(work(number)) for number in range(20)] == list(range(1, 21))
    assert len(connections._loops) == 1


def test_a_second_use_of_a_driver_that_is_missing_names_it_again(path, monkeypatch):
    import sys

    for name in [name for name in sys.modules if "sqlite_async" in name or "sqlite_worker" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiosqlite", None)

    async def work():
        for _ in range(2):
            with pytest.raises(exceptions.ImproperlyConfigured, match=r'pip install "djanorm\[sqlite\]"'):
                async_executor()

    asyncio.run(work())


def test_another_aiosqlite_is_replaced_by_a_thread_of_ours(path, monkeypatch):
    from dorm.db.backends import sqlite_worker

    monkeypatch.setattr(sqlite_worker, "_thread", sqlite_worker._own_thread)

    async def work():
        await async_executor().execute(INSERT, ("a",))
        async with aatomic():
            return await acount()

    assert asyncio.run(work()) == 1
    reset_connections()
