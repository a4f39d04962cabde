"""The definition of a model's table as statements: for whoever makes tables, and for whoever changes them.

Rests on options and the SQL tree of definitions; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from ..constraints import BaseConstraint, CheckConstraint, UniqueConstraint
from ..exceptions import FieldDoesNotExist, ImproperlyConfigured, NotSupportedError
from ..expressions import Expression
from ..fields import NOT_PROVIDED, Field, GeneratedField
from ..fields.related import ForeignKey
from ..indexes import Index, shortened
from ..meta.options import Options, options_of
from ..query.definitions import condition_node, encoded, expression_node, index_term
from ..sql.ddl import (
    CheckDefinition,
    ColumnDefinition,
    Comment,
    CreateIndex,
    CreateTable,
    IndexPart,
    LiteralValue,
    OwnColumn,
    Reference,
    UniqueDefinition,
)
from ..sql.dialects import Dialect
from ..sql.nodes import Node, find


def table_statements(options: Options, dialect: Dialect, ahead: Sequence[ForeignKey] = ()) -> list[Node]:
    """Return the CREATE TABLE of a model, then its indexes, then what is said about it.

    The keys *ahead* are plain columns: what they refer to is not there yet.
    """
    groups = tuple(
        tuple(options.get_column(name).column for name in group) for group in options.unique_together
    )
    columns = tuple(_definition(options, field, dialect, field in ahead) for field in options.fields)
    constraints = tuple(
        _constraint(options, one, dialect) for one in options.constraints if not _is_index(one)
    )
    table = CreateTable(options.db_table, columns, groups, constraints)
    indexed = [field for field in options.fields if field.db_index and not field.unique]
    return [
        table,
        *(_column_index(options.db_table, field.column) for field in indexed),
        *(index_statement(options, index, dialect) for index in options.indexes),
        *(_unique_index(options, one, dialect) for one in options.constraints if _is_index(one)),
        *(_comments(options) if dialect.has_comments else ()),
    ]


def _comments(options: Options) -> Iterator[Comment]:
    if options.db_table_comment is not None:
        yield Comment(options.db_table, None, options.db_table_comment)
    for field in options.fields:
        if field.db_comment is not None:
            yield Comment(options.db_table, field.column, field.db_comment)


# -- columns --------------------------------------------------------------------------------------


def _definition(options: Options, field: Field[Any], dialect: Dialect, is_ahead: bool) -> ColumnDefinition:
    refers = isinstance(field, ForeignKey) and field.db_constraint and not is_ahead
    return ColumnDefinition(
        name=field.column,
        type=field.type,
        null=field.null,
        primary_key=field.primary_key,
        unique=field.unique,
        positive=field.positive,
        references=reference_of(cast(ForeignKey, field)) if refers else None,
        written_type=_written_type(field, dialect),
        default=_default(options, field, dialect),
        **(_generated(options, field, dialect) if isinstance(field, GeneratedField) else {}),
    )


def _written_type(field: Field[Any], dialect: Dialect) -> str | None:
    """Return the type that a class outside of dorm says; a foreign key has that of what it refers to."""
    while isinstance(field, ForeignKey) and field.related_model is not None:
        field = field.target_field
    return field.db_type(dialect) if field.is_own_type else None


def _default(options: Options, field: Field[Any], dialect: Dialect) -> Node | None:
    value = field.db_default
    if value is NOT_PROVIDED:
        return None
    if not isinstance(value, Expression):
        return literal_of(field, value, dialect)
    where = f"{options.name}.{field.name}: db_default"
    node, _ = expression_node(options, value, dialect, where)
    if next(find(node, OwnColumn), None) is not None:
        raise ImproperlyConfigured(f"{where} may not name columns: there is no row yet")
    return node


def literal_of(field: Field[Any], value: Any, dialect: Dialect) -> LiteralValue:
    """Return a value of a column as it stands in a definition."""
    return LiteralValue(encoded(field.stored(value), field.type, dialect), field.type)


def _generated(options: Options, field: GeneratedField[Any], dialect: Dialect) -> dict[str, Any]:
    where = f"{options.name}.{field.name}: expression"
    if not field.db_persist and not dialect.has_virtual_columns:
        raise NotSupportedError(f"{where}: {dialect.vendor} keeps computed columns: set db_persist=True")
    node, _ = expression_node(options, field.expression, dialect, where)
    return {"generated": node, "persisted": field.db_persist}


def reference_of(key: ForeignKey) -> Reference:
    """Return what a foreign key says in the database."""
    return Reference(options_of(key.related_model).db_table, key.target_field.column, key.on_delete.action)


# -- indexes and constraints ----------------------------------------------------------------------


def _is_index(constraint: BaseConstraint) -> bool:
    return isinstance(constraint, UniqueConstraint) and constraint.is_index


def _constraint(
    options: Options, constraint: BaseConstraint, dialect: Dialect
) -> CheckDefinition | UniqueDefinition:
    name = str(constraint.name)
    if isinstance(constraint, CheckConstraint):
        return CheckDefinition(
            name, condition_node(options, constraint.condition, dialect, _where(options, name))
        )
    if isinstance(constraint, UniqueConstraint):
        wait: Any = None if constraint.deferrable is None else constraint.deferrable.value
        return UniqueDefinition(name, _columns(options, constraint.fields), wait)
    raise NotSupportedError(f"{_where(options, name)}: {type(constraint).__name__} is not known here")


def _unique_index(options: Options, constraint: Any, dialect: Dialect) -> CreateIndex:
    return CreateIndex(
        name=constraint.name,
        table=options.db_table,
        parts=_parts(options, constraint, dialect),
        unique=True,
        condition=_condition(options, constraint, dialect),
        include=_columns(options, constraint.include),
        nulls_distinct=constraint.nulls_distinct is not False,
    )


def index_statement(options: Options, index: Index, dialect: Dialect) -> CreateIndex:
    """Return the CREATE INDEX of one of a model's indexes."""
    return CreateIndex(
        name=index.get_name(options.db_table),
        table=options.db_table,
        parts=_parts(options, index, dialect),
        unique=index.unique,
        condition=_condition(options, index, dialect),
        include=_columns(options, index.include),
        method=index.method,
        options=index.options,
    )


def _parts(options: Options, index: Any, dialect: Dialect) -> tuple[IndexPart, ...]:
    where = _where(options, index.name)
    if index.expressions:
        terms = [index_term(options, term, dialect, where) for term in index.expressions]
        return tuple(IndexPart(node, descending) for node, descending in terms)
    opclasses = index.opclasses or [""] * len(index.fields)
    return tuple(
        IndexPart(OwnColumn(_column(options, name.removeprefix("-"))), name.startswith("-"), opclass)
        for name, opclass in zip(index.fields, opclasses)
    )


def _condition(options: Options, index: Any, dialect: Dialect) -> Node | None:
    if index.condition is None:
        return None
    return condition_node(options, index.condition, dialect, _where(options, index.name))


def _where(options: Options, name: str | None) -> str:
    return f"{options.name}.Meta: {name or 'an index'}"


def _column(options: Options, name: str) -> str:
    try:
        return options.get_column(name).column
    except FieldDoesNotExist:
        # A class is not made with a name that it has not: this is a migration's, of a column made by hand.
        return name


def _columns(options: Options, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_column(options, name) for name in names)


def _column_index(table: str, column: str) -> CreateIndex:
    return CreateIndex(shortened(f"idx_{table}_{column}"), table, (IndexPart(OwnColumn(column)),))
