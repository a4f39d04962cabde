"""PostgreSQL: its text, its column types, and its codecs.

Rests on the ANSI compiler. The driver passes most values as they are: the connection reads JSON with our
loader and has UTC as its time zone, which the text here relies on.

Parameters are `%s`, so a literal `%` is doubled. Text is compared without regard to case by UPPER(), which
maps one character to one character: "ς" and "Σ" are equal, "ß" and "ss" are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timezone
from decimal import Decimal
from itertools import count
from typing import Any, ClassVar, Final, TypeAlias, cast

from ..._record import replace
from ..codecs import Codec
from ..compiler import quote
from ..ddl import ColumnDefinition, Comment, CreateIndex, LiteralValue
from ..literals import literal, quoted
from ..nodes import (
    JSON_PLACE,
    Arithmetic,
    ArrayItem,
    ArraySlice,
    Bind,
    BindForm,
    BindItem,
    BindList,
    Column,
    Containment,
    HasKey,
    In,
    JSONPath,
    JSONText,
    Lateral,
    Match,
    N,
    Node,
    Output,
    Position,
    Raw,
    Select,
    Table,
    TextMatch,
    Values,
    find,
    rebuild,
)
from ..types import ColumnType, TypeName
from .base import Dialect
from .postgresql_expressions import POSTGRESQL_CALLS, PostgreSQLExpressions
from .sqlite import text_from_json

COLUMN_TYPES: Final[dict[TypeName, str]] = {
    "char": "VARCHAR({length})",
    "text": "TEXT",
    "integer": "INTEGER",
    "smallint": "SMALLINT",
    "bigint": "BIGINT",
    "smallauto": "SMALLINT",
    "auto": "INTEGER",
    "bigauto": "BIGINT",
    "float": "DOUBLE PRECISION",
    "decimal": "NUMERIC({digits}, {places})",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "duration": "INTERVAL",
    "uuid": "UUID",
    "ip": "INET",
    "binary": "BYTEA",
    "json": "JSONB",
    "any": "TEXT",
}

NAIVE_DATETIME: Final = "TIMESTAMP"


class PostgreSQLCompiler(PostgreSQLExpressions):
    """The visits in which PostgreSQL differs."""

    placeholder = "%s"
    vendor = "postgresql"

    # -- values ---------------------------------------------------------------------------------

    def visit_Bind(self, node: Bind) -> None:
        if node.form == "typed" and node.type.name != "any":
            self.put("CAST(", replace(node, form="plain"), " AS ", self.type_text(node.type), ")")
            return
        super().visit_Bind(node)
        if node.type.name == "array":
            # The driver sends TEXT[], and there is no VARCHAR[] = TEXT[].
            self.put("::", self.array_type(node.type))

    def array_type(self, type: ColumnType) -> str:
        """Return the type of arrays without its sizes, to which a cast would cut items."""
        inner = type.inner
        assert inner is not None
        if inner.name == "array":
            return self.array_type(inner) + "[]"
        return {"char": "VARCHAR", "decimal": "NUMERIC"}.get(inner.name, self.column_type(inner)) + "[]"

    def visit_Arithmetic(self, node: Arithmetic) -> None:
        if node.operator == "%":
            self.put("(", node.left, " %% ", node.right, ")")
        else:
            super().visit_Arithmetic(node)

    # -- conditions -----------------------------------------------------------------------------

    def visit_Match(self, node: Match) -> None:
        left = self.folded(node.left, node.fold)
        if node.how == "exact":
            self.put(*left, " = ", *self.folded(node.right, node.fold))
        elif node.how == "regex":
            self.put(node.left, " ~* " if node.fold else " ~ ", node.right)
        elif isinstance(node.right, Bind):
            # LIKE can use an index, of trigrams too; its special characters are escaped by the parameter.
            pattern = Bind(node.right.slot, node.right.type, node.how)
            self.put(*left, " LIKE ", *self.folded(pattern, node.fold))
        else:
            self.put(*MATCHES[node.how](left, self.folded(node.right, node.fold)))

    def folded(self, node: Node, fold: bool) -> tuple[str | Node, ...]:
        return ("UPPER(", node, ")") if fold else (node,)

    def visit_Lateral(self, node: Lateral) -> None:
        self.put(" CROSS JOIN LATERAL (SELECT ")
        self.put_list(node.outputs)
        self.put(") AS ", quote(node.alias))

    def visit_In(self, node: In) -> None:
        if isinstance(node.values, BindList):
            self.put(node.operand, " = ANY(", node.values, ")")
        else:
            super().visit_In(node)

    def visit_BindList(self, node: BindList) -> None:
        """Write one array parameter, however many values there are."""
        self.put(self.placeholder, "::JSONB[]" if node.type.name == "json" else "")
        self.binds.append(node)

    # -- inside JSON and arrays -----------------------------------------------------------------

    def visit_JSONPath(self, node: JSONPath) -> None:
        self.put_path(node.operand, node.keys, "->", "#>")

    def visit_JSONText(self, node: JSONText) -> None:
        if isinstance(node.operand, JSONPath):
            self.put_path(node.operand.operand, node.operand.keys, "->>", "#>>")
        else:
            self.put("(", node.operand, " #>> '{}')")

    def put_path(self, operand: Node, keys: tuple[str, ...], last: str, last_place: str) -> None:
        """Write one operator a key; keys stand in the text, so that an index on a path is found again."""
        self.put("(", operand)
        for place, key in enumerate(keys, 1):
            text = quoted(key).replace("%", "%%")
            is_last = place == len(keys)
            if JSON_PLACE.fullmatch(key):
                # A place in an array, or the key of an object: `->` with a number is the first alone.
                self.put(f" {last_place if is_last else '#>'} ARRAY[{text}]")
            else:
                self.put(f" {last if is_last else '->'} {text}")
        self.put(")")

    def visit_HasKey(self, node: HasKey) -> None:
        self.put(node.document, " ? ", node.key)

    def visit_Containment(self, node: Containment) -> None:
        self.put(node.left, f" {CONTAINMENT[node.operator]} ", node.right)

    def visit_ArrayItem(self, node: ArrayItem) -> None:
        # An item of a list in a list: both places stand behind one pair of brackets.
        inner = isinstance(node.operand, ArrayItem)
        self.put(*((node.operand,) if inner else ("(", node.operand, ")")), f"[{node.place + 1}]")

    def visit_ArraySlice(self, node: ArraySlice) -> None:
        self.put("(", node.operand, f")[{node.start + 1}:{node.end}]")

    # -- statements -----------------------------------------------------------------------------

    def visit_Select(self, node: Select) -> None:
        super().visit_Select(_by_number(_computed_once(node)))

    def first_row(self, node: Values) -> str:
        # The types of the first row are those of the table: untyped parameters would be texts.
        casts = [f"{self.placeholder}::{self.column_type(_without_length(type))}" for type in node.types]
        return f"({', '.join(casts)})"

    # -- definitions ----------------------------------------------------------------------------

    def column_type(self, type: ColumnType) -> str:
        if type.name == "array" and type.inner is not None:
            return f"{self.column_type(type.inner)}[]"
        return COLUMN_TYPES[type.name].format(length=type.length, digits=type.digits, places=type.places)

    def put_primary_key(self, node: ColumnDefinition) -> None:
        if node.type.name in ("smallauto", "auto", "bigauto"):
            self.put(" GENERATED BY DEFAULT AS IDENTITY")
        super().put_primary_key(node)

    def visit_LiteralValue(self, node: LiteralValue) -> None:
        # A text has no type of its own yet, and a comparison of two would be one of texts.
        typed = node.typed or node.type.name in SELF_TYPED
        text = self.literal(node.value).replace("%", "%%")
        self.put(f"CAST({text} AS {self.column_type(node.type)})" if typed else text)

    def literal(self, value: Any) -> str:
        if isinstance(value, list):
            return f"ARRAY[{', '.join(map(self.literal, value))}]"
        return quoted("\\x" + value.hex()) if isinstance(value, bytes) else literal(value)

    def put_index_body(self, node: CreateIndex) -> None:
        if node.method:
            self.put(" USING ", node.method)
        super().put_index_body(node)
        if node.include:
            self.put(" INCLUDE (", ", ".join(map(quote, node.include)), ")")
        if not node.nulls_distinct:
            self.put(" NULLS NOT DISTINCT")
        if node.options:
            self.put(" WITH (", ", ".join(f"{name} = {value}" for name, value in node.options), ")")

    def visit_Comment(self, node: Comment) -> None:
        column = "" if node.column is None else "." + quote(node.column)
        self.put("COMMENT ON ", "TABLE " if node.column is None else "COLUMN ", quote(node.table), column)
        self.put(" IS ", "NULL" if node.text is None else quoted(node.text).replace("%", "%%"))


class NaiveCompiler(PostgreSQLCompiler):
    """The same for USE_TZ = False, where datetimes have no zone."""

    calls: ClassVar[Mapping[str, str]] = {**POSTGRESQL_CALLS, "NOW": "LOCALTIMESTAMP"}

    def column_type(self, type: ColumnType) -> str:
        return NAIVE_DATETIME if type.name == "datetime" else super().column_type(type)


def _without_length(type: ColumnType) -> ColumnType:
    """Return the type to cast to: a cast to VARCHAR(3) would cut a longer text, where it must be an error."""
    if type.name == "array" and type.inner is not None:
        return replace(type, inner=_without_length(type.inner))
    return replace(type, name="text", length=None) if type.name == "char" else type


def _computed_once(select: Select) -> Select:
    """Return *select* with what it groups by beside its tables, where a parameter stands in that.

    Each `%s` is a parameter of its own to PostgreSQL, so `HAVING age + %s > 3` would not be about the
    `age + %s` that is grouped by.
    """
    names = {node.table for node in find(select, Column)} | {node.alias for node in find(select, Table)}
    alias = next(name for name in map("computed_{}".format, count(1)) if name not in names)
    again = [node for node in select.group_by if _has_bind(node) and _is_repeated(node, select)]
    if not again:
        return select
    columns: dict[Node, Node] = {node: Column(alias, f"value_{n}") for n, node in enumerate(again)}
    outputs = tuple(Output(node, f"value_{n}") for n, node in enumerate(again))

    def placed(node: N) -> N:
        return cast(N, rebuild(node, columns.get))

    return replace(
        select,
        outputs=tuple(map(placed, select.outputs)),
        joins=(*select.joins, Lateral(outputs, alias)),
        group_by=tuple(map(placed, select.group_by)),
        having=select.having and placed(select.having),
        order_by=tuple(map(placed, select.order_by)),
        distinct_on=tuple(map(placed, select.distinct_on)),
    )


def _is_repeated(node: Node, select: Select) -> bool:
    """Whether *node*, by which *select* groups, stands where a number of its outputs cannot."""
    shown = [output.operand for output in select.outputs]
    ordered = [term.operand for term in select.order_by]
    if node not in shown:
        return True
    others = [other for other in (*shown, *ordered) if other != node]
    others += [] if select.having is None else [select.having]
    return any(node in find(other, type(node)) for other in others)


def _by_number(select: Select) -> Select:
    """Return *select* with its values that hold parameters grouped and ordered by their number.

    Each `%s` is a parameter of its own to PostgreSQL, so `GROUP BY age + %s` would not be the `age + %s`
    that is selected.
    """
    numbers = {output.operand: place for place, output in enumerate(select.outputs, 1)}
    bound = {node: Position(place) for node, place in numbers.items() if _has_bind(node)}
    if not bound:
        return select
    group_by = tuple(bound.get(node, node) for node in select.group_by)
    order_by = tuple(replace(term, operand=bound.get(term.operand, term.operand)) for term in select.order_by)
    distinct_on = tuple(bound.get(node, node) for node in select.distinct_on)
    return replace(select, group_by=group_by, order_by=order_by, distinct_on=distinct_on)


def _has_bind(node: Node) -> bool:
    """Whether *node* cannot be written twice; a constant that a user wrote cannot be grouped by as such."""
    return any(next(find(node, kind), None) is not None for kind in (Bind, BindItem, BindList, Raw))


# Literals of these types are written with it.
SELF_TYPED: Final = frozenset[TypeName](
    {"date", "time", "datetime", "duration", "uuid", "ip", "binary", "json", "array"}
)

CONTAINMENT: Final = {"contains": "@>", "contained_by": "<@", "overlap": "&&"}

Parts: TypeAlias = tuple[str | Node, ...]

# How text is compared with other text of the database, in which nothing is escaped.
MATCHES: Final[dict[TextMatch, Callable[[Parts, Parts], Parts]]] = {
    "contains": lambda left, right: ("STRPOS(", *left, ", ", *right, ") > 0"),
    "startswith": lambda left, right: ("STARTS_WITH(", *left, ", ", *right, ")"),
    "endswith": lambda left, right: ("RIGHT(", *left, ", LENGTH(", *right, ")) = ", *right),
}


class PostgreSQLDialect(Dialect):
    """PostgreSQL 14 or newer. NULLs are where the database itself has them: last, and first with DESC."""

    vendor = "postgresql"
    compiler = PostgreSQLCompiler
    max_parameters: ClassVar[int] = 65_535
    has_comments = True
    has_virtual_columns = False

    def __init__(self, *, use_tz: bool = True) -> None:
        super().__init__(use_tz=use_tz)
        self._datetime = AWARE if use_tz else NAIVE

    def write(self, node: Node) -> str:
        return (PostgreSQLCompiler if self.use_tz else NaiveCompiler)().compile(node)

    def encoder(self, type: ColumnType) -> Codec | None:
        if type.name == "array":
            return _each(type, self.encoder)
        return _ip() if type.name == "ip" else JSON if type.name == "json" else None

    def decoder(self, type: ColumnType) -> Codec | None:
        if type.name == "datetime":
            return self._datetime
        if type.name in ("array", "ip"):
            return _each(type, self.decoder) if type.name == "array" else TEXT_OF_IP
        # A column's own decimals come as they are.
        return DECIMAL if type.name == "decimal" and type.places is None else None

    def form(self, form: BindForm) -> Codec | None:
        return FORMS.get(form)

    def explain(self, sql: str, *, format: str | None, analyze: bool) -> str:
        if format is not None and format.lower() not in PLAN_FORMATS:
            raise ValueError(f"explain() takes the formats {', '.join(PLAN_FORMATS)}, not {format!r}")
        words = ["ANALYZE"] if analyze else []
        words += [f"FORMAT {format.upper()}"] if format is not None else []
        return f"EXPLAIN ({', '.join(words)}) {sql}" if words else f"EXPLAIN {sql}"

    def list_parameter(self, values: str, size: int, names: dict[str, Any]) -> str:
        # The driver takes a tuple for a row; only a list is an array.
        return f"[*{values}]"


PLAN_FORMATS: Final = ("text", "json", "xml", "yaml")

JSON: Final = Codec("text_from_json({})", {"text_from_json": text_from_json})

TEXT_OF_IP: Final = Codec("str({})", {})


def _ip() -> Codec:
    from ipaddress import ip_address  # few models have one

    # Of texts the driver would make an array of TEXT, which no INET is compared with.
    return Codec("ip_address({})", {"ip_address": ip_address})


def _each(type: ColumnType, codec_of: Callable[[ColumnType], Codec | None]) -> Codec | None:
    """Return the codec of an array from that of its items."""
    assert type.inner is not None
    inner = codec_of(type.inner)
    if inner is None:
        return None
    names: dict[str, Any] = {}
    item = inner.apply("item", names, nullable=True)
    return Codec(f"[{item} for item in {{}}]", names)


# A column may be of the other kind: made elsewhere, or before USE_TZ was changed. The session is in UTC.
AWARE: Final = Codec("({0} if {0}.tzinfo is not None else {0}.replace(tzinfo=UTC))", {"UTC": timezone.utc})
NAIVE: Final = Codec("{0}.replace(tzinfo=None)", {})


def decimal_of(value: Any) -> Decimal:
    """Return a computed decimal: arithmetic with a float makes it a float, good for 15 digits."""
    return value if isinstance(value, Decimal) else Decimal(format(value, ".15g"))


DECIMAL: Final = Codec("decimal_of({})", {"decimal_of": decimal_of})

_SPECIAL: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def like_escape(text: str) -> str:
    """Return the LIKE pattern that matches *text* and nothing else."""
    return text.translate(_SPECIAL)


_LIKE: Final = {"like_escape": like_escape}

FORMS: Final[dict[BindForm, Codec]] = {
    "contains": Codec("'%' + like_escape({}) + '%'", _LIKE),
    "startswith": Codec("like_escape({}) + '%'", _LIKE),
    "endswith": Codec("'%' + like_escape({})", _LIKE),
}
