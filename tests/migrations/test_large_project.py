"""A project of forty models in four apps, grown over sixty migrations: made, read, squashed and applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dorm
from dorm import Q
from dorm.migrations.api import migrate
from dorm.migrations.autodetector import MigrationAutodetector
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.squasher import squash
from dorm.migrations.state import ProjectState, copied
from dorm.migrations.writer import save

from .states import shown

APPS = ("people", "goods", "sales", "stats")
MODELS = 40
MIGRATIONS = 60

FIELDS: tuple[Callable[[int], Any], ...] = (
    lambda n: dorm.CharField(max_length=20 + n, default=f"text {n}"),
    lambda n: dorm.IntegerField(null=True, db_index=n % 2 == 0),
    lambda n: dorm.DecimalField(max_digits=10, decimal_places=2, default=n),
    lambda n: dorm.DateTimeField(null=True),
    lambda n: dorm.BooleanField(default=bool(n % 2)),
    lambda n: dorm.JSONField(default=dict),
)


def points() -> Iterator[ProjectState]:
    """Return the models of the project after each of its migrations."""
    state = ProjectState()
    for number in range(MIGRATIONS):
        state = ProjectState({key: copied(model) for key, model in state.models.items()})
        if len(state.models) < MODELS:
            for _ in range(2):
                add_model(state, len(state.models))
        else:
            change(state, number)
        yield state


def add_model(state: ProjectState, number: int) -> None:
    label = APPS[number // 2 % len(APPS)]
    fields = {"id": dorm.BigAutoField(primary_key=True)}
    fields |= {f"field_{n}": FIELDS[n % len(FIELDS)](n) for n in range(number % 4 + 4)}
    if number:
        fields["parent"] = dorm.ForeignKey(named(number - 1), dorm.CASCADE, null=True, related_name="+")
    if number % 5 == 4:
        fields["others"] = dorm.ManyToManyField(named(number - 3), related_name="+")
    options: dict[str, Any] = {"ordering": ("field_0",)} if number % 3 else {}
    state.add_model(label, f"Model{number}", fields, options)


def named(number: int) -> str:
    return f"{APPS[number // 2 % len(APPS)]}.Model{number}"


def change(state: ProjectState, number: int) -> None:
    """Add, change and remove something in one model."""
    model = state.models[named(number % MODELS).lower()]
    model["fields"][f"extra_{number}"] = FIELDS[number % len(FIELDS)](number)
    model["fields"]["field_0"] = dorm.CharField(max_length=200 + number, default="x")
    model["fields"].pop("field_3", None)
    name = model["name"].lower()
    model["options"]["indexes"] = [dorm.Index(fields=["field_0", "field_1"], name=f"{name}_i")]
    model["options"]["constraints"] = [
        dorm.CheckConstraint(condition=Q(field_1=None) | Q(field_1__gte=0), name=f"{name}_c")
    ]


def make(folder: Path) -> tuple[dict[str, Path], ProjectState]:
    """Write the project's migrations; return the folders, and the models that they lead to."""
    folders = {label: folder / label / "migrations" for label in APPS}
    loader = MigrationLoader(folders)
    before = ProjectState()
    for after in points():
        for migrations in MigrationAutodetector(before, after).migrations(loader.graph).values():
            for migration in migrations:
                save(migration, folders[migration.label])
                loader.graph.add(migration)
                for key in migration.dependencies:
                    loader.graph.connect(migration.key, key)
        before = after
    return folders, before


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make(tmp_path_factory.mktemp("large"))


def test_the_files_lead_to_the_models(project):
    folders, models = project

    loader = MigrationLoader(folders)

    assert len(loader.disk) == MIGRATIONS
    assert len(models.models) == MODELS
    assert shown(loader.state()) == shown(models)
    assert MigrationAutodetector(loader.state(), models).changes() == {}


def test_the_files_are_applied(project, database):
    folders, _ = project

    assert len(migrate(apps=folders)) == MIGRATIONS
    assert migrate(apps=folders) == []


def test_an_app_is_squashed(project):
    folders, _ = project
    loader = MigrationLoader(folders)
    *_, before_last, last = loader.names("stats")

    made = squash(loader, "stats", last, before_last)

    assert len(made.migration.operations) <= made.count
