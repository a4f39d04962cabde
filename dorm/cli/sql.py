"""`dorm sql`: the statements that create the tables of models.

Stands on what create_tables() sends; connects to nothing.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from dorm._text import did_you_mean, listed, nearest
from dorm.actions.create_tables import creation
from dorm.db.connection import executor
from dorm.meta.options import options_of
from dorm.sql.pasting import laid_out, with_values

from .errors import FINDINGS, CommandError
from .project import add_database, add_settings, load, need_database
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("models", nargs="*", metavar="MODEL", help="such as Post or blog.Post")
    parser.add_argument("--all", action="store_true", help="every model of the project")
    add_database(parser)
    add_settings(parser)


def run(arguments: Any) -> int:
    """Print the statements, each ended by a semicolon."""
    if not arguments.models and not arguments.all:
        raise CommandError("pass model names or --all")
    every = load(arguments).models()
    need_database(arguments.database)
    chosen = every if arguments.all else [_model(name, every) for name in arguments.models]
    db = executor(arguments.database)
    terminal = Terminal()
    for statement in creation(chosen, db.dialect) if chosen else ():
        text = with_values(db.dialect.write(statement), (), db.vendor)
        terminal.say(f"{laid_out(text)};", "sql")
    return 0


def _model(name: str, every: list[type[Any]]) -> type[Any]:
    """Return the model that *name* means. Raises CommandError when there is none, or more than one."""
    labels = {options_of(model).label: model for model in every}
    if name in labels:
        return labels[name]
    meant = [label for label in labels if label.endswith(f".{name}")]
    if len(meant) == 1:
        return labels[meant[0]]
    if meant:
        raise CommandError(f"{name!r} may mean {' or '.join(meant)}: write it out", FINDINGS)
    hint = did_you_mean(nearest(name, [*labels, *(model.__name__ for model in every)]))
    raise CommandError(f"model {name!r} not found.{hint} Models: {listed(labels) or 'none'}.", FINDINGS)
