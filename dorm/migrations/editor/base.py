"""What schema editors share: the statements that make and drop tables, and where statements go.

Rests on the definitions of tables and the executor. What a change of one table takes is said by each
database, in `change_table()`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from ..._record import Record, replace
from ...actions.table_definitions import index_statement, literal_of, table_statements
from ...db.driver import Row
from ...db.executor import Executor
from ...db.introspection import table_columns
from ...exceptions import MigrationError
from ...fields import Field
from ...fields.base import DATABASE_DEFAULT
from ...fields.related import ManyToManyField
from ...indexes import Index
from ...meta.options import Options, options_of
from ...sql.compiler import quote
from ...sql.ddl import (
    AlterTable,
    ColumnDefinition,
    Comment,
    CreateIndex,
    CreateTable,
    DropIndex,
    DropTable,
    LiteralValue,
    RenameColumn,
    RenameTo,
)
from ...sql.nodes import Node
from ...sql.pasting import with_values
from ...sql.placeholders import with_placeholders
from .shape import Shape, renamed, shape_of, type_text


class Change(Record):
    """A table that is to be another: once it has its new name, and so have its columns."""

    before: Options
    after: Options
    old: Shape
    new: Shape
    filled: Mapping[str, Field[Any]]

    def where(self, column: str) -> str:
        """Return how errors call the field of a column."""
        field = next((each for each in self.after.fields if each.column == column), None)
        return f"{self.after.label}.{field.name if field is not None else column}"


class SchemaEditor:
    """The tables of one database, and what changes them.

    With *collect*, statements are written down in `statements` and none is run.
    """

    def __init__(self, db: Executor, *, collect: bool = False) -> None:
        self.db = db
        self.dialect = db.dialect
        self.collect = collect
        self.statements: list[str] = []

    # -- statements -----------------------------------------------------------------------------

    async def emit(self, *nodes: Node) -> None:
        """Run definitions, one after the other."""
        for node in nodes:
            await self.send(self.dialect.write(node))

    async def send(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement as the driver takes it; return how many rows it changed, 0 when none is run."""
        if self.collect:
            self.statements.append(with_values(sql, params, self.db.vendor))
            return 0
        return await self.db.execute(sql, params)

    async def run(self, sql: str, params: Sequence[Any] | None = None) -> None:
        """Run one statement that a user wrote; with *params*, each `%s` is a placeholder."""
        text, values = with_placeholders(sql, params, self.db.vendor)
        await self.send(text, values)

    async def script(self, sql: str) -> None:
        """Run a text of several statements."""
        if self.collect:
            self.statements.append(sql.strip())
        else:
            await self.db.script(sql)

    async def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a question about what is there, which is asked even while collecting."""
        return await self.db.fetch(sql, params)

    def note(self, text: str) -> None:
        """Write a remark down among the collected statements."""
        if self.collect:
            self.statements.append(text)

    async def settle(self) -> None:
        """Have what was done to rows checked now, so that their tables can be changed."""

    # -- models ---------------------------------------------------------------------------------

    async def create_model(self, options: Options) -> None:
        """Make the table of a model with all that belongs to it, and those of its pairs."""
        if has_table(options):
            await self._create_table(options)
            for field in made_pairs(options):
                await self._create_table(pair_options(field))

    async def _create_table(self, options: Options) -> None:
        for statement in table_statements(options, self.dialect):
            strict = isinstance(statement, (CreateTable, CreateIndex))
            await self.emit(replace(statement, if_absent=False) if strict else statement)

    async def delete_model(self, options: Options) -> None:
        """Drop the table of a model, and those of its pairs."""
        if has_table(options):
            for field in made_pairs(options):
                await self.emit(DropTable(pair_options(field).db_table, if_there=False))
            await self.emit(DropTable(options.db_table, if_there=False))

    async def alter_model(
        self,
        before: Options,
        after: Options,
        renames: Mapping[str, str] | None = None,
        filled: Mapping[str, Field[Any]] | None = None,
    ) -> None:
        """Change the table of a model from what *before* says to what *after* does.

        *renames* are the fields that have another name afterwards, by their old ones; the defaults of
        *filled* are for the rows that are there alone. The tables of pairs change with it, and the keys of
        other tables that take their type from a field of this one.
        """
        if has_table(before) and has_table(after):
            await self._alter(before, after, renames or {}, filled or {}, {after.label})
            await self.finish()

    async def _alter(
        self,
        before: Options,
        after: Options,
        renames: Mapping[str, str],
        filled: Mapping[str, Field[Any]],
        seen: set[str],
    ) -> None:
        kept = dict(_kept_pairs(before, after, renames))
        for field in made_pairs(before):
            if field.name not in kept:
                await self.emit(DropTable(pair_options(field).db_table, if_there=False))
        change = await self._renamed(before, after, renames, filled)
        await self.change_table(change)
        for old, new in [*kept.values(), *_pairs_of_others(before, after)]:
            await self._alter_pairs(old, new, seen)
        for field in made_pairs(after):
            if field.name not in {new.name for _, new in kept.values()}:
                await self._create_table(pair_options(field))
        for old_options, new_options in self._dependents(change, seen):
            await self._alter(old_options, new_options, {}, {}, seen)

    async def _renamed(
        self,
        before: Options,
        after: Options,
        renames: Mapping[str, str],
        filled: Mapping[str, Field[Any]],
    ) -> Change:
        """Give the table and its columns their new names; return what is left to change."""
        old, new = shape_of(before, self.dialect), shape_of(after, self.dialect)
        names = _column_names(before, after, renames)
        if old.table != new.table:
            await self.emit(AlterTable(old.table, RenameTo(new.table)))
        for name, to in names.items():
            await self.emit(AlterTable(new.table, RenameColumn(name, to)))
        return Change(before, after, renamed(old, new.table, names), new, filled)

    async def _alter_pairs(self, old: ManyToManyField, new: ManyToManyField, seen: set[str]) -> None:
        before, after = pair_options(old), pair_options(new)
        names = dict(zip(pair_keys(old), pair_keys(new)))
        await self._alter(before, after, names, {}, seen | {after.label})

    def _dependents(self, change: Change, seen: set[str]) -> Iterator[tuple[Options, Options]]:
        """Yield the models, before and after, whose keys may take another type with the columns of this."""
        if not any(
            self.has_new_type(change, column)
            for column in change.new.columns.values()
            if column.primary_key or column.unique
        ):
            return
        for relation in list(change.after.reverse.values()):
            after = options_of(relation.field.model)
            before = change.before.registry.models.get(after.label)
            if before is not None and after.label not in seen and has_table(after):
                seen.add(after.label)
                yield options_of(before), after

    def has_new_type(self, change: Change, column: ColumnDefinition) -> bool:
        """Whether a column of the changed table was of another type, or was not there."""
        old = change.old.columns.get(column.name)
        return old is None or type_text(old, self.dialect) != type_text(column, self.dialect)

    async def change_table(self, change: Change) -> None:
        """Change a table, which has its new name already, and the columns of it too."""
        raise NotImplementedError

    async def finish(self) -> None:
        """Put right what waited for the last of several tables to be changed."""

    # -- values for the rows that are there -----------------------------------------------------

    def fill(self, change: Change, column: ColumnDefinition) -> LiteralValue | None:
        """Return what rows get that have no value for a column, by the default of its field; or None."""
        field = next((each for each in change.after.fields if each.column == column.name), None)
        if field is None or field.generated:
            return None
        given = change.filled.get(field.name, field)
        value = self._moment(field) if field.has_pre_save else given.get_default()
        if value is None or value is DATABASE_DEFAULT:
            return None
        return literal_of(field, field.as_member(value), self.dialect)

    def _moment(self, field: Field[Any]) -> Any:
        """Return what a field that fills itself when it is saved would be filled with now."""
        return field.pre_save(_Row(), True)

    async def refuse_rows(self, change: Change, column: str, condition: str = "") -> None:
        """Raise MigrationError if the table has rows (that meet *condition*): they have no value."""
        if self.collect:
            return
        rows = await self.read(f"SELECT COUNT(*) FROM {quote(change.new.table)}{condition}")
        count = rows[0][0]
        if count:
            raise MigrationError(
                f"{change.where(column)}: {count} row{'s have' if count > 1 else ' has'} no value for it. "
                "Give the field a default, a db_default or null=True."
            )

    # -- indexes --------------------------------------------------------------------------------

    async def add_index(self, options: Options, index: Index, *, concurrently: bool = False) -> None:
        """Add an index to the table of a model."""
        if has_table(options):
            await self._check_columns(options, index)
            statement = index_statement(options, self._own(options, index), self.dialect)
            await self.emit(
                replace(statement, if_absent=False, concurrently=concurrently and self.works_beside)
            )

    async def remove_index(self, options: Options, index: Index, *, concurrently: bool = False) -> None:
        """Remove an index from the table of a model."""
        if has_table(options):
            name = self._own(options, index).get_name(options.db_table)
            await self.emit(DropIndex(name, concurrently and self.works_beside))

    works_beside: bool = False
    """Whether indexes can be made beside other transactions."""

    def _own(self, options: Options, index: Index) -> Index:
        return index.named_for(options.app_label, options.model_name)

    async def _check_columns(self, options: Options, index: Index) -> None:
        """Raise MigrationError for a name that is neither a field nor a column of the table."""
        names = [name.removeprefix("-") for name in (*index.fields, *index.include)]
        known = {*options.by_attname, *(field.name for field in options.fields), "pk"}
        unknown = [name for name in names if name not in known]
        if unknown and not self.collect:
            there = {column["name"] for column in await table_columns(self.db, options.db_table)}
            for name in unknown:
                if name not in there:
                    options.get_column(name)

    async def rename_index(self, options: Options, old: str, new: str) -> None:
        """Give an index another name."""
        raise NotImplementedError

    # -- comments -------------------------------------------------------------------------------

    async def change_comments(self, old: Shape, new: Shape, anew: set[str]) -> None:
        """Change what is said of a table and its columns; of those made *anew* nothing is said yet."""
        said = {name: text for name, text in old.comments.items() if name not in anew}
        for name in dict.fromkeys([*said, *new.comments]):
            if said.get(name) != new.comments.get(name) and (name is None or name in new.columns):
                await self.emit(Comment(new.table, name, new.comments.get(name)))

    # -- extensions -----------------------------------------------------------------------------

    async def create_extension(self, name: str) -> None:
        """Install an extension, where there are such."""

    async def drop_extension(self, name: str) -> None:
        """Remove an extension, where there are such."""


class _Row:
    """A row to be, for a field that fills itself."""


def has_table(options: Options) -> bool:
    """Whether migrations make the table of a model."""
    return options.managed and not options.proxy


def made_pairs(options: Options) -> list[ManyToManyField]:
    """Return the many-to-many fields that make a table of pairs."""
    return [field for field in options.many_to_many if field.makes_table]


def pair_options(field: ManyToManyField) -> Options:
    """Return the options of a field's table of pairs."""
    if field.through is None:
        raise MigrationError(f"{field!r} refers to {field.to!r}, which is no model at this point")
    return options_of(cast("type[Any]", field.through))


def pair_keys(field: ManyToManyField) -> tuple[str, str]:
    """Return the names of the two keys of a table of pairs: to the field's own model, and to the other."""
    keys = pair_options(field).foreign_keys
    return keys[0].name, keys[1].name


def _kept_pairs(
    before: Options, after: Options, renames: Mapping[str, str]
) -> Iterator[tuple[str, tuple[ManyToManyField, ManyToManyField]]]:
    """Yield each many-to-many field that makes a table on both sides, by its old name."""
    later = {field.name: field for field in made_pairs(after)}
    for field in made_pairs(before):
        name = renames.get(field.name, field.name)
        if name in later:
            yield field.name, (field, later[name])


def _pairs_of_others(before: Options, after: Options) -> Iterator[tuple[ManyToManyField, ManyToManyField]]:
    """Yield the fields of other models whose tables of pairs have a key that is called after this model."""
    if before.model_name == after.model_name:
        return
    later = {_place(relation.field): relation.field for relation in after.pairings.values()}
    for relation in before.pairings.values():
        field = relation.field
        if field.makes_table and field.model is not before.model and _place(field) in later:
            yield field, later[_place(field)]


def _place(field: Field[Any]) -> tuple[str, str]:
    return options_of(field.model).label, field.name


def _column_names(before: Options, after: Options, renames: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that have another name afterwards, by their old ones."""
    found: dict[str, str] = {}
    later = {field.name: field.column for field in after.fields}
    for field in before.fields:
        name = renames.get(field.name, field.name)
        if name in later and later[name] != field.column:
            found[field.column] = later[name]
    return found
