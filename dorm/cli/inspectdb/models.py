"""From what a database says of its tables to the source of their models.

Stands on the facts, on the choice of fields, and on names. Relations are found by foreign keys; a table that
holds nothing but pairs becomes a many-to-many field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dorm.db.introspection import ConstraintFacts, ForeignKeyFacts, IndexFacts
from dorm.sql.dialects import Dialect

from .defaults import default_source
from .names import class_names, field_name, unique
from .parts import Parts
from .reading import TableFacts
from .source import Call, FieldClass, ModelSource, Named, text, texts
from .types import AUTO, POSITIVE, FieldChoice, choose

ACTIONS: Final = {
    "CASCADE": "dorm.DB_CASCADE",
    "SET NULL": "dorm.DB_SET_NULL",
    "SET DEFAULT": "dorm.DB_SET_DEFAULT",
}
METHODS: Final = {
    "gin": "dorm.GinIndex",
    "gist": "dorm.GistIndex",
    "brin": "dorm.BrinIndex",
    "hash": "dorm.HashIndex",
    "spgist": "dorm.SpGistIndex",
    "bloom": "dorm.BloomIndex",
}


class Models:
    """The models of some tables, as source."""

    def __init__(self, tables: list[TableFacts], dialect: Dialect, app: str | None) -> None:
        self.dialect = dialect
        self.own: dict[str, FieldClass] = {}
        self.left_out = [table.name for table in tables if not _is_nameable(table)]
        tables = [table for table in tables if table.name not in self.left_out]
        self.names = class_names((table.name for table in tables), app)
        self.pairs = {table.name: pair for table in tables if (pair := self._pair_of(table)) is not None}
        self.tables = {table.name: table for table in tables if table.name not in self.pairs}
        # Table -> column -> name of the field.
        self.fields = {name: _field_names(table) for name, table in self.tables.items()}
        # Table -> what other models have called their way back, and its own names.
        self.taken = {
            name: {*named.values(), *(f"{named[column]}_id" for column in _key_columns(self.tables[name]))}
            for name, named in self.fields.items()
        }
        self.written: set[str] = set()

    def sources(self) -> list[ModelSource]:
        """Return every class, those that others refer to first where that is possible."""
        return [self._model(table) for table in self._in_order()]

    def _in_order(self) -> list[TableFacts]:
        placed: dict[str, TableFacts] = {}
        waiting = dict(self.tables)

        def place(name: str) -> None:
            table = waiting.pop(name, None)
            if table is not None:
                for key in table.keys:
                    place(key.target)
                for owner, target in self.pairs.values():
                    if owner == name:
                        place(target)
                placed[name] = table

        for name in self.tables:
            place(name)
        return list(placed.values())

    def _model(self, table: TableFacts) -> ModelSource:
        notes: list[str] = []
        parts = Parts(table, self.fields[table.name])
        fields = [
            (self.fields[table.name][column["name"]], call)
            for column in table.columns
            if (call := self._field(table, column, parts, notes)) is not None
        ]
        fields += [self._many(name) for name, pair in self.pairs.items() if pair[0] == table.name]
        meta = self._meta(table, parts, notes)
        self.written.add(table.name)
        return ModelSource(self.names[table.name], fields, meta, notes)

    # -- fields -----------------------------------------------------------------------------------

    def _field(
        self, table: TableFacts, column: dict[str, Any], parts: Parts, notes: list[str]
    ) -> Call | None:
        name = column["name"]
        if not name.isidentifier():
            notes.append(f"The column {name!r} is left out: dorm cannot name it.")
            return None
        choice = choose(column["type"], self.dialect)
        if self._is_automatic(table, column, choice):
            return None
        key = table.key_of(name)
        if key is not None and key.target in self.tables:
            return self._relation(table, column, choice.name, key, parts)
        if key is not None:
            notes.append(f"{name} refers to {key.target} ({key.target_columns[0]}), which has no model here.")
        self.own.update({own.name: own for own in choice.own})
        if column["generated"] is not None:
            return self._generated(column, choice)
        function = choice.function
        if choice.name in AUTO and column["primary_key"] and _is_numbered(table, column, self.dialect):
            function = f"dorm.{AUTO[choice.name]}"
        elif choice.name in POSITIVE and name in parts.positive:
            function = f"dorm.{POSITIVE[choice.name]}"
        arguments = [*choice.arguments, *self._options(table, column, choice.name, parts)]
        if self.fields[table.name][name] != name:
            arguments.append(f"db_column={text(name)}")
        return Call(function, tuple(arguments))

    def _options(self, table: TableFacts, column: dict[str, Any], field: str, parts: Parts) -> Iterator[str]:
        name = column["name"]
        if _pk_column(table) == name:
            yield "primary_key=True"
        elif column["null"]:
            yield "null=True"
        if name in parts.unique and _pk_column(table) != name:
            yield "unique=True"
        if name in parts.indexed:
            yield "db_index=True"
        if column["default"] is not None and not column["numbered"]:
            yield f"db_default={default_source(column['default'], field)}"
        if column["comment"]:
            yield f"db_comment={text(column['comment'])}"

    def _is_automatic(self, table: TableFacts, column: dict[str, Any], choice: FieldChoice) -> bool:
        """Tell whether a column is the id that every model has by itself."""
        big = "IntegerField" if self.dialect.vendor == "sqlite" else "BigIntegerField"
        is_id = column["name"] == "id" and table.primary_key == ["id"] and choice.name == big
        return is_id and table.key_of("id") is None and _is_numbered(table, column, self.dialect)

    def _generated(self, column: dict[str, Any], choice: FieldChoice) -> Call:
        output = Call(choice.function, choice.arguments)
        arguments: list[str | Named] = [
            Named("expression", Call("dorm.RawSQL", (text(column["generated"]),))),
            Named("output_field", output),
            f"db_persist={column['persisted']}",
        ]
        arguments += ["null=True"] if column["null"] else []
        return Call("dorm.GeneratedField", tuple(arguments))

    def _relation(
        self, table: TableFacts, column: dict[str, Any], field: str, key: ForeignKeyFacts, parts: Parts
    ) -> Call:
        own = column["name"]
        name = self.fields[table.name][own]
        is_one = own in parts.unique or table.primary_key == [own]
        arguments = [self._target(table.name, key.target)]
        arguments.append(f"on_delete={ACTIONS.get(key.on_delete, 'dorm.DO_NOTHING')}")
        if self.tables[key.target].primary_key != list(key.target_columns):
            arguments.append(f"to_field={text(self.fields[key.target][key.target_columns[0]])}")
        options = [
            each
            for each in self._options(table, column, field, parts)
            if each not in ("unique=True", "db_index=True")
        ]
        arguments += options
        if not is_one and own not in parts.indexed:
            arguments.append("db_index=False")
        way_back = self._way_back(table.name, name, key.target, many=not is_one)
        arguments += [f"related_name={text(way_back)}"] if way_back is not None else []
        if own != f"{name}_id":
            arguments.append(f"db_column={text(own)}")
        return Call("dorm.OneToOneField" if is_one else "dorm.ForeignKey", tuple(arguments))

    def _target(self, table: str, target: str) -> str:
        if table == target:
            return text("self")
        return self.names[target] if target in self.written else text(self.names[target])

    def _way_back(self, table: str, field: str, target: str, *, many: bool) -> str | None:
        """Return the related_name of a relation; None where the usual one is free."""
        model = self.names[table].lower()
        usual = {f"{model}_set", model} if many else {model}
        taken = self.taken[target]
        if not usual & taken:
            taken |= usual
            return None
        name = unique(f"{model}_{field}_set", taken)
        taken.add(name)
        return name

    # -- many-to-many -----------------------------------------------------------------------------

    def _pair_of(self, table: TableFacts) -> tuple[str, str] | None:
        """Return the two tables that *table* holds the pairs of, as dorm makes such tables; else None."""
        keys = [table.key_of(column["name"]) for column in table.columns if not column["primary_key"]]
        if len(table.columns) != 3 or len(keys) != 2 or table.primary_key != ["id"]:
            return None
        first, second = keys
        if first is None or second is None or not self._is_plain_pair(table, first, second):
            return None
        owner, target = self.names[first.target], self.names[second.target]
        heads = (owner.lower(), target.lower())
        if owner == target:
            heads = (f"from_{owner.lower()}", f"to_{owner.lower()}")
        is_ours = (first.columns, second.columns) == ((f"{heads[0]}_id",), (f"{heads[1]}_id",))
        return (first.target, second.target) if is_ours else None

    def _is_plain_pair(self, table: TableFacts, first: ForeignKeyFacts, second: ForeignKeyFacts) -> bool:
        columns = (*first.columns, *second.columns)
        found = {
            (index.columns, index.unique, index.condition)
            for index in table.indexes
            if index.origin != "primary"
        }
        wanted = {((column,), False, None) for column in columns} | {(columns, True, None)}
        plain = all(key.on_delete == "NO ACTION" and key.target in self.names for key in (first, second))
        return found == wanted and plain and not any(column["null"] for column in table.columns)

    def _many(self, name: str) -> tuple[str, Call]:
        owner, target = self.pairs[name]
        rest = (
            name.removeprefix(f"{owner}_")
            if name.startswith(f"{owner}_")
            else f"{self.names[target].lower()}s"
        )
        field = field_name(rest, self.taken[owner])
        self.taken[owner].add(field)
        arguments = [self._target(owner, target)]
        arguments += ["symmetrical=False"] if owner == target else []
        way_back = self._way_back(owner, field, target, many=True)
        arguments += [f"related_name={text(way_back)}"] if way_back is not None else []
        return field, Call("dorm.ManyToManyField", (*arguments, f"db_table={text(name)}"))

    # -- Meta -------------------------------------------------------------------------------------

    def _meta(
        self, table: TableFacts, parts: Parts, notes: list[str]
    ) -> list[tuple[str, str | list[str | Call]]]:
        found: list[tuple[str, str | list[str | Call]]] = [("db_table", text(table.name))]
        why = _why_unmanaged(table)
        if why is not None:
            found.append(("managed", "False"))
            notes.append(f"{why}: dorm reads it by {_pk_column(table)}, and does not create it.")
        if table.comment:
            found.append(("db_table_comment", text(table.comment)))
        if parts.together:
            found.append(
                ("unique_together", [f"({', '.join(map(text, group))})" for group in parts.together])
            )
        indexes = [self._index(table, index, parts) for index in parts.indexes]
        if indexes:
            found.append(("indexes", list(indexes)))
        constraints = [self._constraint(one, parts) for one in parts.constraints]
        if constraints:
            found.append(("constraints", list(constraints)))
        notes += [
            f"A foreign key of more than one column is left out: ({', '.join(key.columns)}) to {key.target}."
            for key in table.keys
            if len(key.columns) > 1
        ]
        return found

    def _index(self, table: TableFacts, index: IndexFacts, parts: Parts) -> Call:
        arguments: list[str | Named]
        if None in index.columns:
            arguments = [
                f"dorm.RawSQL({text(term)})" if not down else f"dorm.RawSQL({text(term)}).desc()"
                for term, down in zip(index.terms, index.descending)
            ]
        else:
            names = [parts.field(column) for column in index.columns if column is not None]
            ordered = [f"-{name}" if down else name for name, down in zip(names, index.descending)]
            arguments = [f"fields={texts(ordered)}"]
        arguments.append(f"name={text(index.name)}")
        arguments += ["unique=True"] if index.unique else []
        if index.condition is not None:
            arguments.append(_condition(index.condition))
        if index.include:
            arguments.append(f"include={texts(map(parts.field, index.include))}")
        if any(index.opclasses) and None not in index.columns:
            arguments.append(f"opclasses={texts(index.opclasses)}")
        return Call(METHODS.get(index.method, "dorm.Index"), tuple(arguments))

    def _constraint(self, one: ConstraintFacts, parts: Parts) -> Call:
        if one.kind == "check":
            condition = _condition(one.expression or "")
            return Call("dorm.CheckConstraint", (condition, f"name={text(str(one.name))}"))
        arguments = [f"fields={texts(map(parts.field, one.columns))}", f"name={text(str(one.name))}"]
        if one.deferrable is not None:
            arguments.append(f"deferrable=dorm.Deferrable.{one.deferrable.upper()}")
        return Call("dorm.UniqueConstraint", tuple(arguments))


def _is_nameable(table: TableFacts) -> bool:
    """Tell whether dorm can name the table, and a column of it."""
    return table.name.isidentifier() and bool(table.named)


def _key_columns(table: TableFacts) -> list[str]:
    return [name for name in table.named if table.key_of(name) is not None]


def _field_names(table: TableFacts) -> dict[str, str]:
    """Return column -> name of its field; a foreign key's is without "_id", which dorm puts behind it."""
    found: dict[str, str] = {}
    for name in table.named:
        # A field may not have the name of another's column.
        taken = {*found.values(), *(f"{field}_id" for field in found.values()), *table.named} - {name}
        stem = re.sub(r"_?[iI][dD]$", "", name) if table.key_of(name) is not None else name
        found[name] = field_name(stem or name, taken)
    return found


def _why_unmanaged(table: TableFacts) -> str | None:
    """Return why dorm could not make the table as it is, or None."""
    if table.is_view:
        return "A view"
    if not table.primary_key:
        return "There is no primary key"
    if len(table.primary_key) > 1:
        return f"The primary key is ({', '.join(table.primary_key)})"
    return None if len(table.named) == len(table.columns) else "Not every column has a field"


def _pk_column(table: TableFacts) -> str:
    """Return the column that is the model's key: the primary key, or what comes nearest to one."""
    unique_ones = [index.columns[0] for index in table.indexes if index.unique and len(index.columns) == 1]
    own = table.primary_key if len(table.primary_key) == 1 else []
    best = next((name for name in (*own, *unique_ones) if name in table.named), None)
    return best or ("id" if "id" in table.named else table.named[0])


def _is_numbered(table: TableFacts, column: dict[str, Any], dialect: Dialect) -> bool:
    """Tell whether the database gives a number to a row that comes without one."""
    if dialect.vendor == "sqlite":
        # https://www.sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key
        return table.primary_key == [column["name"]] and column["type"].upper() == "INTEGER"
    return bool(column["numbered"])


def _condition(sql: str) -> Named:
    raw = Call("dorm.RawSQL", (text(sql), 'output_field="boolean"'))
    return Named("condition", Call("dorm.Q", (raw,)))
