"""Save one instance: INSERT or UPDATE, with its signals.

Rests on compiled writes and the executor. Only the columns that the instance holds are written.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any, Final

from ..db.executor import Executor
from ..exceptions import DatabaseError, FieldError
from ..expressions import Expression
from ..fields import NOT_PROVIDED, Field
from ..fields.base import DATABASE_DEFAULT
from ..meta.options import Options, options_of
from ..query.compiled import compile_select
from ..query.computed import computed_insert, computed_update
from ..query.query import Query
from ..query.write import ComputedValueError, compile_insert, compile_row_update
from ..signals import Signal, post_save, pre_save
from .read import origin


async def save(
    db: Executor,
    instance: Any,
    force_insert: bool = False,
    force_update: bool = False,
    update_fields: Iterable[str] | None = None,
) -> None:
    """Write *instance*: insert it if it is new, else update its row, and insert it if there is no row.

    With *update_fields*, update these columns only; nothing happens if the list is empty. With these or with
    *force_update*, it is a DatabaseError if there is no row. Raises FieldError for values that cannot be
    stored.
    """
    model = type(instance)
    options = options_of(model)
    named = None if update_fields is None else _named(options, update_fields)
    if named is not None:
        if force_insert:
            raise ValueError("force_insert and update_fields exclude each other")
        force_update = False
        if not named:
            return
    if force_insert and force_update:
        raise ValueError("force_insert and force_update exclude each other")
    take_related_keys(options, instance)
    adding = (
        not force_update
        and named is None
        and (force_insert or instance._adding or instance.__dict__.get(options.pk.attname) is None)
    )
    if pre_save.active:
        await tell(db, pre_save, model, instance=instance, created=adding, update_fields=named)
    if named is not None:
        created = await _update_named(db, options, instance, named)
    elif force_update:
        created = await _must_update(db, options, instance)
    elif adding:
        created = await _insert_or_replace(db, options, instance, force_insert)
    else:
        created = not await _update(db, options, instance, _loaded(options, instance), adding=False)
        if created:
            await insert(db, options, instance)
    instance._adding = False
    if db.alias != "default" or instance._alias is not None:
        instance._alias = origin(db)
    if post_save.active:
        await tell(db, post_save, model, instance=instance, created=created, update_fields=named)


# The save() and asave() of Model itself; put here by that class.
PLAIN_SAVES: Final[set[Any]] = set()


def save_by_class(
    db: Executor, instance: Any, *, force_insert: bool = False, update_fields: Iterable[str] | None = None
) -> Coroutine[Any, Any, None]:
    """Save *instance* through the `save()` of its class, or its twin, where that overrides them."""
    model = type(instance)
    if model.save in PLAIN_SAVES and model.asave in PLAIN_SAVES:
        return save(db, instance, force_insert, update_fields=update_fields)
    named: dict[str, Any] = {"using": db.alias}
    named |= {"force_insert": True} if force_insert else {}
    named |= {} if update_fields is None else {"update_fields": update_fields}
    return _saved_by_class(db, instance, named)


async def _saved_by_class(db: Executor, instance: Any, named: dict[str, Any]) -> None:
    if db.is_async:
        await instance.asave(**named)
    else:
        instance.save(**named)


async def insert(db: Executor, options: Options, instance: Any) -> None:
    """INSERT the row of *instance* and set its primary key."""
    fields = inserted_fields(options, instance)
    make_values(fields, instance, adding=True)
    write = compile_insert(options, fields, db.dialect)
    try:
        sql, params, take = write.sql, write.extract(instance), write.take
    except ComputedValueError:
        sql, params, take = computed_insert(options, fields, [instance], db.dialect)
    row = (await db.fetch(sql, params))[0]
    set_key(options, instance, row[0])
    if take is not None:
        take(instance, row)


def inserted_fields(options: Options, instance: Any) -> tuple[Field[Any], ...]:
    """Return the fields of an INSERT: all, but for a key and for values that the database makes."""
    pk = options.pk
    made = pk.auto or pk.db_default is not NOT_PROVIDED
    if made and instance.__dict__.get(pk.attname) is None:
        return _chosen(options, instance, options.fields_without_pk)
    return _chosen(options, instance, options.written_fields)


def _chosen(options: Options, instance: Any, fields: tuple[Field[Any], ...]) -> tuple[Field[Any], ...]:
    """Return those of *fields* that the instance does not leave to the database."""
    if not options.database_made:
        return fields
    return tuple(field for field in fields if instance.__dict__.get(field.attname) is not DATABASE_DEFAULT)


def set_key(options: Options, instance: Any, value: Any) -> None:
    """Set the primary key that the database gave back, unless the instance has one of its own."""
    key = instance.__dict__.get(options.pk.attname)
    if key is None or isinstance(key, Expression):
        pk = options.pk
        instance.__dict__[pk.attname] = pk.load(value) if pk.has_load else pk.from_db_value(value)


async def _insert_or_replace(db: Executor, options: Options, instance: Any, force_insert: bool) -> bool:
    """Insert a new instance, or update the row whose key it was given; return whether it was inserted."""
    key = instance.__dict__.get(options.pk.attname)
    if not (force_insert or key is None or isinstance(key, Expression)):
        if await _update(db, options, instance, _loaded(options, instance), adding=True):
            return False
    await insert(db, options, instance)
    return True


async def _update_named(db: Executor, options: Options, instance: Any, names: frozenset[str]) -> bool:
    fields = tuple(field for field in options.fields if field.name in names)
    if not await _update(db, options, instance, fields, adding=False):
        key = instance.__dict__.get(options.pk.attname)
        raise DatabaseError(f"save(update_fields=...) found no {options.name} with the primary key {key!r}")
    return False


async def _must_update(db: Executor, options: Options, instance: Any) -> bool:
    key = instance.__dict__.get(options.pk.attname)
    if key is None or not await _update(db, options, instance, _loaded(options, instance), adding=False):
        raise DatabaseError(f"save(force_update=True) found no {options.name} with the primary key {key!r}")
    return False


async def _update(
    db: Executor, options: Options, instance: Any, fields: tuple[Field[Any], ...], *, adding: bool
) -> bool:
    """UPDATE *fields* of the row; return whether there was one."""
    make_values(fields, instance, adding=adding)
    if not fields:
        row = Query.of(options).filtered((), {"pk": instance.pk})
        compiled = compile_select(row.shape, db.dialect)
        return bool(await db.fetch(compiled.sql, compiled.bind(row.params)))
    returned = _returned(options, instance)
    write = compile_row_update(options, fields, db.dialect, returned)
    try:
        sql, params, take = write.sql, write.extract(instance), write.take
    except ComputedValueError:
        sql, params, take = computed_update(options, fields, instance, db.dialect, returned)
    if take is None:
        return await db.execute(sql, params) > 0
    rows = await db.fetch(sql, params)
    if rows:
        take(instance, rows[0])
    return bool(rows)


def _returned(options: Options, instance: Any) -> tuple[Field[Any], ...]:
    """Return the columns that an UPDATE changes by itself, or whose value the instance does not know yet."""
    held = instance.__dict__
    return tuple(
        field
        for field in options.database_made
        if field.generated or held.get(field.attname) is DATABASE_DEFAULT
    )


def _loaded(options: Options, instance: Any) -> tuple[Field[Any], ...]:
    """Return the columns that *instance* holds, its key left out: deferred ones are not written."""
    held = instance.__dict__
    fields = _chosen(options, instance, options.fields_without_pk)
    return fields if all(f.attname in held for f in fields) else tuple(f for f in fields if f.attname in held)


def _named(options: Options, names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):
        raise FieldError(f"update_fields takes several names, not the string {names!r}")
    fields = [options.get_column(name) for name in names]
    if options.pk in fields:
        raise FieldError("update_fields cannot name the primary key: it is how the row is found")
    for field in fields:
        if field.generated:
            raise FieldError(f"update_fields cannot name {field.name!r}: the database computes it")
    return frozenset(field.name for field in fields)


def make_values(fields: tuple[Field[Any], ...], instance: Any, *, adding: bool) -> None:
    for field in fields:
        if field.has_pre_save:
            field.pre_save(instance, adding)


def take_related_keys(options: Options, instance: Any) -> None:
    """Take the keys of related instances that were saved after they were assigned."""
    held = instance.__dict__
    for key in options.foreign_keys:
        related = held.get(key.cache_name)
        if related is not None and held.get(key.attname) is None:
            held[key.attname] = key.key_of(related)


async def tell(db: Executor, signal: Signal, sender: Any, **named: Any) -> None:
    """Send *signal* in the way of the face that called."""
    if db.is_async:
        await signal.asend(sender, **named)
    else:
        signal.send(sender, **named)
