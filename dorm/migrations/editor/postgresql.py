"""How tables are changed on PostgreSQL.

Rests on what editors share.
"""

from __future__ import annotations

from .base import SchemaEditor


class PostgreSQLEditor(SchemaEditor):
    """The tables of a PostgreSQL database."""
