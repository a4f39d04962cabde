"""Turn a lookup and its operands into a SQL condition.

Rests on the SQL tree; the names are those of the table, and a test holds that each has its builder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, cast

from ..sql.nodes import (
    ArrayItem,
    ArraySlice,
    Between,
    BindItem,
    BindList,
    Call,
    Cast,
    Compare,
    Constant,
    Containment,
    DatePart,
    Extract,
    HasKey,
    In,
    IsNull,
    Items,
    JSONCompared,
    Match,
    Node,
    Select,
    Templated,
    TextMatch,
    Truth,
    as_written,
    json_key,
    json_text,
)
from ..sql.types import BIGINT, DATE, DATETIME, TIME
from .parts import Part, is_slice
from .table import CustomTransform, Family, Transform


def _compare(operator: Literal["=", "<", "<=", ">", ">="]) -> Callable[[Node, Node, Family], Node]:
    return lambda left, right, family: Compare(left, operator, right)


def _in(left: Node, right: Node, family: Family) -> Node:
    if isinstance(right, BindList) and right.size == 0:
        return Truth(False)
    if isinstance(right, Items) and not right.items:
        return Truth(False)
    return In(left, cast("BindList | Items | Select", right))


def _range(left: Node, right: Node, family: Family) -> Node:
    if isinstance(right, Items):
        return Between(left, *right.items)
    pair = cast(BindList, right)
    return Between(left, BindItem(pair.slot, 0, pair.type), BindItem(pair.slot, 1, pair.type))


def _isnull(left: Node, right: Node, family: Family) -> Node:
    return IsNull(as_written(left), negated=not cast(Constant, right).value)


def _match(how: TextMatch, *, fold: bool = False) -> Callable[[Node, Node, Family], Node]:
    return lambda left, right, family: Match(left, how, right, fold)


def _contains(left: Node, right: Node, family: Family) -> Node:
    if family in ("json", "array"):
        return Containment(left, "contains", right, "array" if family == "array" else "json")
    return Match(left, "contains", right, False)


def _containment(operator: Literal["contained_by", "overlap"]) -> Callable[[Node, Node, Family], Node]:
    def build(left: Node, right: Node, family: Family) -> Node:
        return Containment(left, operator, right, "array" if family == "array" else "json")

    return build


def _has_key(left: Node, right: Node, family: Family) -> Node:
    return HasKey(left, right)


BUILDERS: Final[dict[str, Callable[[Node, Node, Family], Node]]] = {
    "exact": _compare("="),
    "in": _in,
    "isnull": _isnull,
    "gt": _compare(">"),
    "gte": _compare(">="),
    "lt": _compare("<"),
    "lte": _compare("<="),
    "range": _range,
    "iexact": _match("exact", fold=True),
    "contains": _contains,
    "icontains": _match("contains", fold=True),
    "startswith": _match("startswith"),
    "istartswith": _match("startswith", fold=True),
    "endswith": _match("endswith"),
    "iendswith": _match("endswith", fold=True),
    "regex": _match("regex"),
    "iregex": _match("regex", fold=True),
    "contained_by": _containment("contained_by"),
    "has_key": _has_key,
    "json_has_key": _has_key,
    "overlap": _containment("overlap"),
    "array_contains": _contains,
    "array_overlap": _containment("overlap"),
}

# Those that compare the text of a JSON value, which null has none of.
OF_TEXT: Final = frozenset(
    {"iexact", "icontains", "startswith", "istartswith", "endswith", "iendswith", "regex", "iregex"}
)

OF_ORDER: Final = frozenset({"exact", "in", "gt", "gte", "lt", "lte", "range"})

# Lookups that are several of another, and how these are joined.
SEVERAL: Final[dict[str, tuple[str, Literal["AND", "OR"]]]] = {
    "has_keys": ("has_key", "AND"),
    "has_any_keys": ("has_key", "OR"),
    "json_has_all": ("has_key", "AND"),
    "json_has_any": ("has_key", "OR"),
}


def build(lookup: str, left: Node, right: Node, family: Family) -> Node:
    """Return the condition that *lookup* puts between *left*, a value of *family*, and *right*.

    *right* is a Constant for `isnull`, a BindList or a Select for `in`, a BindList of two for `range`.
    """
    return BUILDERS[lookup](compared(lookup, left, family), right, family)


def compared(lookup: str, left: Node, family: Family) -> Node:
    """Return what *lookup* compares of *left*: of JSON, what it says, or the text that this has."""
    if family != "json":
        return left
    if lookup in OF_TEXT:
        return json_text(left)
    return JSONCompared(as_written(left)) if lookup in OF_ORDER else left


def apply(transform: Transform, operand: Node) -> Node:
    """Return what *transform* makes of *operand*: a part of a date or time, or what a project's own says."""
    if isinstance(transform, CustomTransform):
        kind = transform.kind
        return Templated(kind.template, tuple(kind.templates.items()), (("operand", operand),))
    if isinstance(transform, Part):
        return _part(transform, operand)
    if transform.name == "len":
        return Call("ARRAY_LENGTH", (operand,), BIGINT)
    if transform.name in ("date", "time"):
        return Cast(operand, DATETIME, DATE if transform.name == "date" else TIME)
    return Extract(cast("DatePart", transform.name), operand)


def _part(part: Part, operand: Node) -> Node:
    if "json" in part.families:
        return json_key(operand, part.name)
    if not is_slice(part):
        return ArrayItem(operand, int(part.name))
    start, _, end = part.name.partition("_")
    return ArraySlice(operand, int(start), int(end))
