"""`dorm migrate`: bring a database to where the project's migrations lead, or back.

Stands on the executor of migrations; says what is done as it is done.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Final

from dorm._run import run_sync
from dorm.db.connection import executor
from dorm.exceptions import MigrationError
from dorm.migrations.history import History, Step, Target
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.making import detected
from dorm.migrations.questions import Questioner
from dorm.migrations.run import Progress, Run, prune, read_history
from dorm.migrations.work import collect

from .errors import FINDINGS, CommandError
from .migrations import add_no_input, folders_of, tell_missing
from .project import Project, add_database, add_settings, load, need_database, told
from .sqlmigrate import sql_lines
from .terminal import Terminal

# Longer than this, a step tells how long it took.
LONG: Final = 1.0

KEPT: Final = "it is no transaction (atomic = False): what was done before is kept"


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.usage = "dorm migrate [options] [APP [TARGET]]\n       dorm migrate [options] APP APP ..."
    parser.add_argument(
        "words",
        metavar="APP [TARGET]",
        nargs="*",
        help="an app, and the migration to go to (or back to): its name, the beginning of it, or `zero`; "
        "or several apps; without any, all apps",
    )
    parser.add_argument("--plan", action="store_true", help="show what would be done, and do nothing")
    parser.add_argument("--dry-run", action="store_true", help="show the SQL that would run, and run nothing")
    parser.add_argument(
        "--check", action="store_true", help="do nothing; exit with 1 if there is something to do"
    )
    parser.add_argument("--fake", action="store_true", help="record the migrations without running them")
    parser.add_argument(
        "--fake-initial",
        action="store_true",
        help="record an app's first migrations without running them, if their tables and columns are there",
    )
    parser.add_argument(
        "--prune", action="store_true", help="forget the records of an app's migrations that have no file"
    )
    parser.add_argument("-v", "--verbosity", type=int, choices=range(4), default=1, help="0 is silent")
    add_database(parser)
    add_no_input(parser)
    add_settings(parser)


def run(arguments: Namespace) -> int:
    """Migrate; return 1 for what cannot be done, or was found by --check."""
    terminal = Terminal()
    project = load(arguments)
    need_database(arguments.database)
    try:
        return _Command(arguments, project, terminal).run()
    except MigrationError as error:
        raise CommandError(str(error), FINDINGS) from error


class _Command:
    """One call of the command."""

    def __init__(self, arguments: Namespace, project: Project, terminal: Terminal) -> None:
        self.arguments = arguments
        self.project = project
        # Whoever asked for silence is told of what cannot be done alone.
        self.terminal = terminal
        self.is_silent = arguments.verbosity == 0
        self.db = executor(arguments.database)
        self.words: list[str] = arguments.words
        self.labels = [project.label(word) for word in self.words[:1]]
        self.folders = folders_of(project)
        self._under_way: Step | None = None

    def run(self) -> int:
        """Do what the flags say."""
        if not self.is_silent:
            tell_missing(self.terminal, self.folders, self.labels or self.project.apps)
        if self.arguments.prune:
            return self._prune()
        if self.arguments.plan or self.arguments.check:
            return self._show_plan()
        if self.arguments.dry_run:
            return self._show_sql()
        return self._migrate()

    # -- what was asked for ---------------------------------------------------------------------

    def _migrate(self) -> int:
        run = Run(
            self.db,
            fake=self.arguments.fake,
            fake_initial=self.arguments.fake_initial,
            verbosity=self.arguments.verbosity,
            on_progress=self._tell,
        )
        try:
            steps = run_sync(run.migrate(self.folders, self._begin))
        # Whoever read what is printed here has gone: there is nothing to tell them.
        except BrokenPipeError:
            raise
        # Whatever an operation, or the code of a user's migration, may raise.
        except Exception as error:
            raise self._failed(error) from error
        if not steps and not self.is_silent:
            self.terminal.say("  No migrations to apply.")
            self._tell_unmade()
        return 0

    def _tell_unmade(self) -> None:
        """Say which apps have models that no migration leads to: their tables stay as they are."""
        loader = MigrationLoader(self.folders, partial=bool(self.project.broken))
        # What is a rename, and what rows get, does not matter for whether there is a change.
        made = detected(loader, self.labels or None, questioner=Questioner())
        for label in made:
            self.terminal.note(f"The models of {label!r} have changed since: dorm makemigrations {label}")

    def _show_plan(self) -> int:
        steps = self._choose(self._history())
        if not self.is_silent:
            self.terminal.say("Planned operations:")
            for step in steps:
                self.terminal.say(f"{step}")
                for operation in step.operations:
                    self.terminal.say(f"    {'Undo ' if step.backwards else ''}{operation.describe()}")
            if not steps:
                self.terminal.say("  No planned migration operations.")
        return FINDINGS if steps and self.arguments.check else 0

    def _show_sql(self) -> int:
        history = self._history()
        steps = self._choose(history)
        if not steps:
            self.terminal.say("No migrations to apply.")
            return 0
        self.terminal.say("SQL that would run:")
        for step, statements in run_sync(collect(self.db, history, steps)):
            self.terminal.say(f"\n-- {'Undo ' if step.backwards else ''}{step}")
            for line in sql_lines(statements, is_atomic=step.migration.atomic):
                self.terminal.say(line, "sql")
        return 0

    def _prune(self) -> int:
        if not self.labels:
            raise CommandError("--prune needs the name of an app: dorm migrate APP --prune")
        gone = run_sync(prune(self.db, self.folders, self.labels))
        for key in gone:
            self.terminal.say(f"  Pruning {'.'.join(key)} OK")
        if not gone:
            self.terminal.say("  No migrations to prune.")
        return 0

    def _history(self) -> History:
        history = run_sync(read_history(self.db, self.folders))
        history.check()
        return history

    # -- where to -------------------------------------------------------------------------------

    def _begin(self, history: History) -> list[Step]:
        """Say what is about to be done, and return its steps."""
        targets = self._targets(history)
        if not self.is_silent:
            self.terminal.say("Operations to perform:")
            self.terminal.say(f"  {self._intention(targets)}")
            self.terminal.say("Running migrations:")
        return history.plan(targets)

    def _intention(self, targets: Sequence[Target]) -> str:
        label, name = targets[0] if targets else ("", None)
        if targets and name is None:
            return f"Unapply all migrations: {label}"
        if len(self.words) == 2 and len(targets) == 1:
            return f"Target specific migration: {name}, from {label}"
        return f"Apply all migrations: {', '.join(label for label, _ in targets) or '(none)'}"

    def _choose(self, history: History) -> list[Step]:
        """Return the steps to what the words of the command mean."""
        return history.plan(self._targets(history))

    def _targets(self, history: History) -> Sequence[Target]:
        if not self.words:
            return history.latest()
        if len(self.words) == 2 and not self._is_app(history, self.words[1]):
            return [history.target(self.labels[0], self.words[1])]
        labels = dict.fromkeys(map(self.project.label, self.words))
        return [leaf for label in labels for leaf in history.graph.leaves(label)]

    def _is_app(self, history: History, word: str) -> bool:
        """Tell whether the second word is another app, and no migration of the first."""
        if word not in (*self.project.apps, *self.project.packages.values()):
            return False
        try:
            history.loader.find(self.labels[0], word)
        except MigrationError:
            return True
        return False

    # -- how it goes ----------------------------------------------------------------------------

    def _tell(self, progress: Progress) -> None:
        if progress.event == "start":
            self._under_way = progress.step
        elif progress.event == "done":
            self._under_way = None
        if self.is_silent:
            return
        if progress.event == "waiting":
            self.terminal.note("Another process is migrating this database: waiting for it.")
        elif progress.event == "start":
            self.terminal.begin(f"  {_verb(progress)} {progress.step}...")
        elif progress.event == "done":
            took = f" ({progress.seconds:.1f} s)" if progress.seconds > LONG else ""
            self.terminal.say(f" {'FAKED' if progress.fake else 'OK'}{took}", "good")

    def _failed(self, error: Exception) -> Exception:
        """Return what ends the command: which migration failed, where, and what is left of it."""
        step = self._under_way
        if step is None:
            return error
        if not self.is_silent:
            self.terminal.say(" FAILED", "bad")
            # What follows is on stderr: where both are one, it comes after this.
            self.terminal.out.flush()
        notes = [note.replace(f"in {step}, ", "in ") for note in getattr(error, "__notes__", ())]
        left = "nothing of it was kept" if step.migration.atomic else KEPT
        return CommandError("; ".join([f"{step}: {told(error)}", *notes, left]), FINDINGS)


def _verb(progress: Progress) -> str:
    return "Unapplying" if progress.step is not None and progress.step.backwards else "Applying"
