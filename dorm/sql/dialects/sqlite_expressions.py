"""SQLite: how functions, dates and aggregates are written.

Rests on the ANSI compiler. The connection registers the functions `dorm_...` that stand in its text: where
SQLite has none, or answers otherwise than PostgreSQL does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from ...exceptions import NotSupportedError
from ..compiler import Compiler
from ..nodes import Aggregate, Cast, DatePart, Elapsed, Extract, Node, Shift, Truncate, Window
from ..templates import CALLS, pieces_of
from ..types import ColumnType, TypeName

SQLITE_CALLS: Final[dict[str, str]] = {
    **CALLS,
    "NOW": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    # SQLite's own know the letters of ASCII alone.
    "UPPER": "dorm_upper({0})",
    "LOWER": "dorm_lower({0})",
    # SQLite's MAX() is NULL when one of its values is.
    "GREATEST": "dorm_greatest({*})",
    "LEAST": "dorm_least({*})",
    # SQLite's ROUND() looks at the binary fraction: 2.675 would be 2.67.
    "ROUND": "dorm_round({0}, {1})",
    "CEIL": "dorm_ceil({0})",
    "FLOOR": "dorm_floor({0})",
    # SQLite's SIGN() is a whole number of any.
    "SIGN": "dorm_sign({0})",
    # Not in every build of SQLite.
    "MOD": "dorm_mod({0}, {1})",
    "POWER": "dorm_power({0}, {1})",
    "SQRT": "dorm_sqrt({0})",
    "RANDOM": "(ABS(RANDOM() % 9007199254740992) / 9007199254740992.0)",
    "LEFT": "SUBSTR({0}, 1, {1})",
    "RIGHT": "SUBSTR({0}, -({1}))",
    "LPAD": "dorm_lpad({*})",
    "RPAD": "dorm_rpad({*})",
    "REPEAT": "dorm_repeat({0}, {1})",
    "REVERSE": "dorm_reverse({0})",
    "STRPOS": "INSTR({0}, {1})",
    "MD5": "dorm_hash('md5', {0})",
    "SHA1": "dorm_hash('sha1', {0})",
    "SHA224": "dorm_hash('sha224', {0})",
    "SHA256": "dorm_hash('sha256', {0})",
    "SHA384": "dorm_hash('sha384', {0})",
    "SHA512": "dorm_hash('sha512', {0})",
    "CHR": "CHAR({0})",
    "ORD": "dorm_ord({0})",
    "JSON_TRUTH": "JSON(CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)",
    "JSON_DOCUMENT": "JSON({0})",
    # A JSON null is made of no other value.
    "TO_JSON": "NULLIF(json_quote({0}), 'null')",
    "JSON_DATETIME": "(REPLACE({0}, ' ', 'T') || '+00:00')",
    "TO_ZONE": "dorm_to_zone({0}, {1})",
    "FROM_ZONE": "dorm_from_zone({0}, {1})",
}

AGGREGATES: Final[dict[str, str]] = {
    "STDDEV_POP": "dorm_stddev_pop",
    "STDDEV_SAMP": "dorm_stddev_samp",
    "VAR_POP": "dorm_var_pop",
    "VAR_SAMP": "dorm_var_samp",
    "BIT_AND": "dorm_bit_and",
    "BIT_OR": "dorm_bit_or",
    "BIT_XOR": "dorm_bit_xor",
    "BOOL_AND": "MIN",
    "BOOL_OR": "MAX",
    "ANY_VALUE": "MIN",
}

# What SQLite has no type for.
MISSING: Final[dict[str, str]] = {
    "ARRAY_AGG": "ArrayAgg() needs PostgreSQL: SQLite has no arrays. StringAgg() works on both",
    "ARRAY_LENGTH": "SQLite has no arrays: an ArrayField needs PostgreSQL, and a JSONField works on both",
}

THURSDAY: Final = "date({0}, '-3 days', 'weekday 4')"
MONDAY: Final = "date({0}, '-6 days', 'weekday 1')"
MONTH: Final = "CAST(strftime('%m', {0}) AS INTEGER)"

EXTRACTED: Final[dict[DatePart, str]] = {
    "year": "CAST(strftime('%Y', {0}) AS INTEGER)",
    "iso_year": f"CAST(strftime('%Y', {THURSDAY}) AS INTEGER)",
    "quarter": f"(({MONTH} + 2) / 3)",
    "month": MONTH,
    "week": f"((CAST(strftime('%j', {THURSDAY}) AS INTEGER) - 1) / 7 + 1)",
    "day": "CAST(strftime('%d', {0}) AS INTEGER)",
    "week_day": "(CAST(strftime('%w', {0}) AS INTEGER) + 1)",
    "iso_week_day": "((CAST(strftime('%w', {0}) AS INTEGER) + 6) % 7 + 1)",
    "hour": "CAST(strftime('%H', {0}) AS INTEGER)",
    "minute": "CAST(strftime('%M', {0}) AS INTEGER)",
    "second": "CAST(strftime('%S', {0}) AS INTEGER)",
}

DAYS: Final[dict[DatePart, str]] = {
    "year": "strftime('%Y-01-01', {0})",
    "quarter": f"(strftime('%Y-', {{0}}) || SUBSTR('0' || (({MONTH} + 2) / 3 * 3 - 2), -2) || '-01')",
    "month": "strftime('%Y-%m-01', {0})",
    "week": MONDAY,
    "day": "date({0})",
}
CLOCKS: Final[dict[DatePart, str]] = {"hour": "%H:00:00", "minute": "%H:%M:00", "second": "%H:%M:%S"}

# What a value of one type becomes as another; the rest is a plain CAST.
TEXTS: Final = frozenset[TypeName]({"char", "text"})
WHOLE: Final = frozenset[TypeName]({"integer", "smallint", "bigint", "smallauto", "auto", "bigauto"})
CASTS: Final[dict[TypeName, str]] = {
    "date": "dorm_date({0})",
    "time": "dorm_time({0})",
    "datetime": "dorm_datetime({0})",
    "boolean": "dorm_boolean({0})",
    "json": "JSON({0})",
    "uuid": "LOWER({0})",
    "duration": "CAST({0} AS INTEGER)",
    "ip": "CAST({0} AS TEXT)",
    "float": "CAST({0} AS REAL)",
}


class SQLiteExpressions(Compiler):
    """The visits of expressions in which SQLite differs."""

    calls: ClassVar[Mapping[str, str]] = SQLITE_CALLS

    def put_template(self, template: str, *arguments: Node) -> None:
        for text, place in pieces_of(template):
            self.put(text)
            if place:
                self.put(arguments[int(place)])

    def visit_Extract(self, node: Extract) -> None:
        self.put_template(EXTRACTED[node.part], node.operand)

    def visit_Truncate(self, node: Truncate) -> None:
        clock = CLOCKS.get(node.part)
        if node.type.name == "time":
            self.put_template(f"strftime('{clock}', {{0}})", node.operand)
        elif clock is not None:
            self.put_template(f"strftime('%Y-%m-%d {clock}', {{0}})", node.operand)
        elif node.type.name == "datetime":
            self.put_template(f"({DAYS[node.part]} || ' 00:00:00')", node.operand)
        else:
            self.put_template(DAYS[node.part], node.operand)

    def visit_Shift(self, node: Shift) -> None:
        sign = "" if node.operator == "+" else "-"
        self.put("dorm_shift('", node.type.name, "', ", node.left, ", ", sign, "(", node.right, "))")

    def visit_Elapsed(self, node: Elapsed) -> None:
        self.put("dorm_elapsed(", node.left, ", ", node.right, ")")

    def visit_Cast(self, node: Cast) -> None:
        source, target = node.source.name, node.type.name
        if target in TEXTS:
            self.put_text(node)
        elif target in WHOLE:
            rounded = source in ("float", "decimal", "any")
            self.put_template(f"CAST({'dorm_whole({0})' if rounded else '{0}'} AS INTEGER)", node.operand)
        elif target == "decimal":
            places = node.type.places
            exact = "CAST({0} AS NUMERIC)"
            if places is not None:
                exact = f"dorm_round(CAST({{0}} AS REAL), {places})"
            self.put_template(exact, node.operand)
        elif target == "binary":
            self.put_template("CAST({0} AS BLOB)", node.operand)
        elif source == target or target not in CASTS:
            self.put(node.operand)
        else:
            self.put_template(CASTS[target], node.operand)

    def put_text(self, node: Cast) -> None:
        source, length = node.source, node.type.length
        kind = source.name if source.places is None else f"{source.name}:{source.places}"
        written = f"dorm_text({{0}}, '{kind}')" if source.name in WRITTEN else "CAST({0} AS TEXT)"
        self.put_template(written if length is None else f"SUBSTR({written}, 1, {length})", node.operand)

    def visit_Aggregate(self, node: Aggregate) -> None:
        if node.name in MISSING:
            raise NotSupportedError(MISSING[node.name])
        if node.name == "STRING_AGG":
            self.put_string_agg(node)
        else:
            self.put(AGGREGATES.get(node.name, node.name), "(")
            self.put_arguments(node)
            self.put(")")
        self.put_filter(node)

    def visit_Window(self, node: Window) -> None:
        """Write a window; the aggregates that dorm adds to SQLite take rows in one go, not one by one."""
        made = node.value.name if isinstance(node.value, Aggregate) else ""
        if made == "STRING_AGG" or AGGREGATES.get(made, "").startswith("dorm_"):
            raise NotSupportedError(
                f"{made} in a Window() needs PostgreSQL: SQLite's windows take Sum, Avg, Count, Min and Max"
            )
        super().visit_Window(node)

    def put_string_agg(self, node: Aggregate) -> None:
        """Write ours: DISTINCT beside a separator, and an order, came with SQLite 3.44 only."""
        self.put(
            "dorm_string_agg(", "1" if node.distinct else "0", ", ", *node.parameters, ", ", node.argument
        )
        for term in node.order_by:
            first = term.nulls == "first" if term.nulls else term.descending
            self.put(", ", "1" if term.descending else "0", ", ", "1" if first else "0", ", ", term.operand)
        self.put(")")


# Values of these types are other texts in SQLite than in PostgreSQL.
WRITTEN: Final = frozenset[TypeName]({"boolean", "float", "decimal", "datetime", "duration"})


def type_text(type: ColumnType) -> str:
    """Return the storage class that values of *type* have."""
    return {"float": "REAL", "binary": "BLOB"}.get(type.name) or ("INTEGER" if type.name in WHOLE else "TEXT")
