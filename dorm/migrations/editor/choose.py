"""Which editor a database has.

Rests on the editors.
"""

from __future__ import annotations

from ...db.executor import Executor
from .base import SchemaEditor
from .postgresql import PostgreSQLEditor
from .sqlite import SQLiteEditor

EDITORS: dict[str, type[SchemaEditor]] = {"postgresql": PostgreSQLEditor, "sqlite": SQLiteEditor}


def editor_for(db: Executor, *, collect: bool = False) -> SchemaEditor:
    """Return the editor of a database; one that collects writes its statements down and runs none."""
    return EDITORS[db.vendor](db, collect=collect)
