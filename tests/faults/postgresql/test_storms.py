"""Connections that are ended, and tasks that are cancelled, in the middle of work.

Single cases of both are told in `tests/postgresql/test_pool.py` and `test_tasks.py`.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.db.connection import async_executor, close_all_async, executor, get_async_connection

IS_FULL = os.environ.get("DORM_FAULTS") == "full"
INSERT = "INSERT INTO t (name) VALUES (%s)"


def test_ended_connections_lose_no_write_that_was_acknowledged(place):
    place.configure(MAX_POOL_SIZE=5)
    chance = random.Random(1)
    written: list[str] = []
    unknown: list[str] = []
    others: list[BaseException] = []

    async def write(name: str, in_block: bool) -> None:
        if in_block:
            async with executor().atomic():
                await executor().execute(INSERT, (name,))
        else:
            await executor().execute(INSERT, (name,))

    def work(writer: int) -> None:
        for number in range(200 if IS_FULL else 50):
            name = f"{writer}-{number}"
            try:
                run_sync(write(name, in_block=number % 2 == 0))
            except (ours.OperationalError, ours.InterfaceError):
                unknown.append(name)
            except BaseException as error:
                others.append(error)
            else:
                written.append(name)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    ended = 0
    while any(thread.is_alive() for thread in threads):
        pids = place.backends()
        if pids:
            place.run("SELECT pg_terminate_backend(%s, 1000)", chance.choice(pids))
            ended += 1
    names = place.names()

    assert others == []
    assert ended > 0
    assert len(names) == len(set(names))
    assert set(written) <= set(names) <= set(written) | set(unknown)
    assert place.is_quiet()


def test_cancelled_queries_give_every_connection_back(place):
    place.configure(MIN_POOL_SIZE=1, MAX_POOL_SIZE=5)
    chance = random.Random(2)
    many = 2000 if IS_FULL else 500

    async def query(number: int) -> None:
        db = async_executor()
        if number % 3:
            assert (await db.fetch("SELECT %s::int, pg_sleep(0.001)", (number,)))[0][0] == number
            return
        async with db.atomic():
            await db.execute(INSERT, (str(number),))
            await db.fetch("SELECT pg_sleep(0.001)")

    async def storm() -> tuple[list[object], list[int], dict[str, object]]:
        tasks = [asyncio.ensure_future(query(number)) for number in range(many)]
        loop = asyncio.get_running_loop()
        for task in tasks:
            loop.call_later(chance.random() * many / 2000, task.cancel)
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        right = [(await async_executor().fetch("SELECT %s::int", (n,)))[0][0] for n in range(20)]
        stats = get_async_connection().pool_stats()
        done = [str(n) for n, end in enumerate(ends) if end is None and n % 3 == 0]
        # A commit may be done when its task is cancelled, so more may be there; never less.
        assert set(done) <= set(place.names())
        await close_all_async()
        return [end for end in ends if end is not None], right, stats

    ends, right, stats = asyncio.run(storm())

    assert {type(end) for end in ends} == {asyncio.CancelledError}
    assert right == list(range(20))
    assert stats["requests_waiting"] == 0
    assert place.is_quiet()
    assert place.backends() == []
