"""Connections that are ended, and tasks that are cancelled, in the middle of work.

Single cases of both are told in `tests/postgresql/test_pool.py` and `test_tasks.py`.
"""

from __future__ import annotations

import asyncio
import os
import random

import pytest

from dorm.db.connection import async_executor, close_all_async, get_async_connection
from tests.faults.limits import INSERT, Writers, in_time

IS_FULL = os.environ.get("DORM_FAULTS") == "full"
# Those at work come first: ending them is what may lose a write.
BUSY_FIRST = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' ORDER BY state = 'idle', random()"
)


@pytest.mark.parametrize("face", ["sync", "async"])
def test_ended_connections_lose_no_write_that_was_acknowledged(place, face):
    place.configure(MAX_POOL_SIZE=5)
    writers = Writers(face, 8)
    most = 200 if IS_FULL else 40
    ended = 0

    def end_backends() -> None:
        nonlocal ended
        while ended < most:
            # As some writes come through between two ends, all writers get on.
            writers.wait(ended % writers.many, 2)
            pids = place.run(BUSY_FIRST)
            ended += bool(pids) and place.run("SELECT pg_terminate_backend(%s, 1000)", *pids[0])[0][0]

    writers.run_beside(240 if IS_FULL else 40, end_backends)

    writers.check(place.names())
    assert ended == most
    assert len(writers.written) >= 2 * most
    assert len(writers.unknown) + len(writers.failed) >= most / 10
    assert place.is_quiet()
    assert len(place.backends()) <= 5


def test_cancelled_queries_give_every_connection_back(place):
    place.configure(MIN_POOL_SIZE=1, MAX_POOL_SIZE=5)
    chance = random.Random(2)
    many = 2000 if IS_FULL else 500
    inside: set[int] = set()

    async def query(number: int, room: asyncio.Semaphore) -> None:
        """Of four, one is spared, one only ends by being cancelled, and two are cancelled anywhere."""
        async with room:
            loop, task, db = asyncio.get_running_loop(), asyncio.current_task(), async_executor()
            assert task is not None
            if number % 4 > 1:
                loop.call_later(chance.random() * 0.01, task.cancel)
            if number % 4 == 2:
                assert (await db.fetch("SELECT %s::int, pg_sleep(0.001)", (number,)))[0][0] == number
                return
            async with db.atomic():
                await db.execute(INSERT, (str(number),))
                if number % 4 == 1:
                    inside.add(number)
                    loop.call_later(chance.random() * 0.01, task.cancel)
                    await db.fetch("SELECT pg_sleep(60)")
                assert (await db.fetch("SELECT %s::int, pg_sleep(0.001)", (number,)))[0][0] == number

    async def storm() -> tuple[list[object], list[int], dict[str, object]]:
        # Four times as many as there are connections: the others wait in line.
        room = asyncio.Semaphore(20)
        tasks = [asyncio.ensure_future(query(number, room)) for number in range(many)]
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        right = [(await async_executor().fetch("SELECT %s::int", (n,)))[0][0] for n in range(20)]
        stats = get_async_connection().pool_stats()
        await close_all_async()
        return ends, right, stats

    ends, right, stats = in_time(120 if IS_FULL else 25, lambda: asyncio.run(storm()))

    names = place.names()
    cancelled = {n for n, end in enumerate(ends) if type(end) is asyncio.CancelledError}
    finished = {n for n, end in enumerate(ends) if end is None}
    assert cancelled | finished == set(range(many))
    assert inside == set(range(1, many, 4)) <= cancelled
    assert set(range(0, many, 4)) <= finished
    # Of those that are cancelled anywhere, some are in time.
    assert len(cancelled) > many / 4 + 10
    assert len(names) == len(set(names))
    # A commit may be done when its task is cancelled, so more may be there; never less.
    assert {str(n) for n in finished if n % 4 != 2} <= set(names)
    assert {int(name) % 4 for name in names} <= {0, 3}
    assert right == list(range(20))
    assert stats["requests_waiting"] == 0
    assert stats["pool_available"] == stats["pool_size"] <= 5
    assert place.is_quiet()
    assert place.backends() == []
