"""`dorm check`: what is wrong with a project's settings and models, before it runs; with --types, its types.

Stands on the checks; imports the settings and the apps that these name. Types are checked without.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dorm._text import plural
from dorm.checks import Message, run_checks

from .errors import CommandError
from .project import add_settings, load
from .settings_checks import check_settings
from .stub_checks import check_stubs
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("apps", nargs="*", metavar="APP", help="the apps to check; every app without one")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.add_argument(
        "--types",
        nargs="*",
        metavar="PATH",
        help="check the types of these files and folders, or of the working folder: mypy, with dorm's plugin",
    )
    parser.add_argument(
        "--daemon", action="store_true", help="with --types: mypy's daemon, which answers faster"
    )
    add_settings(parser)


def run(arguments: Any) -> int:
    """Print what is wrong; return 1 when an error is among it."""
    if arguments.types is not None:
        # Imported here: it needs what the others do not.
        from .typecheck import check_types

        return check_types(arguments.types, daemon=arguments.daemon)
    if arguments.daemon:
        raise CommandError("--daemon goes with --types")
    project = load(arguments)
    labels = project.chosen(arguments.apps)
    found = [
        *check_settings(),
        *run_checks(project.models(labels, pairs=True)),
        *check_stubs(Path.cwd()),
    ]
    errors = [message for message in found if message.level == "error"]
    if arguments.json:
        print(json.dumps([_as_json(message) for message in found], indent=2))
    else:
        _show(found, errors, Terminal())
    return 1 if errors else 0


def _show(found: list[Message], errors: list[Message], terminal: Terminal) -> None:
    for message in found:
        terminal.say(str(message), "bad" if message.level == "error" else "warning")
    terminal.say(_summary(found, errors), "" if found else "good")


def _summary(found: list[Message], errors: list[Message]) -> str:
    if not found:
        return "No issues found."
    warnings = len(found) - len(errors)
    return f"{plural(len(errors), 'error')}, {plural(warnings, 'warning')}."


def _as_json(message: Message) -> dict[str, str]:
    return {
        "id": message.id,
        "level": message.level,
        "object": message.object,
        "message": message.message,
        "hint": message.hint,
    }
