"""CREATE, ALTER and DROP as nodes.

Rests on the same frozen tree as queries; names tables and columns, never models. No statement of these has
parameters: values stand in the tree as literals.
"""

from __future__ import annotations

from typing import Any, Literal

from .nodes import Node
from .types import ColumnType


class Reference(Node):
    """A foreign key of one column; *deferred*, it is checked when the transaction ends."""

    table: str
    column: str
    on_delete: str | None = None
    deferred: bool = True


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
    """CREATE TABLE; with *if_absent*, a table that is there is left as it is."""

    name: str
    columns: tuple[ColumnDefinition, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    constraints: tuple[CheckDefinition | UniqueDefinition, ...] = ()
    if_absent: bool = True


class IndexPart(Node):
    """What an index holds in one place: a column or an expression, in an order, compared in a way."""

    operand: Node
    descending: bool = False
    opclass: str = ""


class CreateIndex(Node):
    """CREATE INDEX; *options* are the storage parameters of its *method*.

    With *if_absent*, an index of the name is left as it is; *concurrently* keeps no writer out.
    """

    name: str
    table: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    condition: Node | None = None
    include: tuple[str, ...] = ()
    nulls_distinct: bool = True
    method: str = ""
    options: tuple[tuple[str, str], ...] = ()
    if_absent: bool = True
    concurrently: bool = False


class Comment(Node):
    """What people should know of a table, or of its *column*; None for nothing any more."""

    table: str
    column: str | None
    text: str | None


class AddReference(Node):
    """ALTER TABLE that makes *column* a foreign key, under *name*; one of that name is replaced."""

    table: str
    column: str
    name: str
    reference: Reference


class DropTable(Node):
    """DROP TABLE; with *if_there*, one that is not there is no error."""

    name: str
    if_there: bool = True


class DropIndex(Node):
    """DROP INDEX; *concurrently* keeps nobody out."""

    name: str
    concurrently: bool = False


class RenameIndex(Node):
    """ALTER INDEX ... RENAME TO."""

    name: str
    to: str


class CopyRows(Node):
    """INSERT of all rows of another table: *values*, of its columns, into *columns*."""

    source: str
    target: str
    columns: tuple[str, ...]
    values: tuple[Node, ...]


# -- changes of a table ---------------------------------------------------------------------------


class AlterTable(Node):
    """ALTER TABLE; one *action* of those below."""

    table: str
    action: Node


class RenameTo(Node):
    """RENAME TO."""

    name: str


class RenameColumn(Node):
    """RENAME COLUMN."""

    name: str
    to: str


class AddColumn(Node):
    """ADD COLUMN."""

    column: ColumnDefinition


class DropColumn(Node):
    """DROP COLUMN."""

    name: str


class AddConstraint(Node):
    """ADD CONSTRAINT; without a *name*, the database gives it one."""

    definition: Node
    name: str | None = None


class DropConstraint(Node):
    """DROP CONSTRAINT."""

    name: str


class PrimaryKeyDefinition(Node):
    """The columns that tell a row from all others."""

    columns: tuple[str, ...]


class ForeignKeyDefinition(Node):
    """A column whose values are those of another table's."""

    column: str
    reference: Reference


class PositiveDefinition(Node):
    """The condition that a column holds no number below 0."""

    column: str


class SetType(Node):
    """Give a column the type of *column*, its values becoming *using*."""

    column: ColumnDefinition
    using: Node


class SetNull(Node):
    """Let a column be NULL, or not any more."""

    column: str
    null: bool


class SetDefault(Node):
    """Give a column a default; None takes it away."""

    column: str
    default: Node | None


class SetIdentity(Node):
    """Have the database number a column's values, or not any more."""

    column: str
    identity: bool


class DropExpression(Node):
    """Make a computed column a plain one, which keeps its values."""

    column: str
