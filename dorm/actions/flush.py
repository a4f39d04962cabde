"""Empty tables: every row goes, and what numbers rows begins anew.

Rests on the executor alone; sends no signals.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..db.executor import Executor
from ..db.introspection import table_exists, table_names
from ..sql.compiler import quote


async def flush(db: Executor, tables: Sequence[str]) -> list[str]:
    """Delete every row of those of *tables* that are there, in one transaction; return their names.

    A table outside of *tables* that refers into them is an error, and nothing is deleted.
    """
    there = set(await table_names(db))
    found = [table for table in dict.fromkeys(tables) if table in there]
    if not found:
        return []
    async with db.atomic():
        if db.vendor == "sqlite":
            await _delete(db, found)
        else:
            names = ", ".join(map(quote, found))
            await db.execute(f"TRUNCATE {names} RESTART IDENTITY")
    return found


async def _delete(db: Executor, tables: Sequence[str]) -> None:
    # The order of the tables is no matter then. It holds until the transaction ends.
    await db.execute("PRAGMA defer_foreign_keys = ON")
    for table in tables:
        await db.execute(f"DELETE FROM {quote(table)}")
    if await table_exists(db, "sqlite_sequence"):
        for table in tables:
            await db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
