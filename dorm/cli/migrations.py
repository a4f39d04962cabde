"""What the migration commands share: folders of migrations, words of their arguments, and questions.

Stands on the project.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from dorm.exceptions import MigrationError

from .project import Project
from .terminal import Terminal

FOLDER: Final = "migrations"


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


def shown(path: Path) -> str:
    """Return a path as one types it: from the working folder, where it is in that."""
    return os.fspath(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


# -- questions ------------------------------------------------------------------------------------


def is_asking(arguments: Namespace) -> bool:
    """Tell whether there is someone to ask, who wants to be asked."""
    return bool(arguments.asks) and sys.stdin is not None and sys.stdin.isatty()


def asked(prompt: str) -> str:
    """Show a prompt, on stderr as all that is no result, and return what is typed."""
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise MigrationError("Nothing was written: there was no answer.")
    return line.rstrip("\n")
