"""Which failures pass by themselves, and how often and how long to wait for that.

Stands on the errors; knows drivers by the names of their classes alone, so that none is loaded.
"""

from __future__ import annotations

import os
from typing import Any, Final

from ..exceptions import InterfaceError, OperationalError
from .logs import database_logger

ATTEMPTS: Final = 3
BACKOFF: Final = 0.1

_DRIVERS: Final = frozenset({"psycopg", "psycopg_pool", "sqlite3"})
_KINDS: Final = frozenset({"OperationalError", "InterfaceError"})

# The connection, a transaction in the way of others, no room, the server's start and end, a lock, its disk.
_CLASSES: Final = ("08", "40", "53", "57P", "58")
_LOCK_NOT_AVAILABLE: Final = "55P03"

# SQLITE_BUSY and SQLITE_LOCKED; what else SQLite calls an OperationalError does not pass.
_LOCKED: Final = frozenset({5, 6})


class UnknownOutcome(OperationalError):
    """The connection was lost while work was under way, which may be done or not: it is not repeated."""


class PoolTimeout(OperationalError):
    """No connection of a pool came free. The wait for one was the attempt: it is not repeated."""


def is_transient(error: BaseException) -> bool:
    """Tell whether the same work may succeed a moment later; the error is ours or a driver's own."""
    if isinstance(error, (UnknownOutcome, PoolTimeout)):
        return False
    if isinstance(error, (OperationalError, InterfaceError)):
        cause = error.__cause__
        return cause is None or not _is_of_driver(cause) or _passes(cause)
    return (
        _is_of_driver(error)
        and any(kind.__name__ in _KINDS for kind in type(error).__mro__)
        and _passes(error)
    )


def _is_of_driver(error: BaseException) -> bool:
    return any(kind.__module__.partition(".")[0] in _DRIVERS for kind in type(error).__mro__)


def _passes(error: Any) -> bool:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    # Its wait was the attempt: waiting again would only double the time until someone hears of it.
    if "PoolTimeout" in kinds or "PoolClosed" in kinds:
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _LOCKED
    state = getattr(error, "sqlstate", None)
    return state is None or state == _LOCK_NOT_AVAILABLE or state.startswith(_CLASSES)


# -- how often, and how long to wait ---------------------------------------------------------------


def attempts() -> int:
    """Return how often work is tried in all: DORM_RETRY_ATTEMPTS, 3 when unset; at least once."""
    return max(1, int(_number("DORM_RETRY_ATTEMPTS", ATTEMPTS)))


def backoff() -> float:
    """Return the seconds to wait before the second attempt: DORM_RETRY_BACKOFF, 0.1 when unset."""
    return max(0.0, _number("DORM_RETRY_BACKOFF", BACKOFF))


def pause(attempt: int, base: float | None = None) -> float:
    """Return the seconds to wait after a failed *attempt* (from 1 on): *base*, doubled each time."""
    return (backoff() if base is None else base) * 2.0 ** (attempt - 1)


def _number(name: str, default: float) -> float:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        number = float(raw)
        if 0 <= number < 1e6:
            return number
    except ValueError:
        pass
    # Nobody may be kept from trying again by a slip in the environment.
    database_logger().warning("%s is not a number that can be: %r; taking %s", name, raw, default)
    return default
