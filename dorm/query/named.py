"""Rows whose values have names: what `values_list(named=True)` gives.

Rests on the builders of tuples.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..sql.dialects import Dialect
from .hydrate import Build, Cell, build_tuples


def build_named(cells: Sequence[Cell], dialect: Dialect) -> Build:
    """Return the function from rows to named tuples."""
    make = row_class(tuple(cell.name for cell in cells))._make
    build = build_tuples(cells, dialect)
    return lambda rows, alias: list(map(make, build(rows, alias)))


@lru_cache(maxsize=512)
def row_class(names: tuple[str, ...]) -> Any:
    """Return the class of rows with these names; it is called Row."""
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]  # its names are known at run time only

    def __reduce__(row: Any) -> Any:
        return row_of, (names, tuple(row))

    setattr(kind, "__reduce__", __reduce__)
    return kind


def row_of(names: tuple[str, ...], row: tuple[Any, ...]) -> Any:
    """Return a row anew, from a pickle."""
    return row_class(names)._make(row)
