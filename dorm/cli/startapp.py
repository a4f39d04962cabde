"""`dorm startapp`: a package with a models.py.

Stands on `scaffold.py`, which has the texts.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from .errors import FINDINGS, CommandError
from .init import tell
from .scaffold import SETTINGS, app_files, write_new
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("name", metavar="NAME", help="the package to make in the working folder")


def run(arguments: Any) -> int:
    """Write the files of the app."""
    terminal = Terminal()
    files = list(app_files(arguments.name))
    models = files[-1][0]
    if models.exists():
        raise CommandError(f"{models} already exists: an app of this name is there", FINDINGS)
    for path, text in files:
        if write_new(path, text):
            tell(path, True, terminal)
    if _names_apps(Path(SETTINGS)):
        terminal.say(f"Add {arguments.name!r} to INSTALLED_APPS in {SETTINGS}.")
    return 0


def _names_apps(settings: Path) -> bool:
    """Tell whether settings name their apps, so that new ones are not found by themselves."""
    if not settings.is_file():
        return False
    return bool(re.search(r"^INSTALLED_APPS\b", settings.read_text(encoding="utf-8"), re.MULTILINE))
