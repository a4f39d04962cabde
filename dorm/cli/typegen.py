"""`dorm typegen`: stubs of a project's models, for checkers and editors that have no plugin.

Stands on `dorm.typegen`, which reads and writes; imports nothing of the project.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

from dorm._text import plural
from dorm.typegen.generate import Generator, TypegenError
from dorm.typegen.write import Changes, compare, contents, differences, write

from .checker_config import configure, grouped, missing
from .errors import FINDINGS, CommandError
from .terminal import Terminal

FOLDER: Final = "typings"

# Seconds between two looks at the files.
PAUSE: Final = 0.3


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "apps", nargs="*", metavar="APP", help="the apps to write stubs of; every app without one"
    )
    parser.add_argument("--out", default=FOLDER, metavar="DIR", help=f"the folder of the stubs ({FOLDER})")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a stub is stale")
    parser.add_argument("--watch", action="store_true", help="go on, and write again whenever a file changes")
    parser.add_argument(
        "--stats", action="store_true", help="tell how much was read and written, and how fast"
    )
    parser.add_argument(
        "--configure", action="store_true", help="add the lines that checkers need to pyproject.toml"
    )


def run(arguments: Any) -> int:
    """Write the stubs, or check them; return 1 when `--check` finds one that is stale."""
    if arguments.check and arguments.watch:
        raise CommandError("--check looks once, --watch goes on: give one of them")
    terminal, generator = Terminal(), Generator(source_roots(Path.cwd()), Path(arguments.out))
    try:
        if arguments.check:
            return _check(generator, arguments, terminal)
        _write(generator, arguments, terminal)
        _tell_checkers(arguments, terminal)
        if arguments.watch:
            _watch(generator, arguments, terminal)
    except TypegenError as error:
        raise CommandError(str(error), FINDINGS) from error
    return 0


def source_roots(folder: Path) -> list[Path]:
    """Return the folders that names of modules start from: the project's, and the `src` in it."""
    inner = folder / "src"
    return [folder, inner] if inner.is_dir() and not (inner / "__init__.py").exists() else [folder]


def _check(generator: Generator, arguments: Any, terminal: Terminal) -> int:
    out = Path(arguments.out)
    wanted = contents(generator.stubs(arguments.apps))
    changes = compare(out, wanted, remove=not arguments.apps)
    stale = [*changes.written, *changes.removed]
    if not stale:
        terminal.say(f"{plural(len(wanted), 'file')} in {arguments.out}: all as they should be.", "good")
        return 0
    for line in differences(out, wanted, changes):
        terminal.say(line)
    terminal.say(
        f"{plural(len(stale), 'file')} in {arguments.out} not as they should be: run dorm typegen", "bad"
    )
    return FINDINGS


def _write(generator: Generator, arguments: Any, terminal: Terminal) -> Changes:
    started = perf_counter()
    wanted = contents(generator.stubs(arguments.apps))
    if not wanted:
        raise CommandError(
            "no models were found: call dorm in the folder of the project, whose apps have models.py",
            FINDINGS,
        )
    changes = write(Path(arguments.out), wanted, remove=not arguments.apps)
    for path in (*changes.written, *changes.removed):
        word = "Removed" if path in changes.removed else "Wrote"
        terminal.say(f"{word} {Path(arguments.out, path)}")
    if not changes.written and not changes.removed:
        terminal.say("No changes.")
    if arguments.stats:
        _show_stats(generator, wanted, perf_counter() - started, terminal)
    return changes


def _show_stats(generator: Generator, wanted: dict[Path, str], seconds: float, terminal: Terminal) -> None:
    counts = generator.counts()
    size = sum(map(len, wanted.values()))
    terminal.table(
        ["files read", "models", "calls", "stubs", "bytes", "seconds"],
        [[counts.files, counts.models, counts.calls, len(wanted), size, f"{seconds:.2f}"]],
    )


def _tell_checkers(arguments: Any, terminal: Terminal) -> None:
    """Write the settings of checkers, or show those that are missing."""
    folder = Path.cwd()
    if arguments.configure:
        added, wanted = configure(folder, arguments.out)
        for one in added:
            terminal.say(f"Added to pyproject.toml for {one.checker}: {one.key}")
    else:
        wanted = missing(folder, arguments.out)
    if wanted:
        where = "these lines" if arguments.configure else "these lines (or run dorm typegen --configure)"
        terminal.note(f"\nCheckers find the stubs with {where} in pyproject.toml:\n")
        terminal.note("\n".join(grouped(wanted)).rstrip())


def _watch(generator: Generator, arguments: Any, terminal: Terminal) -> None:
    """Write again whenever a file changes, until the process is interrupted."""
    terminal.note("Watching for changes; Ctrl-C ends it.")
    while True:
        sleep(PAUSE)
        watch_once(lambda: generator.stubs(arguments.apps), Path(arguments.out), terminal)


def watch_once(stubs: Callable[[], Any], out: Path, terminal: Terminal) -> None:
    """Write what has changed since the last time; what stands in the way is told, and may pass."""
    started = perf_counter()
    try:
        changes = write(out, contents(stubs()), remove=False)
    except TypegenError as error:
        terminal.warn(str(error))
        return
    for path in changes.written:
        terminal.say(f"Wrote {out / path} in {1000 * (perf_counter() - started):.0f} ms")
