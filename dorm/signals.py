"""Signals: code that is told when rows are saved or deleted, when statements run and when apps are migrated.

Stands on the errors alone; who sends a signal, and when, is the sender's business.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Final, TypeVar
from weakref import WeakMethod, ref

from .exceptions import AsyncRequiredError

C = TypeVar("C", bound=Callable[..., Any])

# inspect.CO_COROUTINE; importing inspect for it would triple the cost of `import dorm`.
COROUTINE: Final = 0x80


class _Entry:
    """One connection of a receiver: how it is found again, whom it hears, and how it is reached."""

    __slots__ = ("key", "reach", "sender", "waits")

    def __init__(self, key: Hashable, receiver: Callable[..., Any], sender: object, weak: bool) -> None:
        self.key = key
        self.reach = _weakly(receiver) if weak else (lambda: receiver)
        self.sender = _held(sender)
        self.waits = _is_coroutine_function(receiver)

    def hears(self, sender: object) -> bool:
        """Tell whether a signal of *sender* is for this receiver."""
        wanted = self.sender()
        return wanted is _ANYONE or _same(wanted, sender)

    def is_dead(self) -> bool:
        """Tell whether the receiver, or the only sender that it hears, is gone."""
        return self.reach() is None or self.sender() is None


class _Anyone:
    """Stands for "every sender"."""


_ANYONE: Final = _Anyone()


class Signal:
    """A list of receivers. `active` is a plain attribute: false when nobody listens."""

    __slots__ = ("__weakref__", "_entries", "_lock", "active", "name")

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.active = False
        # Replaced, never changed: a send in another thread goes on over the tuple that it took.
        self._entries: tuple[_Entry, ...] = ()
        # Reentrant: a collection inside may end a receiver whose finalizer disconnects another.
        self._lock = RLock()

    def __repr__(self) -> str:
        count = len(self._entries)
        return f"<Signal {self.name or 'unnamed'}: {count} receiver{'' if count == 1 else 's'}>"

    def connect(
        self, receiver: C, sender: object = None, weak: bool = True, dispatch_uid: Hashable = None
    ) -> C:
        """Call *receiver* for signals of *sender* (None: of every sender); return it, so it decorates.

        A weak receiver goes with its last other reference; connect a lambda with `weak=False`.
        Connecting again, with the same receiver or the same *dispatch_uid*, replaces.
        """
        if not callable(receiver):
            raise TypeError(f"a receiver must be callable, not {type(receiver).__name__} ({receiver!r})")
        entry = _Entry(_key(receiver, dispatch_uid), receiver, sender, weak)
        with self._lock:
            others = [
                old
                for old in self._entries
                if not (old.is_dead() or (old.key == entry.key and _same(old.sender(), entry.sender())))
            ]
            self._replace((*others, entry))
        return receiver

    def connect_for(
        self, sender: object, *, weak: bool = True, dispatch_uid: Hashable = None
    ) -> Callable[[C], C]:
        """Return a decorator that connects a receiver to the signals of *sender* alone."""

        def connected(receiver: C) -> C:
            return self.connect(receiver, sender, weak, dispatch_uid)

        return connected

    def disconnect(
        self, receiver: Callable[..., Any] | None = None, sender: object = None, dispatch_uid: Hashable = None
    ) -> bool:
        """Forget a receiver, named as it was connected; return whether there was one."""
        if receiver is None and dispatch_uid is None:
            raise TypeError("disconnect() needs the receiver or its dispatch_uid")
        key, wanted = _key(receiver, dispatch_uid), _ANYONE if sender is None else sender
        with self._lock:
            living = [entry for entry in self._entries if not entry.is_dead()]
            kept = [entry for entry in living if not (entry.key == key and _same(entry.sender(), wanted))]
            self._replace(tuple(kept))
        return len(kept) < len(living)

    def has_listeners(self, sender: object = None) -> bool:
        """Tell whether a signal of *sender* would reach anyone."""
        return self.active and any(True for _ in self._receivers(sender))

    def send(self, sender: object, **named: Any) -> list[tuple[Callable[..., Any], Any]]:
        """Call every receiver; return (receiver, answer) pairs. An exception ends it and propagates.

        Raises AsyncRequiredError, before any receiver runs, when one is a coroutine function.
        """
        if not self.active:
            return []
        receivers = self._receivers(sender)
        self._refuse_coroutines(receivers)
        return [(receiver, self._answer(receiver, sender, named)) for receiver, _ in receivers]

    async def asend(self, sender: object, **named: Any) -> list[tuple[Callable[..., Any], Any]]:
        """Do the same and await what coroutine functions return, one receiver after the other."""
        if not self.active:
            return []
        answers: list[tuple[Callable[..., Any], Any]] = []
        for receiver, _ in self._receivers(sender):
            answer = receiver(sender=sender, **named)
            answers.append((receiver, await answer if hasattr(answer, "__await__") else answer))
        return answers

    def send_robust(self, sender: object, **named: Any) -> list[tuple[Callable[..., Any], Any]]:
        """Call every receiver, whatever the others raise; an exception stands as its answer."""
        if not self.active:
            return []
        answers: list[tuple[Callable[..., Any], Any]] = []
        for receiver, waits in self._receivers(sender):
            try:
                self._refuse_coroutines([(receiver, waits)])
                answers.append((receiver, self._answer(receiver, sender, named)))
            # Anything may be raised by code that is not ours: collecting it is what was asked for.
            except Exception as error:
                answers.append((receiver, error))
        return answers

    def _receivers(self, sender: object) -> list[tuple[Callable[..., Any], bool]]:
        entries = self._entries
        reached = [(entry.reach(), entry) for entry in entries if entry.hears(sender)]
        if any(entry.is_dead() for entry in entries):
            self._prune()
        return [(receiver, entry.waits) for receiver, entry in reached if receiver is not None]

    def _prune(self) -> None:
        with self._lock:
            self._replace(tuple(entry for entry in self._entries if not entry.is_dead()))

    def _replace(self, entries: tuple[_Entry, ...]) -> None:
        self._entries = entries
        self.active = bool(entries)

    def _refuse_coroutines(self, receivers: list[tuple[Callable[..., Any], bool]]) -> None:
        for receiver, waits in receivers:
            if waits:
                raise AsyncRequiredError(self._refusal(receiver))

    def _answer(self, receiver: Callable[..., Any], sender: object, named: dict[str, Any]) -> Any:
        answer = receiver(sender=sender, **named)
        # A wrapped coroutine function does not show before it is called.
        if hasattr(answer, "__await__"):
            close: Callable[[], object] | None = getattr(answer, "close", None)
            if close is not None:
                close()
            raise AsyncRequiredError(self._refusal(receiver))
        return answer

    def _refusal(self, receiver: Callable[..., Any]) -> str:
        name = getattr(receiver, "__qualname__", type(receiver).__qualname__)
        return (
            f"receiver {name!r} of {self.name or 'this signal'} is a coroutine function, which a synchronous "
            "call cannot run: use the a-prefixed twin (asave() for save()) or a plain function"
        )


# What dorm sends to begin, mark and end transactions; the pragma is SQLite's, of blocks that only read.
_CONTROLS: Final = ("BEGIN", "SAVEPOINT ", "RELEASE ", "ROLLBACK", "COMMIT", "PRAGMA query_only")


def is_transaction_control(sql: str) -> bool:
    """Tell whether a statement that a query signal told of begins, marks or ends a transaction."""
    return sql.startswith(_CONTROLS)


def _key(receiver: Callable[..., Any] | None, dispatch_uid: Hashable) -> Hashable:
    """Return what a receiver is known by: a bound method is a new object at each access."""
    if dispatch_uid is not None:
        return ("uid", dispatch_uid)
    owner = getattr(receiver, "__self__", None)
    function = getattr(receiver, "__func__", None)
    if owner is not None and function is not None:
        return (id(owner), id(function))
    return id(receiver)


def _weakly(receiver: Callable[..., Any]) -> Callable[[], Callable[..., Any] | None]:
    if hasattr(receiver, "__self__") and hasattr(receiver, "__func__"):
        return WeakMethod(receiver)
    try:
        return ref(receiver)
    # A builtin or a slotted callable takes no weak reference, and mostly lives for ever.
    except TypeError:
        return lambda: receiver


def _held(sender: object) -> Callable[[], object]:
    """Return a way to *sender* that does not keep it alive where that can be had."""
    if sender is None:
        return lambda: _ANYONE
    try:
        return ref(sender)
    except TypeError:
        return lambda: sender


def _same(one: object, other: object) -> bool:
    """Compare senders by identity, and by value where they are names (a database vendor)."""
    return one is other or (isinstance(one, str) and isinstance(other, str) and one == other)


def _is_coroutine_function(receiver: Any) -> bool:
    while hasattr(receiver, "func") and not hasattr(receiver, "__code__"):
        receiver = receiver.func
    call = getattr(receiver, "__func__", receiver)
    # A callable object: what it runs stands on its class.
    code = getattr(call, "__code__", None) or getattr(type(receiver).__call__, "__code__", None)
    return code is not None and bool(code.co_flags & COROUTINE)


pre_save: Final = Signal("pre_save")
post_save: Final = Signal("post_save")
pre_delete: Final = Signal("pre_delete")
post_delete: Final = Signal("post_delete")
pre_query: Final = Signal("pre_query")
post_query: Final = Signal("post_query")
m2m_changed: Final = Signal("m2m_changed")
class_prepared: Final = Signal("class_prepared")
pre_migrate: Final = Signal("pre_migrate")
post_migrate: Final = Signal("post_migrate")
