"""`dorm check`: what is wrong with a project's models, before it runs.

Stands on the checks; imports the settings and the apps that these name.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from dorm._text import plural
from dorm.checks import Message, run_checks

from .project import add_settings, load
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    add_settings(parser)


def run(arguments: Any) -> int:
    """Print what is wrong; return 1 when an error is among it."""
    terminal = Terminal()
    found = run_checks(load(arguments).models(pairs=True))
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
