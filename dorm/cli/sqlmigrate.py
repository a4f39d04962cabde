"""`dorm sqlmigrate`: the SQL of one migration.

Stands on the executor of migrations, which writes statements down instead of running them.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence

from dorm._run import run_sync
from dorm.db.connection import executor
from dorm.exceptions import MigrationError
from dorm.migrations.history import History, Step
from dorm.migrations.work import collect

from .errors import FINDINGS, CommandError
from .migrations import folders_of
from .project import Project, add_database, add_settings, load, need_database
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("app", metavar="APP", help="the app")
    parser.add_argument("name", metavar="NAME", help="the migration: its name, or the beginning of it")
    parser.add_argument("--backwards", action="store_true", help="the SQL that undoes it")
    parser.add_argument("--json", action="store_true", help="print it for programs")
    add_database(parser)
    add_settings(parser)


def run(arguments: Namespace) -> int:
    """Print the SQL; return 1 when there is no such migration."""
    terminal = Terminal()
    project = load(arguments)
    need_database(arguments.database)
    try:
        step, statements = _written(arguments, project)
    except MigrationError as error:
        raise CommandError(str(error), FINDINGS) from error
    if arguments.json:
        terminal.say(json.dumps(_facts(step, statements), indent=2))
        return 0
    for line in sql_lines(statements, is_atomic=step.migration.atomic):
        terminal.say(line, "sql")
    return 0


def _written(arguments: Namespace, project: Project) -> tuple[Step, list[str]]:
    history = History(folders_of(project), ())
    step = Step(history.loader.find(project.label(arguments.app), arguments.name), arguments.backwards)
    # As if all before it were applied and nothing else, whatever the database has.
    *before, last = history.graph.forwards_plan(step.key)
    past = history.as_if([*before, last] if step.backwards else before)
    ((_, statements),) = run_sync(collect(executor(arguments.database), past, [step]))
    return step, statements


def sql_lines(statements: Sequence[str], *, is_atomic: bool) -> Iterator[str]:
    """Yield the lines of a script of *statements*, some of which are remarks."""
    if is_atomic:
        yield "BEGIN;"
    for statement in statements:
        yield statement if is_remark(statement) or statement.endswith(";") else f"{statement};"
    if is_atomic:
        yield "COMMIT;"


def is_remark(statement: str) -> bool:
    """Tell whether a statement is only a comment."""
    return all(line.startswith("--") for line in statement.splitlines())


def _facts(step: Step, statements: Sequence[str]) -> dict[str, object]:
    label, name = step.key
    return {
        "app": label,
        "name": name,
        "backwards": step.backwards,
        "atomic": step.migration.atomic,
        "statements": [each.rstrip(";") for each in statements if not is_remark(each)],
    }
