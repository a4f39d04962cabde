"""Write a tree of SQL nodes as text, with its parameters in the order of the text.

Rests on the nodes; what differs between databases is a method that a dialect overrides. All names are
quoted, and all columns are qualified by their table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from . import ddl
from .literals import literal
from .nodes import (
    Aggregate,
    And,
    Arithmetic,
    ArrayItem,
    ArraySlice,
    Assignment,
    Between,
    Bind,
    BindItem,
    BindList,
    Call,
    Case,
    Cast,
    Choice,
    Column,
    Compare,
    Compound,
    Concat,
    Constant,
    Containment,
    Delete,
    Derived,
    Exists,
    Extract,
    Function,
    HasKey,
    In,
    Insert,
    IsNull,
    Items,
    Join,
    JSONCompared,
    JSONDocument,
    JSONPath,
    JSONText,
    Lock,
    Match,
    Node,
    Not,
    Or,
    Ordering,
    Output,
    Parenthesis,
    Pieces,
    Position,
    Raw,
    Scalar,
    Select,
    Star,
    Table,
    Templated,
    Truth,
    Update,
    Values,
    Window,
)
from .placeholders import with_placeholders
from .templates import CALLS, pieces_of
from .types import ColumnType

# SQLite refuses expressions that are more than 1,000 levels deep.
MAX_GROUP: Final = 100


def quote(name: str) -> str:
    """Return *name* as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Compiler:
    """One pass over one tree: `text` grows, `binds` follows it."""

    placeholder: ClassVar[str] = "?"
    vendor: ClassVar[str] = ""
    calls: ClassVar[Mapping[str, str]] = CALLS

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.binds: list[Bind | BindList | BindItem] = []

    def compile(self, node: Node) -> str:
        """Write *node* and return the whole text."""
        self.write(node)
        return "".join(self.parts)

    def write(self, node: Node) -> None:
        getattr(self, node.visitor)(node)

    def put(self, *parts: str | Node) -> None:
        """Write texts as they are and nodes by their visitor."""
        for part in parts:
            if isinstance(part, str):
                self.parts.append(part)
            else:
                self.write(part)

    def put_list(self, nodes: Sequence[Node], separator: str = ", ") -> None:
        for index, node in enumerate(nodes):
            if index:
                self.parts.append(separator)
            self.write(node)

    def sorted(self, node: Node) -> Node:
        """Return *node* so that rows are sorted, grouped and told apart by what it says."""
        return node

    # -- values ---------------------------------------------------------------------------------

    def visit_Bind(self, node: Bind) -> None:
        self.put(self.placeholder)
        self.binds.append(node)

    def visit_BindItem(self, node: BindItem) -> None:
        self.put(self.placeholder)
        self.binds.append(node)

    def visit_BindList(self, node: BindList) -> None:
        self.put("(", ", ".join([self.placeholder] * node.size), ")")
        self.binds.append(node)

    def visit_Constant(self, node: Constant) -> None:
        self.put("NULL" if node.value is None else str(node.value).upper())

    def visit_Column(self, node: Column) -> None:
        self.put(quote(node.table), ".", quote(node.name))

    def visit_Star(self, node: Star) -> None:
        self.put("*")

    def visit_Arithmetic(self, node: Arithmetic) -> None:
        self.put("(", node.left, f" {node.operator} ", node.right, ")")

    def visit_Function(self, node: Function) -> None:
        self.put(node.name, "(")
        self.put_list(node.arguments)
        self.put(")")

    def visit_Templated(self, node: Templated) -> None:
        template = dict(node.templates).get(self.vendor, node.template)
        operands = dict(node.operands)
        for place, piece in enumerate(re.split(r"\{(\w+)\}", template)):
            # A percent sign of the text's own must not be taken for a placeholder.
            text = piece.replace("%", "%%") if self.placeholder == "%s" else piece
            self.put(operands[piece] if place % 2 else text)

    def visit_Call(self, node: Call) -> None:
        """Write a function by its template, or else as it is called."""
        template = self.calls.get(f"{node.name}/{len(node.arguments)}") or self.calls.get(node.name)
        if template is None:
            self.put(node.name, "(")
            self.put_list(node.arguments)
            self.put(")")
            return
        for text, place in pieces_of(template):
            self.put(text)
            if place == "*":
                self.put_list(node.arguments)
            elif place == "type":
                self.put(self.type_text(node.type))
            elif place:
                self.put(node.arguments[int(place)])

    def type_text(self, type: ColumnType) -> str:
        """Return the text of a type that a value is cast to."""
        raise NotImplementedError(f"{type!r}: {self.__class__.__name__} must name its types")

    def visit_Cast(self, node: Cast) -> None:
        self.put("CAST(", node.operand, " AS ", self.type_text(node.type), ")")

    def visit_Case(self, node: Case) -> None:
        if not node.choices:
            self.put(node.default)
            return
        self.put("CASE ")
        self.put_list(node.choices, " ")
        self.put(" ELSE ", node.default, " END")

    def visit_Choice(self, node: Choice) -> None:
        self.put("WHEN ", node.condition, " THEN ", node.value)

    def visit_Concat(self, node: Concat) -> None:
        self.put("(")
        for place, item in enumerate(node.items):
            self.put(" || " if place else "", "COALESCE(", item, ", '')")
        self.put(")")

    def visit_Parenthesis(self, node: Parenthesis) -> None:
        self.put("(", node.item, ")")

    def visit_Raw(self, node: Raw) -> None:
        text, params = with_placeholders(node.sql, node.params, self.vendor)
        self.put("(", text, ")")
        self.binds += params

    def visit_Pieces(self, node: Pieces) -> None:
        for piece in node.pieces:
            self.put(self.verbatim(piece) if isinstance(piece, str) else piece)

    def verbatim(self, text: str) -> str:
        """Return a user's text so that the driver finds no placeholder in it."""
        return text

    def visit_Aggregate(self, node: Aggregate) -> None:
        self.put(node.name, "(")
        self.put_arguments(node)
        self.put(")")
        self.put_filter(node)

    def put_arguments(self, node: Aggregate) -> None:
        self.put("DISTINCT " if node.distinct else "", self.sorted(node.argument))
        for parameter in node.parameters:
            self.put(", ", parameter)
        if node.order_by:
            self.put(" ORDER BY ")
            self.put_list(node.order_by)

    def put_filter(self, node: Aggregate) -> None:
        if node.where is not None:
            self.put(" FILTER (WHERE ", node.where, ")")

    def visit_Window(self, node: Window) -> None:
        self.put(node.value)
        self.put_over(node)

    def put_over(self, node: Window) -> None:
        self.put(" OVER (")
        separator = ""
        if node.partition_by:
            self.put("PARTITION BY ")
            self.put_list([self.sorted(one) for one in node.partition_by])
            separator = " "
        if node.order_by:
            self.put(separator, "ORDER BY ")
            self.put_list(node.order_by)
            separator = " "
        if node.frame:
            self.put(separator, node.frame)
        self.put(")")

    def visit_Extract(self, node: Extract) -> None:
        self.put("EXTRACT(", node.part.upper(), " FROM ", node.operand, ")")

    def visit_JSONDocument(self, node: JSONDocument) -> None:
        self.put(node.operand)

    def visit_JSONCompared(self, node: JSONCompared) -> None:
        self.put(node.operand)

    def visit_JSONPath(self, node: JSONPath) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how JSON is looked into")

    def visit_JSONText(self, node: JSONText) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how JSON becomes text")

    def visit_ArrayItem(self, node: ArrayItem) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how arrays are looked into")

    def visit_ArraySlice(self, node: ArraySlice) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how arrays are looked into")

    def visit_Scalar(self, node: Scalar) -> None:
        self.put("(", node.select, ")")

    # -- conditions -----------------------------------------------------------------------------

    def visit_Compare(self, node: Compare) -> None:
        self.put(node.left, f" {node.operator} ", node.right)

    def visit_Between(self, node: Between) -> None:
        self.put(node.operand, " BETWEEN ", node.low, " AND ", node.high)

    def visit_Match(self, node: Match) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how text is matched")

    def visit_Containment(self, node: Containment) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say what holds what")

    def visit_HasKey(self, node: HasKey) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say how JSON is asked for a key")

    def visit_In(self, node: In) -> None:
        if isinstance(node.values, BindList):
            self.put(node.operand, " IN ", node.values)
        else:
            self.put(node.operand, " IN (", node.values, ")")

    def visit_Items(self, node: Items) -> None:
        self.put_list(node.items)

    def visit_IsNull(self, node: IsNull) -> None:
        self.put(node.operand, " IS NOT NULL" if node.negated else " IS NULL")

    def visit_Exists(self, node: Exists) -> None:
        self.put("EXISTS (", node.select, ")")

    def visit_And(self, node: And) -> None:
        self.put_group(node.items, " AND ")

    def visit_Or(self, node: Or) -> None:
        self.put_group(node.items, " OR ")

    def put_group(self, items: Sequence[Node], operator: str) -> None:
        """Write a condition of many; long ones by halves, since a parser's tree is as deep as it is long."""
        self.put("(")
        if len(items) > MAX_GROUP:
            middle = len(items) // 2
            self.put_group(items[:middle], operator)
            self.put(operator)
            self.put_group(items[middle:], operator)
        else:
            self.put_list(items, operator)
        self.put(")")

    def visit_Not(self, node: Not) -> None:
        self.put("NOT (", node.item, ")")

    def visit_Truth(self, node: Truth) -> None:
        self.put("1 = 1" if node.value else "1 = 0")

    # -- statements -----------------------------------------------------------------------------

    def visit_Ordering(self, node: Ordering) -> None:
        self.put(self.sorted(node.operand), " DESC" if node.descending else " ASC")
        if node.nulls:
            self.put(f" NULLS {node.nulls.upper()}")

    def visit_Output(self, node: Output) -> None:
        self.put(self.sorted(node.operand))
        if node.alias is not None:
            self.put(" AS ", quote(node.alias))

    def visit_Table(self, node: Table) -> None:
        self.put(quote(node.name))
        if node.alias != node.name:
            self.put(" AS ", quote(node.alias))

    def visit_Derived(self, node: Derived) -> None:
        self.put("(", node.select, ") AS ", quote(node.alias))

    def visit_Join(self, node: Join) -> None:
        self.put(" INNER JOIN " if node.kind == "INNER" else " LEFT JOIN ", node.table, " ON ", node.on)

    def visit_Select(self, node: Select) -> None:
        self.put("SELECT ")
        self.put_distinct(node)
        self.put_list(node.outputs)
        self.put(" FROM ", node.source)
        self.put_list(node.joins, "")
        self.put_where(node.where)
        if node.group_by:
            self.put(" GROUP BY ")
            self.put_list([self.sorted(one) for one in node.group_by])
        if node.having is not None:
            self.put(" HAVING ", node.having)
        if node.order_by:
            self.put(" ORDER BY ")
            self.put_list(node.order_by)
        self.put_window(node)
        if node.lock is not None:
            self.put(node.lock)

    def put_distinct(self, node: Select) -> None:
        if node.distinct_on:
            self.put("DISTINCT ON (")
            self.put_list(node.distinct_on)
            self.put(") ")
        elif node.distinct:
            self.put("DISTINCT ")

    def visit_Lock(self, node: Lock) -> None:
        self.put(" FOR ", node.strength)
        if node.of:
            self.put(" OF ", ", ".join(map(quote, node.of)))
        if node.wait is not None:
            self.put(" ", node.wait)

    def visit_Position(self, node: Position) -> None:
        self.put(str(node.place))

    def visit_Compound(self, node: Compound) -> None:
        for index, part in enumerate(node.parts):
            if index:
                self.put(" ", node.operator, " ")
            # A part with an order or a limit, or of parts itself, stands in brackets as a table does.
            if isinstance(part, Compound) or part.order_by or part.limit or part.offset:
                self.put("SELECT * FROM ", Derived(part, "part"))
            else:
                self.write(part)
        if node.order_by:
            self.put(" ORDER BY ")
            self.put_list(node.order_by)
        self.put_window(node)

    def visit_Values(self, node: Values) -> None:
        row = "(" + ", ".join([self.placeholder] * len(node.types)) + ")"
        self.put("(VALUES ", ", ".join([self.first_row(node), *[row] * (node.rows - 1)]), ") AS ")
        self.put(quote(node.alias))

    def first_row(self, node: Values) -> str:
        return "(" + ", ".join([self.placeholder] * len(node.types)) + ")"

    def put_where(self, where: Node | None) -> None:
        if where is not None:
            self.put(" WHERE ", where)

    def put_window(self, node: Select | Compound) -> None:
        if node.limit is not None:
            self.put(" LIMIT ", node.limit)
        if node.offset is not None:
            self.put(" OFFSET ", node.offset)

    def visit_Insert(self, node: Insert) -> None:
        self.put("INSERT INTO ", quote(node.table))
        if node.columns:
            self.put(" (", ", ".join(map(quote, node.columns)), ") VALUES ")
            row = "(" + ", ".join([self.placeholder] * len(node.columns)) + ")"
            self.put("" if node.values else ", ".join([row] * node.rows))
            self.put_rows(node.values)
        else:
            self.put(" DEFAULT VALUES")
        if node.ignore_conflicts:
            self.put(" ON CONFLICT DO NOTHING")
        elif node.updated:
            self.put(" ON CONFLICT (", ", ".join(map(quote, node.unique)), ") DO UPDATE SET ")
            self.put(", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in node.updated))
        if node.returning:
            self.put(" RETURNING ", ", ".join(map(quote, node.returning)))

    def put_rows(self, rows: Sequence[Sequence[Node]]) -> None:
        for place, row in enumerate(rows):
            self.put(", (" if place else "(")
            self.put_list(row)
            self.put(")")

    def visit_Assignment(self, node: Assignment) -> None:
        self.put(quote(node.column), " = ", node.value)

    def visit_Update(self, node: Update) -> None:
        self.put("UPDATE ", quote(node.table), " SET ")
        self.put_list(node.assignments)
        if node.source is not None:
            self.put(" FROM ", node.source)
        self.put_where(node.where)
        if node.returning:
            self.put(" RETURNING ", ", ".join(map(quote, node.returning)))

    def visit_Delete(self, node: Delete) -> None:
        self.put("DELETE FROM ", quote(node.table))
        self.put_where(node.where)

    # -- definitions ----------------------------------------------------------------------------

    def column_type(self, type: ColumnType) -> str:
        raise NotImplementedError(f"{type!r}: {self.__class__.__name__} must name its column types")

    def visit_LiteralValue(self, node: ddl.LiteralValue) -> None:
        self.put(literal(node.value))

    def visit_LiteralList(self, node: ddl.LiteralList) -> None:
        self.put_list(node.items)

    def visit_OwnColumn(self, node: ddl.OwnColumn) -> None:
        self.put(quote(node.name))

    def visit_CreateTable(self, node: ddl.CreateTable) -> None:
        self.put("CREATE TABLE ", "IF NOT EXISTS " if node.if_absent else "", quote(node.name), " (")
        self.put_list(node.columns)
        for group in node.unique:
            self.put(", UNIQUE (", ", ".join(map(quote, group)), ")")
        for constraint in node.constraints:
            self.put(", CONSTRAINT ", quote(constraint.name), " ", constraint)
        self.put(")")

    def visit_ColumnDefinition(self, node: ddl.ColumnDefinition) -> None:
        self.put(quote(node.name), " ", node.written_type or self.column_type(node.type))
        if node.primary_key:
            self.put_primary_key(node)
        elif node.unique:
            self.put(" UNIQUE")
        if not node.null and not node.primary_key:
            self.put(" NOT NULL")
        if node.default is not None:
            self.put(" DEFAULT (", node.default, ")")
        if node.generated is not None:
            self.put(
                " GENERATED ALWAYS AS (", node.generated, ")", " STORED" if node.persisted else " VIRTUAL"
            )
        if node.positive:
            self.put(" ", ddl.PositiveDefinition(node.name))
        if node.references is not None:
            self.put(node.references)

    def put_primary_key(self, node: ddl.ColumnDefinition) -> None:
        self.put(" NOT NULL PRIMARY KEY")

    def visit_Reference(self, node: ddl.Reference) -> None:
        self.put(" REFERENCES ", quote(node.table), " (", quote(node.column), ")")
        if node.on_delete is not None:
            self.put(" ON DELETE ", node.on_delete)
        self.put(" DEFERRABLE INITIALLY DEFERRED" if node.deferred else "")

    def visit_CheckDefinition(self, node: ddl.CheckDefinition) -> None:
        self.put("CHECK (", node.condition, ")")

    def visit_UniqueDefinition(self, node: ddl.UniqueDefinition) -> None:
        self.put("UNIQUE (", ", ".join(map(quote, node.columns)), ")")
        if node.deferrable is not None:
            self.put(f" DEFERRABLE INITIALLY {node.deferrable.upper()}")

    def visit_CreateIndex(self, node: ddl.CreateIndex) -> None:
        self.put("CREATE UNIQUE INDEX " if node.unique else "CREATE INDEX ")
        if node.concurrently:
            self.put("CONCURRENTLY ")
        self.put("IF NOT EXISTS " if node.if_absent else "", quote(node.name), " ON ", quote(node.table))
        self.put_index_body(node)
        if node.condition is not None:
            self.put(" WHERE ", node.condition)

    def put_index_body(self, node: ddl.CreateIndex) -> None:
        self.put(" (")
        self.put_list(node.parts)
        self.put(")")

    def visit_IndexPart(self, node: ddl.IndexPart) -> None:
        operand = self.sorted(node.operand)
        self.put(*((operand,) if isinstance(operand, ddl.OwnColumn) else ("(", operand, ")")))
        if node.opclass:
            self.put(" ", node.opclass)
        if node.descending:
            self.put(" DESC")

    def visit_AddReference(self, node: ddl.AddReference) -> None:
        self.put("ALTER TABLE ", quote(node.table), " DROP CONSTRAINT IF EXISTS ", quote(node.name))
        key = ddl.ForeignKeyDefinition(node.column, node.reference)
        self.put(", ", ddl.AddConstraint(key, node.name))

    def visit_DropTable(self, node: ddl.DropTable) -> None:
        self.put("DROP TABLE ", "IF EXISTS " if node.if_there else "", quote(node.name))

    def visit_DropIndex(self, node: ddl.DropIndex) -> None:
        self.put("DROP INDEX ", "CONCURRENTLY " if node.concurrently else "", "IF EXISTS ", quote(node.name))

    def visit_RenameIndex(self, node: ddl.RenameIndex) -> None:
        self.put("ALTER INDEX ", quote(node.name), " RENAME TO ", quote(node.to))

    def visit_CopyRows(self, node: ddl.CopyRows) -> None:
        self.put("INSERT INTO ", quote(node.target), " (", ", ".join(map(quote, node.columns)), ") SELECT ")
        self.put_list(node.values)
        self.put(" FROM ", quote(node.source))

    def visit_AlterTable(self, node: ddl.AlterTable) -> None:
        self.put("ALTER TABLE ", quote(node.table), " ", node.action)

    def visit_RenameTo(self, node: ddl.RenameTo) -> None:
        self.put("RENAME TO ", quote(node.name))

    def visit_RenameColumn(self, node: ddl.RenameColumn) -> None:
        self.put("RENAME COLUMN ", quote(node.name), " TO ", quote(node.to))

    def visit_AddColumn(self, node: ddl.AddColumn) -> None:
        self.put("ADD COLUMN ", node.column)

    def visit_DropColumn(self, node: ddl.DropColumn) -> None:
        self.put("DROP COLUMN ", quote(node.name))

    def visit_AddConstraint(self, node: ddl.AddConstraint) -> None:
        self.put("ADD ")
        if node.name is not None:
            self.put("CONSTRAINT ", quote(node.name), " ")
        self.put(node.definition)

    def visit_DropConstraint(self, node: ddl.DropConstraint) -> None:
        self.put("DROP CONSTRAINT ", quote(node.name))

    def visit_PrimaryKeyDefinition(self, node: ddl.PrimaryKeyDefinition) -> None:
        self.put("PRIMARY KEY (", ", ".join(map(quote, node.columns)), ")")

    def visit_ForeignKeyDefinition(self, node: ddl.ForeignKeyDefinition) -> None:
        self.put("FOREIGN KEY (", quote(node.column), ")", node.reference)

    def visit_PositiveDefinition(self, node: ddl.PositiveDefinition) -> None:
        self.put("CHECK (", quote(node.column), " >= 0)")

    def visit_SetType(self, node: ddl.SetType) -> None:
        self.put("ALTER COLUMN ", quote(node.column.name), " TYPE ")
        self.put(node.column.written_type or self.column_type(node.column.type), " USING ", node.using)

    def visit_SetNull(self, node: ddl.SetNull) -> None:
        self.put("ALTER COLUMN ", quote(node.column), " DROP" if node.null else " SET", " NOT NULL")

    def visit_SetDefault(self, node: ddl.SetDefault) -> None:
        self.put("ALTER COLUMN ", quote(node.column))
        self.put(*((" DROP DEFAULT",) if node.default is None else (" SET DEFAULT (", node.default, ")")))

    def visit_SetIdentity(self, node: ddl.SetIdentity) -> None:
        change = " ADD GENERATED BY DEFAULT AS IDENTITY" if node.identity else " DROP IDENTITY IF EXISTS"
        self.put("ALTER COLUMN ", quote(node.column), change)

    def visit_DropExpression(self, node: ddl.DropExpression) -> None:
        self.put("ALTER COLUMN ", quote(node.column), " DROP EXPRESSION")
