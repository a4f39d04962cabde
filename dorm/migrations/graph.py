"""The migrations of a project, and which come before which.

Pure: rests on migrations alone. It holds what was put into it; what a database has already, the loader says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from .migration import Key, Migration
from .state import ProjectState


class MigrationGraph:
    """Migrations by key, with their parents (which come before) and their children."""

    def __init__(self, migrations: Iterable[Migration] = ()) -> None:
        self.migrations: dict[Key, Migration] = {}
        self.parents: dict[Key, set[Key]] = {}
        self.children: dict[Key, set[Key]] = {}
        for migration in migrations:
            self.add(migration)

    def __contains__(self, key: object) -> bool:
        return key in self.migrations

    def __repr__(self) -> str:
        return f"<MigrationGraph of {len(self.migrations)} migrations>"

    def add(self, migration: Migration) -> None:
        """Put a migration in, without its dependencies."""
        self.migrations[migration.key] = migration
        self.parents.setdefault(migration.key, set())
        self.children.setdefault(migration.key, set())

    def connect(self, child: Key, parent: Key) -> None:
        """Have *parent* come before *child*; both must be there."""
        self.parents[child].add(parent)
        self.children[parent].add(child)

    def remove(self, key: Key) -> None:
        """Take a migration out, with its edges."""
        del self.migrations[key]
        for parent in self.parents.pop(key):
            self.children[parent].discard(key)
        for child in self.children.pop(key):
            self.parents[child].discard(key)

    # -- squashed migrations ----------------------------------------------------------------------

    def keep_replacement(self, key: Key, replaced: Iterable[Key]) -> None:
        """Take *replaced* out, and have *key* stand in their places."""
        gone = [one for one in replaced if one in self.migrations]
        for one in gone:
            parents, children = self.parents[one], self.children[one]
            self.remove(one)
            # What stands between two that go, goes too.
            for parent in parents - {key, *gone}:
                self.connect(key, parent)
            for child in children - {key, *gone}:
                self.connect(child, key)

    def drop_replacement(self, key: Key, replaced: Iterable[Key]) -> None:
        """Take *key* out, and have the last of *replaced* come before what came after it."""
        own = {one for one in replaced if one in self.migrations}
        last = {one for one in own if not self.children[one] & own}
        children = self.children[key] - own
        self.remove(key)
        for child in children:
            for one in last:
                self.connect(child, one)

    # -- what is asked of it ----------------------------------------------------------------------

    def check(self) -> None:
        """Raise MigrationError, with the way around, when migrations wait for one another."""
        try:
            TopologicalSorter(self.parents).prepare()
        except CycleError as error:
            way: list[Key] = error.args[1]
            shown = " -> ".join(f"{label}.{name}" for label, name in reversed(way))
            raise MigrationError(
                f"Migrations depend on one another in a circle: {shown}. Take one of these dependencies away."
            ) from error

    def get(self, key: Key) -> Migration:
        """Return the migration of *key*; MigrationError, with the nearest name, when there is none."""
        if key not in self.migrations:
            raise MigrationError(missing(key, self.migrations))
        return self.migrations[key]

    def leaves(self, label: str | None = None) -> list[Key]:
        """Return the migrations after which none of the same app comes, in order: of all apps, or of one."""
        return sorted(
            key
            for key in self.migrations
            if label in (None, key[0]) and all(child[0] != key[0] for child in self.children[key])
        )

    def roots(self, label: str | None = None) -> list[Key]:
        """Return the migrations before which none of the same app comes, in order."""
        return sorted(
            key
            for key in self.migrations
            if label in (None, key[0]) and all(parent[0] != key[0] for parent in self.parents[key])
        )

    def conflicts(self) -> dict[str, list[str]]:
        """Return the apps that have several last migrations, with their names."""
        found: dict[str, list[str]] = {}
        for label, name in self.leaves():
            found.setdefault(label, []).append(name)
        return {label: names for label, names in found.items() if len(names) > 1}

    def forwards_plan(self, target: Key) -> list[Key]:
        """Return what must be applied for *target*, which is last: each after all that it depends on."""
        self.get(target)
        return self._walk([target], self.parents)

    def backwards_plan(self, target: Key) -> list[Key]:
        """Return what must be undone for *target* to be undone, which is last: each before what it needs."""
        self.get(target)
        return self._walk([target], self.children)

    def full_plan(self, targets: Iterable[Key] | None = None) -> list[Key]:
        """Return every migration that *targets*, or all leaves, need: each after all that it depends on."""
        return self._walk(list(self.leaves() if targets is None else targets), self.parents)

    def _walk(self, targets: list[Key], edges: Mapping[Key, set[Key]]) -> list[Key]:
        """Return all that is reached from *targets* over *edges*, the farthest first."""
        placed: dict[Key, None] = {}
        # No recursion: a project may have thousands in a row.
        waiting = [(target, False) for target in reversed(targets)]
        while waiting:
            key, is_open = waiting.pop()
            if key in placed:
                continue
            if is_open:
                placed[key] = None
                continue
            waiting.append((key, True))
            waiting += [(other, False) for other in sorted(edges[key], reverse=True) if other not in placed]
        return list(placed)

    def state(self, targets: Iterable[Key] | None = None) -> ProjectState:
        """Return the models after *targets* and all that they need; after everything by default."""
        state = ProjectState()
        for key in self.full_plan(targets):
            self.migrations[key].mutate_state(state)
        return state

    def state_before(self, target: Key) -> ProjectState:
        """Return the models as *target* finds them."""
        state = ProjectState()
        for key in self.forwards_plan(target)[:-1]:
            self.migrations[key].mutate_state(state)
        return state


def missing(key: Key, known: Iterable[Key], where: str = "") -> str:
    """Return what is said of a migration that is not among *known*, with the nearest that is."""
    label, name = key
    every = list(known)
    own = sorted(other for app, other in every if app == label)
    if own:
        hint = f"{did_you_mean(nearest(name, own))} Migrations of {label}: {listed(own)}."
    else:
        apps = {app for app, _ in every}
        hint = f" No app {label!r} has migrations here.{did_you_mean(nearest(label, apps))}"
    return f"{where}there is no migration {label}.{name}.{hint}"
