"""Each operation forwards, backwards and forwards, with rows in the tables, on both databases.

After each, the database says of itself what it says when the tables are made at once.
"""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm.exceptions import FieldError, IntegrityError, MigrationError
from dorm.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    AlterModelTable,
    AlterModelTableComment,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameIndex,
    RenameModel,
)
from dorm.models import CheckConstraint, UniqueConstraint
from tests.migrations.project import LABEL, Project


def author() -> CreateModel:
    return CreateModel(
        "Author",
        [
            ("id", dorm.BigAutoField()),
            ("name", dorm.CharField(max_length=40)),
            ("age", dorm.PositiveIntegerField(null=True)),
            ("email", dorm.EmailField(unique=True, null=True)),
        ],
    )


def book() -> CreateModel:
    return CreateModel(
        "Book",
        [
            ("id", dorm.BigAutoField()),
            ("title", dorm.CharField(max_length=100)),
            ("author", dorm.ForeignKey("Author", dorm.CASCADE, related_name="books")),
            ("price", dorm.DecimalField(max_digits=8, decimal_places=2, null=True)),
            ("editors", dorm.ManyToManyField("shop.Author", related_name="edited")),
        ],
    )


@pytest.fixture
def project(call: Any) -> Project:
    """A project with two authors, two books, and an editor of one."""
    made = Project(call)
    made.forwards(author(), book())
    Author, Book = made.model("Author"), made.model("Book")
    ada = call(Author.objects.create, name="Ada", age=36, email="ada@example.com")
    bob = call(Author.objects.create, name="Bob")
    notes = call(Book.objects.create, title="Notes", author=ada, price=9)
    call(Book.objects.create, title="Letters", author=ada)
    call(notes.editors.add, bob)
    return made


FIELDS = {
    "a nullable column": AddField("Author", "note", dorm.TextField(null=True)),
    "a column with a default": AddField("Author", "score", dorm.IntegerField(default=7)),
    "a column with a one-off default": AddField(
        "Author", "score", dorm.IntegerField(default=7), preserve_default=False
    ),
    "a column with a default of the database": AddField("Author", "score", dorm.IntegerField(db_default=7)),
    "a column with an index": AddField("Author", "score", dorm.IntegerField(null=True, db_index=True)),
    "a unique column": AddField("Author", "code", dorm.CharField(max_length=9, null=True, unique=True)),
    "a positive column": AddField("Author", "size", dorm.PositiveIntegerField(default=0)),
    "a blank text": AddField("Author", "motto", dorm.CharField(max_length=9, blank=True)),
    "a moment": AddField("Author", "added", dorm.DateTimeField(auto_now_add=True)),
    "a key": AddField(
        "Book", "second", dorm.ForeignKey("Author", dorm.SET_NULL, null=True, related_name="+")
    ),
    "a key to itself": AddField("Author", "boss", dorm.ForeignKey("self", dorm.CASCADE, null=True)),
    "a computed column": AddField(
        "Author",
        "double",
        dorm.GeneratedField(expression=dorm.F("age") * 2, output_field=dorm.IntegerField(null=True)),
    ),
    "many to many": AddField("Author", "friends", dorm.ManyToManyField("self")),
    "many to many of another": AddField("Author", "liked", dorm.ManyToManyField("Book", related_name="fans")),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_added_and_removed(project: Project, call: Any, name: str) -> None:
    operation = FIELDS[name]

    project.there_and_back(operation)

    assert call(project.model("Author").objects.count) == 2
    assert call(project.model("Book").objects.count) == 2
    assert project.found() == project.expected()


@pytest.mark.parametrize("name", [name for name in FIELDS if "one-off" not in name])
def test_a_field_is_removed_and_added_again(project: Project, call: Any, name: str) -> None:
    operation: Any = FIELDS[name]
    project.forwards(operation)

    project.there_and_back(RemoveField(operation.model_name, operation.name))

    assert call(project.model("Author").objects.count) == 2
    assert project.found() == project.expected()


def test_rows_get_the_default_of_an_added_field(project: Project, call: Any) -> None:
    project.forwards(
        AddField("Author", "score", dorm.IntegerField(default=7)),
        AddField("Author", "level", dorm.IntegerField(default=3), preserve_default=False),
        AddField("Author", "rank", dorm.IntegerField(db_default=5)),
    )

    rows = call.list(project.model("Author").objects.values_list("score", "level", "rank"))
    assert rows == [(7, 3, 5), (7, 3, 5)]
    assert not project.state.field(LABEL, "Author", "level").has_default()


ALTERED = {
    "longer": AlterField("Author", "name", dorm.CharField(max_length=80)),
    "text": AlterField("Author", "name", dorm.TextField()),
    "unique": AlterField("Author", "name", dorm.CharField(max_length=40, unique=True)),
    "indexed": AlterField("Author", "name", dorm.CharField(max_length=40, db_index=True)),
    "nullable": AlterField("Author", "name", dorm.CharField(max_length=40, null=True)),
    "no null": AlterField("Author", "age", dorm.PositiveIntegerField(default=1)),
    "not unique": AlterField("Author", "email", dorm.EmailField(null=True)),
    "may be negative": AlterField("Author", "age", dorm.IntegerField(null=True)),
    "bigger": AlterField("Author", "age", dorm.PositiveBigIntegerField(null=True)),
    "number to text": AlterField("Author", "age", dorm.CharField(max_length=9, null=True)),
    "number to decimal": AlterField(
        "Author", "age", dorm.DecimalField(max_digits=9, decimal_places=2, null=True)
    ),
    "default of the database": AlterField(
        "Author", "age", dorm.PositiveIntegerField(null=True, db_default=4)
    ),
    "another column": AlterField("Author", "name", dorm.CharField(max_length=40, db_column="called")),
    "smaller key": AlterField("Author", "id", dorm.AutoField()),
    "unnumbered key": AlterField("Author", "id", dorm.BigIntegerField(primary_key=True)),
    "text key": AlterField("Author", "id", dorm.CharField(max_length=9, primary_key=True)),
    "one to one": AlterField("Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, db_index=False)),
    "key without constraint": AlterField(
        "Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, db_constraint=False)
    ),
    "cascade of the database": AlterField("Book", "author", dorm.ForeignKey("Author", dorm.DB_CASCADE)),
    "key to plain": AlterField("Book", "author", dorm.BigIntegerField()),
    "nothing": AlterField("Author", "name", dorm.CharField(max_length=40, verbose_name="Name", blank=True)),
    "pairs elsewhere": AlterField(
        "Book", "editors", dorm.ManyToManyField("Author", related_name="edited", db_table="editing")
    ),
}


@pytest.mark.parametrize("name", ALTERED)
def test_a_field_is_altered_there_and_back(project: Project, call: Any, name: str) -> None:
    project.there_and_back(ALTERED[name])

    Author, Book = project.model("Author"), project.model("Book")
    assert sorted(call.list(Author.objects.values_list("name", flat=True))) == ["Ada", "Bob"]
    assert call(Book.objects.count) == 2
    through = Book._meta.get_field("editors").through
    assert call(through.objects.count) == 1
    assert project.found() == project.expected()


def test_values_are_kept_as_the_type_of_their_column_changes(project: Project, call: Any) -> None:
    project.forwards(
        AlterField("Author", "age", dorm.CharField(max_length=9, null=True)),
        AlterField("Book", "price", dorm.FloatField(null=True)),
    )

    assert call(project.model("Author").objects.get, name="Ada").age == "36"
    assert call(project.model("Book").objects.get, title="Notes").price == 9.0

    project.forwards(AlterField("Author", "age", dorm.PositiveSmallIntegerField(null=True)))
    assert call(project.model("Author").objects.get, name="Ada").age == 36


def test_rows_without_a_value_get_the_default_when_null_is_gone(project: Project, call: Any) -> None:
    project.forwards(
        AlterField("Author", "age", dorm.IntegerField(default=1), preserve_default=False),
        AlterField("Author", "email", dorm.CharField(max_length=40, db_default="none")),
    )

    bob = call(project.model("Author").objects.get, name="Bob")
    assert (bob.age, bob.email) == (1, "none")
    assert not project.state.field(LABEL, "Author", "age").has_default()


def test_numbering_goes_on_where_it_was(project: Project, call: Any) -> None:
    project.forwards(AlterField("Author", "id", dorm.BigIntegerField(primary_key=True)))
    call(project.model("Author").objects.create, id=50, name="Zoe")

    project.forwards(AlterField("Author", "id", dorm.BigAutoField()))

    assert call(project.model("Author").objects.create, name="Yan").pk == 51


def test_an_alteration_that_the_database_does_not_see_sends_nothing(
    project: Project, statements: Any
) -> None:
    with statements() as sent:
        project.forwards(ALTERED["nothing"])

    assert [each for each in sent if not each.startswith(("BEGIN", "COMMIT", "SELECT"))] == []


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        RenameField("Author", "name", "title"),
        RenameField("Author", "email", "mail"),
        RenameField("Book", "author", "writer"),
        RenameField("Book", "editors", "correctors"),
        RenameModel("Author", "Writer"),
        RenameModel("Book", "Volume"),
        AlterModelTable("Author", "people"),
        AlterModelTable("Book", "books"),
    ],
    ids=repr,
)
def test_names_change_there_and_back(project: Project, call: Any, operation: Any) -> None:
    project.there_and_back(operation)

    models = {model.__name__: model for model in project.state.apps.get_models()}
    people, things = models.get("Author") or models["Writer"], models.get("Book") or models["Volume"]
    pairs = next(field for field in things._meta.many_to_many if field.makes_table).through
    assert [call(model.objects.count) for model in (people, things, pairs)] == [2, 2, 1]
    assert project.found() == project.expected()


def test_what_names_a_field_follows_its_new_name(project: Project) -> None:
    project.forwards(
        AddIndex("Author", dorm.Index(fields=["name", "-age"], name="by_name")),
        AddConstraint("Author", CheckConstraint(condition=dorm.Q(age__lt=200), name="not_too_old")),
        AddConstraint("Author", UniqueConstraint(fields=["name", "age"], name="one_of_each")),
        AlterUniqueTogether("Author", [("name", "email")]),
        AlterModelOptions("Author", {"ordering": ["-age", "name"]}),
        AddField(
            "Author",
            "double",
            dorm.GeneratedField(expression=dorm.F("age") * 2, output_field=dorm.IntegerField(null=True)),
        ),
    )

    project.there_and_back(RenameField("Author", "age", "years"))
    project.there_and_back(RenameField("Author", "name", "title"))

    options = project.state.model(LABEL, "Author")["options"]
    assert options["ordering"] == ["-years", "title"]
    assert options["unique_together"] == (("title", "email"),)
    assert options["indexes"][0].fields == ["title", "-years"]
    assert project.found() == project.expected()


def test_a_model_whose_table_meta_names_keeps_it(project: Project) -> None:
    project.forwards(AlterModelTable("Author", "people"), RenameModel("Author", "Writer"))

    assert "people" in project.found()
    assert project.state.field(LABEL, "Book", "author").to == "Writer"


# -- models ---------------------------------------------------------------------------------------


def test_a_model_is_made_and_dropped(project: Project) -> None:
    project.there_and_back(
        CreateModel(
            "Shelf",
            [
                ("id", dorm.AutoField()),
                ("books", dorm.ManyToManyField("Book")),
                ("keeper", dorm.OneToOneField("Author", dorm.SET_NULL, null=True)),
            ],
            {
                "indexes": [dorm.Index(fields=["keeper"], name="by_keeper")],
                "constraints": [CheckConstraint(condition=dorm.Q(id__gt=0), name="above_zero")],
                "db_table_comment": "Where books stand",
            },
        )
    )

    assert project.found() == project.expected()


def test_a_model_is_dropped_and_made_again(project: Project) -> None:
    project.there_and_back(DeleteModel("Book"))

    assert project.found().keys() == {"shop_author"}


def test_a_proxy_has_no_table(project: Project, call: Any) -> None:
    project.there_and_back(CreateModel("Famous", [], {"proxy": True}, bases=["shop.Author"]))

    assert call(project.model("Famous").objects.count) == 2


def test_an_unmanaged_model_is_left_alone(project: Project) -> None:
    project.there_and_back(CreateModel("Elsewhere", [("id", dorm.AutoField())], {"managed": False}))

    assert "shop_elsewhere" not in project.found()


def test_what_the_database_does_not_see_changes_the_state_alone(project: Project) -> None:
    project.there_and_back(AlterModelOptions("Author", {"ordering": ["name"], "verbose_name": "writer"}))
    project.there_and_back(AlterModelManagers("Author", []))

    assert project.model("Author")._meta.ordering == ("name",)
    assert project.found() == project.expected()


def test_comments_are_changed(project: Project) -> None:
    project.there_and_back(AlterModelTableComment("Author", "Who writes"))
    project.there_and_back(
        AlterField("Author", "name", dorm.CharField(max_length=40, db_comment="100 % of it"))
    )

    assert project.found() == project.expected()


# -- indexes and constraints ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        AddIndex("Author", dorm.Index(fields=["name"])),
        AddIndex("Author", dorm.Index(fields=["-name", "age"], name="by_name", unique=True)),
        AddIndex("Book", dorm.Index(fields=["author", "title"], name="by_author")),
        AddIndex("Author", dorm.Index(dorm.Lower("name"), name="by_lower_name")),
        AddIndex("Author", dorm.Index(fields=["age"], name="of_old", condition=dorm.Q(age__gt=30))),
        AddConstraint("Author", CheckConstraint(condition=dorm.Q(age__gte=18), name="of_age")),
        AddConstraint("Author", UniqueConstraint(fields=["name", "age"], name="one_of_each")),
        AddConstraint(
            "Author", UniqueConstraint(fields=["name"], condition=dorm.Q(age=None), name="one_of_no_age")
        ),
        AlterUniqueTogether("Author", [("name", "age"), ("name", "email")]),
        AlterUniqueTogether("Book", [["author", "title"]]),
    ],
    ids=repr,
)
def test_indexes_and_constraints_come_and_go(project: Project, call: Any, operation: Any) -> None:
    project.there_and_back(operation)

    assert call(project.model("Author").objects.count) == 2
    assert project.found() == project.expected()


def test_indexes_and_constraints_are_removed_by_name(project: Project) -> None:
    project.forwards(
        AddIndex("Author", dorm.Index(fields=["name"], name="by_name")),
        AddConstraint("Author", CheckConstraint(condition=dorm.Q(age__gte=18), name="of_age")),
    )

    project.there_and_back(RemoveIndex("Author", name="by_name"))
    project.there_and_back(RemoveConstraint("Author", "of_age"))

    assert project.found() == project.expected()


def test_an_index_gets_another_name(project: Project) -> None:
    project.forwards(
        AddIndex("Author", dorm.Index(fields=["name"], name="by_name")),
        AddIndex("Author", dorm.Index(fields=["age"])),
    )

    project.there_and_back(RenameIndex("Author", new_name="by_names", old_name="by_name"))
    project.there_and_back(RenameIndex("Author", new_name="by_age", old_fields=["age"]))

    assert project.found()["shop_author"]["indexes"].keys() >= {"by_names", "by_age"}
    assert project.found() == project.expected()


def test_an_index_may_be_over_a_column_that_the_state_does_not_know(project: Project) -> None:
    project.sql("ALTER TABLE shop_author ADD COLUMN by_hand integer")

    project.there_and_back(AddIndex("Author", dorm.Index(fields=["by_hand"], name="of_hand")))
    project.forwards(AlterField("Author", "name", dorm.CharField(max_length=50)))

    assert "of_hand" in project.found()["shop_author"]["indexes"]


# -- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation, said",
    [
        (AddField("Auther", "x", dorm.TextField()), "no model 'Auther' here. Did you mean 'Author'"),
        (RemoveField("Author", "nane"), "no field 'nane' here. Did you mean 'name'"),
        (AlterField("Author", "nane", dorm.TextField()), "no field 'nane' here. Did you mean 'name'"),
        (RenameField("Author", "nane", "x"), "no field 'nane' here. Did you mean 'name'"),
        (RenameField("Author", "name", "age"), "there is a field of that name"),
        (RenameModel("Author", "Book"), "there is one of that name"),
        (DeleteModel("Auther"), "no model 'Auther' here. Did you mean 'Author'"),
        (RemoveIndex("Author", name="by_name"), "no index 'by_name'"),
        (RemoveConstraint("Author", "of_age"), "no constraint 'of_age'"),
        (AddField("Author", "name", dorm.TextField()), "a field of that name already"),
        (AlterField("Book", "editors", dorm.TextField()), "remove the field, and add the new one"),
        (
            AlterField("Book", "title", dorm.ManyToManyField("Author")),
            "remove the field, and add the new one",
        ),
        (AlterUniqueTogether("Author", [("nane", "age")]), "no field 'nane' here. Did you mean 'name'"),
    ],
    ids=repr,
)
def test_a_name_that_is_not_there_is_told(project: Project, operation: Any, said: str) -> None:
    with pytest.raises(MigrationError, match=said.replace("?", r"\?")):
        project.forwards(operation)


@pytest.mark.parametrize(
    "operation",
    [
        AddField("Author", "score", dorm.IntegerField()),
        AlterField("Author", "age", dorm.IntegerField()),
    ],
    ids=repr,
)
def test_rows_without_a_value_are_counted(project: Project, operation: Any) -> None:
    before = project.found()

    with pytest.raises(MigrationError, match=rf"shop.Author.{operation.name}: \d rows? ha.* no value for it"):
        project.forwards(operation)

    assert project.found() == before


@pytest.mark.parametrize(
    "field",
    [
        dorm.IntegerField(),
        dorm.CharField(max_length=2),
        dorm.DateField(),
        dorm.UUIDField(),
        dorm.BooleanField(),
        dorm.JSONField(),
        dorm.DecimalField(max_digits=5, decimal_places=2),
    ],
    ids=repr,
)
def test_values_that_do_not_fit_are_told_and_nothing_changes(project: Project, call: Any, field: Any) -> None:
    before = project.found()

    with pytest.raises(MigrationError, match=r"shop\.Author\.name: what the column holds cannot become"):
        project.forwards(AlterField("Author", "name", field))

    assert project.found() == before
    assert sorted(call.list(project.model("Author").objects.values_list("name", flat=True))) == ["Ada", "Bob"]


@pytest.mark.parametrize(
    "operation",
    [
        AlterField("Book", "author", dorm.OneToOneField("Author", dorm.CASCADE)),
        AddConstraint("Author", CheckConstraint(condition=dorm.Q(age__gte=40), name="of_age")),
        AddConstraint("Book", UniqueConstraint(fields=["author"], name="one_book")),
        AlterUniqueTogether("Book", [("author",)]),
        AddIndex("Book", dorm.Index(fields=["author"], unique=True, name="one_book")),
    ],
    ids=repr,
)
def test_rows_that_do_not_hold_to_a_constraint_are_an_error(project: Project, operation: Any) -> None:
    before = project.found()

    with pytest.raises(IntegrityError):
        project.forwards(operation)

    assert project.found() == before


def test_rows_that_refer_to_nothing_are_told_when_a_key_is_made(project: Project, call: Any) -> None:
    project.forwards(AlterField("Book", "author", dorm.BigIntegerField()))
    call(project.model("Book").objects.update, author=77)
    before = project.found()

    with pytest.raises(IntegrityError):
        project.forwards(AlterField("Book", "author", dorm.ForeignKey("Author", dorm.CASCADE)))

    assert project.found() == before


def test_an_index_over_no_column_is_an_error(project: Project) -> None:
    with pytest.raises(FieldError, match="'nane'"):
        project.forwards(AddIndex("Author", dorm.Index(fields=["nane"], name="by_nane")))


def test_a_table_that_is_there_is_not_made_again(project: Project) -> None:
    project.sql("CREATE TABLE shop_shelf (x integer)")

    with pytest.raises(dorm.DatabaseError, match="shop_shelf"):
        project.forwards(CreateModel("Shelf", [("id", dorm.AutoField())]))


# -- states that tell little ----------------------------------------------------------------------


def test_backwards_finds_the_model_in_either_state(project: Project) -> None:
    operation = AddField("Author", "note", dorm.TextField(null=True))
    project.forwards(operation)
    before, after = project.states[-2:]

    for old, new in ((after, before), (before, after), (before, before), (after, after)):
        project.database(operation, "database_backwards", old, new)
        assert "note" not in project.found()["shop_author"]["columns"]
        project.database(operation, "database_forwards", old, new)
        assert "note" in project.found()["shop_author"]["columns"]


def test_a_model_is_made_of_its_own_fields_whatever_the_state_says(call: Any) -> None:
    project = Project(call)
    empty = project.state

    project.database(author(), "database_forwards", empty, empty)
    assert project.found().keys() == {"shop_author"}

    project.database(author(), "database_backwards", empty, empty)
    assert project.found() == {}
