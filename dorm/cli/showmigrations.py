"""`dorm showmigrations`: which migrations there are, and which of them a database has.

Stands on the history of migrations; changes nothing.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from dorm._run import run_sync
from dorm._text import plural
from dorm.db.connection import executor
from dorm.exceptions import MigrationError
from dorm.migrations.history import History
from dorm.migrations.migration import Key
from dorm.migrations.run import read_history

from .errors import FINDINGS, CommandError
from .migrations import folders_of
from .project import add_database, add_settings, load, need_database
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("apps", metavar="APP", nargs="*", help="show these apps alone")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("-l", "--list", action="store_true", help="show them by app (this is the default)")
    form.add_argument("-p", "--plan", action="store_true", help="show them in the order they are applied in")
    form.add_argument("--json", action="store_true", help="print them for programs")
    add_database(parser)
    add_settings(parser)


def run(arguments: Namespace) -> int:
    """Print the migrations."""
    terminal = Terminal()
    project = load(arguments)
    need_database(arguments.database)
    labels = list(project.chosen(arguments.apps))
    try:
        history = run_sync(read_history(executor(arguments.database), folders_of(project)))
    except MigrationError as error:
        raise CommandError(str(error), FINDINGS) from error
    if arguments.json:
        terminal.say(json.dumps([_facts(history, key) for key in _of(history, labels)], indent=2))
    elif arguments.plan:
        lines = [f"{_box(history, key)}  {'.'.join(key)}" for key in _planned(history, labels)]
        for line in lines or ["(no migrations)"]:
            terminal.say(line)
    else:
        for label in labels:
            terminal.say(label, "title")
            for line in _lines(history, label):
                terminal.say(line)
    return 0


def _lines(history: History, label: str) -> Iterator[str]:
    keys = list(_of(history, [label]))
    if not keys:
        yield " (no migrations)"
    for key in keys:
        replaced = history.graph.migrations[key].replaces
        note = f" ({plural(len(replaced), 'squashed migration')})" if replaced else ""
        yield f" {_box(history, key)} {key[1]}{note}"


def _box(history: History, key: Key) -> str:
    return "[X]" if key in history.applied else "[ ]"


def _of(history: History, labels: Sequence[str]) -> Iterator[Key]:
    """Yield the migrations of the apps, app by app, in the order in which they are applied."""
    for label in labels:
        yield from history.of(label)


def _planned(history: History, labels: Sequence[str]) -> list[Key]:
    """Return the migrations of the apps and what they depend on, in the order in which they are applied."""
    return history.graph.full_plan(_of(history, labels))


def _facts(history: History, key: Key) -> dict[str, Any]:
    migration = history.graph.migrations[key]
    return {
        "app": key[0],
        "name": key[1],
        "applied": key in history.applied,
        "replaces": [list(replaced) for replaced in migration.replaces],
    }
