"""Load relations of instances that are here already, in two colours.

Rests on the action that `prefetch_related()` uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._run import run_sync
from ..actions.prefetch import Prefetch, attach, check
from ..db.routers import async_read_executor, read_executor
from ..meta.options import Options, options_of


def prefetch_related_objects(instances: Iterable[Any], *lookups: str | Prefetch) -> None:
    """Load relations of *instances*, which are of one model, by one statement for each relation."""
    rows = _of_one_model(instances, lookups)
    if rows:
        run_sync(attach(read_executor(None, type(rows[0]), rows[0]), rows, lookups))


async def aprefetch_related_objects(instances: Iterable[Any], *lookups: str | Prefetch) -> None:
    """Load relations of *instances*, which are of one model, by one statement for each relation."""
    rows = _of_one_model(instances, lookups)
    if rows:
        await attach(async_read_executor(None, type(rows[0]), rows[0]), rows, lookups)


def _of_one_model(instances: Iterable[Any], lookups: Sequence[str | Prefetch]) -> list[Any]:
    rows = list(instances)
    models = {type(row) for row in rows}
    if len(models) > 1:
        names = ", ".join(sorted(model.__name__ for model in models))
        raise TypeError(f"prefetch_related_objects() takes instances of one model, not of {names}")
    for model in models:
        check(options_of(model), lookups, _attributes(rows))
    return rows


def _attributes(rows: Sequence[Any]) -> dict[str, Options]:
    """Return the attributes in which *rows* have lists of rows, as `to_attr` makes them."""
    return {
        name: options_of(type(value[0]))
        for row in rows
        for name, value in vars(row).items()
        if isinstance(value, list) and value and hasattr(value[0], "_meta")
    }
