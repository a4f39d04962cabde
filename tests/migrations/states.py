"""States of models, made shortly, and what is compared of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dorm
from dorm.migrations.compare import told
from dorm.migrations.differences import kept_options, resolved, table_of
from dorm.migrations.operations import Operation
from dorm.migrations.references import full_label, groups
from dorm.migrations.state import ProjectState


def model(_options: Mapping[str, Any] | None = None, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return fields and options of a model, with a key unless there is one."""
    keyed = any(field.primary_key for field in fields.values()) or (_options or {}).get("proxy")
    return {**({} if keyed else {"id": dorm.BigAutoField(primary_key=True)}), **fields}, dict(_options or {})


def state_of(**models: tuple[dict[str, Any], dict[str, Any]]) -> ProjectState:
    """Return a state: `blog_Author=model(...)` is the model Author of the app blog."""
    state = ProjectState()
    for name, (fields, options) in models.items():
        label, _, model_name = name.rpartition("_")
        bases = options.pop("bases", ())
        state.add_model(label, model_name, fields, options, bases=bases)
    return state


def shown(state: ProjectState) -> dict[str, Any]:
    """Return all that a state says, where order does not matter without it."""
    return {key: _shown_model(key, model, state) for key, model in state.models.items()}


def _shown_model(key: str, model: dict[str, Any], state: ProjectState) -> dict[str, Any]:
    label = key.rpartition(".")[0]
    fields = {}
    for name, field in model["fields"].items():
        if hasattr(field, "to"):
            field = field.altered("to", resolved(full_label(field.to, label, model["name"]), state))
        fields[name] = told(field)
    options = kept_options(key, model)
    for option in ("indexes", "constraints"):
        items = options.pop(option, ())
        options[option] = sorted(repr(told(one.named_for(label, model["name"].lower()))) for one in items)
    options["unique_together"] = sorted(set(groups(options.get("unique_together"))))
    options["db_table"] = table_of(key, model)
    told_options = {name: told(list(one) if isinstance(one, tuple) else one) for name, one in options.items()}
    return {
        "name": model["name"],
        "fields": fields,
        "options": told_options,
        "managers": told(list(model.get("managers", {}).items())),
        "bases": [base.lower() for base in model.get("bases", ())],
    }


def applied(state: ProjectState, changes: Mapping[str, list[Operation]]) -> ProjectState:
    """Return the state after the changes of one app after the other."""
    after = state.clone()
    for label, operations in changes.items():
        for operation in operations:
            operation.state_forwards(label, after)
    return after
