"""Make migrations: from what the models say and what the files say already to files that are not there yet.

Stands on the autodetector and the writer; reads no database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TypeAlias

from .._text import listed
from ..exceptions import MigrationError
from .autodetector import MigrationAutodetector
from .loader import MigrationLoader
from .migration import Key, Migration
from .naming import merged_name, next_number, numbered
from .questions import Questioner
from .references import label_of
from .squasher import squash_operations
from .state import ProjectState
from .writer import save

# The new migrations of each app, in their order.
Made: TypeAlias = dict[str, list[Migration]]


def models_of(labels: Collection[str]) -> ProjectState:
    """Return the state of the models that are defined now, of the apps *labels* alone."""
    state = ProjectState.from_apps()
    return ProjectState({key: model for key, model in state.models.items() if label_of(key) in labels})


def detected(
    loader: MigrationLoader,
    labels: Collection[str] | None = None,
    *,
    name: str | None = None,
    questioner: Questioner | None = None,
) -> Made:
    """Return the migrations that lead from the files to the models: of all apps, or of *labels*.

    Raises MigrationError when an app has several last migrations.
    """
    loader.check_conflicts()
    detector = MigrationAutodetector(loader.state(), models_of(loader.folders), questioner=questioner)
    return detector.migrations(loader.graph, labels, name)


def empty(loader: MigrationLoader, labels: Iterable[str], name: str | None = None) -> Made:
    """Return a migration without operations for each of *labels*, to be filled by hand."""
    made: Made = {}
    for label in labels:
        leaves = loader.graph.leaves(label)
        chosen = name or ("custom" if leaves else "initial")
        made[label] = [Migration(label, _next(loader, label, chosen), (), leaves, initial=not leaves or None)]
    return made


def branches(loader: MigrationLoader, label: str) -> dict[Key, list[Migration]]:
    """Return, for each last migration of an app, what leads to it and to no other."""
    ways = {leaf: loader.graph.forwards_plan(leaf) for leaf in loader.graph.leaves(label)}
    shared = set.intersection(*map(set, ways.values())) if ways else set()
    return {
        leaf: [loader.graph.migrations[key] for key in way if key not in shared and key[0] == label]
        for leaf, way in ways.items()
    }


def merged(loader: MigrationLoader, labels: Iterable[str], name: str | None = None) -> Made:
    """Return a migration for each of *labels* that joins its last ones."""
    made: Made = {}
    for label in labels:
        leaves = loader.graph.leaves(label)
        chosen = name or merged_name([each for _, each in leaves])
        made[label] = [Migration(label, _next(loader, label, chosen), (), leaves)]
    return made


def updated(loader: MigrationLoader, made: Made, applied: Collection[Key]) -> Migration:
    """Return the last migration of the one app in *made* with what is new there among its operations.

    Raises MigrationError for more than one app, for an app without migrations, and for a migration that is
    applied, squashed, or one that others depend on.
    """
    if len(made) != 1:
        raise MigrationError(f"--update changes one migration, and there is something new in {listed(made)}")
    [(label, migrations)] = made.items()
    if not loader.graph.leaves(label):
        raise MigrationError(f"{label} has no migrations yet: leave --update out")
    last = loader.graph.get(loader.graph.leaves(label)[0])
    if last.key in applied:
        raise MigrationError(f"{last} is applied already: undo it first, or leave --update out")
    if last.replaces or loader.graph.children[last.key]:
        what = "is squashed" if last.replaces else "has others that depend on it"
        raise MigrationError(f"{last} {what}: leave --update out")
    new = {migration.key for migration in migrations}
    operations = [operation for one in (last, *migrations) for operation in one.operations]
    dependencies = {key for one in (last, *migrations) for key in one.dependencies} - new - {last.key}
    changed = last.reduced(squash_operations(operations, label))
    changed.dependencies = sorted(dependencies)
    return changed


def _next(loader: MigrationLoader, label: str, name: str) -> str:
    return numbered(next_number(other for app, other in loader.disk if app == label), name)


def written(loader: MigrationLoader, made: Made) -> list[Path]:
    """Write the files of new migrations; return their paths. Raises MigrationError for one that is there."""
    every = [migration for migrations in made.values() for migration in migrations]
    for migration in every:
        if path_of(loader, migration).exists():
            raise MigrationError(f"{path_of(loader, migration)} is there already: give another name")
    return [save(migration, loader.folders[migration.label]) for migration in every]


def path_of(loader: MigrationLoader, migration: Migration) -> Path:
    """Return the file that a new migration is written to."""
    return loader.folders[migration.label] / f"{migration.name}.py"
