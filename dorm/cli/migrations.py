"""What the migration commands share: the folders of a project's migrations, and the words of their arguments.

Stands on the project.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from .project import Project
from .terminal import Terminal

FOLDER: Final = "migrations"


def add_database(parser: ArgumentParser) -> None:
    """Let the command take --database."""
    parser.add_argument(
        "--database", metavar="ALIAS", default="default", help="the database, by its alias in DATABASES"
    )


def add_no_input(parser: ArgumentParser) -> None:
    """Let the command take --no-input, as Django spells it or in one word."""
    parser.add_argument(
        "--no-input",
        "--noinput",
        dest="asks",
        action="store_false",
        help="never ask: what cannot be known is an error",
    )


def folders_of(project: Project) -> dict[str, Path]:
    """Return the folder of migrations of each app, whether it is there or not."""
    return {label: folder / FOLDER for label, folder in project.apps.items()}


def tell_missing(terminal: Terminal, folders: Mapping[str, Path], labels: Iterable[str]) -> None:
    """Say of which apps there are no migrations yet."""
    for label in labels:
        if not folders[label].is_dir():
            terminal.say(f"No migrations directory for {label!r}: dorm makemigrations {label}")
