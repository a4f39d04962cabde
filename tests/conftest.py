"""What every test may ask for: a database of its own, and one spelling for sync and async.

Rests on the public names of dorm, and on `server.py` for PostgreSQL. A test that takes `call` runs once a
mode and once a database; what it asserts must be true in all of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import dorm
from dorm.db.connection import close_all_async, reset_connections
from tests import server

VENDORS = ("sqlite", "postgresql")


# -- for the run as a whole ------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--databases", default=",".join(VENDORS), help="what tests run on: sqlite,postgresql (the default)"
    )


def pytest_configure(config: pytest.Config) -> None:
    # A run in the background of a shell ignores interrupts, and so would the programs that tests interrupt:
    # https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_11
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    lock = server.open_folder()
    if lock is not None:
        config.add_cleanup(lambda: server.close_folder(lock))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `database` once on each."""
    if "database" not in metafunc.fixturenames:
        return
    # A test may have an argument of its own that is called so.
    if not any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")):
        metafunc.parametrize("database", chosen_databases(metafunc.config), indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of a database that is not wanted."""
    left_out = {vendor for vendor in VENDORS if vendor not in chosen_databases(config)}
    dropped = [item for item in items if left_out & set(item.path.parts)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]


def chosen_databases(config: pytest.Config) -> list[str]:
    """Return the vendors that the run is for."""
    chosen = [name.strip() for name in config.getoption("--databases").split(",")]
    for name in chosen:
        if name not in VENDORS:
            raise pytest.UsageError(f"--databases takes {' and '.join(VENDORS)}, not {name!r}")
    return chosen


# -- databases -------------------------------------------------------------------------------------


class Database(NamedTuple):
    """The database that a test runs on: its vendor, and its entry in DATABASES."""

    vendor: str
    settings: dict[str, Any]


@pytest.fixture(scope="session")
def room() -> Iterator[server.Room]:
    """Give this process a PostgreSQL database; a test that needs one fails where there is no server."""
    try:
        made = server.Room(f"dorm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    except server.NoServerError as error:
        pytest.fail(str(error), pytrace=False)
    yield made
    made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Configure "default" as an empty database of the vendor; close what was opened on it."""
    made = Database(request.param, EMPTY_DATABASES[request.param](request, tmp_path))
    dorm.configure(DATABASES={"default": made.settings})
    yield made
    reset_connections()


def _sqlite(request: pytest.FixtureRequest, folder: Path) -> dict[str, Any]:
    return {"ENGINE": "sqlite", "NAME": str(folder / "test.sqlite3")}


def _postgresql(request: pytest.FixtureRequest, folder: Path) -> dict[str, Any]:
    room: server.Room = request.getfixturevalue("room")
    room.empty()
    return room.settings


# One line a vendor: a line more runs every test on it.
EMPTY_DATABASES: dict[str, Callable[[pytest.FixtureRequest, Path], dict[str, Any]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
}


class Caller:
    """Run an operation as itself, or as its a-twin in a loop kept for the whole test."""

    def __init__(self, mode: str, runner: asyncio.Runner) -> None:
        self.mode = mode
        self.is_async = mode == "async"
        self._runner = runner

    def __call__(self, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Return what *method*, or its twin, gives; an async iterator's items as a list."""
        if not self.is_async:
            return method(*args, **kwargs)
        return self._runner.run(_finish(lambda: twin_of(method)(*args, **kwargs)))

    def list(self, queryset: Any) -> list[Any]:
        """Return the rows of *queryset*: by iterating over it, or by awaiting it."""
        if not self.is_async:
            return list(queryset)
        return list(self._runner.run(_finish(lambda: queryset)))

    def run(self, sync: Callable[[], Any], coroutine: Callable[[], Awaitable[Any]]) -> Any:
        """Run *sync* or *coroutine*: for the few things that are not spelt alike."""
        return self._runner.run(_finish(coroutine)) if self.is_async else sync()


def twin_of(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return the a-twin of a bound method, or of a function in its own module."""
    # An empty queryset is false, and asking whether it is empty would fetch it.
    home: Any = getattr(method, "__self__", None)
    if home is None:
        home = sys.modules[method.__module__]
    twin: Callable[..., Any] = getattr(home, f"a{method.__name__}")
    return twin


async def _finish(start: Callable[[], Any]) -> Any:
    started = start()
    if isinstance(started, AsyncIterable) and not isinstance(started, Awaitable):
        return [item async for item in started]
    return await started


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, database: Database) -> Iterator[Caller]:
    """Give the test its Caller: `call(Author.objects.get, name="Ada")`."""
    with asyncio.Runner() as runner:
        yield Caller(request.param, runner)
        runner.run(close_all_async())
