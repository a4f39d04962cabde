"""Delete rows, and do to the rows that refer to them what `on_delete` says.

First *collect*: read, breadth first, every row that is touched; PROTECT raises before anything is written.
Then *apply*, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._text import plural
from ..db.executor import Executor
from ..exceptions import ProtectedError
from ..fields.related import CASCADE, LEFT_TO_THE_DATABASE, PROTECT, SET_NULL
from ..meta.options import Options, options_of
from ..meta.relations import ReverseRelation
from ..query.compiled import compile_delete
from ..query.query import Query
from ..query.shape import Rows
from ..signals import post_delete, pre_delete
from .bulk import batches
from .read import fetch
from .save import tell
from .update import update

# How many keys one statement names.
BATCH = 500


async def delete(db: Executor, query: Query) -> tuple[int, dict[str, int]]:
    """Delete the rows of *query*, a slice respected; return how many rows went, in all and by model."""
    options = query.shape.options
    if isinstance(query.shape.projection, Rows):
        raise TypeError("delete() deletes instances: leave out values() and values_list()")
    if query.shape.empty:
        return 0, {}
    if not _must_collect(options):
        compiled = compile_delete(query.shape, db.dialect)
        deleted = await db.execute(compiled.sql, compiled.bind(query.params))
        return deleted, {options.label: deleted} if deleted else {}
    async with db.atomic():
        return await _delete_collected(db, options, await fetch(db, query))


async def delete_instance(db: Executor, instance: Any) -> tuple[int, dict[str, int]]:
    """Delete the row of *instance*, whose key becomes None; return what `delete()` does."""
    options = options_of(type(instance))
    key = instance.__dict__.get(options.pk.attname)
    if key is None:
        raise ValueError(f"{instance!r} cannot be deleted: it has no primary key, so it was never saved")
    if _must_collect(options):
        async with db.atomic():
            result = await _delete_collected(db, options, [instance])
    else:
        result = await delete(db, Query.of(options).filtered((), {"pk": key}))
    instance.__dict__[options.pk.attname] = None
    return result


def _must_collect(options: Options) -> bool:
    """Whether rows must be read first: others refer to them, or receivers want to see them."""
    relations = any(
        relation.field.on_delete not in LEFT_TO_THE_DATABASE for relation in options.reverse.values()
    )
    return relations or pre_delete.active or post_delete.active


class Collected:
    """What a deletion touches: rows to delete by model and key, and columns to set in rows that stay."""

    def __init__(self) -> None:
        self.rows: dict[Options, dict[Any, Any]] = {}
        self.changes: list[tuple[ReverseRelation, list[Any]]] = []
        self.protected: dict[ReverseRelation, list[Any]] = {}

    def add(self, options: Options, instances: Sequence[Any]) -> list[Any]:
        """Take *instances* in; return those that were not there yet."""
        rows = self.rows.setdefault(options, {})
        new = {instance.pk: instance for instance in instances if instance.pk not in rows}
        rows.update(new)
        return list(new.values())


async def _delete_collected(
    db: Executor, options: Options, instances: Sequence[Any]
) -> tuple[int, dict[str, int]]:
    collected = await _collect(db, options, instances)
    if collected.protected:
        raise _protected(options, collected)
    return await _apply(db, collected)


async def _collect(db: Executor, options: Options, instances: Sequence[Any]) -> Collected:
    collected = Collected()
    waiting = [(options, collected.add(options, instances))]
    while waiting:
        owner, rows = waiting.pop(0)
        for relation in owner.reverse.values():
            if rows and relation.field.on_delete not in LEFT_TO_THE_DATABASE:
                found = await _referring(db, relation, rows)
                waiting.append((options_of(relation.field.model), _sort(collected, relation, found)))
    return collected


def _sort(collected: Collected, relation: ReverseRelation, found: list[Any]) -> list[Any]:
    """Put the rows *found* where `on_delete` says; return those whose own referrers must be looked at."""
    policy = relation.field.on_delete
    if policy is CASCADE:
        return collected.add(options_of(relation.field.model), found)
    if found and policy is PROTECT:
        collected.protected.setdefault(relation, []).extend(found)
    elif found:
        collected.changes.append((relation, [row.pk for row in found]))
    return []


async def _referring(db: Executor, relation: ReverseRelation, rows: Sequence[Any]) -> list[Any]:
    """Return the rows that refer to *rows* by *relation*."""
    query = Query.of(options_of(relation.field.model))
    found: list[Any] = []
    for keys in batches([row.pk for row in rows], BATCH):
        found += await fetch(db, query.filtered((), {f"{relation.field.name}__in": keys}).ordered(()))
    return found


def _protected(options: Options, collected: Collected) -> ProtectedError:
    objects = [row for rows in collected.protected.values() for row in rows]
    parts = [
        f"{plural(len(rows), relation.target.name)} by {relation.target.name}.{relation.field.name}"
        for relation, rows in collected.protected.items()
    ]
    return ProtectedError(
        f"{options.name} cannot be deleted: it is referred to by PROTECT from {', '.join(parts)}", objects
    )


async def _apply(db: Executor, collected: Collected) -> tuple[int, dict[str, int]]:
    if pre_delete.active:
        for instance in _every(collected):
            await tell(db, pre_delete, type(instance), instance=instance)
    for relation, keys in collected.changes:
        key = relation.field
        value = None if key.on_delete is SET_NULL else key.get_default()
        query = Query.of(options_of(key.model))
        for some in batches(keys, BATCH):
            await update(db, query.filtered((), {"pk__in": some}), {key.name: value})
    counts: dict[str, int] = {}
    # Foreign keys are checked when the transaction ends, so the order does not matter.
    for options, rows in collected.rows.items():
        for some in batches(list(rows), BATCH):
            found = Query.of(options).filtered((), {"pk__in": some})
            compiled = compile_delete(found.shape, db.dialect)
            deleted = await db.execute(compiled.sql, compiled.bind(found.params))
            if deleted:
                counts[options.label] = counts.get(options.label, 0) + deleted
    if post_delete.active:
        for instance in _every(collected):
            await tell(db, post_delete, type(instance), instance=instance)
    return sum(counts.values()), counts


def _every(collected: Collected) -> list[Any]:
    return [instance for rows in collected.rows.values() for instance in rows.values()]
