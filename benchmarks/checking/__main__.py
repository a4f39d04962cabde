"""Measure mypy on the project: `python -m benchmarks.checking --rival PYTHON --write`.

PYTHON is an interpreter that has django-stubs and the same mypy. CPU time of the run is what counts, since
the machine may be busy; the peak of memory is that of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.report import replace_section

from . import project

CONFIG = "[mypy]\ncheck_untyped_defs = true\n"
PLUGINS = {
    "dorm": "plugins = dorm_mypy\n",
    "django": "plugins = mypy_django_plugin.main\n"
    '[mypy.plugins.django-stubs]\ndjango_settings_module = "settings"\n',
}
STEPS = ("cold", "warm", "a field renamed")


class Run(NamedTuple):
    """What one run took: seconds of CPU and of the clock, and megabytes."""

    cpu: float
    wall: float
    memory: float


def mypy(python: str, folder: Path, cache: Path) -> Run:
    """Run mypy over *folder*; raise if it says anything, or fails."""
    command = [python, "-m", "mypy", f"--cache-dir={cache}", "."]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(folder)
    )
    assert process.stdout is not None
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1) or "INTERNAL" in said:
        raise RuntimeError(said)
    if "Success" not in said and "renamed" not in said:
        print(said[-2000:], file=sys.stderr)
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder)}


def measure(python: str, kind: str, plugin: bool) -> dict[str, Run]:
    """Return what each step takes, once."""
    with TemporaryDirectory() as home:
        folder, cache = Path(home, "project"), Path(home, "cache")
        folder.mkdir()
        project.write(folder, kind)
        (folder / "mypy.ini").write_text(CONFIG + (PLUGINS[kind] if plugin else ""))
        found = {"cold": mypy(python, folder, cache)}
        found["warm"] = mypy(python, folder, cache)
        path = folder / "app07" / "models.py"
        path.write_text(path.read_text().replace("    height = ", "    renamed = ", 1))
        found["a field renamed"] = mypy(python, folder, cache)
        return found


def middle(runs: Sequence[Run]) -> Run:
    """Return the medians of several runs."""
    return Run(*(statistics.median(values) for values in zip(*runs)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the section of RESULTS.md if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking")
    parser.add_argument("--rival", required=True, help="an interpreter with django-stubs and the same mypy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args(arguments)
    setups = [
        ("dorm, stubs", sys.executable, "dorm", False),
        ("dorm, stubs and plugin", sys.executable, "dorm", True),
        ("django-stubs", options.rival, "django", False),
        ("django-stubs and plugin", options.rival, "django", True),
    ]
    rounds = [{name: measure(*setup) for name, *setup in setups} for _ in range(options.rounds)]
    medians = {
        name: {step: middle([one[name][step] for one in rounds]) for step in STEPS} for name, *_ in setups
    }
    text = as_text(medians)
    print(text)
    if options.write:
        replace_section(text)


def as_text(figures: dict[str, dict[str, Run]]) -> str:
    """Return the section: a table, and what the plugins add to the stubs."""
    lines = [f"| | {' | '.join(STEPS)} | memory |", "|---|---:|---:|---:|---:|"]
    for name, steps in figures.items():
        cells = [f"{steps[step].cpu:.1f} s" for step in STEPS]
        lines.append(f"| {name} | {' | '.join(cells)} | {steps['cold'].memory:.0f} MB |")
    bare, full, their_bare, theirs = figures.values()
    shares = []
    for step in STEPS:
        ours = full[step].cpu - bare[step].cpu
        other = theirs[step].cpu - their_bare[step].cpu
        shares.append(f"{ours:.2f} s beside {other:.2f} s {step}")
    memory = full["cold"].memory / theirs["cold"].memory
    models, queries = project.APPS * project.MODELS, project.FILES * project.QUERIES
    return (
        f"## The type checker\n\nmypy over {models} models in {project.APPS} apps and {queries:,} queries, "
        "CPU time and peak memory; the same text for both but for the imports.\n\n"
        + "\n".join(lines)
        + f"\n\nWhat the plugin adds to the stubs: {'; '.join(shares)}. "
        f"Memory with the plugin: {memory:.2f} of django-stubs'. "
        "The goals are 0.6 of the time added, and 0.7 of the memory.\n\n"
        "Run `python -m benchmarks.checking --rival PYTHON --write` to measure again.\n"
    )


if __name__ == "__main__":
    main()
