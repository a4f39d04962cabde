"""`dorm check`: what is wrong with a project's models, before it runs.

Stands on the checks; imports the settings and the apps that these name.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import dorm
from dorm._text import plural
from dorm.checks import Message, run_checks

from .errors import CommandError
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--settings",
        metavar="MODULE",
        help="the settings to read: else DORM_SETTINGS, else `settings` in the working folder",
    )


def run(arguments: Any) -> int:
    """Print what is wrong; return 1 when an error is among it."""
    terminal = Terminal()
    _load(arguments.settings or os.environ.get("DORM_SETTINGS", "settings"))
    found = run_checks()
    for message in found:
        terminal.say(str(message), "bad" if message.level == "error" else "warning")
    errors = [message for message in found if message.level == "error"]
    terminal.say(_summary(found, errors), "" if found else "good")
    return 1 if errors else 0


def _summary(found: list[Message], errors: list[Message]) -> str:
    if not found:
        return "No issues found."
    warnings = len(found) - len(errors)
    return f"{plural(len(errors), 'error')}, {plural(warnings, 'warning')}."


def _load(name: str) -> None:
    """Configure dorm from the settings module *name*, and import the models of its apps."""
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    module = _settings(name)
    dorm.configure(**{key: value for key, value in vars(module).items() if key.isupper()})
    for app in dorm.settings.INSTALLED_APPS:
        models = f"{app}.models"
        if find_spec(app) is not None and find_spec(models) is not None:
            import_module(models)


def _settings(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise CommandError(
            f"there is no settings module {name!r}: call dorm in the folder of the project, "
            "or name it with --settings"
        ) from error
