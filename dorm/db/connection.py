"""From an alias to its executor: one for each thread, one for each event loop, none shared between the two.

Keeps the wrappers that users are given, too. Stands on the settings; imports a backend when its ENGINE is
first used.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from importlib import import_module
from os import getpid
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakSet

from .. import conf
from .block import Block
from .driver import Backend
from .executor import Executor
from .wrapper import AsyncConnection, Connection

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

_BACKENDS: Final = {
    "sqlite": "dorm.db.backends.sqlite",
    "postgresql": "dorm.db.backends.postgresql",
}
_DIALECT_SETTINGS: Final = frozenset({"USE_TZ", "TIME_ZONE"})

_lock = Lock()
_backends: Final[dict[str, Backend]] = {}
_places: Final[dict[str, ContextVar[Any]]] = {}
_loops: Final[dict[AbstractEventLoop, dict[str, Executor]]] = {}
_pins: Final[dict[str, tuple[Executor, Executor]]] = {}
_wrappers: Final[dict[str, Connection]] = {}
_async_wrappers: Final[dict[str, AsyncConnection]] = {}


class _Executors(dict[str, Executor]):
    """The executors of one thread; they are closed when it ends."""

    __slots__ = ("__weakref__", "_process")

    # Held by identity in a set: dicts do not hash.
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __init__(self) -> None:
        super().__init__()
        self._process = getpid()

    def __del__(self) -> None:
        # A fork ends the other threads in the child, before any hook runs: what they had is the parent's.
        if self._process != getpid():
            _keep_for_ever([connection for executor in self.values() for connection in executor.abandon()])
            return
        for executor in self.values():
            executor.close()


class _Thread(local):
    def __init__(self) -> None:
        self.executors = _Executors()
        with _lock:
            _threads.add(self.executors)


class _Spot:
    """Where a thread keeps its innermost block: a ContextVar for those that need none."""

    __slots__ = ("block",)

    def __init__(self) -> None:
        self.block: Any = None

    def get(self) -> Any:
        return self.block

    def set(self, block: Any) -> None:
        self.block = block


_threads: Final[WeakSet[_Executors]] = WeakSet()
_thread = _Thread()


def executor(alias: str = "default") -> Executor:
    """Return the executor of the calling thread; it connects with its first statement.

    Raises ImproperlyConfigured for an alias that DATABASES does not have.
    """
    try:
        return _thread.executors[alias]
    except KeyError:
        return _new_executor(alias)


def async_executor(alias: str = "default") -> Executor:
    """Return the executor of the running event loop; each task has its own blocks in it.

    Raises ImproperlyConfigured for an alias that DATABASES does not have, RuntimeError outside a loop.
    """
    try:
        return _loops[_running_loop()][alias]
    except KeyError:
        return _new_async_executor(alias)


def _first_running_loop() -> AbstractEventLoop:
    # Imported here: asyncio is for programs that use it. The builtin takes this function's place.
    global _running_loop
    from asyncio import get_running_loop

    _running_loop = get_running_loop
    return get_running_loop()


_running_loop = _first_running_loop


def lent_to_thread(alias: str, db: Any) -> AbstractContextManager[None]:
    """Have the synchronous code of the calling thread use *db* for *alias* meanwhile."""
    return _lent(_thread.executors, alias, db)


def lent_to_loop(alias: str, db: Any) -> AbstractContextManager[None]:
    """Have the asynchronous code of the running event loop use *db* for *alias* meanwhile."""
    return _lent(_loops.setdefault(_running_loop(), {}), alias, db)


@contextmanager
def _lent(held: dict[str, Executor], alias: str, db: Any) -> Iterator[None]:
    before = held.get(alias)
    held[alias] = db
    try:
        yield
    finally:
        del held[alias]
        if before is not None:
            held[alias] = before


@contextmanager
def pinned(alias: str) -> Iterator[Executor]:
    """Have all threads, loops and tasks use one connection for *alias* meanwhile, and be in its transaction.

    It is a synchronous connection, for which the coroutines of the core never wait; so both faces see what
    the other has written and not committed. For tests, whose every row is rolled back.
    """
    with _lock:
        backend = _backend(alias)
        source, place = backend.source(), _Spot()
        faces = [
            Executor(alias, backend.vendor, backend.dialect, source, place, is_async=is_async)
            for is_async in (False, True)
        ]
        faces[0].twin, faces[1].twin = faces[1], faces[0]
        _pins[alias] = (faces[0], faces[1])
    _let_go(alias)
    try:
        yield faces[0]
    finally:
        del _pins[alias]
        _let_go(alias)
        faces[0].twin = faces[1].twin = None
        faces[0].close()


def _let_go(alias: str) -> None:
    """Have every thread and loop look for its executor anew."""
    with _lock:
        for held in (*_threads, *_loops.values()):
            held.pop(alias, None)


def _new_executor(alias: str) -> Executor:
    if alias in _pins:
        return _thread.executors.setdefault(alias, _pins[alias][0])
    with _lock:
        backend = _backend(alias)
        made = Executor(alias, backend.vendor, backend.dialect, backend.source(), _Spot(), is_async=False)
        _thread.executors[alias] = made
    return made


def _new_async_executor(alias: str) -> Executor:
    loop = _running_loop()
    if alias in _pins:
        return _loops.setdefault(loop, {}).setdefault(alias, _pins[alias][1])
    with _lock:
        stale = [_loops.pop(old) for old in list(_loops) if old.is_closed()]
        backend = _backend(alias)
        place = _places.get(alias)
        if place is None:
            place = _places[alias] = ContextVar(f"dorm block of {alias}", default=None)
        made = Executor(alias, backend.vendor, backend.dialect, backend.async_source(), place, is_async=True)
        _loops.setdefault(loop, {})[alias] = made
    _close(stale)
    return made


class Aside:
    """An executor with one connection of its own, for what must not wait for others nor keep them waiting.

    It is the caller's alone, and closed by the caller. A database in memory would be another one here.
    """

    __slots__ = ("_backend", "executor")

    def __init__(self, alias: str, *, is_async: bool) -> None:
        backend = self._backend = _opened(
            alias, {**conf.database(alias), "MIN_POOL_SIZE": 0, "MAX_POOL_SIZE": 1}
        )
        source = backend.async_source() if is_async else backend.source()
        self.executor = Executor(alias, backend.vendor, backend.dialect, source, _Spot(), is_async=is_async)

    async def aclose(self) -> None:
        """Close its connection."""
        await self.executor.aclose()
        self._backend.close()


def _backend(alias: str) -> Backend:
    backend = _backends.get(alias)
    if backend is None:
        backend = _backends[alias] = _opened(alias, conf.database(alias))
        _register_exit()
    return backend


def _opened(alias: str, database: Mapping[str, Any]) -> Backend:
    module = _BACKENDS[database["ENGINE"]]
    return cast(Backend, import_module(module).open_backend(alias, database))


# -- what users hold -------------------------------------------------------------------------------


def get_connection(alias: str = "default") -> Connection:
    """Return the wrapper of a database for synchronous code: one object, the same in every thread.

    Raises ImproperlyConfigured for an alias that DATABASES does not have; connects to nothing.
    """
    wrapper = _wrappers.get(alias)
    if wrapper is None:
        vendor = conf.database(alias)["ENGINE"]
        wrapper = _wrappers.setdefault(alias, Connection(alias, vendor, executor, _stats))
    return wrapper


def get_async_connection(alias: str = "default") -> AsyncConnection:
    """Return the wrapper of a database for asynchronous code: one object, the same in every loop.

    Raises ImproperlyConfigured for an alias that DATABASES does not have; connects to nothing.
    """
    wrapper = _async_wrappers.get(alias)
    if wrapper is None:
        vendor = conf.database(alias)["ENGINE"]
        wrapper = _async_wrappers.setdefault(
            alias, AsyncConnection(alias, vendor, async_executor, _async_stats)
        )
    return wrapper


class Connections(Mapping[str, Connection]):
    """Every database of DATABASES, by alias."""

    def __getitem__(self, alias: str) -> Connection:
        return get_connection(alias)

    def __iter__(self) -> Iterator[str]:
        return iter(conf.databases())

    def __len__(self) -> int:
        return len(conf.databases())

    def __contains__(self, alias: object) -> bool:
        return alias in conf.databases()


connections: Final = Connections()


def open_block(alias: str, *, prefer_async: bool = False) -> Block | None:
    """Return the innermost open block of the running code on *alias*, of either face; None if there is none.

    Both faces may have one open, when a coroutine calls synchronous code.
    """
    held = _thread.executors.get(alias) or _pins.get(alias, (None, None))[0]
    loop = running_loop()
    aheld = None if loop is None else _loops.get(loop, {}).get(alias)
    faces = (aheld, held) if prefer_async else (held, aheld)
    blocks = (None if face is None else face.current_block() for face in faces)
    return next((block for block in blocks if block is not None), None)


def running_loop() -> AbstractEventLoop | None:
    """Return the running event loop, or None."""
    # Not imported here: a program without asyncio has no running loop.
    asyncio = sys.modules.get("asyncio")
    return None if asyncio is None else cast("AbstractEventLoop | None", asyncio._get_running_loop())


def in_transaction() -> bool:
    """Tell whether the running code is in a transaction of any database, in either face."""
    return any(open_block(alias) is not None for alias in _backends.copy())


def _stats(alias: str) -> dict[str, Any]:
    return executor(alias).stats()


def _async_stats(alias: str) -> dict[str, Any]:
    if running_loop() is not None:
        return async_executor(alias).stats()
    with _lock:
        return _backend(alias).stats()


# -- closing --------------------------------------------------------------------------------------


def reset_connections() -> None:
    """Close every connection, of all threads and loops, and forget every database in memory.

    What is open in a transaction is rolled back. The next statement looks at the settings anew.
    """
    _disconnect()
    _drop_executors()
    with _lock:
        backends = list(_backends.values())
        _backends.clear()
        _wrappers.clear()
        _async_wrappers.clear()
    for backend in backends:
        backend.close()


def close_all() -> None:
    """Close every connection, of all threads and loops; the next use opens new ones."""
    _disconnect()
    _drop_executors()


async def close_all_async() -> None:
    """Close the connections of the running event loop; harmless when there are none."""
    with _lock:
        executors = _loops.pop(_running_loop(), {})
    for each in executors.values():
        await each.aclose()


def _disconnect() -> None:
    # Before the executors go: a connection that one of them gives back must not go to whoever waits for it.
    for backend in list(_backends.values()):
        backend.disconnect()


def _drop_executors() -> None:
    with _lock:
        held = [dict(executors) for executors in _threads]
        for executors in list(_threads):
            executors.clear()
        held += _loops.values()
        _loops.clear()
    _close(held)


def _close(groups: list[dict[str, Executor]]) -> None:
    for group in groups:
        for each in group.values():
            each.close()


def _settings_changed(names: frozenset[str]) -> None:
    if "DATABASES" in names:
        reset_connections()
    elif names & _DIALECT_SETTINGS:
        _drop_executors()


conf.on_configure(_settings_changed)


# -- the end of the process, and its copies --------------------------------------------------------

_exit_is_registered = False


def _register_exit() -> None:
    global _exit_is_registered
    if not _exit_is_registered:
        _exit_is_registered = True
        atexit.register(reset_connections)


def _leave_to_parent() -> None:
    """Forget, in the child of a fork, the connections that it inherited: they are the parent's."""
    global _lock
    # Another thread of the parent may have held it; that thread does not exist here.
    _lock = Lock()
    groups: list[Mapping[str, Executor]] = [*_threads, *_loops.values()]
    inherited = [connection for group in groups for each in group.values() for connection in each.abandon()]
    inherited += [connection for backend in _backends.values() for connection in backend.abandon()]
    for executors in list(_threads):
        executors.clear()
    _loops.clear()
    if inherited:
        _keep_for_ever(inherited)


def _keep_for_ever(inherited: list[object]) -> None:
    # Imported here: only a fork needs it.
    from ctypes import py_object, pythonapi

    # A list would be emptied as the interpreter ends, which closes what is in it.
    for connection in inherited:
        pythonapi.Py_IncRef(py_object(connection))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
