"""Make one migration of several: their operations, reduced to what is left of them.

Pure. How two operations become one, they say themselves; here is only which may meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._record import Record
from ..exceptions import MigrationError
from ..fields.related import RelationField
from .loader import MigrationLoader
from .migration import Key, Migration, number_of
from .naming import numbered
from .operations import CreateModel
from .operations.base import Operation


def squash_operations(operations: Sequence[Operation], label: str | None = None) -> list[Operation]:
    """Return fewer operations that do the same: what is made and changed is made so, what goes is not made.

    *label* is the app whose they are; without it, it is told by the relations among its own models.
    """
    found = list(operations)
    home = label if label is not None else _home_of(found)
    while True:
        reduced = _reduced_once(found, home)
        if reduced is None:
            return found
        found = reduced


def _reduced_once(operations: list[Operation], label: str) -> list[Operation] | None:
    """Return *operations* after the first pair that becomes something else; None without such a pair."""
    for place, operation in enumerate(operations):
        # Whether *operation* may be done as late as the one that it meets.
        is_movable = True
        for distance, other in enumerate(operations[place + 1 :]):
            result = operation.reduce(other, label)
            if isinstance(result, list):
                between = operations[place + 1 : place + 1 + distance]
                rest = operations[place + 2 + distance :]
                if all(_may_pass(one, [other, *result], label) for one in between):
                    return [*operations[:place], *result, *between, *rest]
                if is_movable:
                    return [*operations[:place], *between, *result, *rest]
                break
            if result is not True:
                is_movable = False
    return None


def _may_pass(between: Operation, later: Iterable[Operation], label: str) -> bool:
    """Return whether all of *later* may be done before *between*."""
    return all(between.reduce(one, label) is True for one in later)


def _home_of(operations: Sequence[Operation]) -> str:
    """Return the app of *operations*, as their relations name it; any word, when these name none."""
    made = {one.name.lower() for one in operations if isinstance(one, CreateModel)}
    for operation in operations:
        fields = [field for _, field in operation.fields] if isinstance(operation, CreateModel) else []
        for field in [*fields, getattr(operation, "field", None)]:
            if isinstance(field, RelationField) and isinstance(field.to, str):
                label, _, name = field.to.rpartition(".")
                if label and name.lower() in made:
                    return label
    return "app"


class Squash(Record):
    """A migration made of *parts*, which had *count* operations."""

    migration: Migration
    parts: tuple[Key, ...]
    count: int


def squash(
    loader: MigrationLoader, label: str, end: str, start: str | None = None, name: str | None = None
) -> Squash:
    """Return one migration for those of *label* from *start*, or from the first on, up to *end*.

    *start* and *end* are names, their beginnings, or numbers. It is called after *end*, or *name*.
    """
    parts = _parts(loader, label, end, start)
    _check_circle(loader, [part.key for part in parts])
    keys = {part.key for part in parts}
    operations = [one for part in parts for one in part.operations]
    reduced = squash_operations([one for one in operations if not one.elidable], label)
    outside = [key for part in parts for key in part.dependencies if key not in keys]
    before = [key for part in parts for key in part.run_before if key not in keys]
    first, last = parts[0], parts[-1]
    migration = Migration(
        label,
        numbered(number_of(first.name) or 1, name or f"squashed_{last.name}"),
        reduced,
        sorted(set(outside)),
        run_before=sorted(set(before)),
        replaces=[part.key for part in parts],
        initial=True if first.is_initial else None,
        atomic=all(part.atomic for part in parts),
    )
    if migration.key in loader.disk:
        raise MigrationError(f"There is a migration {migration} already: give the squashed one another name.")
    return Squash(migration, tuple(migration.replaces), len(operations))


def _parts(loader: MigrationLoader, label: str, end: str, start: str | None) -> list[Migration]:
    last = loader.find(label, end)
    own = [key for key in loader.graph.forwards_plan(last.key) if key[0] == label]
    if start is not None:
        first = loader.find(label, start)
        if first.key not in own:
            raise MigrationError(
                f"{first} does not come before {last}: squash from the earlier to the later."
            )
        own = own[own.index(first.key) :]
    if len(own) < 2:
        raise MigrationError(f"There is nothing to squash: {last} stands alone.")
    return [loader.graph.get(key) for key in own]


def _check_circle(loader: MigrationLoader, keys: Sequence[Key]) -> None:
    """Raise MigrationError when another migration stands between those that become one."""
    own = set(keys)
    for key in keys:
        for parent in sorted(loader.graph.parents[key] - own):
            between = own & set(loader.graph.forwards_plan(parent))
            if between:
                first = ".".join(min(between))
                raise MigrationError(
                    f"{'.'.join(key)} depends on {'.'.join(parent)}, which depends on {first}: what stands "
                    "between them cannot be squashed with them. End before, or begin behind it."
                )
