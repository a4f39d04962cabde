"""Insert many instances, a batch in one statement.

Rests on compiled writes and the executor; sends no signals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..db.executor import Executor
from ..fields import Field
from ..meta.options import Options
from ..query.write import Take, compile_insert, insert_text
from .read import origin
from .save import inserted_fields, make_values, set_key, take_related_keys


async def bulk_create(
    db: Executor, options: Options, objs: Iterable[Any], batch_size: int, *, ignore_conflicts: bool = False
) -> list[Any]:
    """Insert *objs* in one transaction and set their keys; return them as a list, in the same order.

    A batch holds fewer than *batch_size* rows where the database takes fewer parameters. With
    *ignore_conflicts*, rows that a constraint refuses are left out, and no keys are set.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    instances = list(objs)
    for instance in instances:
        if not isinstance(instance, options.model):
            raise TypeError(f"bulk_create() of {options.name} got {instance!r} ({type(instance).__name__})")
        take_related_keys(options, instance)
    made: list[tuple[Any, Take | None]] = []
    async with db.atomic():
        groups = _by_fields(options, instances)
        for fields, group in groups:
            for batch in batches(group, _rows_per_statement(db, fields, batch_size)):
                made += await _insert_batch(db, options, fields, batch, ignore_conflicts)
    ordered = [instance for _, group in groups for instance in group]
    # Only now: a batch that failed must not leave keys of rows that were rolled back.
    for instance, (row, take) in zip(ordered, made):
        set_key(options, instance, row[0])
        if take is not None:
            take(instance, row)
        instance._adding = False
        instance._alias = origin(db)
    return instances


def _by_fields(options: Options, instances: list[Any]) -> list[tuple[tuple[Field[Any], ...], list[Any]]]:
    """Return the instances that write the same columns: those with a key of their own, and those without."""
    groups: dict[tuple[Field[Any], ...], list[Any]] = {}
    for instance in instances:
        groups.setdefault(inserted_fields(options, instance), []).append(instance)
    return list(groups.items())


def _rows_per_statement(db: Executor, fields: Sequence[Field[Any]], batch_size: int) -> int:
    # Without columns, INSERT ... DEFAULT VALUES makes one row.
    return max(1, min(batch_size, db.dialect.max_parameters // len(fields))) if fields else 1


def batches(instances: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield *instances* in order, at most *size* at a time."""
    return (instances[start : start + size] for start in range(0, len(instances), size))


async def _insert_batch(
    db: Executor,
    options: Options,
    fields: tuple[Field[Any], ...],
    batch: list[Any],
    ignore_conflicts: bool,
) -> list[tuple[Any, Take | None]]:
    """Insert one batch; return what came back of its rows, in order, and what takes it in."""
    for instance in batch:
        make_values(fields, instance, adding=True)
    write = compile_insert(options, fields, db.dialect)
    sql = insert_text(options, fields, db.dialect, rows=len(batch), ignore_conflicts=ignore_conflicts)
    rows = await db.fetch(sql, [value for instance in batch for value in write.extract(instance)])
    return [(row, write.take) for row in rows]
