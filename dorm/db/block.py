"""Atomic blocks: one transaction, the savepoints in it, and the tasks that share it.

Stands on the driver protocols, signals and errors; knows no event loop, no thread and no SQL but its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Final, Literal, Protocol

from ..exceptions import TransactionManagementError
from ..signals import post_query, pre_query
from .driver import Demands, Driver, Job, Place, Source, TransactionLost, Turn
from .hooks import Hook, run_hooks

ROLLBACK: Final = "ROLLBACK"


class Host(Protocol):
    """What a block needs of its executor."""

    @property
    def is_async(self) -> bool:
        """Tell whether it may wait."""
        ...

    def current_block(self) -> Block | None:
        """Return the innermost open block of the running code, or None."""
        ...

    def forget(self) -> None:
        """Look for a connection anew at the next statement."""
        ...

    async def tell_around(self, statements: Sequence[str], work: Callable[[], Awaitable[None]]) -> None:
        """Do *work*, which sends *statements*, and tell the query signals of them."""
        ...

    def tell_at_once(self, statements: Sequence[str]) -> None:
        """Tell the query signals of statements, where nothing may wait or be raised."""
        ...


class Transaction:
    """What the blocks of one transaction have in common. `pending` travels with the next statement."""

    __slots__ = (
        "blocks",
        "cure",
        "demands",
        "doomed",
        "driver",
        "ended",
        "failed",
        "lock",
        "lost",
        "names",
        "opening",
        "pending",
        "source",
        "told",
    )

    def __init__(self, source: Source, demands: Demands | None, cure: str = "leave the atomic block") -> None:
        self.source = source
        self.demands = demands
        # What the user does to end it, as messages say.
        self.cure = cure
        self.opening = source.opening(demands)
        self.driver: Driver | None = None
        self.pending: list[str] = [*self.opening.statements]
        # What the query signals were told of `pending`.
        self.told: Sequence[str] = ()
        self.blocks: list[Block] = []
        # Held for one journey: statements of several tasks must not overtake BEGIN.
        self.lock: Turn | None = source.turn()
        self.names = 0
        self.ended = False
        self.lost: BaseException | str | None = None
        self.doomed: Block | None = None
        self.failed: BaseException | None = None

    async def send(self, job: Job, sql: str, params: Sequence[Any], size: int) -> Any:
        """Run one job in this transaction; whoever calls has its turn, which ends here."""
        try:
            self.refuse_broken()
            driver = self.driver
            if driver is None:
                driver = self.driver = await self.source.lease()
            before, self.pending, self.told = self.pending, [], ()
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
            if driver.is_failed:
                self.failed = error
            return
        if self.is_unsent(before):
            # Nothing but the failed statement was in it: the next one begins again.
            marks = [mark for block in self.blocks for mark in block.marks()]
            self.pending = [*self.opening.statements, *(f"SAVEPOINT {mark}" for mark in marks)]
        else:
            self.lost = error

    def is_unsent(self, pending: Sequence[str]) -> bool:
        """Tell whether BEGIN is still among the statements that travel with the next one."""
        return pending[:1] == [self.opening.statements[0]]

    def refuse_broken(self) -> None:
        """Raise when nothing may run in it any more."""
        if self.lost is not None:
            cause = self.lost if isinstance(self.lost, BaseException) else None
            raise TransactionManagementError(
                f"the transaction is gone, rolled back by the database ({self.lost}): {self.cure}"
            ) from cause
        if self.doomed is not None:
            raise TransactionManagementError(
                "a block with savepoint=False failed inside this one, which must roll back: "
                "let the exception out of the outer block, or use a savepoint"
            )
        if self.failed is not None:
            raise TransactionManagementError(
                f"an earlier statement of this transaction failed ({self.failed}), and the database takes no "
                f"more until it is rolled back: {self.cure}; a statement that may fail belongs in an atomic "
                "block of its own"
            ) from self.failed
        if self.blocks and self.blocks[-1].is_unwanted:
            raise TransactionManagementError(
                "set_rollback(True) was called in this block, which will be rolled back: leave it first"
            )

    def untold(self) -> list[str]:
        """Return what waits to be sent and was not told to the query signals; it counts as told."""
        count = 0
        for told, sql in zip(self.told, self.pending):
            if told != sql:
                break
            count += 1
        self.told = tuple(self.pending)
        return self.pending[count:]

    def next_mark(self) -> str:
        """Return a name for a savepoint."""
        self.names += 1
        return f"dorm_{self.names}"

    def refuse_ended(self) -> None:
        """Raise when the transaction is over."""
        if self.ended:
            raise TransactionManagementError("the transaction in which this stream was opened has ended")


class Block:
    """One `async with db.atomic()`: the transaction itself, or a savepoint in it."""

    __slots__ = (
        "_demands",
        "_durable",
        "_ended",
        "_place",
        "_savepoint",
        "_source",
        "hooks",
        "host",
        "is_unwanted",
        "mark",
        "outer",
        "points",
        "state",
        "transaction",
    )

    transaction: Transaction

    def __init__(
        self,
        host: Host,
        source: Source,
        place: Place,
        durable: bool,
        savepoint: bool,
        demands: Demands | None = None,
    ) -> None:
        self.host = host
        self.mark = ""
        # What is called once all is committed, and the savepoints that were set by hand: name -> how many
        # of `hooks` there were.
        self.hooks: list[Hook] = []
        self.points: dict[str, int] = {}
        # Whether set_rollback(True) was called in it.
        self.is_unwanted = False
        self.outer: Block | None = None
        self.state: Literal["new", "open", "ended", "cut"] = "new"
        self._source = source
        self._place = place
        self._demands = demands
        self._durable = durable
        self._savepoint = savepoint
        self._ended: Turn | None = None

    async def __aenter__(self) -> None:
        """Open the block."""
        self.enter()

    def enter(self) -> None:
        """Open the block. Nothing is sent before its first statement, so there is nothing to wait for."""
        if self.state != "new":
            raise TransactionManagementError("an atomic block is entered once: make a new one")
        outer = self.host.current_block()
        if outer is None:
            self.transaction = Transaction(self._source, self._demands)
        else:
            self._open_inside(outer)
        self.outer = outer
        self.transaction.blocks.append(self)
        self.state = "open"
        self._place.set(self)

    def _open_inside(self, outer: Block) -> None:
        if self._durable:
            raise TransactionManagementError(
                "a durable block must be the outermost, and another is open (set_autocommit(False) is one)"
            )
        transaction = self.transaction = outer.transaction
        if self._demands is not None and self._demands != transaction.demands:
            raise TransactionManagementError(
                "isolation, read_only and deferrable are the transaction's: name them on its outermost block"
            )
        if transaction.blocks[-1] is not outer:
            raise TransactionManagementError(
                "two tasks opened nested atomic blocks in one transaction at the same time; savepoints are a "
                "stack: open the blocks one after the other, or let each task begin its own transaction"
            )
        transaction.refuse_broken()
        if self._savepoint:
            self.mark = transaction.next_mark()
            transaction.pending.append(f"SAVEPOINT {self.mark}")

    def untold(self) -> list[str]:
        """Return what will travel with the next statement and was not told to the query signals."""
        return [] if self.get_rollback() else self.transaction.untold()

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
        if self.state == "open" and self.transaction is transaction and transaction.blocks[-1] is self:
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

    # -- savepoints by hand, and the wish to roll back ---------------------------------------------

    def marks(self) -> list[str]:
        """Return the savepoints of this block, its own first."""
        return [mark for mark in (self.mark, *self.points) if mark]

    def set_point(self) -> str:
        """Set a savepoint with the next statement, and return its name."""
        transaction = self.transaction
        transaction.refuse_broken()
        mark = transaction.next_mark()
        self.points[mark] = len(self.hooks)
        transaction.pending.append(f"SAVEPOINT {mark}")
        return mark

    def release_point(self, mark: str) -> None:
        """Give a savepoint up, with those set after it, and keep what was done since."""
        self._find_point(mark)
        self.transaction.refuse_broken()
        self._drop_points(mark)
        self.transaction.pending.append(f"RELEASE {mark}")

    def undo_point(self, mark: str) -> None:
        """Roll back to a savepoint before the next statement; it stays, to be rolled back to again."""
        self._find_point(mark)
        transaction = self.transaction
        transaction.failed = None
        count = self.points[mark]
        self._drop_points(mark)
        self.points[mark] = count
        del self.hooks[count:]
        opening = f"SAVEPOINT {mark}"
        if opening in transaction.pending:
            del transaction.pending[transaction.pending.index(opening) + 1 :]
        else:
            transaction.pending.append(f"ROLLBACK TO {mark}")

    def _find_point(self, mark: str) -> None:
        if self.transaction.blocks[-1] is not self or mark not in self.points:
            raise TransactionManagementError(
                f"this atomic block has no savepoint {mark!r}: it ended with its block, or was released"
            )

    def _drop_points(self, mark: str) -> None:
        marks = list(self.points)
        for later in marks[marks.index(mark) :]:
            del self.points[later]

    def get_rollback(self) -> bool:
        """Tell whether this block will be rolled back however it ends."""
        transaction = self.transaction
        broken = (transaction.lost, transaction.doomed, transaction.failed)
        return self.is_unwanted or any(fact is not None for fact in broken)

    def set_rollback(self, wanted: bool) -> None:
        """Have this block rolled back at its end, or take back the wish, and what dooms it."""
        self.is_unwanted = wanted
        if not wanted and self.transaction.doomed is self._anchor():
            self.transaction.doomed = None

    # -- the end ----------------------------------------------------------------------------------

    def end_unused(self) -> bool:
        """End an outermost block of synchronous code in which nothing happened; False for any other."""
        transaction = self.transaction
        if (
            self.outer is not None
            or transaction.driver is not None
            or transaction.lock is not None
            or transaction.doomed is not None
            or self.state != "open"
            or self.hooks
            or transaction.blocks[-1] is not self
        ):
            return False
        self.state = "ended"
        transaction.blocks.clear()
        transaction.ended = True
        if self.is_here():
            self._place.set(None)
        return True

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
        is_kept = False
        try:
            problem = problem or self._problem(error)
            if self.state == "open":
                if error is None and problem is None and not self.is_unwanted:
                    await self._keep()
                    is_kept = True
                else:
                    await self._roll_back()
        except self._source.errors as failure:
            raise self._source.translate(failure) from failure
        finally:
            self._close()
            if lock is not None:
                lock.release()
        if problem is not None and (error is None or not isinstance(problem, Exception)):
            raise problem
        if is_kept and self.hooks:
            await self._pass_hooks_on()

    async def _pass_hooks_on(self) -> None:
        """Run what waited for the commit, or leave it to the block around this one."""
        hooks, self.hooks = self.hooks, []
        if self.outer is not None:
            self.outer.hooks += hooks
        else:
            await run_hooks(hooks, is_async=self.host.is_async)

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
            # What is rolled back anyway, as was wished, may be broken.
            if not self.is_unwanted:
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
        if driver is None or transaction.is_unsent(transaction.pending):
            return
        try:
            if pre_query.active or post_query.active:
                statements = [*transaction.untold(), *transaction.opening.closing, "COMMIT"]
                await self.host.tell_around(statements, lambda: self._commit(driver))
            else:
                await self._commit(driver)
        # A refused COMMIT (a deferred foreign key, a busy database) leaves the transaction open.
        except BaseException:
            await self._roll_back()
            raise

    async def _commit(self, driver: Driver) -> None:
        transaction = self.transaction
        try:
            await driver.commit([*transaction.pending, *transaction.opening.closing])
        except TransactionLost:
            transaction.lost = "something ended it: COMMIT and ROLLBACK are not for execute()"
            transaction.refuse_broken()

    async def _control(self, driver: Driver, statements: Sequence[str]) -> None:
        """Roll back by *statements*, and tell of them."""
        if not (pre_query.active or post_query.active):
            await driver.control(statements)
            return
        is_sent = False

        async def send() -> None:
            nonlocal is_sent
            is_sent = True
            await driver.control(statements)

        try:
            await self.host.tell_around(statements, send)
        finally:
            # No receiver can keep what failed from being rolled back.
            if not is_sent:
                await send()

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
            await self._control(driver, self._undo())
            transaction.failed = None
        # The body's own error is the one to raise; the outer block cannot be committed any more.
        except self._source.errors as failure:
            transaction.lost = failure

    async def _roll_back_all(self) -> None:
        driver = self.transaction.driver
        if driver is None or not driver.in_transaction:
            return
        try:
            await self._control(driver, [*self._closing(driver), ROLLBACK])
        # The connection is closed instead, since it is still in a transaction; that rolls back as well.
        except self._source.errors:
            return

    def _closing(self, driver: Driver) -> tuple[str, ...]:
        return () if driver.is_failed else self.transaction.opening.closing

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
                self._post(driver, [*self._closing(driver), ROLLBACK])
            elif not self.mark:
                transaction.doomed = transaction.doomed or self._anchor()
            elif not self._unsend() and transaction.lost is None:
                transaction.pending = []
                self._post(driver, self._undo())
        self._close()

    def _post(self, driver: Driver, statements: Sequence[str]) -> None:
        driver.post(statements)
        if pre_query.active or post_query.active:
            self.host.tell_at_once(statements)

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
        # A connection whose transaction was lost may still have what `closing` would have taken back.
        usable = not driver.in_transaction and not (transaction.opening.closing and transaction.lost)
        self._source.give_back(driver, usable)
        if not usable:
            self.host.forget()

    def _wake(self) -> None:
        if self._ended is not None:
            self._ended.release()
            self._ended = None
