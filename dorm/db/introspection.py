"""What a database holds: its tables, columns, indexes, constraints and comments, as it says itself.

Stands on the executor; one statement for each question. What a database keeps as text alone,
`sqlite_definitions.py` reads.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias, cast

from .._record import Record
from . import sqlite_definitions
from .executor import Executor

Origin: TypeAlias = Literal["index", "unique", "primary"]
ConstraintKind: TypeAlias = Literal["primary", "unique", "check", "foreign", "exclude"]
Deferrable: TypeAlias = Literal["deferred", "immediate"]


class IndexFacts(Record):
    """An index: of *columns*, None where it holds an expression; *origin* tells what it was made for.

    *definition* is the CREATE INDEX; None when SQLite made it for a constraint. *terms* are its expressions
    and columns in SQL, without their order, where there is a definition; *opclasses* are "" for the usual.
    """

    name: str
    columns: tuple[str | None, ...]
    unique: bool
    condition: str | None
    origin: Origin
    descending: tuple[bool, ...]
    method: str
    include: tuple[str, ...]
    definition: str | None
    terms: tuple[str, ...]
    opclasses: tuple[str, ...]


class ConstraintFacts(Record):
    """A constraint; *name* is None where SQLite has none, *expression* the text of a check."""

    name: str | None
    kind: ConstraintKind
    columns: tuple[str, ...]
    expression: str | None
    deferrable: Deferrable | None


class ForeignKeyFacts(Record):
    """A foreign key of *columns* to *target_columns* of *target*; *on_delete* in SQL's words."""

    name: str | None
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    on_delete: str
    on_update: str
    deferrable: Deferrable | None


# -- statements -----------------------------------------------------------------------------------

_TABLE: Final[dict[str, str]] = {
    "sqlite": (
        "SELECT 1 FROM (SELECT type, name FROM sqlite_master"
        " UNION ALL SELECT type, name FROM sqlite_temp_master)"
        " WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE"
    ),
    "postgresql": (
        "SELECT 1 FROM pg_catalog.pg_class AS c"
        " WHERE c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND pg_catalog.pg_table_is_visible(c.oid)"
    ),
}

# Names, and whether it is a view. Parts of a partitioned table and what an extension brings are left out.
_TABLES: Final[dict[str, str]] = {
    "sqlite": (
        "SELECT name, type = 'view' FROM sqlite_master WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name"
    ),
    "postgresql": (
        "SELECT c.relname, c.relkind IN ('v', 'm') FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        " AND pg_catalog.pg_table_is_visible(c.oid)"
        " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')"
        " ORDER BY c.relname"
    ),
}

_SQLITE_SQL: Final = (
    "(SELECT sql FROM (SELECT name, type, sql FROM sqlite_master"
    " UNION ALL SELECT name, type, sql FROM sqlite_temp_master)"
    " WHERE type = 'table' AND name = ? COLLATE NOCASE)"
)

_POSTGRESQL_TABLE: Final = (
    " c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_table_is_visible(c.oid)"
)

# Name, type, whether it may be NULL, default, whether it is in the primary key, "s" or "v" if it is computed
# (stored or virtual), whether the database numbers it, comment, collation where it is not the type's; in the
# table's order.
_COLUMNS: Final[dict[str, str]] = {
    "sqlite": (
        'SELECT name, type, NOT "notnull" AND pk = 0, dflt_value, pk > 0,'
        " CASE hidden WHEN 2 THEN 'v' WHEN 3 THEN 's' ELSE '' END, 0, NULL, NULL,"
        f" {_SQLITE_SQL} FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid"
    ),
    "postgresql": (
        "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,"
        " pg_catalog.pg_get_expr(d.adbin, d.adrelid), coalesce(a.attnum = ANY (i.indkey), false),"
        " a.attgenerated::text, a.attidentity <> '', pg_catalog.col_description(c.oid, a.attnum),"
        " CASE WHEN a.attcollation <> t.typcollation THEN l.collname END, NULL"
        " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
        " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
        " LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation"
        " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary"
        f" WHERE{_POSTGRESQL_TABLE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    ),
}

# Index, its place, column, descending, unique, origin, definition, and what only PostgreSQL says: condition,
# method, whether the column is only included.
_INDEXES: Final[dict[str, str]] = {
    "sqlite": (
        'SELECT l.name, x.name, x."desc", l."unique", l.origin, m.sql, NULL, \'btree\', 0'
        " FROM pragma_index_list(?) AS l JOIN pragma_index_xinfo(l.name) AS x"
        " LEFT JOIN (SELECT name, type, sql FROM sqlite_master"
        " UNION ALL SELECT name, type, sql FROM sqlite_temp_master) AS m"
        " ON m.type = 'index' AND m.name = l.name"
        " WHERE x.key = 1 ORDER BY l.name, x.seqno"
    ),
    "postgresql": (
        "SELECT x.relname, a.attname, (i.indoption[k.place - 1] & 1) = 1, i.indisunique,"
        " CASE WHEN i.indisprimary THEN 'pk' WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS o"
        " WHERE o.conindid = x.oid AND o.contype IN ('u', 'x')) THEN 'u' ELSE 'c' END,"
        " pg_catalog.pg_get_indexdef(x.oid), pg_catalog.pg_get_expr(i.indpred, i.indrelid), m.amname,"
        " k.place > i.indnkeyatts"
        " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid"
        " JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am AS m ON m.oid = x.relam"
        " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
        " LEFT JOIN pg_catalog.pg_attribute AS a"
        " ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0"
        f" WHERE{_POSTGRESQL_TABLE} ORDER BY x.relname, k.place"
    ),
}

_KINDS: Final[dict[str, ConstraintKind]] = {
    "p": "primary", "u": "unique", "c": "check", "f": "foreign", "x": "exclude",
}  # fmt: skip
_ORIGINS: Final[dict[str, Origin]] = {"c": "index", "u": "unique", "pk": "primary"}
_ACTIONS: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

_NAMES_OF: Final = (
    "(SELECT array_agg(a.attname::text ORDER BY k.place)"
    " FROM unnest(o.{numbers}) WITH ORDINALITY AS k (number, place) JOIN pg_catalog.pg_attribute AS a"
    " ON a.attrelid = o.{table} AND a.attnum = k.number)"
)

# One row for each: name, kind, columns, check, deferrable, deferred.
_POSTGRESQL_CONSTRAINTS: Final = (
    f"SELECT o.conname, o.contype::text, {_NAMES_OF.format(numbers='conkey', table='conrelid')},"
    " CASE WHEN o.contype = 'c' THEN pg_catalog.pg_get_expr(o.conbin, o.conrelid) END,"
    " o.condeferrable, o.condeferred"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS o ON o.conrelid = c.oid"
    f" WHERE{_POSTGRESQL_TABLE} AND o.contype IN ('p', 'u', 'c', 'f', 'x') ORDER BY o.conname"
)

# One row for each: name, columns, target, its columns, on delete, on update, deferrable, deferred.
_POSTGRESQL_FOREIGN_KEYS: Final = (
    f"SELECT o.conname, {_NAMES_OF.format(numbers='conkey', table='conrelid')}, r.relname,"
    f" {_NAMES_OF.format(numbers='confkey', table='confrelid')},"
    " o.confdeltype::text, o.confupdtype::text, o.condeferrable, o.condeferred"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS o ON o.conrelid = c.oid"
    " JOIN pg_catalog.pg_class AS r ON r.oid = o.confrelid"
    f" WHERE{_POSTGRESQL_TABLE} AND o.contype = 'f' AND o.conparentid = 0 ORDER BY o.conname"
)

# One row for each column of a key, in order. The columns referred to are NULL where they are the primary key.
_SQLITE_FOREIGN_KEYS: Final = (
    'SELECT f.id, f."from", f."table", coalesce(f."to", p.name), f.on_delete, f.on_update,'
    f" {_SQLITE_SQL} FROM pragma_foreign_key_list(?) AS f"
    ' LEFT JOIN pragma_table_info(f."table") AS p ON f."to" IS NULL AND p.pk = f.seq + 1'
    " ORDER BY f.id DESC, f.seq"
)

_SEQUENCES: Final[dict[str, str]] = {
    "sqlite": "SELECT NULL, NULL WHERE ? IS NULL",
    "postgresql": (
        "SELECT a.attname, s.relname FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_depend AS d ON d.refobjid = c.oid AND d.deptype IN ('a', 'i')"
        " AND d.classid = 'pg_catalog.pg_class'::regclass"
        " JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'"
        " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
        f" WHERE{_POSTGRESQL_TABLE} ORDER BY a.attnum"
    ),
}

_COMMENT: Final = (
    "SELECT pg_catalog.obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class AS c"
    f" WHERE{_POSTGRESQL_TABLE}"
)


# -- questions ------------------------------------------------------------------------------------


async def table_exists(db: Executor, name: str) -> bool:
    """Tell whether there is a table or view of this name where statements look for it."""
    return bool(await db.fetch(_TABLE[db.vendor], (name,)))


async def table_names(db: Executor, *, views: bool = False) -> list[str]:
    """Return the names of all tables where statements look for them, sorted; with *views*, of views too."""
    rows = await db.fetch(_TABLES[db.vendor])
    return [name for name, is_view in rows if views or not is_view]


async def table_columns(db: Executor, table: str) -> list[dict[str, Any]]:
    """Return a dict for each column, in the table's order; `[]` when there is no such table.

    Keys: name, type (in the database's words), null, default (SQL, or None), primary_key, generated (the
    expression of a computed column, or None) and persisted (whether its values are stored), numbered (by the
    database itself), comment, collation.
    """
    marks = ("?", "?") if db.vendor == "sqlite" else ("%s",)
    rows = await db.fetch(_COLUMNS[db.vendor], (table,) * len(marks))
    said = _said_by_sqlite(rows[0][-1] if rows else None)
    return [_column(row[:-1], said) for row in rows]


async def table_indexes(db: Executor, table: str) -> list[IndexFacts]:
    """Return the indexes of a table by name, those that stand for constraints included."""
    rows = await db.fetch(_INDEXES[db.vendor], (table,))
    grouped: dict[str, list[Any]] = {}
    for name, *part in rows:
        grouped.setdefault(name, []).append(part)
    return [_index(name, parts) for name, parts in grouped.items()]


async def table_constraints(db: Executor, table: str) -> list[ConstraintFacts]:
    """Return the constraints of a table: primary key, unique ones, checks and foreign keys.

    NOT NULL is a property of columns, and a unique index without a constraint is none.
    """
    if db.vendor == "sqlite":
        rows = await db.fetch(f"SELECT {_SQLITE_SQL}", (table,))
        return [
            ConstraintFacts(
                clause.name,
                clause.kind,
                clause.columns,
                clause.text if clause.kind == "check" else None,
                clause.deferrable,
            )
            for clause in sqlite_definitions.clauses(rows[0][0] or "")
            if clause.kind != "generated" and clause.kind != "collation"
        ]
    return [
        ConstraintFacts(name, _KINDS[kind], tuple(columns or ()), check, _deferrable(can_wait, waits))
        for name, kind, columns, check, can_wait, waits in await db.fetch(_POSTGRESQL_CONSTRAINTS, (table,))
    ]


async def foreign_keys(db: Executor, table: str) -> list[ForeignKeyFacts]:
    """Return the foreign keys of a table: by name, or on SQLite, where few have one, as they are declared."""
    if db.vendor == "sqlite":
        return _sqlite_keys(await db.fetch(_SQLITE_FOREIGN_KEYS, (table, table)))
    return [
        ForeignKeyFacts(
            name, tuple(columns), target, tuple(goal), _ACTIONS[delete], _ACTIONS[update], _deferrable(*wait)
        )
        for name, columns, target, goal, delete, update, *wait in await db.fetch(
            _POSTGRESQL_FOREIGN_KEYS, (table,)
        )
    ]


async def sequences(db: Executor, table: str) -> dict[str, str]:
    """Return column -> the sequence that numbers it; `{}` on SQLite, which has none of their own."""
    rows = await db.fetch(_SEQUENCES[db.vendor], (table,))
    return dict(rows)


async def table_comment(db: Executor, table: str) -> str | None:
    """Return what is said about a table, or None; SQLite has no comments."""
    if db.vendor == "sqlite":
        return None
    rows = await db.fetch(_COMMENT, (table,))
    return rows[0][0] if rows else None


# -- from rows to facts ---------------------------------------------------------------------------


def _said_by_sqlite(sql: str | None) -> dict[tuple[str, str], str]:
    """Return (kind, column) -> text of what only the text of a table says about its columns."""
    said: dict[tuple[str, str], str] = {}
    for clause in sqlite_definitions.clauses(sql) if sql else ():
        if len(clause.columns) == 1:
            said[clause.kind, clause.columns[0].lower()] = clause.text
            if clause.is_numbered:
                said["numbered", clause.columns[0].lower()] = "yes"
    return said


def _column(row: Any, said: dict[tuple[str, str], str]) -> dict[str, Any]:
    name, type, null, default, key, computed, numbered, comment, collation = row
    own = name.lower()
    computation = said.get(("generated", own), default) if computed else None
    return {
        "name": name,
        "type": type,
        "null": bool(null),
        "default": None if computed else default,
        "primary_key": bool(key),
        "generated": computation,
        "persisted": computed == "s",
        "numbered": bool(numbered) or ("numbered", own) in said or _is_serial(default),
        "comment": comment,
        "collation": said.get(("collation", own), collation),
    }


def _is_serial(default: str | None) -> bool:
    return default is not None and default.startswith("nextval(")


def _index(name: str, parts: list[Any]) -> IndexFacts:
    keys = [part for part in parts if not part[-1]]
    _, _, unique, origin, definition, condition, method, _ = parts[0]
    if condition is None and definition is not None and method == "btree":
        condition = sqlite_definitions.condition(definition)
    terms = sqlite_definitions.index_terms(definition) if definition is not None else []
    return IndexFacts(
        name=name,
        columns=tuple(part[0] for part in keys),
        unique=bool(unique),
        condition=condition,
        origin=_ORIGINS[origin],
        descending=tuple(bool(part[1]) for part in keys),
        method=method,
        include=tuple(part[0] for part in parts if part[-1]),
        definition=definition,
        terms=tuple(term for term, _ in terms[: len(keys)]),
        opclasses=tuple(opclass for _, opclass in terms[: len(keys)]),
    )


def _deferrable(can_wait: bool, waits: bool) -> Deferrable | None:
    if not can_wait:
        return None
    return "deferred" if waits else "immediate"


def _sqlite_keys(rows: list[Any]) -> list[ForeignKeyFacts]:
    grouped: dict[int, list[Any]] = {}
    for number, *part in rows:
        grouped.setdefault(number, []).append(part)
    found: list[ForeignKeyFacts] = []
    for parts in grouped.values():
        columns = tuple(part[0] for part in parts)
        _, target, _, on_delete, on_update, sql = parts[0]
        said = next(
            (
                each
                for each in sqlite_definitions.clauses(sql)
                if (each.kind, each.columns) == ("foreign", columns)
            ),
            None,
        )
        name, wait = (said.name, said.deferrable) if said is not None else (None, None)
        goal = cast("tuple[str, ...]", tuple(part[2] for part in parts))
        found.append(ForeignKeyFacts(name, columns, target, goal, on_delete, on_update, wait))
    return found
