"""What a database holds: its tables and their columns, as it says itself.

Stands on the executor; one statement for each question.
"""

from __future__ import annotations

from typing import Any, Final

from .executor import Executor

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

# Name, type, whether it may be NULL, default, whether it is in the primary key; in the table's order.
_COLUMNS: Final[dict[str, str]] = {
    "sqlite": 'SELECT name, type, NOT "notnull" AND pk = 0, dflt_value, pk > 0 FROM pragma_table_info(?)',
    "postgresql": (
        "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,"
        " pg_catalog.pg_get_expr(d.adbin, d.adrelid), coalesce(a.attnum = ANY (i.indkey), false)"
        " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
        " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary"
        " WHERE c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND pg_catalog.pg_table_is_visible(c.oid)"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    ),
}


async def table_exists(db: Executor, name: str) -> bool:
    """Tell whether there is a table or view of this name where statements look for it."""
    return bool(await db.fetch(_TABLE[db.vendor], (name,)))


async def table_columns(db: Executor, table: str) -> list[dict[str, Any]]:
    """Return name, type, null, default and primary_key of each column; `[]` when there is no such table."""
    rows = await db.fetch(_COLUMNS[db.vendor], (table,))
    return [
        {"name": name, "type": type, "null": bool(null), "default": default, "primary_key": bool(key)}
        for name, type, null, default, key in rows
    ]
