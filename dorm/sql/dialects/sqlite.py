"""SQLite: its text, its column types, and its codecs.

Rests on the ANSI compiler. The connection registers the functions `dorm_...` and the collation `dorm_json`,
which stand in its text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar, Final, NoReturn, cast

from ..._record import replace
from ...exceptions import DataError, NotSupportedError
from ..codecs import Codec
from ..ddl import ColumnDefinition, CreateIndex, IndexPart, UniqueDefinition
from ..literals import quoted
from ..nodes import (
    ArrayItem,
    ArraySlice,
    Bind,
    BindForm,
    BindList,
    Call,
    Case,
    Compound,
    Constant,
    Containment,
    Function,
    HasKey,
    IsNull,
    JSONCompared,
    JSONDocument,
    JSONPath,
    JSONText,
    Lock,
    Match,
    Node,
    Select,
    as_written,
    find,
)
from ..types import JSON_NULL, ColumnType, TypeName
from .base import Dialect
from .sqlite_expressions import MISSING, SQLiteExpressions

COLUMN_TYPES: Final[dict[TypeName, str]] = {
    "char": "VARCHAR({length})",
    "text": "TEXT",
    "integer": "INTEGER",
    "smallint": "INTEGER",
    "bigint": "INTEGER",
    "smallauto": "INTEGER",
    "auto": "INTEGER",
    "bigauto": "INTEGER",
    "float": "REAL",
    "decimal": "NUMERIC({digits}, {places})",
    "boolean": "INTEGER",
    "date": "DATE",
    "time": "TIME",
    "datetime": "DATETIME",
    "duration": "BIGINT",
    "uuid": "VARCHAR(36)",
    "ip": "VARCHAR(39)",
    "binary": "BLOB",
    "json": "TEXT",
    "any": "TEXT",
}

NO_ARRAYS: Final = "SQLite has no arrays: an ArrayField needs PostgreSQL, and a JSONField works on both"

# A longer list of values is one parameter, a JSON array: SQLite takes 32,766 parameters at most.
MAX_LISTED: Final = 1024


class SQLiteCompiler(SQLiteExpressions):
    """The visits in which SQLite differs."""

    vendor = "sqlite"

    def column_type(self, type: ColumnType) -> str:
        if type.name == "array":
            raise NotImplementedError(NO_ARRAYS)
        return COLUMN_TYPES[type.name].format(length=type.length, digits=type.digits, places=type.places)

    def put_primary_key(self, node: ColumnDefinition) -> None:
        self.put(" NOT NULL PRIMARY KEY")
        if node.type.name in ("smallauto", "auto", "bigauto"):
            self.put(" AUTOINCREMENT")

    def visit_Match(self, node: Match) -> None:
        """Compare text; LIKE will not do, since SQLite's does not see case and folds ASCII only."""
        left: tuple[str | Node, ...] = ("dorm_fold(", node.left, ")") if node.fold else (node.left,)
        if node.how == "exact":
            self.put(*left, " = ")
            self.put_pattern(node.right, node.fold, "fold", "plain")
        elif node.how == "regex":
            self.put("dorm_regex(", node.left, ", ", node.right, ", ", "1)" if node.fold else "0)")
        elif node.how == "contains":
            self.put("instr(", *left, ", ")
            self.put_pattern(node.right, node.fold, "fold", "plain")
            self.put(") > 0")
        elif isinstance(node.right, Bind):
            # GLOB sees case, and can use an index for a prefix.
            self.put(*left, " GLOB ")
            if node.how == "startswith":
                self.put_pattern(node.right, node.fold, "istartswith", "startswith")
            else:
                self.put_pattern(node.right, node.fold, "iendswith", "endswith")
        else:
            right: tuple[str | Node, ...] = ("dorm_fold(", node.right, ")") if node.fold else (node.right,)
            if node.how == "startswith":
                self.put("substr(", *left, ", 1, length(", *right, ")) = ", *right)
            else:
                self.put("(", *right, " = '' OR substr(", *left, ", -length(", *right, ")) = ", *right, ")")

    def put_pattern(self, right: Node, fold: bool, folded: BindForm, plain: BindForm) -> None:
        if isinstance(right, Bind):
            self.put(Bind(right.slot, right.type, folded if fold else plain))
        elif fold:
            self.put("dorm_fold(", right, ")")
        else:
            self.put(right)

    def visit_BindList(self, node: BindList) -> None:
        if node.size <= MAX_LISTED:
            super().visit_BindList(node)
        else:
            self.put("(SELECT value FROM json_each(?))")
            self.binds.append(node)

    def sorted(self, node: Node) -> Node:
        return JSONCompared(as_written(node)) if isinstance(node, (JSONDocument, JSONPath)) else node

    def visit_JSONCompared(self, node: JSONCompared) -> None:
        self.put("(", node.operand, " COLLATE dorm_json)")

    def visit_Case(self, node: Case) -> None:
        """Write a choice; a collation in its conditions would be that of its value."""
        if next(find(node, JSONCompared), None) is None:
            super().visit_Case(node)
        else:
            self.put("(")
            super().visit_Case(node)
            self.put(" COLLATE BINARY)")

    def visit_JSONPath(self, node: JSONPath) -> None:
        # Keys stand in the text, so that an index on a path is found again.
        keys = "".join(f", {quoted(key)}" for key in node.keys)
        self.put("dorm_json_get(", node.operand, keys, ")")

    def visit_JSONText(self, node: JSONText) -> None:
        self.put("dorm_json_text(", node.operand, ")")

    def visit_Containment(self, node: Containment) -> None:
        if node.family == "array":
            raise NotSupportedError(NO_ARRAYS)
        held = node.operator == "contained_by"
        left, right = (node.right, node.left) if held else (node.left, node.right)
        self.put("dorm_json_contains(", left, ", ", right, ")")

    def visit_HasKey(self, node: HasKey) -> None:
        self.put("dorm_json_has(", node.document, ", ", node.key, ")")

    def visit_Call(self, node: Call) -> None:
        if node.name in MISSING:
            raise NotSupportedError(MISSING[node.name])
        super().visit_Call(node)

    def visit_ArrayItem(self, node: ArrayItem) -> None:
        raise NotSupportedError(NO_ARRAYS)

    def visit_ArraySlice(self, node: ArraySlice) -> None:
        raise NotSupportedError(NO_ARRAYS)

    def visit_Bind(self, node: Bind) -> None:
        if node.type.name == "array":
            raise NotSupportedError(NO_ARRAYS)
        super().visit_Bind(node)

    def visit_UniqueDefinition(self, node: UniqueDefinition) -> None:
        if node.deferrable is not None:
            raise NotSupportedError(f"SQLite cannot put off a unique constraint: {node.name!r} is deferrable")
        super().visit_UniqueDefinition(node)

    def put_index_body(self, node: CreateIndex) -> None:
        """Write the parts without `include` and operator classes, which only make PostgreSQL faster."""
        if node.method:
            raise NotSupportedError(f"SQLite has no {node.method} indexes: {node.name!r} needs PostgreSQL")
        parts = [replace(part, opclass="") for part in node.parts]
        if not node.nulls_distinct:
            # Two NULLs are equal when "it is NULL" and "it, or 0" are.
            parts = [each for part in parts for each in _null_and_value(part)]
        super().put_index_body(replace(node, parts=tuple(parts)))

    def put_distinct(self, node: Select) -> None:
        if node.distinct_on:
            raise NotSupportedError(
                "SQLite has no DISTINCT ON: distinct() with names needs PostgreSQL. "
                "Select the columns by values(), or group by them"
            )
        super().put_distinct(node)

    def visit_Lock(self, node: Lock) -> None:
        """Write nothing: a transaction that may write has locked the database when it began."""

    def put_window(self, node: Select | Compound) -> None:
        """Write LIMIT -1 before an OFFSET that has no LIMIT: SQLite knows no bare OFFSET."""
        if node.offset is not None and node.limit is None:
            self.put(" LIMIT -1")
        super().put_window(node)


class SQLiteDialect(Dialect):
    """SQLite 3.35 or newer."""

    vendor = "sqlite"
    refers_ahead = True
    compiler = SQLiteCompiler
    max_parameters: ClassVar[int] = 32_766

    def __init__(self, *, use_tz: bool = True) -> None:
        super().__init__(use_tz=use_tz)
        self.encoders: dict[TypeName, Codec] = dict(ENCODERS)
        self.decoders: dict[TypeName, Codec] = dict(DECODERS)
        if not use_tz:
            self.encoders["datetime"] = Codec("{}.isoformat(' ')", {})
            self.decoders["datetime"] = Codec(
                "datetime_from_text({})", {"datetime_from_text": datetime.fromisoformat}
            )

    def encoder(self, type: ColumnType) -> Codec | None:
        return self.encoders.get(type.name)

    def decoder(self, type: ColumnType) -> Codec | None:
        if type.name == "decimal" and type.places is not None:
            return Codec(f"Decimal('%.{type.places}f' % {{}})", {"Decimal": Decimal})
        if type.name == "uuid":
            return Codec("UUID({})", {"UUID": _uuid_class()})
        return self.decoders.get(type.name)

    def form(self, form: BindForm) -> Codec | None:
        return FORMS.get(form)

    def explain(self, sql: str, *, format: str | None, analyze: bool) -> str:
        """Return the statement that gives the plan; SQLite measures nothing, so *analyze* changes nothing."""
        if format is not None:
            raise NotSupportedError(f"SQLite explains as text alone, not as {format!r}: leave format out")
        return f"EXPLAIN QUERY PLAN {sql}"

    def list_parameter(self, values: str, size: int, names: dict[str, Any]) -> str:
        if size > MAX_LISTED:
            names["text_from_json"] = text_from_json
            return f"text_from_json({values})"
        names["padded"] = padded
        return f"*padded({values}, {size})" if size else ""


def _null_and_value(part: IndexPart) -> tuple[IndexPart, IndexPart]:
    value = Function("IFNULL", (part.operand, Constant(0)))
    return replace(part, operand=IsNull(part.operand)), replace(part, operand=value)


def padded(values: Sequence[Any], size: int) -> list[Any]:
    """Return *values* with the last one repeated up to *size*."""
    return [*values, *[values[-1]] * (size - len(values))]


def _uuid_class() -> type[Any]:
    from uuid import UUID  # costs 2 ms at start, and few models have one

    return UUID


# -- Python to SQLite -----------------------------------------------------------------------------


def text_from_datetime(value: datetime) -> str:
    """Return UTC text without an offset, so that text sorts and compares as time does."""
    if value.tzinfo is not timezone.utc:
        value = value.astimezone(timezone.utc)
    return value.replace(tzinfo=None).isoformat(" ")


def number_from_decimal(value: Decimal) -> float:
    """Return the float that SQLite keeps for *value*; raise DataError if digits would be lost.

    SQLite has no decimal type: a NUMERIC column holds an 8-byte float, which is exact for 15 digits.
    """
    short = len(str(value)) <= 15
    if not value.is_finite() or not (short or len(value.normalize().as_tuple().digits) <= 15):
        raise DataError(f"SQLite cannot hold {value} exactly: its decimals have 15 digits at most")
    return float(value)


MICROSECOND: Final = timedelta(microseconds=1)


def refuse_nan() -> NoReturn:
    raise DataError("SQLite cannot hold NaN: it would keep NULL instead")


class Encoder(json.JSONEncoder):
    """Write JSON_NULL as what it is."""

    def default(self, o: Any) -> Any:
        return None if o is JSON_NULL else super().default(o)


def _make_encode() -> Callable[[Any], str]:
    """Return a `json.dumps` that keeps its encoder, in place of making one for each call."""
    encoder = Encoder(ensure_ascii=False, allow_nan=False)
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return encoder.encode
    quote = json.encoder.encode_basestring
    pieces = make(None, encoder.default, quote, None, ": ", ", ", False, False, False)
    return lambda value: "".join(pieces(value, 0))


_encode = _make_encode()


def text_from_json(value: Any) -> str:
    """Return JSON text; raise DataError for what JSON does not have, NaN included."""
    try:
        return _encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError(f"this is not JSON: {error}") from error


ENCODERS: Final[dict[TypeName, Codec]] = {
    "date": Codec("{}.isoformat()", {}),
    "time": Codec("{}.isoformat()", {}),
    "datetime": Codec("text_from_datetime({})", {"text_from_datetime": text_from_datetime}),
    "float": Codec("({0} if {0} == {0} else refuse_nan())", {"refuse_nan": refuse_nan}),
    "decimal": Codec("number_from_decimal({})", {"number_from_decimal": number_from_decimal}),
    "uuid": Codec("str({})", {}),
    "duration": Codec("({} // MICROSECOND)", {"MICROSECOND": MICROSECOND}),
    "json": Codec("text_from_json({})", {"text_from_json": text_from_json}),
}


# -- SQLite to Python -----------------------------------------------------------------------------


def datetime_from_text(text: str) -> datetime:
    """Return an aware datetime in UTC; text without an offset is UTC already."""
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


# What `json.loads` calls once it has looked for space around the text; in no stub.
_scan: Callable[[str, int], tuple[Any, int]] = cast(Any, json.JSONDecoder()).scan_once


def value_from_json(text: str) -> Any:
    """Return the value of JSON text: twice as fast as `json.loads` if no space stands around it."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


def decimal_from_number(value: float) -> Decimal:
    """Return a decimal of the 15 digits that the float is good for."""
    return Decimal(format(value, ".15g"))


DECODERS: Final[dict[TypeName, Codec]] = {
    "boolean": Codec("({} == 1)", {}),
    "date": Codec("date_from_text({})", {"date_from_text": date.fromisoformat}),
    "time": Codec("time_from_text({})", {"time_from_text": time.fromisoformat}),
    "datetime": Codec(
        # Text of dorm's own has one of these lengths.
        "(read_utc({0} + '+00:00') if len({0}) == 26 or len({0}) == 19 else datetime_from_text({0}))",
        {"read_utc": datetime.fromisoformat, "datetime_from_text": datetime_from_text},
    ),
    "decimal": Codec("decimal_from_number({})", {"decimal_from_number": decimal_from_number}),
    "duration": Codec("timedelta(0, 0, {})", {"timedelta": timedelta}),
    "json": Codec("value_from_json({})", {"value_from_json": value_from_json}),
}


# -- forms of a text parameter --------------------------------------------------------------------

_SPECIAL: Final = str.maketrans({"*": "[*]", "?": "[?]", "[": "[[]"})


def glob_escape(text: str) -> str:
    """Return the GLOB pattern that matches *text* and nothing else; raise DataError if it has a NUL."""
    if "\0" in text:
        raise DataError("SQLite cannot search for the beginning or end of a text with a NUL in it")
    return text.translate(_SPECIAL)


_GLOB: Final = {"glob_escape": glob_escape}

FORMS: Final[dict[BindForm, Codec]] = {
    "fold": Codec("{}.casefold()", {}),
    "startswith": Codec("glob_escape({}) + '*'", _GLOB),
    "endswith": Codec("'*' + glob_escape({})", _GLOB),
    "istartswith": Codec("glob_escape({}.casefold()) + '*'", _GLOB),
    "iendswith": Codec("'*' + glob_escape({}.casefold())", _GLOB),
}
