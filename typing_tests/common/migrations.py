"""Migrations run from code: what they take, and what they give."""

from __future__ import annotations

from pathlib import Path
from typing import reveal_type

from dorm.db.connection import get_async_connection, get_connection
from dorm.migrations import (
    MigrationExecutor,
    MigrationRecorder,
    Progress,
    Step,
    amigrate,
    aplan,
    makemigrations,
    migrate,
    plan,
)


def told(progress: Progress) -> None:
    reveal_type(progress.step)  # R: Step | None
    reveal_type(progress.seconds)  # R: float
    reveal_type(progress.fake)  # R: bool


def run(folder: Path) -> None:
    reveal_type(migrate())  # R: list[Step]
    reveal_type(migrate("blog", "0001", apps={"blog": folder}, on_progress=told))  # R: list[Step]
    reveal_type(plan("blog", "zero", using="other", apps={"blog": "blog/migrations"}))  # R: list[Step]
    reveal_type(makemigrations("blog", apps={"blog": folder}, dry_run=True))  # R: list[Path]
    makemigrations(renames={"blog.Author": None})  # E:
    migrate(apps=["blog"])  # E:
    migrate(1)  # E:
    migrate(on_progress=lambda: None)  # E:


async def arun(step: Step) -> None:
    reveal_type(await amigrate(fake=True))  # R: list[Step]
    reveal_type(await aplan())  # R: list[Step]
    reveal_type(step.key)  # R: tuple[str, str]
    reveal_type(step.backwards)  # R: bool
    executor = MigrationExecutor(get_async_connection(), verbosity=0)
    reveal_type(await executor.amigrate("blog", "blog/migrations"))  # R: list[str]


def of_a_folder(folder: Path) -> None:
    executor = MigrationExecutor(get_connection())
    reveal_type(executor.migrate("blog", folder, dry_run=True))  # R: list[str]
    reveal_type(executor.rollback("blog", folder, "zero"))  # R: list[str]
    recorder = MigrationRecorder(get_connection())
    reveal_type(recorder.applied_migrations())  # R: set[tuple[str, str]]
    MigrationExecutor("default")  # E:
