"""Run migrations: one transaction each, with its record in it, under a lock.

Stands on the history for what there is and what is applied, and on the operations for what is done. One
coroutine core, for both colours; who wants to show how far it is gives `on_progress`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from time import perf_counter
from typing import Literal, TypeAlias

from .._record import Record
from ..db.executor import Executor
from ..db.transient import is_transient
from ..exceptions import MigrationError, OperationalError
from ..signals import Signal, post_migrate, pre_migrate
from . import recorder
from .editor import editor_for
from .file_lock import FileLock
from .history import Apps, History, Step
from .initial import is_there_already
from .loader import MigrationLoader
from .lock import MigrationLock
from .migration import Key
from .stages import state_after
from .state import ProjectState
from .work import work


class Progress(Record):
    """What a run is doing: *event* is "waiting" (for another migrator), "start", "done" or "skipped".

    A step is skipped that another process has done since the plan was made.
    """

    event: Literal["waiting", "start", "done", "skipped"]
    step: Step | None = None
    fake: bool = False
    seconds: float = 0.0


OnProgress: TypeAlias = Callable[[Progress], object]
Choose: TypeAlias = Callable[[History], list[Step]]


class _Busy(Exception):
    """Another process writes to the database, and its lock was not to be had for long."""


class Run:
    """One run of migrations on one database.

    With *fake*, migrations are recorded and nothing else is done; with *fake_initial*, that is so for the
    first migrations of apps whose tables and columns are all there.
    """

    def __init__(
        self,
        db: Executor,
        *,
        fake: bool = False,
        fake_initial: bool = False,
        verbosity: int = 1,
        on_progress: OnProgress | None = None,
    ) -> None:
        self.db = db
        self.fake = fake
        self.fake_initial = fake_initial
        self.verbosity = verbosity
        self._on_progress = on_progress

    async def migrate(self, apps: Apps, choose: Choose, *, partial: bool = False) -> list[Step]:
        """Do the steps that *choose* makes of the history, once no one else migrates; return them."""
        async with MigrationLock(self.db, self._tell_waiting) as lock:
            await recorder.ensure_table(self.db)
            history = await read_history(self.db, apps, partial=partial)
            history.check()
            await self._record_squashed(history, history.recorded)
            steps = choose(history)
            await self._send(pre_migrate, history, steps, history.applied)
            reached = await self._take_all(history, steps, lock)
            await self._record_squashed(history, await recorder.applied_migrations(self.db))
            await self._send(post_migrate, history, steps, reached)
        return steps

    async def _take_all(self, history: History, steps: Sequence[Step], lock: MigrationLock) -> set[Key]:
        """Do *steps* one after the other; return what is applied then."""
        earlier = history.states_before(step.key for step in steps if step.backwards)
        applied, state = set(history.applied), None
        for step in steps:
            await lock.check()
            if step.backwards:
                await self._take(step, earlier[step.key])
                applied.discard(step.key)
                state = None
            else:
                state = await self._take(step, state or history.state(applied))
                applied.add(step.key)
        return applied

    async def _record_squashed(self, history: History, recorded: Collection[Key]) -> None:
        """Record the squashed migrations whose parts are all recorded."""
        for migration in history.loader.disk.values():
            parts = migration.replaces
            if parts and migration.key not in recorded and all(part in recorded for part in parts):
                await recorder.record_applied(self.db, migration.key)

    # -- one step -------------------------------------------------------------------------------

    async def _take(self, step: Step, before: ProjectState) -> ProjectState:
        """Do one step, unless another process has; return the state after it."""
        while True:
            try:
                return await self._try(step, before)
            # SQLite gives up a wait after busy_timeout, however long the other one needs.
            except _Busy:
                self._tell_waiting()

    async def _try(self, step: Step, before: ProjectState) -> ProjectState:
        started = perf_counter()
        fake = self.fake
        if step.migration.atomic:
            async with self.db.atomic():
                if await self._is_done(step):
                    return self._skipped(step, before)
                fake = fake or await self._is_there(step, before)
                self._tell(Progress("start", step, fake))
                after = await self._do(step, before, fake)
                await self._record(step)
        else:
            async with FileLock(self.db, self._tell_waiting):
                if await self._is_done(step):
                    return self._skipped(step, before)
                fake = fake or await self._is_there(step, before)
                self._tell(Progress("start", step, fake))
                after = await self._do(step, before, fake)
                async with self.db.atomic():
                    await self._record(step)
        self._tell(Progress("done", step, fake, perf_counter() - started))
        return after

    async def _is_done(self, step: Step) -> bool:
        try:
            return await recorder.is_applied(self.db, step.key) is not step.backwards
        except OperationalError as error:
            if self.db.vendor == "sqlite" and is_transient(error):
                raise _Busy from error
            raise

    def _skipped(self, step: Step, before: ProjectState) -> ProjectState:
        self._tell(Progress("skipped", step))
        return before if step.backwards else state_after(step.migration, before)

    async def _is_there(self, step: Step, before: ProjectState) -> bool:
        if not self.fake_initial or step.backwards:
            return False
        return await is_there_already(self.db, step.migration, before)

    async def _do(self, step: Step, before: ProjectState, fake: bool) -> ProjectState:
        if fake:
            return before if step.backwards else state_after(step.migration, before)
        return await work(step, before, editor_for(self.db))

    async def _record(self, step: Step) -> None:
        write = recorder.record_unapplied if step.backwards else recorder.record_applied
        for key in (*step.migration.replaces, step.key):
            await write(self.db, key)

    # -- who is told ----------------------------------------------------------------------------

    def _tell_waiting(self) -> None:
        self._tell(Progress("waiting"))

    def _tell(self, progress: Progress) -> None:
        if self._on_progress is not None:
            self._on_progress(progress)

    async def _send(
        self, signal: Signal, history: History, steps: Sequence[Step], applied: Collection[Key]
    ) -> None:
        """Send *signal* once for each app, with the models as they are in the database."""
        if not signal.active:
            return
        apps = history.state(applied).apps
        plan = [(step.migration, step.backwards) for step in steps]
        for label in history.labels:
            facts = {"app_label": label, "using": self.db.alias, "plan": plan, "apps": apps}
            if self.db.is_async:
                await signal.asend(label, verbosity=self.verbosity, **facts)
            else:
                signal.send(label, verbosity=self.verbosity, **facts)


# -- beside a run --------------------------------------------------------------------------------


async def read_history(db: Executor, apps: Apps, *, partial: bool = False) -> History:
    """Return what there is and what of it *db* has; makes no table, and waits for nobody."""
    return History(apps, await recorder.applied_migrations(db), partial=partial)


async def prune(db: Executor, apps: Apps, labels: Collection[str]) -> list[Key]:
    """Forget the records of the apps *labels* whose migrations have no file; return what was forgotten.

    Raises MigrationError while a squashed migration still says that it replaces one of them.
    """
    async with MigrationLock(db, lambda: None), db.atomic():
        recorded = await recorder.applied_migrations(db)
        known = MigrationLoader(apps, recorded).disk
        gone = sorted(key for key in recorded if key[0] in labels and key not in known)
        for migration in known.values():
            named = sorted(set(migration.replaces) & set(gone))
            if named:
                raise MigrationError(
                    f"{migration} still says that it replaces {'.'.join(named[0])}: once it is applied "
                    "everywhere, take `replaces` out of its file, and prune then"
                )
        for key in gone:
            await recorder.record_unapplied(db, key)
    return gone
