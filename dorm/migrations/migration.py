"""Migration: what one file of migrations says, once it is read.

Rests on the operations and the state; does no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from ..exceptions import MigrationError
from .operations.base import Operation
from .state import ProjectState

Key: TypeAlias = tuple[str, str]
"""The label of an app and the name of a migration."""

# What a file may say, as names of its module or of its class Migration.
ATTRIBUTES: Final = ("operations", "dependencies", "run_before", "replaces", "initial", "atomic")


class Migration:
    """The migration *name* of the app *label*: its operations, and which migrations come before it.

    *path* is the file that it was read from; None for one that has none yet.
    """

    def __init__(
        self,
        label: str,
        name: str,
        operations: Iterable[Operation] = (),
        dependencies: Iterable[Key] = (),
        *,
        run_before: Iterable[Key] = (),
        replaces: Iterable[Key] = (),
        initial: bool | None = None,
        atomic: bool = True,
        path: str | None = None,
    ) -> None:
        self.label = label
        self.name = name
        self.operations = list(operations)
        self.dependencies = list(dependencies)
        self.run_before = list(run_before)
        self.replaces = list(replaces)
        self.initial = initial
        self.atomic = atomic
        self.path = path

    @property
    def key(self) -> Key:
        """The label and the name."""
        return self.label, self.name

    @property
    def is_initial(self) -> bool:
        """Whether it is said to begin its app; without a word, whether it rests on none of the app's own."""
        if self.initial is not None:
            return self.initial
        return not any(label == self.label for label, _ in self.dependencies)

    def __repr__(self) -> str:
        return f"<Migration {self.label}.{self.name}>"

    def __str__(self) -> str:
        return f"{self.label}.{self.name}"

    def mutate_state(self, state: ProjectState) -> None:
        """Change *state* as the operations do; a MigrationError says in which migration it arose."""
        for operation in self.operations:
            try:
                operation.state_forwards(self.label, state)
            except MigrationError as error:
                raise MigrationError(f"{self}: {error}") from error

    def reduced(self, operations: Sequence[Operation]) -> Migration:
        """Return a migration like this one with other operations."""
        return Migration(
            self.label,
            self.name,
            operations,
            self.dependencies,
            run_before=self.run_before,
            replaces=self.replaces,
            initial=self.initial,
            atomic=self.atomic,
            path=self.path,
        )


def number_of(name: str) -> int | None:
    """Return the number that a migration's name begins with, or None."""
    digits = name.partition("_")[0]
    return int(digits) if digits.isdecimal() and digits.isascii() else None


def checked_keys(given: Any, where: str, option: str) -> list[Key]:
    """Return pairs of label and name; MigrationError unless *given* is a list of such pairs."""
    is_listed = isinstance(given, (list, tuple, set, frozenset))
    if is_listed and all(
        isinstance(key, (list, tuple)) and len(key) == 2 and all(isinstance(part, str) for part in key)
        for key in given
    ):
        return [(key[0], key[1]) for key in given]
    raise MigrationError(
        f'{where}: {option} takes a list of pairs such as ("blog", "0001_initial"), not {given!r}'
    )
