"""What is printed, on which stream, and when there is colour.

Stands on streams of its own; rich is installed where the tests run.
"""

from __future__ import annotations

import io
from datetime import datetime, timezone

import pytest

from dorm.cli.terminal import Terminal, has_colour, shown, table_lines


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("environ", "on_screen", "in_file"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(environ, on_screen, in_file):
    assert has_colour(Screen(), environ) is on_screen
    assert has_colour(io.StringIO(), environ) is in_file


def test_results_and_the_rest_go_to_different_streams():
    terminal = Terminal(io.StringIO(), io.StringIO())
    terminal.say("an answer", "title")
    terminal.note("on the way")
    terminal.warn("odd")
    assert terminal.out.getvalue() == "an answer\n"
    assert terminal.err.getvalue() == "on the way\nwarning: odd\n"


def test_a_terminal_gets_colour():
    terminal = Terminal(Screen(), Screen())
    terminal.say("an answer", "title")
    assert "\x1b[" in terminal.out.getvalue() and "an answer" in terminal.out.getvalue()


def test_no_rich_means_no_colour(monkeypatch):
    monkeypatch.setattr("dorm.cli.terminal.find_spec", lambda name: None)
    terminal = Terminal(Screen(), Screen())
    terminal.say("an answer", "title")
    with terminal.progress("files", 3) as advance:
        advance(3)
    assert terminal.out.getvalue() == "an answer\n"
    assert terminal.err.getvalue().startswith("files: 3 in ")


def test_rich_neither_folds_nor_marks_up_nor_highlights():
    long = "[bold]" + "x" * 200 + " 12345 'text'"
    terminal = Terminal(Screen(), Screen())
    terminal.say(long)
    assert terminal.out.getvalue() == f"{long}\n"


def test_a_loop_has_a_bar_on_a_terminal_and_a_line_in_a_file():
    screen, file = Terminal(Screen(), Screen()), Terminal(io.StringIO(), io.StringIO())
    for terminal in (screen, file):
        with terminal.progress("files", 20) as advance:
            advance(20)
    assert "20/20" in screen.err.getvalue()
    assert file.err.getvalue().startswith("files: 20 in ") and file.err.getvalue().count("\n") == 1
    assert screen.out.getvalue() == file.out.getvalue() == ""


def test_what_the_stream_cannot_hold_is_escaped():
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Terminal(ascii_only, ascii_only).say("na\xefve \udcff")
    ascii_only.flush()
    assert ascii_only.buffer.getvalue() == b"na\\xefve \\udcff\n"


def test_a_table_has_numbers_to_the_right():
    assert table_lines(("name", "bytes"), [("rich", 12345), ("mypy", None)]) == [
        "name   bytes",
        "----  ------",
        "rich  12,345",
        "mypy       -",
    ]


def test_a_table_without_rows_says_so():
    assert table_lines(("name",), []) == ["(nothing)"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "yes"),
        (1234567, "1,234,567"),
        (datetime(2026, 3, 1, 12, 30, 5, tzinfo=timezone.utc), "2026-03-01 12:30:05"),
        ("two\n  lines", "two lines"),
    ],
)
def test_values_are_shown_on_one_line(value, text):
    assert shown(value) == text
