"""The lookups and transforms of the project's own, which are registered when it runs: their names are read.

Rests on the texts of its files. Which fields have one, and what it compares with, is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dorm.source.lookups import lookup_names

_names: Final[set[str]] = set()


def learn(roots: Iterable[Path]) -> None:
    """Read the names from all files below *roots*."""
    _names.clear()
    for root in roots:
        _names.update(lookup_names(root))


def is_lookup(name: str) -> bool:
    """Return whether the project has a lookup or a transform of this name."""
    return name in _names


def known() -> list[str]:
    """Return all names, sorted."""
    return sorted(_names)
