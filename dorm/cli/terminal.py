"""What a command prints: results on stdout, progress and warnings on stderr.

Plain text; with colour and bars where rich is installed and a person is looking.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from time import perf_counter
from typing import Any, Final, TextIO

Advance = Callable[[int], None]

STYLES: Final = {
    "title": "bold",
    "code": "cyan",
    "sql": "dim",
    "good": "green",
    "bad": "red",
    "warning": "yellow",
}


class Terminal:
    """The two streams of a command, each as rich as it can be."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self._out_console = _console(self.out)
        self._err_console = _console(self.err)

    def say(self, text: str = "", style: str = "") -> None:
        """Print a line of the result."""
        _print(self.out, self._out_console, text, style)

    def begin(self, text: str) -> None:
        """Print the beginning of a line of the result, whose rest `say()` prints once it is known."""
        _print(self.out, self._out_console, text, "", end="")
        self.out.flush()

    def note(self, text: str) -> None:
        """Print a line about what is going on."""
        _print(self.err, self._err_console, text, "")

    def warn(self, text: str) -> None:
        """Print a line about what was not as it should be."""
        _print(self.err, self._err_console, f"warning: {text}", "warning")

    def mark(self, good: bool) -> str:
        """Return a check mark or a cross, "OK" or "x" where the stream cannot hold them."""
        sign, plain = ("\N{CHECK MARK}", "OK") if good else ("\N{BALLOT X}", "x")
        return sign if can_hold(self.out, sign) else plain

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Any]], indent: str = "") -> None:
        """Print rows under their headings, numbers to the right."""
        for line in table_lines(headings, rows):
            self.say(f"{indent}{line}")

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Advance]:
        """Show how far a loop over *total* things is; the block calls what it gets with each step's size."""
        started = perf_counter()
        if self._err_console is None or not self.err.isatty():
            yield lambda step: None
        else:
            with _bar(self._err_console) as bar:
                task = bar.add_task(what, total=total)
                yield lambda step: bar.advance(task, step)
        self.note(f"{what}: {total:,} in {perf_counter() - started:.2f} s")


def has_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether *stream* may be given more than plain text (https://no-color.org)."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


def can_hold(stream: TextIO, text: str) -> bool:
    """Tell whether *stream* can write *text* in its encoding."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def table_lines(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return the lines of a table; without rows it is one line that says so."""
    if not rows:
        return ["(nothing)"]
    columns = [[shown(value) for value in column] for column in zip(*rows)]
    is_number = [all(isinstance(value, int | float | None) for value in column) for column in zip(*rows)]
    widths = [max(map(len, [head, *column])) for head, column in zip(headings, columns)]
    lines = [list(headings), ["-" * width for width in widths], *map(list, zip(*columns))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number)
        ).rstrip()
        for line in lines
    ]


def shown(value: Any) -> str:
    """Return a value as a table shows it: 12,345; yes; - for None; one line in any case."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return " ".join(str(value).split())


def _print(stream: TextIO, console: Any, text: str, style: str, end: str = "\n") -> None:
    # Names of packages and files are anyone's: what the stream cannot hold is escaped.
    encoding = stream.encoding or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    if console is None:
        print(text, file=stream, end=end)
        return
    # Without soft_wrap rich folds lines; with highlight it colours what looks like a number.
    console.print(text, style=STYLES.get(style), markup=False, highlight=False, soft_wrap=True, end=end)


def _console(stream: TextIO) -> Any:
    """Return rich's console for *stream*; None where it must be plain or there is no rich."""
    if not has_colour(stream, os.environ) or find_spec("rich") is None:
        return None
    # Imported here: rich is an extra.
    from rich.console import Console

    return Console(file=stream)


def _bar(console: Any) -> Any:
    # Imported here: rich is an extra.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:>14}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)
