"""Compare the tables of a database with those that the models describe.

Rests on what would create the tables and on what the database says of itself; changes nothing. What is
compared: columns, types, NULL, keys, indexes and constraints. Defaults and comments are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

from .._record import Record
from ..actions.table_definitions import table_statements
from ..db.executor import Executor
from ..db.introspection import (
    ConstraintFacts,
    ForeignKeyFacts,
    IndexFacts,
    foreign_keys,
    table_columns,
    table_constraints,
    table_indexes,
)
from ..db.routers import router_allow_migrate
from ..fields.related import ManyToManyField
from ..meta.options import Options, options_of
from ..sql.ddl import (
    CheckDefinition,
    ColumnDefinition,
    CreateIndex,
    CreateTable,
    OwnColumn,
    UniqueDefinition,
)
from ..sql.dialects import Dialect

Kind: TypeAlias = Literal["table", "column", "type", "null", "key", "index", "unique", "foreign", "check"]

# Other names for the types that dorm writes, in the words of each database.
SQLITE_ALIASES: Final = {
    "int": "integer", "bigint": "integer", "smallint": "integer", "tinyint": "integer", "int2": "integer",
    "int8": "integer", "mediumint": "integer", "bool": "integer", "boolean": "integer",
    "decimal": "numeric", "character varying": "varchar",
    "timestamp": "datetime", "double": "real", "double precision": "real", "float": "real",
}  # fmt: skip
POSTGRESQL_ALIASES: Final = {
    "varchar": "character varying", "char": "character", "int": "integer", "int4": "integer",
    "int8": "bigint", "int2": "smallint", "decimal": "numeric", "bool": "boolean",
    "float8": "double precision", "float4": "real", "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone", "time": "time without time zone",
}  # fmt: skip
ALIASES: Final = {"sqlite": SQLITE_ALIASES, "postgresql": POSTGRESQL_ALIASES}


class Difference(Record):
    """One way in which a table is not as its model says; what a side lacks altogether is None there."""

    kind: Kind
    name: str
    in_database: str | None
    in_model: str | None

    def __str__(self) -> str:
        what = "" if self.kind == "column" else f"{WORDS[self.kind]} "
        if self.in_database is None:
            return f"{what}missing in DB: {self.name}"
        if self.in_model is None:
            return f"{what}missing in model: {self.name}"
        return f"{what}differs: {self.name} is {self.in_database} in the DB, {self.in_model} in the model"


WORDS: Final[dict[Kind, str]] = {
    "table": "table",
    "column": "column",
    "type": "type",
    "null": "NULL",
    "key": "primary key",
    "index": "index",
    "unique": "unique constraint",
    "foreign": "foreign key",
    "check": "check constraint",
}


class TableReport(Record):
    """What was found about the table of one model; no differences where it is as it should be."""

    app_label: str
    name: str
    table: str
    differences: tuple[Difference, ...]

    def lines(self) -> list[str]:
        """Return the differences as lines; columns that one side lacks stand together in one."""
        lines: list[str] = []
        for side in ("in_database", "in_model"):
            absent = [each for each in self.differences if each.kind == "column" and not getattr(each, side)]
            if absent:
                where = "DB" if side == "in_database" else "model"
                lines.append(f"missing in {where}: {', '.join(each.name for each in absent)}")
        return [*lines, *(str(each) for each in self.differences if each.kind != "column")]


class Table(Record):
    """What the statements that create a table say of it; *unique* are names, or None, and columns."""

    columns: tuple[ColumnDefinition, ...]
    unique: tuple[tuple[str | None, tuple[str, ...]], ...]
    checks: tuple[tuple[str, str], ...]
    indexes: tuple[CreateIndex, ...]


async def find_drift(db: Executor, models: Iterable[type[Any]]) -> list[TableReport]:
    """Return a report for each table of *models*, those of many-to-many fields included.

    Models without a table of their own, unmanaged ones, and those that a router keeps away from this
    database are left out.
    """
    named = list(_tables(models, db.alias))
    beside = {
        options.db_table: [other for _, other in named if other.db_table == options.db_table]
        for _, options in named
    }
    return [await _report(db, name, options, beside[options.db_table]) for name, options in named]


def _tables(models: Iterable[type[Any]], alias: str) -> Iterator[tuple[str, Options]]:
    """Yield name and options of every table: "Author", "Post.tags"."""
    for model in models:
        options = options_of(model)
        allowed = router_allow_migrate(alias, options.app_label, options.model_name, model=model)
        if options.managed and not options.proxy and not options.abstract and allowed:
            yield options.name, options
            yield from (
                (f"{options.name}.{field.name}", _pairs(field))
                for field in options.many_to_many
                if field.makes_table and field.through is not None
            )


def _pairs(field: ManyToManyField) -> Options:
    return options_of(field.through)  # type: ignore[arg-type]  # a model once the field has its table


async def _report(db: Executor, name: str, options: Options, sharing: Sequence[Options]) -> TableReport:
    columns = await table_columns(db, options.db_table)
    found: list[Difference]
    if not columns:
        found = [Difference("table", options.db_table, None, options.db_table)]
    else:
        table = _expected(options, db.dialect)
        known = {field.column for other in sharing for field in other.fields}
        found = [
            *_columns(table, columns, known, db),
            *_indexes(table, await table_indexes(db, options.db_table)),
            *_foreign_keys(table, await foreign_keys(db, options.db_table)),
            *_checks(table, await table_constraints(db, options.db_table)),
        ]
    return TableReport(options.app_label, name, options.db_table, tuple(found))


def _expected(options: Options, dialect: Dialect) -> Table:
    statements = table_statements(options, dialect)
    table = next(each for each in statements if isinstance(each, CreateTable))
    unique: list[tuple[str | None, tuple[str, ...]]] = [
        *((None, (column.name,)) for column in table.columns if column.unique and not column.primary_key),
        *((None, group) for group in table.unique),
        *((one.name, one.columns) for one in table.constraints if isinstance(one, UniqueDefinition)),
    ]
    return Table(
        columns=table.columns,
        unique=tuple(unique),
        checks=tuple(
            (one.name, dialect.write(one.condition))
            for one in table.constraints
            if isinstance(one, CheckDefinition)
        ),
        indexes=tuple(each for each in statements if isinstance(each, CreateIndex)),
    )


# -- columns --------------------------------------------------------------------------------------


def _columns(
    table: Table, columns: list[dict[str, Any]], known: set[str], db: Executor
) -> Iterator[Difference]:
    fold = _fold(db)
    there = {fold(column["name"]): column for column in columns}
    for definition in table.columns:
        column = there.get(fold(definition.name))
        if column is None:
            yield Difference("column", definition.name, None, definition.name)
        else:
            yield from _column(definition, column, db)
    wanted = {fold(name) for name in known}
    yield from (
        Difference("column", column["name"], column["name"], None)
        for name, column in there.items()
        if name not in wanted
    )


def _column(definition: ColumnDefinition, column: dict[str, Any], db: Executor) -> Iterator[Difference]:
    written = definition.written_type or db.dialect.compiler().column_type(definition.type)
    if plain_type(written, db.vendor) != plain_type(column["type"], db.vendor):
        yield Difference("type", definition.name, column["type"], written)
    if definition.primary_key != column["primary_key"]:
        words = {True: "the key", False: "no key"}
        yield Difference("key", definition.name, words[column["primary_key"]], words[definition.primary_key])
    elif not definition.primary_key and definition.null != column["null"]:
        allowed = {True: "allowed", False: "not allowed"}
        yield Difference("null", definition.name, allowed[column["null"]], allowed[definition.null])


def plain_type(text: str, vendor: str) -> str:
    """Return a type's text in one spelling: of equal types it is equal."""
    lowered = re.sub(r"\s*([(),])\s*", r"\1", " ".join(text.lower().split()))
    name, opened, rest = lowered.partition("(")
    name, brackets, dimensions = name.partition("[")
    alias = ALIASES[vendor].get(name, name)
    return f"{alias}{brackets}{dimensions}{opened}{rest}"


def _fold(db: Executor) -> Callable[[str], str]:
    # SQLite does not tell names apart by their case.
    return str.lower if db.vendor == "sqlite" else str


# -- indexes --------------------------------------------------------------------------------------


class _Index(Record):
    """An index or unique constraint as it is compared; *columns* are None where there is an expression."""

    name: str | None
    columns: tuple[str | None, ...]
    descending: tuple[bool, ...]
    unique: bool
    conditional: bool

    def shape(self) -> tuple[Any, ...]:
        return self.columns, self.descending, self.unique, self.conditional

    def words(self) -> str:
        parts = [
            f"{column or '(an expression)'}{' DESC' if down else ''}"
            for column, down in zip(self.columns, self.descending)
        ]
        condition = " under a condition" if self.conditional else ""
        return f"{'unique ' if self.unique else ''}on {', '.join(parts)}{condition}"

    def __str__(self) -> str:
        return f"{self.name} {self.words()}" if self.name else self.words()


def _indexes(table: Table, facts: list[IndexFacts]) -> Iterator[Difference]:
    wanted = [*(_of_unique(*one) for one in table.unique), *map(_of_statement, table.indexes)]
    there = [_of_facts(each) for each in facts if each.origin != "primary"]
    _pair(wanted, there, lambda one, other: one.name == other.name and one.shape() == other.shape())
    _pair(wanted, there, lambda one, other: one.shape() == other.shape())
    for one in list(wanted):
        other = next((each for each in there if each.name == one.name), None)
        if one.name is not None and other is not None:
            wanted.remove(one)
            there.remove(other)
            yield Difference("index", one.name, other.words(), one.words())
    yield from (Difference(_kind(one), str(one), None, str(one)) for one in wanted)
    yield from (Difference(_kind(one), str(one), str(one), None) for one in there)


def _pair(wanted: list[_Index], there: list[_Index], is_same: Callable[[_Index, _Index], bool]) -> None:
    """Take what is the same out of both lists."""
    for one in list(wanted):
        other = next((each for each in there if is_same(one, each)), None)
        if other is not None:
            wanted.remove(one)
            there.remove(other)


def _kind(index: _Index) -> Kind:
    return "unique" if index.unique else "index"


def _of_unique(name: str | None, columns: tuple[str, ...]) -> _Index:
    return _Index(name, columns, (False,) * len(columns), True, False)


def _of_statement(index: CreateIndex) -> _Index:
    columns = tuple(
        part.operand.name if isinstance(part.operand, OwnColumn) else None for part in index.parts
    )
    descending = tuple(part.descending for part in index.parts)
    return _Index(index.name, columns, descending, index.unique, index.condition is not None)


def _of_facts(facts: IndexFacts) -> _Index:
    # The names that SQLite gives are nobody's.
    name = None if facts.name.startswith("sqlite_autoindex_") else facts.name
    return _Index(name, facts.columns, facts.descending, facts.unique, facts.condition is not None)


# -- foreign keys and checks ----------------------------------------------------------------------


def _foreign_keys(table: Table, facts: list[ForeignKeyFacts]) -> Iterator[Difference]:
    wanted = {
        column.name: (column.references.table, column.references.column, column.references.on_delete)
        for column in table.columns
        if column.references is not None
    }
    there = {each.columns: each for each in facts}
    for name, (target, column, action) in wanted.items():
        words = f"{target} ({column}){f' ON DELETE {action}' if action else ''}"
        fact = there.pop((name,), None)
        if fact is None:
            yield Difference("foreign", f"{name} to {words}", None, words)
        elif (fact.target, fact.target_columns, fact.on_delete) != (target, (column,), action or "NO ACTION"):
            yield Difference("foreign", name, _words(fact), words)
    for fact in there.values():
        yield Difference("foreign", f"{', '.join(fact.columns)} to {_words(fact)}", _words(fact), None)


def _words(fact: ForeignKeyFacts) -> str:
    action = "" if fact.on_delete == "NO ACTION" else f" ON DELETE {fact.on_delete}"
    return f"{fact.target} ({', '.join(fact.target_columns)}){action}"


def _checks(table: Table, facts: list[ConstraintFacts]) -> Iterator[Difference]:
    there = [each for each in facts if each.kind == "check"]
    for name, condition in table.checks:
        # SQLite knows checks without a name.
        own = next((each for each in there if each.name == name), None) or next(
            (each for each in there if each.name is None and _bare(each.expression) == _bare(condition)), None
        )
        if own is None:
            yield Difference("check", name, None, name)
        else:
            there.remove(own)
    for column in table.columns:
        positive = [each for each in there if _bare(each.expression) == f"{column.name.lower()}>=0"]
        if column.positive and not positive:
            yield Difference("check", f"{column.name} >= 0", None, f"{column.name} >= 0")
        if column.positive:
            there = [each for each in there if each not in positive]
    for each in there:
        told = f"{each.name} ({each.expression})" if each.name else str(each.expression)
        yield Difference("check", told, told, None)


def _bare(sql: str | None) -> str:
    """Return SQL without what does not matter in it: quotes of names, brackets, spaces, case."""
    return re.sub(r'[\s"()]', "", sql or "").lower()
