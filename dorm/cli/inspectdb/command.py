"""`dorm inspectdb`: print the models of the tables that a database has.

Stands on `reading.py`, `models.py` and `source.py`; writes no file.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from dorm._run import run_sync
from dorm._text import did_you_mean, listed, nearest
from dorm.conf import database
from dorm.db.connection import executor
from dorm.db.executor import Executor
from dorm.db.introspection import table_names

from ..errors import FINDINGS, CommandError
from ..project import add_database, add_settings, configure, need_database
from ..terminal import Terminal
from .models import Models
from .reading import read_tables
from .source import file_source

# dorm's own.
LEFT_OUT = ("dorm_migrations",)


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="the tables; every one without any")
    parser.add_argument("--views", action="store_true", help="views too")
    parser.add_argument(
        "--app", metavar="LABEL", help="the app that the models are for: blog_post becomes Post in blog"
    )
    add_database(parser)
    add_settings(parser)


def run(arguments: Any) -> int:
    """Print a models.py."""
    configure(arguments)
    need_database(arguments.database)
    db = executor(arguments.database)
    source = run_sync(_source(db, arguments.tables, arguments.views, arguments.app))
    if source is None:
        Terminal().note(f"there are no tables in {database(arguments.database)['NAME']}")
        return 0
    # Not through the terminal: this is a file, and a colour would be in it.
    print(source, end="")
    return 0


async def _source(db: Executor, wanted: Sequence[str], views: bool, app: str | None) -> str | None:
    tables = await table_names(db)
    every = await table_names(db, views=True)
    known = every if views or wanted else tables
    for name in wanted:
        if name not in known:
            hint = did_you_mean(nearest(name, known))
            raise CommandError(f"there is no table {name!r}.{hint} Tables: {listed(known)}.", FINDINGS)
    chosen = list(wanted) or [name for name in known if name not in LEFT_OUT]
    if not chosen:
        return None
    facts = await read_tables(db, chosen, [name for name in every if name not in tables])
    models = Models(facts, db.dialect, app)
    sources = models.sources()
    return file_source(database(db.alias)["NAME"], list(models.own.values()), sources, models.left_out)
