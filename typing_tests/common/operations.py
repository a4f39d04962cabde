"""Operations of migrations: what they take, and what a state and its models are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, reveal_type

import dorm
from dorm.migrations.operations import (
    AddField,
    AddIndex,
    AlterUniqueTogether,
    CreateModel,
    Operation,
    RemoveIndex,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from dorm.migrations.state import ProjectState


def seed(app_label: str, registry: Mapping[str, type[Any]]) -> None:
    registry["Author"].objects.create(name="Ada")


async def aseed(apps: Any, schema_editor: Any) -> None:
    await apps.get_model("blog", "Author").objects.acreate(name="Ada")


operations: list[Operation] = [
    CreateModel("Author", [("name", dorm.CharField(max_length=9))], {"ordering": ["name"]}),
    AddField(model_name="Author", name="age", field=dorm.IntegerField(null=True)),
    AddIndex("Author", dorm.Index(fields=["name"], name="by_name")),
    RemoveIndex("Author", name="by_name"),
    AlterUniqueTogether("Author", [("name", "age")]),
    RunSQL(["SELECT 1", ("SELECT %s", [1])], reverse_sql=RunSQL.noop),
    RunPython(seed, RunPython.noop),
    RunPython(code=aseed),
]
together = SeparateDatabaseAndState(database_operations=operations)

state = ProjectState.from_apps("blog")
reveal_type(state)  # R: ProjectState
reveal_type(state.clone())  # R: ProjectState
reveal_type(operations[0].describe())  # R: str
reveal_type(operations[0].reversible)  # R: bool
reveal_type(state.apps.get_model("blog", "Author"))  # R: type[Any]

AddField("Author", "age")  # E:
AddField("Author", "age", 3)  # E:
AddIndex("Author", "by_name")  # E:
RunSQL(1)  # E:
RunPython("seed")  # E:
