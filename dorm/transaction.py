"""Transactions for users: `atomic` and `aatomic`, what waits for a commit, and savepoints by hand.

Stands on the executors, which do the work; knows no database.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from threading import get_ident
from types import TracebackType
from typing import Any, Final, Literal, ParamSpec, TypeAlias, TypeVar, overload

from . import conf
from ._run import run_sync
from ._text import did_you_mean, listed, nearest
from .db import hooks
from .db.block import Block
from .db.connection import async_executor, executor, open_block
from .db.driver import Demands
from .db.manual import ManualBlock
from .exceptions import AsyncRequiredError, TransactionManagementError

P = ParamSpec("P")
T = TypeVar("T")

IsolationLevel: TypeAlias = Literal["read uncommitted", "read committed", "repeatable read", "serializable"]
LEVELS: Final = ("read uncommitted", "read committed", "repeatable read", "serializable")

# inspect.CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR; importing inspect would cost more than all this.
GENERATOR: Final = 0x20
COROUTINE: Final = 0x80
ASYNC_GENERATOR: Final = 0x200


class Atomic:
    """A block whose database work is committed as a whole, or rolled back for every exception.

    Inside another block it is a savepoint. BEGIN is sent with the first statement: an empty block costs
    nothing.
    """

    __slots__ = ("_blocks", "demands", "durable", "savepoint", "using")

    def __init__(
        self, using: str | None, durable: bool, savepoint: bool, demands: Demands | None = None
    ) -> None:
        self.using = using or "default"
        self.durable = durable
        self.savepoint = savepoint
        self.demands = demands
        self._blocks: list[tuple[int, Block]] = []

    def __enter__(self) -> None:
        block = executor(self.using).atomic(
            durable=self.durable, savepoint=self.savepoint, demands=self.demands
        )
        block.enter()
        self._blocks.append((get_ident(), block))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # One object may be entered by several threads at once; each leaves its own last block.
        thread = get_ident()
        entry = self._blocks[-1]
        if entry[0] != thread:
            entry = next(entry for entry in reversed(self._blocks) if entry[0] == thread)
        self._blocks.remove(entry)
        block = entry[1]
        if not block.end_unused():
            run_sync(block.__aexit__(kind, error, traceback))

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return *function* in a block of its own at each call."""
        _refuse(function, COROUTINE | ASYNC_GENERATOR, "a coroutine function: use aatomic")
        _refuse(function, GENERATOR, "a generator function: use a with-block inside it")

        @wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            with Atomic(self.using, self.durable, self.savepoint, self.demands):
                return function(*args, **kwargs)

        return inside


class AsyncAtomic:
    """The same for `async with` and coroutine functions. It belongs to the task that opened it."""

    __slots__ = ("_blocks", "demands", "durable", "savepoint", "using")

    def __init__(
        self, using: str | None, durable: bool, savepoint: bool, demands: Demands | None = None
    ) -> None:
        self.using = using or "default"
        self.durable = durable
        self.savepoint = savepoint
        self.demands = demands
        self._blocks: list[Block] = []

    async def __aenter__(self) -> None:
        block = async_executor(self.using).atomic(
            durable=self.durable, savepoint=self.savepoint, demands=self.demands
        )
        block.enter()
        self._blocks.append(block)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # One object may be entered by several tasks at once; each leaves its own last block.
        block = next((block for block in self._blocks if block.is_here()), self._blocks[-1])
        self._blocks.remove(block)
        await block.__aexit__(kind, error, traceback)

    def __call__(self, function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        """Return *function* in a block of its own at each call."""
        _refuse(
            function, GENERATOR | ASYNC_GENERATOR, "a generator function: use an async with-block inside it"
        )
        if not _flags(function) & COROUTINE:
            raise TypeError(f"{_name(function)} is not a coroutine function: use atomic")

        @wraps(function)
        async def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            async with AsyncAtomic(self.using, self.durable, self.savepoint, self.demands):
                return await function(*args, **kwargs)

        return inside


@overload
def atomic(using: Callable[P, T]) -> Callable[P, T]: ...
@overload
def atomic(
    using: str | None = None,
    *,
    durable: bool = False,
    savepoint: bool = True,
    isolation: IsolationLevel | None = None,
    read_only: bool = False,
    deferrable: bool = False,
) -> Atomic: ...
def atomic(
    using: Any = None,
    *,
    durable: bool = False,
    savepoint: bool = True,
    isolation: IsolationLevel | None = None,
    read_only: bool = False,
    deferrable: bool = False,
) -> Any:
    """Open a transaction: `with atomic():`, `@atomic` or `@atomic("alias")`.

    *durable* refuses to be nested; *savepoint* false makes a nested block part of the one around it.
    *isolation*, *read_only* and *deferrable* are the outermost block's; NotSupportedError where the database
    does not have them.
    """
    demands = _demands(isolation, read_only, deferrable)
    return _block_or_function(Atomic, using, durable, savepoint, demands)


@overload
def aatomic(using: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]: ...
@overload
def aatomic(
    using: str | None = None,
    *,
    durable: bool = False,
    savepoint: bool = True,
    isolation: IsolationLevel | None = None,
    read_only: bool = False,
    deferrable: bool = False,
) -> AsyncAtomic: ...
def aatomic(
    using: Any = None,
    *,
    durable: bool = False,
    savepoint: bool = True,
    isolation: IsolationLevel | None = None,
    read_only: bool = False,
    deferrable: bool = False,
) -> Any:
    """Open a transaction in a coroutine: `async with aatomic():`, `@aatomic` or `@aatomic("alias")`."""
    demands = _demands(isolation, read_only, deferrable)
    return _block_or_function(AsyncAtomic, using, durable, savepoint, demands)


def _demands(isolation: str | None, read_only: bool, deferrable: bool) -> Demands | None:
    if isolation is None and not read_only and not deferrable:
        return None
    if isolation is not None and (not isinstance(isolation, str) or isolation.lower() not in LEVELS):
        hint = did_you_mean(nearest(isolation.lower(), LEVELS)) if isinstance(isolation, str) else ""
        raise ValueError(f"there is no isolation level {isolation!r}.{hint} Levels: {listed(LEVELS)}.")
    if deferrable and not (read_only and isolation is not None and isolation.lower() == "serializable"):
        raise ValueError(
            "deferrable=True needs isolation='serializable' and read_only=True: else it does nothing"
        )
    return Demands(None if isolation is None else isolation.upper(), bool(read_only), bool(deferrable))


def _block_or_function(
    kind: type[Atomic] | type[AsyncAtomic],
    using: Any,
    durable: bool,
    savepoint: bool,
    demands: Demands | None,
) -> Any:
    if callable(using):
        function: Any = using
        return kind(None, durable, savepoint, demands)(function)
    if using is not None and not isinstance(using, str):
        raise TypeError(f"a transaction is opened on the alias of a database, not on {using!r}")
    return kind(using, durable, savepoint, demands)


# -- after the commit ------------------------------------------------------------------------------


def on_commit(fn: Callable[[], Any], using: str | None = None, robust: bool = False) -> None:
    """Call *fn* once the transaction is committed, never if it is rolled back; outside of one, at once.

    Rolling back to a savepoint forgets what was registered since. An exception of *fn* propagates from the
    end of the outermost block and keeps the later functions from being called; of a *robust* one it is
    logged. In `aatomic`, *fn* may be a coroutine function.
    """
    hook = _hook(fn, robust)
    block = _block(using)
    if block is not None and (block.host.is_async or not _flags(fn) & COROUTINE):
        block.hooks.append(hook)
        return
    if _flags(fn) & COROUTINE:
        raise AsyncRequiredError(
            f"on_commit() got {_name(fn)}, a coroutine function, outside of aatomic: use aon_commit"
        )
    run_sync(hooks.run_hooks([hook], is_async=False))


async def aon_commit(fn: Callable[[], Any], using: str | None = None, robust: bool = False) -> None:
    """Call *fn*, and await it if it is a coroutine function, once the transaction is committed.

    Outside of a transaction that is at once. For the rest see `on_commit`.
    """
    hook = _hook(fn, robust)
    block = _block(using, prefer_async=True)
    if block is None:
        await hooks.run_hooks([hook], is_async=True)
        return
    if not block.host.is_async and _flags(fn) & COROUTINE:
        raise AsyncRequiredError(
            f"{_name(fn)} is a coroutine function, and the open block is atomic: use aatomic"
        )
    block.hooks.append(hook)


def _hook(fn: Callable[[], Any], robust: bool) -> hooks.Hook:
    if not callable(fn):
        raise TypeError(f"what is called after a commit must be callable, not {fn!r}")
    return hooks.Hook(fn, bool(robust))


# -- the wish to roll back, and savepoints by hand -------------------------------------------------


def set_rollback(rollback: bool, using: str | None = None) -> None:
    """Have the innermost atomic block rolled back at its end, without an exception; False takes that back.

    Until then the block takes no more statements.
    """
    _atomic_block(using, "set_rollback()").set_rollback(bool(rollback))


def get_rollback(using: str | None = None) -> bool:
    """Tell whether the innermost atomic block will be rolled back, by wish or because it is broken."""
    return _atomic_block(using, "get_rollback()").get_rollback()


def savepoint(using: str | None = None) -> str:
    """Set a savepoint in the open transaction, with its next statement; return its name."""
    return _open_block(using, "savepoint()").set_point()


async def asavepoint(using: str | None = None) -> str:
    """Set a savepoint in the open transaction, with its next statement; return its name."""
    return _open_block(using, "asavepoint()", prefer_async=True).set_point()


def savepoint_commit(sid: str, using: str | None = None) -> None:
    """Release a savepoint of the innermost block: what was done since becomes part of the block."""
    _open_block(using, "savepoint_commit()").release_point(sid)


async def asavepoint_commit(sid: str, using: str | None = None) -> None:
    """Release a savepoint of the innermost block: what was done since becomes part of the block."""
    _open_block(using, "asavepoint_commit()", prefer_async=True).release_point(sid)


def savepoint_rollback(sid: str, using: str | None = None) -> None:
    """Undo what was done since a savepoint of the innermost block, before its next statement."""
    _open_block(using, "savepoint_rollback()").undo_point(sid)


async def asavepoint_rollback(sid: str, using: str | None = None) -> None:
    """Undo what was done since a savepoint of the innermost block, before its next statement."""
    _open_block(using, "asavepoint_rollback()", prefer_async=True).undo_point(sid)


def _block(using: str | None, *, prefer_async: bool = False) -> Block | None:
    alias = using or "default"
    # An alias that DATABASES does not have is an error, not a transaction that is not open.
    conf.database(alias)
    return open_block(alias, prefer_async=prefer_async)


def _open_block(using: str | None, what: str, *, prefer_async: bool = False) -> Block:
    block = _block(using, prefer_async=prefer_async)
    if block is None:
        raise TransactionManagementError(f"{what} needs an open transaction: use it in an atomic block")
    return block


def _atomic_block(using: str | None, what: str) -> Block:
    block = _open_block(using, what)
    if isinstance(block, ManualBlock):
        raise TransactionManagementError(
            f"{what} is for atomic blocks: here, call the connection's rollback()"
        )
    return block


def _flags(function: Callable[..., object]) -> int:
    code = getattr(function, "__code__", None)
    return code.co_flags if code is not None else 0


def _refuse(function: Callable[..., object], flags: int, advice: str) -> None:
    if _flags(function) & flags:
        raise TypeError(f"{_name(function)} is {advice}")


def _name(function: Callable[..., object]) -> str:
    return getattr(function, "__qualname__", repr(function))
