"""`dorm flush`: delete every row of the project's tables; the tables stay.

Stands on `dorm.actions.flush`; asks before.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from dorm._run import run_sync
from dorm._text import plural
from dorm.actions.flush import flush
from dorm.conf import database
from dorm.db.connection import executor
from dorm.db.routers import router_allow_migrate
from dorm.meta.options import options_of

from .errors import CommandError
from .project import Project, add_database, add_settings, load, need_database
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--no-input", action="store_true", help="do not ask")
    add_database(parser)
    add_settings(parser)


def run(arguments: Any) -> int:
    """Ask, and delete; return 1 when the answer is no."""
    project = load(arguments)
    alias = arguments.database
    need_database(alias)
    tables = _tables(project, alias)
    terminal = Terminal()
    if not arguments.no_input and not _is_wanted(alias, terminal):
        terminal.note("Nothing was deleted.")
        return 1
    flushed = run_sync(flush(executor(alias), tables))
    terminal.say(f"Deleted all rows of {plural(len(flushed), 'table')}.")
    return 0


def _tables(project: Project, alias: str) -> list[str]:
    found: list[str] = []
    for model in project.models(pairs=True):
        options = options_of(model)
        if options.managed and router_allow_migrate(
            alias, options.app_label, options.model_name, model=model
        ):
            found.append(options.db_table)
    return found


def _is_wanted(alias: str, terminal: Terminal) -> bool:
    if not sys.stdin.isatty():
        raise CommandError("flush asks before it deletes, and nobody is there to answer: give --no-input")
    terminal.note(f"This deletes every row of the project's tables in {database(alias)['NAME']} ({alias}).")
    print("It cannot be undone. Type 'yes' to go on: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
