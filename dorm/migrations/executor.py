"""MigrationExecutor: the migrations in one folder, on one database, in two colours.

Stands on the run of migrations; says what it does on stdout, as the command does.
"""

from __future__ import annotations

import os
from typing import TypeAlias

from .._run import run_sync
from ..db.connection import async_executor, executor
from ..db.executor import Executor
from ..exceptions import MigrationError
from .api import towards
from .history import History, Step
from .recorder import Database
from .run import Progress, Run, read_history
from .work import collect

Folder: TypeAlias = "str | os.PathLike[str]"


class MigrationExecutor:
    """The migrations of one app, whose *folder* may be anywhere and which need not be installed.

    *connection* is either wrapper. With *verbosity* 0 nothing is printed.
    """

    def __init__(self, connection: Database, verbosity: int = 1) -> None:
        self.alias = connection.alias
        self.verbosity = verbosity

    def __repr__(self) -> str:
        return f"<MigrationExecutor of {self.alias!r}>"

    def migrate(self, label: str, folder: Folder, dry_run: bool = False) -> list[str]:
        """Apply all that is not applied; return the names, or with *dry_run* the SQL that would run."""
        return run_sync(self._migrate(executor(self.alias), label, folder, dry_run))

    async def amigrate(self, label: str, folder: Folder, dry_run: bool = False) -> list[str]:
        """Apply all that is not applied; return the names, or with *dry_run* the SQL that would run."""
        return await self._migrate(async_executor(self.alias), label, folder, dry_run)

    def rollback(self, label: str, folder: Folder, target: str) -> list[str]:
        """Undo all that comes after *target*, or everything for "zero"; return the names."""
        return run_sync(self._go(executor(self.alias), label, folder, target, only_back=True))

    async def arollback(self, label: str, folder: Folder, target: str) -> list[str]:
        """Undo all that comes after *target*, or everything for "zero"; return the names."""
        return await self._go(async_executor(self.alias), label, folder, target, only_back=True)

    def migrate_to(self, label: str, folder: Folder, target: str) -> list[str]:
        """Apply or undo what lies between the database and *target*; return the names."""
        return run_sync(self._go(executor(self.alias), label, folder, target))

    async def amigrate_to(self, label: str, folder: Folder, target: str) -> list[str]:
        """Apply or undo what lies between the database and *target*; return the names."""
        return await self._go(async_executor(self.alias), label, folder, target)

    # -- the one core ---------------------------------------------------------------------------

    async def _migrate(self, db: Executor, label: str, folder: Folder, dry_run: bool) -> list[str]:
        if dry_run:
            return await self._written(db, label, folder)
        return await self._go(db, label, folder, None)

    async def _go(
        self, db: Executor, label: str, folder: Folder, target: str | None, *, only_back: bool = False
    ) -> list[str]:
        choose = towards(label, target)

        def chosen(history: History) -> list[Step]:
            steps = choose(history)
            if only_back and not all(step.backwards for step in steps):
                raise MigrationError(
                    f"{label}.{target} is not applied, and rollback() only goes back: use migrate_to()"
                )
            return steps

        run = Run(db, verbosity=self.verbosity, on_progress=self._tell)
        steps = await run.migrate({label: folder}, chosen, partial=True)
        if not steps:
            self._say("  No migrations to apply.")
        return [step.key[1] for step in steps]

    async def _written(self, db: Executor, label: str, folder: Folder) -> list[str]:
        history = await read_history(db, {label: folder}, partial=True)
        written = await collect(db, history, towards(label, None)(history))
        statements = [statement for _, each in written for statement in each]
        self._say("SQL that would run:" if statements else "No migrations to apply.")
        for statement in statements:
            self._say(statement)
        return statements

    def _tell(self, progress: Progress) -> None:
        if progress.event == "start" and progress.step is not None:
            self._say(
                f"  {'Unapplying' if progress.step.backwards else 'Applying'} {progress.step}...", end=""
            )
        elif progress.event == "done":
            self._say(" OK")

    def _say(self, text: str, end: str = "\n") -> None:
        if self.verbosity > 0:
            print(text, end=end, flush=True)
