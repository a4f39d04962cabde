"""CREATE and DROP as nodes.

Rests on the same frozen tree as queries; names tables and columns, never models. No statement of these has
parameters: values stand in the tree as literals.
"""

from __future__ import annotations

from typing import Any, Literal

from .nodes import Node
from .types import ColumnType


class Reference(Node):
    """A foreign key of one column; checked when the transaction ends."""

    table: str
    column: str
    on_delete: str | None = None


# -- values in definitions ------------------------------------------------------------------------


class LiteralValue(Node):
    """A value of the driver, written into the text; with *typed*, always as one of *type*."""

    value: Any
    type: ColumnType
    typed: bool = False


class LiteralList(Node):
    """Values separated by commas."""

    items: tuple[LiteralValue, ...]


class OwnColumn(Node):
    """A column of the table that is defined: its name alone."""

    name: str


# -- tables ---------------------------------------------------------------------------------------


class ColumnDefinition(Node):
    """A column; *written_type* is the text of a type that dorm does not know."""

    name: str
    type: ColumnType
    null: bool = False
    primary_key: bool = False
    unique: bool = False
    positive: bool = False
    references: Reference | None = None
    written_type: str | None = None
    default: Node | None = None
    generated: Node | None = None
    persisted: bool = True


class CheckDefinition(Node):
    """A condition that every row must meet."""

    name: str
    condition: Node


class UniqueDefinition(Node):
    """Columns whose values no two rows share."""

    name: str
    columns: tuple[str, ...]
    deferrable: Literal["deferred", "immediate"] | None = None


class CreateTable(Node):
    """CREATE TABLE IF NOT EXISTS."""

    name: str
    columns: tuple[ColumnDefinition, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    constraints: tuple[CheckDefinition | UniqueDefinition, ...] = ()


class IndexPart(Node):
    """What an index holds in one place: a column or an expression, in an order, compared in a way."""

    operand: Node
    descending: bool = False
    opclass: str = ""


class CreateIndex(Node):
    """CREATE INDEX IF NOT EXISTS; *options* are the storage parameters of its *method*."""

    name: str
    table: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    condition: Node | None = None
    include: tuple[str, ...] = ()
    nulls_distinct: bool = True
    method: str = ""
    options: tuple[tuple[str, str], ...] = ()


class Comment(Node):
    """What people should know of a table, or of its *column*."""

    table: str
    column: str | None
    text: str


class AddReference(Node):
    """ALTER TABLE that makes *column* a foreign key, under *name*; one of that name is replaced."""

    table: str
    column: str
    name: str
    reference: Reference


class DropTable(Node):
    """DROP TABLE IF EXISTS."""

    name: str
