"""capture_queries: a with-block that keeps the statements that are sent in it.

Stands on the query signals, which make the executor tell; knows no event loop and no database.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextvars import ContextVar
from threading import Lock, get_ident
from typing import Any, Final

from .._record import Record
from ..signals import post_query


class CapturedQuery(Record):
    """One statement as it was sent: also one that failed."""

    sql: str
    params: Sequence[Any]
    elapsed_ms: float
    alias: str


class capture_queries:
    """Keep the statements that the running code sends, in order: `with capture_queries() as queries:`.

    In a coroutine these are the statements of its task and of the tasks that it starts; elsewhere those of
    the thread, with the event loops that it runs meanwhile. Blocks may be nested: each has them all.
    """

    def __init__(self) -> None:
        self._queries: list[CapturedQuery] | None = None

    def __enter__(self) -> list[CapturedQuery]:
        if self._queries is not None:
            raise RuntimeError("one capture_queries() is entered once: make a new one")
        queries = self._queries = []
        if _in_event_loop():
            _of_task.set((*_of_task.get(), queries))
        else:
            _of_thread.setdefault(get_ident(), []).append(queries)
        with _lock:
            _open[id(queries)] = queries
            # With a receiver connected, executors take the way on which statements are told.
            post_query.connect(_listen, dispatch_uid=_listen)
        return queries

    def __exit__(self, *exception: object) -> None:
        queries = self._queries
        with _lock:
            _open.pop(id(queries), None)
            if not _open:
                post_query.disconnect(dispatch_uid=_listen)
        # Left as it is found: the block may end in another context than it began in.
        _of_task.set(tuple(each for each in _of_task.get() if each is not queries))
        for thread, captures in list(_of_thread.items()):
            captures[:] = [each for each in captures if each is not queries]
            if not captures:
                _of_thread.pop(thread, None)


_lock: Final = Lock()
_open: Final[dict[int, list[CapturedQuery]]] = {}
_of_task: Final[ContextVar[tuple[list[CapturedQuery], ...]]] = ContextVar("dorm captures", default=())
_of_thread: Final[dict[int, list[list[CapturedQuery]]]] = {}


def note(alias: str, sql: str, params: Sequence[Any], elapsed_ms: float) -> None:
    """Keep one statement for the blocks that the running code is in."""
    if not _open:
        return
    captures = [*_of_task.get(), *_of_thread.get(get_ident(), ())]
    if captures:
        query = CapturedQuery(sql, params, elapsed_ms, alias)
        for queries in captures:
            # A task that outlives the block still has it in its context.
            if id(queries) in _open:
                queries.append(query)


def _listen(**named: Any) -> None:
    """Hear of a statement; `note` is told of it beside the signal, which has no alias."""


def _in_event_loop() -> bool:
    # Not imported here: a program without asyncio has no running loop.
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
