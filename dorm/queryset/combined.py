"""CombinedQuerySet: what union(), intersection() and difference() give.

A queryset whose rows come from others: what would change which rows there are is refused before any SQL.
"""

from __future__ import annotations

from typing import Any, NoReturn

from .._typevars import Model_co, Row_co
from ..query.combine import refused
from .queryset import QuerySet


class CombinedQuerySet(QuerySet[Model_co, Row_co]):  # pyright: ignore[reportInvalidTypeArguments]  # bound in the stub alone
    """The rows of several querysets of one model, made one.

    It can be ordered by its columns, sliced, counted, turned into values and combined again.
    """

    __slots__ = ()


# Each of these would need the parts to be changed, which is for their author to say.
REFUSED = (
    "aggregate",
    "alias",
    "annotate",
    "bulk_update",
    "dates",
    "datetimes",
    "defer",
    "delete",
    "distinct",
    "exclude",
    "filter",
    "in_bulk",
    "only",
    "select_for_update",
    "select_related",
    "update",
)


def _refusing(name: str) -> Any:
    def refuse(self: CombinedQuerySet[Any, Any], *args: Any, **named: Any) -> NoReturn:
        raise refused(f"{name}()")

    refuse.__name__ = name
    refuse.__doc__ = "Raise NotSupportedError: this is for the querysets before they are combined."
    return refuse


for _name in REFUSED:
    for _twin in (_name, f"a{_name}"):
        if hasattr(QuerySet, _twin):
            setattr(CombinedQuerySet, _twin, _refusing(_twin))

QuerySet.combined_class = CombinedQuerySet
