"""Migrations made from code: what detects, writes, reads and squashes them, and what these give."""

from __future__ import annotations

from pathlib import Path
from typing import reveal_type

import dorm
from dorm.migrations.autodetector import MigrationAutodetector
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.operations import AddField
from dorm.migrations.questions import Answers
from dorm.migrations.serializer import serialize
from dorm.migrations.squasher import squash, squash_operations
from dorm.migrations.state import ProjectState
from dorm.migrations.writer import write_migration, write_squashed_migration

ADD = AddField("Author", "age", dorm.IntegerField(null=True))


def changes(state: ProjectState, folder: Path) -> None:
    detector = MigrationAutodetector(ProjectState(), state, {"models": {"blog": {"A": "B"}}}, True)
    reveal_type(detector.changes("blog"))  # R: dict[str, list[Operation]]
    MigrationAutodetector(ProjectState(), state, questioner=Answers({"blog.A": "B"}, {"blog.A.x": "1"}))
    MigrationAutodetector(ProjectState(), state, questioner="no")  # E:
    loader = MigrationLoader({"blog": folder})
    reveal_type(detector.migrations(loader.graph))  # R: dict[str, list[Migration]]
    reveal_type(loader.names("blog"))  # R: list[str]
    reveal_type(loader.conflicts())  # R: dict[str, list[str]]
    MigrationLoader(["blog"])  # E:


def files(loader: MigrationLoader, folder: Path) -> None:
    reveal_type(write_migration("blog", folder, 2, [ADD]))  # R: Path
    reveal_type(write_squashed_migration("blog", "folder", 1, [ADD], ["0001_initial"]))  # R: Path
    reveal_type(squash_operations([ADD]))  # R: list[Operation]
    reveal_type(squash(loader, "blog", "0003").migration)  # R: Migration
    reveal_type(serialize(dorm.F("age") + 1))  # R: tuple[str, set[str]]
    write_migration("blog", folder, "2", [ADD])  # E:
