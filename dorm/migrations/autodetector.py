"""Compare two states, and say which operations lead from the one to the other.

Rests on the steps that renames and differences are told in. Reads no database and no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .creations import all_steps
from .differences import Differences
from .graph import MigrationGraph
from .migration import Key, Migration
from .naming import next_number, numbered, suggested_name
from .operations import AlterField, Operation, RenameField, RenameModel
from .questions import Questioner
from .references import label_of
from .renames import Renames
from .state import ProjectState, key_of
from .steps import Chunk, Plan, Step, chunks_of, exists, has


class MigrationAutodetector:
    """The changes from *from_state* to *to_state*.

    *rename_hints* say what was renamed: `{"models": {"blog": {"Author": "Writer"}}, "fields": {"blog.Writer":
    {"name": "title"}}}`. With *detect_renames*, a model that went and one that came are one when their fields
    have the same names and types, and a field that went and one that came when they are the only ones of
    their model and have the same `db_type`. Else the *questioner* is asked; without one, nothing was renamed.
    """

    def __init__(
        self,
        from_state: ProjectState,
        to_state: ProjectState,
        rename_hints: Mapping[str, Any] | None = None,
        detect_renames: bool = False,
        *,
        questioner: Questioner | None = None,
    ) -> None:
        self.from_state = from_state
        self.to_state = to_state
        self.questioner = questioner or Questioner()
        self.renames = Renames(rename_hints, by_likeness=detect_renames, questioner=self.questioner)
        self._plan: Plan | None = None

    def changes(self, label: str | None = None) -> dict[str, list[Operation]]:
        """Return the operations by app, or those of the app *label*, in order; {} when nothing changed."""
        found: dict[str, list[Operation]] = {}
        for chunk in chunks_of(self.plan):
            if label in (None, chunk.label):
                found.setdefault(chunk.label, []).extend(step.operation for step in chunk.steps)
        return found

    def migrations(
        self, graph: MigrationGraph, labels: Iterable[str] | None = None, name: str | None = None
    ) -> dict[str, list[Migration]]:
        """Return the migrations to write, by app: numbered, and dependent on one another and on *graph*.

        With *labels*, only those of these apps, and what they depend on.
        """
        chunks = chunks_of(self.plan)
        if labels is not None:
            wanted = set(labels)
            chunks = _with_parents([chunk for chunk in chunks if chunk.label in wanted], chunks)
        made: dict[Chunk, Migration] = {}
        for chunk in chunks:
            made[chunk] = self._migration(chunk, made, graph, name)
        found: dict[str, list[Migration]] = {}
        for migration in made.values():
            found.setdefault(migration.label, []).append(migration)
        return found

    def _migration(
        self, chunk: Chunk, made: Mapping[Chunk, Migration], graph: MigrationGraph, name: str | None
    ) -> Migration:
        leaves = graph.leaves(chunk.label)
        own = [one.name for one in made.values() if one.label == chunk.label]
        operations = [step.operation for step in chunk.steps]
        number = next_number([*(other for app, other in graph.migrations if app == chunk.label), *own])
        chosen = name or suggested_name(operations, initial=number == 1)
        dependencies: list[Key] = [made[parent].key for parent in chunk.parents]
        if not own:
            dependencies += leaves
        for app in chunk.outside:
            dependencies += [key for key in graph.leaves(app) if key not in dependencies]
        initial = True if not leaves else None
        return Migration(
            chunk.label, numbered(number, chosen), operations, sorted(dependencies), initial=initial
        )

    # -- how it is found --------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """Every step from one state to the other, in order; found once: no question is asked twice."""
        if self._plan is None:
            middle = self.from_state.clone()
            renamed = [*self._renamed_models(middle), *self._renamed_fields(middle)]
            differences = Differences(middle, self.to_state, self.questioner)
            self._plan = Plan([*renamed, *all_steps(differences)])
        return self._plan

    def _renamed_models(self, state: ProjectState) -> list[Step]:
        """Return the renames of models, done in *state*."""
        self.old_names: dict[str, str] = {}
        steps = []
        for label, old, new in list(self.renames.models(state, self.to_state)):
            operation = RenameModel(old, new)
            operation.state_forwards(label, state)
            self.old_names[key_of(label, new)] = old
            steps.append(Step(label, operation, frozenset({exists(key_of(label, new))})))
        return steps

    def _renamed_fields(self, state: ProjectState) -> list[Step]:
        """Return the renames of fields, done in *state*."""
        steps = []
        for key, new in self.to_state.models.items():
            if key not in state.models:
                continue
            old_name: str = self.old_names.get(key) or new["name"]
            for old, name in list(self.renames.fields(key, state.models[key], new, old_name)):
                for operation in self._renaming(key, old, name, state):
                    operation.state_forwards(label_of(key), state)
                    given = frozenset({has(key, name)}) if isinstance(operation, RenameField) else frozenset()
                    steps.append(Step(label_of(key), operation, given, frozenset({exists(key)})))
        return steps

    def _renaming(self, key: str, old: str, new: str, state: ProjectState) -> Iterable[Operation]:
        model, field = self.to_state.models[key]["name"], self.to_state.models[key]["fields"][new]
        was = state.models[key]["fields"][old]
        column = was.db_column or was.attribute_for(old)
        if field.db_column == column and was.db_column is None and not field.many_to_many:
            # The column keeps its name: first it is said to have it, then nothing is left to rename.
            yield AlterField(model, old, was.altered("db_column", column))
        yield RenameField(model, old, new)


def _with_parents(chunks: Iterable[Chunk], every: Iterable[Chunk]) -> list[Chunk]:
    """Return *chunks* and those that come before them, in the order of *every*."""
    wanted: set[Chunk] = set()
    waiting = list(chunks)
    while waiting:
        chunk = waiting.pop()
        if chunk not in wanted:
            wanted.add(chunk)
            waiting += chunk.parents
    return [chunk for chunk in every if chunk in wanted]
