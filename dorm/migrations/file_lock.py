"""One process at a time for what is no transaction on SQLite, whose own lock ends with each statement.

Stands on the operating system's locks of files, which end with the process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from errno import EACCES, EAGAIN, EDEADLK
from typing import Final

from ..db.executor import Executor
from .lock import pause


class FileLock:
    """A with-block for what is no transaction on SQLite: one process at a time, for each file.

    The lock is the operating system's, on a file beside the database, and is gone when the process is.
    """

    def __init__(self, db: Executor, on_wait: Callable[[], object]) -> None:
        self._db = db
        self._on_wait = on_wait
        self._path = ""
        self._descriptor: int | None = None

    async def __aenter__(self) -> None:
        """Wait for the lock, however long it takes; nobody else has a database in memory."""
        file = await _file_of(self._db)
        if not file:
            return
        self._path = f"{file}-migrate"
        self._descriptor = self._take()
        if self._descriptor is None:
            self._on_wait()
        while self._descriptor is None:
            await pause(self._db)
            self._descriptor = self._take()

    def _take(self) -> int | None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        # Whoever had it before may have removed the file that this one has opened.
        if lock_file(descriptor) and _is_at(descriptor, self._path):
            return descriptor
        os.close(descriptor)
        return None

    async def __aexit__(self, *failure: object) -> None:
        """Let the others have it, and leave no file."""
        if self._descriptor is not None:
            # Windows removes no file that is open.
            with suppress(OSError):
                os.unlink(self._path)
            os.close(self._descriptor)


async def _file_of(db: Executor) -> str:
    if db.vendor != "sqlite":
        return ""
    files = {name: file for _, name, file in await db.fetch("PRAGMA database_list")}
    return str(files.get("main") or "")


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _lock_file() -> Callable[[int], bool]:
    """Return what locks an open file, and tells whether it could: platforms differ."""
    if sys.platform == "win32":
        import msvcrt

        return lambda descriptor: _could(lambda: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1))
    import fcntl

    return lambda descriptor: _could(lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB))


def _could(lock: Callable[[], object]) -> bool:
    try:
        lock()
    except OSError as error:
        if error.errno not in (EACCES, EAGAIN, EDEADLK):
            raise
        return False
    return True


lock_file: Final = _lock_file()
