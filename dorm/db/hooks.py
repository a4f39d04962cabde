"""What waits for a commit: functions to call once nothing can take the transaction back.

Stands on the loggers and errors; blocks keep the hooks, and say when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._record import Record
from ..exceptions import AsyncRequiredError
from .logs import hook_logger


class Hook(Record):
    """One call to make; when it is *robust*, its failure is logged and keeps none of the others back."""

    function: Callable[[], Any]
    robust: bool


async def run_hooks(hooks: Sequence[Hook], *, is_async: bool) -> None:
    """Call *hooks* in order. The first that fails ends it, unless it is robust; the commit stays done."""
    for hook in hooks:
        try:
            await _run(hook.function, is_async)
        # Anything may be raised by code that is not ours: to log it is what was asked for.
        except Exception as error:
            if not hook.robust:
                raise
            hook_logger().error("on_commit hook %r failed: %s", hook.function, error, exc_info=error)


async def _run(function: Callable[[], Any], is_async: bool) -> None:
    answer = function()
    if not hasattr(answer, "__await__"):
        return
    if is_async:
        await answer
        return
    close: Callable[[], object] | None = getattr(answer, "close", None)
    if close is not None:
        close()
    raise AsyncRequiredError(
        f"on_commit() got {function!r}, which must be awaited, in a synchronous transaction: use aatomic"
    )
