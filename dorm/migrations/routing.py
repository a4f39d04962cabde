"""Whether an operation may run on a database: the routers' `allow_migrate()`.

Stands on the routers; an operation that may not run changes the state all the same.
"""

from __future__ import annotations

from ..conf import settings
from ..db.routers import router_allow_migrate
from .operations import Operation
from .state import ProjectState


def is_allowed(
    operation: Operation, label: str, alias: str, before: ProjectState, after: ProjectState
) -> bool:
    """Ask the routers whether *operation*, of the app *label*, may run on *alias*.

    They are told the model that it is about, by name and as a class; of SQL and Python, which are about none,
    the operation's own hints.
    """
    if not settings.DATABASE_ROUTERS:
        return True
    hints = getattr(operation, "hints", None)
    if hints is not None:
        return router_allow_migrate(alias, label, **hints)
    name = getattr(operation, "name_after", None) or getattr(operation, "model_name", None)
    if name is None:
        return router_allow_migrate(alias, label)
    state = after if after.get_model(label, name) is not None else before
    model = {} if state.get_model(label, name) is None else {"model": state.apps.options(label, name).model}
    return router_allow_migrate(alias, label, model_name=name.lower(), **model)
