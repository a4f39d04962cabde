"""`dorm makemigrations`: write what has changed in the models as migrations.

Stands on the making of migrations; asks no database, and no one without a terminal.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from dorm.conf import databases
from dorm.db.connection import get_connection
from dorm.exceptions import MigrationError
from dorm.meta.options import options_of
from dorm.meta.registry import registry
from dorm.migrations import making
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.migration import Key
from dorm.migrations.operations import Operation
from dorm.migrations.questions import Answers, Interview
from dorm.migrations.recorder import MigrationRecorder
from dorm.migrations.writer import render, save

from .errors import FINDINGS, CommandError
from .migrations import add_no_input, asked, folders_of, is_asking, shown
from .project import Project, add_settings, load
from .terminal import Terminal

# What an operation's name begins with, and how a change is marked for it.
MARKS = {"Create": "+", "Add": "+", "Delete": "-", "Remove": "-"}


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("apps", metavar="APP", nargs="*", help="make those of these apps alone")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if something changed"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be written, and write nothing"
    )
    parser.add_argument("--empty", action="store_true", help="write a migration to be filled by hand")
    parser.add_argument(
        "--merge", action="store_true", help="join the last migrations of an app that has several"
    )
    parser.add_argument(
        "--update", action="store_true", help="put what is new into the app's last migration, not yet applied"
    )
    parser.add_argument("-n", "--name", help="what the migrations are called, after their number")
    parser.add_argument(
        "--rename",
        metavar="PLACE=NAME",
        action="append",
        default=[],
        help="say what is called otherwise now, as blog.Author.name=title; `PLACE=` says that it is not",
    )
    parser.add_argument(
        "--default",
        metavar="PLACE=VALUE",
        action="append",
        default=[],
        help="say what rows that are there get, as blog.Author.age=0",
    )
    parser.add_argument(
        "--scriptable", action="store_true", help="print the paths alone on stdout, all else on stderr"
    )
    parser.add_argument(
        "-v", "--verbosity", type=int, choices=range(4), default=1, help="3 shows the files of a dry run"
    )
    add_no_input(parser)
    add_settings(parser)


def run(arguments: Namespace) -> int:
    """Write migrations; return 1 for what cannot be made, or was found by --check."""
    if arguments.empty and not arguments.apps:
        raise CommandError("Error: --empty needs the name of an app: dorm makemigrations APP --empty")
    if arguments.name is not None and not f"_{arguments.name}".isidentifier():
        raise CommandError(f"--name takes letters, digits and underscores, not {arguments.name!r}")
    project = load(arguments)
    try:
        return _Command(arguments, project).run()
    except MigrationError as error:
        raise CommandError(str(error), FINDINGS) from error


class _Command:
    """One call of the command."""

    def __init__(self, arguments: Namespace, project: Project) -> None:
        self.arguments = arguments
        self.project = project
        self.terminal = Terminal()
        self.labels = list(map(project.label, arguments.apps))
        # An app whose models cannot be imported is left as it is, and so is what depends on it.
        self.loader = MigrationLoader(folders_of(project), partial=bool(project.broken))

    def run(self) -> int:
        """Do what the flags say."""
        if self.arguments.merge:
            return self._merge()
        if self.arguments.empty:
            self._write(making.empty(self.loader, self.labels, self.arguments.name), "empty migration")
            return 0
        self._warn_of_strangers()
        made = making.detected(
            self.loader, self.labels or None, name=self.arguments.name, questioner=self._questioner()
        )
        if not made:
            self._tell(self._unchanged())
            return 0
        if self.arguments.update:
            self._update(made)
        else:
            self._write(made, "migration")
        return FINDINGS if self.arguments.check else 0

    def _warn_of_strangers(self) -> None:
        """Say which models of the project are of no app of it: they get no migrations."""
        packages = tuple(f"{package}." for package in self.project.packages.values())
        for model in registry:
            label = options_of(model).app_label
            if label not in self.project.apps and model.__module__.startswith(packages):
                name = f"{model.__module__}.{model.__name__}"
                self.terminal.warn(
                    f"{name} has the app_label {label!r}, which no app here has: it gets no migrations"
                )

    def _update(self, made: making.Made) -> None:
        """Write the last migration of an app anew, with what is new in it."""
        changed = making.updated(self.loader, made, self._applied())
        if self._is_real():
            save(changed, self.loader.folders[changed.label])
        self._tell_of(
            {changed.label: [changed]}, "Updated" if self._is_real() else "Would update", "migration"
        )

    def _applied(self) -> set[Key]:
        """Return what the default database has, if there is one."""
        return MigrationRecorder(get_connection()).applied_migrations() if databases() else set()

    def _merge(self) -> int:
        conflicts = [label for label in self.loader.conflicts() if not self.labels or label in self.labels]
        if not conflicts:
            self._tell("No conflicts detected to merge.")
            return 0
        questioner = self._questioner()
        for label in conflicts:
            self._tell(f"Merging {label}", "title")
            for (_, leaf), way in making.branches(self.loader, label).items():
                self._tell(f"  Branch {leaf}")
                for migration in way:
                    self._tell_operations(migration.operations)
            names = [name for _, name in self.loader.graph.leaves(label)]
            if is_asking(self.arguments) and not questioner.is_merged(label, names):
                return FINDINGS
        self._write(making.merged(self.loader, conflicts, self.arguments.name), "merge migration")
        return 0

    def _questioner(self) -> Answers:
        answers = Answers.read(self.arguments.rename, self.arguments.default)
        if not is_asking(self.arguments):
            return answers
        return Interview(self.terminal.note, asked, answers.renames, answers.defaults)

    # -- what is written ------------------------------------------------------------------------

    def _write(self, made: making.Made, what: str) -> None:
        """Write the new migrations, unless nothing is to be written, and tell of them."""
        if self._is_real():
            making.written(self.loader, made)
        self._tell_of(made, "Created" if self._is_real() else "Would create", what)

    def _is_real(self) -> bool:
        return not (self.arguments.check or self.arguments.dry_run)

    def _tell_of(self, made: making.Made, done: str, what: str) -> None:
        for label, migrations in made.items():
            self._tell(f"Migrations for {label!r}:", "title")
            for migration in migrations:
                path = shown(making.path_of(self.loader, migration))
                self._tell(f"  {done} {what} {path}")
                self._tell_operations(migration.operations)
                if self.arguments.scriptable:
                    self.terminal.say(path)
                if self.arguments.dry_run and self.arguments.verbosity == 3:
                    self._tell(render(migration))

    def _tell_operations(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            self._tell(f"    {mark_of(operation)} {operation.describe()}")

    def _tell(self, line: str, style: str = "") -> None:
        if self.arguments.verbosity == 0:
            return
        if self.arguments.scriptable:
            self.terminal.note(line)
        else:
            self.terminal.say(line, style)

    def _unchanged(self) -> str:
        if not self.labels:
            return "No changes detected"
        apps = f"app{'s' if len(self.labels) > 1 else ''}"
        return f"No changes detected in {apps} {', '.join(map(repr, self.labels))}"


def mark_of(operation: Operation) -> str:
    """Return how a change is marked: + for what comes, - for what goes, ~ for what changes."""
    name = type(operation).__name__
    return next((mark for beginning, mark in MARKS.items() if name.startswith(beginning)), "~")
