"""Each public `ax` has an `x` that takes the same arguments.

Stands on `inspect` and the public classes; runs no query.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import dorm
from dorm.queryset.manager import Manager
from dorm.queryset.queryset import QuerySet

# Public names that begin with "a" and are no twin of anything.
NO_TWINS = {"aggregate", "alias", "all", "annotate"}

HOMES = [QuerySet, Manager, dorm.Model, dorm, dorm.transaction]


def twins(home: type | ModuleType) -> Iterator[tuple[str, Callable[..., Any], Callable[..., Any] | None]]:
    """Yield (name, asynchronous face, synchronous face or None) for each `ax` of *home*."""
    for name in dir(home):
        found = getattr(home, name)
        is_face = inspect.isfunction(found) or (inspect.isclass(found) and home is dorm.transaction)
        if is_face and name.startswith("a") and name not in NO_TWINS and hasattr(home, name[1:]):
            yield name, found, getattr(home, name[1:])
        elif inspect.iscoroutinefunction(found) and not name.startswith("_"):
            yield name, found, None


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.__name__)
def test_twins_take_the_same_arguments(home):
    for name, asynchronous, synchronous in twins(home):
        assert synchronous is not None, f"{home.__name__}.{name}() waits, but has no twin without the 'a'"
        assert parameters(asynchronous) == parameters(synchronous), f"{home.__name__}.{name}()"


@pytest.mark.parametrize("home", [QuerySet, dorm.Model], ids=lambda home: home.__name__)
def test_the_twins_are_really_found(home):
    found = {name for name, _, synchronous in twins(home) if synchronous is not None}
    assert {QuerySet: {"aget", "acount", "aupdate"}, dorm.Model: {"asave", "adelete"}}[home] <= found


def parameters(face: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    """Return name, kind and default of each parameter; types are the type checkers' business."""
    return [(p.name, p.kind, p.default) for p in inspect.signature(face).parameters.values()]
