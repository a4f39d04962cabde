"""Try work again that failed for a reason that passes: for users' own code, in two colours.

Stands on what is known of such failures, and on the executors to see an open transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import sleep
from typing import TypeVar

from . import transient
from .connection import in_transaction as is_in_transaction

T = TypeVar("T")


def with_transient_retry(
    func: Callable[[], T],
    *,
    in_transaction: bool = False,
    attempts: int | None = None,
    backoff: float | None = None,
) -> T:
    """Return what *func* returns; call it again, *attempts* times in all, when it fails for a moment only.

    That is when a connection is lost, a server is starting or full, or another transaction is in the way.
    The wait begins with *backoff* seconds and doubles. Without them DORM_RETRY_ATTEMPTS (3) and
    DORM_RETRY_BACKOFF (0.1) count. Inside a transaction, said so or seen, there is one attempt: repeating a
    part of it would lose the rest. Work of which nobody knows whether it was done is never repeated.
    """
    plan = _Plan(in_transaction, attempts, backoff)
    while True:
        try:
            return func()
        # Which errors these are, transient.py decides: they may be a driver's own.
        except Exception as error:
            seconds = plan.pause_after(error)
            if seconds is None:
                raise
        sleep(seconds)


async def awith_transient_retry(
    factory: Callable[[], Awaitable[T]],
    *,
    in_transaction: bool = False,
    attempts: int | None = None,
    backoff: float | None = None,
) -> T:
    """Return what the awaitable of *factory* gives; await another one when it fails for a moment only.

    For the rest see `with_transient_retry`.
    """
    plan = _Plan(in_transaction, attempts, backoff)
    while True:
        try:
            return await factory()
        # Which errors these are, transient.py decides: they may be a driver's own.
        except Exception as error:
            seconds = plan.pause_after(error)
            if seconds is None:
                raise
        await asleep(seconds)


class _Plan:
    """How often one piece of work is still tried."""

    __slots__ = ("_attempt", "_backoff", "_most")

    def __init__(self, in_transaction: bool, attempts: int | None, backoff: float | None) -> None:
        if attempts is not None and attempts < 1:
            raise ValueError(f"attempts must be at least 1, not {attempts}")
        if backoff is not None and backoff < 0:
            raise ValueError(f"backoff must not be negative: {backoff}")
        self._attempt = 0
        self._backoff = backoff
        self._most = 1
        if not in_transaction and not is_in_transaction():
            self._most = transient.attempts() if attempts is None else attempts

    def pause_after(self, error: Exception) -> float | None:
        """Return how many seconds to wait before the next attempt, or None when *error* is to be raised."""
        self._attempt += 1
        if self._attempt >= self._most or not transient.is_transient(error):
            return None
        return transient.pause(self._attempt, self._backoff)


async def asleep(seconds: float) -> None:
    """Wait, as sleep() does, without keeping the event loop."""
    # Imported here: asyncio is for programs that use it.
    import asyncio

    await asyncio.sleep(seconds)
