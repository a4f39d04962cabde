"""What a state knows of models, and how operations change it, reduce and tell of themselves."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm.exceptions import MigrationError
from dorm.meta.registry import registry
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
    Operation,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameIndex,
    RenameModel,
    RunPython,
    RunSQL,
)
from dorm.migrations.references import same_field
from dorm.migrations.state import ProjectState
from dorm.models import CheckConstraint
from dorm.queryset.manager import Manager


class Living(Manager[Any]):
    use_in_migrations = True


class Person(dorm.Model):
    name = dorm.CharField(max_length=20)
    objects = Living()

    class Meta:
        app_label = "state"
        ordering = ["name"]
        indexes = [dorm.Index(fields=["name"], name="by_%(class)s")]


class Club(dorm.Model):
    members = dorm.ManyToManyField(Person, related_name="clubs")
    head = dorm.ForeignKey(Person, dorm.CASCADE, related_name="+")

    class Meta:
        app_label = "state"
        db_table = "clubs"


class Guest(Person):
    class Meta:
        app_label = "state"
        proxy = True


# -- from the models that are defined -------------------------------------------------------------


def test_a_state_of_the_models_has_their_fields_and_what_meta_says() -> None:
    state = ProjectState.from_apps("state")

    assert state.models.keys() == {"state.person", "state.club", "state.guest"}
    person, club = state.models["state.person"], state.models["state.club"]
    assert person["name"] == "Person"
    assert list(person["fields"]) == ["id", "name"]
    assert all(field.model is None for field in person["fields"].values())
    assert person["options"]["ordering"] == ("name",)
    assert [index.name for index in person["options"]["indexes"]] == ["by_person"]
    assert club["options"] == {"db_table": "clubs"}
    assert club["fields"]["head"].to == "state.Person"
    assert list(person["managers"]) == ["objects"]
    assert state.models["state.guest"]["bases"] == ("state.Person",)


def test_a_state_of_all_models_has_those_of_every_app() -> None:
    assert {"state.person", "state.club"} <= ProjectState.from_apps().models.keys()


def test_classes_of_a_state_are_like_those_it_was_made_from_and_others() -> None:
    apps = ProjectState.from_apps("state").apps

    historical = apps.get_model("state", "Club")
    assert historical is not Club
    assert historical._meta.db_table == "clubs"
    assert historical.members.relation.through._meta.db_table == "clubs_members"
    assert isinstance(apps["Person"].objects, Living)
    assert apps["Guest"]._meta.concrete_model is apps["Person"]
    assert registry.models["state.Club"] is Club


def test_classes_are_kept_until_the_state_changes() -> None:
    state = ProjectState.from_apps("state")
    apps = state.apps

    assert state.apps is apps
    state.models["state.person"]["fields"]["age"] = dorm.IntegerField()
    assert "age" in state.apps["Person"]._meta.by_attname


def test_a_model_that_the_state_does_not_know_is_taken_from_those_that_are_defined() -> None:
    state = ProjectState()
    state.add_model("elsewhere", "Card", {"owner": dorm.ForeignKey("state.Person", dorm.CASCADE)})

    card = state.apps.get_model("elsewhere", "Card")

    assert card._meta.get_field("owner").target.name == "Person"
    assert not hasattr(Person, "card_set")


def test_a_clone_is_independent() -> None:
    state = ProjectState.from_apps("state")
    clone = state.clone()

    clone.models["state.person"]["fields"].pop("name")
    clone.models["state.person"]["options"]["indexes"].clear()
    clone.remove_model("state", "Club")

    assert "name" in state.models["state.person"]["fields"]
    assert state.models["state.person"]["options"]["indexes"]
    assert state.get_model("state", "club") is not None
    assert clone.get_model("state", "club") is None


# -- operations on a state ------------------------------------------------------------------------


def state_with(*operations: Operation) -> ProjectState:
    state = ProjectState()
    for operation in operations:
        operation.state_forwards("blog", state)
    return state


AUTHOR = CreateModel("Author", [("id", dorm.AutoField()), ("name", dorm.CharField(max_length=9))])
POST = CreateModel(
    "Post",
    [
        ("id", dorm.AutoField()),
        ("author", dorm.ForeignKey("Author", dorm.CASCADE)),
        ("parent", dorm.ForeignKey("self", dorm.CASCADE, null=True)),
        ("readers", dorm.ManyToManyField("blog.Author", related_name="+")),
    ],
)


def test_relations_follow_the_new_name_of_a_model() -> None:
    state = state_with(AUTHOR, POST, RenameModel("Author", "Writer"), RenameModel("Post", "Note"))

    fields = state.model("blog", "Note")["fields"]
    assert [fields[name].to for name in ("author", "parent", "readers")] == ["Writer", "self", "blog.Writer"]
    assert fields["author"].clone().to == "Writer"
    assert state.apps["Note"]._meta.get_field("parent").related_model is state.apps["Note"]


def test_a_key_to_a_field_follows_its_new_name() -> None:
    state = state_with(
        CreateModel("Author", [("id", dorm.AutoField()), ("code", dorm.IntegerField(unique=True))]),
        CreateModel("Post", [("author", dorm.ForeignKey("Author", dorm.CASCADE, to_field="code"))]),
        RenameField("Author", "code", "number"),
    )

    assert state.field("blog", "Post", "author").clone().to_field == "number"


@pytest.mark.parametrize("operation", [RunSQL("SELECT 1"), RunPython(RunPython.noop)], ids=repr)
def test_sql_and_python_leave_the_state_alone(operation: Operation) -> None:
    state = state_with(AUTHOR)
    before = state.clone()

    operation.state_forwards("blog", state)

    assert state == before


@pytest.mark.parametrize("name", ["Auther", "Posts"])
def test_a_model_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(MigrationError, match=f"no model '{name}'"):
        state_with(AUTHOR, AddField(name, "age", dorm.IntegerField()))


# -- what operations say --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation, said, names",
    [
        (AUTHOR, "Create model Author", ["CreateModel", "Author"]),
        (DeleteModel("Author"), "Delete model Author", ["DeleteModel", "Author"]),
        (RenameModel("A", "B"), "Rename model A to B", ["RenameModel", "A", "B"]),
        (AddField("Author", "age", dorm.IntegerField()), "Add field age to Author", ["AddField", "age"]),
        (RemoveField("Author", "age"), "Remove field age from Author", ["RemoveField", "Author", "age"]),
        (AlterField("Author", "age", dorm.IntegerField()), "Alter field age on Author", ["AlterField"]),
        (RenameField("Author", "age", "years"), "Rename field age on Author to years", ["years"]),
        (AddIndex("Author", dorm.Index(fields=["age"], name="by_age")), "Create index by_age on Author", []),
        (RemoveIndex("Author", dorm.Index(fields=["age"])), "Remove index over age from Author", []),
        (RunSQL("SELECT 1"), "Run SQL", ["RunSQL", "SELECT 1"]),
        (RunPython(RunPython.noop), "Run Python", ["RunPython", "noop"]),
    ],
    ids=repr,
)
def test_operations_tell_what_they_are_about(operation: Operation, said: str, names: list[str]) -> None:
    assert operation.describe() == said
    assert all(name in repr(operation) for name in names)


@pytest.mark.parametrize(
    "operation",
    [
        AUTHOR,
        AddField("Author", "age", dorm.IntegerField(default=3), preserve_default=False),
        RenameIndex("Author", new_name="b", old_name="a"),
        RunSQL("SELECT 1", "SELECT 2", elidable=True),
    ],
    ids=repr,
)
def test_an_operation_is_made_again_from_its_arguments(operation: Operation) -> None:
    name, args, kwargs = operation.deconstruct()

    assert type(operation)(*args, **kwargs) == operation
    assert name == type(operation).__name__


def test_fields_are_the_same_when_their_calls_say_the_same() -> None:
    here, there = dorm.ForeignKey("Author", dorm.CASCADE), dorm.ForeignKey("blog.author", dorm.CASCADE)
    assert same_field(here, there, "blog")
    assert same_field(dorm.CharField(max_length=9), dorm.CharField(max_length=9, null=False), "blog")
    assert not same_field(dorm.CharField(max_length=9), dorm.TextField(), "blog")
    assert not same_field(dorm.CharField(default="a"), dorm.CharField(default="b"), "blog")


# -- together -------------------------------------------------------------------------------------

AGE = dorm.IntegerField()
CHECK = CheckConstraint(condition=dorm.Q(age__gt=0), name="positive")
BY_AGE = dorm.Index(fields=["age"], name="by_age")


@pytest.mark.parametrize(
    "first, second, left",
    [
        (AUTHOR, DeleteModel("Author"), []),
        (AddField("A", "age", AGE), RemoveField("A", "age"), []),
        (AddField("A", "age", AGE), RemoveField("A", "name"), True),
        (AddField("A", "age", AGE), RemoveField("B", "age"), True),
        (AddField("A", "age", AGE), DeleteModel("A"), False),
        (AddField("A", "age", AGE), RenameField("A", "age", "b"), [AddField("A", "b", AGE)]),
        (AlterField("A", "age", AGE), RemoveField("A", "age"), [RemoveField("A", "age")]),
        (RemoveField("A", "age"), DeleteModel("A"), [DeleteModel("A")]),
        (RenameField("A", "a", "b"), RenameField("A", "b", "c"), [RenameField("A", "a", "c")]),
        (RenameModel("A", "B"), RenameModel("B", "C"), [RenameModel("A", "C")]),
        (RenameModel("A", "B"), AddField("C", "x", AGE), True),
        (RenameModel("A", "B"), AddField("C", "x", dorm.ForeignKey("B", dorm.CASCADE)), False),
        (AddIndex("A", BY_AGE), RemoveIndex("A", name="by_age"), []),
        (AddConstraint("A", CHECK), RemoveConstraint("A", "positive"), []),
        (AlterModelTable("A", "a"), AlterModelTable("A", "b"), [AlterModelTable("A", "b")]),
        (AlterUniqueTogether("A", []), DeleteModel("A"), [DeleteModel("A")]),
        (AUTHOR, RunSQL("SELECT 1"), False),
        (AUTHOR, RunSQL("SELECT 1", elidable=True), [AUTHOR]),
        (AUTHOR, POST, False),
        (AUTHOR, CreateModel("Tag", [("id", dorm.AutoField())]), True),
    ],
    ids=repr,
)
def test_two_operations_are_one_where_that_is_the_same(
    first: Operation, second: Operation, left: Any
) -> None:
    assert first.reduce(second, "blog") == left


def test_what_is_done_to_a_new_model_is_part_of_making_it() -> None:
    later = [
        AddField("Author", "age", AGE),
        AlterField("Author", "name", dorm.TextField()),
        AddIndex("Author", BY_AGE),
        AlterModelOptions("Author", {"ordering": ["age"]}),
        RenameField("Author", "age", "years"),
        RenameModel("Author", "Writer"),
    ]
    made: Any = AUTHOR
    for operation in later:
        (made,) = made.reduce(operation, "blog")

    assert made.name == "Writer"
    assert [name for name, _ in made.fields] == ["id", "name", "years"]
    assert made.options["ordering"] == ["years"]
    assert made.options["indexes"][0].fields == ["years"]
