"""Figures as a table, for the terminal and for RESULTS.md.

Rests on the measuring and the goals; runs nothing.
"""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from .goals import ALL
from .measure import Figure

HEADS = ("operation", "floor, us", "dorm, us", "ratio", "goal", "")
RESULTS = Path(__file__).parent / "RESULTS.md"


def line_of(figure: Figure) -> tuple[str, ...]:
    goal = ALL[figure.name]
    verdict = "reached" if figure.ratio <= goal else "missed"
    floor, dorm = (f"{seconds * 1e6:,.1f}" for seconds in (figure.floor, figure.dorm))
    return figure.name, floor, dorm, f"{figure.ratio:.2f}", f"{goal:g}", verdict


def as_text(lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place in range(1, 5) else cell.ljust(width)
            for place, (cell, width) in places
        )
        for places in (list(enumerate(zip(line, widths))) for line in lines)
    )


def as_markdown(lines: Iterable[tuple[str, ...]]) -> str:
    head, *body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|---|---:|---:|---:|---:|---|", *body])


def write_results(figures: Iterable[Figure], size: int, rounds: int) -> None:
    """Write RESULTS.md, with what one must know to read the figures."""
    machine = (
        f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()} "
        f"{platform.machine()}; {size:,} rows, {rounds} rounds."
    )
    table = as_markdown([HEADS, *map(line_of, figures)])
    section = section_of(RESULTS.read_text(encoding="utf-8"))
    RESULTS.write_text(TEXT.format(machine=machine, table=table) + section, encoding="utf-8")


def section_of(text: str) -> str:
    """Return what RESULTS.md says of type checkers, with the line above, "" when it says nothing."""
    _, mark, section = text.partition(SECTION)
    return mark + section


def replace_section(section: str) -> None:
    """Write one section of RESULTS.md about type checkers, in the place of the one with its heading."""
    text = RESULTS.read_text(encoding="utf-8")
    heading = section.partition("\n")[0]
    above, _, rest = text.partition(f"\n{heading}\n")
    below = "".join(rest.partition("\n## ")[1:])
    RESULTS.write_text(f"{above.rstrip()}\n\n{section.rstrip()}\n{below}", encoding="utf-8")


SECTION = "\n## The type checker"


TEXT = """\
# Results

{machine}

CPU time of one call (every thread of the process), medians of interleaved rounds. The ratio is the median of
each round's ratio, and it is what counts: it moves far less between machines than the times do. The floor is
the bare driver, used well, by hand, for this query alone: fixed text, held connection, conversions written in
the loop, plain objects. It keeps to public functions (`json.loads` among them), and dorm may go below those:
that is how a ratio comes under 1. Both sides must give the same answer, or nothing is reported.

`pg` is PostgreSQL on the same machine. Its floor is psycopg with a held autocommit connection and a reused
cursor (COPY with reserved keys for `bulk_create_10k`, ten connections for `gather_200`); the server's time
is not counted. `missed` means that the goal stands and the work is still to do.

{table}

Run `python -m benchmarks --database sqlite,postgresql --write` to measure again.
"""
