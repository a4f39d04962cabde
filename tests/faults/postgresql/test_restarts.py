"""A server that is stopped and started anew while many write.

Rests on a server that only these tests stop; one write after the other is told in
`tests/postgresql/test_processes.py`.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dorm.conf import configure
from tests.faults.limits import Writers
from tests.server import OwnServer


@pytest.fixture(scope="module")
def own_server() -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="dorm-pg-", ignore_cleanup_errors=True) as folder:
        server = OwnServer(Path(folder))
        server.start()
        yield server
        server.stop(signal.SIGQUIT)


@pytest.mark.parametrize("face", ["sync", "async"])
def test_writers_go_on_when_the_server_is_back(own_server, place, face):
    with psycopg.connect(**own_server.arguments, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (name TEXT)")
    configure(DATABASES={"default": {
        "ENGINE": "postgresql", "NAME": "postgres", "USER": "postgres",
        "HOST": own_server.arguments["host"], "MAX_POOL_SIZE": 5,
    }})  # fmt: skip
    writers = Writers(face, 8)
    seconds: list[float] = []

    def restart() -> None:
        for _ in range(2):
            for writer in range(writers.many):
                writers.wait(writer, 5)
            own_server.stop()
            writers.forget()
            own_server.start()
            started = time.monotonic()
            for writer in range(writers.many):
                writers.wait(writer, 1)
            seconds.append(time.monotonic() - started)

    writers.run_beside(40, restart)

    with psycopg.connect(**own_server.arguments) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM t")]
    writers.check(names)
    assert len(seconds) == 2 and max(seconds) < 3
    assert len(writers.written) >= 2 * writers.many * 6
    assert len(writers.unknown) + len(writers.failed) > 0
