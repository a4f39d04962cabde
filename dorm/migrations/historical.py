"""The classes of a state's models: real ones, that no one but a migration sees.

Rests on the metaclass, and on a registry of its own; what the state's models refer to outside of it is
completed from the models that are defined now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Any, TypeAlias

from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from ..fields.related import ManyToManyField, RelationField
from ..indexes import Index
from ..meta.options import Options, options_of
from ..meta.registry import Registry, registry
from ..models.base import Model
from ..models.metaclass import ModelBase
from .references import full_label, label_of, with_labels

Definition: TypeAlias = Mapping[str, Any]


class HistoricalApps:
    """Model classes made from a state's models, related to one another alone.

    They are made when they are first asked for. *definition_of* gives what a class that is defined now is
    made of.
    """

    def __init__(
        self,
        models: Mapping[str, dict[str, Any]],
        definition_of: Callable[[Options], dict[str, Any]],
    ) -> None:
        self._mark = _mark_of(models)
        self._definitions = _completed(models, definition_of)
        self._parts: dict[str, Registry] = {}

    @cached_property
    def registry(self) -> Registry:
        """Every class."""
        return _defined(self._definitions, self._definitions)

    def is_of(self, models: Mapping[str, dict[str, Any]]) -> bool:
        """Whether *models* are still those that the classes were made from."""
        return self._mark == _mark_of(models)

    def __repr__(self) -> str:
        return f"<HistoricalApps: {listed(self.registry.models)}>"

    def get_model(self, label: str, name: str | None = None) -> type[Any]:
        """Return the class of `get_model("blog", "Author")` or `get_model("blog.Author")`.

        Raises LookupError, with the nearest name, when there is none.
        """
        app, wanted = (label, name) if name is not None else (label_of(label), label.rpartition(".")[2])
        return _found(self.registry, app, wanted)

    def get_models(self) -> list[type[Any]]:
        """Return every class but those of tables of pairs."""
        made = {
            field.through
            for model in self.registry
            for field in options_of(model).many_to_many
            if field.makes_table
        }
        return [model for model in self.registry if model not in made]

    def options(self, label: str, name: str) -> Options:
        """Return the options of a class, for a change of its table; its relations are there.

        Of the other classes only those are made that it refers to, or that refer to it: a state may have
        hundreds of models, and each operation another state.
        """
        key = f"{label}.{name.lower()}"
        if "registry" in vars(self) or key not in self._definitions:
            return options_of(self.get_model(label, name))
        if key not in self._parts:
            self._parts[key] = _defined(self._definitions, around(key, self._definitions))
        return options_of(_found(self._parts[key], label, name))

    def __getitem__(self, name: str) -> type[Any]:
        return Names(self, "")[name]

    def names(self, label: str) -> Names:
        """Return the classes by their names, those of the app *label* first."""
        return Names(self, label)


def _found(models: Registry, app: str, name: str) -> type[Any]:
    """Return a class; LookupError, with the nearest name, when there is none."""
    for full, model in models.models.items():
        if full.lower() == f"{app}.{name}".lower():
            return model
    known = [full.rpartition(".")[2] for full in models.models if label_of(full) == app]
    raise LookupError(
        f"the app {app!r} has no model {name!r} at this point.{did_you_mean(nearest(name, known))} "
        f"Models: {listed(known) or 'none'}."
    )


# -- making classes -------------------------------------------------------------------------------


def _defined(definitions: Mapping[str, Definition], keys: Iterable[str]) -> Registry:
    """Return a registry of the classes of some definitions: proxies after what they stand for."""
    made = Registry()
    for key in sorted(keys, key=lambda key: bool(definitions[key]["options"].get("proxy"))):
        _define(made, label_of(key), definitions[key])
    return made


def _define(made: Registry, label: str, definition: Definition) -> None:
    options = {name: value for name, value in definition["options"].items() if name != "proxy"}
    if "indexes" in options:
        options["indexes"] = [each for each in options["indexes"] if _is_known(each, definition["fields"])]
    bases: tuple[Any, ...] = (Model,)
    if definition["options"].get("proxy"):
        options["proxy"] = True
        bases = tuple(_found(made, label_of(base), base.rpartition(".")[2]) for base in _bases(definition))
        if not bases:
            raise MigrationError(f"{label}.{definition['name']} is a proxy: bases must name its model")
    namespace = {
        "__module__": f"{label}.models",
        "Meta": type("Meta", (), {**options, "app_label": label}),
        **{name: field.clone() for name, field in definition["fields"].items()},
        **{name: copy(manager) for name, manager in definition.get("managers", {}).items()},
    }
    ModelBase(definition["name"], bases, namespace, registry=made)


def _bases(definition: Definition) -> tuple[str, ...]:
    return tuple(definition.get("bases", ()))


def around(key: str, definitions: Mapping[str, Definition]) -> list[str]:
    """Return the keys of a model, of those that it refers to, and of those that refer to it.

    What a key refers to that is itself a relation, and what refers to such a key, is among them: they all
    have one type.
    """
    # In the order of the state, so that what is made of it is the same each time.
    wanted: set[str] = set()
    waiting = [key]
    centres: set[str] = set()
    while waiting:
        centre = waiting.pop()
        if centre in centres:
            continue
        centres.add(centre)
        for other, definition in definitions.items():
            leads = [
                (field, goal) for field, goal in _goals(other, definition, definitions) if goal == centre
            ]
            if other == centre or leads:
                wanted.add(other)
                wanted.update(goal for _, goal in _goals(other, definition, definitions))
            waiting += [other for field, _ in leads if field is None or field.unique]
    _add_types(wanted, definitions)
    return [each for each in definitions if each in wanted]


def _add_types(wanted: set[str], definitions: Mapping[str, Definition]) -> None:
    """Add the models that the keys of *wanted* have their types from."""
    waiting = list(wanted)
    while waiting:
        key = waiting.pop()
        for field, goal in _goals(key, definitions[key], definitions):
            if goal not in wanted and (field is None or field.unique):
                wanted.add(goal)
                waiting.append(goal)


def _goals(
    key: str, definition: Definition, definitions: Mapping[str, Definition]
) -> Iterator[tuple[RelationField | None, str]]:
    """Yield the keys that a model's relations lead to; the field is None for what a proxy stands for."""
    home = label_of(key)
    for base in _bases(definition):
        yield from ((None, goal) for goal in _keys_of(base, definitions))
    for field in definition["fields"].values():
        if isinstance(field, RelationField):
            through = field.through if isinstance(field, ManyToManyField) else None
            for to in (field.to, through):
                if to is not None:
                    full = full_label(to, home, definition["name"])
                    yield from ((field, goal) for goal in _keys_of(full, definitions))


def _keys_of(full: str, definitions: Mapping[str, Definition]) -> list[str]:
    """Return the key of "app.Name"; those that end so, where the app's name is cut."""
    key = f"{label_of(full)}.{full.rpartition('.')[2].lower()}"
    return [key] if key in definitions else [each for each in definitions if each.endswith(f".{key}")]


class Names(Mapping[str, type[Any]]):
    """The classes by name, as `registry["Author"]`: those of one app first, and any by "app.Name"."""

    def __init__(self, apps: HistoricalApps, label: str) -> None:
        self._apps = apps
        self._label = label

    def __getitem__(self, name: str) -> type[Any]:
        models = self._apps.registry.models
        wanted = name.lower()
        found = [
            model
            for full, model in models.items()
            if wanted in (full.lower(), full.rpartition(".")[2].lower())
        ]
        own = [model for model in found if options_of(model).app_label == self._label]
        if len(own or found) == 1:
            return (own or found)[0]
        known = list(models) if found else list(self)
        problem = "stands for several models" if found else "is no model"
        raise KeyError(
            f"{name!r} {problem} at this point.{did_you_mean(nearest(name, known))} Models: {listed(known)}."
        )

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(full.rpartition(".")[2] for full in self._apps.registry.models))

    def __len__(self) -> int:
        return len(list(iter(self)))


def _is_known(index: Index, fields: Mapping[str, Any]) -> bool:
    """Whether an index is of fields that the state knows: RunSQL may have added columns."""
    names = {name.removeprefix("-") for name in (*index.fields, *index.include)}
    return names <= {*fields, *(f"{name}_id" for name in fields), "id", "pk"}


def _completed(
    models: Mapping[str, dict[str, Any]], definition_of: Callable[[Options], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return *models* and, of the models that are defined now, those that they refer to and do not hold."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(models.items())
    while waiting:
        key, definition = waiting.pop()
        home = label_of(key)
        fields = {name: with_labels(field, home) for name, field in definition["fields"].items()}
        found[key] = {**definition, "fields": fields}
        for wanted in _named(fields, home, definition):
            if wanted.lower() not in {each.lower() for each in (*models, *found)}:
                model = registry.find_label(wanted)
                if model is not None:
                    options = options_of(model)
                    other = f"{options.app_label}.{options.name.lower()}"
                    if other not in found and other not in models:
                        found[other] = {}
                        waiting.append((other, definition_of(options)))
    return found


def _named(fields: Mapping[str, Any], home: str, definition: Mapping[str, Any]) -> Iterator[str]:
    yield from _bases(definition)
    for field in fields.values():
        if isinstance(field, RelationField):
            yield full_label(field.to, home, definition["name"])
            if isinstance(field, ManyToManyField) and isinstance(field.through, str):
                yield full_label(field.through, home)


def _mark_of(models: Mapping[str, dict[str, Any]]) -> tuple[Any, ...]:
    """Return what is another when a model was put there, changed or taken away."""
    return tuple(
        (
            key,
            definition["name"],
            *definition["fields"].items(),
            *((name, _fixed(value)) for name, value in definition["options"].items()),
            *definition.get("managers", {}).items(),
        )
        for key, definition in models.items()
    )


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
