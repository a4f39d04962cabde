"""create_tables: for scripts that have no migrations.

Rests on the action of the same name.
"""

from __future__ import annotations

from .._run import run_sync
from ..actions import create_tables as creation
from ..db.connection import async_executor, executor
from .base import Model


def create_tables(*models: type[Model], using: str = "default") -> None:
    """Create the tables and indexes of *models*, or of every model; what exists is left alone."""
    run_sync(creation.create_tables(executor(using), models))


async def acreate_tables(*models: type[Model], using: str = "default") -> None:
    """Create the tables and indexes of *models*, or of every model; what exists is left alone."""
    await creation.create_tables(async_executor(using), models)
