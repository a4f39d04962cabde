"""Find a row or make it, safely beside others who do the same.

Rests on `read` and `save`. The insert runs in a block of its own: a lost race must not poison the outer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..db.executor import Executor
from ..exceptions import IntegrityError
from ..lookups.paths import SEPARATOR
from ..query.query import Query
from ..query.shape import Locked
from .read import get_or_none
from .save import save_by_class


async def get_or_create(
    db: Executor, query: Query, lookups: Mapping[str, Any], defaults: Mapping[str, Any] | None
) -> tuple[Any, bool]:
    """Return the row that meets *lookups*, else a new one of these and *defaults*; and whether it is new."""
    found = await _find(db, query, lookups)
    if found is not None:
        return found, False
    return await _create(db, query, lookups, defaults or {})


async def update_or_create(
    db: Executor,
    query: Query,
    lookups: Mapping[str, Any],
    defaults: Mapping[str, Any] | None,
    create_defaults: Mapping[str, Any] | None,
) -> tuple[Any, bool]:
    """Set *defaults* in the row that meets *lookups*, or make one of *create_defaults* (else *defaults*)."""
    values = {name: _value(value) for name, value in (defaults or {}).items()}
    query = _locking(query)
    async with db.atomic():
        found = await _find(db, query, lookups)
        if found is None:
            made, is_new = await _create(
                db, query, lookups, values if create_defaults is None else create_defaults
            )
            if is_new:
                return made, True
            found = made
        for name, value in values.items():
            setattr(found, name, value)
        if values:
            await save_by_class(db, found, update_fields=_saved_names(query, values))
        return found, False


def _locking(query: Query) -> Query:
    """Return *query* with its row locked, so that of two who change it one comes after the other."""
    shape = query.shape
    if shape.grouped or shape.distinct is not None or shape.combination is not None:
        return query
    return query.locked(Locked("UPDATE", ("self",), None))


def _saved_names(query: Query, values: Mapping[str, Any]) -> list[str]:
    """Return the columns to write: those named, and those that change with every save."""
    options = query.shape.options
    always = [field.name for field in options.fields if field.has_pre_save]
    return [*(options.get_column(name).name for name in values), *always]


async def _find(db: Executor, query: Query, lookups: Mapping[str, Any]) -> Any:
    return await get_or_none(db, query.filtered((), lookups), lambda: _shown(query, lookups))


async def _create(
    db: Executor, query: Query, lookups: Mapping[str, Any], defaults: Mapping[str, Any]
) -> tuple[Any, bool]:
    given = {name: value for name, value in lookups.items() if SEPARATOR not in name}
    instance = query.shape.options.model(**{**given, **{n: _value(v) for n, v in defaults.items()}})
    try:
        async with db.atomic():
            await save_by_class(db, instance, force_insert=True)
    except IntegrityError:
        found = await _find(db, query, lookups)
        if found is None:
            raise
        return found, False
    return instance, True


def _value(value: Any) -> Any:
    return value() if callable(value) else value


def _shown(query: Query, lookups: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in lookups.items())
    return f"{query.shape.options.name}.objects.get_or_create({given})"
