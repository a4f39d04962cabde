"""execute_wrapper(): functions of the user's that stand around every statement.

Stands on the ground; an executor knows which of them are open, and asks here for those of the running code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, Protocol

from ..exceptions import AsyncRequiredError

# execute(sql, params, many, context): sends the statement; in async code, it is awaited.
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
Around = Callable[[Execute, str, Any, bool, dict[str, Any]], Any]


class Host(Protocol):
    """What a with-block needs of the executor of the running code."""

    arounds: list[ExecuteWrapper]

    def forget(self) -> None:
        """Look for a connection anew at the next statement."""
        ...


class ExecuteWrapper:
    """A with-block in which *function* stands around the statements of the running code, in one database."""

    __slots__ = ("_connection", "_host", "_opened", "function")

    def __init__(self, host: Callable[[], Host], function: Around, connection: object) -> None:
        if not callable(function):
            raise TypeError(f"execute_wrapper() takes a function, not {function!r}")
        self._host = host
        self._connection = connection
        self._opened: Host | None = None
        self.function = function

    def __enter__(self) -> None:
        if self._opened is not None:
            raise RuntimeError("one execute_wrapper() is entered once: make a new one")
        host = self._opened = self._host()
        host.arounds.append(self)
        # From here on statements take the way that looks for wrappers.
        host.forget()
        _here.set((*_here.get(), self))

    def __exit__(self, *exception: object) -> None:
        assert self._opened is not None
        self._opened.arounds.remove(self)
        # Left as it is found: the block may end in another context than it began in.
        _here.set(tuple(each for each in _here.get() if each is not self))

    @property
    def context(self) -> dict[str, Any]:
        """What the function is told beside the statement."""
        return {"connection": self._connection}


_here: Final[ContextVar[tuple[ExecuteWrapper, ...]]] = ContextVar("dorm execute wrappers", default=())


def of_running_code(opened: Sequence[ExecuteWrapper]) -> list[ExecuteWrapper]:
    """Return those of *opened* that the running code is in, the outermost first."""
    # A task that outlives a block still has it in its context.
    return [each for each in _here.get() if each in opened]


def call_through(
    wrappers: Sequence[ExecuteWrapper], execute: Execute, sql: str, params: Any, many: bool
) -> Any:
    """Call *execute* through the functions of *wrappers*, and return what the outermost returns."""
    for each in reversed(wrappers):
        execute = partial(each.function, execute)
    return execute(sql, params, many, wrappers[0].context)


def answer_of(answer: Any) -> Any:
    """Return what functions around a synchronous statement gave."""
    if hasattr(answer, "__await__"):
        if hasattr(answer, "close"):
            answer.close()
        raise AsyncRequiredError(
            "the function given to execute_wrapper() is a coroutine function, which a synchronous call "
            "cannot run: give it to get_async_connection().execute_wrapper(), or write a plain function"
        )
    return answer


async def awaited(answer: Awaitable[Any]) -> Any:
    """Return what functions around an asynchronous statement gave."""
    if not hasattr(answer, "__await__"):
        raise TypeError(
            "the function given to execute_wrapper() of an asynchronous connection must be a coroutine "
            f"function that awaits execute(...); it gave {answer!r}"
        )
    return await answer
