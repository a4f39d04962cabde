"""Models by label, and foreign keys that wait for theirs.

Rests on Options. Written only while classes are defined, under one lock; read without.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from typing import Any

from ..exceptions import ImproperlyConfigured
from ..fields.related import ForeignKey
from .options import Options, options_of
from .relations import ReverseRelation


class Registry:
    """Every concrete model, by "app.Name"."""

    def __init__(self) -> None:
        self.models: dict[str, type[Any]] = {}
        self.pending: list[ForeignKey] = []
        self.lock = RLock()

    def __iter__(self) -> Iterator[type[Any]]:
        return iter(list(self.models.values()))

    def add(self, model: type[Any]) -> list[ReverseRelation]:
        """Register *model*, in place of one of the same label; return the relations that are now complete.

        Nothing changes if a relation cannot be made.
        """
        options = options_of(model)
        with self.lock:
            waiting = [*self.pending, *options.foreign_keys]
            found = [(key, self._find(key, model)) for key in waiting]
            old = self.models.get(options.label)
            _check_clashes([(key, options_of(target)) for key, target in found if target is not None], old)
            if old is not None:
                self.forget(old)
            self.models[options.label] = model
            self.pending = [key for key, target in found if target is None]
            return [_connect(key, target) for key, target in found if target is not None]

    def forget(self, model: type[Any]) -> None:
        """Take *model*, and the reverse relations that it made, out of sight."""
        options = options_of(model)
        for key in options.foreign_keys:
            if key.related_model is not None:
                options_of(key.related_model).remove_reverse(key)
        self.pending = [key for key in self.pending if key.model is not model]
        self.models.pop(options.label, None)

    def _find(self, key: ForeignKey, new: type[Any]) -> type[Any] | None:
        """Return the model that *key* means, *new* counted in; None when it is not defined yet."""
        if not isinstance(key.to, str):
            return key.to
        own = options_of(key.model)
        if key.to == "self":
            return own.model
        label = key.to if "." in key.to else f"{own.app_label}.{key.to}"
        known = {**self.models, options_of(new).label: new}
        if label in known:
            return known[label]
        # "shop.Item" may mean the Item of "myproject.shop", as long as no other app ends so.
        similar = [model for full, model in known.items() if full.endswith(f".{label}")]
        return similar[0] if len(similar) == 1 else None


def _connect(key: ForeignKey, target: type[Any]) -> ReverseRelation:
    key.related_model = target
    owner = options_of(target)
    relation = ReverseRelation(key, owner, options_of(key.model))
    owner.add_reverse(relation)
    return relation


def _check_clashes(ready: list[tuple[ForeignKey, Options]], old: type[Any] | None) -> None:
    """Raise ImproperlyConfigured if a reverse name is taken on its owner."""
    taken: dict[tuple[str, str], str] = {}
    for key, owner in ready:
        relation = ReverseRelation(key, owner, options_of(key.model))
        if relation.accessor is None:
            continue
        source = f"{relation.target.name}.{key.name}"
        for name in {relation.accessor, relation.name}:
            by = taken.get((owner.label, name)) or owner.holder_of(name, leaving=old)
            if by is not None:
                raise ImproperlyConfigured(
                    f"{source}: its reverse name {name!r} on {owner.name} is taken by {by}. "
                    "Give it another related_name (or '+' for none)."
                )
        taken |= {(owner.label, name): source for name in (relation.accessor, relation.name)}


registry = Registry()
