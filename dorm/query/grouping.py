"""What rows are grouped by beside the groups that a query names: what is shown of them outside an aggregate.

Rests on the SQL tree alone, whose names are placed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from ..sql.nodes import (
    Aggregate,
    And,
    Between,
    Choice,
    Column,
    Compare,
    Containment,
    Exists,
    HasKey,
    In,
    IsNull,
    Items,
    JSONCompared,
    JSONDocument,
    Match,
    Node,
    Not,
    Or,
    Ordering,
    Parenthesis,
    Raw,
    Scalar,
    Select,
    Window,
    children,
    find,
)

# A condition is no value of a row: rows are grouped by what it compares.
INCOMPLETE: Final = (
    And, Or, Not, Compare, Between, Match, Containment, HasKey, In, Items, IsNull, Ordering,
)  # fmt: skip

SUBQUERIES: Final = (Scalar, Exists, Select)


def has_aggregate(node: Node) -> bool:
    """Whether *node* is made of many rows, outside its subqueries and its windows."""
    return next(find(node, Aggregate, outside=(Select, Window)), None) is not None


def has_window(node: Node) -> bool:
    """Whether a window is computed in *node*, outside its subqueries."""
    return next(find(node, Window, outside=Select), None) is not None


class Groups:
    """What rows are grouped by: *nodes*, and the largest parts of others that no aggregate makes one of many.

    The columns in such a part would split a group in which it says the same.
    """

    def __init__(self, nodes: Iterable[Node], table: str, joined: Collection[str], *, by_key: bool) -> None:
        """*table* is that of the query's model, *joined* are those beside it."""
        self.nodes = list(nodes)
        self.joined = joined
        self.tables = {table, *joined}
        # A row is grouped by its key: none of its columns differs within the group.
        self.differing = joined if by_key else self.tables

    def add(self, node: Node) -> None:
        """Group by what is shown of *node* outside of aggregates."""
        if node in self.nodes or isinstance(node, Aggregate):
            return
        if isinstance(node, Window):
            # An aggregate over a window takes rows as the groups have made them.
            inner = node.value.argument if isinstance(node.value, Aggregate) else node.value
            self.add_all((inner, *node.partition_by, *node.order_by))
        elif isinstance(node, SUBQUERIES):
            self._add_subquery(node)
        elif isinstance(node, Choice):
            condition = node.condition
            self.add_all((condition.item if isinstance(condition, Parenthesis) else condition, node.value))
        elif isinstance(node, INCOMPLETE) or self._is_aggregated(node) or has_window(node):
            self.add_all(children(node))
        else:
            self._append(node)

    def add_all(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.add(node)

    def _is_aggregated(self, node: Node) -> bool:
        """Whether *node* is made of many rows; a subquery is where it takes an aggregate from around it."""
        return has_aggregate(node) or any(
            _names_any(inner, self.tables) for inner in find(node, Aggregate, outside=Window)
        )

    def _add_subquery(self, node: Node) -> None:
        """Group by the columns that a subquery takes from around it; by itself, where they are joined."""
        columns = list(find(node, Column, outside=Aggregate))
        is_value = not isinstance(node, Select) and not self._is_aggregated(node)
        if is_value and any(column.table in self.joined for column in columns):
            self._append(node)
        else:
            for column in columns:
                self._append(column)

    def _append(self, node: Node) -> None:
        if isinstance(node, JSONCompared) and isinstance(node.operand, Column):
            node = JSONDocument(node.operand)
        # Without a column it says the same in all of the group. What a user wrote may name any.
        differs = _names_any(node, self.differing) or any(map(_names_more, find(node, Raw)))
        if differs and node not in self.nodes:
            self.nodes.append(node)


def _names_any(node: Node, tables: Collection[str]) -> bool:
    """Whether a column of one of *tables* stands in *node*."""
    return any(column.table in tables for column in find(node, Column))


def _names_more(raw: Raw) -> bool:
    """Whether *raw* may name a column: a number alone would be the place of one."""
    return any(map(str.isalpha, raw.sql.replace("%s", "")))
