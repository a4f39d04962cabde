"""A table as its definition says, part by part: what a change of it is told by.

Rests on the definitions of tables; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

from ..._record import Record, replace
from ...actions.table_definitions import table_statements
from ...meta.options import Options
from ...sql.ddl import (
    CheckDefinition,
    ColumnDefinition,
    Comment,
    CreateIndex,
    CreateTable,
    OwnColumn,
    UniqueDefinition,
)
from ...sql.dialects import Dialect
from ...sql.nodes import Node, find, rebuild

N = TypeVar("N", bound=Node)
Constraint: TypeAlias = CheckDefinition | UniqueDefinition


class Shape(Record):
    """The columns, constraints and indexes of a table by name, and its comments by column."""

    table: str
    columns: dict[str, ColumnDefinition]
    groups: tuple[tuple[str, ...], ...]
    constraints: dict[str, Constraint]
    indexes: dict[str, CreateIndex]
    comments: dict[str | None, str | None]

    def create(self, table: str, columns: Iterable[ColumnDefinition]) -> CreateTable:
        """Return the statement that makes the table, under a name and with columns of the caller's."""
        return CreateTable(table, tuple(columns), self.groups, tuple(self.constraints.values()), False)


def shape_of(options: Options, dialect: Dialect) -> Shape:
    """Return what a model's table is made of."""
    create, *rest = table_statements(options, dialect)
    assert isinstance(create, CreateTable)
    return Shape(
        table=create.name,
        columns={column.name: column for column in create.columns},
        groups=create.unique,
        constraints={one.name: one for one in create.constraints},
        indexes={node.name: node for node in rest if isinstance(node, CreateIndex)},
        comments={node.column: node.text for node in rest if isinstance(node, Comment)},
    )


def renamed(shape: Shape, table: str, names: Mapping[str, str]) -> Shape:
    """Return the shape that is left by giving a table and some of its columns other names.

    Indexes keep theirs.
    """

    def own(node: N) -> N:
        return rebuild(node, lambda inner: _renamed_column(inner, names))  # type: ignore[return-value]  # same kind

    def each(columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in columns)

    def constraint(one: Constraint) -> Constraint:
        return replace(one, columns=each(one.columns)) if isinstance(one, UniqueDefinition) else own(one)

    def column(one: ColumnDefinition) -> ColumnDefinition:
        reference = one.references
        if reference is not None and reference.table == shape.table:
            reference = replace(reference, table=table, column=names.get(reference.column, reference.column))
        return replace(own(one), name=names.get(one.name, one.name), references=reference)

    columns = [column(one) for one in shape.columns.values()]
    return Shape(
        table=table,
        columns={one.name: one for one in columns},
        groups=tuple(each(group) for group in shape.groups),
        constraints={name: constraint(one) for name, one in shape.constraints.items()},
        indexes={
            name: replace(own(index), table=table, include=each(index.include))
            for name, index in shape.indexes.items()
        },
        comments={
            None if name is None else names.get(name, name): text for name, text in shape.comments.items()
        },
    )


def _renamed_column(node: Node, names: Mapping[str, str]) -> Node | None:
    return OwnColumn(names.get(node.name, node.name)) if isinstance(node, OwnColumn) else None


def named_columns(node: Node) -> set[str]:
    """Return the columns of its own table that a definition names."""
    found = {column.name for column in find(node, OwnColumn)}
    if isinstance(node, UniqueDefinition):
        found |= {*node.columns}
    if isinstance(node, CreateIndex):
        found |= {*node.include}
    return found


def computed_with(node: Node) -> set[str]:
    """Return the columns that a definition does more with than to name them."""
    if isinstance(node, CreateIndex):
        parts = [part.operand for part in node.parts if not isinstance(part.operand, OwnColumn)]
        more = parts if node.condition is None else [*parts, node.condition]
        return {name for part in more for name in named_columns(part)}
    return named_columns(node) if isinstance(node, CheckDefinition) else set()


class Difference(Record):
    """What another shape of a table lacks and has more, apart from its columns.

    An index that is the same under another name is in *renamed_indexes* alone.
    """

    groups_gone: tuple[tuple[str, ...], ...]
    groups_new: tuple[tuple[str, ...], ...]
    constraints_gone: tuple[Constraint, ...]
    constraints_new: tuple[Constraint, ...]
    indexes_gone: tuple[CreateIndex, ...]
    indexes_new: tuple[CreateIndex, ...]
    renamed_indexes: tuple[tuple[str, str], ...]


def difference(old: Shape, new: Shape, dialect: Dialect, touched: set[str], retyped: set[str]) -> Difference:
    """Return how two shapes differ.

    What names a column of *touched* is gone, and new; so is what computes with one of *retyped*: the
    database would keep the computation for the old type.
    """

    def differs(one: Node, other: Node | None) -> bool:
        if other is None or named_columns(one) & touched or computed_with(one) & retyped:
            return True
        return _text(one, dialect) != _text(other, dialect)

    old_groups, new_groups = {*old.groups}, {*new.groups}
    lost_groups = {group for group in old.groups if touched & {*group}}
    indexes_gone = [one for name, one in old.indexes.items() if differs(one, new.indexes.get(name))]
    indexes_new = [one for name, one in new.indexes.items() if differs(one, old.indexes.get(name))]
    moves = _moves(indexes_gone, indexes_new, dialect)
    return Difference(
        groups_gone=tuple(g for g in old.groups if g not in new_groups or g in lost_groups),
        groups_new=tuple(g for g in new.groups if g not in old_groups or g in lost_groups),
        constraints_gone=tuple(
            one for name, one in old.constraints.items() if differs(one, new.constraints.get(name))
        ),
        constraints_new=tuple(
            one for name, one in new.constraints.items() if differs(one, old.constraints.get(name))
        ),
        indexes_gone=tuple(one for one in indexes_gone if one.name not in {before for before, _ in moves}),
        indexes_new=tuple(one for one in indexes_new if one.name not in {after for _, after in moves}),
        renamed_indexes=tuple(moves),
    )


def _moves(gone: list[CreateIndex], new: list[CreateIndex], dialect: Dialect) -> list[tuple[str, str]]:
    waiting = {_text(replace(one, name=""), dialect): one.name for one in gone}
    found = []
    for one in new:
        before = waiting.pop(_text(replace(one, name=""), dialect), None)
        if before is not None and before != one.name:
            found.append((before, one.name))
    return found


def _text(node: Node, dialect: Dialect) -> str:
    # A constraint's own text has no name, which is what it is known by here.
    return f"{type(node).__name__} {dialect.write(node)}"


def type_text(column: ColumnDefinition, dialect: Dialect) -> str:
    """Return a column's type as the database writes it."""
    plain = ColumnDefinition(column.name, column.type, null=True, written_type=column.written_type)
    return dialect.write(plain)


def column_text(column: ColumnDefinition, dialect: Dialect) -> str:
    """Return the whole definition of a column as the database writes it."""
    return dialect.write(column)
