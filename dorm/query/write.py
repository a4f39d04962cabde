"""From instances to INSERT and UPDATE statements, made once per set of columns.

Rests on options and a dialect's codecs. Values are converted and checked as they leave the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from .._generate import generate
from ..fields import Field
from ..fields.numbers import IntegerField
from ..fields.related import ForeignKey
from ..meta.options import Options
from ..sql.dialects import Dialect
from ..sql.nodes import Assignment, Bind, Column, Compare, Insert, Update

Extract: TypeAlias = Callable[[Any], tuple[Any, ...]]

# Fields of these families store a value of their `python_types` as it is.
STORED_AS_IS: Final = frozenset({"text", "boolean", "float", "date", "uuid", "json"})


class Write:
    """A statement, and the function that takes its parameters out of an instance."""

    __slots__ = ("extract", "sql")

    def __init__(self, sql: str, extract: Extract) -> None:
        self.sql = sql
        self.extract = extract


def compile_insert(options: Options, fields: Sequence[Field[Any]], dialect: Dialect) -> Write:
    """Return the INSERT of one row of *fields*, which gives back its key."""
    key = ("insert", tuple(fields), dialect)
    write: Write | None = options.cache.get(key)
    if write is None:
        write = Write(insert_text(options, fields, dialect, rows=1), extractor(fields, dialect))
        options.cache[key] = write
    return write


def insert_text(
    options: Options,
    fields: Sequence[Field[Any]],
    dialect: Dialect,
    *,
    rows: int,
    ignore_conflicts: bool = False,
) -> str:
    """Return the text of an INSERT of *rows* rows, which gives back their keys unless it ignores conflicts."""
    columns = tuple(field.column for field in fields)
    returning = () if ignore_conflicts else (options.pk.column,)
    return dialect.write(Insert(options.db_table, columns, rows, returning, ignore_conflicts))


def compile_row_update(options: Options, fields: Sequence[Field[Any]], dialect: Dialect) -> Write:
    """Return the UPDATE of *fields* of one row, found by its key."""
    key = ("update", tuple(fields), dialect)
    write: Write | None = options.cache.get(key)
    if write is None:
        slots = [Bind(slot, field.type) for slot, field in enumerate((*fields, options.pk))]
        assignments = tuple(Assignment(field.column, bind) for field, bind in zip(fields, slots))
        where = Compare(Column(options.db_table, options.pk.column), "=", slots[-1])
        sql = dialect.write(Update(options.db_table, assignments, where))
        write = options.cache[key] = Write(sql, extractor((*fields, options.pk), dialect))
    return write


def extractor(fields: Sequence[Field[Any]], dialect: Dialect) -> Extract:
    """Return the function from an instance to the stored values of *fields*.

    It raises FieldError for a value that its column cannot store.
    """
    names: dict[str, Any] = {}
    lines: list[str] = []
    values: list[str] = []
    for number, field in enumerate(fields):
        value = f"v{number}"
        names[f"prepare{number}"] = field.get_prep_value
        lines.append(f"{value} = o.{field.attname}")
        must_prepare = _must_prepare(field, number, value, names, dialect)
        lines.append(f"if {must_prepare}: {value} = prepare{number}({value})")
        codec = dialect.encoder(field.type)
        values.append(value if codec is None else codec.apply(value, names, nullable=True))
    body = "\n    ".join([*lines, f"return ({''.join(value + ', ' for value in values)})"])
    return generate(f"def generated(o):\n    {body}\n", names, "stored values")


def _must_prepare(field: Field[Any], number: int, value: str, names: dict[str, Any], dialect: Dialect) -> str:
    """Return the code of whether *value* must pass through `get_prep_value()`."""
    stored = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(stored, IntegerField):
        return f"{value}.__class__ is not int or not {stored.lowest} <= {value} <= {stored.highest}"
    if field.family == "datetime" and dialect.use_tz:
        names |= {"UTC": UTC, "datetime": datetime}
        return f"{value} is not None and ({value}.__class__ is not datetime or {value}.tzinfo is not UTC)"
    if field.family not in STORED_AS_IS:
        return f"{value} is not None"
    names[f"types{number}"] = field.python_types
    return f"{value}.__class__ not in types{number} and {value} is not None"
