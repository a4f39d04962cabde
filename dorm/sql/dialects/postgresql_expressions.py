"""PostgreSQL: how functions, dates and aggregates are written.

Rests on the ANSI compiler. A literal `%` is doubled by whoever writes it; the session is in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from ..compiler import Compiler
from ..nodes import Aggregate, Cast, DatePart, Elapsed, Extract, Shift, Truncate, Window
from ..templates import CALLS
from ..types import ColumnType, TypeName

POSTGRESQL_CALLS: Final[dict[str, str]] = {
    **CALLS,
    # The time at which the transaction began.
    "NOW": "CURRENT_TIMESTAMP",
    # There is ROUND() with digits for NUMERIC alone.
    "ROUND": "ROUND(({0})::NUMERIC, ({1})::INTEGER)::{type}",
    "CEIL": "CEIL({0})::{type}",
    "FLOOR": "FLOOR({0})::{type}",
    "SIGN": "SIGN({0})::{type}",
    "MOD": "MOD(({0})::NUMERIC, NULLIF(({1})::NUMERIC, 0))::{type}",
    "POWER": "POWER(({0})::DOUBLE PRECISION, ({1})::DOUBLE PRECISION)",
    "SQRT": "SQRT(({0})::DOUBLE PRECISION)",
    "SUBSTR/2": "SUBSTR({0}, ({1})::INTEGER)",
    "SUBSTR/3": "SUBSTR({0}, ({1})::INTEGER, ({2})::INTEGER)",
    "LEFT": "LEFT({0}, ({1})::INTEGER)",
    "RIGHT": "RIGHT({0}, ({1})::INTEGER)",
    "LPAD": "LPAD({0}, ({1})::INTEGER, {2})",
    "RPAD": "RPAD({0}, ({1})::INTEGER, {2})",
    "REPEAT": "REPEAT({0}, ({1})::INTEGER)",
    # SHA1 comes with the extension pgcrypto.
    "SHA1": "ENCODE(DIGEST({0}, 'sha1'), 'hex')",
    "SHA224": "ENCODE(SHA224(CONVERT_TO({0}, 'UTF8')), 'hex')",
    "SHA256": "ENCODE(SHA256(CONVERT_TO({0}, 'UTF8')), 'hex')",
    "SHA384": "ENCODE(SHA384(CONVERT_TO({0}, 'UTF8')), 'hex')",
    "SHA512": "ENCODE(SHA512(CONVERT_TO({0}, 'UTF8')), 'hex')",
    "CHR": "CHR(({0})::INTEGER)",
    "ORD": "ASCII({0})",
    "JSON_OBJECT": "JSONB_BUILD_OBJECT({*})",
    "JSON_ARRAY": "JSONB_BUILD_ARRAY({*})",
    "JSON_TRUTH": "{0}",
    "JSON_DOCUMENT": "{0}",
    "JSON_DATETIME": "{0}",
    "TO_JSON": "TO_JSONB({0})",
    # Of an empty array it is NULL.
    "ARRAY_LENGTH": "COALESCE(ARRAY_LENGTH({0}, 1), CARDINALITY({0}))",
    "TO_ZONE": "({0} AT TIME ZONE {1})",
    "FROM_ZONE": "(({0})::TIMESTAMP AT TIME ZONE {1})",
    "NTILE": "NTILE(({0})::INTEGER)",
    "NTH_VALUE": "NTH_VALUE({0}, ({1})::INTEGER)",
    "LAG/2": "LAG({0}, ({1})::INTEGER)",
    "LEAD/2": "LEAD({0}, ({1})::INTEGER)",
    "LAG/3": "LAG({0}, ({1})::INTEGER, {2})",
    "LEAD/3": "LEAD({0}, ({1})::INTEGER, {2})",
}

# A second has a fraction here, and a cast would round it up.
PARTS: Final[dict[DatePart, str]] = {
    "iso_year": "ISOYEAR",
    "week_day": "DOW",
    "iso_week_day": "ISODOW",
}

WHOLE: Final = frozenset[TypeName]({"integer", "smallint", "bigint", "smallauto", "auto", "bigauto"})

# What is written for an aggregate of this type: the function, a cast of its argument, a cast of its value.
AGGREGATES: Final[dict[tuple[str, TypeName], tuple[str, str, str]]] = {
    ("SUM", "bigint"): ("SUM", "", "::BIGINT"),
    ("AVG", "float"): ("AVG", "::DOUBLE PRECISION", ""),
    ("STDDEV_POP", "float"): ("STDDEV_POP", "::DOUBLE PRECISION", ""),
    ("STDDEV_SAMP", "float"): ("STDDEV_SAMP", "::DOUBLE PRECISION", ""),
    ("VAR_POP", "float"): ("VAR_POP", "::DOUBLE PRECISION", ""),
    ("VAR_SAMP", "float"): ("VAR_SAMP", "::DOUBLE PRECISION", ""),
    ("MIN", "boolean"): ("BOOL_AND", "", ""),
    ("MAX", "boolean"): ("BOOL_OR", "", ""),
}


class PostgreSQLExpressions(Compiler):
    """The visits of expressions in which PostgreSQL differs."""

    calls: ClassVar[Mapping[str, str]] = POSTGRESQL_CALLS

    def type_text(self, type: ColumnType) -> str:
        if type.name == "decimal":
            return "NUMERIC" if type.digits is None else f"NUMERIC({type.digits}, {type.places or 0})"
        if type.name == "char":
            return "TEXT" if type.length is None else f"VARCHAR({type.length})"
        return {"auto": "INTEGER", "smallauto": "SMALLINT", "bigauto": "BIGINT"}.get(
            type.name
        ) or self.column_type(type)

    def verbatim(self, text: str) -> str:
        return text.replace("%", "%%")

    def visit_Cast(self, node: Cast) -> None:
        source, target = node.source.name, node.type.name
        if target in WHOLE and source == "float":
            # A cast alone would round 2.5 to 2, and 3.5 to 4.
            self.put("CAST(ROUND((", node.operand, ")::NUMERIC) AS ", self.type_text(node.type), ")")
        elif target == "boolean" and source in WHOLE:
            self.put("(", node.operand, " <> 0)")
        else:
            super().visit_Cast(node)

    def visit_Aggregate(self, node: Aggregate) -> None:
        self.put_aggregate(node, cast=True)

    def put_aggregate(self, node: Aggregate, *, cast: bool) -> None:
        """Write an aggregate so that its value is of its type: of integers, SUM and AVG would be NUMERIC."""
        if node.name == "ANY_VALUE":
            # The function of that name came with PostgreSQL 16.
            self.put("(ARRAY_AGG(", node.argument, ")")
            self.put_filter(node)
            self.put(")[1]")
            return
        function, inner, outer = AGGREGATES.get((node.name, node.type.name), (node.name, "", ""))
        self.put(function, "(", "DISTINCT " if node.distinct else "", node.argument, inner)
        for parameter in node.parameters:
            self.put(", ", parameter)
        if node.order_by:
            self.put(" ORDER BY ")
            self.put_list(node.order_by)
        self.put(")")
        self.put_filter(node)
        if cast:
            self.put(outer)

    def visit_Window(self, node: Window) -> None:
        """Write a window; what its value is cast to stands behind it."""
        if isinstance(node.value, Aggregate):
            outer = AGGREGATES.get((node.value.name, node.value.type.name), ("", "", ""))[2]
            self.put_aggregate(node.value, cast=False)
            self.put_over(node)
            self.put(outer)
        else:
            super().visit_Window(node)

    def visit_Extract(self, node: Extract) -> None:
        part = PARTS.get(node.part, node.part.upper())
        more = " + 1" if node.part == "week_day" else ""
        self.put("FLOOR(EXTRACT(", part, " FROM ", node.operand, f"){more})::INTEGER")

    def visit_Truncate(self, node: Truncate) -> None:
        # There is no such function for a time of day.
        day = "'2000-01-01'::DATE + " if node.type.name == "time" else ""
        self.put(f"DATE_TRUNC('{node.part}', {day}", node.operand, ")::", self.type_text(node.type))

    def visit_Shift(self, node: Shift) -> None:
        self.put("(", node.left, f" {node.operator} ", node.right, ")::", self.type_text(node.type))

    def visit_Elapsed(self, node: Elapsed) -> None:
        days = node.type.name == "date"
        self.put("((", node.left, " - ", node.right, ")", " * INTERVAL '1 day')" if days else ")")
