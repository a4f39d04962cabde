"""Transactions by hand: the block that set_autocommit(False) opens, and commit() and rollback() renew.

Stands on the atomic blocks, of which it is one without an end of its own.
"""

from __future__ import annotations

from typing import Final

from .block import Block, Host, Transaction
from .driver import Place, Source
from .hooks import run_hooks

CURE: Final = "call rollback()"


class ManualBlock(Block):
    """One transaction after the other, until the mode is left. Atomic blocks in it are savepoints."""

    __slots__ = ()

    def __init__(self, host: Host, source: Source, place: Place) -> None:
        super().__init__(host, source, place, durable=False, savepoint=False)

    def enter(self) -> None:
        """Take the statements of the running code from now on. BEGIN travels with the first."""
        self._begin()
        self.state = "open"
        self._place.set(self)

    async def commit(self) -> None:
        """Commit, and call what waited for it; a transaction that cannot be committed is rolled back."""
        await self._take_over()
        problem = self._problem(None)
        try:
            await (self._keep() if problem is None else self._roll_back())
        except self._source.errors as failure:
            raise self._source.translate(failure) from failure
        finally:
            hooks = self.hooks
            self._renew()
        if problem is not None:
            raise problem
        await run_hooks(hooks, is_async=self.host.is_async)

    async def rollback(self) -> None:
        """Roll back, whatever state the transaction is in."""
        await self._take_over()
        try:
            await self._roll_back()
        finally:
            self._renew()

    async def leave(self) -> None:
        """Commit, and be open no more; a commit that fails leaves the mode as it was."""
        await self.commit()
        self.state = "ended"
        if self.is_here():
            self._place.set(None)

    async def _take_over(self) -> None:
        """Wait for the other tasks' statements and nested blocks, and take the turn."""
        while not await self.take_turn():
            continue

    def _begin(self) -> None:
        self.hooks = []
        self.points = {}
        self.is_unwanted = False
        self.transaction = Transaction(self._source, None, CURE)
        self.transaction.blocks.append(self)

    def _renew(self) -> None:
        lock = self.transaction.lock
        self._give_back()
        self._begin()
        if lock is not None:
            lock.release()
