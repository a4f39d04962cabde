"""Is a database there? An answer for probes, in two colours, that is never an exception.

Stands on the executors.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from .._run import run_sync
from .connection import async_executor, executor


def health_check(alias: str = "default") -> dict[str, Any]:
    """Ask the database for `SELECT 1`; return "status" ("ok" or "error"), "alias" and "elapsed_ms".

    With "error", what was raised stands there as text; nothing is raised, not even for an unknown alias.
    """
    started = perf_counter()
    try:
        run_sync(executor(alias).fetch("SELECT 1"))
    # Whoever asks wants an answer, whatever is wrong.
    except Exception as error:
        return _answer(alias, started, error)
    return _answer(alias, started, None)


async def ahealth_check(alias: str = "default") -> dict[str, Any]:
    """Ask the database for `SELECT 1`; return "status" ("ok" or "error"), "alias" and "elapsed_ms".

    With "error", what was raised stands there as text; nothing is raised, not even for an unknown alias.
    """
    started = perf_counter()
    try:
        await async_executor(alias).fetch("SELECT 1")
    # Whoever asks wants an answer, whatever is wrong.
    except Exception as error:
        return _answer(alias, started, error)
    return _answer(alias, started, None)


def _answer(alias: str, started: float, error: Exception | None) -> dict[str, Any]:
    elapsed_ms = (perf_counter() - started) * 1000
    if error is None:
        return {"status": "ok", "alias": alias, "elapsed_ms": elapsed_ms}
    text = f"{type(error).__name__}: {error}"
    return {"status": "error", "alias": alias, "elapsed_ms": elapsed_ms, "error": text}
