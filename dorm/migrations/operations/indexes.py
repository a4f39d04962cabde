"""Operations on the indexes and constraints of a model.

Rests on the editor; those that work beside other transactions are PostgreSQL's.
"""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from ...constraints import BaseConstraint
from ...exceptions import MigrationError
from ...indexes import Index
from ..editor import SchemaEditor
from ..state import ProjectState
from .base import Operation
from .changes import ModelOperation, missing
from .models import set_option


class IndexOperation(ModelOperation):
    """An operation on an index or a constraint of the model *model_name*."""

    option: ClassVar[str] = "indexes"

    def named(self, label: str, state: ProjectState) -> list[Any]:
        """Return the indexes, or constraints, that a state's model has."""
        return list(state.model(label, self.model_name, self.where(label))["options"].get(self.option, ()))

    def add_to(self, label: str, state: ProjectState, item: Any) -> None:
        """Put an index or a constraint into a state, in place of one of the same name."""
        name = name_of(label, state, self.model_name, item)
        kept = [
            each for each in self.named(label, state) if name_of(label, state, self.model_name, each) != name
        ]
        set_option(state.model(label, self.model_name), self.option, [*kept, item])

    def remove_from(self, label: str, state: ProjectState, name: str) -> None:
        """Take an index or a constraint out of a state; one that it does not know is none to take."""
        kept = [
            each for each in self.named(label, state) if name_of(label, state, self.model_name, each) != name
        ]
        set_option(state.model(label, self.model_name), self.option, kept or None)


def name_of(label: str, state: ProjectState, model_name: str, item: Any) -> str:
    """Return the name of an index or constraint in the database."""
    model = state.model(label, model_name)
    own = item.named_for(label, model["name"].lower())
    if not isinstance(own, Index):
        return str(own.name)
    default = f"{label.rpartition('.')[2]}_{model['name'].lower()}"
    return own.get_name(model["options"].get("db_table") or default)


class AddIndex(IndexOperation):
    """Add an index."""

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, IndexOperation) and self.is_same_model(other) and self.index.name is not None:
            if isinstance(other, RemoveIndex) and other.known_name == self.index.name:
                return []
            if isinstance(other, RenameIndex) and other.old_name == self.index.name:
                index = copy(self.index)
                index.name = other.new_name
                return [type(self)(self.model_name, index)]
        return super().reduce(other, label)

    argument_names = ("model_name", "index")

    def __init__(self, model_name: str, index: Index) -> None:
        self.model_name = model_name
        self.index = index

    def describe(self) -> str:
        return f"Create index {shown_name(self.index)} on {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        self.add_to(label, state, self.index)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, to_state, from_state)
        await editor.add_index(holder.apps.options(label, self.model_name), self.index)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, from_state, to_state)
        await editor.remove_index(holder.apps.options(label, self.model_name), self.index)


class RemoveIndex(IndexOperation):
    """Remove an index, which is given as it is, or by its *name* alone."""

    argument_names = ("model_name", "index", "name")
    optional: ClassVar[dict[str, Any]] = {"index": None, "name": None}

    def __init__(self, model_name: str, index: Index | None = None, name: str | None = None) -> None:
        if index is None and name is None:
            raise TypeError("RemoveIndex() takes an index or its name")
        self.model_name = model_name
        self.index = index
        self.name = name

    @property
    def known_name(self) -> str | None:
        """The index's name, where that is known without its table."""
        return self.name if self.index is None else self.index.name

    def describe(self) -> str:
        return f"Remove index {self.name or shown_name(self.index)} from {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        index = self.found(label, state)
        self.remove_from(label, state, name_of(label, state, self.model_name, index))

    def found(self, label: str, *states: ProjectState) -> Index:
        """Return the index: the one that was given, or the one of the name in the first state that has it."""
        if self.index is not None:
            self.holder(label, *states)
            return self.index
        for state in states:
            if state.get_model(label, self.model_name) is not None:
                for index in self.named(label, state):
                    if name_of(label, state, self.model_name, index) == self.name:
                        found: Index = index
                        return found
        raise missing(self.where(label), f"there is no index {self.name!r} here")

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, from_state, to_state)
        index = self.found(label, from_state, to_state)
        await editor.remove_index(holder.apps.options(label, self.model_name), index)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, to_state, from_state)
        index = self.found(label, to_state, from_state)
        await editor.add_index(holder.apps.options(label, self.model_name), index)


class RenameIndex(IndexOperation):
    """Give an index another name; *old_fields* is what one without a name is over."""

    argument_names = ("model_name", "new_name", "old_name", "old_fields")
    optional: ClassVar[dict[str, Any]] = {"old_name": None, "old_fields": None}

    def __init__(
        self,
        model_name: str,
        new_name: str,
        old_name: str | None = None,
        old_fields: Any = None,
    ) -> None:
        if (old_name is None) == (old_fields is None):
            raise TypeError("RenameIndex() takes either old_name or old_fields")
        self.model_name = model_name
        self.new_name = new_name
        self.old_name = old_name
        self.old_fields = old_fields

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, RenameIndex) and self.is_same_model(other) and other.old_name == self.new_name:
            return [RenameIndex(self.model_name, other.new_name, self.old_name, self.old_fields)]
        return super().reduce(other, label)

    def describe(self) -> str:
        old = self.old_name or f"over {', '.join(self.old_fields)}"
        return f"Rename index {old} on {self.model_name} to {self.new_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        old = self.found(label, state)
        own = old.named_for(label, self.model_name.lower())
        own.name = self.new_name
        kept = [own if each is old else each for each in self.named(label, state)]
        set_option(state.model(label, self.model_name), self.option, kept)

    def found(self, label: str, state: ProjectState) -> Index:
        """Return the index of the old name or fields in a state; MigrationError if there is none."""
        for index in self.named(label, state):
            if self.old_name == name_of(label, state, self.model_name, index):
                return index  # type: ignore[no-any-return]  # an index of the state
            if self.old_fields is not None and index.name is None and index.fields == list(self.old_fields):
                return index  # type: ignore[no-any-return]  # an index of the state
        raise missing(self.where(label), f"there is no index {self.old_name or self.old_fields!r} here")

    def names(self, label: str, *states: ProjectState) -> tuple[str, str, ProjectState]:
        """Return the old name, the new one, and the state that knows the index by its old one."""
        for state in states:
            if state.get_model(label, self.model_name) is None:
                continue
            if self.old_name is not None:
                return self.old_name, self.new_name, state
            try:
                index = self.found(label, state)
            except MigrationError:
                continue
            return name_of(label, state, self.model_name, index), self.new_name, state
        raise missing(self.where(label), f"there is no index {self.old_name or self.old_fields!r} here")

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        old, new, holder = self.names(label, from_state, to_state)
        await editor.rename_index(holder.apps.options(label, self.model_name), old, new)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        old, new, holder = self.names(label, to_state, from_state)
        await editor.rename_index(holder.apps.options(label, self.model_name), new, old)


class AddConstraint(IndexOperation):
    """Add a constraint; rows that do not hold to it are an IntegrityError."""

    def reduce(self, other: Operation, label: str) -> list[Operation] | bool:
        if isinstance(other, RemoveConstraint) and self.is_same_model(other):
            if other.name == self.constraint.name:
                return []
        return super().reduce(other, label)

    argument_names = ("model_name", "constraint")
    option = "constraints"

    def __init__(self, model_name: str, constraint: BaseConstraint) -> None:
        self.model_name = model_name
        self.constraint = constraint

    def describe(self) -> str:
        return f"Create constraint {self.constraint.name} on model {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        self.add_to(label, state, self.constraint)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await self.change(label, editor, from_state, to_state, add=True)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await self.change(label, editor, to_state, from_state, add=False)

    async def change(
        self, label: str, editor: SchemaEditor, before: ProjectState, after: ProjectState, *, add: bool
    ) -> None:
        """Add the constraint to the table, or remove it."""
        holder = self.holder(label, before, after)
        without, having = holder.clone(), holder.clone()
        self.remove_from(label, without, name_of(label, holder, self.model_name, self.constraint))
        self.add_to(label, having, self.constraint)
        sides = [
            state.apps.options(label, self.model_name)
            for state in ((without, having) if add else (having, without))
        ]
        await editor.alter_model(sides[0], sides[1])


class RemoveConstraint(IndexOperation):
    """Remove a constraint by its name."""

    argument_names = ("model_name", "name")
    option = "constraints"

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def describe(self) -> str:
        return f"Remove constraint {self.name} from model {self.model_name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        self.found(label, state)
        self.remove_from(label, state, self.name)

    def found(self, label: str, *states: ProjectState) -> BaseConstraint:
        """Return the constraint from the first state that has it; MigrationError if none has."""
        self.holder(label, *states)
        for state in states:
            if state.get_model(label, self.model_name) is not None:
                for each in self.named(label, state):
                    if name_of(label, state, self.model_name, each) == self.name:
                        found: BaseConstraint = each
                        return found
        raise missing(self.where(label), f"there is no constraint {self.name!r} here")

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        constraint = self.found(label, from_state, to_state)
        await AddConstraint(self.model_name, constraint).revert(label, editor, from_state, to_state)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        constraint = self.found(label, to_state, from_state)
        await AddConstraint(self.model_name, constraint).apply(label, editor, from_state, to_state)


# -- beside other transactions --------------------------------------------------------------------


class AddIndexConcurrently(AddIndex):
    """Add an index without keeping writers out: PostgreSQL's CREATE INDEX CONCURRENTLY.

    It runs outside of a transaction, in a migration with `atomic = False`. SQLite adds it as any other.
    """

    atomic = False

    def describe(self) -> str:
        return f"Concurrently create index {shown_name(self.index)} on {self.model_name}"

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, to_state, from_state)
        options = holder.apps.options(label, self.model_name)
        refuse_transaction(self, editor)
        await editor.add_index(options, self.index, concurrently=True)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        holder = self.holder(label, from_state, to_state)
        options = holder.apps.options(label, self.model_name)
        refuse_transaction(self, editor)
        await editor.remove_index(options, self.index, concurrently=True)


class RemoveIndexConcurrently(RemoveIndex):
    """Remove an index without keeping readers and writers out: PostgreSQL's DROP INDEX CONCURRENTLY.

    It runs outside of a transaction, in a migration with `atomic = False`. SQLite removes it as any other.
    """

    atomic = False

    def describe(self) -> str:
        return f"Concurrently remove index {self.name or shown_name(self.index)} from {self.model_name}"

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        options = self.holder(label, from_state, to_state).apps.options(label, self.model_name)
        refuse_transaction(self, editor)
        await editor.remove_index(options, self.found(label, from_state, to_state), concurrently=True)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        options = self.holder(label, to_state, from_state).apps.options(label, self.model_name)
        refuse_transaction(self, editor)
        await editor.add_index(options, self.found(label, to_state, from_state), concurrently=True)


def refuse_transaction(operation: Operation, editor: SchemaEditor) -> None:
    """Raise MigrationError inside of a transaction, in which PostgreSQL works beside nobody."""
    if editor.works_beside and editor.db.in_atomic and not editor.collect:
        raise MigrationError(
            f"{type(operation).__name__} cannot run in a transaction: set atomic = False in its migration"
        )


def shown_name(index: Index | None) -> str:
    """Return the name of an index, or what it is over."""
    if index is None:
        return ""
    return index.name or f"over {', '.join(index.fields)}"
