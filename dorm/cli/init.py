"""`dorm init`: the settings of a new project, and a first app.

Stands on `scaffold.py`, which has the texts.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from .errors import FINDINGS
from .scaffold import DATABASES, SETTINGS, app_files, settings_text, with_database, write_new
from .terminal import Terminal

CHOOSE: Final = "uncomment one block in settings.py, or run: dorm init --database sqlite"

TYPES: Final = """\
To have mypy check every query, say in pyproject.toml:
    [tool.mypy]
    plugins = ["dorm_mypy"]"""


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--app", metavar="NAME", help="make a package of this name too, with a models.py")
    parser.add_argument(
        "--database",
        choices=list(DATABASES),
        help="use the block of this database; else both blocks are comments",
    )


def run(arguments: Any) -> int:
    """Write what is not there yet; return 1 when the database that was asked for could not be set."""
    terminal = Terminal()
    # The name is looked at before anything is written.
    files = list(app_files(arguments.app)) if arguments.app else []
    is_set = _write_settings(arguments.database, terminal)
    for path, text in files:
        tell(path, write_new(path, text), terminal)
    if not is_set:
        return FINDINGS
    first = [] if arguments.database else [CHOOSE]
    steps = [*first, "dorm makemigrations", "dorm migrate", "dorm shell"]
    terminal.say("\n".join(["", "Next:", *(f"    {step}" for step in steps), "", TYPES]))
    return 0


def tell(path: Path, is_new: bool, terminal: Terminal) -> None:
    """Say whether a file was written."""
    if is_new:
        terminal.say(f"Created {path}", "good")
    else:
        terminal.say(f"{path} already exists: left as it is")


def _write_settings(database: str | None, terminal: Terminal) -> bool:
    """Write new settings, or switch a database on in those that are there; tell whether that was possible."""
    path = Path(SETTINGS)
    is_new = write_new(path, settings_text(database))
    if is_new or database is None:
        tell(path, is_new, terminal)
        return True
    text = path.read_text(encoding="utf-8")
    changed = with_database(text, database)
    if changed is None and f"\n{DATABASES[database]}" in text:
        tell(path, False, terminal)
        return True
    if changed is None:
        terminal.say(f"{path} already exists, and has no block for {database} to uncomment. What it needs:")
        terminal.say(f"\n{DATABASES[database]}", "code")
        return False
    path.write_text(changed, encoding="utf-8", newline="\n")
    terminal.say(f"Uncommented the block for {database} in {path}", "good")
    return True
