"""The states that a migration leads through, one for each of its operations.

Stands on the state; does no I/O.
"""

from __future__ import annotations

from typing import NamedTuple

from .migration import Migration
from .operations import Operation
from .state import ProjectState


class Stage(NamedTuple):
    """One operation of a migration, with its number from 1 on, and the states before and after it."""

    number: int
    operation: Operation
    before: ProjectState
    after: ProjectState


def stages_of(migration: Migration, before: ProjectState) -> list[Stage]:
    """Return the operations of *migration* with their states; *before* is left as it is."""
    stages: list[Stage] = []
    for number, operation in enumerate(migration.operations, 1):
        after = before.clone()
        try:
            operation.state_forwards(migration.label, after)
        except Exception as error:
            add_place(error, migration, number, operation)
            raise
        stages.append(Stage(number, operation, before, after))
        before = after
    return stages


def state_after(migration: Migration, before: ProjectState) -> ProjectState:
    """Return the state that *migration* makes of *before*, which is left as it is."""
    after = before.clone()
    migration.mutate_state(after)
    return after


def add_place(error: Exception, migration: Migration, number: int, operation: Operation) -> None:
    """Write on *error* which operation of which migration raised it."""
    error.add_note(f"in {migration}, operation {number}: {operation.describe()}")
