"""Measure generated stubs on the project: `python -m benchmarks.checking.stubs --write`.

What checkers without a plugin take with them and without, how large they are, and how long it takes to write
them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.report import replace_section
from dorm.typegen.generate import Generator
from dorm.typegen.write import contents, write

from . import project
from .__main__ import Run, middle

STUBS = "typings"

COMMANDS = {
    "pyright": ["-m", "pyright", "--pythonpath", sys.executable],
    "ty": ["-m", "ty", "check", "--python", sys.prefix],
    "pyrefly": ["-m", "pyrefly", "check", "--python-interpreter-path", sys.executable],
}


class Written(NamedTuple):
    """Seconds to write all stubs, and to write again when one file has changed; and how much there is."""

    cold: float
    changed: float
    size: int


def generate(folder: Path) -> Written:
    """Write the stubs of the project in *folder*."""
    started = perf_counter()
    generator = Generator([folder], folder / STUBS)
    wanted = contents(generator.stubs())
    write(folder / STUBS, wanted, remove=True)
    cold = perf_counter() - started
    file = folder / "queries000.py"
    file.write_text(
        f"{file.read_text()}\n\ndef more() -> None:\n    Thing000.objects.values('slug', 'size')\n"
    )
    started = perf_counter()
    write(folder / STUBS, contents(generator.stubs()), remove=True)
    return Written(cold, perf_counter() - started, sum(map(len, wanted.values())))


def configure(folder: Path, *, stubs: bool) -> None:
    """Tell the checkers where stubs are, as `dorm typegen --configure` does."""
    pyright = {"exclude": [STUBS, "**/node_modules", "**/__pycache__", "**/.*"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(pyright))
    paths = [STUBS, "."] if stubs else ["."]
    (folder / "pyrefly.toml").write_text(
        f"search-path = {json.dumps(paths)}\nproject-excludes = ['{STUBS}']\n"
    )
    extra = f'[environment]\nextra-paths = ["{STUBS}"]\n' if stubs else ""
    (folder / "ty.toml").write_text(f'{extra}[src]\nexclude = ["{STUBS}"]\n')


def check(checker: str, folder: Path) -> Run:
    """Run a checker over *folder*."""
    begun = perf_counter()
    command = [sys.executable, *COMMANDS[checker]]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    _, _, used = os.wait4(process.pid, 0)
    return Run(used.ru_utime + used.ru_stime, perf_counter() - begun, used.ru_maxrss / 1024)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the section of RESULTS.md if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking.stubs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as place:
        bare, full = Path(place, "bare"), Path(place, "full")
        for folder in (bare, full):
            folder.mkdir()
            project.write(folder, "dorm")
            configure(folder, stubs=folder is full)
        written = generate(full)
        rounds = [
            {checker: (check(checker, bare), check(checker, full)) for checker in COMMANDS}
            for _ in range(options.rounds)
        ]
    medians = {
        checker: (middle([one[checker][0] for one in rounds]), middle([one[checker][1] for one in rounds]))
        for checker in COMMANDS
    }
    text = as_text(written, medians)
    print(text)
    if options.write:
        replace_section(text)


def as_text(written: Written, medians: dict[str, tuple[Run, Run]]) -> str:
    """Return the section: a table of checkers, and what the stubs are."""
    lines = ["| | without | with | ratio | memory |", "|---|---:|---:|---:|---:|"]
    for checker, (bare, full) in medians.items():
        ratio = f"{full.cpu / bare.cpu:.2f}"
        memory = f"{bare.memory:.0f} MB, {full.memory:.0f} MB"
        lines.append(f"| {checker} | {bare.cpu:.1f} s | {full.cpu:.1f} s | {ratio} | {memory} |")
    text = "\n".join(lines)
    return f"""\
## Generated stubs

The same project with the stubs of `dorm typegen` and without, CPU time and peak memory.

{text}

The stubs are {written.size / 1e6:.2f} MB; writing them takes {written.cold:.1f} s, and again, when one file
has changed, {written.changed:.2f} s. The goals are 2.0 for pyright, 2 MB, 2 s and 0.2 s.

Run `python -m benchmarks.checking.stubs --write` to measure again.
"""


if __name__ == "__main__":
    main()
