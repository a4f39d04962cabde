"""Models that came and went between two states, as steps: each after those that it refers to, or before.

Pure. Where models refer to one another in a circle, a field is left out of one and added afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .differences import ITEMS, Differences, kept_options, table_of
from .operations import AlterUniqueTogether, CreateModel, DeleteModel, RemoveField
from .references import groups
from .serializer import serialize
from .steps import Fact, Step, exists, freed, gone, has

Model = Mapping[str, Any]


def all_steps(differences: Differences) -> list[Step]:
    """Return every step between the states: first those that make room, last those that drop models."""
    old, new = differences.before.models, differences.after.models
    changed = [key for key in old if key in new and _is_another(old[key], new[key])]
    deleted = [key for key in old if key not in new or key in changed]
    fresh = [key for key in new if key not in old or key in changed]
    created = list(Creations(differences, fresh, deleted).steps())
    for key in new:
        if key in old and key not in changed:
            differences.compare(key)
    removed = Deletions(differences, deleted).steps()
    return [*differences.early, *created, *differences.middle, *differences.late, *removed]


def _is_another(old: Model, new: Model) -> bool:
    """Return whether a model of the same name is a proxy now, or of another model, or no longer one."""
    if bool(old["options"].get("proxy")) != bool(new["options"].get("proxy")):
        return True
    return bool(_bases(old) != _bases(new))


def _bases(model: Model) -> list[str]:
    return [base.lower() for base in model.get("bases", ())]


class Creations:
    """The models *keys* that are new, when those of *deleted* go."""

    def __init__(self, differences: Differences, keys: list[str], deleted: list[str]) -> None:
        self.differences = differences
        self.models = differences.after.models
        self.keys = keys
        self.deleted = deleted
        self.placed = set(self.models) - set(keys)

    def steps(self) -> Iterator[Step]:
        """Return the steps that make the models; what must wait is put behind the differences."""
        waiting = list(self.keys)
        while waiting:
            # One whose relations lead to models that are there, or as few others as can be.
            key = min(waiting, key=lambda one: (*self._missing(one), waiting.index(one)))
            waiting.remove(key)
            self.placed.add(key)
            yield self._creation(key)

    def _far(self, key: str, field: Any) -> bool:
        """Return whether a field leads to a model that is not there yet."""
        targets = self.differences.targets(key, field, self.differences.after)
        return any(target not in self.placed and target != key for target in targets)

    def _missing(self, key: str) -> tuple[int, ...]:
        """Return how many relations of a model lead too far, those first that matter most."""
        model = self.models[key]
        counts = dict.fromkeys(("key", "plain", "null", "pairs"), 0)
        for field in model["fields"].values():
            if self._far(key, field):
                kind = "pairs" if field.many_to_many else "null" if field.null else "plain"
                counts["key" if field.primary_key else kind] += 1
        return sum(base not in self.placed for base in _bases(model)), *counts.values()

    def _creation(self, key: str) -> Step:
        model, differences = self.models[key], self.differences
        later = {name: field for name, field in model["fields"].items() if self._far(key, field)}
        fields = [(name, field) for name, field in model["fields"].items() if name not in later]
        for name, field in later.items():
            differences.late.append(differences.addition(key, name, field, field))
        options = self._options(key, later)
        managers = list(model.get("managers", {}).items())
        needs: set[Fact] = {exists(base) for base in _bases(model)}
        for _, field in fields:
            needs |= differences.needs(key, field)
        needs |= {gone(old) for old in self.deleted if self._stands_in_the_way(old, key)}
        gives = [exists(key), *(has(key, name) for name, _ in fields)]
        operation = CreateModel(model["name"], fields, options, model.get("bases"), managers)
        return differences.step(key, operation, needs, gives)

    def _options(self, key: str, later: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options that a model is made with; what speaks of fields to come is added with them."""
        model = self.models[key]
        options = kept_options(key, model)
        needs = {has(key, name) for name in later}
        waiting = {name: [one for one in options.get(name, ()) if mentions(one, later)] for name in ITEMS}
        self.differences.add_items(key, waiting, needs)
        for name, items in waiting.items():
            if items:
                options[name] = [one for one in options[name] if not any(one is other for other in items)]
        if mentions(groups(options.get("unique_together")), later):
            operation = AlterUniqueTogether(model["name"], options.pop("unique_together"))
            self.differences.late.append(self.differences.step(key, operation, needs))
        return {name: value for name, value in options.items() if name not in ITEMS or value}

    def _stands_in_the_way(self, old: str, key: str) -> bool:
        """Return whether the model *old*, which goes, has the name or the table of the new model *key*."""
        model = self.differences.before.models[old]
        if old == key:
            return True
        return not model["options"].get("proxy") and table_of(old, model) == table_of(key, self.models[key])


class Deletions:
    """The models *keys* that go."""

    def __init__(self, differences: Differences, keys: list[str]) -> None:
        self.differences = differences
        self.models = differences.before.models
        self.keys = keys
        # Fields that are removed before their models go.
        self.let_go: set[tuple[str, str]] = set()
        self.done: set[str] = set()

    def steps(self) -> Iterator[Step]:
        """Return the steps that drop the models: each after those that refer to it."""
        waiting = list(reversed(self.keys))
        while waiting:
            key = min(waiting, key=lambda one: (len(self._holders(one)), waiting.index(one)))
            waiting.remove(key)
            for owner, name in self._holders(key):
                # They refer to one another: one lets go first.
                self.let_go.add((owner, name))
                operation = RemoveField(self.models[owner]["name"], name)
                yield self.differences.step(owner, operation, (), [freed(owner, name)])
            self.done.add(key)
            yield self._deletion(key)

    def _holders(self, key: str) -> list[tuple[str, str]]:
        """Return the fields of other models, which are to go as well and have not yet, that lead to *key*."""
        owners = [owner for owner in self.keys if owner != key and owner not in self.done]
        return [
            (owner, name) for owner, name in self._leading(key, owners) if (owner, name) not in self.let_go
        ]

    def _leading(self, key: str, owners: Iterable[str]) -> Iterator[tuple[str, str]]:
        for owner in owners:
            for name, field in self.models[owner]["fields"].items():
                if key in self.differences.targets(owner, field, self.differences.before):
                    yield owner, name

    def _deletion(self, key: str) -> Step:
        model = self.models[key]
        others = [owner for owner in self.models if owner != key]
        needs: set[Fact] = {freed(owner, name) for owner, name in self._leading(key, others)}
        needs |= {gone(owner) for owner in others if key in _bases(self.models[owner])}
        own = [freed(key, name) for name in model["fields"] if (key, name) not in self.let_go]
        step = self.differences.step(key, DeleteModel(model["name"]), needs, [gone(key), *own])
        # What is made anew under its name is not what it needs.
        return Step(step.label, step.operation, step.gives, step.needs - {exists(key)})


def mentions(described: Any, names: Iterable[str]) -> bool:
    """Return whether an index, a constraint or groups of names speak of one of the fields *names*."""
    every = "|".join(map(re.escape, names))
    if not every:
        return False
    return re.search(rf"\b(?:{every})(?:_id)?(?:__\w+)?\b", serialize(described)[0]) is not None
