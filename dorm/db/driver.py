"""What the executor needs of a database: the floor of all input and output.

Protocols, and the records that they pass. A synchronous driver's methods are coroutines that never wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias

from .._record import Record

Row: TypeAlias = tuple[Any, ...]
Job: TypeAlias = Literal["fetch", "result", "execute", "many", "script", "stream"]


class TransactionLost(Exception):
    """The connection was expected to be in a transaction and is not; the statement was not sent."""


class Result(Record):
    """All that one statement gave. *description* is PEP 249's, and None where the statement gives no rows.

    *count* is the number of rows that it gave or changed, -1 where that means nothing.
    """

    description: list[tuple[Any, ...]] | None
    rows: list[Row]
    count: int
    last_id: int | None = None


class Demands(Record):
    """What an atomic block asks of its transaction, beyond being one; *isolation* in upper case."""

    isolation: str | None = None
    read_only: bool = False
    deferrable: bool = False


class Opening(Record):
    """The statements that begin a transaction, and those that come right before its COMMIT or ROLLBACK."""

    statements: tuple[str, ...]
    closing: tuple[str, ...] = ()


class RowSource(Protocol):
    """An open result on its connection."""

    async def fetch(self) -> list[Row]:
        """Return the next chunk, `[]` at the end."""
        ...

    async def close(self) -> None:
        """Give the result up; harmless when it is closed."""
        ...


class Driver(Protocol):
    """One connection. When a method returns or raises, cancelled or not, nothing of it still runs."""

    @property
    def in_transaction(self) -> bool:
        """Tell whether the database itself has a transaction open on this connection."""
        ...

    @property
    def is_failed(self) -> bool:
        """Tell whether that transaction takes no more statements, because one of them failed."""
        ...

    async def fetch(self, sql: str, params: Sequence[Any]) -> list[Row]:
        """Run one statement and return all its rows."""
        ...

    async def result(self, sql: str, params: Sequence[Any]) -> Result:
        """Run one statement and return all that it gave."""
        ...

    async def execute(self, sql: str, params: Sequence[Any]) -> int:
        """Run one statement and return the number of rows that it changed."""
        ...

    async def many(self, sql: str, params: Sequence[Any]) -> int:
        """Run one statement once for each of *params*; return the number of rows changed in all."""
        ...

    async def script(self, sql: str, params: Sequence[Any]) -> None:
        """Run several statements, which take no parameters."""
        ...

    async def stream(self, sql: str, params: Sequence[Any], size: int) -> RowSource:
        """Start one statement; its rows come *size* at a time."""
        ...

    async def inside(
        self, before: Sequence[str], job: Job, sql: str, params: Sequence[Any], size: int
    ) -> Any:
        """Run *before* and then one job in the open transaction, in one journey.

        Raises TransactionLost, and does not run the job, when no transaction is open by then.
        """
        ...

    async def control(self, statements: Sequence[str]) -> None:
        """Run statements that end or mark a transaction."""
        ...

    async def commit(self, before: Sequence[str]) -> None:
        """Run *before* and COMMIT; a cancellation that is already due comes first."""
        ...

    def post(self, statements: Sequence[str]) -> None:
        """Have statements run next without waiting: for a coroutine that is being closed."""
        ...


class Turn(Protocol):
    """A lock between tasks."""

    async def acquire(self) -> object:
        """Wait until it is free; a cancellation ends the wait."""
        ...

    async def acquire_firmly(self) -> BaseException | None:
        """Wait until it is free, come what may; return the cancellation that came meanwhile."""
        ...

    def release(self) -> None:
        """Free it."""
        ...


class Source(Protocol):
    """Where one executor has its connections from."""

    errors: tuple[type[Exception], ...]

    def translate(self, error: Exception) -> Exception:
        """Return our error for one of the driver's `errors`."""
        ...

    async def shared(self) -> Driver:
        """Return the connection of single statements."""
        ...

    async def lease(self) -> Driver:
        """Return a connection for one transaction, in which no one else runs anything."""
        ...

    def give_back(self, driver: Driver, usable: bool) -> None:
        """Take a leased connection back; one that is not *usable* is closed."""
        ...

    def opening(self, demands: Demands | None) -> Opening:
        """Return what begins a transaction that meets *demands*; NotSupportedError where it cannot be had."""
        ...

    def stats(self) -> dict[str, Any]:
        """Return the figures of its connections: always "open", and those of a pool where there is one."""
        ...

    def turn(self) -> Turn | None:
        """Return a new lock between tasks, or None where only one task can come."""
        ...

    def close(self) -> None:
        """Close every connection, without waiting for anyone."""
        ...

    async def aclose(self) -> None:
        """Close every connection and wait until they are closed."""
        ...

    def abandon(self) -> list[object]:
        """Forget every connection without closing it; return what must stay alive for that."""
        ...


class Place(Protocol):
    """Where an executor finds the block that the running code is in; a ContextVar is one."""

    def get(self) -> Any:
        """Return the innermost block, or None."""
        ...

    def set(self, block: Any, /) -> object:
        """Remember the innermost block."""
        ...


class Backend(Protocol):
    """One database as DATABASES describes it."""

    vendor: str
    dialect: Any

    def source(self) -> Source:
        """Return connections for the calling thread."""
        ...

    def async_source(self) -> Source:
        """Return connections for the running event loop."""
        ...

    def stats(self) -> dict[str, Any]:
        """Return the figures of a source that was never used, for whoever asks outside of its loop."""
        ...

    def disconnect(self) -> None:
        """Close the connections that threads share."""
        ...

    def close(self) -> None:
        """Let go of what keeps the database itself alive."""
        ...

    def abandon(self) -> list[object]:
        """Forget the connections that threads share without closing them, as `Source.abandon()` does."""
        ...
