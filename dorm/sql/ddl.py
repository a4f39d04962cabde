"""CREATE and DROP as nodes.

Rests on the same frozen tree as queries; names tables and columns, never models.
"""

from __future__ import annotations

from .nodes import Node
from .types import ColumnType


class Reference(Node):
    """A foreign key of one column; checked when the transaction ends."""

    table: str
    column: str


class ColumnDefinition(Node):
    name: str
    type: ColumnType
    null: bool = False
    primary_key: bool = False
    unique: bool = False
    positive: bool = False
    references: Reference | None = None


class CreateTable(Node):
    """CREATE TABLE IF NOT EXISTS."""

    name: str
    columns: tuple[ColumnDefinition, ...]
    unique: tuple[tuple[str, ...], ...] = ()


class CreateIndex(Node):
    """CREATE INDEX IF NOT EXISTS."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False


class DropTable(Node):
    """DROP TABLE IF EXISTS."""

    name: str
