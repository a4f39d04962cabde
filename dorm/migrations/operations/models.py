"""Operations on whole models: make, drop and rename them, and change their options.

Rests on the editor, which knows how a table is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from ...fields import Field
from ..editor import SchemaEditor
from ..references import groups, related_models
from ..state import ProjectState, copied
from .base import Operation
from .changes import ModelChange, ModelOperation


class CreateModel(ModelOperation):
    """Make a model and its table, with its own fields and options, whatever the states say of it."""

    argument_names = ("name", "fields", "options", "bases", "managers")
    optional: ClassVar[dict[str, Any]] = {"options": None, "bases": None, "managers": None}

    def __init__(
        self,
        name: str,
        fields: Iterable[tuple[str, Field[Any]]],
        options: Mapping[str, Any] | None = None,
        bases: Sequence[str] | None = None,
        managers: Iterable[tuple[str, Any]] | None = None,
    ) -> None:
        self.name = self.model_name = name
        self.fields = list(fields)
        self.options = dict(options or {})
        self.bases = tuple(bases or ())
        self.managers = list(managers or ())

    def describe(self) -> str:
        return f"Create {'proxy ' if self.options.get('proxy') else ''}model {self.name}"

    def other_models(self, label: str) -> list[str]:
        return [*self.bases, *related_models([field for _, field in self.fields], label, self.name)]

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if not self.is_same_model(other) or isinstance(other, CreateModel):
            return super().reduce(other, label)
        if isinstance(other, DeleteModel):
            return []
        # What becomes of the model's state is what a model made so at once would be.
        state = ProjectState()
        self.state_forwards(label, state)
        other.state_forwards(label, state)
        (model,) = state.models.values()
        fields, managers = model["fields"].items(), model.get("managers", {}).items()
        return [CreateModel(model["name"], fields, model["options"], model.get("bases"), managers)]

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.add_model(label, self.name, self.fields, self.options, managers=self.managers, bases=self.bases)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.create_model(self._own_state(label, to_state, from_state).apps.options(label, self.name))

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.delete_model(self._own_state(label, from_state, to_state).apps.options(label, self.name))

    def _own_state(self, label: str, *states: ProjectState) -> ProjectState:
        """Return the first state that has the model exactly as this makes it; one with it, if none does."""
        own = ProjectState()
        self.state_forwards(label, own)
        made = own.model(label, self.name)
        for state in states:
            if state.get_model(label, self.name) == made:
                return state
        state = states[0].clone()
        self.state_forwards(label, state)
        return state


class DeleteModel(ModelOperation):
    """Drop a model and its table."""

    argument_names = ("name",)

    def __init__(self, name: str) -> None:
        self.name = self.model_name = name

    def describe(self) -> str:
        return f"Delete model {self.name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.model(label, self.name, self.where(label))
        state.remove_model(label, self.name)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.delete_model(self.holder(label, from_state, to_state).apps.options(label, self.name))

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.create_model(self.holder(label, to_state, from_state).apps.options(label, self.name))


class RenameModel(ModelChange):
    """Give a model another name; its table follows, unless Meta names it."""

    argument_names = ("old_name", "new_name")

    def __init__(self, old_name: str, new_name: str) -> None:
        self.old_name = self.model_name = old_name
        self.new_name = new_name

    @property
    def name_after(self) -> str:
        return self.new_name

    def describe(self) -> str:
        return f"Rename model {self.old_name} to {self.new_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        state.model(label, self.old_name, self.where(label))
        state.rename_model(label, self.old_name, self.new_name)

    def state_backwards(self, label: str, state: ProjectState) -> None:
        state.rename_model(label, self.new_name, self.old_name)

    def is_done(self, label: str, state: ProjectState) -> bool:
        model = state.get_model(label, self.new_name)
        return model is not None and model["name"] == self.new_name

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, RenameModel) and self.is_same_model(other):
            return [RenameModel(self.old_name, other.new_name)]
        return super().reduce(other, label)


class OptionOperation(ModelOperation):
    """An operation that sets some options of a model: the last one alone counts."""

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, (type(self), DeleteModel)) and self.is_same_model(other):
            return [other]
        return super().reduce(other, label)


class AlterModelTable(OptionOperation, ModelChange):
    """Give the table of a model another name; None for the one that it has by itself."""

    argument_names = ("name", "table")

    def __init__(self, name: str, table: str | None) -> None:
        self.name = self.model_name = name
        self.table = table

    def describe(self) -> str:
        return f"Rename table for {self.name} to {self.table or '(default)'}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        set_option(state.model(label, self.name, self.where(label)), "db_table", self.table)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return bool(state.model(label, self.name)["options"].get("db_table") == self.table)


class AlterModelTableComment(OptionOperation, ModelChange):
    """Change what is said of a table in the database."""

    argument_names = ("name", "table_comment")

    def __init__(self, name: str, table_comment: str | None) -> None:
        self.name = self.model_name = name
        self.table_comment = table_comment

    def describe(self) -> str:
        return f"Alter {self.name} table comment"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        set_option(state.model(label, self.name, self.where(label)), "db_table_comment", self.table_comment)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return bool(state.model(label, self.name)["options"].get("db_table_comment") == self.table_comment)


class AlterUniqueTogether(OptionOperation, ModelChange):
    """Change which groups of fields no two rows share."""

    argument_names = ("name", "unique_together")

    def __init__(self, name: str, unique_together: Iterable[Any] | None) -> None:
        self.name = self.model_name = name
        self.unique_together = groups(unique_together)

    def describe(self) -> str:
        return f"Alter unique_together for {self.name} ({len(self.unique_together)} constraint(s))"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        model = state.model(label, self.name, self.where(label))
        for group in self.unique_together:
            for name in group:
                state.field(label, self.name, name.removesuffix("_id"), self.where(label))
        set_option(model, "unique_together", self.unique_together or None)

    def is_done(self, label: str, state: ProjectState) -> bool:
        return groups(state.model(label, self.name)["options"].get("unique_together")) == self.unique_together


# -- what the database does not see ---------------------------------------------------------------


class StateOperation(OptionOperation):
    """An operation on a model that changes nothing in the database."""

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.holder(label, from_state, to_state)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.holder(label, to_state, from_state)


class AlterModelOptions(StateOperation):
    """Change options that the database does not see: those not given go back to their defaults."""

    argument_names = ("name", "options")
    OPTIONS: Final = (
        "default_related_name", "get_latest_by", "managed", "ordering", "permissions", "default_permissions",
        "verbose_name", "verbose_name_plural", "base_manager_name", "default_manager_name",
    )  # fmt: skip

    def __init__(self, name: str, options: Mapping[str, Any]) -> None:
        self.name = self.model_name = name
        self.options = dict(options)

    def describe(self) -> str:
        return f"Change Meta options on {self.name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        model = state.model(label, self.name, self.where(label))
        kept = {key: value for key, value in model["options"].items() if key not in self.OPTIONS}
        model["options"] = {**kept, **self.options}


class AlterModelManagers(StateOperation):
    """Change the managers that historical models have: pairs of name and manager."""

    argument_names = ("name", "managers")

    def __init__(self, name: str, managers: Iterable[tuple[str, Any]]) -> None:
        self.name = self.model_name = name
        self.managers = list(managers)

    def describe(self) -> str:
        return f"Change managers on {self.name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        model = state.model(label, self.name, self.where(label))
        changed = {key: value for key, value in copied(model).items() if key != "managers"}
        model.clear()
        model.update(changed, **({"managers": dict(self.managers)} if self.managers else {}))


def set_option(model: dict[str, Any], name: str, value: Any) -> None:
    """Give a state's model an option; None takes it away."""
    options = {key: each for key, each in model["options"].items() if key != name}
    model["options"] = options if value is None else {**options, name: value}
