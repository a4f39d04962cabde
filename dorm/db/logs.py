"""Loggers of the execution wing, and the threshold of a slow statement.

Stands on the standard library; `logging` is loaded with the first connection.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from logging import Logger

DEBUG: Final = 10
SLOW_MS: Final = 500.0

# `os.environ[...]` encodes and decodes at each look (0.6 us); its mapping of raw values is read as it
# stands (0.05 us), so that a change takes effect with the next statement.
_RAW: Final[Any] = getattr(os.environ, "_data", os.environ)
_KEY: Final[Any] = (
    os.environ.encodekey("DORM_SLOW_QUERY_MS") if _RAW is not os.environ else "DORM_SLOW_QUERY_MS"
)


class Threshold:
    """The time from which a statement is slow: DORM_SLOW_QUERY_MS, 500 when unset or no number."""

    __slots__ = ("_raw", "seconds")

    def __init__(self) -> None:
        self._raw: Any = None
        self.seconds = SLOW_MS / 1000

    def is_reached(self, elapsed: float) -> bool:
        """Tell whether a statement of *elapsed* seconds is slow, as the environment has it now."""
        raw = _RAW.get(_KEY)
        if raw is not self._raw:
            self._read(raw)
        return elapsed >= self.seconds

    def _read(self, raw: Any) -> None:
        self._raw = raw
        try:
            self.seconds = (SLOW_MS if raw is None else float(raw)) / 1000
        except ValueError:
            self.seconds = SLOW_MS / 1000
            database_logger().warning("DORM_SLOW_QUERY_MS is not a number: %r; taking %d", raw, SLOW_MS)


slow: Final = Threshold()


def statement_logger(vendor: str) -> Logger:
    """Return the logger of statements: DEBUG for each, WARNING for slow ones."""
    return _logger(f"dorm.db.backends.{vendor}")


def lifecycle_logger(vendor: str) -> Logger:
    """Return the logger of connections: INFO when one opens or closes."""
    return _logger(f"dorm.db.lifecycle.{vendor}")


def database_logger() -> Logger:
    """Return the logger of what is wrong with the surroundings, such as a number that is none."""
    return _logger("dorm.db")


def hook_logger() -> Logger:
    """Return the logger of on_commit() hooks: ERROR for a robust one that failed."""
    return _logger("dorm.db.hooks")


def _logger(name: str) -> Logger:
    # Imported here: a program that never connects does not pay for logging.
    import logging

    root = logging.getLogger("dorm")
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    return logging.getLogger(name)
