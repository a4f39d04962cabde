"""Turn a lookup and its operands into a SQL condition.

Rests on the SQL tree; the names are those of the table, and a test holds that each has its builder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, cast

from ..sql.nodes import (
    Between,
    BindItem,
    BindList,
    Cast,
    Compare,
    Constant,
    DatePart,
    Extract,
    In,
    IsNull,
    Items,
    JSONEqual,
    Match,
    Node,
    Select,
    Templated,
    TextMatch,
    Truth,
)
from ..sql.types import DATE, DATETIME, TIME
from .table import CustomTransform, Family, Transform


def _exact(left: Node, right: Node, family: Family) -> Node:
    return JSONEqual(left, right) if family == "json" else Compare(left, "=", right)


def _compare(operator: Literal["<", "<=", ">", ">="]) -> Callable[[Node, Node, Family], Node]:
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
    return IsNull(left, negated=not cast(Constant, right).value)


def _match(how: TextMatch, *, fold: bool = False) -> Callable[[Node, Node, Family], Node]:
    return lambda left, right, family: Match(left, how, right, fold)


BUILDERS: Final[dict[str, Callable[[Node, Node, Family], Node]]] = {
    "exact": _exact,
    "in": _in,
    "isnull": _isnull,
    "gt": _compare(">"),
    "gte": _compare(">="),
    "lt": _compare("<"),
    "lte": _compare("<="),
    "range": _range,
    "iexact": _match("exact", fold=True),
    "contains": _match("contains"),
    "icontains": _match("contains", fold=True),
    "startswith": _match("startswith"),
    "istartswith": _match("startswith", fold=True),
    "endswith": _match("endswith"),
    "iendswith": _match("endswith", fold=True),
    "regex": _match("regex"),
    "iregex": _match("regex", fold=True),
}


def build(lookup: str, left: Node, right: Node, family: Family) -> Node:
    """Return the condition that *lookup* puts between *left*, a value of *family*, and *right*.

    *right* is a Constant for `isnull`, a BindList or a Select for `in`, a BindList of two for `range`.
    """
    return BUILDERS[lookup](left, right, family)


def apply(transform: Transform, operand: Node) -> Node:
    """Return what *transform* makes of *operand*: a part of a date or time, or what a project's own says."""
    if isinstance(transform, CustomTransform):
        kind = transform.kind
        return Templated(kind.template, tuple(kind.templates.items()), (("operand", operand),))
    if transform.name in ("date", "time"):
        return Cast(operand, DATETIME, DATE if transform.name == "date" else TIME)
    return Extract(cast("DatePart", transform.name), operand)
