"""Watch the statements that a piece of code sends, through the signals that anyone can use.

Stands on `dorm.post_query`.
"""

from __future__ import annotations

import re
from itertools import groupby
from textwrap import wrap
from typing import Any, Final, Self

import dorm
from dorm.signals import is_transaction_control

WIDTH: Final = 100
SHORT: Final = 80
QUOTED: Final = re.compile(r'("[^"]*"|\'[^\']*\')')
CLAUSE: Final = re.compile(r" (?=(?:FROM|LEFT JOIN|INNER JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|SET)\b)")


class Statements:
    """A with-block that holds the SQL of each statement sent in it, and their time in all."""

    def __init__(self) -> None:
        self.sql: list[str] = []
        self.milliseconds = 0.0

    def __enter__(self) -> Self:
        dorm.post_query.connect(self._heard)
        return self

    def __exit__(self, *exception: object) -> None:
        dorm.post_query.disconnect(self._heard)

    def _heard(self, sender: object, sql: str, elapsed_ms: float, **more: Any) -> None:
        if is_transaction_control(sql):
            return
        self.sql.append(sql)
        self.milliseconds += elapsed_ms

    def grouped(self) -> list[tuple[str, int]]:
        """Return the statements in order, each with how often it was sent in a row."""
        return [(sql, len(list(same))) for sql, same in groupby(self.sql)]


def sql_lines(sql: str) -> list[str]:
    """Return a statement with a line for each clause, a short one as it is; only white space differs."""
    if len(sql) <= SHORT:
        return [sql]
    marked = "".join(
        part if place % 2 else CLAUSE.sub("\n", part) for place, part in enumerate(QUOTED.split(sql))
    )
    return [
        part
        for line in marked.split("\n")
        for part in wrap(
            line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    ]
