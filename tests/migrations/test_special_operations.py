"""SQL and Python in migrations, and steps of the state and the database apart."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import dorm
from dorm.exceptions import MigrationError
from dorm.migrations.operations import (
    AddField,
    AlterField,
    CreateModel,
    IrreversibleError,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from dorm.queryset.manager import Manager
from tests.migrations.project import LABEL, Project


class ShortNames(Manager[Any]):
    use_in_migrations = True

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(name__lt="C")


@pytest.fixture
def project(call: Any) -> Project:
    made = Project(call)
    made.forwards(
        CreateModel(
            "Author",
            [("id", dorm.BigAutoField()), ("name", dorm.CharField(max_length=40))],
            managers=[("objects", Manager()), ("short", ShortNames())],
        ),
        CreateModel(
            "Book",
            [
                ("id", dorm.BigAutoField()),
                ("author", dorm.ForeignKey("Author", dorm.CASCADE, related_name="books")),
                ("fans", dorm.ManyToManyField("Author", related_name="liked")),
            ],
        ),
    )
    return made


# -- SQL ------------------------------------------------------------------------------------------


def test_sql_is_a_text_of_several_statements(project: Project) -> None:
    project.there_and_back(
        RunSQL(
            "CREATE TABLE one (x integer); CREATE TABLE two (x integer);",
            "DROP TABLE one; DROP TABLE two;",
        )
    )

    assert {"one", "two"} <= project.found().keys()


def test_sql_is_a_list_of_statements_with_parameters(project: Project, call: Any) -> None:
    project.forwards(
        RunSQL(
            [
                ("INSERT INTO shop_author (name) VALUES (%s), (%s)", ["Ada", "100 %"]),
                "UPDATE shop_author SET name = 'Bob %s' WHERE name = '100 %'",
            ]
        )
    )

    assert call.list(project.model("Author").objects.order_by("name").values_list("name", flat=True)) == [
        "Ada",
        "Bob %s",
    ]


def test_sql_that_cannot_be_undone_says_so(project: Project) -> None:
    project.forwards(RunSQL("CREATE TABLE one (x integer)"))

    with pytest.raises(IrreversibleError):
        project.backwards()


def test_sql_without_a_way_back_may_be_noop(project: Project) -> None:
    project.forwards(RunSQL(RunSQL.noop, RunSQL.noop))

    project.backwards()


def test_sql_says_by_operations_what_it_does_to_the_state(project: Project, call: Any) -> None:
    project.there_and_back(
        RunSQL(
            "ALTER TABLE shop_author ADD COLUMN age integer",
            "ALTER TABLE shop_author DROP COLUMN age",
            state_operations=[AddField("Author", "age", dorm.IntegerField(null=True))],
        )
    )

    assert call(project.model("Author").objects.create, name="Ada", age=36).age == 36


# -- Python ---------------------------------------------------------------------------------------


def test_a_function_gets_the_app_and_its_models_by_name(project: Project, call: Any) -> None:
    def forwards(app_label: str, registry: Any) -> None:
        assert app_label == LABEL
        registry["Author"].objects.create(name="Ada")

    def backwards(app_label: str, registry: Any) -> None:
        registry["Author"].objects.filter(name="Ada").delete()

    project.forwards(RunPython(forwards, backwards))
    assert call(project.model("Author").objects.count) == 1

    project.backwards()
    assert call(project.model("Author").objects.count) == 0


def test_a_function_with_the_names_of_django_gets_what_these_mean(project: Project, call: Any) -> None:
    def forwards(apps: Any, schema_editor: Any) -> None:
        author = (
            apps.get_model("shop", "Author").objects.using(schema_editor.connection.alias).create(name="Ada")
        )
        schema_editor.execute("UPDATE shop_author SET name = %s WHERE id = %s", ["Bob", author.pk])

    project.forwards(RunPython(forwards, RunPython.noop))

    assert call(project.model("Author").objects.get).name == "Bob"


def test_the_connection_is_of_the_colour_of_the_function(project: Project, call: Any) -> None:
    def forwards(apps: Any, schema_editor: Any) -> None:
        schema_editor.connection.execute("INSERT INTO shop_author (name) VALUES (%s)", ["Ada"])
        with dorm.transaction.atomic():
            apps["Author"].objects.create(name="Bob")
        assert len(list(apps["Author"].objects.iterator())) == 2

    async def aforwards(apps: Any, schema_editor: Any) -> None:
        await schema_editor.connection.execute("INSERT INTO shop_author (name) VALUES (%s)", ["Zoe"])
        async with dorm.transaction.aatomic():
            await schema_editor.aexecute("UPDATE shop_author SET name = 'Yan' WHERE name = 'Zoe'")

    project.forwards(RunPython(forwards), RunPython(aforwards))

    names = call.list(project.model("Author").objects.order_by("name").values_list("name", flat=True))
    assert names == ["Ada", "Bob", "Yan"]


def test_a_function_may_be_an_object_that_is_called(project: Project, call: Any) -> None:
    async def make(name: str, app_label: str, registry: Any) -> None:
        await registry["Author"].objects.acreate(name=name)

    class Maker:
        def __call__(self, apps: Any, schema_editor: Any) -> None:
            apps["Author"].objects.create(name="Bob")

    project.forwards(RunPython(partial(make, "Ada")), RunPython(Maker()))

    assert call(project.model("Author").objects.count) == 2


def test_a_coroutine_function_runs_on_either_face(project: Project, call: Any) -> None:
    async def forwards(app_label: str, registry: Any) -> None:
        import asyncio

        author = await registry["Author"].objects.acreate(name="Ada")
        await asyncio.sleep(0)
        await registry["Book"].objects.aget_or_create(author=author)

    project.forwards(RunPython(forwards))

    assert call(project.model("Book").objects.count) == 1


def test_models_have_their_relations_and_managers(project: Project, call: Any) -> None:
    seen: list[Any] = []

    def forwards(apps: Any, schema_editor: Any) -> None:
        Author, Book = apps.get_model("shop.Author"), apps["Book"]
        ada, zoe = Author.objects.create(name="Ada"), Author.objects.create(name="Zoe")
        book = Book.objects.create(author=zoe)
        book.fans.add(ada)
        seen.append([author.name for author in Author.short.all()])
        seen.append(list(Author.objects.filter(books__fans__name="Ada").values_list("name", flat=True)))
        seen.append(zoe.books.count())
        seen.append(Book.objects.select_related("author").get().author.name)
        seen.append(ada.liked.get() == book)

    project.forwards(RunPython(forwards))

    assert seen == [["Ada"], ["Zoe"], 1, "Zoe", True]


def test_what_a_function_does_is_undone_when_it_fails(project: Project, call: Any) -> None:
    def forwards(app_label: str, registry: Any) -> None:
        registry["Author"].objects.create(name="Ada")
        raise ZeroDivisionError("on purpose")

    async def aforwards(app_label: str, registry: Any) -> None:
        await registry["Author"].objects.acreate(name="Ada")
        raise ZeroDivisionError("on purpose")

    for function in (forwards, aforwards):
        with pytest.raises(ZeroDivisionError):
            project.forwards(RunPython(function))

    assert call(project.model("Author").objects.count) == 0


def test_a_table_can_be_changed_after_a_function_has_written_into_it(project: Project, call: Any) -> None:
    def forwards(app_label: str, registry: Any) -> None:
        author = registry["Author"].objects.create(name="Ada")
        registry["Book"].objects.create(author=author)

    operations = [RunPython(forwards, RunPython.noop), AddField("Book", "title", dorm.TextField(default="-"))]
    project.together(*operations)

    assert call(project.model("Book").objects.get).title == "-"


def test_a_function_that_cannot_be_undone_says_so(project: Project) -> None:
    project.forwards(RunPython(RunPython.noop))

    with pytest.raises(IrreversibleError, match="Run Python"):
        project.backwards()


def test_a_name_that_is_no_model_is_told_with_the_nearest(project: Project) -> None:
    with pytest.raises(LookupError, match="Did you mean 'Author'"):
        project.state.apps.get_model("shop", "Auther")
    with pytest.raises(KeyError, match="Did you mean 'Author'"):
        project.state.apps["Auther"]


def test_models_of_a_migration_are_seen_by_no_one_else(project: Project) -> None:
    from dorm.meta.registry import registry

    project.state.apps.get_model("shop", "Author")

    assert not any(label.startswith("shop.") for label in registry.models)


# -- apart ----------------------------------------------------------------------------------------


def test_the_state_and_the_database_are_changed_apart(project: Project, call: Any) -> None:
    project.there_and_back(
        SeparateDatabaseAndState(
            database_operations=[
                RunSQL(
                    "ALTER TABLE shop_author ADD COLUMN age integer",
                    "ALTER TABLE shop_author DROP COLUMN age",
                )
            ],
            state_operations=[AddField("Author", "age", dorm.IntegerField(null=True))],
        )
    )

    assert call(project.model("Author").objects.create, name="Ada", age=36).age == 36


def test_database_operations_alone_leave_the_state(project: Project) -> None:
    field = AddField("Author", "age", dorm.IntegerField(null=True))
    project.there_and_back(SeparateDatabaseAndState(database_operations=[field]))

    assert "age" in project.found()["shop_author"]["columns"]
    assert "age" not in project.state.model(LABEL, "Author")["fields"]
    with pytest.raises(MigrationError, match="has no field"):
        project.state.field(LABEL, "Author", "age", "here")


def test_a_function_works_on_the_database_that_is_migrated(call: Any, tmp_path: Any) -> None:
    other = {"ENGINE": "sqlite", "NAME": str(tmp_path / "other.sqlite3")}
    dorm.configure(DATABASES={**dorm.settings.DATABASES, "other": other})
    project = Project(call, alias="other")
    seen: list[int] = []

    def forwards(app_label: str, registry: Any) -> None:
        author = registry["Author"](name="Ada")
        author.save()
        seen.append(registry["Author"].objects.count())

    async def aforwards(app_label: str, registry: Any) -> None:
        author = await registry["Author"].objects.acreate(name="Bob")
        await author.asave()
        seen.append(await registry["Author"].objects.acount())

    project.forwards(
        CreateModel("Author", [("id", dorm.BigAutoField()), ("name", dorm.TextField())]),
        RunPython(forwards),
        RunPython(aforwards),
    )

    assert seen == [1, 2]
    assert call(project.model("Author").objects.using("other").count) == 2


def test_a_table_of_pairs_may_be_given_a_model_by_the_state_alone(project: Project, call: Any) -> None:
    project.there_and_back(
        SeparateDatabaseAndState(
            state_operations=[
                CreateModel(
                    "Fan",
                    [
                        ("id", dorm.BigAutoField()),
                        ("book", dorm.ForeignKey("Book", dorm.CASCADE)),
                        ("author", dorm.ForeignKey("Author", dorm.CASCADE)),
                    ],
                    {"db_table": "shop_book_fans", "unique_together": [("book", "author")]},
                ),
                AlterField(
                    "Book", "fans", dorm.ManyToManyField("Author", through="Fan", related_name="liked")
                ),
            ]
        )
    )

    author = call(project.model("Author").objects.create, name="Ada")
    book = call(project.model("Book").objects.create, author=author)
    call(project.model("Fan").objects.create, book=book, author=author)
    assert call(book.fans.count) == 1
    assert project.found() == project.expected()
