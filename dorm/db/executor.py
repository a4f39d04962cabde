"""Run statements: the one way to a database, for both faces and inside or outside of a transaction.

Stands on the driver protocols, signals and loggers; knows no event loop, no thread and no model.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from .._run import run_sync
from ..exceptions import TransactionManagementError
from ..signals import Signal, post_query, pre_query
from . import around, capture
from .block import Block, Transaction
from .driver import Demands, Driver, Job, Place, Result, Row, RowSource, Source
from .logs import DEBUG, slow, statement_logger
from .manual import ManualBlock

if TYPE_CHECKING:
    from logging import Logger


class Executor:
    """The statements of one alias: of one thread (sync) or of one event loop (async).

    Each statement is told to `pre_query` and `post_query` and logged. What opens, marks and ends a
    transaction is told to the signals alone; BEGIN travels with a block's first statement, told before it.
    Functions of `execute_wrapper()` stand around the statements that the running code sends itself.
    """

    __slots__ = (
        "__weakref__",
        "_errors",
        "_is_logged",
        "_logger",
        "_place",
        "_plain",
        "_source",
        "alias",
        "arounds",
        "dialect",
        "is_async",
        "twin",
        "vendor",
    )

    def __init__(
        self, alias: str, vendor: str, dialect: Any, source: Source, place: Place, *, is_async: bool
    ) -> None:
        self.alias = alias
        self.vendor = vendor
        self.dialect = dialect
        self.is_async = is_async
        # The executor of the other face, where both share one connection and its transaction.
        self.twin: Executor | None = None
        self._source = source
        self._place = place
        self._errors = source.errors
        # The connection of single statements, while nothing but signals and logs can stand around them.
        self._plain: Driver | None = None
        self.arounds: list[around.ExecuteWrapper] = []
        self._logger: Logger = statement_logger(vendor)
        self._is_logged = self._logger.isEnabledFor

    def __repr__(self) -> str:
        return f"<Executor {self.alias!r}: {self.vendor}, {'async' if self.is_async else 'sync'}>"

    @property
    def in_atomic(self) -> bool:
        """Tell whether the running code is inside a transaction of this database, an atomic block or not."""
        return self.current_block() is not None

    async def fetch(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return all its rows, `[]` when there are none."""
        plain = self._plain
        if (
            plain is None
            or self._place.get() is not None
            or pre_query.active
            or post_query.active
            or self._is_logged(DEBUG)
        ):
            return cast("list[Row]", await self._run("fetch", sql, params))
        started = perf_counter()
        try:
            rows = await plain.fetch(sql, params)
        except self._errors as error:
            raise self._source.translate(error) from error
        if slow.is_reached(elapsed := perf_counter() - started):
            self._warn(sql, elapsed)
        return rows

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement and return the number of rows that it changed."""
        plain = self._plain
        if (
            plain is None
            or self._place.get() is not None
            or pre_query.active
            or post_query.active
            or self._is_logged(DEBUG)
        ):
            return cast(int, await self._run("execute", sql, params))
        started = perf_counter()
        try:
            count = await plain.execute(sql, params)
        except self._errors as error:
            raise self._source.translate(error) from error
        if slow.is_reached(elapsed := perf_counter() - started):
            self._warn(sql, elapsed)
        return count

    async def result(self, sql: str, params: Sequence[Any] = ()) -> Result:
        """Run one statement and return all that it gave."""
        return cast(Result, await self._run("result", sql, params))

    async def many(self, sql: str, params: Sequence[Sequence[Any]]) -> int:
        """Run one statement once for each of *params*, all or nothing; return how many rows it changed."""
        async with self.atomic():
            return cast(int, await self._run("many", sql, params))

    async def script(self, sql: str) -> None:
        """Run several statements. In a block they belong to it; outside, each is committed by itself."""
        await self._run("script", sql, ())

    async def stream(self, sql: str, params: Sequence[Any] = (), size: int = 1000) -> Cursor:
        """Start one statement whose rows are fetched *size* at a time."""
        block = self.current_block()
        rows = cast(RowSource, await self._run("stream", sql, params, size))
        return Cursor(rows, self._source, block.transaction if block is not None else None)

    def atomic(
        self, *, durable: bool = False, savepoint: bool = True, demands: Demands | None = None
    ) -> Block:
        """Return a block that commits what is done in it, or rolls all of it back.

        Inside another block it is a savepoint, unless *savepoint* is false; *durable* refuses that place.
        """
        return Block(self, self._source, self._place, durable, savepoint, demands)

    # -- transactions by hand ---------------------------------------------------------------------

    @property
    def autocommit(self) -> bool:
        """Tell whether the running code's statements are committed one by one, outside of atomic blocks."""
        return self._manual() is None

    async def set_autocommit(self, autocommit: bool) -> None:
        """Leave or enter the mode in which commit() and rollback() end transactions; leaving it commits."""
        self._refuse_in_atomic("set_autocommit()")
        manual = self._manual()
        if autocommit and manual is not None:
            await manual.leave()
        elif not autocommit and manual is None:
            ManualBlock(self, self._source, self._place).enter()

    async def commit(self) -> None:
        """Commit what was done since set_autocommit(False) or the last commit(); else do nothing."""
        self._refuse_in_atomic("commit()")
        if (manual := self._manual()) is not None:
            await manual.commit()

    async def rollback(self) -> None:
        """Undo what was done since set_autocommit(False) or the last commit(); else do nothing."""
        self._refuse_in_atomic("rollback()")
        if (manual := self._manual()) is not None:
            await manual.rollback()

    def _manual(self) -> ManualBlock | None:
        block = self.current_block()
        while block is not None and block.outer is not None:
            block = block.outer
        return block if isinstance(block, ManualBlock) else None

    def _refuse_in_atomic(self, what: str) -> None:
        block = self.current_block()
        if block is not None and not isinstance(block, ManualBlock):
            raise TransactionManagementError(
                f"{what} inside an atomic block, which commits and rolls back by itself: leave it first"
            )

    def stats(self) -> dict[str, Any]:
        """Return the figures of its connections."""
        return self._source.stats()

    # -- the long way: blocks, signals, logs, the first statement ---------------------------------

    async def _run(self, job: Job, sql: str, params: Sequence[Any], size: int = 0) -> Any:
        if self.arounds and (wrappers := around.of_running_code(self.arounds)):
            return await self._run_through(wrappers, job, sql, params, size)
        return await self._run_told(job, sql, params, size)

    async def _run_through(
        self,
        wrappers: Sequence[around.ExecuteWrapper],
        job: Job,
        sql: str,
        params: Sequence[Any],
        size: int,
    ) -> Any:
        """Run a statement through the functions that the user put around it."""

        def execute(sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            told = self._run_told(job, sql, params, size)
            return told if self.is_async else run_sync(told)

        answer = around.call_through(wrappers, execute, sql, params, job == "many")
        return await around.awaited(answer) if self.is_async else around.answer_of(answer)

    async def _run_told(self, job: Job, sql: str, params: Sequence[Any], size: int) -> Any:
        if pre_query.active or post_query.active:
            await self._tell_pending()
        if pre_query.active:
            await self._tell(pre_query, sql=sql, params=params)
        started = perf_counter()
        failure: BaseException | None = None
        try:
            return await self._send(job, sql, params, size)
        except self._errors as error:
            failure = self._source.translate(error)
            raise failure from error
        except BaseException as error:
            failure = error
            raise
        finally:
            elapsed = perf_counter() - started
            self._note(sql, params, elapsed)
            if post_query.active:
                capture.note(self.alias, sql, params, elapsed * 1000)
                await self._tell(post_query, sql=sql, params=params, elapsed_ms=elapsed * 1000, error=failure)

    async def _send(self, job: Job, sql: str, params: Sequence[Any], size: int) -> Any:
        block = await self._turn()
        if block is not None:
            return await block.transaction.send(job, sql, params, size)
        plain = self._plain
        if plain is None:
            plain = await self._source.shared()
            if not self.arounds:
                self._plain = plain
        if job == "stream":
            return await plain.stream(sql, params, size)
        return await getattr(plain, job)(sql, params)

    def current_block(self) -> Block | None:
        """Return the innermost open block of the running code, or None."""
        block: Block | None = self._place.get()
        # A context that was copied into another thread or event loop has nothing open here.
        if block is None or (block.host is not self and block.host is not self.twin):
            return None
        innermost = block.innermost_open()
        if innermost is None:
            self._place.set(None)
        return innermost

    async def _turn(self) -> Block | None:
        """Return the block to run in, once it is this task's turn in its transaction."""
        while (block := self.current_block()) is not None:
            if not await block.take_turn():
                continue
            if not (pre_query.active or post_query.active):
                return block
            # Another task of the block may have left more to travel with this statement. Receivers run
            # without the turn: one that sends a statement itself would wait for ever.
            untold = block.untold()
            if not untold:
                return block
            if block.transaction.lock is not None:
                block.transaction.lock.release()
            await self._tell_travellers(untold)
        return None

    async def _tell_pending(self) -> None:
        """Tell what will travel with the statement that is told next."""
        block = self.current_block()
        if block is not None and block.transaction.blocks[-1] is block:
            await self._tell_travellers(block.untold())

    async def _tell_travellers(self, statements: Sequence[str]) -> None:
        for sql in statements:
            await self._tell(pre_query, sql=sql, params=())
            capture.note_control(self.alias, sql, 0.0)
            # How long it takes is in the time of the statement with which it travels.
            await self._tell(post_query, sql=sql, params=(), elapsed_ms=0.0, error=None)

    async def tell_around(self, statements: Sequence[str], work: Callable[[], Awaitable[None]]) -> None:
        """Do *work*, which sends *statements*, and tell of them; time and error are the last one's."""
        here = self._place.get()
        # A receiver that sends a statement itself would wait for the turn of the block that ends.
        self._place.set(None)
        try:
            await self._tell_travellers(statements[:-1])
            await self._tell(pre_query, sql=statements[-1], params=())
            started = perf_counter()
            failure: BaseException | None = None
            try:
                await work()
            except BaseException as error:
                failure = error
                if isinstance(error, self._errors):
                    failure = self._source.translate(error)
                    failure.__cause__ = error
                raise
            finally:
                elapsed = (perf_counter() - started) * 1000
                capture.note_control(self.alias, statements[-1], elapsed)
                named = {"sql": statements[-1], "params": (), "elapsed_ms": elapsed, "error": failure}
                await self._tell(post_query, **named)
        finally:
            self._place.set(here)

    def tell_at_once(self, statements: Sequence[str]) -> None:
        """Tell of statements where nothing may wait or be raised; coroutine receivers do not hear."""
        for sql in statements:
            pre_query.send_robust(self.vendor, sql=sql, params=())
            capture.note_control(self.alias, sql, 0.0)
            post_query.send_robust(self.vendor, sql=sql, params=(), elapsed_ms=0.0, error=None)

    async def _tell(self, signal: Signal, **named: Any) -> None:
        if self.is_async:
            await signal.asend(self.vendor, **named)
        else:
            signal.send(self.vendor, **named)

    def _note(self, sql: str, params: Sequence[Any], elapsed: float) -> None:
        if self._is_logged(DEBUG):
            facts = {"sql": sql, "params": params, "duration_ms": elapsed * 1000, "alias": self.alias}
            self._logger.debug("%s (%.3f ms)", sql, elapsed * 1000, extra=facts)
        if slow.is_reached(elapsed):
            self._warn(sql, elapsed)

    def _warn(self, sql: str, elapsed: float) -> None:
        # Parameters stay out: at this level a log is kept, and they may hold secrets.
        facts = {"sql": sql, "duration_ms": elapsed * 1000, "alias": self.alias}
        self._logger.warning("slow query (%.1f ms): %s", elapsed * 1000, sql, extra=facts)

    # -- for whoever keeps the executors ----------------------------------------------------------

    def forget(self) -> None:
        """Look for a connection anew at the next statement."""
        self._plain = None

    def close(self) -> None:
        """Close its connections without waiting; the next statement opens new ones.

        One that it shares with a twin stays open: it is of whoever joined the two.
        """
        if self.twin is not None:
            return
        self._plain = None
        self._source.close()

    async def aclose(self) -> None:
        """Close its connections and wait until they are closed, but for one that it shares with a twin."""
        if self.twin is not None:
            return
        self._plain = None
        await self._source.aclose()

    def abandon(self) -> list[object]:
        """Forget its connections without closing them; return what must stay alive for that."""
        self._plain = None
        return self._source.abandon()


class Cursor:
    """Rows that come a chunk at a time. Close it; a loop that ends early must not keep the table locked."""

    __slots__ = ("_rows", "_source", "_transaction")

    def __init__(self, rows: RowSource, source: Source, transaction: Transaction | None) -> None:
        self._rows: RowSource | None = rows
        self._source = source
        self._transaction = transaction

    async def fetch(self) -> list[Row]:
        """Return the next chunk, `[]` at the end and ever after."""
        if self._rows is None:
            return []
        if self._transaction is not None:
            self._transaction.refuse_ended()
        try:
            rows = await self._rows.fetch()
        except self._source.errors as error:
            raise self._source.translate(error) from error
        if not rows:
            await self.close()
        return rows

    async def close(self) -> None:
        """Give the rest up; harmless when it is closed."""
        rows, self._rows = self._rows, None
        if rows is not None:
            await rows.close()
