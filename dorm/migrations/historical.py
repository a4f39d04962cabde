"""The classes of a state's models: real ones, that no one but a migration sees.

Rests on the metaclass, and on a registry of its own; what the state's models refer to outside of it is
completed from the models that are defined now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any

from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from ..fields.related import ManyToManyField, RelationField
from ..indexes import Index
from ..meta.options import Options, options_of
from ..meta.registry import Registry, registry
from ..models.base import Model
from ..models.metaclass import ModelBase
from .references import full_label, label_of, with_labels


class HistoricalApps:
    """Model classes made from a state's models, related to one another alone.

    *definition_of* gives what a class that is defined now is made of.
    """

    def __init__(
        self,
        models: Mapping[str, dict[str, Any]],
        definition_of: Callable[[Options], dict[str, Any]],
    ) -> None:
        self.registry = Registry()
        self._mark = _mark_of(models)
        self._models = _completed(models, definition_of)
        for proxies in (False, True):
            for key, definition in self._models.items():
                if bool(definition["options"].get("proxy")) == proxies:
                    self._define(label_of(key), definition)

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
        for full, model in self.registry.models.items():
            if full.lower() == f"{app}.{wanted}".lower():
                return model
        known = [full.rpartition(".")[2] for full in self.registry.models if label_of(full) == app]
        raise LookupError(
            f"the app {app!r} has no model {wanted!r} at this point.{did_you_mean(nearest(wanted, known))} "
            f"Models: {listed(known) or 'none'}."
        )

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
        """Return the options of a class."""
        return options_of(self.get_model(label, name))

    def __getitem__(self, name: str) -> type[Any]:
        return Names(self, "")[name]

    def names(self, label: str) -> Names:
        """Return the classes by their names, those of the app *label* first."""
        return Names(self, label)

    def _define(self, label: str, definition: Mapping[str, Any]) -> None:
        options = {name: value for name, value in definition["options"].items() if name != "proxy"}
        if "indexes" in options:
            options["indexes"] = [
                each for each in options["indexes"] if _is_known(each, definition["fields"])
            ]
        bases: tuple[Any, ...] = (Model,)
        if definition["options"].get("proxy"):
            options["proxy"] = True
            bases = tuple(self.get_model(base) for base in definition.get("bases", ()))
            if not bases:
                raise MigrationError(f"{label}.{definition['name']} is a proxy: bases must name its model")
        namespace = {
            "__module__": f"{label}.models",
            "Meta": type("Meta", (), {**options, "app_label": label}),
            **{name: field.clone() for name, field in definition["fields"].items()},
            **{name: copy(manager) for name, manager in definition.get("managers", {}).items()},
        }
        ModelBase(definition["name"], bases, namespace, registry=self.registry)


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
    yield from definition.get("bases", ())
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
