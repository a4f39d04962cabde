"""Operations on one field of a model.

Rests on the editor, which knows how a table is changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ...fields import Field, GeneratedField
from ...fields.base import NOT_PROVIDED
from ...fields.related import ManyToManyField
from ..editor import SchemaEditor
from ..references import full_label, related_models, same_field
from ..state import ProjectState
from .base import Operation
from .changes import ModelChange, missing
from .models import DeleteModel


class FieldChange(ModelChange):
    """An operation on the field *name* of the model *model_name*."""

    name: str

    def where(self, label: str) -> str:
        return f"{type(self).__name__} of {label}.{self.model_name}.{self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names that the field has before and after the operation."""
        return (self.name,)

    def is_same_field(self, other: Operation) -> bool:
        """Whether *other* is about the field that this leaves."""
        return isinstance(other, FieldChange) and self.is_same_model(other) and other.name == self.names[-1]

    def references(self, label: str, model_name: str, field: str | None = None) -> bool:
        if field is None or full_label(model_name, label).lower() != f"{label}.{self.model_name}".lower():
            return super().references(label, model_name, field)
        return field in self.names or self.may_name_others(label)

    def may_name_others(self, label: str) -> bool:
        """Whether the field may have to do with other fields of its model."""
        return False

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        found = Operation.reduce(self, other, label)
        model = f"{label}.{self.model_name}"
        return found or not any(other.references(label, model, name) for name in self.names)


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
        return related_models([self.field], label, self.model_name)

    def kept_field(self) -> Field[Any]:
        """Return the field as the state keeps it: without a default that is for the rows of now alone."""
        return self.field if self.preserve_default else self.field.altered("default", NOT_PROVIDED)

    def filled(self) -> dict[str, Field[Any]]:
        return {} if self.preserve_default else {self.name: self.field}

    def may_name_others(self, label: str) -> bool:
        own = f"{label}.{self.model_name}".lower()
        to_itself = any(other.lower() == own for other in self.other_models(label))
        return to_itself or isinstance(self.field, GeneratedField)


class AddField(FieldDefinition):
    """Add a field; rows that are there get its default."""

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if self.is_same_field(other):
            if isinstance(other, RemoveField):
                return []
            if isinstance(other, AlterField):
                return [AddField(self.model_name, self.name, other.field, other.preserve_default)]
            if isinstance(other, RenameField):
                return [AddField(self.model_name, other.new_name, self.field, self.preserve_default)]
        return super().reduce(other, label)

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

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, DeleteModel) and self.is_same_model(other):
            return [other]
        return super().reduce(other, label)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return self.name not in state.model(label, self.model_name)["fields"]


class AlterField(FieldDefinition):
    """Make a field another one of the same name."""

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, (AlterField, RemoveField)) and self.is_same_field(other):
            return [other]
        if isinstance(other, RenameField) and self.is_same_field(other) and self.field.db_column is None:
            altered = AlterField(self.model_name, other.new_name, self.field, self.preserve_default)
            return [other, altered]
        return super().reduce(other, label)

    def describe(self) -> str:
        return f"Alter field {self.name} on {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.field(label, self.model_name, self.name, self.where(label))
        model = state.model(label, self.model_name)
        model["fields"] = {**model["fields"], self.name: self.kept_field()}

    async def change(
        self, label: str, editor: SchemaEditor, old: tuple[ProjectState, str], new: tuple[ProjectState, str]
    ) -> None:
        places = {_place_of_values(state.field(label, name, self.name)) for state, name in (old, new)}
        if len(places) > 1:
            raise missing(
                self.where(label),
                "a ManyToManyField keeps its values in a table of pairs, which no other field can take over, "
                "nor a model that through names: remove the field, and add the new one",
            )
        await super().change(label, editor, old, new)

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

    @property
    def names(self) -> tuple[str, ...]:
        return (self.old_name, self.new_name)

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, RenameField) and self.is_same_field(other):
            return [RenameField(self.model_name, self.old_name, other.new_name)]
        return super().reduce(other, label)

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


def _place_of_values(field: Field[Any]) -> str:
    """Return where the values of a field are."""
    if not isinstance(field, ManyToManyField):
        return "column"
    return "pairs" if field.makes_table else "model"


def drop_field(model: dict[str, Any], name: str) -> None:
    """Take a field out of a state's model."""
    model["fields"] = {key: field for key, field in model["fields"].items() if key != name}
