"""What the expression tests share: tables with a few rows, and the value of an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import dorm

from .models import MODELS, Item, Shop


@pytest.fixture
def tables(call: Any) -> None:
    """Make the tables, empty."""
    call(dorm.create_tables, *MODELS)


@pytest.fixture
def rows(call: Any, tables: None) -> None:
    """Three shops, one of them closed and empty; five items in two of them."""
    north = call(Shop.objects.create, name="North", town="Oslo")
    south = call(Shop.objects.create, name="South")
    call(Shop.objects.create, name="Empty", town="Rome", open=False)
    for shop, name, note, amount, price, weight in [
        (north, "anvil", "heavy", 3, "10.50", 50.0),
        (north, "bolt", None, 100, "0.25", 0.5),
        (north, "chain", "", 7, None, None),
        (south, "Äpfel", "sweet", 12, "0.50", 0.25),
        (south, "drill", "loud", 3, "99.99", 2.5),
    ]:
        call(Item.objects.create, shop=shop, name=name, note=note, amount=amount, price=price, weight=weight)


@pytest.fixture
def value(call: Any, tables: None) -> Callable[[Any], Any]:
    """Give the value of an expression, in a query of one row."""
    call(Shop.objects.create, name="one")

    def compute(expression: Any) -> Any:
        (found,) = call.list(Shop.objects.annotate(x=expression).values_list("x", flat=True))
        return found

    return compute
