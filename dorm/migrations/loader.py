"""Read the migrations of a project from their files, and make a graph of them.

Rests on the graph. Files are read one by one, from the folders that are named and nowhere else; the same file
is run anew by each loader, and no module of it is kept.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from .._text import listed
from ..exceptions import MigrationError
from .graph import MigrationGraph, missing
from .migration import ATTRIBUTES, Key, Migration, checked_keys, number_of
from .operations.base import Operation
from .state import ProjectState

Folder = str | PathLike[str]


class MigrationLoader:
    """The migrations of *apps*, a folder for each label, as a database that has *applied* some sees them.

    With *partial*, the apps are not the whole project: a dependency on another app is taken as met.

    `disk` holds every migration that was read; `graph` those that count: of squashed migrations and
    those that they replace, one or the other. `applied` holds the given ones, and a squashed one whose parts
    all are.
    """

    def __init__(
        self, apps: Mapping[str, Folder], applied: Iterable[Key] = (), *, partial: bool = False
    ) -> None:
        self.folders = {label: Path(folder) for label, folder in apps.items()}
        self.partial = partial
        self.disk: dict[Key, Migration] = {}
        for label, folder in self.folders.items():
            for migration in read_folder(label, folder):
                self.disk[migration.key] = migration
        self.applied: set[Key] = set(applied)
        self.graph = self._graph()

    def __repr__(self) -> str:
        return f"<MigrationLoader of {listed(self.folders) or 'no apps'}>"

    # -- the graph --------------------------------------------------------------------------------

    def _graph(self) -> MigrationGraph:
        graph = MigrationGraph(self.disk.values())
        for migration in self.disk.values():
            self._connect(graph, migration)
        # In the order of the files, so that a squash of squashes comes after those.
        for migration in self.disk.values():
            if migration.replaces and migration.key in graph:
                self._settle(graph, migration)
        graph.check()
        return graph

    def _connect(self, graph: MigrationGraph, migration: Migration) -> None:
        for dependency in migration.dependencies:
            parent = self._resolved(dependency, migration)
            if parent is not None:
                graph.connect(migration.key, parent)
        for follower in migration.run_before:
            child = self._resolved(follower, migration)
            if child is not None:
                graph.connect(child, migration.key)

    def _resolved(self, key: Key, migration: Migration) -> Key | None:
        """Return the migration that a dependency means; None for one that needs none."""
        label, name = key
        if key in self.disk:
            return key
        own = sorted(other for app, other in self.disk if app == label)
        if name in ("__first__", "__latest__"):
            if label == migration.label:
                raise MigrationError(f"{where(migration)}: {name} cannot stand for the app's own migrations")
            if own:
                return label, own[0] if name == "__first__" else own[-1]
            if label in self.folders or self.partial:
                return None
        if self.partial and label not in self.folders:
            return None
        # The parts of a squashed migration may have gone, when it has taken their places.
        heirs = [one.key for one in self.disk.values() if key in one.replaces and one is not migration]
        if heirs:
            return heirs[0]
        if key in migration.replaces:
            return None
        raise MigrationError(missing(key, self.disk, f"{where(migration)} depends on {label}.{name}: "))

    def _settle(self, graph: MigrationGraph, migration: Migration) -> None:
        """Keep either a squashed migration or its parts, by which of these are applied, as Django does."""
        done = [key in self.applied for key in migration.replaces]
        if migration.key in self.applied and not any(done):
            # It was applied when its parts had gone already.
            done = [True]
        if all(done):
            self.applied.add(migration.key)
        else:
            self.applied.discard(migration.key)
        if all(done) or not any(done):
            graph.keep_replacement(migration.key, migration.replaces)
            return
        gone = [key for key in migration.replaces if key not in self.disk]
        if gone:
            names = listed(name for _, name in gone)
            raise MigrationError(
                f"{where(migration)} replaces migrations of which some are applied, and the files of others "
                f"have gone: {names}. Put these files back, apply them, then remove them again."
            )
        graph.drop_replacement(migration.key, migration.replaces)

    # -- what is asked of it ----------------------------------------------------------------------

    def names(self, label: str) -> list[str]:
        """Return the names of an app's migrations in the order in which they are applied."""
        plan = self.graph.full_plan(self.graph.leaves(label))
        return [name for app, name in plan if app == label]

    def conflicts(self) -> dict[str, list[str]]:
        """Return the apps that have several last migrations, with their names."""
        return self.graph.conflicts()

    def check_conflicts(self, labels: Iterable[str] | None = None) -> None:
        """Raise MigrationError when an app, or one of *labels*, has several last migrations."""
        wanted = None if labels is None else set(labels)
        found = {
            label: names for label, names in self.conflicts().items() if wanted is None or label in wanted
        }
        if found:
            shown = "; ".join(f"{', '.join(names)} in {label}" for label, names in sorted(found.items()))
            raise MigrationError(
                f"Conflicting migrations: there are several last ones ({shown}). "
                "Run 'dorm makemigrations --merge' to join them."
            )

    def check_history(self) -> None:
        """Raise MigrationError when a migration is applied and one that it depends on is not."""
        for key in sorted(self.applied & self.graph.migrations.keys()):
            for parent in sorted(self.graph.parents[key]):
                if parent not in self.applied:
                    raise MigrationError(
                        f"{'.'.join(key)} is applied before {'.'.join(parent)}, on which it depends. "
                        "Was that file added later? Apply it by hand; record it with 'dorm migrate --fake'."
                    )

    def find(self, label: str, name: str) -> Migration:
        """Return the migration of an app by its name, the beginning of it, or its number.

        MigrationError when there is none, or several.
        """
        if label not in self.folders:
            raise MigrationError(missing((label, name), [(app, "") for app in self.folders]))
        own = {key[1]: one for key, one in self.graph.migrations.items() if key[0] == label}
        if name in own:
            return own[name]
        if (label, name) in self.disk:
            return self.disk[label, name]
        begun = [other for other in own if other.startswith(name)]
        if not begun and name.isdecimal():
            begun = [other for other in own if number_of(other) == int(name)]
        if len(begun) > 1:
            raise MigrationError(
                f"{name!r} is the beginning of several migrations of {label}: {listed(begun)}. Write more."
            )
        if not begun:
            raise MigrationError(missing((label, name), self.disk))
        return own[begun[0]]

    def state(self, targets: Iterable[Key] | None = None) -> ProjectState:
        """Return the models after *targets*, or after every migration."""
        return self.graph.state(targets)


def where(migration: Migration) -> str:
    """Return how errors call a migration: its file, when it has one."""
    return migration.path or str(migration)


# -- files ----------------------------------------------------------------------------------------


def read_folder(label: str, folder: Folder) -> list[Migration]:
    """Return the migrations of an app, by name; `[]` when there is no such folder."""
    return [read_migration(label, path) for path in migration_files(folder)]


def migration_files(folder: Folder) -> list[Path]:
    """Return the files of migrations in *folder*, by name: every module but those that begin with "_"."""
    place = Path(folder)
    if not place.is_dir():
        return []
    return sorted(path for path in place.glob("*.py") if path.is_file() and path.name[0] not in "_~.")


def read_migration(label: str, path: Folder) -> Migration:
    """Return what the file *path* says; MigrationError, which names the file, when it cannot be read."""
    file = Path(path)
    said = attributes_of(run_file(label, file), file)
    operations = said["operations"]
    if not isinstance(operations, (list, tuple)):
        raise MigrationError(f"{file}: operations takes a list of operations, not {operations!r}")
    for operation in operations:
        if not isinstance(operation, Operation):
            given = operation.__name__ if isinstance(operation, type) else repr(operation)
            hint = ": call it" if isinstance(operation, type) and issubclass(operation, Operation) else ""
            raise MigrationError(f"{file}: {given} is no operation{hint}")
    keys = {
        option: checked_keys(said.get(option, ()), str(file), option)
        for option in ("dependencies", "run_before", "replaces")
    }
    return Migration(
        label,
        file.stem,
        operations,
        keys["dependencies"],
        run_before=keys["run_before"],
        replaces=keys["replaces"],
        initial=said.get("initial"),
        atomic=bool(said.get("atomic", True)),
        path=str(file),
    )


def attributes_of(module: ModuleType, file: Path) -> dict[str, Any]:
    """Return what a migration's module says: by names of its own, or by those of its class Migration."""
    written = getattr(module, "Migration", None)
    if isinstance(written, type) and written is not Migration:
        if "operations" in vars(module):
            raise MigrationError(
                f"{file}: operations stand both in the module and in its class Migration: keep one"
            )
        said = {name: getattr(written, name) for name in ATTRIBUTES if hasattr(written, name)}
        return {"operations": [], **said}
    said = {name: vars(module)[name] for name in ATTRIBUTES if name in vars(module)}
    if "operations" not in said:
        raise MigrationError(
            f"{file}: there is no list called operations, and no class Migration. If this file is no "
            f"migration, rename it to _{file.name}."
        )
    return said


def run_file(label: str, file: Path) -> ModuleType:
    """Run the file of a migration, and return its module; MigrationError for whatever it raises."""
    name = module_name(label, file)
    loader = importlib.machinery.SourceFileLoader(name, str(file))
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    # What is defined in it may look for its module while it runs, as a dataclass does.
    sys.modules[name] = module
    try:
        # Compiled here: a kept .pyc is told apart by the second, and files are written within one.
        exec(loader.source_to_code(file.read_bytes(), str(file)), module.__dict__)
    except Exception as error:  # the file is the project's, and may raise anything
        raise MigrationError(
            f"{file}{_line_of(error, file)}: {type(error).__name__}: {_words(error)}"
        ) from error
    finally:
        if before is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before
    return module


def module_name(label: str, file: Path) -> str:
    """Return the dotted name of a migration's module, by the packages around it; else by its label."""
    parts = [file.stem]
    folder = file.resolve().parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) if len(parts) > 1 else f"{label}.migrations.{file.stem}"


def _line_of(error: Exception, file: Path) -> str:
    """Return ":12", the last line of *file* that led to *error*."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f":{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return f":{lines[-1]}" if lines else ""


def _words(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)
