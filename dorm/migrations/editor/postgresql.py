"""How tables are changed on PostgreSQL: in place, a part at a time.

Rests on what editors share, and on what the database says of itself: constraints go by the names that it
has for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ..._record import replace
from ...db.executor import Executor
from ...db.introspection import ConstraintKind, table_constraints, table_indexes
from ...exceptions import DatabaseError, MigrationError
from ...meta.options import Options
from ...sql.compiler import quote
from ...sql.ddl import (
    AddColumn,
    AddConstraint,
    AlterTable,
    ColumnDefinition,
    DropColumn,
    DropConstraint,
    DropExpression,
    DropIndex,
    ForeignKeyDefinition,
    OwnColumn,
    PositiveDefinition,
    PrimaryKeyDefinition,
    RenameIndex,
    SetDefault,
    SetIdentity,
    SetNull,
    SetType,
    UniqueDefinition,
)
from ...sql.nodes import Assignment, IsNull, Node, Pieces, Update
from ...sql.types import TypeName
from .base import Change, SchemaEditor
from .shape import Difference, difference, named_columns, type_text

NUMBERED: Final = frozenset[TypeName]({"smallauto", "auto", "bigauto"})
WHOLE: Final = frozenset[TypeName]({"smallint", "integer", "bigint"}) | NUMBERED
NUMBERS: Final = WHOLE | {"float", "decimal"}
MOMENTS: Final = frozenset[TypeName]({"date", "datetime"})
TEXTS: Final = frozenset[TypeName]({"char", "text", "any"})

# The foreign keys that refer to a column, or stand on it: table, name, definition.
_KEYS_AT: Final = (
    "SELECT o.conrelid::regclass::text, o.conname, pg_catalog.pg_get_constraintdef(o.oid), c.relname,"
    " (SELECT array_agg(a.attname::text ORDER BY k.place)"
    " FROM unnest(o.conkey) WITH ORDINALITY AS k (n, place)"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = k.n)"
    " FROM pg_catalog.pg_constraint AS o JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid"
    " WHERE o.contype = 'f' AND o.conparentid = 0 AND EXISTS ("
    "SELECT 1 FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid"
    " WHERE t.relname = %s AND pg_catalog.pg_table_is_visible(t.oid) AND a.attname = %s"
    " AND ((o.confrelid = t.oid AND a.attnum = ANY (o.confkey))"
    " OR (o.conrelid = t.oid AND a.attnum = ANY (o.conkey))))"
    " ORDER BY 1, 2"
)


class PostgreSQLEditor(SchemaEditor):
    """The tables of a PostgreSQL database."""

    works_beside = True

    def __init__(self, db: Executor, *, collect: bool = False) -> None:
        super().__init__(db, collect=collect)
        # Foreign keys that were taken away so that columns can change: by table and name, with their text.
        self._apart: dict[tuple[str, str], tuple[str, tuple[str, ...], str]] = {}

    async def settle(self) -> None:
        """Check what waits for the end of the transaction: a table with such checks cannot be changed."""
        if self.db.in_atomic or self.collect:
            await self.send("SET CONSTRAINTS ALL IMMEDIATE")
            await self.send("SET CONSTRAINTS ALL DEFERRED")

    # -- a table --------------------------------------------------------------------------------

    async def change_table(self, change: Change) -> None:
        anew = self._made_anew(change)
        retyped = {name for name, column in change.new.columns.items() if self.has_new_type(change, column)}
        parts = difference(change.old, change.new, self.dialect, anew, retyped)
        await self._drop_parts(change, parts)
        kept = [
            (change.old.columns[name], column)
            for name, column in change.new.columns.items()
            if name in change.old.columns and name not in anew
        ]
        for old, new in kept:
            await self._take_apart(change, old, new)
        for name in change.old.columns:
            if name not in change.new.columns or name in anew:
                await self.emit(AlterTable(change.new.table, DropColumn(name)))
        for old, new in kept:
            await self._change_column(change, old, new)
        for name, column in change.new.columns.items():
            if name not in change.old.columns or name in anew:
                await self._add_column(change, column)
        for old, new in kept:
            await self._put_together(change, old, new)
        await self._add_parts(change, parts)
        await self.change_comments(change.old, change.new, anew)

    def _made_anew(self, change: Change) -> set[str]:
        """Return the computed columns that are dropped and added, as what they are made of changes."""
        found: set[str] = set()
        for name, column in change.new.columns.items():
            old = change.old.columns.get(name)
            if old is None or column.generated is None:
                continue
            used = named_columns(column)
            moved = {each for each in used if each in change.new.columns}
            if self.dialect.write(replace(old, unique=False)) != self.dialect.write(
                replace(column, unique=False)
            ) or any(self.has_new_type(change, change.new.columns[each]) for each in moved):
                found.add(name)
        return found

    async def _drop_parts(self, change: Change, parts: Difference) -> None:
        table = change.new.table
        for index in parts.indexes_gone:
            await self.emit(DropIndex(index.name))
        for old, new in parts.renamed_indexes:
            await self.emit(RenameIndex(old, new))
        for constraint in parts.constraints_gone:
            await self.emit(AlterTable(table, DropConstraint(constraint.name)))
        for group in parts.groups_gone:
            await self._drop_found(change, "unique", group)

    async def _add_parts(self, change: Change, parts: Difference) -> None:
        table = change.new.table
        for group in parts.groups_new:
            await self.emit(AlterTable(table, AddConstraint(UniqueDefinition("", group))))
        for constraint in parts.constraints_new:
            await self.emit(AlterTable(table, AddConstraint(constraint, constraint.name)))
        for index in parts.indexes_new:
            await self.emit(replace(index, if_absent=False))

    # -- a column -------------------------------------------------------------------------------

    async def _add_column(self, change: Change, column: ColumnDefinition) -> None:
        table = change.new.table
        is_given = column.default is not None or column.generated is not None
        fill = None if is_given else self.fill(change, column)
        if fill is None:
            if not (column.null or is_given or column.type.name in NUMBERED):
                await self.refuse_rows(change, column.name)
            await self.emit(AlterTable(table, AddColumn(column)))
            return
        # The rows that are there get it without being written: it is kept beside the table.
        await self.emit(AlterTable(table, AddColumn(replace(column, default=fill))))
        await self.emit(AlterTable(table, SetDefault(column.name, None)))

    async def _take_apart(self, change: Change, old: ColumnDefinition, new: ColumnDefinition) -> None:
        """Drop the constraints of a column that it has no longer, or that stand in the way of a change."""
        name = new.name
        if old.references is not None and old.references != new.references:
            await self._drop_found(change, "foreign", (name,))
        if self.has_new_type(change, new) or (old.primary_key and not new.primary_key):
            await self._set_keys_apart(change.new.table, name)
        if old.primary_key and not new.primary_key:
            await self._drop_found(change, "primary", (name,))
        elif old.unique and not new.unique:
            await self._drop_found(change, "unique", (name,))
        if old.positive and not new.positive:
            await self._drop_found(change, "check", (name,))

    async def _change_column(self, change: Change, old: ColumnDefinition, new: ColumnDefinition) -> None:
        table, name = change.new.table, new.name
        has_new_type = self.has_new_type(change, new)
        was_numbered, is_numbered = old.type.name in NUMBERED, new.type.name in NUMBERED
        if old.generated is not None and new.generated is None:
            await self.emit(AlterTable(table, DropExpression(name)))
        if old.default is not None and (has_new_type or not self._same(old.default, new.default)):
            await self.emit(AlterTable(table, SetDefault(name, None)))
        if was_numbered and not is_numbered:
            await self.emit(AlterTable(table, SetIdentity(name, False)))
        if new.null and not old.null and not old.primary_key:
            await self.emit(AlterTable(table, SetNull(name, True)))
        if has_new_type:
            await self._change_type(change, old, new)
        if new.default is not None and (has_new_type or not self._same(old.default, new.default)):
            await self.emit(AlterTable(table, SetDefault(name, new.default)))
        if old.null and not new.null and not new.primary_key:
            await self._fill_nulls(change, new)
            await self.emit(AlterTable(table, SetNull(name, False)))
        if new.null and old.primary_key:
            await self.emit(AlterTable(table, SetNull(name, True)))
        if is_numbered and not was_numbered:
            await self._number(change, name)

    def _same(self, one: Node | None, other: Node | None) -> bool:
        if one is None or other is None:
            return one is other
        return bool(self.dialect.write(one) == self.dialect.write(other))

    async def _change_type(self, change: Change, old: ColumnDefinition, new: ColumnDefinition) -> None:
        statement = AlterTable(change.new.table, SetType(new, using(old, new, self.dialect)))
        try:
            await self.emit(statement)
        except DatabaseError as error:
            kind = type_text_of(new, self.dialect)
            raise MigrationError(
                f"{change.where(new.name)}: what the column holds cannot become {kind}: {error}"
            ) from error

    async def _fill_nulls(self, change: Change, column: ColumnDefinition) -> None:
        fill = column.default or self.fill(change, column)
        condition = IsNull(OwnColumn(column.name))
        if fill is None:
            await self.refuse_rows(change, column.name, f" WHERE {self.dialect.write(condition)}")
            return
        statement = Update(change.new.table, (Assignment(column.name, fill),), condition)
        if await self.send(self.dialect.write(statement)) or self.collect:
            await self.settle()

    async def _number(self, change: Change, name: str) -> None:
        """Have the database number a column, going on after the largest number that is there."""
        table = change.new.table
        await self.emit(AlterTable(table, SetNull(name, False)), AlterTable(table, SetIdentity(name, True)))
        own, column = self._literal(quote(table)), self._literal(name)
        # The table's and the column's name stand for themselves, whatever signs are in them.
        await self.run(
            f"SELECT setval(pg_get_serial_sequence({own}, {column}),"
            f" (SELECT coalesce(max({quote(name)}), 0) + 1 FROM {quote(table)}), false)"
        )

    def _literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    async def _put_together(self, change: Change, old: ColumnDefinition, new: ColumnDefinition) -> None:
        """Add the constraints that a column has now, and had not."""
        table, name = change.new.table, new.name
        added: list[Node] = []
        if new.primary_key and not old.primary_key:
            added.append(PrimaryKeyDefinition((name,)))
        elif new.unique and not old.unique:
            added.append(UniqueDefinition("", (name,)))
        if new.positive and not old.positive:
            added.append(PositiveDefinition(name))
        if new.references is not None and old.references != new.references:
            added.append(ForeignKeyDefinition(name, new.references))
        for definition in added:
            await self.emit(AlterTable(table, AddConstraint(definition)))

    # -- constraints, by the names that the database has for them -------------------------------

    async def _drop_found(self, change: Change, kind: ConstraintKind, columns: tuple[str, ...]) -> None:
        """Drop the constraints of a kind on *columns*, but for those that Meta names."""
        table = change.new.table
        named = {*change.old.constraints, *change.new.constraints}
        facts = await table_constraints(self.db, table)
        found = [
            fact.name
            for fact in facts
            if (fact.kind, fact.columns) == (kind, columns)
            and fact.name not in named
            and (kind != "check" or _is_positive(fact.expression, columns[0]))
        ]
        if kind == "unique" and not found:
            await self._drop_unique_index(change, columns)
        if self.collect and not facts:
            # The table is yet to be made: it will have the names that the database chooses.
            ends = ("pkey",) if kind == "primary" else (*columns, _ENDINGS[kind])
            found = ["_".join((table, *ends))]
        for name in dict.fromkeys(found):
            await self.emit(AlterTable(table, DropConstraint(str(name))))

    async def _drop_unique_index(self, change: Change, columns: tuple[str, ...]) -> None:
        """Drop the unique index of a table that was made elsewhere, where it stands for a constraint."""
        named = {*change.old.indexes, *change.new.indexes}
        for index in await table_indexes(self.db, change.new.table):
            is_whole = index.unique and index.condition is None and index.columns == columns
            if is_whole and index.origin == "index" and index.name not in named:
                await self.emit(DropIndex(index.name))

    async def _set_keys_apart(self, table: str, column: str) -> None:
        """Drop the foreign keys that refer to a column or stand on it, until `finish()`."""
        for full, name, text, own, columns in await self.read(_KEYS_AT, (table, column)):
            if (full, name) not in self._apart:
                self._apart[full, name] = (own, tuple(columns), text)
                await self.send(f"ALTER TABLE {full} DROP CONSTRAINT {quote(name)}".replace("%", "%%"))

    async def finish(self) -> None:
        """Add the foreign keys again that were taken away, but for those that were changed meanwhile."""
        apart, self._apart = self._apart, {}
        for (full, name), (table, columns, text) in apart.items():
            facts = await table_constraints(self.db, table)
            if any(fact.kind == "foreign" and fact.columns == columns for fact in facts):
                continue
            await self.run(f"ALTER TABLE {full} ADD CONSTRAINT {quote(name)} {text}")

    # -- indexes and extensions -----------------------------------------------------------------

    async def rename_index(self, options: Options, old: str, new: str) -> None:
        await self.emit(RenameIndex(old, new))

    async def create_extension(self, name: str) -> None:
        await self.run(f"CREATE EXTENSION IF NOT EXISTS {quote(name)}")

    async def drop_extension(self, name: str) -> None:
        await self.run(f"DROP EXTENSION IF EXISTS {quote(name)}")


_ENDINGS: Final[dict[ConstraintKind, str]] = {"unique": "key", "check": "check", "foreign": "fkey"}


def _is_positive(expression: str | None, column: str) -> bool:
    """Whether a check says that a column holds no number below 0."""
    text = re.sub(r"::\w+|[()\s\"]", "", expression or "")
    return text == re.sub(r"[()\s\"]", "", f"{column}>=0")


def type_text_of(column: ColumnDefinition, dialect: Any) -> str:
    """Return a column's type alone."""
    return type_text(column, dialect).removeprefix(quote(column.name)).strip()


def using(old: ColumnDefinition, new: ColumnDefinition, dialect: Any) -> Node:
    """Return what becomes of a column's values when it takes another type.

    A text that is too long, or that does not write a value of the type, is an error of the database.
    """
    source, target = old.type.name, new.type.name
    own = quote(old.name)
    if target in TEXTS:
        # A cast to VARCHAR(3) would cut what is longer.
        steps: Iterable[str] = ("text",)
    elif source == "boolean" and target in NUMBERS:
        steps = ("integer", type_text_of(new, dialect))
    elif source in WHOLE and target == "boolean":
        steps = ("integer", "boolean")
    elif (
        (source in NUMBERS and target in NUMBERS)
        or (source in MOMENTS and target in MOMENTS)
        or ((source, target) == ("datetime", "time"))
    ):
        steps = (type_text_of(new, dialect),)
    else:
        steps = ("text", type_text_of(new, dialect))
    return Pieces((own, *(f"::{step}" for step in steps)))
