"""What every operation is: one step of a migration, on the state and on the database, forwards and backwards.

The core is two coroutines, `apply()` and `revert()`; the faces `database_forwards()` and
`database_backwards()` run them on a connection of either colour.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, ClassVar

from ..._run import run_sync
from ...db.connection import async_executor, executor
from ...db.wrapper import AsyncConnection, Connection
from ...exceptions import MigrationError
from ..editor import SchemaEditor, editor_for
from ..references import comparable
from ..state import ProjectState


class Operation:
    """One step. Its arguments are its attributes, by the same names."""

    argument_names: ClassVar[tuple[str, ...]] = ()
    """The arguments of the constructor, in order."""
    optional: ClassVar[dict[str, Any]] = {}
    """Those that `deconstruct()` leaves out while they have this value."""

    reversible: bool = True
    atomic: bool = True
    """Whether it runs in a transaction; one that does not can only stand in a migration that does not."""
    elidable: bool = False
    """Whether squashing may leave it out."""

    def state_forwards(self, label: str, state: ProjectState) -> None:
        """Change *state* as the operation changes the models of the app *label*."""
        raise NotImplementedError(f"{type(self).__name__} must say what it does to a state")

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Change the database, from what *from_state* describes to what *to_state* does."""
        raise NotImplementedError(f"{type(self).__name__} must say what it does to a database")

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Change the database back: *from_state* is the one with the operation, *to_state* that without."""
        raise NotImplementedError(f"{type(self).__name__} must say how it is undone")

    # -- the two faces --------------------------------------------------------------------------

    def database_forwards(
        self, label: str, connection: Any, from_state: ProjectState, to_state: ProjectState
    ) -> Any:
        """Apply the operation to the database of *connection*; a coroutine for an asynchronous one."""
        return self._on(connection, self.apply, label, from_state, to_state)

    def database_backwards(
        self, label: str, connection: Any, from_state: ProjectState, to_state: ProjectState
    ) -> Any:
        """Undo the operation in the database of *connection*; a coroutine for an asynchronous one."""
        return self._on(connection, self.revert, label, from_state, to_state)

    def _on(self, connection: Any, step: Any, label: str, *states: ProjectState) -> Any:
        if isinstance(connection, AsyncConnection):
            return self._run(editor_for(async_executor(connection.alias)), step, label, states)
        if isinstance(connection, Connection):
            return run_sync(self._run(editor_for(executor(connection.alias)), step, label, states))
        raise TypeError(
            f"{self!r} runs on a connection of get_connection() or get_async_connection(), not {connection!r}"
        )

    async def _run(
        self, editor: SchemaEditor, step: Any, label: str, states: tuple[ProjectState, ...]
    ) -> None:
        work: Coroutine[Any, Any, None] = step(label, editor, *states)
        if self.atomic is False:
            await work
            return
        async with editor.db.atomic():
            await work

    # -- what others ask of it ------------------------------------------------------------------

    def describe(self) -> str:
        """Return a line for people: what it does, to which model and field."""
        return repr(self)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's name, and the arguments that make such an operation again."""
        values = {name: getattr(self, name) for name in self.argument_names}
        kwargs = {
            name: value
            for name, value in values.items()
            if name not in self.optional or differs(value, self.optional[name])
        }
        return type(self).__name__, [], kwargs

    def references(self, label: str, model_name: str, field: str | None = None) -> bool:
        """Whether the operation, of the app *label*, has to do with a model ("app.Name"), or a field of it.

        True where one cannot know.
        """
        return True

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        """Return what this and *other*, which comes later, are together.

        A list of operations in place of both; True if *other* may come before this; False if it may not.
        """
        if self.elidable:
            return [other]
        if other.elidable:
            return [self]
        return False

    def __repr__(self) -> str:
        # A function is shown by its name: where it is in memory tells nothing.
        shown = [
            f"{name}={getattr(value, '__qualname__', None) or repr(value)}"
            for name, value in self.deconstruct()[2].items()
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Operation) or type(self) is not type(other):
            return False
        return bool(comparable(self.deconstruct()) == comparable(other.deconstruct()))

    __hash__ = None  # type: ignore[assignment]  # arguments need not be hashable


def differs(value: Any, default: Any) -> bool:
    """Whether an optional argument was given; an empty list is no tuple and None here."""
    return bool(value or default) if isinstance(value, (list, tuple, dict)) else value is not default


def irreversible(operation: Operation) -> MigrationError:
    """Return the error of an operation that cannot be undone."""
    return IrreversibleError(f"{operation.describe()} cannot be undone: it has no reverse")


class IrreversibleError(MigrationError):
    """An operation cannot be undone."""
