"""capture_queries: a with-block that keeps the statements that are sent in it, and where they came from.

Stands on the query signals, which make the executor tell; knows no event loop and no database.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar
from threading import Lock, get_ident
from types import FrameType
from typing import Any, Final

from .._record import Record
from ..signals import post_query

PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class CapturedQuery(Record):
    """One statement as it was sent, also one that failed; *line* is the user's, as "file:number"."""

    sql: str
    params: Sequence[Any]
    elapsed_ms: float
    alias: str
    line: str


class Repeated(Record):
    """The same statement, sent *count* times from one line: as a rule, once for each row of another query."""

    sql: str
    line: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} times from {self.line}: {self.sql}"


class CapturedQueries(list[CapturedQuery]):
    """The statements of a block, in order."""

    def __init__(self, transactions: bool = False) -> None:
        super().__init__()
        self.transactions = transactions

    def repeated(self, least: int = 2) -> list[Repeated]:
        """Return what one line sent *least* times or more, the most frequent first; `[]` is good news.

        What helps is `select_related()` or `prefetch_related()` in the query around it.
        """
        counts = Counter((query.sql, query.line) for query in self)
        return [Repeated(sql, line, count) for (sql, line), count in counts.most_common() if count >= least]


class capture_queries:
    """Keep the statements that the running code sends, in order: `with capture_queries() as queries:`.

    In a coroutine these are the statements of its task and of the tasks that it starts; elsewhere those of
    the thread, with the event loops that it runs meanwhile. Blocks may be nested: each has them all.
    What begins, marks and ends transactions is kept if *transactions* is true.
    """

    def __init__(self, *, transactions: bool = False) -> None:
        self._transactions = transactions
        self._queries: CapturedQueries | None = None

    def __enter__(self) -> CapturedQueries:
        if self._queries is not None:
            raise RuntimeError("one capture_queries() is entered once: make a new one")
        queries = self._queries = CapturedQueries(self._transactions)
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
_open: Final[dict[int, CapturedQueries]] = {}
_of_task: Final[ContextVar[tuple[CapturedQueries, ...]]] = ContextVar("dorm captures", default=())
_of_thread: Final[dict[int, list[CapturedQueries]]] = {}


def note(alias: str, sql: str, params: Sequence[Any], elapsed_ms: float) -> None:
    """Keep one statement for the blocks that the running code is in."""
    if _open:
        _keep([*_of_task.get(), *_of_thread.get(get_ident(), ())], alias, sql, params, elapsed_ms)


def note_control(alias: str, sql: str, elapsed_ms: float) -> None:
    """Keep what begins, marks or ends a transaction, for the blocks that want it."""
    if _open:
        captures = [*_of_task.get(), *_of_thread.get(get_ident(), ())]
        _keep([each for each in captures if each.transactions], alias, sql, (), elapsed_ms)


def _keep(
    captures: Sequence[CapturedQueries], alias: str, sql: str, params: Sequence[Any], elapsed_ms: float
) -> None:
    if captures:
        query = CapturedQuery(sql, params, elapsed_ms, alias, _line())
        for queries in captures:
            # A task that outlives the block still has it in its context.
            if id(queries) in _open:
                queries.append(query)


def _listen(**named: Any) -> None:
    """Hear of a statement; `note` is told of it beside the signal, which has no alias."""


def _line() -> str:
    """Return the innermost line outside of dorm that the running code comes from."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _is_ours(file: str) -> bool:
    # Generated code stands between ours: its file is no file.
    return file.startswith((PACKAGE, "<"))


def _in_event_loop() -> bool:
    # Not imported here: a program without asyncio has no running loop.
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
