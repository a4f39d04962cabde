"""A project with migrations of every kind, in a folder of its own, and the processes that migrate it.

Each process is a real `dorm migrate`; what it left is looked at from outside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

from dorm.db.connection import get_connection
from tests.server import ROOT

MODELS = """
import dorm


class Item(dorm.Model):
    name = dorm.CharField(max_length=80, unique=True)
    price = dorm.IntegerField(null=True)
    shelf = dorm.ForeignKey("Shelf", on_delete=dorm.CASCADE, null=True)

    class Meta:
        app_label = "shop"


class Shelf(dorm.Model):
    label = dorm.CharField(max_length=20)

    class Meta:
        app_label = "shop"
"""

# The body of each migration, by its name. Every kind of change: tables, columns, a rebuild, rows, raw SQL.
MIGRATIONS = {
    "0001_initial": """
        operations = [
            CreateModel("Item", [
                ("id", dorm.BigAutoField(primary_key=True)),
                ("name", dorm.CharField(max_length=20)),
            ]),
        ]
    """,
    "0002_rows": """
        def fill(app_label, registry):
            Item = registry["Item"]
            for number in range(50):
                Item.objects.create(name=f"item {number}")

        operations = [RunPython(fill, RunPython.noop)]
    """,
    "0003_shelf": """
        operations = [
            CreateModel("Shelf", [
                ("id", dorm.BigAutoField(primary_key=True)),
                ("label", dorm.CharField(max_length=20)),
            ]),
            AddField("Item", "shelf", dorm.ForeignKey("shop.Shelf", on_delete=dorm.CASCADE, null=True)),
        ]
    """,
    "0004_longer": """
        operations = [AlterField("Item", "name", dorm.CharField(max_length=80))]
    """,
    "0005_price": """
        operations = [AddField("Item", "price", dorm.IntegerField(null=True))]
    """,
    "0006_prices": """
        operations = [
            RunSQL("UPDATE shop_item SET price = id * 10; UPDATE shop_item SET price = price + 1", ""),
        ]
    """,
    "0007_unique": """
        operations = [AlterField("Item", "name", dorm.CharField(max_length=80, unique=True))]
    """,
    "0008_index": """
        operations = [AddIndex("Item", dorm.Index(fields=["price"], name="shop_price"))]
    """,
}
HEAD = """\
import dorm
from dorm.migrations.operations import *

dependencies = [{}]
"""


class Project:
    """The folder of the project, and its database as *settings* describe it."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder = folder
        self._write("settings.py", f"DATABASES = {{'default': {settings!r}}}\nINSTALLED_APPS = ['shop']\n")
        self._write("shop/__init__.py", "")
        self._write("shop/models.py", MODELS)
        self._write("shop/migrations/__init__.py", "")
        before = ""
        for name, body in MIGRATIONS.items():
            self.add(name, body, before)
            before = name

    def add(self, name: str, body: str, before: str) -> None:
        """Write a migration that comes after *before*."""
        dependency = f'("shop", "{before}")' if before else ""
        self._write(f"shop/migrations/{name}.py", HEAD.format(dependency) + dedent(body))

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `dorm` with *arguments* in the folder."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "dorm", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run `dorm` to its end; return its status, and what it printed on its two streams."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


def recorded() -> list[str]:
    """Return the migrations that the default database has, in their order, however often each is there."""
    if not get_connection().table_exists("dorm_migrations"):
        return []
    return [name for (name,) in get_connection().execute("SELECT name FROM dorm_migrations ORDER BY name")]


def schema() -> dict[str, list[dict[str, Any]]]:
    """Return the columns of the project's tables in the default database."""
    return {table: get_connection().get_table_columns(table) for table in ("shop_item", "shop_shelf")}


def prices() -> list[int]:
    """Return the prices of all items."""
    rows = get_connection().execute("SELECT price - id * 10 FROM shop_item ORDER BY id")
    return [price for (price,) in rows]
