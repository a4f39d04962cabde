"""Starting: what `import dorm` adds to a process that would import the driver and its converters anyway.

Both sides are fresh interpreters, so their own start is in both figures.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator

from .library import Library
from .measure import Operation


def operations(library: Library) -> Iterator[Operation]:
    # Compiled modules are kept, as in any installation, wherever this process keeps its own.
    kept = {**os.environ, "PYTHONPYCACHEPREFIX": str(library.path.with_name("compiled"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(code: str) -> int:
        return subprocess.run([sys.executable, "-c", code], check=True, env=kept).returncode

    yield Operation(
        "import_dorm",
        lambda: run("import datetime, decimal, json, sqlite3"),
        lambda: run("import dorm"),
        calls=2,
        clock=childrens_seconds,
    )


def childrens_seconds() -> float:
    """Return the CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
