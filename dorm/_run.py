"""Drive a coroutine that never waits: how the synchronous face runs the one core.

Stands on the errors alone; knows no event loop.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from .exceptions import AsyncRequiredError

T = TypeVar("T")


def run_sync(coro: Coroutine[Any, Any, T]) -> T:
    """Return the result of *coro*, which must finish at its first step.

    Raises AsyncRequiredError when it would have to wait; what it holds is released first.
    """
    try:
        coro.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    coro.close()
    raise AsyncRequiredError("this call would have to wait: use its a-prefixed twin")
