"""What is not the same in two states, as steps: fields that came and went, options, indexes and constraints.

Pure but for the questions. Renames have been done before: a name that is in both states is the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..fields import NOT_PROVIDED, Field
from ..fields.related import ForeignKey, ManyToManyField, RelationField
from ..indexes import Index
from .compare import told, told_field
from .operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    AlterModelTable,
    AlterModelTableComment,
    AlterUniqueTogether,
    CreateModel,
    Operation,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameIndex,
)
from .questions import Questioner
from .references import full_label, groups, label_of
from .state import KEPT_OPTIONS, ProjectState
from .steps import Fact, Step, exists, freed, has

Model = Mapping[str, Any]
# Indexes or constraints by name, each with what it says.
Items = dict[str, tuple[Any, Any]]

ITEMS: Final = ("indexes", "constraints")
NOTHING: Final = (None, None)


class Differences:
    """The differences between models that are in both *before* and *after*.

    `early` are the steps that make room, `late` those that stand on others; `middle` are all between.
    """

    def __init__(self, before: ProjectState, after: ProjectState, questioner: Questioner) -> None:
        self.before = before
        self.after = after
        self.questioner = questioner
        self.early: list[Step] = []
        self.middle: list[Step] = []
        self.late: list[Step] = []

    def step(
        self, key: str, operation: Operation, needs: Iterable[Fact] = (), gives: Iterable[Fact] = ()
    ) -> Step:
        """Return the step of an operation on the model *key*, which must be there unless this makes it."""
        own = () if isinstance(operation, CreateModel) else (exists(key),)
        return Step(label_of(key), operation, frozenset(gives), frozenset([*own, *needs]))

    def compare(self, key: str) -> None:
        """Add the steps of one model."""
        old, new = self.before.models[key], self.after.models[key]
        self._compare_options(key, old, new)
        if not new["options"].get("managed", True) and not old["options"].get("managed", True):
            return
        changed = self._compare_fields(key, old, new)
        self._compare_items(key, old, new, changed)
        self._compare_together(key, old, new, changed)

    # -- relations --------------------------------------------------------------------------------

    def targets(self, key: str, field: Field[Any], state: ProjectState) -> list[str]:
        """Return the keys of the models that *field*, of the model *key*, leads to."""
        if not isinstance(field, RelationField):
            return []
        name = state.models[key]["name"]
        through = field.through if isinstance(field, ManyToManyField) and not field.makes_table else None
        labels = [full_label(to, label_of(key), name) for to in (field.to, through) if to is not None]
        return [resolved(label, state) for label in labels]

    def needs(self, key: str, field: Field[Any]) -> set[Fact]:
        """Return what must be there before *field* can be."""
        targets = [target for target in self.targets(key, field, self.after) if target != key]
        found = {exists(target) for target in targets}
        if isinstance(field, ForeignKey) and field.to_field is not None and targets:
            found.add(has(targets[0], field.to_field))
        return found

    # -- options ----------------------------------------------------------------------------------

    def _compare_options(self, key: str, old: Model, new: Model) -> None:
        name, options = new["name"], new["options"]
        if _plain_options(old) != _plain_options(new):
            known = AlterModelOptions.OPTIONS
            given = {option: value for option, value in options.items() if option in known}
            self.middle.append(self.step(key, AlterModelOptions(name, given)))
        managers = [list(model.get("managers", {}).items()) for model in (old, new)]
        if told(managers[0]) != told(managers[1]):
            self.middle.append(self.step(key, AlterModelManagers(name, managers[1])))
        if table_of(key, old) != table_of(key, new):
            self.middle.append(self.step(key, AlterModelTable(name, options.get("db_table"))))
        comment = options.get("db_table_comment")
        if old["options"].get("db_table_comment") != comment:
            self.middle.append(self.step(key, AlterModelTableComment(name, comment)))

    # -- fields -----------------------------------------------------------------------------------

    def _compare_fields(self, key: str, old: Model, new: Model) -> set[Fact]:
        """Tell the changes of fields; return what is so once they are made."""
        facts: set[Fact] = set()
        removed = {
            name: field
            for name, field in old["fields"].items()
            if name not in new["fields"] or new["fields"][name].many_to_many != field.many_to_many
        }
        for name in removed:
            self.late.append(self._removal(key, name))
        for name, field in new["fields"].items():
            if name not in old["fields"] or name in removed:
                filled = self._filled_new(key, name, field)
                # What had the name, or the column, goes first.
                taken = [
                    one
                    for one, was in removed.items()
                    if one == name or (column_of(one, was) == column_of(name, field) is not None)
                ]
                needs = [freed(key, one) for one in taken]
                self.middle.append(self.addition(key, name, field, filled, needs))
            elif self._told(key, old["fields"][name], self.before) != self._told(key, field, self.after):
                self.middle.append(self._alteration(key, name, old["fields"][name], field))
            else:
                continue
            facts.add(has(key, name))
        return facts

    def _told(self, key: str, field: Field[Any], state: ProjectState) -> Any:
        return told_field(field, self.targets(key, field, state))

    def addition(
        self, key: str, name: str, field: Field[Any], filled: Field[Any], needs: Iterable[Fact] = ()
    ) -> Step:
        """Return the step that adds *field*; *filled* is the field with a default for the rows of now."""
        operation = AddField(self.after.models[key]["name"], name, filled, preserve_default=filled is field)
        return self.step(key, operation, {*self.needs(key, field), *needs}, [has(key, name)])

    def _alteration(self, key: str, name: str, old: Field[Any], field: Field[Any]) -> Step:
        filled = self._filled_null(key, name, old, field)
        operation = AlterField(self.after.models[key]["name"], name, filled, preserve_default=filled is field)
        gives = [has(key, name)]
        if self.targets(key, old, self.before) != self.targets(key, field, self.after):
            gives.append(freed(key, name))
        return self.step(key, operation, self.needs(key, field), gives)

    def _removal(self, key: str, name: str) -> Step:
        # A key that refers to the field by to_field lets go first.
        needs = {
            freed(owner, other)
            for owner, model in self.before.models.items()
            for other, field in model["fields"].items()
            if isinstance(field, ForeignKey) and field.to_field == name and (owner, other) != (key, name)
            if key in self.targets(owner, field, self.before)
        }
        return self.step(key, RemoveField(self.after.models[key]["name"], name), needs, [freed(key, name)])

    def _filled_new(self, key: str, name: str, field: Field[Any]) -> Field[Any]:
        """Return a new field with what rows get in it, if that had to be asked."""
        if field.null or field.has_pre_save or field.primary_key or _is_filled(field):
            return field
        model = self.after.models[key]["name"]
        value = self.questioner.default_for_new(label_of(key), model, name, field)
        return field if value is NOT_PROVIDED else field.altered("default", value)

    def _filled_null(self, key: str, name: str, old: Field[Any], field: Field[Any]) -> Field[Any]:
        """Return a field that takes no NULL any more with what takes its place, if that had to be asked."""
        if not old.null or field.null or old.many_to_many or _is_filled(field):
            return field
        model = self.after.models[key]["name"]
        value = self.questioner.default_for_null(label_of(key), model, name, field)
        return field if value is NOT_PROVIDED else field.altered("default", value)

    # -- indexes, constraints and unique_together -------------------------------------------------

    def _compare_items(self, key: str, old: Model, new: Model, changed: set[Fact]) -> None:
        added: dict[str, list[Any]] = {}
        for option in ITEMS:
            before, after = _named(key, old, option), _named(key, new, option)
            removed = {name: one for name, one in before.items() if after.get(name, NOTHING)[1] != one[1]}
            fresh = {name: one for name, one in after.items() if before.get(name, NOTHING)[1] != one[1]}
            if option == "indexes":
                # A name that is taken before cannot be given while its index is there.
                free = {name: one for name, one in fresh.items() if name not in before}
                for name in self._renamed_indexes(key, removed, free):
                    del fresh[name]
            for name, (item, _) in removed.items():
                is_index = isinstance(item, Index)
                kind = RemoveIndex(new["name"], item) if is_index else RemoveConstraint(new["name"], name)
                self.early.append(self.step(key, kind))
            added[option] = [item for item, _ in fresh.values()]
        self.add_items(key, added, changed)

    def _renamed_indexes(self, key: str, removed: Items, fresh: Items) -> list[str]:
        """Take an index that differs in its name alone out of *removed*; return the new names."""
        model = self.after.models[key]["name"]
        found = []
        for name, (item, _) in fresh.items():
            alike = [old for old, (was, _) in removed.items() if _but_name(was) == _but_name(item)]
            if item.name is not None and len(alike) == 1:
                was = removed.pop(alike[0])[0]
                found.append(name)
                unnamed = was.name is None
                operation = RenameIndex(
                    model,
                    name,
                    old_name=None if unnamed else alike[0],
                    old_fields=tuple(was.fields) if unnamed else None,
                )
                self.early.append(self.step(key, operation))
        return found

    def add_items(self, key: str, added: Mapping[str, Iterable[Any]], needs: Iterable[Fact]) -> None:
        """Add the steps that make indexes and constraints, once the fields are as they will be."""
        name, facts = self.after.models[key]["name"], frozenset(needs)
        for option in ITEMS:
            for item in added.get(option, ()):
                is_index = isinstance(item, Index)
                operation = AddIndex(name, item) if is_index else AddConstraint(name, item)
                self.late.append(self.step(key, operation, facts))

    def _compare_together(self, key: str, old: Model, new: Model, changed: set[Fact]) -> None:
        before, after = (groups(model["options"].get("unique_together")) for model in (old, new))
        if set(before) == set(after):
            return
        kept = tuple(group for group in before if group in after)
        if kept != before and any(name not in new["fields"] for group in before for name in group):
            self.early.append(self.step(key, AlterUniqueTogether(new["name"], kept)))
            before = kept
        if set(before) != set(after):
            self.late.append(self.step(key, AlterUniqueTogether(new["name"], after), changed))


# -- models ---------------------------------------------------------------------------------------


def resolved(label: str, state: ProjectState) -> str:
    """Return the key of the model that a full label means: "shop.Item" may be that of "myproject.shop"."""
    key = label.lower()
    if key in state.models:
        return key
    same = [known for known in state.models if known.lower() == key]
    similar = same or [known for known in state.models if known.lower().endswith(f".{key}")]
    return similar[0] if len(similar) == 1 else key


def table_of(key: str, model: Model) -> str:
    """Return the name of a model's table."""
    label, _, name = key.rpartition(".")
    return str(model["options"].get("db_table") or f"{label.rpartition('.')[2]}_{name}")


def kept_options(key: str, model: Model) -> dict[str, Any]:
    """Return the options of a new model without those that say nothing."""
    by_itself = table_of(key, {"options": {}})
    given = {name: value for name, value in model["options"].items() if not _is_default(name, value)}
    return {name: value for name, value in given.items() if (name, value) != ("db_table", by_itself)}


def _plain_options(model: Model) -> Any:
    given = {name: value for name, value in model["options"].items() if name in AlterModelOptions.OPTIONS}
    return told({name: _as_tuple(value) for name, value in given.items() if not _is_default(name, value)})


def _is_default(name: str, value: Any) -> bool:
    return bool(_as_tuple(value) == _as_tuple(KEPT_OPTIONS.get(name)))


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# -- fields and indexes ---------------------------------------------------------------------------


def _is_filled(field: Field[Any]) -> bool:
    """Return whether rows get a value by themselves: a default, an empty text, what the database computes."""
    has_own = field.has_default() or field.db_default is not NOT_PROVIDED
    return has_own or field.generated or field.many_to_many or field.get_default() is not None


def column_of(name: str, field: Field[Any]) -> str | None:
    """Return the column of a field; None for one without."""
    return None if field.many_to_many else field.db_column or field.attribute_for(name)


def _named(key: str, model: Model, option: str) -> Items:
    """Return the indexes or constraints of a model by name, each with what it says."""
    found: Items = {}
    for item in model["options"].get(option, ()):
        own = item.named_for(label_of(key), model["name"].lower())
        if own.name is None:
            # One of an index whose name follows that of its table.
            own.name = own.get_name("")
        found[own.name] = (item, told(own))
    return found


def _but_name(index: Index) -> Any:
    path, args, kwargs = index.deconstruct()
    return told([path, args, {name: value for name, value in kwargs.items() if name != "name"}])
