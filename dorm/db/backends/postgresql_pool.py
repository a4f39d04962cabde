"""The connections of one pool: which are free, who holds the others, and who waits in line for one.

Stands on what a connection is; the pool of threads is here, that of an event loop beside its driver. The
last connection that came back is the first to go out again, so that few are kept busy and the rest grow old.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, RLock, get_ident
from threading import enumerate as all_threads
from time import monotonic, sleep
from typing import Any, Final, Literal, Protocol, TypeAlias

from ...exceptions import OperationalError
from ..logs import lifecycle_logger
from ..transient import PoolTimeout, attempts, pause
from .postgresql_connection import (
    IDLE,
    UNKNOWN,
    VENDOR,
    Target,
    has_news,
    psycopg,
    register_loaders,
    session_statement,
)
from .postgresql_errors import may_connect_again, translate

# A connection that lay idle for longer is asked whether it is still there; a shorter time is looked at only.
IDLE_UNASKED: Final = 1.0

# Leave to open a new connection, in the place of one that is free.
OPEN: Final = "open"
Answer: TypeAlias = "Link | Literal['open']"


class Link:
    """One connection with the cursor that it keeps, and the times that decide on its future."""

    __slots__ = ("__weakref__", "born", "connection", "cursor", "names", "pgconn", "used")

    # Of either colour, and None once they are another process's.
    connection: Any
    cursor: Any
    pgconn: Any

    def __init__(self, connection: Any) -> None:
        register_loaders(connection)
        self.connection = connection
        # A cursor is kept: making one costs as much as a small statement.
        self.cursor = connection.cursor()
        self.pgconn = connection.pgconn
        self.names = 0
        self.born = self.used = monotonic()

    @property
    def status(self) -> Any:
        """What the driver knows of its transaction; UNKNOWN once it is closed."""
        return self.pgconn.transaction_status if self.pgconn is not None else UNKNOWN

    def renew_cursor(self) -> None:
        """Let go of a large result."""
        self.cursor = self.connection.cursor()

    def next_name(self) -> str:
        """Return a name for a cursor of the server."""
        self.names += 1
        return f"dorm_{self.names}"

    def must_be_asked(self) -> bool:
        """Tell whether there is a doubt that the server still knows it."""
        return monotonic() - self.used > IDLE_UNASKED or has_news(self.connection)

    def close(self) -> None:
        """Close it, without waiting; the server rolls back what is open."""
        if self.pgconn is not None:
            unwatch = getattr(self.connection, "unwatch", None)
            if unwatch is not None:
                unwatch()
            # What AsyncConnection.close() does as well, but that is a coroutine.
            self.connection._closed = True
            self.pgconn.finish()

    def detach(self) -> object:
        """Return its connection, and be closed from now on: it is another process's."""
        connection, self.connection, self.pgconn, self.cursor = self.connection, None, None, None
        return connection


class Waiter(Protocol):
    """Whoever waits in line."""

    def answer(self, answer: Answer) -> bool:
        """Take *answer*; False when it does not wait any more."""
        ...

    def fail(self, error: Exception) -> None:
        """End the wait with *error*."""
        ...


class Shelf:
    """Where connections lie; decides, and waits for nothing. Each method is one step for its caller."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.free: list[Link] = []
        # Since when, who has it, and what for.
        self.held: dict[Link, tuple[float, Any, str]] = {}
        self.opening = 0
        self.line: deque[Waiter] = deque()

    @property
    def size(self) -> int:
        return len(self.free) + len(self.held) + self.opening

    def take(self, who: Any, use: str) -> Answer | None:
        """Return a connection, or OPEN with a place kept for one, or None if the caller must wait in line."""
        now = monotonic()
        while self.free:
            link = self.free.pop()
            if now - link.born < self.target.max_lifetime:
                self.held[link] = (now, who, use)
                return link
            link.close()
        if self.size < self.target.max_size:
            self.opening += 1
            return OPEN
        return None

    def opened(self, link: Link, who: Any, use: str) -> None:
        """Fill a place that was kept."""
        self.opening -= 1
        self.held[link] = (monotonic(), who, use)

    def not_opened(self) -> None:
        """Give a place up that was kept."""
        self.opening -= 1
        self._pass_place_on()

    def give(self, link: Link) -> None:
        """Take *link* back, or close it if it is closed, old, or still at work."""
        now = monotonic()
        hold = self.held.pop(link, None)
        # The pool was closed meanwhile.
        if hold is None:
            link.close()
            return
        if link.status != IDLE or now - link.born >= self.target.max_lifetime:
            link.close()
            self._pass_place_on()
            return
        link.used = now
        while self.line:
            self.held[link] = (now, self.line[0], hold[2])
            if self.line.popleft().answer(link):
                return
            del self.held[link]
        self.free.append(link)
        if now - self.free[0].used > self.target.max_idle:
            self._trim(now)

    def mark(self, link: Link, who: Any, use: str) -> None:
        """Write down who has a connection that was handed on."""
        if link in self.held:
            self.held[link] = (monotonic(), who, use)

    def reopen(self, link: Link) -> None:
        """Close a connection that is broken, and keep its place for a new one."""
        if self.held.pop(link, None) is not None:
            self.opening += 1
        link.close()

    def leave_line(self, waiter: Waiter) -> None:
        """Forget someone who does not wait any more."""
        if waiter in self.line:
            self.line.remove(waiter)

    def _pass_place_on(self) -> None:
        while self.line:
            self.opening += 1
            if self.line.popleft().answer(OPEN):
                return
            self.opening -= 1

    def _trim(self, now: float) -> None:
        """Close what was not needed for long, the longest idle first."""
        while (
            self.size > self.target.min_size and self.free and now - self.free[0].used > self.target.max_idle
        ):
            self.free.pop(0).close()

    def empty(self) -> list[Waiter]:
        """Close everything; return who waited."""
        waiting = list(self.line)
        for link in (*self.free, *self.held):
            link.close()
        self._forget()
        return waiting

    def abandon(self) -> list[object]:
        """Forget everything without closing it; return what must stay alive for that."""
        links = [*self.free, *self.held]
        self._forget()
        return [link.detach() for link in links]

    def _forget(self) -> None:
        self.free.clear()
        self.held.clear()
        self.line.clear()

    def stats(self) -> dict[str, Any]:
        """Return the figures of the pool."""
        return {
            "open": self.size > 0,
            "min_size": self.target.min_size,
            "max_size": self.target.max_size,
            "pool_size": self.size,
            "pool_available": len(self.free),
            "requests_waiting": len(self.line),
        }

    def exhausted(self, name_of: Callable[[Any], str]) -> OperationalError:
        """Return the error for whoever waited in vain: it names those who have the connections."""
        now, target = monotonic(), self.target
        holders = sorted(self.held.values(), key=lambda hold: hold[0])
        told = [f"{name_of(who)} has one for {use}, since {now - since:.1f} s" for since, who, use in holders]
        more = f"; and {len(told) - 10} more" if len(told) > 10 else ""
        return PoolTimeout(
            f"the pool of {target.alias!r} ({target.label}) has no free connection: all {target.max_size} "
            f"(MAX_POOL_SIZE) are in use, and none came back within {target.timeout:g} s (POOL_TIMEOUT). "
            f"{'; '.join(told[:10]) or 'All are being opened'}{more}."
        )


# -- threads ---------------------------------------------------------------------------------------


class ThreadWaiter:
    """A thread in line."""

    __slots__ = ("_bell", "error", "got")

    def __init__(self) -> None:
        self.got: Answer | None = None
        self.error: Exception | None = None
        self._bell = Lock()
        self._bell.acquire()

    def answer(self, answer: Answer) -> bool:
        self.got = answer
        self._bell.release()
        return True

    def fail(self, error: Exception) -> None:
        self.error = error
        self._bell.release()

    def wait(self, seconds: float) -> bool:
        return self._bell.acquire(timeout=seconds)


class ThreadPool:
    """The connections of all threads."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._shelf = Shelf(target)
        # The garbage collector may give a connection back while its thread is in here.
        self._lock = RLock()
        self._is_open = False

    def take(self, use: str) -> Link:
        """Return a connection for this thread; OperationalError when none can be had within POOL_TIMEOUT."""
        who = get_ident()
        waiter = None
        with self._lock:
            shelf = self._shelf
            got = shelf.take(who, use)
            if got is None:
                waiter = ThreadWaiter()
                shelf.line.append(waiter)
        if waiter is not None:
            got = self._wait(shelf, waiter, who, use)
        if isinstance(got, Link):
            if not self.target.check or self._is_alive(got):
                return got
            with self._lock:
                shelf.reopen(got)
        return self._open(shelf, who, use)

    def give(self, link: Link) -> None:
        """Take a connection back; one in a transaction is closed."""
        with self._lock:
            self._shelf.give(link)

    def discard(self, link: Link) -> None:
        """Take a connection back, and close it."""
        link.close()
        self.give(link)

    def exchange(self, link: Link, use: str) -> Link:
        """Return a new connection for one that is broken."""
        with self._lock:
            shelf = self._shelf
            shelf.reopen(link)
        return self._open(shelf, get_ident(), use)

    def _wait(self, shelf: Shelf, waiter: ThreadWaiter, who: int, use: str) -> Answer:
        try:
            waiter.wait(self.target.timeout)
        except BaseException:
            with self._lock:
                _turn_down(shelf, waiter)
            raise
        with self._lock:
            if waiter.error is not None:
                raise waiter.error
            if waiter.got is None:
                shelf.leave_line(waiter)
                raise shelf.exhausted(_thread_name)
            if isinstance(waiter.got, Link):
                shelf.mark(waiter.got, who, use)
            return waiter.got

    def _is_alive(self, link: Link) -> bool:
        if not link.must_be_asked():
            return True
        try:
            link.connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def _open(self, shelf: Shelf, who: int, use: str) -> Link:
        """Open a connection in the place that is kept for it."""
        try:
            link = self._connect()
        except BaseException:
            with self._lock:
                shelf.not_opened()
            raise
        with self._lock:
            shelf.opened(link, who, use)
            if shelf is not self._shelf:
                link.close()
                raise closed_meanwhile(self.target)
            is_first, self._is_open = not self._is_open, True
        if is_first:
            tell(self.target, "opened")
            self._fill(shelf, link)
        return link

    def _fill(self, shelf: Shelf, first: Link) -> None:
        """Open what MIN_POOL_SIZE asks for beyond the first."""
        try:
            while self._keep_place_below_smallest(shelf):
                self.give(self._open(shelf, get_ident(), "later"))
        except BaseException:
            self.give(first)
            raise

    def _keep_place_below_smallest(self, shelf: Shelf) -> bool:
        with self._lock:
            if shelf.size >= self.target.min_size:
                return False
            shelf.opening += 1
            return True

    def _connect(self) -> Link:
        attempt = 1
        while True:
            try:
                link = Link(psycopg.Connection.connect(**self.target.arguments))
                statement = session_statement(link.connection)
                if statement is not None:
                    link.cursor.execute(statement)
                return link
            except psycopg.Error as error:
                if attempt >= attempts() or not may_connect_again(error):
                    raise not_connected(error, self.target) from error
            sleep(pause(attempt))
            attempt += 1

    def stats(self) -> dict[str, Any]:
        """Return the figures of the pool."""
        with self._lock:
            return self._shelf.stats()

    def close(self) -> None:
        """Close every connection, wherever it is; the next use opens new ones."""
        with self._lock:
            shelf, self._shelf = self._shelf, Shelf(self.target)
            waiting = shelf.empty()
            was_open, self._is_open = self._is_open, False
        for waiter in waiting:
            waiter.fail(closed_meanwhile(self.target))
        if was_open:
            tell(self.target, "closed")

    def abandon(self) -> list[object]:
        """Forget every connection, in the child of a fork; return what must stay alive."""
        # Another thread of the parent may have held it; that thread does not exist here.
        self._lock = RLock()
        self._is_open = False
        shelf, self._shelf = self._shelf, Shelf(self.target)
        return shelf.abandon()


def _turn_down(shelf: Shelf, waiter: ThreadWaiter) -> None:
    """Pass on what was given to someone who does not wait any more."""
    if isinstance(waiter.got, Link):
        shelf.give(waiter.got)
    elif waiter.got is not None:
        shelf.not_opened()
    else:
        shelf.leave_line(waiter)


def _thread_name(ident: Any) -> str:
    names = [thread.name for thread in all_threads() if thread.ident == ident]
    return f"thread {names[0]!r}" if names else f"thread {ident}, which has ended,"


# -- for both colours ------------------------------------------------------------------------------


def not_connected(error: psycopg.Error, target: Target) -> Exception:
    """Return the error for a connection that cannot be opened; the driver's text holds no password."""
    return OperationalError(f"cannot connect to {target.label} ({target.alias!r}): {translate(error)}")


def closed_meanwhile(target: Target) -> Exception:
    """Return the error for whoever waits for a pool that was closed."""
    return OperationalError(f"the pool of {target.alias!r} was closed while a statement waited for it")


def tell(target: Target, what: str) -> None:
    """Log that a pool was opened or closed."""
    lifecycle_logger(VENDOR).info("pool to %s %s", target.label, what, extra={"alias": target.alias})
