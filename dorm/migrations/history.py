"""What there is of migrations and what of it is applied: from a target to the steps that lead there.

Stands on the loader; does no I/O but to read the files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from os import PathLike
from typing import Final, TypeAlias

from .._record import Record
from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from .loader import MigrationLoader
from .migration import Key, Migration
from .operations import Operation
from .state import ProjectState

ZERO: Final = "zero"

# From the label of an app to the folder of its migrations.
Apps: TypeAlias = Mapping[str, "str | PathLike[str]"]
# An app's label, and the name of a migration of it; None stands for before the first.
Target: TypeAlias = tuple[str, str | None]


class Step(Record):
    """A migration that is to be applied or, *backwards*, undone."""

    migration: Migration
    backwards: bool = False

    @property
    def key(self) -> Key:
        """Return the label of its app, and its name."""
        return self.migration.key

    @property
    def operations(self) -> list[Operation]:
        """Return its operations in the order in which they are done, or undone."""
        operations = self.migration.operations
        return operations[::-1] if self.backwards else operations

    def __str__(self) -> str:
        return str(self.migration)


class History:
    """The migrations of *apps* and, of these, the ones that are *recorded* in a database.

    With *partial*, the apps are not the whole project: a dependency on another app is taken as met.
    """

    def __init__(self, apps: Apps, recorded: Iterable[Key], *, partial: bool = False) -> None:
        self.recorded = set(recorded)
        self.loader = MigrationLoader(apps, self.recorded, partial=partial)
        self.graph = self.loader.graph
        self.labels = sorted(self.loader.folders)
        self.order = self.graph.full_plan()
        # Squashed migrations and those that they replace are never both in the graph.
        self.applied = self.loader.applied & self.graph.migrations.keys()

    def of(self, label: str) -> list[Key]:
        """Return the migrations of an app, in the order in which they are applied."""
        return [key for key in self.order if key[0] == label]

    def target(self, label: str, word: str | None = None) -> Target:
        """Return what *word* means: a name, the beginning of one, or "zero"; without it, the app's last.

        MigrationError says what there is instead.
        """
        if label not in self.labels:
            hint = did_you_mean(nearest(label, self.labels))
            raise MigrationError(f"there is no app {label!r}.{hint} Apps: {listed(self.labels) or 'none'}.")
        leaves = self.graph.leaves(label)
        if not leaves:
            raise MigrationError(f"{label} has no migrations. To make them: dorm makemigrations {label}")
        if word == ZERO:
            return label, None
        return leaves[0] if word is None else self.loader.find(label, word).key

    def latest(self) -> list[Key]:
        """Return the last migration of each app that has any."""
        return self.graph.leaves()

    def check(self) -> None:
        """Raise MigrationError for an app with two last migrations, and one applied before its dependency."""
        self.loader.check_conflicts()
        self.loader.check_history()

    # -- plans ----------------------------------------------------------------------------------

    def plan(self, targets: Iterable[Target]) -> list[Step]:
        """Return the steps to *targets*: forwards with all that they depend on, or backwards.

        What depends on a step that is undone is undone before it, in whatever app.
        """
        applied = set(self.applied)
        steps: list[Step] = []
        for label, name in targets:
            for step in self._steps(label, name, applied):
                (applied.discard if step.backwards else applied.add)(step.key)
                steps.append(step)
        return steps

    def _steps(self, label: str, name: str | None, applied: Collection[Key]) -> list[Step]:
        if name is None:
            return self._undone(self.of(label), applied)
        if (label, name) in applied:
            # What stands beside the target in another branch of the app is no part of what is to remain.
            return self._undone([key for key in self.graph.children[label, name] if key[0] == label], applied)
        plan = self.graph.forwards_plan((label, name))
        return [Step(self.graph.migrations[key]) for key in plan if key not in applied]

    def _undone(self, keys: Iterable[Key], applied: Collection[Key]) -> list[Step]:
        gone = {key for first in keys for key in self.graph.backwards_plan(first)}
        return [
            Step(self.graph.migrations[key], backwards=True)
            for key in reversed(self.order)
            if key in gone and key in applied
        ]

    def as_if(self, applied: Iterable[Key]) -> History:
        """Return the same migrations with others of them applied."""
        other = copy(self)
        other.applied = set(applied)
        return other

    # -- states ---------------------------------------------------------------------------------

    def state(self, applied: Collection[Key] | None = None) -> ProjectState:
        """Return the models as they are after all that is applied, or after the migrations that are given."""
        present = self.applied if applied is None else applied
        state = ProjectState()
        for key in self.order:
            if key in present:
                self.graph.migrations[key].mutate_state(state)
        return state

    def states_before(self, keys: Iterable[Key]) -> dict[Key, ProjectState]:
        """Return the models as they are without each of *keys* and what comes after it."""
        wanted = set(keys)
        found: dict[Key, ProjectState] = {}
        state = ProjectState()
        for key in self.order:
            if key in wanted:
                found[key] = state.clone()
            if key in self.applied:
                self.graph.migrations[key].mutate_state(state)
        return found
