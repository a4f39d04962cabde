"""PostgreSQL: what is done on a connection, apart from waiting.

Stands on psycopg's cursors; both drivers read their results by these functions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from ...exceptions import NotSupportedError, TransactionManagementError
from ..driver import Demands, Opening, Row
from .postgresql_connection import IDLE, psycopg
from .postgresql_errors import is_lost, is_stale, may_run_again, unknown_outcome
from .postgresql_pool import Link

TUPLES: Final = psycopg.pq.ExecStatus.TUPLES_OK
WRITES: Final = ("INSERT", "UPDATE", "DELETE", "MERGE")
ISOLATION: Final = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "READ UNCOMMITTED")

# psycopg reads the text of a statement with more parameters anew each time, which takes longer than the rest.
FEW: Final = 50

# A cursor keeps its last result; one of more rows is let go at once.
KEPT_ROWS: Final = 1000

PLAIN_OPENING: Final = Opening(("BEGIN",))


def numbered_cursor(link: Link, sql: str) -> tuple[Any, str]:
    """Return a cursor for a statement with many parameters, and its text for that cursor."""
    text = _numbered(sql)
    if text is None:
        return link.cursor, sql
    is_async = isinstance(link.connection, psycopg.AsyncConnection)
    return (psycopg.AsyncRawCursor if is_async else psycopg.RawCursor)(link.connection), text


@lru_cache(maxsize=4)
def _numbered(sql: str) -> str | None:
    """Return *sql* with `$1`, `$2` for its placeholders; None where it has percent signs of its own."""
    if "%%" in sql:
        return None
    first, *rest = sql.split("%s")
    return first + "".join([f"${number}{piece}" for number, piece in enumerate(rest, 1)])


def has_rows(cursor: Any) -> bool:
    """Tell whether the statement that was run gives rows, be there any or not."""
    return bool(cursor.pgresult.status == TUPLES)


def description_of(cursor: Any) -> list[tuple[Any, ...]] | None:
    """Return PEP 249's description of the statement that was run; None if it gives no rows."""
    if not has_rows(cursor):
        return None
    rest = (None,) * 5
    return [(column.name, column.type_code, *rest) for column in cursor.description or ()]


def let_go(link: Link, rows: list[Row]) -> list[Row]:
    """Return *rows*, and free the driver's copy of many."""
    if len(rows) > KEPT_ROWS:
        link.renew_cursor()
    return rows


def count_of(cursor: Any) -> int:
    """Return how many rows the statement that was run has changed."""
    word = (cursor.statusmessage or "").partition(" ")[0]
    return max(cursor.rowcount, 0) if word in WRITES else 0


def refuse_open_transaction(link: Link) -> None:
    """Raise when a single statement has begun a transaction: its connection is for anyone's use."""
    if link.status != IDLE:
        raise TransactionManagementError(
            "BEGIN is not for execute(): a single statement gets any connection of the pool. "
            "The transaction was rolled back; use atomic()"
        )


def opening_of(demands: Demands | None) -> Opening:
    """Return what begins a transaction that meets *demands*."""
    if demands is None:
        return PLAIN_OPENING
    words = ["BEGIN"]
    if demands.isolation is not None:
        if demands.isolation not in ISOLATION:
            known = ", ".join(ISOLATION)
            raise NotSupportedError(
                f"PostgreSQL has no isolation level {demands.isolation!r}: it has {known}"
            )
        words.append(f"ISOLATION LEVEL {demands.isolation}")
    if demands.read_only:
        words.append("READ ONLY")
    if demands.deferrable:
        words.append("DEFERRABLE")
    return Opening((" ".join(words),))


def forget_stale(error: psycopg.Error, link: Link) -> None:
    """Have a connection prepare its statements anew, if *error* says that one of them is stale."""
    if is_stale(error):
        # psycopg does this for DDL on the same connection; it has no public name for it.
        link.connection._prepared.clear()


def must_raise(error: psycopg.Error, link: Link, sql: str, attempt: int, most: int) -> bool:
    """Tell whether a failed statement is not to be tried again.

    Raises OperationalError if it may have been done.
    """
    forget_stale(error, link)
    if may_run_again(error, link.connection, sql):
        return attempt >= most
    if is_lost(error, link.connection):
        raise unknown_outcome(error, "the statement") from error
    return True
