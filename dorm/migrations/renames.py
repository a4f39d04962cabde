"""Find what was renamed between two states: by hints, by likeness where it is asked for, or by asking.

Pure but for the questions. Works on the models of states; says nothing of the operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from ..fields import Field
from ..fields.related import RelationField
from .compare import told_field
from .questions import Questioner
from .references import label_of
from .state import ProjectState, key_of

Model = Mapping[str, Any]
Pair = tuple[str, str]

HINTS: Final = ("models", "fields")


class Vendor:
    """The database whose types are compared: the one with the more of them."""

    vendor = "postgresql"


class Renames:
    """The renames between two states.

    *hints* has "models", by label, and "fields", by "label.Model", each a mapping from old names to new ones.
    *by_likeness* takes two that are alike as one, where there is no other choice.
    """

    def __init__(self, hints: Mapping[str, Any] | None, *, by_likeness: bool, questioner: Questioner) -> None:
        self.hints = dict(hints or {})
        for name in self.hints:
            if name not in HINTS:
                raise MigrationError(f"rename_hints has 'models' and 'fields', not {name!r}")
        self.by_likeness = by_likeness
        self.questioner = questioner

    # -- models -----------------------------------------------------------------------------------

    def models(self, before: ProjectState, after: ProjectState) -> Iterator[tuple[str, str, str]]:
        """Return label, old name and new name of each model that was renamed."""
        labels = sorted({label_of(key) for key in (*before.models, *after.models)})
        self._check_places([before, after])
        hinted = self.hints.get("models", {})
        for label in hinted:
            if label not in labels:
                raise MigrationError(
                    f"rename_hints: there is no app {label!r}.{did_you_mean(nearest(label, labels))}"
                )
        for label in labels:
            gone = {key: model for key, model in before.models.items() if label_of(key) == label}
            new = {key: model for key, model in after.models.items() if label_of(key) == label}
            pairs = [(old, name) for old, name in hinted.get(label, {}).items()]
            for old, name in pairs:
                if _is_hint(f"the app {label!r}", old, name, _names(gone), _names(new)):
                    yield label, gone[key_of(label, old)]["name"], new[key_of(label, name)]["name"]
            used = {key_of(label, name) for pair in pairs for name in pair}
            old_keys = [key for key in gone if key not in new and key not in used]
            new_keys = [key for key in new if key not in gone and key not in used]
            for old, name in self._models_alike(
                label, {key: gone[key] for key in old_keys}, {key: new[key] for key in new_keys}
            ):
                yield label, gone[old]["name"], new[name]["name"]
            for key in gone.keys() & new.keys() - used:
                if gone[key]["name"] != new[key]["name"]:
                    yield label, gone[key]["name"], new[key]["name"]

    def _check_places(self, states: Iterable[ProjectState]) -> None:
        """Raise MigrationError for a hint about fields of a model that is in neither state."""
        every = {
            f"{label_of(key)}.{model['name']}" for state in states for key, model in state.models.items()
        }
        folded = {place.lower() for place in every}
        for place in self.hints.get("fields", {}):
            if place.lower() not in folded:
                suggestion = did_you_mean(nearest(place, every))
                raise MigrationError(f"rename_hints: there is no model {place!r}.{suggestion}")

    def _models_alike(
        self, label: str, gone: Mapping[str, Model], new: Mapping[str, Model]
    ) -> Iterator[Pair]:
        likes = {old: [key for key in new if is_alike(model, new[key])] for old, model in gone.items()}
        if self.by_likeness:
            for old, found in likes.items():
                rivals = [other for other, keys in likes.items() if set(keys) & set(found)]
                if len(found) == 1 and len(rivals) == 1:
                    yield old, found[0]
            return
        taken: set[str] = set()
        for old, found in likes.items():
            for key in found:
                names = gone[old]["name"], new[key]["name"]
                if key not in taken and self.questioner.is_renamed_model(label, *names):
                    taken.add(key)
                    yield old, key
                    break

    # -- fields -----------------------------------------------------------------------------------

    def fields(self, key: str, before: Model, after: Model, old_name: str) -> Iterator[Pair]:
        """Return old and new name of each field that was renamed, of a model that was *old_name* itself."""
        label = label_of(key)
        gone = {name: field for name, field in before["fields"].items() if name not in after["fields"]}
        new = {name: field for name, field in after["fields"].items() if name not in before["fields"]}
        hinted = self._hinted(label, {before["name"], after["name"], old_name})
        for old, name in hinted.items():
            if _is_hint(f"{label}.{after['name']}", old, name, before["fields"], after["fields"]):
                yield old, name
                gone.pop(old, None)
                new.pop(name, None)
        if self.by_likeness:
            if len(gone) == len(new) == 1:
                ((old, field),), ((name, other),) = gone.items(), new.items()
                if type_of(field) == type_of(other):
                    yield old, name
            return
        for old, field in gone.items():
            for name, other in list(new.items()):
                if _may_be(field, other, old) and self.questioner.is_renamed_field(
                    label, after["name"], old, name, other
                ):
                    del new[name]
                    yield old, name
                    break

    def _hinted(self, label: str, names: Iterable[str]) -> Mapping[str, str]:
        wanted = {f"{label}.{name}".lower() for name in names}
        found: dict[str, str] = {}
        for place, pairs in self.hints.get("fields", {}).items():
            if place.lower() in wanted:
                found |= pairs
        return found


def _names(models: Mapping[str, Model]) -> list[str]:
    return [model["name"] for model in models.values()]


def _is_hint(where: str, old: str, new: str, before: Iterable[str], after: Iterable[str]) -> bool:
    """Return whether a hint is of use; not so once it has been followed. MigrationError for a wrong name."""
    was, now = ({name.lower() for name in names} for names in (before, after))
    if old.lower() not in was:
        if new.lower() in was:
            return False
        raise MigrationError(
            f"rename_hints: {where} had nothing called {old!r}.{did_you_mean(nearest(old, before))} "
            f"It had: {listed(before)}."
        )
    if new.lower() not in now:
        raise MigrationError(
            f"rename_hints: {where} has nothing called {new!r}.{did_you_mean(nearest(new, after))} "
            f"It has: {listed(after)}."
        )
    if old.lower() in now and old.lower() != new.lower():
        raise MigrationError(f"rename_hints: {where} still has {old!r}, so that {new!r} is another")
    return True


# -- likeness -------------------------------------------------------------------------------------


def is_alike(one: Model, other: Model) -> bool:
    """Return whether two models have the same names of fields, each of the same type."""
    if one["fields"].keys() != other["fields"].keys() or not one["fields"]:
        return False
    return all(type_of(field) == type_of(other["fields"][name]) for name, field in one["fields"].items())


def type_of(field: Field[Any]) -> Any:
    """Return the type of a field's column; what it leads to, for a relation."""
    if isinstance(field, RelationField):
        given: Any = field.to
        to = given if isinstance(given, str) else given._meta.label
        return type(field).__name__, to.lower()
    return field.db_type(Vendor())


def _may_be(field: Field[Any], other: Field[Any], old: str) -> bool:
    """Return whether it is worth asking if *field*, called *old*, became *other*: they are made alike.

    The column may have kept its name by `db_column`.
    """
    kept = field.db_column or field.attribute_for(old)
    if other.db_column == kept and field.db_column != kept:
        other = other.altered("db_column", field.db_column)
    return bool(told_field(field) == told_field(other))
