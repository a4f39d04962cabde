"""What is wrong with a project's settings, beyond what `configure()` refuses: databases and routers.

Stands on the settings and on the messages of the checks; connects to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import dorm
from dorm.checks import Message
from dorm.conf import databases
from dorm.db.routers import router_methods

# Engine -> the package that its backend imports, and the extra that brings it.
DRIVERS: Final = {"postgresql": ("psycopg", "postgresql")}


def check_settings() -> list[Message]:
    """Return what is wrong with the databases and the routers of the settings; `[]` when nothing is."""
    return [*_databases(), *_routers()]


def _databases() -> Iterator[Message]:
    known = databases()
    if not known:
        yield Message(
            "settings.W001",
            "warning",
            "No database is configured.",
            "Uncomment one block in settings.py, or run: dorm init --database sqlite.",
            "DATABASES",
        )
    for alias, database in known.items():
        yield from _driver(alias, database)
        if database["ENGINE"] == "sqlite":
            yield from _folder(alias, database)


def _driver(alias: str, database: dict[str, Any]) -> Iterator[Message]:
    package, extra = DRIVERS.get(database["ENGINE"], (None, None))
    if package is not None and find_spec(package) is None:
        yield Message(
            "settings.E001",
            "error",
            f"Its driver {package} is not installed.",
            f"Run: pip install 'djanorm[{extra}]'.",
            f"DATABASES[{alias!r}]",
        )


def _folder(alias: str, database: dict[str, Any]) -> Iterator[Message]:
    name = database["NAME"]
    folder = Path(name).absolute().parent
    if name != ":memory:" and not name.startswith("file:") and not folder.is_dir():
        yield Message(
            "settings.E002",
            "error",
            f"There is no folder {str(folder)!r} for its file.",
            "Make the folder, or correct NAME.",
            f"DATABASES[{alias!r}]",
        )


def _routers() -> Iterator[Message]:
    for given in dorm.settings.DATABASE_ROUTERS:
        try:
            methods = router_methods(given)
        # A router is a user's class, and is made here.
        except Exception as error:
            yield Message(
                "settings.E003",
                "error",
                str(error),
                "Name a class that takes no arguments.",
                "DATABASE_ROUTERS",
            )
            continue
        if not methods:
            yield Message(
                "settings.W002",
                "warning",
                f"{given!r} has none of the methods of a router.",
                "Give it db_for_read, db_for_write, allow_relation or allow_migrate.",
                "DATABASE_ROUTERS",
            )
