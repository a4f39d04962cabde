"""Create the tables of models, for scripts that have no migrations.

Rests on options and the SQL tree of definitions; changes nothing in a table that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from ..constraints import BaseConstraint, CheckConstraint, UniqueConstraint
from ..db.executor import Executor
from ..exceptions import ImproperlyConfigured, NotSupportedError
from ..expressions import Expression
from ..fields import NOT_PROVIDED, Field, GeneratedField
from ..fields.related import ForeignKey
from ..indexes import Index, shortened
from ..meta.options import Options, options_of
from ..meta.registry import registry
from ..query.definitions import condition_node, encoded, expression_node, index_term
from ..sql.ddl import (
    AddReference,
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


async def create_tables(db: Executor, models: Sequence[type[Any]]) -> None:
    """Create tables and indexes of *models*, or of every model when none is named, in one transaction."""
    named = [options_of(model) for model in models or registry]
    managed = [options_of(options.concrete_model) for options in named if options.managed]
    every = _in_order(_with_pairs(managed))
    taken: dict[str, str] = {}
    async with db.atomic():
        for options in every:
            if options.abstract:
                raise ValueError(f"{options.name} is abstract: it has no table")
            for statement in table_statements(options, db.dialect, _ahead(options, every, db.dialect)):
                _take_name(taken, statement)
                await db.execute(db.dialect.write(statement))
        for options in every:
            for key in _ahead(options, every, db.dialect):
                await db.execute(db.dialect.write(_late_reference(key)))


def _in_order(every: list[Options]) -> list[Options]:
    """Return *every* with tables after those that they refer to, as far as the references form no circle."""
    placed: dict[Options, None] = {}
    waiting = dict.fromkeys(every)

    def place(options: Options) -> None:
        if options in waiting:
            del waiting[options]
            for key in options.foreign_keys:
                place(options_of(key.target.model))
            placed[options] = None

    for options in every:
        place(options)
    return list(placed)


def _ahead(options: Options, every: list[Options], dialect: Dialect) -> list[ForeignKey]:
    """Return the keys of a table that refer to one that is made after it, where that must wait."""
    if dialect.refers_ahead:
        return []
    later = every[every.index(options) + 1 :]
    keys = [key for key in options.foreign_keys if key.db_constraint]
    return [key for key in keys if options_of(key.target.model) in later]


def _late_reference(key: ForeignKey) -> AddReference:
    table = key.model._meta.db_table
    return AddReference(table, key.column, shortened(f"{table}_{key.column}_fkey"), _reference(key))


def _take_name(taken: dict[str, str], statement: Node) -> None:
    """Raise ImproperlyConfigured for the name of another table's index: IF NOT EXISTS would pass it over."""
    if (
        isinstance(statement, CreateIndex)
        and taken.setdefault(statement.name, statement.table) != statement.table
    ):
        raise ImproperlyConfigured(
            f"{statement.table} and {taken[statement.name]} both have an index called {statement.name!r}: "
            "give each its own name, as by '%(class)s' in that of an abstract model"
        )


def _with_pairs(named: list[Options]) -> list[Options]:
    """Return *named* and, after them, the tables of pairs that their many-to-many fields make."""
    fields = [field for options in named for field in options.many_to_many if field.makes_table]
    for field in fields:
        if not field.related_model:
            raise ImproperlyConfigured(f"{field!r} refers to {field.to!r}, which is not defined")
    return list(dict.fromkeys([*named, *(options_of(cast("type[Any]", field.through)) for field in fields)]))


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
        *(_index(options, index, dialect) for index in options.indexes),
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
        references=_reference(cast(ForeignKey, field)) if refers else None,
        written_type=field.db_type(dialect) if field.is_own_type else None,
        default=_default(options, field, dialect),
        **(_generated(options, field, dialect) if isinstance(field, GeneratedField) else {}),
    )


def _default(options: Options, field: Field[Any], dialect: Dialect) -> Node | None:
    value = field.db_default
    if value is NOT_PROVIDED:
        return None
    if not isinstance(value, Expression):
        return LiteralValue(encoded(field.stored(value), field.type, dialect), field.type)
    where = f"{options.name}.{field.name}: db_default"
    node, _ = expression_node(options, value, dialect, where)
    if next(find(node, OwnColumn), None) is not None:
        raise ImproperlyConfigured(f"{where} may not name columns: there is no row yet")
    return node


def _generated(options: Options, field: GeneratedField[Any], dialect: Dialect) -> dict[str, Any]:
    where = f"{options.name}.{field.name}: expression"
    if not field.db_persist and not dialect.has_virtual_columns:
        raise NotSupportedError(f"{where}: {dialect.vendor} keeps computed columns: set db_persist=True")
    node, _ = expression_node(options, field.expression, dialect, where)
    return {"generated": node, "persisted": field.db_persist}


def _reference(key: ForeignKey) -> Reference:
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


def _index(options: Options, index: Index, dialect: Dialect) -> CreateIndex:
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
    return options.get_column(name).column


def _columns(options: Options, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_column(options, name) for name in names)


def _column_index(table: str, column: str) -> CreateIndex:
    return CreateIndex(shortened(f"idx_{table}_{column}"), table, (IndexPart(OwnColumn(column)),))
