"""A lock between the tasks of one event loop, with a wait that a cancellation cannot cut short.

Stands on asyncio alone; both asynchronous backends have it.
"""

from __future__ import annotations

import asyncio


class TaskTurn(asyncio.Lock):
    """A lock between the tasks of one event loop."""

    async def acquire_firmly(self) -> BaseException | None:
        """Wait until it is free; return the cancellation that came meanwhile, to be raised later."""
        cancelled: BaseException | None = None
        while True:
            try:
                await self.acquire()
                return cancelled
            except asyncio.CancelledError as error:
                cancelled = error
