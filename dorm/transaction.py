"""Transactions for users: `atomic` and `aatomic`, as blocks and as decorators.

Stands on the executors, which do the work; knows no database.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from threading import get_ident
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar, overload

from ._run import run_sync
from .db.block import Block
from .db.connection import async_executor, executor

P = ParamSpec("P")
T = TypeVar("T")

# inspect.CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR; importing inspect would cost more than all this.
GENERATOR: Final = 0x20
COROUTINE: Final = 0x80
ASYNC_GENERATOR: Final = 0x200


class Atomic:
    """A block whose database work is committed as a whole, or rolled back for every exception.

    Inside another block it is a savepoint. BEGIN is sent with the first statement: an empty block costs
    nothing.
    """

    __slots__ = ("_blocks", "durable", "savepoint", "using")

    def __init__(self, using: str | None, durable: bool, savepoint: bool) -> None:
        self.using = using or "default"
        self.durable = durable
        self.savepoint = savepoint
        self._blocks: list[tuple[int, Block]] = []

    def __enter__(self) -> None:
        block = executor(self.using).atomic(durable=self.durable, savepoint=self.savepoint)
        run_sync(block.__aenter__())
        self._blocks.append((get_ident(), block))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # One object may be entered by several threads at once; each leaves its own last block.
        entry = next(entry for entry in reversed(self._blocks) if entry[0] == get_ident())
        self._blocks.remove(entry)
        run_sync(entry[1].__aexit__(kind, error, traceback))

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return *function* in a block of its own at each call."""
        _refuse(function, COROUTINE | ASYNC_GENERATOR, "a coroutine function: use aatomic")
        _refuse(function, GENERATOR, "a generator function: use a with-block inside it")

        @wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            with Atomic(self.using, self.durable, self.savepoint):
                return function(*args, **kwargs)

        return inside


class AsyncAtomic:
    """The same for `async with` and coroutine functions. It belongs to the task that opened it."""

    __slots__ = ("_blocks", "durable", "savepoint", "using")

    def __init__(self, using: str | None, durable: bool, savepoint: bool) -> None:
        self.using = using or "default"
        self.durable = durable
        self.savepoint = savepoint
        self._blocks: list[Block] = []

    async def __aenter__(self) -> None:
        block = async_executor(self.using).atomic(durable=self.durable, savepoint=self.savepoint)
        await block.__aenter__()
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
            async with AsyncAtomic(self.using, self.durable, self.savepoint):
                return await function(*args, **kwargs)

        return inside


@overload
def atomic(using: Callable[P, T]) -> Callable[P, T]: ...
@overload
def atomic(using: str | None = None, *, durable: bool = False, savepoint: bool = True) -> Atomic: ...
def atomic(using: Any = None, *, durable: bool = False, savepoint: bool = True) -> Any:
    """Open a transaction: `with atomic():`, `@atomic` or `@atomic("alias")`.

    *durable* refuses to be nested; *savepoint* false makes a nested block part of the one around it.
    """
    return _block_or_function(Atomic, using, durable, savepoint)


@overload
def aatomic(using: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]: ...
@overload
def aatomic(using: str | None = None, *, durable: bool = False, savepoint: bool = True) -> AsyncAtomic: ...
def aatomic(using: Any = None, *, durable: bool = False, savepoint: bool = True) -> Any:
    """Open a transaction in a coroutine: `async with aatomic():`, `@aatomic` or `@aatomic("alias")`."""
    return _block_or_function(AsyncAtomic, using, durable, savepoint)


def _block_or_function(
    kind: type[Atomic] | type[AsyncAtomic], using: Any, durable: bool, savepoint: bool
) -> Any:
    if callable(using):
        function: Any = using
        return kind(None, durable, savepoint)(function)
    if using is not None and not isinstance(using, str):
        raise TypeError(f"a transaction is opened on the alias of a database, not on {using!r}")
    return kind(using, durable, savepoint)


def _flags(function: Callable[..., object]) -> int:
    code = getattr(function, "__code__", None)
    return code.co_flags if code is not None else 0


def _refuse(function: Callable[..., object], flags: int, advice: str) -> None:
    if _flags(function) & flags:
        raise TypeError(f"{_name(function)} is {advice}")


def _name(function: Callable[..., object]) -> str:
    return getattr(function, "__qualname__", repr(function))
