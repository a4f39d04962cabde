"""Compile generated functions, and keep their source where tracebacks can show it.

Stands on the standard library alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from weakref import finalize

_numbers = count(1)


def generate(source: str, names: Mapping[str, Any], label: str) -> Callable[..., Any]:
    """Return the one function that *source* defines as `generated`, with *names* as its globals."""
    import linecache  # loads tokenize: for programs that run a query

    filename = f"<dorm {label} {next(_numbers)}>"
    scope = dict(names)
    exec(compile(source, filename, "exec"), scope)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = scope["generated"]
    # The source goes when the function does: shapes come and go in a program that runs for long.
    finalize(function, linecache.cache.pop, filename, None).atexit = False
    return function
