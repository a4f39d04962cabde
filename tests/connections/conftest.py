"""What the tests of connections share: one program, run in both colours on each database.

Stands on the public names, and on run_sync to run a program without an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import pytest

from dorm._run import run_sync
from dorm.db.connection import get_async_connection, get_connection
from dorm.transaction import aatomic, atomic
from tests.conftest import Caller, twin_of


class SyncBlock:
    """A with-block, to be entered by `async with`."""

    def __init__(self, block: AbstractContextManager[Any]) -> None:
        self.block = block

    async def __aenter__(self) -> None:
        self.block.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.block.__exit__(kind, error, traceback)


class Face:
    """One colour of dorm, with the spelling of the other hidden."""

    def __init__(self, is_async: bool) -> None:
        self.is_async = is_async

    def connection(self, alias: str = "default") -> Any:
        """Return the wrapper of this colour."""
        return get_async_connection(alias) if self.is_async else get_connection(alias)

    def atomic(self, *args: Any, **kwargs: Any) -> Any:
        """Return a block of this colour."""
        return aatomic(*args, **kwargs) if self.is_async else SyncBlock(atomic(*args, **kwargs))

    async def call(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call *method* or its twin."""
        return await twin_of(method)(*args, **kwargs) if self.is_async else method(*args, **kwargs)

    async def do(self, name: str, *args: Any, alias: str = "default") -> Any:
        """Call a method of the wrapper."""
        answer = getattr(self.connection(alias), name)(*args)
        return await answer if self.is_async else answer

    async def insert(self, name: str) -> None:
        """Insert a row into t."""
        await self.do("execute", "INSERT INTO t (name) VALUES (%s)", [name])

    async def names(self) -> list[str]:
        """Return the names in t, as the running code sees them."""
        return [name for (name,) in await self.do("execute", "SELECT name FROM t ORDER BY name")]


@pytest.fixture
def go(call: Caller) -> Callable[[Callable[[Face], Coroutine[Any, Any, Any]]], Any]:
    """Return a function that runs `program(face)` in the test's colour; t is an empty table."""
    face = Face(call.is_async)
    get_connection().execute_script("CREATE TABLE t (name VARCHAR(20) UNIQUE)")
    return lambda program: call.run(lambda: run_sync(program(face)), lambda: program(face))


@pytest.fixture
def committed() -> Callable[[], list[str]]:
    """Return a function that reads the names in t in another thread: what is committed."""
    from concurrent.futures import ThreadPoolExecutor

    def read() -> list[str]:
        rows = get_connection().execute("SELECT name FROM t ORDER BY name")
        return [name for (name,) in rows]

    def elsewhere() -> list[str]:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(read).result(20)

    return elsewhere
