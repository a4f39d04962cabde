"""Models by label, and relations that wait for theirs.

Rests on Options. Written only while classes are defined, under one lock; read without.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from typing import Any

from ..exceptions import ImproperlyConfigured
from ..fields.related import ForeignKey, ManyToManyField, RelationField
from .options import Options, options_of
from .relations import ManyToMany, Relation, ReverseRelation


class Registry:
    """Every concrete model, by "app.Name"."""

    def __init__(self) -> None:
        self.models: dict[str, type[Any]] = {}
        self.pending: list[RelationField] = []
        self.lock = RLock()

    def __iter__(self) -> Iterator[type[Any]]:
        return iter(list(self.models.values()))

    def add(self, model: type[Any]) -> list[RelationField]:
        """Register *model*, in place of one of the same label; return the fields whose models are now known.

        Foreign keys first. Nothing changes if a reverse name is taken.
        """
        options = options_of(model)
        with self.lock:
            waiting = [*self.pending, *options.foreign_keys, *options.many_to_many]
            ready = [field for field in waiting if self._is_known(field, model)]
            old = self.models.get(options.label)
            _check_clashes([(field, self._target(field, model)) for field in ready], old)
            if old is not None:
                self.forget(old)
            self.models[options.label] = model
            self.pending = [field for field in waiting if field not in ready]
            for field in ready:
                field.related_model = self._target(field, model)
                if isinstance(field, ManyToManyField) and isinstance(field.through, str):
                    field.through = self.find(field.through, field.model)
        return sorted(ready, key=lambda field: field.many_to_many)

    def forget(self, model: type[Any]) -> None:
        """Take *model*, and the directions that it gave to others, out of sight."""
        options = options_of(model)
        for field in (*options.foreign_keys, *options.many_to_many):
            if field.related_model is not None:
                options_of(field.related_model).remove_relations(field)
        self.pending = [field for field in self.pending if field.model is not model]
        self.models.pop(options.label, None)

    def find(self, name: str, source: type[Any], new: type[Any] | None = None) -> type[Any] | None:
        """Return the model that *name* means in a field of *source*, *new* counted in, or None."""
        own = options_of(source)
        if name == "self":
            return own.model
        return self.find_label(name if "." in name else f"{own.app_label}.{name}", new)

    def find_label(self, label: str, new: type[Any] | None = None) -> type[Any] | None:
        """Return the model that "app.Name" means, *new* counted in, or None."""
        known = self.models if new is None else {**self.models, options_of(new).label: new}
        if label in known:
            return known[label]
        # "shop.Item" may mean the Item of "myproject.shop", as long as no other app ends so.
        similar = [model for full, model in known.items() if full.endswith(f".{label}")]
        return similar[0] if len(similar) == 1 else None

    def _target(self, field: RelationField, new: type[Any]) -> type[Any] | None:
        return self.find(field.to, field.model, new) if isinstance(field.to, str) else field.to

    def _is_known(self, field: RelationField, new: type[Any]) -> bool:
        if isinstance(field, ManyToManyField) and isinstance(field.through, str):
            through = self.find(field.through, field.model, new)
            if through is None or self._is_stale(through, new):
                return False
        return self._target(field, new) is not None

    def _is_stale(self, model: type[Any], new: type[Any]) -> bool:
        """Whether *model* refers to a class that was defined again, as when a module is loaded anew."""
        known = {**self.models, options_of(new).label: new}
        targets = [key.related_model for key in options_of(model).foreign_keys]
        return any(
            target is not None and known.get(options_of(target).label) is not target for target in targets
        )


def connect_key(key: ForeignKey) -> ReverseRelation:
    """Give the model that *key* refers to the way back."""
    owner = options_of(key.related_model)
    relation = ReverseRelation(key, owner, options_of(key.model))
    owner.add_reverse(relation)
    return relation


def connect_pairs(field: ManyToManyField) -> list[ManyToMany]:
    """Give both models of *field*, whose `through` is a model by now, their directions."""
    through = options_of(field.through)  # type: ignore[arg-type]  # a model, as the name says
    source, goal = _pair_keys(field, through)
    field.source = source
    forward, backward = (
        ManyToMany(field, through.model, source, goal),
        ManyToMany(field, through.model, goal, source),
    )
    forward.backward, backward.backward = backward, forward
    options_of(field.model).add_pairing(forward)
    options_of(field.related_model).add_pairing(backward)
    return [forward, backward]


def _pair_keys(field: ManyToManyField, through: Options) -> tuple[ForeignKey, ForeignKey]:
    """Return the keys of *through* that refer to the two models: those of `through_fields` if it is given."""
    where = f"{field.model.__name__}.{field.name}"
    if field.through_fields is not None:
        keys = [through.get_field(name) for name in field.through_fields]
    else:
        source = [key for key in through.foreign_keys if key.related_model is field.model]
        goal = [key for key in through.foreign_keys if key.related_model is field.related_model]
        if field.model is field.related_model:
            source, goal = source[:1], source[1:]
        if len(source) != 1 or len(goal) != 1:
            raise ImproperlyConfigured(
                f"{where}: {through.name} must have one ForeignKey to {field.model.__name__} and one to "
                f"{field.related_model.__name__}; where there are more, name the two by through_fields"
            )
        keys = [source[0], goal[0]]
    first, second = keys
    if not isinstance(first, ForeignKey) or not isinstance(second, ForeignKey):
        raise ImproperlyConfigured(f"{where}: through_fields must name two foreign keys of {through.name}")
    return first, second


def _check_clashes(ready: list[tuple[RelationField, type[Any] | None]], old: type[Any] | None) -> None:
    """Raise ImproperlyConfigured if a reverse name is taken on its owner."""
    taken: dict[tuple[str, str], str] = {}
    for field, target in ready:
        if target is None:
            continue
        owner, source = options_of(target), f"{field.model.__name__}.{field.name}"
        for name in _reverse_names(field, owner):
            by = taken.get((owner.label, name)) or owner.holder_of(name, leaving=old)
            if by is not None and by != source:
                raise ImproperlyConfigured(
                    f"{source}: its reverse name {name!r} on {owner.name} is taken by {by}. "
                    "Give it another related_name (or '+' for none)."
                )
            taken[owner.label, name] = source


def _reverse_names(field: RelationField, owner: Options) -> set[str]:
    kind = ReverseRelation if isinstance(field, ForeignKey) else Relation
    relation = kind(field, owner, options_of(field.model))
    return set() if relation.accessor is None else {relation.accessor, relation.name}


registry = Registry()
