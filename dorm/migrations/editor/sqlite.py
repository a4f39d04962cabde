"""How tables are changed on SQLite: by ALTER TABLE where it can, else by making the table anew.

Rests on what editors share, and on what the database says of itself. The table is made anew in one place,
inside of the transaction, with the foreign keys that refer to it left as they are.
"""

from __future__ import annotations

import re
from typing import Final

from ..._record import replace
from ...db.executor import Executor
from ...db.introspection import (
    ForeignKeyFacts,
    foreign_keys,
    table_columns,
    table_constraints,
    table_exists,
    table_indexes,
)
from ...exceptions import IntegrityError, MigrationError
from ...meta.options import Options
from ...sql.compiler import quote
from ...sql.ddl import (
    AddColumn,
    AlterTable,
    CheckDefinition,
    ColumnDefinition,
    CopyRows,
    DropColumn,
    DropIndex,
    DropTable,
    OwnColumn,
    Reference,
    RenameTo,
    UniqueDefinition,
)
from ...sql.nodes import Assignment, Function, Node, Pieces, Update
from ...sql.types import ANY, ColumnType
from .base import Change, SchemaEditor
from .shape import Difference, Shape, column_text, difference, named_columns

# Names that a table has while another takes its place.
NEW: Final = "dorm_new_"
OLD: Final = "dorm_old_"

WHOLE: Final = ("smallint", "integer", "bigint", "smallauto", "auto", "bigauto")

_NAME_OF_INDEX: Final = re.compile(
    r'^\s*(CREATE\s+(?:UNIQUE\s+)?INDEX\s+)(?:IF\s+NOT\s+EXISTS\s+)?("(?:[^"]|"")*"|\w+)', re.IGNORECASE
)


class SQLiteEditor(SchemaEditor):
    """The tables of a SQLite database."""

    def __init__(self, db: Executor, *, collect: bool = False) -> None:
        super().__init__(db, collect=collect)
        # The tables that were made anew, and are to be looked at when all is done.
        self._made: list[str] = []

    # -- a table --------------------------------------------------------------------------------

    async def change_table(self, change: Change) -> None:
        parts = difference(change.old, change.new, self.dialect, set(), set())
        added = [column for name, column in change.new.columns.items() if name not in change.old.columns]
        gone = [column for name, column in change.old.columns.items() if name not in change.new.columns]
        kept_alike = all(
            column_text(change.old.columns[name], self.dialect) == column_text(column, self.dialect)
            for name, column in change.new.columns.items()
            if name in change.old.columns
        )
        is_simple = kept_alike and not (
            parts.groups_gone or parts.groups_new or parts.constraints_gone or parts.constraints_new
        )
        if is_simple and all(map(_is_plain, added)) and all(_can_go(change.new, column) for column in gone):
            await self._change_in_place(change, parts, added, gone)
        else:
            await self._make_anew(change)

    async def _change_in_place(
        self, change: Change, parts: Difference, added: list[ColumnDefinition], gone: list[ColumnDefinition]
    ) -> None:
        """Change a table in place."""
        table = change.new.table
        moved = [old for old, _ in parts.renamed_indexes]
        for name in (*moved, *(index.name for index in parts.indexes_gone)):
            await self.emit(DropIndex(name))
        for column in gone:
            await self.emit(AlterTable(table, DropColumn(column.name)))
        for column in added:
            await self.emit(AlterTable(table, AddColumn(column)))
            fill = self.fill(change, column)
            if fill is not None:
                await self.emit(Update(table, (Assignment(column.name, fill),)))
        renamed = [change.new.indexes[name] for _, name in parts.renamed_indexes]
        for index in (*renamed, *parts.indexes_new):
            await self.emit(replace(index, if_absent=False))

    # -- the table anew -------------------------------------------------------------------------

    async def _make_anew(self, change: Change) -> None:
        """Make a table with the new definition and all rows, and have it take the place of the old one.

        What only the database knows of the table goes along: columns, constraints, indexes and triggers that
        were made by hand.
        """
        table = change.new.table
        temporary = NEW + table
        extra = await self._unknown_columns(change)
        known = replace(change.new, **await self._unknown_constraints(change))
        columns = [*change.new.columns.values(), *extra]
        values = dict(await self._values(change))
        values.update((column.name, OwnColumn(column.name)) for column in extra if column.generated is None)
        by_hand = await self._by_hand(change)
        await self.emit(known.create(temporary, columns))
        try:
            await self.emit(CopyRows(table, temporary, tuple(values), tuple(values.values())))
        except IntegrityError as error:
            raise _in_words(error, change.after, temporary) from error
        await self._take_place(table, temporary)
        for index in change.new.indexes.values():
            await self.emit(replace(index, if_absent=False))
        for statement in by_hand:
            await self.run(statement)
        self._made.append(table)

    async def _values(self, change: Change) -> list[tuple[str, Node]]:
        """Return what each new column holds of an old row; those that are left out get their default."""
        found: list[tuple[str, Node]] = []
        for name, column in change.new.columns.items():
            if column.generated is not None:
                continue
            old = change.old.columns.get(name)
            if old is not None:
                found.append((name, await self._kept(change, old, column)))
            elif (value := await self._value(change, column)) is not None:
                found.append((name, value))
        return found

    async def _value(self, change: Change, column: ColumnDefinition) -> Node | None:
        """Return what a new column holds in the rows that are there."""
        if column.default is not None:
            return None
        fill = self.fill(change, column)
        if fill is None and not column.null and column.type.name not in ("smallauto", "auto", "bigauto"):
            await self.refuse_rows(change, column.name)
        return fill

    async def _kept(self, change: Change, old: ColumnDefinition, new: ColumnDefinition) -> Node:
        """Return what becomes of a column's values."""
        value: Node = OwnColumn(new.name)
        source, target = kind_of(old.type), kind_of(new.type)
        if source != target and not (old.written_type or new.written_type):
            value = Function("dorm_convert", (value, Pieces((f"'{source}'",)), Pieces((f"'{target}'",))))
            await self._refuse_unfit(change, new, source, target)
        if old.null and not new.null:
            fill = new.default or self.fill(change, new)
            if fill is None:
                await self.refuse_rows(change, new.name, f" WHERE {quote(new.name)} IS NULL")
            else:
                value = Function("COALESCE", (value, fill))
        return value

    async def _refuse_unfit(self, change: Change, column: ColumnDefinition, source: str, target: str) -> None:
        """Raise MigrationError if a value cannot become one of the new type."""
        if self.collect:
            return
        name = quote(column.name)
        rows = await self.read(
            f"SELECT {name} FROM {quote(change.new.table)} WHERE NOT dorm_converts({name}, ?, ?) LIMIT 1",
            (source, target),
        )
        if rows:
            kind = column_text(replace(column, null=True), self.dialect).partition('" ')[2].partition(" ")[0]
            raise MigrationError(
                f"{change.where(column.name)}: what the column holds cannot become {kind}: {rows[0][0]!r}"
            )

    async def _take_place(self, table: str, temporary: str) -> None:
        """Put the new table in the place of the old one.

        Dropping a table deletes its rows first, and so those that refer to them. So the old one goes under
        another name, which SQLite writes into the keys of other tables; and once they have been put right,
        nothing refers to it. Views and triggers name the table as ever: that is the older way of ALTER TABLE.
        """
        old = OLD + table
        write = self.dialect.write
        # One script, so that nothing can come between and leave the connection as it is in the middle.
        steps = [
            "PRAGMA legacy_alter_table = ON",
            write(AlterTable(table, RenameTo(old))),
            write(AlterTable(temporary, RenameTo(table))),
            "PRAGMA legacy_alter_table = OFF",
            "PRAGMA writable_schema = ON",
            f"UPDATE sqlite_master SET sql = replace(sql, {_text(quote(old))}, {_text(quote(table))})"
            f" WHERE type = 'table' AND name <> {_text(old)}",
            "PRAGMA writable_schema = RESET",
            f"INSERT INTO sqlite_sequence (name, seq) SELECT {_text(table)}, 0 WHERE EXISTS"
            f" (SELECT 1 FROM sqlite_sequence WHERE name = {_text(old)}) AND NOT EXISTS"
            f" (SELECT 1 FROM sqlite_sequence WHERE name = {_text(table)})",
            "UPDATE sqlite_sequence SET seq = max(seq, coalesce("
            f"(SELECT seq FROM sqlite_sequence WHERE name = {_text(old)}), 0)) WHERE name = {_text(table)}",
            write(DropTable(old, if_there=False)),
        ]
        if not await self._has_numbers():
            steps = [step for step in steps if "sqlite_sequence" not in step]
        if self.collect:
            for step in steps:
                await self.send(step)
            return
        try:
            await self.db.script(";\n".join([*steps, ""]))
        except BaseException:
            await self.db.script("PRAGMA legacy_alter_table = OFF; PRAGMA writable_schema = OFF;")
            raise

    async def _has_numbers(self) -> bool:
        return self.collect or await table_exists(self.db, "sqlite_sequence")

    # -- what only the database knows -----------------------------------------------------------

    async def _unknown_columns(self, change: Change) -> list[ColumnDefinition]:
        """Return the columns that the state does not know, such as those that RunSQL has added."""
        known = {name.lower() for name in (*change.old.columns, *change.new.columns)}
        keys = {fact.columns[0]: fact for fact in await foreign_keys(self.db, change.new.table)}
        found = []
        for fact in await table_columns(self.db, change.new.table):
            if fact["name"].lower() in known:
                continue
            collation = f" COLLATE {fact['collation']}" if fact["collation"] else ""
            found.append(
                ColumnDefinition(
                    fact["name"],
                    ANY,
                    null=fact["null"],
                    written_type=f"{fact['type']}{collation}",
                    default=None if fact["default"] is None else Pieces((fact["default"],)),
                    generated=None if fact["generated"] is None else Pieces((fact["generated"],)),
                    persisted=False,
                    references=_reference_of(keys.get(fact["name"])),
                )
            )
        return found

    async def _unknown_constraints(self, change: Change) -> dict[str, object]:
        """Return the groups and constraints of the new table with those that the state does not know."""
        groups, constraints = [*change.new.groups], {**change.new.constraints}
        old = change.old
        singles = {(name,) for name, column in old.columns.items() if column.unique}
        named = {one.columns for one in old.constraints.values() if isinstance(one, UniqueDefinition)}
        for fact in await table_constraints(self.db, change.new.table):
            if any(name in old.columns and name not in change.new.columns for name in fact.columns):
                continue
            if fact.name in old.constraints or fact.name in constraints:
                continue
            if fact.kind == "unique" and fact.columns not in {*old.groups, *singles, *named}:
                groups.append(fact.columns)
            elif fact.kind == "check" and fact.expression and not self._is_ours(old, fact.expression):
                name = fact.name or f"{change.new.table}_check_{len(constraints) + 1}"
                if not self._names_lost(change, fact.expression):
                    constraints[name] = CheckDefinition(name, Pieces((fact.expression,)))
        return {"groups": tuple(dict.fromkeys(groups)), "constraints": constraints}

    def _is_ours(self, old: Shape, expression: str) -> bool:
        """Whether a check without a name is that of a column which holds no number below 0."""
        plain = re.sub(r'[\s"()]', "", expression)
        return any(column.positive and plain == f"{name}>=0" for name, column in old.columns.items())

    def _names_lost(self, change: Change, expression: str) -> bool:
        words = set(re.findall(r"\w+", expression))
        return any(name in words and name not in change.new.columns for name in change.old.columns)

    async def _by_hand(self, change: Change) -> list[str]:
        """Return the statements of the indexes and triggers that the state does not know."""
        known = {name.lower() for name in (*change.old.indexes, *change.new.indexes)}
        lost = {name for name in change.old.columns if name not in change.new.columns}
        indexes = [
            index.definition
            for index in await table_indexes(self.db, change.new.table)
            if index.definition is not None
            and index.name.lower() not in known
            and not lost & {*index.columns}
        ]
        triggers = await self.read(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
            (change.new.table,),
        )
        return [*indexes, *(sql for (sql,) in triggers)]

    # -- foreign keys ---------------------------------------------------------------------------

    async def finish(self) -> None:
        """Look at the keys of the tables that were made anew, and at those that refer to them."""
        made, self._made = self._made, []
        if self.collect:
            return
        looked_at = [name for each in made for name in (each, *await self._children(each))]
        for table in dict.fromkeys(looked_at):
            rows = await self.read(f"PRAGMA foreign_key_check({quote(table)})")
            if rows:
                shown = "; ".join(f"row {row[1]} of {row[0]}" for row in rows[:5])
                parents = ", ".join(sorted({row[2] for row in rows}))
                more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
                raise IntegrityError(f"rows refer to what is not in {parents}: {shown}{more}")

    async def _children(self, table: str) -> list[str]:
        rows = await self.read(
            "SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f"
            " WHERE m.type = 'table' AND f.\"table\" = ? COLLATE NOCASE",
            (table,),
        )
        return [name for (name,) in rows]

    # -- indexes --------------------------------------------------------------------------------

    async def rename_index(self, options: Options, old: str, new: str) -> None:
        facts = {index.name: index for index in await table_indexes(self.db, options.db_table)}
        definition = facts[old].definition if old in facts else None
        if definition is None and not self.collect:
            raise MigrationError(f"{options.label}: the table has no index {old!r}")
        await self.emit(DropIndex(old))
        if definition is not None:
            await self.run(_NAME_OF_INDEX.sub(lambda match: match[1] + quote(new), definition))


def _reference_of(key: ForeignKeyFacts | None) -> Reference | None:
    """Return a foreign key that was made by hand as it stands in a definition."""
    if key is None:
        return None
    action = None if key.on_delete == "NO ACTION" else key.on_delete
    return Reference(key.target, key.target_columns[0], action, key.deferrable == "deferred")


def _is_plain(column: ColumnDefinition) -> bool:
    """Whether ALTER TABLE can add a column, be there rows or not."""
    bare = not (column.primary_key or column.unique or column.generated is not None)
    return bare and column.null and column.default is None


def _can_go(new: Shape, column: ColumnDefinition) -> bool:
    """Whether ALTER TABLE can drop a column: nothing else of the table may name it."""
    bare = not (column.primary_key or column.unique or column.positive or column.references is not None)
    others = [*new.columns.values(), *new.constraints.values(), *new.indexes.values()]
    return bare and not any(column.name in named_columns(each) for each in others)


def kind_of(type: ColumnType) -> str:
    """Return a type as `dorm_convert` names it."""
    if type.name in WHOLE:
        return "integer"
    facts = (type.name, type.length, type.digits, type.places)
    return ":".join(str(fact) for fact in facts if fact is not None)


def _in_words(error: IntegrityError, options: Options, temporary: str) -> IntegrityError:
    """Return the error of rows that do not fit the new table, by the name that people know it by."""
    said = str(error).replace(temporary, options.db_table)
    return type(error)(f"the rows of {options.label} do not fit its new table: {said}")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
