"""Ask the database whether a row may be saved: whether it is unique, and holds to its constraints.

Rests on queries and on the SQL of definitions. Each check that needs asking is one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from ..constraints import BaseConstraint, CheckConstraint, UniqueConstraint
from ..db.executor import Executor
from ..exceptions import NON_FIELD_ERRORS, ValidationError
from ..expressions import Q
from ..fields import Field
from ..fields.base import DATABASE_DEFAULT
from ..meta.options import Options, options_of
from ..query.definitions import condition_node, expression_of_row, own_columns, question, same_values
from ..query.query import Query
from ..sql.nodes import Node
from .read import exists

# By field; what is about no one field stands under NON_FIELD_ERRORS.
Errors: TypeAlias = dict[str, list[ValidationError]]


class Missing(Exception):
    """A check that cannot be made, since a value that it needs is left out, deferred, or not known yet."""


async def validate_unique(db: Executor, instance: Any, exclude: Iterable[str]) -> None:
    """Raise ValidationError for every value, or group of values, that another row has already."""
    options, left_out = options_of(type(instance)), frozenset(exclude)
    errors: Errors = {}
    for field in options.written_fields:
        if field.unique and not (field.primary_key and not instance._adding):
            await _look(db, instance, (field.name,), left_out, errors)
        for span in ("date", "month", "year"):
            await _look_for_date(db, instance, field, span, left_out, errors)
    for group in options.unique_together:
        await _look(db, instance, group, left_out, errors)
    # A value that is known to be there already need not be refused again.
    settled = left_out | errors.keys()
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint):
            await _hold(db, instance, constraint, settled, errors)
    if errors:
        raise ValidationError(errors)


async def validate_constraints(db: Executor, instance: Any, exclude: Iterable[str]) -> None:
    """Raise ValidationError for every constraint of Meta that the row does not hold to."""
    left_out = frozenset(exclude)
    errors: Errors = {}
    for constraint in options_of(type(instance)).constraints:
        await _hold(db, instance, constraint, left_out, errors)
    if errors:
        raise ValidationError(errors)


# -- rows that are there already ------------------------------------------------------------------


async def _look(
    db: Executor,
    instance: Any,
    names: Sequence[str],
    left_out: Collection[str],
    errors: Errors,
) -> None:
    """Note an error if another row has the same values of *names*."""
    options = options_of(type(instance))
    try:
        values = {name: _value(instance, options.get_column(name), left_out) for name in names}
    except Missing:
        return
    # NULLs differ from one another.
    if None not in values.values() and await _another(db, instance, (), _by_attname(options, values)):
        _note(errors, options, names)


async def _look_for_date(
    db: Executor,
    instance: Any,
    field: Field[Any],
    span: str,
    left_out: Collection[str],
    errors: Errors,
) -> None:
    """Note an error if another row of the same day, month or year has the same value of *field*."""
    name: str | None = getattr(field, f"unique_for_{span}")
    if name is None:
        return
    options = options_of(type(instance))
    by = options.get_column(name)
    try:
        value, day = _value(instance, field, left_out), by.prepare_operand(_value(instance, by, left_out))
    except Missing:
        return
    if value is None or day is None:
        return
    parts = ("year", "month", "day") if span == "date" else (span,)
    lookups = {f"{name}__{part}": getattr(day, part) for part in parts}
    if await _another(db, instance, (), {field.attname: value, **lookups}):
        params = {"field_label": _words(field), "date_field_label": _words(by), "lookup_type": span}
        text = field.error_messages.get(
            "unique_for_date", "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s."
        )
        errors.setdefault(field.name, []).append(ValidationError(text, "unique_for_date", params))


def _value(instance: Any, field: Field[Any], left_out: Collection[str]) -> Any:
    value = instance.__dict__.get(field.attname, DATABASE_DEFAULT)
    if field.name in left_out or value is DATABASE_DEFAULT:
        raise Missing
    return value


def _by_attname(options: Options, values: dict[str, Any]) -> dict[str, Any]:
    return {options.get_column(name).attname: value for name, value in values.items()}


async def _another(db: Executor, instance: Any, conditions: tuple[Q, ...], lookups: dict[str, Any]) -> bool:
    """Return whether there is a row that meets the lookups, *instance* itself not counted."""
    query = Query.of(options_of(options_of(type(instance)).concrete_model)).filtered(conditions, lookups)
    if not instance._adding and instance.pk is not None:
        query = query.filtered((), {"pk": instance.pk}, negated=True)
    return await exists(db, query)


def _note(errors: Errors, options: Options, names: Sequence[str]) -> None:
    """Write the error down: with its field if it is about one."""
    fields = [options.get_column(name) for name in names]
    labels = [_words(field) for field in fields]
    listed = " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
    model = options.verbose_name[:1].upper() + options.verbose_name[1:]
    text, code, place = "%(model_name)s with this %(field_labels)s already exists.", "unique_together", None
    params: dict[str, Any] = {"model": options.model, "model_name": model, "field_labels": listed}
    if len(fields) == 1:
        text, code, place = fields[0].error_messages.get("unique", text), "unique", fields[0].name
        params["field_label"] = listed
    errors.setdefault(place or NON_FIELD_ERRORS, []).append(ValidationError(text, code, params))


def _words(field: Field[Any]) -> str:
    return field.verbose_name or field.name


# -- constraints ----------------------------------------------------------------------------------


async def _hold(
    db: Executor,
    instance: Any,
    constraint: BaseConstraint,
    left_out: Collection[str],
    errors: Errors,
) -> None:
    """Note an error if the row does not hold to *constraint*."""
    options = options_of(type(instance))
    try:
        if isinstance(constraint, CheckConstraint):
            broken = await _asked(db, instance, constraint.condition, left_out, negated=True)
        elif isinstance(constraint, UniqueConstraint):
            broken = await _is_taken(db, instance, constraint, left_out)
        else:
            return
    except Missing:
        return
    if not broken:
        return
    own, code = constraint.violation_error_message, constraint.violation_error_code
    if (
        own is None
        and isinstance(constraint, UniqueConstraint)
        and constraint.fields
        and constraint.condition is None
    ):
        _note(errors, options, constraint.fields)
        return
    if own is None:
        kind = "already exists" if isinstance(constraint, UniqueConstraint) else "does not hold"
        what = "A row like this" if isinstance(constraint, UniqueConstraint) else "The constraint"
        own = f"{what} {kind} (constraint '%(name)s')."
    error = ValidationError(own, code, {"name": constraint.name})
    errors.setdefault(NON_FIELD_ERRORS, []).append(error)


async def _is_taken(
    db: Executor, instance: Any, constraint: UniqueConstraint, left_out: Collection[str]
) -> bool:
    options = options_of(type(instance))
    values = {name: _value(instance, options.get_column(name), left_out) for name in constraint.fields}
    if constraint.nulls_distinct is not False and None in values.values():
        return False
    if constraint.condition is not None:
        if not await _asked(db, instance, constraint.condition, left_out, negated=False):
            return False
    conditions = () if constraint.condition is None else (constraint.condition,)
    if constraint.expressions:
        return await _has_same(db, instance, constraint, left_out)
    return await _another(db, instance, conditions, _by_attname(options, values))


async def _has_same(db: Executor, instance: Any, constraint: Any, left_out: Collection[str]) -> bool:
    """Return whether another row has the same values of the expressions, and meets the condition too."""
    options = options_of(options_of(type(instance)).concrete_model)
    where = f"{options.name}.Meta: {constraint.name}"
    nodes = [expression_of_row(options, one, db.dialect, where) for one in constraint.expressions]
    condition = constraint.condition
    more = [] if condition is None else [condition_node(options, condition, db.dialect, where)]
    row = _row(options, instance, nodes, left_out)
    key = None if instance._adding else instance.pk
    sql = same_values(options, nodes, row, more, key, db.dialect)
    return bool(await db.fetch(sql))


async def _asked(
    db: Executor, instance: Any, condition: Q, left_out: Collection[str], *, negated: bool
) -> bool:
    """Return whether the database says that the row meets *condition*; with *negated*, that it breaks it."""
    options = options_of(type(instance))
    node = condition_node(options, condition, db.dialect, f"{options.name}.Meta.constraints")
    row = _row(options, instance, [node], left_out)
    return bool(await db.fetch(question(node, row, db.dialect, negated=negated)))


def _row(
    options: Options, instance: Any, nodes: Sequence[Node], left_out: Collection[str]
) -> dict[str, tuple[Any, Any]]:
    """Return what the columns that *nodes* name would hold, and their types."""
    columns = {field.column: field for field in options.fields}
    row = {}
    for name in own_columns(nodes):
        field = columns[name]
        value = _value(instance, field, left_out)
        row[name] = (field.output_value(value), field.type)
    return row
