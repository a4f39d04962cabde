"""Atomic blocks: one transaction, the savepoints in it, and the tasks that share it.

Stands on the driver protocols and errors; knows no event loop, no thread and no SQL but its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Literal, Protocol

from ..exceptions import TransactionManagementError
from .driver import Driver, Job, Place, Source, TransactionLost, Turn

BEGIN: Final = "BEGIN IMMEDIATE"
ROLLBACK: Final = "ROLLBACK"


class Host(Protocol):
    """What a block needs of its executor."""

    def current_block(self) -> Block | None:
        """Return the innermost open block of the running code, or None."""
        ...

    def forget(self) -> None:
        """Look for a connection anew at the next statement."""
        ...


class Transaction:
    """What the blocks of one transaction have in common. `pending` travels with the next statement."""

    __slots__ = ("blocks", "doomed", "driver", "ended", "lock", "lost", "names", "pending", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.driver: Driver | None = None
        self.pending: list[str] = [BEGIN]
        self.blocks: list[Block] = []
        # Held for one journey: statements of several tasks must not overtake BEGIN.
        self.lock: Turn | None = source.turn()
        self.names = 0
        self.ended = False
        self.lost: BaseException | str | None = None
        self.doomed: Block | None = None

    async def send(self, job: Job, sql: str, params: Sequence[Any], size: int) -> Any:
        """Run one job in this transaction; whoever calls has its turn, which ends here."""
        try:
            self.refuse_broken()
            driver = self.driver
            if driver is None:
                driver = self.driver = await self.source.lease()
            before, self.pending = self.pending, []
            try:
                return await driver.inside(before, job, sql, params, size)
            except TransactionLost:
                self.lost = "something ended it: COMMIT and ROLLBACK are not for execute()"
                self.refuse_broken()
            except BaseException as error:
                self._look(driver, before, error)
                raise
        finally:
            if self.lock is not None:
                self.lock.release()

    def _look(self, driver: Driver, before: list[str], error: BaseException) -> None:
        """Find out, after a failure, whether the database still has the transaction."""
        if driver.in_transaction:
            return
        if before and before[0] == BEGIN:
            # Nothing but the failed statement was in it: the next one begins again.
            marks = [block.mark for block in self.blocks if block.mark]
            self.pending = [BEGIN, *(f"SAVEPOINT {mark}" for mark in marks)]
        else:
            self.lost = error

    def refuse_broken(self) -> None:
        """Raise when nothing may run in it any more."""
        if self.lost is not None:
            cause = self.lost if isinstance(self.lost, BaseException) else None
            raise TransactionManagementError(
                f"the transaction is gone, rolled back by the database ({self.lost}): leave the atomic block"
            ) from cause
        if self.doomed is not None:
            raise TransactionManagementError(
                "a block with savepoint=False failed inside this one, which must roll back: "
                "let the exception out of the outer block, or use a savepoint"
            )

    def refuse_ended(self) -> None:
        """Raise when the transaction is over."""
        if self.ended:
            raise TransactionManagementError("the transaction in which this stream was opened has ended")


class Block:
    """One `async with db.atomic()`: the transaction itself, or a savepoint in it."""

    __slots__ = (
        "_durable",
        "_ended",
        "_place",
        "_savepoint",
        "_source",
        "host",
        "mark",
        "outer",
        "state",
        "transaction",
    )

    transaction: Transaction

    def __init__(self, host: Host, source: Source, place: Place, durable: bool, savepoint: bool) -> None:
        self.host = host
        self.mark = ""
        self.outer: Block | None = None
        self.state: Literal["new", "open", "ended", "cut"] = "new"
        self._source = source
        self._place = place
        self._durable = durable
        self._savepoint = savepoint
        self._ended: Turn | None = None

    async def __aenter__(self) -> None:
        """Open the block. Nothing is sent before its first statement."""
        if self.state != "new":
            raise TransactionManagementError("an atomic block is entered once: make a new one")
        outer = self.host.current_block()
        if outer is None:
            self.transaction = Transaction(self._source)
        else:
            self._open_inside(outer)
        self.outer = outer
        self.transaction.blocks.append(self)
        self.state = "open"
        self._place.set(self)

    def _open_inside(self, outer: Block) -> None:
        if self._durable:
            raise TransactionManagementError("a durable block must be the outermost, and another is open")
        transaction = self.transaction = outer.transaction
        if transaction.blocks[-1] is not outer:
            raise TransactionManagementError(
                "two tasks opened nested atomic blocks in one transaction at the same time; savepoints are a "
                "stack: open the blocks one after the other, or let each task begin its own transaction"
            )
        transaction.refuse_broken()
        if self._savepoint:
            transaction.names += 1
            self.mark = f"dorm_{transaction.names}"
            transaction.pending.append(f"SAVEPOINT {self.mark}")

    def is_here(self) -> bool:
        """Tell whether the running code entered this block last."""
        return self._place.get() is self

    def innermost_open(self) -> Block | None:
        """Return this block or the nearest open one around it; None when all have ended."""
        block: Block | None = self
        while block is not None:
            if block.state == "open":
                return block
            if block.state == "cut":
                raise TransactionManagementError(
                    "the outer atomic block ended while this one, in another task, was open; "
                    "it was rolled back"
                )
            block = block.outer
        return None

    async def take_turn(self) -> bool:
        """Wait for this task's turn in the transaction; False when the block ended meanwhile.

        While another task has a nested block open, that is after its end: what is done here must not
        be rolled back with it.
        """
        transaction = self.transaction
        lock = transaction.lock
        if lock is None:
            return True
        top = transaction.blocks[-1]
        if top is not self:
            await top.wait_end()
            return False
        await lock.acquire()
        if self.state == "open" and transaction.blocks[-1] is self:
            return True
        lock.release()
        return False

    async def wait_end(self) -> None:
        """Wait until this block, of another task, has ended."""
        ended = self._ended
        if ended is None:
            ended = self._ended = self._source.turn()
            assert ended is not None
            # Taken for the block itself, which frees it as it ends.
            await ended.acquire()
        await ended.acquire()
        ended.release()

    # -- the end ----------------------------------------------------------------------------------

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit, or roll back for every exception, cancellation and interrupt included."""
        transaction = self.transaction
        # The coroutine is being closed and may not wait any more.
        if isinstance(error, GeneratorExit):
            self._leave_at_once()
            return
        lock = transaction.lock
        problem: BaseException | None = None
        if lock is not None:
            problem = await lock.acquire_firmly()
        try:
            problem = problem or self._problem(error)
            if self.state == "open":
                failed = error is not None or problem is not None
                await (self._roll_back() if failed else self._keep())
        except self._source.errors as failure:
            raise self._source.translate(failure) from failure
        finally:
            self._close()
            if lock is not None:
                lock.release()
        if problem is not None and (error is None or not isinstance(problem, Exception)):
            raise problem

    def _problem(self, error: BaseException | None) -> BaseException | None:
        """Return what keeps the block from being committed although its body came to its end."""
        if error is not None:
            return None
        try:
            self.innermost_open()
            if self.transaction.blocks[-1] is not self:
                raise TransactionManagementError(
                    "an atomic block ended while a nested one, of another task, was still open: "
                    "both were rolled back; wait for the tasks before the block ends"
                )
            self.transaction.refuse_broken()
        except TransactionManagementError as problem:
            return problem
        return None

    async def _keep(self) -> None:
        transaction, driver = self.transaction, self.transaction.driver
        if self.outer is not None:
            if self.mark and not self._unsend():
                transaction.pending.append(f"RELEASE {self.mark}")
            return
        if driver is None or transaction.pending[:1] == [BEGIN]:
            return
        try:
            await driver.commit(transaction.pending)
        except TransactionLost:
            transaction.lost = "something ended it: COMMIT and ROLLBACK are not for execute()"
            transaction.refuse_broken()
        # A refused COMMIT (a deferred foreign key, a busy database) leaves the transaction open.
        except BaseException:
            await self._roll_back()
            raise

    async def _roll_back(self) -> None:
        transaction, driver = self.transaction, self.transaction.driver
        if self.outer is None:
            await self._roll_back_all()
            return
        if not self.mark:
            transaction.doomed = transaction.doomed or self._anchor()
            return
        if transaction.doomed is self:
            transaction.doomed = None
        if self._unsend() or transaction.lost is not None or driver is None:
            return
        transaction.pending = []
        try:
            await driver.control(self._undo())
        # The body's own error is the one to raise; the outer block cannot be committed any more.
        except self._source.errors as failure:
            transaction.lost = failure

    async def _roll_back_all(self) -> None:
        driver = self.transaction.driver
        if driver is None or not driver.in_transaction:
            return
        try:
            await driver.control([ROLLBACK])
        # The connection is closed instead, since it is still in a transaction; that rolls back as well.
        except self._source.errors:
            return

    def _undo(self) -> list[str]:
        return [f"ROLLBACK TO {self.mark}", f"RELEASE {self.mark}"]

    def _unsend(self) -> bool:
        """Take back a SAVEPOINT that was not sent yet, with all after it; False when it was."""
        pending, opening = self.transaction.pending, f"SAVEPOINT {self.mark}"
        if opening not in pending:
            return False
        del pending[pending.index(opening) :]
        return True

    def _anchor(self) -> Block:
        """Return the nearest block around this one that can be rolled back."""
        block = self
        while block.outer is not None and not block.mark:
            block = block.outer
        return block

    def _leave_at_once(self) -> None:
        """Roll back without waiting: statements that are queued now run before any that follow."""
        transaction, driver = self.transaction, self.transaction.driver
        if self.state == "open" and driver is not None:
            if self.outer is None:
                driver.post([ROLLBACK])
            elif not self.mark:
                transaction.doomed = transaction.doomed or self._anchor()
            elif not self._unsend() and transaction.lost is None:
                transaction.pending = []
                driver.post(self._undo())
        self._close()

    def _close(self) -> None:
        transaction = self.transaction
        if self in transaction.blocks:
            position = transaction.blocks.index(self)
            for inner in transaction.blocks[position + 1 :]:
                inner.state = "cut"
                inner._wake()
            del transaction.blocks[position:]
        if self.state == "open":
            self.state = "ended"
        self._wake()
        if self.is_here():
            self._place.set(self.outer)
        if self.outer is None and not transaction.ended:
            self._give_back()

    def _give_back(self) -> None:
        transaction, driver = self.transaction, self.transaction.driver
        transaction.ended = True
        if driver is None:
            return
        transaction.driver = None
        usable = not driver.in_transaction
        self._source.give_back(driver, usable)
        if not usable:
            self.host.forget()

    def _wake(self) -> None:
        if self._ended is not None:
            self._ended.release()
            self._ended = None
