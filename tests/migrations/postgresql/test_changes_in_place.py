"""PostgreSQL's tables are changed in place, whatever names their constraints have."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm._run import run_sync
from dorm.db.connection import executor, get_async_connection
from dorm.exceptions import IntegrityError, MigrationError
from dorm.migrations.editor import editor_for
from dorm.migrations.operations import (
    AddField,
    AddIndex,
    AddIndexConcurrently,
    AlterField,
    AlterModelTable,
    CreateExtension,
    CreateModel,
    RemoveIndexConcurrently,
    RunSQL,
    TrigramExtension,
)
from dorm.models import GinIndex
from tests.migrations.project import LABEL, Project

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def project(call: Any) -> Project:
    made = Project(call)
    made.forwards(
        CreateModel(
            "Author",
            [
                ("id", dorm.AutoField()),
                ("name", dorm.CharField(max_length=40, unique=True)),
                ("age", dorm.PositiveIntegerField(null=True)),
            ],
        ),
        CreateModel(
            "Book",
            [("id", dorm.BigAutoField()), ("author", dorm.ForeignKey("Author", dorm.CASCADE, null=True))],
        ),
    )
    ada = call(made.model("Author").objects.create, name="Ada", age=36)
    call(made.model("Book").objects.create, author=ada)
    return made


def names_of_constraints(project: Project, table: str) -> set[str]:
    rows = project.sql(f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass")
    return {name for (name,) in rows}


def test_constraints_go_by_the_names_that_the_database_has_for_them(project: Project) -> None:
    project.forwards(
        RunSQL(
            [
                "ALTER TABLE shop_author RENAME CONSTRAINT shop_author_name_key TO one",
                "ALTER TABLE shop_author RENAME CONSTRAINT shop_author_age_check TO two",
                "ALTER TABLE shop_book RENAME CONSTRAINT shop_book_author_id_fkey TO three",
            ]
        ),
        AlterField("Author", "name", dorm.CharField(max_length=40)),
        AlterField("Author", "age", dorm.IntegerField(null=True)),
        AlterField("Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, null=True, db_constraint=False)),
    )

    names = names_of_constraints(project, "shop_author") | names_of_constraints(project, "shop_book")
    assert not names & {"one", "two", "three"}
    assert project.found() == project.expected()


def test_keys_that_were_made_by_hand_come_back_when_the_type_has_changed(project: Project) -> None:
    project.forwards(
        RunSQL(
            "CREATE TABLE by_hand (author_id integer, CONSTRAINT its_author FOREIGN KEY (author_id)"
            " REFERENCES shop_author (id) ON DELETE CASCADE)"
        ),
        AlterField("Author", "id", dorm.BigAutoField()),
    )

    assert names_of_constraints(project, "by_hand") == {"its_author"}
    columns = project.found()["shop_book"]["columns"]
    assert columns["author_id"]["type"] == "bigint"
    with pytest.raises(IntegrityError):
        project.sql("INSERT INTO by_hand VALUES (77)")


def test_a_column_with_a_default_is_added_without_writing_the_rows(project: Project, statements: Any) -> None:
    with statements() as sent:
        project.forwards(AddField("Author", "score", dorm.IntegerField(default=7)))

    assert not [each for each in sent if each.startswith("UPDATE")]


def test_a_text_that_is_too_long_is_not_cut(project: Project) -> None:
    with pytest.raises(MigrationError, match=r"shop\.Author\.name"):
        project.forwards(AlterField("Author", "name", dorm.CharField(max_length=2)))

    assert project.sql("SELECT name FROM shop_author") == [("Ada",)]


def test_the_sequence_of_a_bigger_key_is_bigger(project: Project, call: Any) -> None:
    project.forwards(AlterField("Author", "id", dorm.BigAutoField()))

    project.sql("SELECT setval(pg_get_serial_sequence('shop_author', 'id'), 5000000000)")
    assert call(project.model("Author").objects.create, name="Zoe").pk == 5_000_000_001


def test_an_array_is_another_when_its_items_are(project: Project, call: Any) -> None:
    project.forwards(AddField("Author", "marks", dorm.ArrayField(dorm.IntegerField(), default=list)))
    call(project.model("Author").objects.update, marks=[1, 2])

    project.there_and_back(
        AlterField("Author", "marks", dorm.ArrayField(dorm.CharField(max_length=9), default=list))
    )

    assert call(project.model("Author").objects.get).marks == ["1", "2"]


# -- beside other transactions --------------------------------------------------------------------


def concurrently() -> AddIndexConcurrently:
    return AddIndexConcurrently("Author", dorm.Index(fields=["age"], name="by_age"))


def test_an_index_is_made_and_dropped_beside_others(project: Project, statements: Any) -> None:
    with statements() as sent:
        project.there_and_back(concurrently())

    assert any(each.startswith("CREATE INDEX CONCURRENTLY") for each in sent)
    assert any(each.startswith("DROP INDEX CONCURRENTLY") for each in sent)
    project.there_and_back(RemoveIndexConcurrently("Author", name="by_age"))
    assert project.found() == project.expected()


def test_an_index_beside_others_refuses_a_transaction(project: Project) -> None:
    def forwards() -> None:
        with dorm.transaction.atomic():
            project.forwards(concurrently())

    async def aforwards() -> None:
        async with dorm.transaction.aatomic():
            await concurrently().database_forwards(
                LABEL, get_async_connection(), project.state, project.state
            )

    with pytest.raises(MigrationError, match="atomic = False"):
        project.call.run(forwards, aforwards)


def test_extensions_are_installed_and_removed(project: Project) -> None:
    ((name,),) = project.sql(
        "SELECT name FROM pg_available_extensions WHERE installed_version IS NULL ORDER BY name DESC LIMIT 1"
    )
    installed = f"SELECT count(*) FROM pg_extension WHERE extname = '{name}'"

    project.forwards(CreateExtension(name))
    assert project.sql(installed) == [(1,)]
    project.backwards()
    assert project.sql(installed) == [(0,)]


def test_an_extension_may_be_known_by_its_class(project: Project) -> None:
    editor = editor_for(executor(), collect=True)

    run_sync(TrigramExtension().apply(LABEL, editor, project.state, project.state))

    assert editor.statements == ['CREATE EXTENSION IF NOT EXISTS "pg_trgm"']


# -- statements that are written down -------------------------------------------------------------


def test_collected_statements_are_what_would_be_run(project: Project) -> None:
    editor = editor_for(executor(), collect=True)
    field = dorm.CharField(max_length=9, default="100 %", db_comment="it's 5 %")
    operation = AddField("Author", "part", field)
    after = project.state.clone()
    operation.state_forwards(LABEL, after)

    run_sync(operation.apply(LABEL, editor, project.state, after))

    assert editor.statements == [
        'ALTER TABLE "shop_author" ADD COLUMN "part" VARCHAR(9) NOT NULL DEFAULT (\'100 %\')',
        'ALTER TABLE "shop_author" ALTER COLUMN "part" DROP DEFAULT',
        "COMMENT ON COLUMN \"shop_author\".\"part\" IS 'it''s 5 %'",
    ]
    assert "part" not in project.found()["shop_author"]["columns"]


def test_an_index_of_a_method_is_kept_when_its_table_is_renamed(project: Project) -> None:
    project.forwards(
        AddField("Author", "data", dorm.JSONField(default=dict)),
        AddIndex("Author", GinIndex(fields=["data"], fastupdate=False)),
    )

    project.there_and_back(AlterModelTable("Author", "people"))

    assert project.found() == project.expected()
