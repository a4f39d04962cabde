"""Insert and update many instances, a batch in one statement.

Rests on compiled writes and the executor; sends no signals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from ..db.executor import Executor
from ..exceptions import FieldDoesNotExist, FieldError
from ..expressions import Expression
from ..fields import Field
from ..meta.options import Options
from ..query.compiled import compile_bulk_update
from ..query.computed import computed_insert
from ..query.query import Query
from ..query.write import ComputedValueError, Conflict, Take, compile_insert, insert_text, kept_extractor
from .read import origin
from .save import inserted_fields, make_values, set_key, take_related_keys
from .update import update

# Rows that a constraint refuses are left out.
IGNORED: Final = Conflict()


def conflict_of(
    options: Options,
    ignore_conflicts: bool,
    update_conflicts: bool,
    update_fields: Collection[str] | None,
    unique_fields: Collection[str] | None,
) -> Conflict | None:
    """Return what `bulk_create()` was told to do with rows that are there already; None for an error."""
    if ignore_conflicts and update_conflicts:
        raise ValueError("ignore_conflicts and update_conflicts exclude each other")
    if not update_conflicts:
        if update_fields or unique_fields:
            raise ValueError("update_fields and unique_fields are for update_conflicts=True")
        return IGNORED if ignore_conflicts else None
    if not update_fields:
        raise ValueError("update_conflicts=True needs update_fields: what to set in rows that are there")
    if not unique_fields:
        raise ValueError("update_conflicts=True needs unique_fields: what tells that a row is there")
    for given in (update_fields, unique_fields):
        if isinstance(given, str):
            raise TypeError(f"update_fields and unique_fields take several names, not the string {given!r}")
    updated = [_column(options, name, "bulk_create()") for name in update_fields]
    return Conflict(tuple(options.get_column(name).column for name in unique_fields), tuple(updated))


def _column(options: Options, name: str, method: str) -> str:
    """Return the column that *method* is to write."""
    field = options.get_column(name)
    if field.primary_key:
        raise ValueError(f"{method} cannot change the primary key {name!r}")
    if field.generated:
        raise ValueError(f"{method} cannot set {name!r}: the database computes it")
    return field.column


async def bulk_create(
    db: Executor, options: Options, objs: Iterable[Any], batch_size: int, conflict: Conflict | None = None
) -> list[Any]:
    """Insert *objs* in one transaction and set their keys; return them as a list, in the same order.

    A batch holds fewer than *batch_size* rows where the database takes fewer parameters. Where *conflict*
    leaves rows out, no keys are set; where it updates them, their keys are those of the rows that were there.
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
                made += await _insert_batch(db, options, fields, batch, conflict)
    ordered = [instance for _, group in groups for instance in group]
    # Only now: a batch that failed must not leave keys of rows that were rolled back.
    for instance, (row, take) in zip(ordered, made):
        if conflict is not None:
            instance.__dict__[options.pk.attname] = None
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
    conflict: Conflict | None,
) -> list[tuple[Any, Take | None]]:
    """Insert one batch; return what came back of its rows, in order, and what takes it in."""
    for instance in batch:
        make_values(fields, instance, adding=True)
    write = compile_insert(options, fields, db.dialect)
    try:
        params = [value for instance in batch for value in write.extract(instance)]
    except ComputedValueError:
        return await _insert_computed(db, options, fields, batch, conflict)
    sql = insert_text(options, fields, db.dialect, rows=len(batch), conflict=conflict)
    return [(row, write.take) for row in await db.fetch(sql, params)]


async def _insert_computed(
    db: Executor,
    options: Options,
    fields: tuple[Field[Any], ...],
    batch: list[Any],
    conflict: Conflict | None,
) -> list[tuple[Any, Take | None]]:
    """Insert one batch with expressions in it, by halves while it has more parameters than may be."""
    statement = computed_insert(options, fields, batch, db.dialect, conflict)
    if len(statement.params) > db.dialect.max_parameters and len(batch) > 1:
        halves = batches(batch, (len(batch) + 1) // 2)
        return [row for half in halves for row in await _insert_computed(db, options, fields, half, conflict)]
    return [(row, statement.take) for row in await db.fetch(statement.sql, statement.params)]


async def bulk_update(
    db: Executor, query: Query, objs: Iterable[Any], fields: Iterable[str], batch_size: int
) -> int:
    """Write *fields* of *objs* to those of their rows that are in *query*; return how many there were.

    One statement a batch, and one for each object in which a field is an expression.
    """
    query.refuse_groups("bulk_update()")
    options = query.shape.options
    columns = _updated(options, fields, batch_size)
    instances = _saved(options, objs)
    for instance in instances:
        take_related_keys(options, instance)
    computed = _computed(instances, columns)
    left_out = set(map(id, computed))
    plain = [one for one in instances if id(one) not in left_out] if computed else instances
    if not instances or query.shape.empty:
        return 0
    room = (db.dialect.max_parameters - query.shape.slots) // (len(columns) + 1)
    portions = list(batches(plain, max(1, min(batch_size, room))))
    if len(portions) + len(computed) == 1 and portions:
        return await _update_batch(db, query, columns, portions[0])
    count = 0
    async with db.atomic():
        for batch in portions:
            count += await _update_batch(db, query, columns, batch)
        for instance in computed:
            values = {field.attname: getattr(instance, field.attname) for field in columns}
            count += await update(db, query.filtered((), {"pk": instance.pk}), values)
    return count


def _updated(options: Options, names: Iterable[str], batch_size: int) -> tuple[Field[Any], ...]:
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if isinstance(names, str):
        raise TypeError(f"bulk_update() takes several fields, not the string {names!r}")
    fields: dict[Field[Any], None] = {}
    for name in names:
        try:
            _column(options, name, "bulk_update()")
        except FieldDoesNotExist as error:
            raise FieldError(
                f"Unknown field {name!r} in bulk_update(): {error}",
                model=error.model,
                name=error.name,
                choices=error.choices,
                suggestion=error.suggestion,
            ) from error
        fields[options.get_column(name)] = None
    if not fields:
        raise ValueError("bulk_update() needs the names of the fields to write")
    return tuple(fields)


def _saved(options: Options, objs: Iterable[Any]) -> list[Any]:
    """Return *objs*, each row once; ValueError for one that is not saved."""
    found: dict[Any, Any] = {}
    attname = options.pk.attname
    for instance in objs:
        if not isinstance(instance, options.model):
            raise TypeError(f"bulk_update() of {options.name} got {instance!r} ({type(instance).__name__})")
        key = instance.__dict__.get(attname)
        if key is None:
            raise ValueError(f"bulk_update() takes saved instances: {instance!r} has no primary key")
        found.setdefault(key, instance)
    return list(found.values())


def _computed(instances: list[Any], fields: Sequence[Field[Any]]) -> list[Any]:
    """Return the instances in which one of *fields* is an expression."""
    found: dict[int, Any] = {}
    for name in [field.attname for field in fields]:
        # Mostly there is none: then the few types of value tell it at once.
        if any(
            issubclass(type, Expression) for type in {one.__dict__.get(name).__class__ for one in instances}
        ):
            found |= {id(one): one for one in instances if isinstance(one.__dict__.get(name), Expression)}
    return list(found.values())


async def _update_batch(db: Executor, query: Query, fields: tuple[Field[Any], ...], batch: list[Any]) -> int:
    options = query.shape.options
    compiled = compile_bulk_update(query.shape, fields, len(batch), db.dialect)
    extract = kept_extractor(options, (options.pk, *fields), db.dialect)
    values = [value for instance in batch for value in extract(instance)]
    return await db.execute(compiled.sql, [*values, *compiled.bind(query.params)])
