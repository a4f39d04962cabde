"""What the tests of the execution wing share: a file, and one core coroutine run in both ways."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dorm._run import run_sync
from dorm.conf import configure, settings
from dorm.db.connection import async_executor, executor, reset_connections
from dorm.db.executor import Executor

TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INTEGER NOT NULL DEFAULT 0)"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Return the file that "default" is; it has one empty table, t."""
    before = settings.DATABASES
    file = tmp_path / "test.sqlite3"
    configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": file}})
    run_sync(executor().script(TABLE))
    yield file
    reset_connections()
    settings.DATABASES = before


@pytest.fixture(params=["sync", "async"])
def core(request: pytest.FixtureRequest, path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that runs `operation(db)` on the executor of either face."""
    if request.param == "sync":
        yield lambda operation: run_sync(operation(executor()))
        return

    async def run(operation: Callable[[Executor], Awaitable[Any]]) -> Any:
        return await operation(async_executor())

    with asyncio.Runner() as runner:
        yield lambda operation: runner.run(run(operation))


@pytest.fixture
def names(path: Path) -> Callable[[], list[str]]:
    """Return a function that reads the committed names with a connection of its own."""
    import sqlite3

    def read() -> list[str]:
        connection = sqlite3.connect(path)
        try:
            return [name for (name,) in connection.execute("SELECT name FROM t ORDER BY id")]
        finally:
            connection.close()

    return read
