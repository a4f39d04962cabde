"""Run the operations, or those that are named, and print their figures beside the goals.

The only file here that reads a command line.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from . import hydrate, read, start, wait, write
from .goals import GOALS
from .library import Library
from .measure import Figure, Operation, measure
from .report import HEADS, as_text, line_of, write_results

PATHS = (read, hydrate, write, wait, start)


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print; return the figures."""
    options = parser().parse_args(arguments)
    with TemporaryDirectory() as folder, asyncio.Runner() as runner:
        library = Library(Path(folder), options.rows)
        chosen = [one for one in all_operations(library) if not options.names or one.name in options.names]
        figures = []
        for operation in chosen:
            calls = max(1, round(operation.calls * options.effort))
            figures.append(measure(operation._replace(calls=calls), options.rounds, runner))
            print(f"{operation.name}: {figures[-1].ratio:.2f}", file=sys.stderr, flush=True)
        runner.run(library.close())
    print(as_text([HEADS, *map(line_of, figures)]))
    if options.write:
        write_results(figures, options.rows, options.rounds)
    return figures


def all_operations(library: Library) -> list[Operation]:
    return [operation for path in PATHS for operation in path.operations(library)]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks", description="What dorm costs over the bare driver."
    )
    made.add_argument(
        "names", nargs="*", metavar="operation", help=f"one of: {', '.join(GOALS)}; all when none is named"
    )
    made.add_argument(
        "--rounds", type=int, default=15, help="turns that each side takes (default: %(default)s)"
    )
    made.add_argument("--rows", type=int, default=10_000, help="books in the database (default: %(default)s)")
    made.add_argument(
        "--effort", type=float, default=1.0, help="multiply the calls of a turn (default: %(default)s)"
    )
    made.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    return made


if __name__ == "__main__":
    main()
