"""`dorm shell`: Python with the models of the project imported, and with `await`.

Stands on IPython where it is installed, else on `console.py`.
"""

from __future__ import annotations

import platform
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import dorm
from dorm._text import plural
from dorm.conf import database
from dorm.db.connection import running_loop
from dorm.meta.options import options_of

from .console import AwaitingConsole, complete_with
from .errors import FINDINGS, CommandError
from .project import Project, add_settings, load, need_database


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("-c", "--command", metavar="CODE", help="run this, and end")
    parser.add_argument(
        "--plain", action="store_true", help="the plain console, even where IPython is installed"
    )
    add_settings(parser)


def run(arguments: Any) -> int:
    """Run what -c or stdin gives, or talk with the user; return 1 when what was given failed."""
    project = load(arguments)
    need_database()
    if running_loop() is not None:
        raise CommandError("dorm shell cannot be called where an event loop is running")
    names, lines = _names(project)
    if arguments.command is not None:
        return _run_text(arguments.command, "<command>", names)
    if not sys.stdin.isatty():
        return _run_text(sys.stdin.read(), "<stdin>", names)
    _talk(names, "\n".join([_headline(project), *lines]), arguments.plain)
    return 0


def _names(project: Project) -> tuple[dict[str, Any], list[str]]:
    """Return what is imported, and the lines that tell of it. Of models of one name the first one is."""
    names: dict[str, Any] = {"dorm": dorm}
    told: dict[str, list[str]] = {}
    hidden: list[str] = []
    for model in project.models():
        options = options_of(model)
        if names.setdefault(options.name, model) is model:
            told.setdefault(options.app_label, []).append(options.name)
        else:
            hidden.append(f"not imported, for its name is taken: {options.label} of {model.__module__}")
    count = plural(sum(map(len, told.values())), "model")
    lines = [f"  {app}: {', '.join(models)}" for app, models in told.items()]
    return names, [f"{count} imported{':' if lines else ''}", *lines, *hidden]


def _headline(project: Project) -> str:
    default = database("default")
    place = f"{default['ENGINE']} {default['NAME']}"
    return f"dorm {dorm.__version__}, Python {platform.python_version()}, {project.settings_name}: {place}"


def _run_text(text: str, name: str, names: dict[str, Any]) -> int:
    console = AwaitingConsole({"__name__": "__main__", "__builtins__": __builtins__, **names})
    try:
        return 0 if console.run_text(text, name) else FINDINGS
    finally:
        console.close()


def _talk(names: dict[str, Any], banner: str, plain: bool) -> None:
    if not plain and find_spec("IPython") is not None:
        # Imported here and by name: IPython takes half a second, and checkers need not find it installed.
        ipython = import_module("IPython")
        print(banner)
        ipython.start_ipython(argv=["--no-banner"], user_ns=names)
        return
    console = AwaitingConsole({"__name__": "__console__", **names})
    complete_with(console.locals)
    try:
        console.interact(banner=f"{banner}\n`await` works here. To leave: exit() or Ctrl-D.", exitmsg="")
    finally:
        console.close()
