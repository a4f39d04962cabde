"""What operations on one model share: finding the model in either state, and changing its table.

Rests on the editor.
"""

from __future__ import annotations

from typing import Any

from ...exceptions import MigrationError
from ...fields import Field
from ..editor import SchemaEditor
from ..references import full_label
from ..state import ProjectState
from .base import Operation


class ModelOperation(Operation):
    """An operation on one model."""

    model_name: str
    """The name of the model; before the operation, if that changes it."""

    @property
    def name_after(self) -> str:
        """The name that the model has afterwards."""
        return self.model_name

    def where(self, label: str) -> str:
        """Return how errors call the operation."""
        return f"{type(self).__name__} of {label}.{self.model_name}"

    def holder(self, label: str, *states: ProjectState) -> ProjectState:
        """Return the first of *states* that has the model; MigrationError if none has."""
        for state in states:
            if state.get_model(label, self.model_name) is not None:
                return state
        states[0].model(label, self.model_name, self.where(label))
        raise AssertionError("the line above raises")

    def references(self, label: str, model_name: str, field: str | None = None) -> bool:
        own = {f"{label}.{name}".lower() for name in (self.model_name, self.name_after)}
        wanted = full_label(model_name, label).lower()
        return wanted in own or any(wanted == other.lower() for other in self.other_models(label))

    def other_models(self, label: str) -> list[str]:
        """Return the full labels of the models that the operation's relations lead to."""
        return []

    def is_same_model(self, other: Operation) -> bool:
        """Whether *other* is about the model that this leaves."""
        return isinstance(other, ModelOperation) and lowered(other.model_name) == lowered(self.name_after)

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        names = {self.model_name, self.name_after}
        return super().reduce(other, label) or not any(
            other.references(label, f"{label}.{name}") for name in names
        )


class ModelChange(ModelOperation):
    """An operation that changes one model, and its table as far as that is another then."""

    def is_done(self, label: str, state: ProjectState) -> bool:
        """Whether a state that has the model is as this operation leaves it."""
        raise NotImplementedError

    def state_backwards(self, label: str, state: ProjectState) -> None:
        """Undo `state_forwards()`, where the operation alone says how; else leave *state* as it is."""

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        before, after = self.sides(label, from_state, to_state)
        await self.change(label, editor, (before, self.model_name), (after, self.name_after))

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        before, after = self.sides(label, to_state, from_state)
        await self.change(label, editor, (after, self.name_after), (before, self.model_name))

    async def change(
        self, label: str, editor: SchemaEditor, old: tuple[ProjectState, str], new: tuple[ProjectState, str]
    ) -> None:
        """Change the table from what one state says of the model to what the other does."""
        await editor.alter_model(
            old[0].apps.options(label, old[1]),
            new[0].apps.options(label, new[1]),
            self.renames(old, new),
            self.filled(),
        )

    def filled(self) -> dict[str, Field[Any]]:
        """Return the fields whose defaults are for the rows of now alone, by name."""
        return {}

    def renames(self, old: tuple[ProjectState, str], new: tuple[ProjectState, str]) -> dict[str, str]:
        """Return the fields that have another name afterwards, by their old ones."""
        return {}

    def sides(self, label: str, *states: ProjectState) -> tuple[ProjectState, ProjectState]:
        """Return the states before and after the operation.

        Callers may know one of them alone, or give them in the other order: what the operation itself says
        tells them apart, and makes the one that is missing.
        """
        holding = [state for state in states if self._has(label, state)]
        if not holding:
            states[0].model(label, self.model_name, self.where(label))
        before = next((state for state in holding if not self.is_done(label, state)), None)
        after = next((state for state in reversed(holding) if self.is_done(label, state)), None)
        if before is None:
            assert after is not None
            before = after.clone()
            self.state_backwards(label, before)
        if after is None:
            after = before.clone()
            self.state_forwards(label, after)
        return before, after

    def _has(self, label: str, state: ProjectState) -> bool:
        return any(state.get_model(label, name) for name in (self.model_name, self.name_after))


def missing(where: str, problem: str) -> MigrationError:
    """Return the error of an operation that does not fit."""
    return MigrationError(f"{where}: {problem}")


def lowered(*names: Any) -> tuple[str, ...]:
    """Return names to be compared without regard to case."""
    return tuple(str(name).lower() for name in names)
