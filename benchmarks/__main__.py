"""Run the operations, or those that are named, and print their figures beside the goals.

The only file here that reads a command line.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from . import blocks, hydrate, read, start, wait, write
from .goals import ALL
from .library import Library
from .measure import Figure, Operation, measure
from .report import HEADS, as_text, line_of, write_results

PATHS = (read, hydrate, write, blocks, wait, start)


def main(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measure and print; return the figures."""
    options = parser().parse_args(arguments)
    chosen = options.database.split(",")
    figures: list[Figure] = []
    if "sqlite" in chosen:
        with TemporaryDirectory() as folder, asyncio.Runner() as runner:
            library = Library(Path(folder), options.rows)
            operations = [one for path in PATHS for one in path.operations(library)]
            figures += run(operations, options, runner)
            runner.run(library.close())
    if "postgresql" in chosen:
        figures += on_postgresql(options)
    print(as_text([HEADS, *map(line_of, figures)]))
    if options.write:
        write_results(figures, options.rows, options.rounds)
    return figures


def run(operations: Iterable[Operation], options: argparse.Namespace, runner: asyncio.Runner) -> list[Figure]:
    """Measure the operations that are chosen, and say each ratio at once."""
    figures = []
    for operation in operations:
        if options.names and operation.name not in options.names:
            continue
        calls = max(1, round(operation.calls * options.effort))
        figures.append(measure(operation._replace(calls=calls), options.rounds, runner))
        print(f"{operation.name}: {figures[-1].ratio:.2f}", file=sys.stderr, flush=True)
    return figures


def on_postgresql(options: argparse.Namespace) -> list[Figure]:
    """Measure on the server of the tests, which this run starts unless another has."""
    # SQLite's figures must not need psycopg.
    from tests import server

    from . import postgresql

    lock = server.open_folder()
    try:
        room = server.Room("dorm_benchmarks")
        with asyncio.Runner() as runner:
            library = postgresql.PostgreSQLLibrary(room, options.rows)
            figures = run(postgresql.operations(library), options, runner)
            runner.run(library.close())
        room.close()
    finally:
        if lock is not None:
            server.close_folder(lock)
    return figures


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks", description="What dorm costs over the bare driver."
    )
    made.add_argument(
        "names", nargs="*", metavar="operation", help=f"one of: {', '.join(ALL)}; all when none is named"
    )
    made.add_argument(
        "--rounds", type=int, default=15, help="turns that each side takes (default: %(default)s)"
    )
    made.add_argument("--rows", type=int, default=10_000, help="books in the database (default: %(default)s)")
    made.add_argument(
        "--effort", type=float, default=1.0, help="multiply the calls of a turn (default: %(default)s)"
    )
    made.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql, or both with a comma (default: %(default)s)"
    )
    made.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    return made


if __name__ == "__main__":
    main()
