"""Run mypy, with dorm's plugin, over the written queries, and hold its verdict to what it should be.

mypy runs in a process of its own, as a user runs it; the project's pyproject.toml names the plugin.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Final

from dorm._record import Record
from dorm._text import listed

from ..terminal import Terminal

INSTALL: Final = "pip install 'djanorm[mypy]'"

# What broken.py is about: a field after a join, a lookup, a value, a key of a row. mypy itself says the last.
WRONG: Final = ("dorm-field", "dorm-lookup", "dorm-value")
WRONG_IN_ALL: Final = 4
ERROR: Final = re.compile(r"^[^:\n]+:(?P<line>\d+): error: .*\[(?P<code>[\w-]+)\]$", re.MULTILINE)


class Verdict(Record):
    """What mypy says of one file: its exit status (0 clean, 1 errors, 2 it could not work) and its words."""

    status: int
    text: str

    def codes(self) -> list[str]:
        """Return the codes of the errors, in order."""
        return [found["code"] for found in ERROR.finditer(self.text)]


def check_types(folder: Path, terminal: Terminal) -> bool:
    """Show what mypy says of the queries and of broken.py; tell whether it is what it should be.

    Without mypy there is nothing to show, and nothing wrong.
    """
    if find_spec("mypy") is None:
        terminal.note(f"mypy is not installed, so the queries are not type-checked: {INSTALL}")
        return True
    clean = _show(folder, "catalogue/queries.py", terminal)
    if clean.status != 0:
        terminal.warn("mypy should find nothing in queries.py")
        return False
    broken = _show(folder, "broken.py", terminal)
    if not is_as_broken_as_meant(broken):
        terminal.warn(f"mypy should find {WRONG_IN_ALL} errors in broken.py, among them {listed(WRONG)}")
        return False
    return True


def is_as_broken_as_meant(verdict: Verdict) -> bool:
    """Tell whether the four wrong queries were found, and nothing else."""
    codes = verdict.codes()
    return verdict.status == 1 and len(codes) == WRONG_IN_ALL and set(WRONG) <= set(codes)


def _show(folder: Path, name: str, terminal: Terminal) -> Verdict:
    return show_verdict("mypy", name, lambda: run_mypy(folder, name), terminal)


def show_verdict(checker: str, name: str, run: Callable[[], Verdict], terminal: Terminal) -> Verdict:
    """Show what *checker* says of the file *name*, and how long it took; *run* asks it."""
    started = perf_counter()
    verdict = run()
    terminal.say()
    terminal.say(f"$ python -m {checker} {name}", "title")
    style = "good" if verdict.status == 0 else "bad"
    for line in verdict.text.splitlines():
        terminal.say(line, style)
    terminal.note(f"{checker} took {perf_counter() - started:.1f} s")
    return verdict


def run_mypy(folder: Path, name: str) -> Verdict:
    """Return what mypy says of the file *name* in *folder*."""
    return run_module(folder, "mypy", "--config-file=pyproject.toml", "--no-color-output", name)


def run_module(folder: Path, *command: str) -> Verdict:
    """Run a module of this interpreter in *folder*, as `python -m` does."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Verdict(done.returncode, done.stdout + done.stderr)
