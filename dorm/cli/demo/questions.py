"""Ask the questions of the written queries.py, and show each with its source, its SQL and its answer.

What is shown is read from the written file by the line, so it is what runs.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from time import perf_counter
from types import ModuleType
from typing import Any, Final

from dorm._record import Record
from dorm._text import plural
from dorm.db.connection import close_all_async

from ..terminal import Terminal
from .statements import Statements, sql_lines

# How many rows and statements of an answer are shown.
ROWS: Final = 8
STATEMENTS: Final = 3

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "how_many": ("packages", "files", "requirements"),
    "total_size": ("files", "bytes"),
    "largest_packages": ("package", "bytes"),
    "most_required": ("package", "required by"),
    "orphans": ("package",),
    "files_per_suffix": ("suffix", "files", "bytes"),
    "newest_files": ("package", "file", "changed (UTC)"),
    "licences": ("licence", "packages"),
    "topics": ("topic", "packages"),
    "typed_packages": ("packages",),
    "without_python": ("package",),
    "not_installed": ("requirement", "when", "of"),
    "needed_indirectly": ("package", "by way of"),
    "brought_in": ("package",),
    "version_of": ("version",),
    "is_compiled": ("is compiled",),
    "owners_one_by_one": ("package",),
    "owners_at_once": ("package",),
    "doubled_and_undone": ("bytes, doubled", "bytes, undone"),
}


class Question(Record):
    """One function of queries.py."""

    name: str
    title: str
    source: str
    waits: bool


def read_questions(path: Path) -> list[Question]:
    """Return the functions of the file at *path*, in order."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    return [
        _question(node, lines)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _question(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> Question:
    title = (ast.get_docstring(node) or node.name).partition("\n")[0]
    docstring_end = node.body[0].end_lineno or node.lineno
    source = dedent("\n".join(lines[docstring_end : node.end_lineno]))
    return Question(node.name, title, source, isinstance(node, ast.AsyncFunctionDef))


class Interviewer:
    """Asks questions, those that wait in an event loop of its own."""

    def __init__(self, queries: ModuleType, terminal: Terminal, *, can_wait: bool) -> None:
        self.queries = queries
        self.terminal = terminal
        self.can_wait = can_wait

    def ask_all(self, questions: Sequence[Question]) -> None:
        """Ask every question in turn and show the answers."""
        with asyncio.Runner() as runner:
            try:
                for number, question in enumerate(questions, 1):
                    if self.can_wait or not question.waits:
                        self._ask(runner, number, question)
            finally:
                runner.run(close_all_async())

    def _ask(self, runner: asyncio.Runner, number: int, question: Question) -> None:
        function = getattr(self.queries, question.name)
        started = perf_counter()
        with Statements() as statements:
            answer = runner.run(function()) if question.waits else function()
        elapsed = (perf_counter() - started) * 1000
        self._show_question(number, question)
        self._show_statements(statements, elapsed)
        self._show_answer(question, rows_of(answer))

    def _show_question(self, number: int, question: Question) -> None:
        kind = "async" if question.waits else "sync"
        self.terminal.say()
        self.terminal.say(f"{number}. {question.title}  [{kind}: {question.name}()]", "title")
        for line in question.source.splitlines():
            self.terminal.say(f"   {line}", "code")

    def _show_statements(self, statements: Statements, elapsed: float) -> None:
        groups = statements.grouped()
        for sql, times in groups[:STATEMENTS]:
            head, *rest = sql_lines(sql)
            self.terminal.say(f"   > {head}", "sql")
            for line in rest:
                self.terminal.say(f"     {line}", "sql")
            if times > 1:
                self.terminal.say(f"     ({times} times)", "sql")
        if len(groups) > STATEMENTS:
            self.terminal.say(f"   > ... and {plural(len(groups) - STATEMENTS, 'more statement')}", "sql")
        count = plural(len(statements.sql), "statement")
        self.terminal.say(f"   {count}{time_of(statements.milliseconds, elapsed)}")

    def _show_answer(self, question: Question, rows: list[tuple[Any, ...]]) -> None:
        self.terminal.table(HEADINGS[question.name], rows[:ROWS], indent="     ")
        if len(rows) > ROWS:
            self.terminal.say(f"     ... and {len(rows) - ROWS:,} more")


def time_of(waited: float, elapsed: float) -> str:
    """Return what statements took of a question's time, in milliseconds.

    Statements that wait beside one another have more time together than the clock shows.
    """
    if waited > elapsed:
        return f" side by side, {elapsed:.1f} ms in all"
    return f", {waited:.1f} ms of {elapsed:.1f} ms in all"


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    """Return an answer as rows: a list's items, or one row of a tuple or a single value."""
    many = answer if isinstance(answer, list) else [answer]
    return [each if isinstance(each, tuple) else (each,) for each in many]
