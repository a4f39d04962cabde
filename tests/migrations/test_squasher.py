"""Fewer operations that do the same, and one migration in place of several."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dorm
from dorm import MigrationError
from dorm.migrations.autodetector import MigrationAutodetector
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelOptions,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from dorm.migrations.squasher import squash, squash_operations
from dorm.migrations.state import ProjectState
from dorm.migrations.writer import save, write_migration

from .states import applied, shown
from .test_autodetector import states, told_of

ID = ("id", dorm.BigAutoField(primary_key=True))
NAME = ("name", dorm.CharField(max_length=9))
AUTHOR = CreateModel("Author", [ID, NAME])
AGE = AddField("Author", "age", dorm.IntegerField(null=True))
INDEX = dorm.Index(fields=["name"], name="i")


def nothing(app_label: str, registry: Any) -> None: ...


@pytest.mark.parametrize(
    ("operations", "left"),
    [
        ([], []),
        ([AUTHOR, AGE], ["CreateModel Author"]),
        ([AGE, RemoveField("Author", "age")], []),
        ([AUTHOR, AGE, DeleteModel("Author")], []),
        ([AGE, AlterField("Author", "age", dorm.FloatField(null=True))], ["AddField Author.age"]),
        ([AUTHOR, AlterField("Author", "name", dorm.TextField())], ["CreateModel Author"]),
        ([AUTHOR, RemoveField("Author", "name")], ["CreateModel Author"]),
        ([AUTHOR, RenameField("Author", "name", "title")], ["CreateModel Author"]),
        ([AUTHOR, RenameModel("Author", "Writer")], ["CreateModel Writer"]),
        ([AUTHOR, AlterModelOptions("Author", {"ordering": ("name",)})], ["CreateModel Author"]),
        ([AUTHOR, AlterModelTable("Author", "authors")], ["CreateModel Author"]),
        ([AUTHOR, AddIndex("Author", INDEX), RemoveIndex("Author", INDEX)], ["CreateModel Author"]),
        ([AddIndex("Author", INDEX), RemoveIndex("Author", INDEX)], []),
        (
            [AddConstraint("A", dorm.UniqueConstraint(fields=["x"], name="u")), RemoveConstraint("A", "u")],
            [],
        ),
        ([AlterUniqueTogether("A", [("x", "y")]), AlterUniqueTogether("A", [])], ["AlterUniqueTogether A"]),
        ([RunSQL("SELECT 1"), RunSQL("SELECT 2")], ["RunSQL ", "RunSQL "]),
        ([AUTHOR, RunPython(nothing), AGE], ["CreateModel Author", "RunPython ", "AddField Author.age"]),
        ([AUTHOR, RunPython(nothing, elidable=True), AGE], ["CreateModel Author"]),
        ([AGE, RemoveField("Book", "age")], ["AddField Author.age", "RemoveField Book.age"]),
        ([AGE, RemoveField("Author", "name")], ["AddField Author.age", "RemoveField Author.name"]),
        ([AUTHOR, CreateModel("Book", [ID]), AGE], ["CreateModel Author", "CreateModel Book"]),
        (
            [
                AUTHOR,
                CreateModel("Book", [ID, ("author", dorm.ForeignKey("blog.Author", dorm.CASCADE))]),
                RemoveField("Book", "author"),
                DeleteModel("Author"),
            ],
            ["CreateModel Book"],
        ),
    ],
)
def test_what_is_left_of_operations(operations, left):
    assert told_of(squash_operations(operations)) == left


def test_a_field_that_is_added_and_changed_is_added_as_it_is_in_the_end():
    (operation,) = squash_operations([AGE, AlterField("Author", "age", dorm.FloatField(null=True))])

    assert type(operation.field) is dorm.FloatField
    assert type(AGE.field) is dorm.IntegerField


def test_a_relation_is_not_made_before_its_model():
    key = AddField("Author", "best", dorm.ForeignKey("blog.Book", dorm.SET_NULL, null=True))
    operations = [
        AUTHOR,
        CreateModel("Book", [ID, ("by", dorm.ForeignKey("blog.Author", dorm.CASCADE))]),
        key,
    ]

    for label in ("blog", None):
        assert told_of(squash_operations(operations, label)) == [
            "CreateModel Author", "CreateModel Book", "AddField Author.best",
        ]  # fmt: skip


def test_a_function_finds_the_models_that_it_found_before():
    operations = [AUTHOR, AGE, RunPython(nothing), RemoveField("Author", "age")]

    assert told_of(squash_operations(operations, "blog")) == [
        "CreateModel Author", "RunPython ", "RemoveField Author.age",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(states(), min_size=2, max_size=4), st.booleans())
def test_what_is_squashed_leads_to_the_same_models(points, detect):
    state = ProjectState()
    operations: dict[str, list[Any]] = {}
    # All in one app, so that the order among its operations is one.
    points = [in_one_app(point) for point in points]
    for before, after in zip([state, *points], points):
        for label, found in MigrationAutodetector(before, after, detect_renames=detect).changes().items():
            operations.setdefault(label, []).extend(found)

    squashed = {label: squash_operations(found, label) for label, found in operations.items()}

    assert shown(applied(state, squashed)) == shown(applied(state, operations)) == shown(points[-1])
    assert all(len(squashed[label]) <= len(operations[label]) for label in operations)


def in_one_app(state: ProjectState) -> ProjectState:
    one = ProjectState()
    for key, model in state.models.items():
        fields = {
            name: field.altered("to", f"blog.{field.to.rpartition('.')[2]}")
            if hasattr(field, "to")
            else field
            for name, field in model["fields"].items()
        }
        one.models[f"blog.{key.rpartition('.')[2]}"] = {**model, "fields": fields}
    return one


# -- migrations ----------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    """Write an app of four migrations; another app stands before the last."""
    blog, shop = tmp_path / "blog", tmp_path / "shop"
    write_migration("blog", blog, 1, [AUTHOR])
    write_migration("blog", blog, 2, [AGE], name="author_age")
    write_migration(
        "blog", blog, 3, [RunSQL("SELECT 1", elidable=True), RemoveField("Author", "age")], name="three"
    )
    item = CreateModel("Item", [ID, ("by", dorm.ForeignKey("blog.Author", dorm.CASCADE))])
    write_migration("shop", shop, 1, [item], dependencies=[("blog", "0002_author_age")])
    more = AddField("Author", "item", dorm.ForeignKey("shop.Item", dorm.SET_NULL, null=True))
    write_migration(
        "blog", blog, 4, [more], name="item", dependencies=[("blog", "0003_three"), ("shop", "0001_initial")]
    )
    return {"blog": blog, "shop": shop}


def test_migrations_become_one_that_replaces_them(project):
    made = squash(MigrationLoader(project), "blog", "0003")

    assert made.migration.name == "0001_squashed_0003_three"
    assert told_of(made.migration.operations) == ["CreateModel Author"]
    assert made.migration.replaces == [
        ("blog", "0001_initial"), ("blog", "0002_author_age"), ("blog", "0003_three"),
    ]  # fmt: skip
    assert (made.migration.dependencies, made.migration.initial, made.count) == ([], True, 4)


def test_a_squashed_migration_leads_to_the_same_models(project):
    before = MigrationLoader(project)
    save(squash(before, "blog", "3").migration, project["blog"])

    fresh = MigrationLoader(project)
    halfway = MigrationLoader(project, [("blog", "0001_initial")])

    assert fresh.names("blog") == ["0001_squashed_0003_three", "0004_item"]
    assert halfway.names("blog") == ["0001_initial", "0002_author_age", "0003_three", "0004_item"]
    assert shown(fresh.state()) == shown(halfway.state()) == shown(before.state())


def test_a_range_and_a_name_may_be_chosen(project):
    made = squash(MigrationLoader(project), "blog", "0003", "0002", "short")

    assert made.migration.name == "0002_short"
    assert told_of(made.migration.operations) == []
    assert made.migration.dependencies == [("blog", "0001_initial")]
    assert made.migration.initial is None


def test_what_another_app_stands_between_is_refused(project):
    with pytest.raises(
        MigrationError, match=r"blog\.0004_item depends on shop\.0001_initial, which depends on blog\."
    ):
        squash(MigrationLoader(project), "blog", "0004")

    assert squash(MigrationLoader(project), "blog", "0004", "0003").migration.dependencies == [
        ("blog", "0002_author_age"), ("shop", "0001_initial"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("end", "start", "words"),
    [
        ("0001", None, "There is nothing to squash"),
        ("0002", "0003", "does not come before"),
        ("0009", None, "there is no migration blog.0009"),
    ],
)
def test_a_wrong_range_is_refused(project, end, start, words):
    with pytest.raises(MigrationError, match=words):
        squash(MigrationLoader(project), "blog", end, start)


def test_a_name_that_is_taken_is_refused(project):
    with pytest.raises(MigrationError, match=r"a migration blog\.0001_initial already"):
        squash(MigrationLoader(project), "blog", "0003", name="initial")


def test_a_function_of_a_part_is_imported_from_it(tmp_path, monkeypatch):
    folder = tmp_path / "squashed_app" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "squashed_app" / "__init__.py").touch()
    write_migration("squashed_app", folder, 1, [AUTHOR])
    (folder / "0002_seed.py").write_text(
        "from dorm.migrations.operations import RunPython\n"
        "def seed(app_label, registry):\n    return 7\n"
        "dependencies = [('squashed_app', '0001_initial')]\n"
        "operations = [RunPython(seed, RunPython.noop)]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    loader = MigrationLoader({"squashed_app": folder})

    path = save(squash(loader, "squashed_app", "2").migration, folder)

    text = path.read_text()
    assert 'importlib.import_module("squashed_app.migrations.0002_seed").seed' in text
    assert "Move the functions of other migrations" in text
    again = MigrationLoader({"squashed_app": folder})
    assert again.disk["squashed_app", path.stem].operations[1].code("squashed_app", None) == 7
