"""The two models files of the port describe the same tables, by Django's word and by dorm's.

Both are imported as modules of a package `market`, so that both libraries give the tables the same names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import dorm
from dorm._run import run_sync
from dorm.db.connection import executor
from dorm.migrations.drift import find_drift
from tests.oracle.conftest import point_django_to, set_up_django

EXAMPLE = Path(__file__).parents[2] / "examples" / "from_django"
NAMES = ("Customer", "Tag", "Product", "Order", "OrderLine")

# How Django spells a type on SQLite, where dorm spells it otherwise; SQLite keeps the same values in both.
SPELLINGS = {"bigint": "integer", "integer unsigned": "integer", "decimal": "numeric(8, 2)"}

# All that dorm finds in the tables that Django makes: spellings, and indexes for LIKE on unique texts.
KNOWN = {
    "sqlite": {
        "market_orderline": ["type differs: quantity is integer unsigned in the DB, INTEGER in the model"],
        "market_product": ["type differs: price is decimal in the DB, NUMERIC(8, 2) in the model"],
    },
    "postgresql": {
        "market_customer": ["index missing in model: market_customer_email_dbfd7370_like on email"],
        "market_tag": ["index missing in model: market_tag_word_c6d2e250_like on word"],
    },
}


def models_of(side: str) -> list[Any]:
    """Return the models of one side's file, in an order in which Django can create their tables."""
    if "market" not in sys.modules:
        package = sys.modules["market"] = ModuleType("market")
        package.__path__ = [str(EXAMPLE)]
        label_for_django(package)
    module = import_module(f"market.{side}_models")
    return [getattr(module, name) for name in NAMES]


def label_for_django(package: ModuleType) -> None:
    """Tell Django of the app after its start."""
    set_up_django()
    from django.apps import AppConfig, apps

    app = AppConfig(package.__name__, package)
    app.apps, app.models = apps, apps.all_models[app.label]
    apps.app_configs[app.label] = app


def made_by_django() -> None:
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in models_of("django"):
            editor.create_model(model)


def made_by_dorm() -> None:
    dorm.create_tables(*models_of("dorm"))


def dropped_by_django() -> None:
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in reversed(models_of("django")):
            editor.delete_model(model)


def described_by_django() -> dict[str, Any]:
    """Return the columns, keys, checks and indexes of each table, without the names that a library thinks up.

    Unique constraints are left to dorm's word: on SQLite Django cannot read those with a quoted name.
    """
    from django.db import connection

    said = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: (
                sorted(of_a_column(one) for one in said.get_table_description(cursor, table)),
                sorted(
                    str(of_a_constraint(facts))
                    for name, facts in said.get_constraints(cursor, table).items()
                    if not facts["unique"] and not name.endswith("_like")
                ),
            )
            for table in said.table_names(cursor)
            if table.startswith("market_")
        }


def of_a_column(column: Any) -> tuple[str, str, bool]:
    spelt = str(column.type_code).lower()
    return column.name, SPELLINGS.get(spelt, spelt), column.null_ok


def of_a_constraint(facts: dict[str, Any]) -> list[Any]:
    return [facts[name] for name in ("columns", "primary_key", "foreign_key", "check", "index")]


@pytest.fixture
def as_django(database):
    """Point Django to the test's database."""
    point_django_to(database)
    yield
    from django.db import connections

    connections["default"].close()


@pytest.fixture
def described(as_django) -> Callable[[Callable[[], None]], dict[str, Any]]:
    def described(make: Callable[[], None]) -> dict[str, Any]:
        make()
        found = described_by_django()
        dropped_by_django()
        return found

    return described


def test_django_says_the_same_of_the_tables_of_both(described):
    theirs = described(made_by_django)
    assert len(theirs) == len(NAMES) + 1
    assert described(made_by_dorm) == theirs


def test_dorm_finds_only_the_known_differences_in_the_tables_that_django_made(as_django, database):
    made_by_django()
    reports = run_sync(find_drift(executor(), models_of("dorm")))
    assert {one.table: one.lines() for one in reports if one.differences} == KNOWN[database.vendor]
    assert len(reports) == len(NAMES) + 1
