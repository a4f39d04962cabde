"""The pages with sessions: every command is on the first, and each `$` line prints what its page says.

Stands on the pages and on /bin/sh; the lines of a page run in their order, in one empty folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dorm.cli.main import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "cli.md"
# A command may go on in lines that begin with "> ", as in a terminal.
SESSION = re.compile(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions(page):
    """Return (line, command, what it prints) for each command on the page."""
    found = []
    text = page.read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        for part in SESSION.finditer(block[1]):
            command = re.sub(r"^> ", "", part[1], flags=re.MULTILINE)
            found.append((first + block[1].count("\n", 0, part.start()), command, part[2]))
    return found


def test_every_command_is_on_the_page():
    named = set(
        re.findall(r"`(?:dorm )?(\w+)`", PAGE.read_text(encoding="utf-8").partition("## A project")[0])
    )
    assert set(COMMANDS) - named == set()


@pytest.mark.parametrize("name", ["cli.md", "migrations.md"])
def test_what_the_page_says_is_printed(name, tmp_path):
    program = tmp_path / "bin" / "dorm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m dorm "$@"\n')
    program.chmod(0o755)
    folder = tmp_path / "project"
    folder.mkdir()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DORM")},
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONUTF8": "1",
    }
    for line, command, expected in sessions(DOCS / name):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert done.stdout.decode("utf-8") == expected, f"docs/{name}:{line}: {command}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_what_it_takes(command, capsys):
    from dorm.cli.main import main

    assert main([command, "--help"]) == 0
    assert f"usage: dorm {command}" in capsys.readouterr().out
