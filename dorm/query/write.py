"""From instances to INSERT and UPDATE statements, made once per set of columns.

Rests on options and a dialect's codecs. Values are converted and checked as they leave the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from .._generate import generate
from .._record import Record
from ..expressions import Expression
from ..fields import Field
from ..fields.numbers import IntegerField
from ..fields.related import ForeignKey
from ..meta.options import Options
from ..sql.dialects import Dialect
from ..sql.nodes import Assignment, Bind, Column, Compare, Insert, Update
from .hydrate import Cell, build_tuples

Extract: TypeAlias = Callable[[Any], tuple[Any, ...]]
Take: TypeAlias = Callable[[Any, Sequence[Any]], None]

# Fields of these families store a value of their `python_types` as it is.
STORED_AS_IS: Final = frozenset({"text", "boolean", "float", "date", "duration", "uuid", "binary", "json"})


class Write:
    """A statement, and the function that takes its parameters out of an instance.

    `take` puts what a row gave back into an instance; None when there is nothing but its key.
    """

    __slots__ = ("extract", "sql", "take")

    def __init__(self, sql: str, extract: Extract, take: Take | None = None) -> None:
        self.sql = sql
        self.extract = extract
        self.take = take


class ComputedValueError(Exception):
    """A value of an instance is an expression: a statement must be written for it."""


class Conflict(Record):
    """What an INSERT does with a row that is there: nothing, or, found by *unique*, set *updated* anew."""

    unique: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()


def compile_insert(options: Options, fields: Sequence[Field[Any]], dialect: Dialect) -> Write:
    """Return the INSERT of one row of *fields*, which gives back its key."""
    key = ("insert", tuple(fields), dialect)
    write: Write | None = options.cache.get(key)
    if write is None:
        take = taker(made_by_database(options, fields), dialect)
        write = Write(insert_text(options, fields, dialect, rows=1), extractor(fields, dialect), take)
        options.cache[key] = write
    return write


def insert_text(
    options: Options,
    fields: Sequence[Field[Any]],
    dialect: Dialect,
    *,
    rows: int,
    conflict: Conflict | None = None,
) -> str:
    """Return the text of an INSERT of *rows* rows.

    It gives back their keys, and then what the database made, unless it ignores conflicts.
    """
    return dialect.write(insert_node(options, fields, rows=rows, conflict=conflict))


def insert_node(
    options: Options,
    fields: Sequence[Field[Any]],
    *,
    rows: int,
    conflict: Conflict | None = None,
    more: Sequence[Field[Any]] = (),
) -> Insert:
    """Return the INSERT of *rows* rows, which gives *more* back after what `insert_text()` does."""
    ignored = conflict is not None and not conflict.updated
    columns = tuple(field.column for field in fields)
    returned = (options.pk, *made_by_database(options, fields), *more)
    returning = () if ignored else tuple(field.column for field in returned)
    unique, updated = ((), ()) if conflict is None else (conflict.unique, conflict.updated)
    return Insert(options.db_table, columns, rows, returning, ignored, unique, updated)


def made_by_database(options: Options, fields: Sequence[Field[Any]]) -> tuple[Field[Any], ...]:
    """Return the fields that the database gives a value when a row of *fields* is inserted."""
    return tuple(field for field in options.database_made if field not in fields and not field.primary_key)


def taker(fields: Sequence[Field[Any]], dialect: Dialect) -> Take | None:
    """Return what puts the values of *fields*, which stand after a row's key, into an instance."""
    if not fields:
        return None
    names = [field.attname for field in fields]
    build = build_tuples([Cell(field.attname, field.type, True) for field in fields], dialect)

    def take(instance: Any, row: Sequence[Any]) -> None:
        instance.__dict__.update(zip(names, build([row[1:]], None)[0]))

    return take


def compile_row_update(
    options: Options, fields: Sequence[Field[Any]], dialect: Dialect, returned: Sequence[Field[Any]] = ()
) -> Write:
    """Return the UPDATE of *fields* of one row, found by its key; it gives back that and *returned*."""
    key = ("update", tuple(fields), tuple(returned), dialect)
    write: Write | None = options.cache.get(key)
    if write is None:
        slots = [Bind(slot, field.type) for slot, field in enumerate((*fields, options.pk))]
        assignments = tuple(Assignment(field.column, bind) for field, bind in zip(fields, slots))
        where = Compare(Column(options.db_table, options.pk.column), "=", slots[-1])
        columns = (options.pk.column, *(field.column for field in returned)) if returned else ()
        sql = dialect.write(Update(options.db_table, assignments, where, columns))
        extract = extractor((*fields, options.pk), dialect)
        write = options.cache[key] = Write(sql, extract, taker(returned, dialect))
    return write


def kept_extractor(options: Options, fields: Sequence[Field[Any]], dialect: Dialect) -> Extract:
    """Return the function that `extractor()` makes, made once."""
    key = ("extract", tuple(fields), dialect)
    extract: Extract | None = options.cache.get(key)
    if extract is None:
        extract = options.cache[key] = extractor(fields, dialect)
    return extract


def extractor(fields: Sequence[Field[Any]], dialect: Dialect) -> Extract:
    """Return the function from an instance to the stored values of *fields*.

    It raises FieldError for a value that its column cannot store, and ComputedValueError for an expression.
    """
    names: dict[str, Any] = {}
    lines: list[str] = []
    values: list[str] = []
    for number, field in enumerate(fields):
        value = f"v{number}"
        names[f"prepare{number}"] = _preparing(field)
        lines.append(f"{value} = o.{field.attname}")
        must_prepare = _must_prepare(field, number, value, names, dialect)
        lines.append(f"if {must_prepare}: {value} = prepare{number}({value})")
        codec = dialect.encoder(field.type)
        values.append(value if codec is None else codec.apply(value, names, nullable=True))
    body = "\n    ".join([*lines, f"return ({''.join(value + ', ' for value in values)})"])
    return generate(f"def generated(o):\n    {body}\n", names, "stored values")


def _preparing(field: Field[Any]) -> Callable[[Any], Any]:
    prepare = field.stored if field.is_own_writing else field.get_prep_value

    def prepared(value: Any) -> Any:
        if isinstance(value, Expression):
            raise ComputedValueError
        return prepare(value)

    return prepared


def _must_prepare(field: Field[Any], number: int, value: str, names: dict[str, Any], dialect: Dialect) -> str:
    """Return the code of whether *value* must pass through `get_prep_value()`."""
    stored = field.target_field if isinstance(field, ForeignKey) else field
    if stored.is_own_writing:
        return "True"
    if isinstance(stored, IntegerField):
        return f"{value}.__class__ is not int or not {stored.lowest} <= {value} <= {stored.highest}"
    if field.family == "datetime" and dialect.use_tz:
        names |= {"UTC": UTC, "datetime": datetime}
        return f"{value} is not None and ({value}.__class__ is not datetime or {value}.tzinfo is not UTC)"
    if field.family not in STORED_AS_IS:
        return f"{value} is not None"
    names[f"types{number}"] = field.python_types
    return f"{value}.__class__ not in types{number} and {value} is not None"
