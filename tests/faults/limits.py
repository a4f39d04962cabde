"""What the fault tests share: work that must end in time, and writers that count what they were told.

Rests on the executors alone; a test that hangs fails by itself, and says where it stands.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from dorm import exceptions as ours
from dorm._run import run_sync
from dorm.db.connection import async_executor, close_all_async, executor
from dorm.db.transient import UnknownOutcome

Test = TypeVar("Test", bound=Callable[..., None])

INSERT = "INSERT INTO t (name) VALUES (%s)"


def in_time(seconds: float, work: Callable[[], Any]) -> Any:
    """Return what *work* gives, run in a thread; AssertionError if it has not ended after *seconds*."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        frame = sys._current_frames().get(thread.ident or 0)
        raise AssertionError(f"not over after {seconds} s:\n{''.join(traceback.format_stack(frame))}")
    return results[0]


def ends_in(seconds: float) -> Callable[[Test], Test]:
    """Return a decorator for a test that must not take longer than *seconds*."""

    def limited(test: Test) -> Test:
        @wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            in_time(seconds, lambda: test(*args, **kwargs))

        return cast(Test, run)

    return limited


class Writers:
    """Threads, or tasks of one loop, that each write rows of their own until they are told to stop."""

    def __init__(self, face: str, many: int) -> None:
        self.face = face
        self.many = many
        self.written: list[str] = []
        # With an unknown outcome, and with an error that says that nothing was done.
        self.unknown: list[str] = []
        self.failed: list[str] = []
        self.others: list[BaseException] = []
        self._over = threading.Event()
        self._acknowledged = [threading.Semaphore(0) for _ in range(many)]

    def wait(self, writer: int, count: int, seconds: float = 20) -> None:
        """Return once *writer* was told of *count* more writes."""
        for _ in range(count):
            assert self._acknowledged[writer].acquire(timeout=seconds), f"writer {writer} stands still"

    def forget(self) -> None:
        """Have wait() count from now on."""
        for acknowledged in self._acknowledged:
            while acknowledged.acquire(blocking=False):
                pass

    def run_beside(self, seconds: float, disturb: Callable[[], Any]) -> None:
        """Let them write while *disturb* runs, which has half of *seconds*, and then stop."""
        run = threading.Thread(target=self._run, daemon=True)
        run.start()
        try:
            in_time(seconds / 2, disturb)
        finally:
            self._over.set()
            run.join(seconds / 2)
        assert not run.is_alive(), "the writers did not stop"

    def check(self, names: list[str]) -> None:
        """Assert that of *names*, those that are there, none is lost, doubled or unheard of."""
        assert self.others == []
        assert len(names) == len(set(names))
        assert set(self.written) <= set(names) <= {*self.written, *self.unknown}

    def _run(self) -> None:
        if self.face == "async":
            asyncio.run(self._run_tasks())
            return
        threads = [
            threading.Thread(target=lambda w=writer: run_sync(self._work(w, executor)), daemon=True)
            for writer in range(self.many)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    async def _run_tasks(self) -> None:
        await asyncio.gather(*(self._work(writer, async_executor) for writer in range(self.many)))
        await close_all_async()

    async def _work(self, writer: int, face: Callable[[], Any]) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            name = f"{writer}-{number}"
            try:
                if number % 2:
                    await face().execute(INSERT, (name,))
                else:
                    async with face().atomic():
                        await face().execute(INSERT, (name,))
                        await face().fetch("SELECT 1")
            except UnknownOutcome:
                self.unknown.append(name)
            except (ours.OperationalError, ours.InterfaceError):
                self.failed.append(name)
            except BaseException as error:
                self.others.append(error)
                return
            else:
                self.written.append(name)
                self._acknowledged[writer].release()
