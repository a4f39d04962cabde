"""PostgreSQL's column types.

Rests on nothing.
"""

from __future__ import annotations

from typing import Final

from ..types import TypeName

COLUMN_TYPES: Final[dict[TypeName, str]] = {
    "char": "VARCHAR({length})",
    "text": "TEXT",
    "integer": "INTEGER",
    "smallint": "SMALLINT",
    "bigint": "BIGINT",
    "auto": "INTEGER",
    "bigauto": "BIGINT",
    "float": "DOUBLE PRECISION",
    "decimal": "NUMERIC({digits}, {places})",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "uuid": "UUID",
    "json": "JSONB",
    "any": "TEXT",
}
