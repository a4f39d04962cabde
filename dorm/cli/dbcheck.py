"""`dorm dbcheck`: does the database have the tables that the models describe.

Stands on `dorm.migrations.drift`, which compares; this file prints.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from itertools import groupby
from typing import Any

from dorm._run import run_sync
from dorm.db.connection import executor
from dorm.migrations.drift import TableReport, find_drift

from .errors import FINDINGS
from .project import add_database, add_settings, load, need_database
from .terminal import Terminal

NO_DRIFT = "All models match the database schema."
DRIFT = "Drift detected. Run 'dorm makemigrations' / 'dorm migrate' to reconcile."


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("apps", nargs="*", metavar="APP", help="the apps to check; every app without one")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    add_database(parser)
    add_settings(parser)


def run(arguments: Any) -> int:
    """Print what differs; return 1 when anything does."""
    project = load(arguments)
    need_database(arguments.database)
    models = project.models(project.chosen(arguments.apps))
    reports = run_sync(find_drift(executor(arguments.database), models))
    if arguments.json:
        print(json.dumps([_as_json(report) for report in reports], indent=2))
    else:
        _show(reports, Terminal())
    return FINDINGS if any(report.differences for report in reports) else 0


def _show(reports: list[TableReport], terminal: Terminal) -> None:
    reports = sorted(reports, key=lambda report: report.app_label)
    for app, own in groupby(reports, key=lambda report: report.app_label):
        terminal.say(f"App {app!r}:", "title")
        for report in own:
            _show_table(report, terminal)
    if not reports:
        terminal.say("There are no models to compare.")
    elif any(report.differences for report in reports):
        terminal.say(DRIFT, "bad")
    else:
        terminal.say(NO_DRIFT, "good")


def _show_table(report: TableReport, terminal: Terminal) -> None:
    is_good = not report.differences
    head = f"  {terminal.mark(is_good)} {report.name} ({report.table})"
    terminal.say(head if is_good else f"{head}:", "good" if is_good else "bad")
    for line in report.lines():
        terminal.say(f"      {line}")


def _as_json(report: TableReport) -> dict[str, Any]:
    return {
        "app": report.app_label,
        "model": report.name,
        "table": report.table,
        "differences": [
            {"kind": each.kind, "name": each.name, "database": each.in_database, "model": each.in_model}
            for each in report.differences
        ],
    }
