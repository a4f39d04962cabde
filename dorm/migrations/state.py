"""ProjectState: what the models of a project are at one point of its migrations, without their classes.

Rests on fields and on the registry of models, which is read and never written here. Does no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

from .._text import did_you_mean, listed, nearest
from ..exceptions import MigrationError
from ..fields import Field
from ..fields.related import ManyToManyField, RelationField
from ..meta.options import Options, options_of
from ..meta.registry import registry
from .historical import HistoricalApps
from .references import Renaming, label_of, relabelled, renamed_options, with_labels

# What of Meta a state keeps where it is not the default: all that the database or a historical model needs.
KEPT_OPTIONS: Final[Mapping[str, Any]] = {
    "ordering": (),
    "unique_together": (),
    "indexes": [],
    "constraints": [],
    "get_latest_by": None,
    "managed": True,
    "proxy": False,
    "db_table_comment": None,
    "default_related_name": None,
}


def key_of(label: str, name: str) -> str:
    """Return the key of a model in `ProjectState.models`."""
    return f"{label}.{name.lower()}"


class ProjectState:
    """The models of a project: `models` is a plain dict, from "label.modelname" to what the model is made of.

    That is a dict of "name", "fields" (unbound fields by name) and "options" (what Meta says), and maybe of
    "managers" (by name) and "bases" (a proxy's model, by label).
    """

    def __init__(self, models: Mapping[str, dict[str, Any]] | None = None) -> None:
        self.models: dict[str, dict[str, Any]] = dict(models or {})
        self._apps: HistoricalApps | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProjectState) and self.models == other.models

    __hash__ = None  # type: ignore[assignment]  # a state changes

    def __repr__(self) -> str:
        return f"<ProjectState: {listed(self.models) or 'no models'}>"

    @classmethod
    def from_apps(cls, label: str | None = None) -> Self:
        """Return the state of the models that are defined now: all, or those of the app *label*."""
        state = cls()
        for model in without_pairs(registry):
            options = options_of(model)
            if label is None or options.app_label == label:
                state.models[key_of(options.app_label, options.name)] = definition_of(options)
        return state

    def clone(self) -> ProjectState:
        """Return a state of its own with the same models; it shares the fields, which nobody changes."""
        return ProjectState({key: copied(model) for key, model in self.models.items()})

    # -- models ---------------------------------------------------------------------------------

    def add_model(
        self,
        label: str,
        name: str,
        fields: Mapping[str, Field[Any]] | Iterable[tuple[str, Field[Any]]],
        options: Mapping[str, Any] | None = None,
        *,
        managers: Iterable[tuple[str, Any]] = (),
        bases: Sequence[str] = (),
    ) -> None:
        """Put a model there, in place of one of the same name."""
        model: dict[str, Any] = {"name": name, "fields": dict(fields), "options": dict(options or {})}
        if named := dict(managers):
            model["managers"] = named
        if bases:
            model["bases"] = tuple(bases)
        self.models[key_of(label, name)] = model

    def remove_model(self, label: str, name: str) -> None:
        """Take a model away; MigrationError when it is not there."""
        self.model(label, name)
        del self.models[key_of(label, name)]

    def get_model(self, label: str, name: str) -> dict[str, Any] | None:
        """Return what a model is made of, or None."""
        return self.models.get(key_of(label, name))

    def model(self, label: str, name: str, where: str = "") -> dict[str, Any]:
        """Return what a model is made of; MigrationError, with the nearest name, when it is not there."""
        found = self.get_model(label, name)
        if found is None:
            known = [each["name"] for key, each in self.models.items() if label_of(key) == label]
            raise MigrationError(
                f"{where or name}: the app {label!r} has no model {name!r} here."
                f"{did_you_mean(nearest(name, known))} Models: {listed(known) or 'none'}."
            )
        return found

    def field(self, label: str, model_name: str, name: str, where: str = "") -> Field[Any]:
        """Return the unbound field of a model; MigrationError, with the nearest name, without it."""
        model = self.model(label, model_name, where)
        if name not in model["fields"]:
            known = model["fields"]
            raise MigrationError(
                f"{where or label}: {model['name']} has no field {name!r} here."
                f"{did_you_mean(nearest(name, known))} Fields: {listed(known)}."
            )
        found: Field[Any] = model["fields"][name]
        return found

    # -- changes that others refer to ------------------------------------------------------------

    def rename_model(self, label: str, old_name: str, new_name: str) -> None:
        """Give a model another name, and have every relation to it say so."""
        model = self.model(label, old_name)
        if old_name.lower() != new_name.lower() and self.get_model(label, new_name) is not None:
            raise MigrationError(f"{label}.{old_name} cannot become {new_name!r}: there is one of that name")
        keys = list(self.models)
        renamed = {**copied(model), "name": new_name}
        old_key, new_key = key_of(label, old_name), key_of(label, new_name)
        self.models = {new_key if key == old_key else key: self.models[key] for key in keys}
        self.models[new_key] = renamed
        for key, each in self.models.items():
            home = label_of(key)
            fields = each["fields"]
            for name, field in fields.items():
                if isinstance(field, RelationField):
                    fields[name] = relabelled(field, home, f"{label}.{old_name}", f"{label}.{new_name}")
            if "bases" in each:
                each["bases"] = tuple(
                    f"{label}.{new_name}" if base.lower() == old_key.lower() else base
                    for base in each["bases"]
                )

    def rename_field(self, label: str, model_name: str, old_name: str, new_name: str) -> None:
        """Give a field another name, in its place, and have options and relations that name it say so."""
        model = self.model(label, model_name)
        self.field(label, model_name, old_name)
        if new_name in model["fields"] and new_name != old_name:
            raise MigrationError(
                f"{model['name']}.{old_name} cannot become {new_name!r}: there is a field of that name"
            )
        renaming = Renaming(label, model["name"], old_name, new_name)
        model["fields"] = {
            new_name if name == old_name else name: field for name, field in model["fields"].items()
        }
        model["options"] = renamed_options(model["options"], renaming)
        for key, each in self.models.items():
            fields = each["fields"]
            for name, field in fields.items():
                fields[name] = renaming.of_field(field, label_of(key), each["name"])

    # -- classes --------------------------------------------------------------------------------

    @property
    def apps(self) -> HistoricalApps:
        """The classes of the models as they are now in this state; others, once a model has changed."""
        if self._apps is None or not self._apps.is_of(self.models):
            self._apps = HistoricalApps(self.models, definition_of)
        return self._apps


def copied(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of what a model is made of, with dicts and lists of its own."""
    options = {
        name: list(value) if isinstance(value, list) else value for name, value in model["options"].items()
    }
    more = {name: dict(value) if isinstance(value, dict) else value for name, value in model.items()}
    return {**more, "options": options}


# -- from classes ---------------------------------------------------------------------------------


def without_pairs(models: Iterable[type[Any]]) -> list[type[Any]]:
    """Return *models* without those of the tables of pairs that many-to-many fields make by themselves."""
    every = list(models)
    pairs = {
        field.through for model in every for field in options_of(model).many_to_many if field.makes_table
    }
    return [model for model in every if model not in pairs]


def definition_of(options: Options) -> dict[str, Any]:
    """Return what the model of *options* is made of, as a state keeps it."""
    kept = {name: getattr(options, name) for name in KEPT_OPTIONS}
    given = {name: value for name, value in kept.items() if value != KEPT_OPTIONS[name]}
    if options.proxy:
        concrete = options_of(options.concrete_model)
        definition: dict[str, Any] = {
            "name": options.name,
            "fields": {},
            "options": {**given, **_words(options)},
        }
        definition["options"].pop("managed", None)
        definition["bases"] = (f"{concrete.app_label}.{concrete.name}",)
    else:
        if options.db_table != options.default_table():
            given = {"db_table": options.db_table, **given}
        fields = [*options.fields, *options.many_to_many]
        own = {
            field.name: with_labels(field.clone(), options.app_label) for field in _declared(options, fields)
        }
        definition = {"name": options.name, "fields": own, "options": {**given, **_words(options)}}
    managers = {
        name: manager
        for name, manager in options.managers.items()
        if getattr(manager, "use_in_migrations", False)
    }
    if managers:
        definition["managers"] = managers
    return definition


def _declared(options: Options, fields: list[Field[Any]]) -> list[Field[Any]]:
    """Return *fields*, those without a column after the others."""
    return sorted(fields, key=lambda field: isinstance(field, ManyToManyField))


def _words(options: Options) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.verbose_name != options.default_verbose_name():
        found["verbose_name"] = options.verbose_name
    if options.verbose_name_plural != f"{options.verbose_name}s":
        found["verbose_name_plural"] = options.verbose_name_plural
    return found
