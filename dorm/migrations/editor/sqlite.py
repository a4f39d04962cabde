"""How tables are changed on SQLite.

Rests on what editors share.
"""

from __future__ import annotations

from .base import SchemaEditor


class SQLiteEditor(SchemaEditor):
    """The tables of a SQLite database."""
