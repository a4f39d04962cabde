"""Which database an operation goes to when nobody named one: what DATABASE_ROUTERS say.

Stands on the settings and the executors; a model is whatever the routers make of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from ..conf import settings
from ..exceptions import FieldError, ImproperlyConfigured
from .connection import async_executor, executor, open_block
from .executor import Executor

DEFAULT: Final = "default"

METHODS: Final = ("db_for_read", "db_for_write", "allow_relation", "allow_migrate")

_by_path: Final[dict[str, Any]] = {}


def router_db_for_read(model: Any, **hints: Any) -> str:
    """Return the alias that *model* is read from: the first that a router names.

    When none does, it is that of the hint `instance` (the row that is meant, or from which a relation leads
    here), and else "default".
    """
    return _first_answer("db_for_read", model, hints)


def router_db_for_write(model: Any, **hints: Any) -> str:
    """Return the alias that *model* is written to: the first that a router names, else as for reading."""
    return _first_answer("db_for_write", model, hints)


def router_allow_relation(one: Any, other: Any, **hints: Any) -> bool:
    """Tell whether two instances may be related: as the first router with an opinion says.

    Without one, they may when they are of the same database; an instance that is of none yet goes anywhere.
    """
    answer = _answer("allow_relation", (one, other), hints)
    if answer is not None:
        return bool(answer)
    places = (one._state.db, other._state.db)
    return None in places or places[0] == places[1]


def refuse_relation(instance: Any, other: Any, name: str) -> None:
    """Raise FieldError unless *other* may be what *name* of *instance* refers to."""
    if router_allow_relation(other, instance):
        return
    raise FieldError(
        f"{type(instance).__name__}.{name}: {other!r} is {_whereabouts(other)} and {instance!r} "
        f"{_whereabouts(instance)}, and no router lets them be related: see allow_relation() of "
        "DATABASE_ROUTERS",
        model=type(instance).__name__,
        name=name,
    )


def _whereabouts(instance: Any) -> str:
    alias = instance._state.db
    return "not saved yet" if alias is None else f"in {alias!r}"


def router_allow_migrate(alias: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
    """Tell whether a migration of *app_label* may run on *alias*: as the first router with an opinion says.

    *model_name*, in lower case, is the model that it is about, and the hint `model` the class; what is about
    no model is told apart by the hints of the operation. Without an opinion everything runs everywhere.
    """
    answer = _answer("allow_migrate", (alias, app_label), {"model_name": model_name, **hints})
    return answer is None or bool(answer)


def router_methods(given: Any) -> list[str]:
    """Return which methods of a router an entry of DATABASE_ROUTERS has; makes one of a class, to see."""
    router = _router(given)
    return [method for method in METHODS if callable(getattr(router, method, None))]


def _first_answer(method: str, model: Any, hints: dict[str, Any]) -> str:
    if (fixed := getattr(model, "_alias", None)) is not None:
        return str(fixed)
    alias = _answer(method, (model,), hints)
    if alias is not None:
        return str(alias)
    return getattr(hints.get("instance"), "_alias", None) or DEFAULT


def _answer(method: str, about: tuple[Any, ...], hints: dict[str, Any]) -> Any:
    """Return what the first router answers that has *method* and does not answer None; else None."""
    for given in settings.DATABASE_ROUTERS:
        ask = getattr(_router(given), method, None)
        answer = None if ask is None else ask(*about, **hints)
        if answer is not None:
            return answer
    return None


def _router(given: Any) -> Any:
    """Return a router: the object itself, or one of the class that is given or named by a dotted path."""
    if not isinstance(given, (str, type)):
        return given
    key = given if isinstance(given, str) else f"{given.__module__}.{given.__qualname__}"
    router = _by_path.get(key)
    if router is None or (isinstance(given, type) and type(router) is not given):
        router = _by_path[key] = (_imported(given) if isinstance(given, str) else given)()
    return router


def _imported(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"DATABASE_ROUTERS has {path!r}, which is no class that can be imported: {error}"
        ) from error


# -- the executor of an operation ------------------------------------------------------------------


def read_executor(alias: str | None, model: Any, instance: Any = None) -> Executor:
    """Return the calling thread's executor for reading *model*: on *alias*, or where the routers say."""
    if alias is None:
        if settings.DATABASE_ROUTERS:
            alias = _read_alias(model, instance, is_async=False)
        else:
            alias = _own_alias(model, instance)
    return executor(alias or DEFAULT)


def async_read_executor(alias: str | None, model: Any, instance: Any = None) -> Executor:
    """Return the running loop's executor for reading *model*: on *alias*, or where the routers say."""
    if alias is None:
        if settings.DATABASE_ROUTERS:
            alias = _read_alias(model, instance, is_async=True)
        else:
            alias = _own_alias(model, instance)
    return async_executor(alias or DEFAULT)


def write_executor(alias: str | None, model: Any, instance: Any = None) -> Executor:
    """Return the calling thread's executor for writing *model*: on *alias*, or where the routers say."""
    if alias is None:
        if settings.DATABASE_ROUTERS:
            alias = router_db_for_write(model, **_hints(instance))
        else:
            alias = _own_alias(model, instance)
    return executor(alias or DEFAULT)


def async_write_executor(alias: str | None, model: Any, instance: Any = None) -> Executor:
    """Return the running loop's executor for writing *model*: on *alias*, or where the routers say."""
    if alias is None:
        if settings.DATABASE_ROUTERS:
            alias = router_db_for_write(model, **_hints(instance))
        else:
            alias = _own_alias(model, instance)
    return async_executor(alias or DEFAULT)


def _own_alias(model: Any, instance: Any) -> str | None:
    """Return where an instance is from; only the classes of a migration have an alias themselves."""
    return getattr(model if instance is None else instance, "_alias", None)


def _read_alias(model: Any, instance: Any, *, is_async: bool) -> str:
    """Return where to read: in a transaction of the database that is written to, there."""
    hints = _hints(instance)
    writer = router_db_for_write(model, **hints)
    # A replica does not have yet what the transaction has written.
    block = open_block(writer, prefer_async=is_async)
    if block is not None and block.host.is_async == is_async:
        return writer
    return router_db_for_read(model, **hints)


def _hints(instance: Any) -> dict[str, Any]:
    return {} if instance is None else {"instance": instance}
