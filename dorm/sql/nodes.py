"""SQL as a frozen tree: what a statement says, before any dialect writes it.

Rests on records alone. Values never stand in the tree: a Bind names the slot of a parameter, so one
tree (and its text) serves every query of the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, Literal, TypeAlias, TypeVar, cast

from .._record import Record, values
from .types import ANY, ColumnType

N = TypeVar("N", bound="Node")


class Node(Record):
    """A piece of SQL. A compiler writes it with its method `visit_<class name>`."""

    visitor: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.visitor = f"visit_{cls.__name__}"


# -- values ---------------------------------------------------------------------------------------

BindForm: TypeAlias = Literal[
    "plain", "typed", "fold", "contains", "startswith", "endswith", "istartswith", "iendswith",
]  # fmt: skip


class Bind(Node):
    """The parameter in *slot*, encoded as *type*, in the form that an operator wants.

    "typed" is the plain one where nothing beside it tells the database of what type it is.
    """

    slot: int
    type: ColumnType
    form: BindForm = "plain"


class BindList(Node):
    """The parameters in *slot*, a tuple of at most *size* values; the compiled text has room for *size*."""

    slot: int
    type: ColumnType
    size: int


class BindItem(Node):
    """The value at *index* of the tuple in *slot*."""

    slot: int
    index: int
    type: ColumnType


class Constant(Node):
    """A constant of dorm's own, never a user's value."""

    value: int | bool | None


class Column(Node):
    """A column of the table that *table* names in this statement."""

    table: str
    name: str


class Star(Node):
    """The `*` of COUNT(*)."""


class Arithmetic(Node):
    left: Node
    operator: Literal["+", "-", "*", "/", "%"]
    right: Node


class Function(Node):
    """A call of the database's function *name*."""

    name: str
    arguments: tuple[Node, ...]


class Templated(Node):
    """SQL of a project's own, *operands* at the places of their names; *templates* are other vendors'."""

    template: str
    templates: tuple[tuple[str, str], ...]
    operands: tuple[tuple[str, Node], ...]


class Call(Node):
    """A function of dorm's own list, which each dialect writes in its way; its value is of *type*."""

    name: str
    arguments: tuple[Node, ...]
    type: ColumnType = ANY


class Cast(Node):
    """The value of *operand*, which is of type *source*, as one of *type*."""

    operand: Node
    source: ColumnType
    type: ColumnType


class Choice(Node):
    """WHEN *condition* THEN *value*."""

    condition: Node
    value: Node


class Concat(Node):
    """Texts one after another, NULL being an empty one."""

    items: tuple[Node, ...]


class Case(Node):
    """The value of the first choice whose condition holds."""

    choices: tuple[Choice, ...]
    default: Node


class Parenthesis(Node):
    """A condition in the place of a value."""

    item: Node


class Raw(Node):
    """SQL that the user wrote, with `%s` for each of *params*; None when it has none, and `%` is itself."""

    sql: str
    params: tuple[Node, ...] | None


class Pieces(Node):
    """Texts of the user's and values between them."""

    pieces: tuple[str | Node, ...]


class Aggregate(Node):
    """One value of *type*, made from many rows: those that meet *where*, in *order_by*.

    *parameters* are what the function takes beside its argument.
    """

    name: str
    argument: Node
    distinct: bool = False
    type: ColumnType = ANY
    where: Node | None = None
    parameters: tuple[Node, ...] = ()
    order_by: tuple[Ordering, ...] = ()


class Window(Node):
    """*value* over the rows of its partition; *frame* is text such as "ROWS BETWEEN ..."."""

    value: Node
    partition_by: tuple[Node, ...] = ()
    order_by: tuple[Ordering, ...] = ()
    frame: str = ""


DatePart: TypeAlias = Literal[
    "year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day",
    "hour", "minute", "second",
]  # fmt: skip


class Extract(Node):
    """A part of a date or a time, as an integer; of a datetime, its part in UTC."""

    part: DatePart
    operand: Node


class Truncate(Node):
    """The beginning of the *part* that a value of *type* is in."""

    part: DatePart
    operand: Node
    type: ColumnType


class Shift(Node):
    """A date, a time or a datetime, earlier or later by a duration."""

    left: Node
    operator: Literal["+", "-"]
    right: Node
    type: ColumnType


class Elapsed(Node):
    """The duration from *right* to *left*, both of *type*."""

    left: Node
    right: Node
    type: ColumnType


class JSONDocument(Node):
    """A JSON value of a column: where rows are sorted or grouped by it, by what it says."""

    operand: Node


class JSONCompared(Node):
    """A JSON value that is compared by what it says, not by how it is written."""

    operand: Node


# A key that is a place in an array too; PostgreSQL reads no longer ones as numbers.
JSON_PLACE: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class JSONPath(Node):
    """The JSON value at the end of *keys*, or NULL; a key of digits is a place in arrays too."""

    operand: Node
    keys: tuple[str, ...]


class JSONText(Node):
    """A JSON value as text: a string is itself, null is NULL."""

    operand: Node


class ArrayItem(Node):
    """The item at *place* of an array, counted from 0."""

    operand: Node
    place: int


class ArraySlice(Node):
    """The items of an array from *start*, counted from 0, up to *end*."""

    operand: Node
    start: int
    end: int


class Scalar(Node):
    """A SELECT of one column, as a value."""

    select: Select


# -- conditions -----------------------------------------------------------------------------------


class Compare(Node):
    left: Node
    operator: Literal["=", "<", "<=", ">", ">="]
    right: Node


class Between(Node):
    operand: Node
    low: Node
    high: Node


TextMatch: TypeAlias = Literal["exact", "contains", "startswith", "endswith", "regex"]


class Match(Node):
    """A comparison of text; with *fold*, one that does not see case."""

    left: Node
    how: TextMatch
    right: Node
    fold: bool


class Containment(Node):
    """Whether the left one holds what the right one does, the other way round, or both have one thing."""

    left: Node
    operator: Literal["contains", "contained_by", "overlap"]
    right: Node
    family: Literal["json", "array"]


class HasKey(Node):
    """Whether a JSON object has a key, or a JSON array that text."""

    document: Node
    key: Node


class Items(Node):
    """Several values, some of which are computed."""

    items: tuple[Node, ...]


class In(Node):
    operand: Node
    values: BindList | Items | Select


class IsNull(Node):
    operand: Node
    negated: bool = False


class Exists(Node):
    select: Select


class And(Node):
    items: tuple[Node, ...]


class Or(Node):
    items: tuple[Node, ...]


class Not(Node):
    item: Node


class Truth(Node):
    """A condition that always or never holds."""

    value: bool


# -- statements -----------------------------------------------------------------------------------


class Ordering(Node):
    operand: Node
    descending: bool = False
    nulls: Literal["first", "last"] | None = None


class Output(Node):
    """One column of a SELECT; *alias* is given where something refers to it."""

    operand: Node
    alias: str | None = None


class Table(Node):
    name: str
    alias: str


class Derived(Node):
    """A SELECT used as a table."""

    select: Select | Compound
    alias: str


class Join(Node):
    table: Table
    kind: Literal["INNER", "LEFT"]
    on: Node


class Lateral(Node):
    """Values of each row of the tables before it, as a table of one row."""

    outputs: tuple[Output, ...]
    alias: str


class Select(Node):
    outputs: tuple[Output, ...]
    source: Table | Derived
    joins: tuple[Join | Lateral, ...] = ()
    where: Node | None = None
    group_by: tuple[Node, ...] = ()
    having: Node | None = None
    order_by: tuple[Ordering, ...] = ()
    limit: Node | None = None
    offset: Node | None = None
    distinct: bool = False
    distinct_on: tuple[Node, ...] = ()
    lock: Lock | None = None


class Position(Node):
    """A column of the SELECT by its number, in GROUP BY and ORDER BY."""

    place: int


class Lock(Node):
    """How the rows of a SELECT are locked: all tables without *of*, which are aliases."""

    strength: Literal["UPDATE", "NO KEY UPDATE"] = "UPDATE"
    of: tuple[str, ...] = ()
    wait: Literal["NOWAIT", "SKIP LOCKED"] | None = None


class Compound(Node):
    """SELECTs of equal columns, made one from left to right."""

    operator: Literal["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]
    parts: tuple[Select | Compound, ...]
    order_by: tuple[Ordering, ...] = ()
    limit: Node | None = None
    offset: Node | None = None


class Values(Node):
    """A table of parameters, *rows* rows of *types*; its columns are called column1, column2, ..."""

    types: tuple[ColumnType, ...]
    rows: int
    alias: str


class Insert(Node):
    """INSERT of *rows* rows of *columns*; without columns, one row of defaults.

    A row that is there already, by the columns *unique*, has its columns *updated* set to the new values.
    Each value is a parameter, unless *values* says what stands in each row.
    """

    table: str
    columns: tuple[str, ...]
    rows: int = 1
    returning: tuple[str, ...] = ()
    ignore_conflicts: bool = False
    unique: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    values: tuple[tuple[Node, ...], ...] = ()


class Assignment(Node):
    column: str
    value: Node


class Update(Node):
    table: str
    assignments: tuple[Assignment, ...]
    where: Node | None = None
    returning: tuple[str, ...] = ()
    source: Values | None = None


class Delete(Node):
    table: str
    where: Node | None = None


def all_of(items: list[Node]) -> Node | None:
    """Return the conjunction of *items*; None when there are none."""
    if not items:
        return None
    return items[0] if len(items) == 1 else And(tuple(items))


def is_json_key(text: str) -> bool:
    """Whether JSON can have *text* for a key in both databases: NUL and halves of characters are no text."""
    return "\0" not in text and text.encode("utf-8", "ignore").decode() == text


def json_key(node: Node, key: str) -> Node:
    """Return what a JSON value has at *key*."""
    if isinstance(node, JSONPath):
        return JSONPath(node.operand, (*node.keys, key))
    return JSONPath(as_written(node), (key,))


def json_text(node: Node) -> Node:
    """Return the text of a JSON value: a string is itself, without its quotes."""
    return JSONText(as_written(node))


def as_written(node: Node) -> Node:
    """Return a JSON value as its column holds it."""
    return node.operand if isinstance(node, JSONDocument) else node


def rebuild(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return *node* with *change* applied to each node in it, outermost first.

    *change* gives the node to put in place of its argument, or None to look inside it.
    """
    changed = change(node)
    if changed is not None:
        return changed
    kind: Any = type(node)
    return cast(Node, kind(*[_rebuilt(value, change) for value in values(node)]))


def _rebuilt(value: Any, change: Callable[[Node], Node | None]) -> Any:
    if isinstance(value, Node):
        return rebuild(value, change)
    if isinstance(value, tuple):
        return tuple(_rebuilt(item, change) for item in value)
    return value


def find(node: Node, kind: type[N], *, outside: type[Node] | tuple[type[Node], ...] = ()) -> Iterator[N]:
    """Yield each node of *kind* in *node*, in the order of the text; *outside* nodes are not looked into."""
    if isinstance(node, outside):
        return
    if isinstance(node, kind):
        yield node
    for child in children(node):
        yield from find(child, kind, outside=outside)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes that *node* is made of, in the order of its fields."""
    yield from _nodes(values(node))


def _nodes(items: tuple[Any, ...]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Node):
            yield item
        elif isinstance(item, tuple):
            yield from _nodes(item)
