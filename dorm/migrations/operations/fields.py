"""Operations on one field of a model.

Rests on the editor, which knows how a table is changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ...fields import Field
from ...fields.base import NOT_PROVIDED
from ...fields.related import ManyToManyField, RelationField
from ..references import full_label, same_field
from ..state import ProjectState
from .base import Operation
from .changes import ModelChange, lowered, missing


class FieldChange(ModelChange):
    """An operation on the field *name* of the model *model_name*."""

    name: str

    def where(self, label: str) -> str:
        return f"{type(self).__name__} of {label}.{self.model_name}.{self.name}"

    def is_same_model(self, other: Operation) -> bool:
        """Whether *other* is about a field of the same model."""
        return isinstance(other, FieldChange) and lowered(other.model_name) == lowered(self.model_name)

    def is_same_field(self, other: Operation) -> bool:
        """Whether *other* is about the same field."""
        return self.is_same_model(other) and isinstance(other, FieldChange) and other.name == self.name


class FieldDefinition(FieldChange):
    """An operation that says what a field is."""

    argument_names = ("model_name", "name", "field", "preserve_default")
    optional: ClassVar[dict[str, Any]] = {"preserve_default": True}

    def __init__(self, model_name: str, name: str, field: Field[Any], preserve_default: bool = True) -> None:
        self.model_name = model_name
        self.name = name
        self.field = field
        self.preserve_default = preserve_default

    def other_models(self, label: str) -> list[str]:
        if not isinstance(self.field, RelationField):
            return []
        through = self.field.through if isinstance(self.field, ManyToManyField) else None
        return [full_label(to, label, self.model_name) for to in (self.field.to, through) if to is not None]

    def kept_field(self) -> Field[Any]:
        """Return the field as the state keeps it: without a default that is for the rows of now alone."""
        return self.field if self.preserve_default else self.field.altered("default", NOT_PROVIDED)

    def filled(self) -> dict[str, Field[Any]]:
        return {} if self.preserve_default else {self.name: self.field}


class AddField(FieldDefinition):
    """Add a field; rows that are there get its default."""

    def describe(self) -> str:
        return f"Add field {self.name} to {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        model = state.model(label, self.model_name, self.where(label))
        if self.name in model["fields"]:
            raise missing(self.where(label), f"{model['name']} has a field of that name already")
        model["fields"] = {**model["fields"], self.name: self.kept_field()}

    def state_backwards(self, label: str, state: ProjectState) -> None:
        drop_field(state.model(label, self.model_name), self.name)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return self.name in state.model(label, self.model_name)["fields"]


class RemoveField(FieldChange):
    """Remove a field, and what its column holds."""

    argument_names = ("model_name", "name")

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def describe(self) -> str:
        return f"Remove field {self.name} from {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.field(label, self.model_name, self.name, self.where(label))
        drop_field(state.model(label, self.model_name), self.name)

    def state_backwards(self, label: str, state: ProjectState) -> None:
        state.field(label, self.model_name, self.name, self.where(label))

    def is_done(self, label: str, state: ProjectState) -> bool:
        return self.name not in state.model(label, self.model_name)["fields"]


class AlterField(FieldDefinition):
    """Make a field another one of the same name."""

    def describe(self) -> str:
        return f"Alter field {self.name} on {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.field(label, self.model_name, self.name, self.where(label))
        model = state.model(label, self.model_name)
        model["fields"] = {**model["fields"], self.name: self.kept_field()}

    def is_done(self, label: str, state: ProjectState) -> bool:
        field = state.field(label, self.model_name, self.name, self.where(label))
        return same_field(field, self.kept_field(), label)


class RenameField(FieldChange):
    """Give a field another name; what its column holds stays."""

    argument_names = ("model_name", "old_name", "new_name")

    def __init__(self, model_name: str, old_name: str, new_name: str) -> None:
        self.model_name = model_name
        # Of the two, the one that is there before.
        self.name = self.old_name = old_name
        self.new_name = new_name

    def describe(self) -> str:
        return f"Rename field {self.old_name} on {self.model_name} to {self.new_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.field(label, self.model_name, self.old_name, self.where(label))
        state.rename_field(label, self.model_name, self.old_name, self.new_name)

    def state_backwards(self, label: str, state: ProjectState) -> None:
        state.rename_field(label, self.model_name, self.new_name, self.old_name)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return self.old_name not in state.model(label, self.model_name)["fields"]

    def renames(self, old: tuple[ProjectState, str], new: tuple[ProjectState, str]) -> dict[str, str]:
        there = any(
            self.old_name in model["fields"]
            for key, model in old[0].models.items()
            if model["name"].lower() == old[1].lower()
        )
        return {self.old_name: self.new_name} if there else {self.new_name: self.old_name}


def drop_field(model: dict[str, Any], name: str) -> None:
    """Take a field out of a state's model."""
    model["fields"] = {key: field for key, field in model["fields"].items() if key != name}
