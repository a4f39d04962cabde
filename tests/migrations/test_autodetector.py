"""What changed between two states, as operations: each kind of change, their order, renames and questions."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dorm
from dorm import MigrationError, Q
from dorm.fields import NOT_PROVIDED
from dorm.migrations.autodetector import MigrationAutodetector
from dorm.migrations.graph import MigrationGraph
from dorm.migrations.loader import MigrationLoader
from dorm.migrations.migration import Migration
from dorm.migrations.questions import Answers, Interview, Questioner
from dorm.migrations.state import ProjectState
from dorm.migrations.writer import save

from . import values
from .states import applied, model, shown, state_of
from .test_serializer import FIELDS

EMPTY = ProjectState()


def told_of(operations: list[Any]) -> list[str]:
    """Return operations as short texts: the class, the model and the field."""
    texts = []
    for operation in operations:
        name = type(operation).__name__
        kwargs = operation.deconstruct()[2]
        parts = [
            kwargs.get(key)
            for key in ("model_name", "old_name", "new_name", "name")
            if isinstance(kwargs.get(key), str)
        ]
        for key in ("index", "constraint"):
            parts += [kwargs[key].name or "unnamed"] if kwargs.get(key) is not None else []
        texts.append(f"{name} {'.'.join(parts)}")
    return texts


def changes(before: ProjectState, after: ProjectState, *args: Any, **options: Any) -> dict[str, list[str]]:
    """Return the changes as short texts, after seeing that they lead from the one state to the other."""
    found = MigrationAutodetector(before, after, *args, **options).changes()
    assert shown(applied_in_order(before, after, args, options)) == shown(after)
    return {label: told_of(operations) for label, operations in found.items()}


def applied_in_order(before: ProjectState, after: ProjectState, args: Any, options: Any) -> ProjectState:
    """Return *before* with the migrations that the changes become, each after those that it depends on."""
    found = MigrationAutodetector(before, after, *args, **options).migrations(MigrationGraph())
    graph = MigrationGraph(migration for migrations in found.values() for migration in migrations)
    for migration in list(graph.migrations.values()):
        for key in migration.dependencies:
            graph.connect(migration.key, key)
    graph.check()
    state = before.clone()
    for key in graph.full_plan():
        graph.migrations[key].mutate_state(state)
    return state


def blog(before: ProjectState, after: ProjectState, *args: Any, **options: Any) -> list[str]:
    found = changes(before, after, *args, **options)
    assert set(found) <= {"blog"}
    return found.get("blog", [])


AUTHOR = model(name=dorm.CharField(max_length=100))


# -- no change ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_a_field_is_the_same_in_another_copy(field):
    fields = {"id": dorm.BigAutoField(primary_key=True)} if not field.primary_key else {}
    one, other = (state_of(blog_Author=({**fields, "x": each}, {})) for each in (field, field.clone()))

    assert MigrationAutodetector(one, other).changes() == {}


def test_models_are_as_they_were_when_nothing_was_changed():
    class Author(dorm.Model):
        name = dorm.CharField(max_length=9, choices=values.Status, default=values.Status.DRAFT)
        price = dorm.DecimalField(max_digits=5, decimal_places=2, default=decimal.Decimal("0.50"))
        number = dorm.IntegerField(default=values.seven, validators=[values.Divisible(2)])
        code = values.Money("USD")
        boss = dorm.ForeignKey("self", dorm.CASCADE, null=True, related_name="%(class)s_staff")
        friends = dorm.ManyToManyField("self")

        class Meta:
            app_label = "unchanged"
            indexes = (dorm.Index(dorm.Lower("name"), name="lower"), dorm.Index(fields=["name"]))
            constraints = (
                dorm.CheckConstraint(condition=Q(number__gte=0) | Q(number=None), name="%(class)s_n"),
            )
            ordering = ("name",)

    bound = ProjectState.from_apps("unchanged")

    assert MigrationAutodetector(bound, ProjectState.from_apps("unchanged")).changes() == {}
    assert MigrationAutodetector(bound.clone(), bound).changes() == {}


def test_lists_and_tuples_of_options_are_the_same():
    one = state_of(
        blog_Author=model({"ordering": ["name"], "unique_together": [["id", "name"]]}, **AUTHOR[0])
    )
    other = state_of(
        blog_Author=model({"ordering": ("name",), "unique_together": ("id", "name")}, **AUTHOR[0])
    )

    assert MigrationAutodetector(one, other).changes() == {}


def test_a_default_table_is_the_same_as_none():
    one = state_of(blog_Author=model({"db_table": "blog_author", "managed": True}, **AUTHOR[0]))

    assert MigrationAutodetector(one, state_of(blog_Author=AUTHOR)).changes() == {}


def test_a_relation_is_the_same_by_whichever_name():
    def books(to: str) -> ProjectState:
        return state_of(blog_Author=AUTHOR, blog_Book=model(author=dorm.ForeignKey(to, dorm.CASCADE)))

    assert MigrationAutodetector(books("Author"), books("blog.author")).changes() == {}


def test_an_app_inside_a_package_is_meant_by_its_last_name():
    def shop(to: str) -> ProjectState:
        state = ProjectState()
        state.add_model("mine.shop", "Item", AUTHOR[0])
        state.add_model("mine.blog", "Post", model(item=dorm.ForeignKey(to, dorm.CASCADE))[0])
        return state

    assert MigrationAutodetector(shop("shop.Item"), shop("mine.shop.Item")).changes() == {}


# -- models -------------------------------------------------------------------------------------------


def test_a_new_model_is_created_with_its_options():
    index = dorm.Index(fields=["name"], name="by_name")
    after = state_of(blog_Author=model({"ordering": ("name",), "indexes": [index]}, **AUTHOR[0]))

    (operation,) = MigrationAutodetector(EMPTY, after).changes("blog")["blog"]

    assert (operation.name, [name for name, _ in operation.fields]) == ("Author", ["id", "name"])
    assert operation.options == {"ordering": ("name",), "indexes": [index]}


def test_a_model_that_went_is_deleted():
    assert blog(state_of(blog_Author=AUTHOR), EMPTY) == ["DeleteModel Author"]


def test_models_are_created_after_those_that_they_refer_to():
    after = state_of(
        blog_Chapter=model(book=dorm.ForeignKey("Book", dorm.CASCADE)),
        blog_Book=model(author=dorm.ForeignKey("Author", dorm.CASCADE), tags=dorm.ManyToManyField("Tag")),
        blog_Author=AUTHOR, blog_Tag=AUTHOR,
    )  # fmt: skip

    assert blog(EMPTY, after) == [
        "CreateModel Author",
        "CreateModel Tag",
        "CreateModel Book",
        "CreateModel Chapter",
    ]
    assert blog(after, EMPTY) == [
        "DeleteModel Chapter",
        "DeleteModel Book",
        "DeleteModel Tag",
        "DeleteModel Author",
    ]


def test_models_that_refer_to_one_another_are_created_in_two_steps():
    together = {"unique_together": (("name", "star"),), "indexes": [dorm.Index(fields=["star"], name="s")]}
    after = state_of(
        blog_Band=model(
            together, name=dorm.TextField(), star=dorm.ForeignKey("Singer", dorm.SET_NULL, null=True)
        ),
        blog_Singer=model(band=dorm.ForeignKey("Band", dorm.CASCADE)),
    )

    assert blog(EMPTY, after) == [
        "CreateModel Band", "CreateModel Singer", "AddField Band.star", "AddIndex Band.s",
        "AlterUniqueTogether Band",
    ]  # fmt: skip
    assert sorted(blog(after, EMPTY)) == [
        "DeleteModel Band",
        "DeleteModel Singer",
        "RemoveField Band.star",
    ] or sorted(blog(after, EMPTY)) == ["DeleteModel Band", "DeleteModel Singer", "RemoveField Singer.band"]


def test_a_table_of_pairs_of_the_users_own_comes_before_the_field():
    after = state_of(
        blog_Book=model(authors=dorm.ManyToManyField("Author", through="Writing")),
        blog_Author=AUTHOR,
        blog_Writing=model(
            book=dorm.ForeignKey("Book", dorm.CASCADE), author=dorm.ForeignKey("Author", dorm.CASCADE)
        ),
    )

    assert blog(EMPTY, after) == [
        "CreateModel Author", "CreateModel Book", "CreateModel Writing", "AddField Book.authors",
    ]  # fmt: skip
    assert blog(after, EMPTY)[-1] in ("DeleteModel Author", "DeleteModel Book")


def test_a_model_is_deleted_after_others_have_let_go_of_it():
    before = state_of(blog_Author=AUTHOR, blog_Book=model(author=dorm.ForeignKey("Author", dorm.CASCADE)))

    assert blog(before, state_of(blog_Book=model())) == ["RemoveField Book.author", "DeleteModel Author"]


def test_a_key_is_led_elsewhere_between_the_old_model_and_the_new():
    before = state_of(blog_Author=AUTHOR, blog_Book=model(by=dorm.ForeignKey("Author", dorm.CASCADE)))
    after = state_of(
        blog_Person=model(x=dorm.IntegerField()), blog_Book=model(by=dorm.ForeignKey("Person", dorm.CASCADE))
    )

    assert blog(before, after) == ["CreateModel Person", "AlterField Book.by", "DeleteModel Author"]


def test_a_proxy_comes_after_its_model_and_goes_before_it():
    proxy = model({"proxy": True, "bases": ("blog.Author",), "ordering": ("name",)})
    after = state_of(blog_Aaa=proxy, blog_Author=AUTHOR)

    assert blog(EMPTY, after) == ["CreateModel Author", "CreateModel Aaa"]
    assert blog(after, EMPTY) == ["DeleteModel Aaa", "DeleteModel Author"]


def test_a_model_that_becomes_a_proxy_is_made_anew():
    proxy = model({"proxy": True, "bases": ("blog.Author",)})

    assert blog(state_of(blog_Author=AUTHOR, blog_Sub=model()),
    state_of(blog_Author=AUTHOR, blog_Sub=proxy)) == [
        "DeleteModel Sub", "CreateModel Sub",
    ]  # fmt: skip


def test_a_model_that_takes_anothers_table_waits_until_it_is_free():
    before = state_of(blog_Old=model({"db_table": "things"}, a=dorm.IntegerField()))
    after = state_of(blog_New=model({"db_table": "things"}, b=dorm.TextField()))

    assert blog(before, after) == ["DeleteModel Old", "CreateModel New"]


def test_an_unmanaged_model_is_made_and_its_fields_are_not_followed():
    before = state_of(blog_View=model({"managed": False}, a=dorm.IntegerField()))
    after = state_of(blog_View=model({"managed": False, "ordering": ("a",)}, b=dorm.TextField()))

    assert blog(EMPTY, before) == ["CreateModel View"]
    assert told_of(MigrationAutodetector(before, after).changes()["blog"]) == ["AlterModelOptions View"]


# -- fields -------------------------------------------------------------------------------------------


def test_fields_that_came_changed_and_went():
    before = state_of(blog_Author=model(name=dorm.CharField(max_length=100), old=dorm.IntegerField()))
    after = state_of(blog_Author=model(name=dorm.CharField(max_length=50), new=dorm.TextField()))

    assert blog(before, after) == [
        "AddField Author.new",
        "AlterField Author.name",
        "RemoveField Author.old",
    ] or blog(before, after) == ["AlterField Author.name", "AddField Author.new", "RemoveField Author.old"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (dorm.CharField(), dorm.CharField(null=True)), (dorm.CharField(), dorm.CharField(unique=True)),
        (dorm.CharField(), dorm.TextField()), (dorm.CharField(), dorm.CharField(help_text="x")),
        (dorm.CharField(default="a"), dorm.CharField(default="b")), (dorm.CharField(),
        dorm.CharField(db_column="y")),
        (dorm.CharField(), dorm.CharField(choices=[("a", "A")])), (dorm.CharField(),
        dorm.CharField(db_default="a")),
        (dorm.IntegerField(default=1), dorm.IntegerField(default=True)),
        (dorm.IntegerField(default=values.seven), dorm.IntegerField(default=values.Maker.make)),
        (dorm.IntegerField(validators=[values.Divisible(1)]),
        dorm.IntegerField(validators=[values.Divisible(2)])),
        (dorm.ForeignKey("self", dorm.CASCADE, null=True), dorm.ForeignKey("self", dorm.PROTECT, null=True)),
        (dorm.DecimalField(max_digits=5), dorm.DecimalField(max_digits=6)), (values.Money("EUR"),
        values.Money("USD")),
        (dorm.DateField(auto_now=True), dorm.DateField(auto_now_add=True)), (dorm.SlugField(),
        dorm.CharField()),
        (dorm.ManyToManyField("self"), dorm.ManyToManyField("self", symmetrical=False)),
        (dorm.ManyToManyField("self"), dorm.ManyToManyField("self", through="blog.Author")),
        (dorm.IntegerField(db_comment="a"), dorm.IntegerField(db_comment="b")),
        (dorm.GeneratedField(expression=dorm.F("id") + 1, output_field=dorm.IntegerField()),
         dorm.GeneratedField(expression=dorm.F("id") + 2, output_field=dorm.IntegerField())),
    ],
)  # fmt: skip
def test_any_option_of_a_field_is_followed(old, new):
    assert blog(state_of(blog_Author=model(x=old)), state_of(blog_Author=model(x=new))) == [
        "AlterField Author.x"
    ]


def test_pairs_and_a_column_are_no_one_field():
    pairs, key = dorm.ManyToManyField("Author"), dorm.ForeignKey("Author", dorm.CASCADE, null=True)
    one, other = (state_of(blog_Author=AUTHOR, blog_Book=model(by=field)) for field in (pairs, key))

    assert blog(one, other) == ["RemoveField Book.by", "AddField Book.by"]
    assert blog(other, one) == ["RemoveField Book.by", "AddField Book.by"]


def test_a_column_is_free_before_another_field_takes_it():
    before = state_of(blog_Author=AUTHOR, blog_Book=model(by=dorm.ForeignKey("Author", dorm.CASCADE)))
    after = state_of(blog_Author=AUTHOR, blog_Book=model(by_id=dorm.IntegerField(null=True)))

    assert blog(before, after) == ["RemoveField Book.by", "AddField Book.by_id"]


def test_a_field_to_which_a_key_refers_goes_after_the_key():
    def books(**fields: Any) -> ProjectState:
        return state_of(blog_Author=model(code=dorm.CharField(unique=True)), blog_Book=model(**fields))

    before = books(by=dorm.ForeignKey("Author", dorm.CASCADE, to_field="code"))
    after = state_of(blog_Author=model(), blog_Book=model())

    assert blog(before, after) == ["RemoveField Book.by", "RemoveField Author.code"]
    assert blog(after, before) == ["AddField Author.code", "AddField Book.by"]


# -- options, indexes, constraints ----------------------------------------------------------------------


def author(**options: Any) -> ProjectState:
    return state_of(
        blog_Author=model(options, name=dorm.CharField(max_length=9), age=dorm.IntegerField(null=True))
    )


BY_NAME = dorm.Index(fields=["name"], name="by_name")
BY_AGE = dorm.Index(fields=["age"])
GROWN = dorm.CheckConstraint(condition=Q(age__gte=18), name="grown")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"ordering": ("name",)}, ["AlterModelOptions Author"]),
        ({"verbose_name": "writer"}, {}, ["AlterModelOptions Author"]),
        ({}, {"managed": False}, ["AlterModelOptions Author"]),
        ({}, {"get_latest_by": "age", "default_related_name": "x"}, ["AlterModelOptions Author"]),
        ({}, {"db_table": "authors"}, ["AlterModelTable Author"]),
        ({"db_table": "authors"}, {}, ["AlterModelTable Author"]),
        ({}, {"db_table_comment": "all"}, ["AlterModelTableComment Author"]),
        ({}, {"indexes": [BY_NAME, BY_AGE]}, ["AddIndex Author.by_name", "AddIndex Author.unnamed"]),
        ({"indexes": [BY_NAME]}, {}, ["RemoveIndex Author.by_name"]),
        (
            {"indexes": [BY_AGE]},
            {"indexes": [BY_NAME]},
            ["RemoveIndex Author.unnamed", "AddIndex Author.by_name"],
        ),
        (
            {"indexes": [BY_NAME]},
            {"indexes": [dorm.Index(fields=["-name"], name="by_name")]},
            ["RemoveIndex Author.by_name", "AddIndex Author.by_name"],
        ),
        (
            {"indexes": [dorm.Index(dorm.Lower("name"), name="i")]},
            {"indexes": [dorm.Index(dorm.Upper("name"), name="i")]},
            ["RemoveIndex Author.i", "AddIndex Author.i"],
        ),
        (
            {"indexes": [BY_NAME]},
            {"indexes": [dorm.Index(fields=["name"], name="other")]},
            ["RenameIndex Author.by_name.other"],
        ),
        (
            {"indexes": [BY_AGE]},
            {"indexes": [dorm.Index(fields=["age"], name="a")]},
            ["RenameIndex Author.a"],
        ),
        (
            {"indexes": [BY_NAME, dorm.Index(fields=["age"], name="by_age")]},
            {"indexes": [dorm.Index(fields=["name"], name="by_age")]},
            ["RemoveIndex Author.by_name", "RemoveIndex Author.by_age", "AddIndex Author.by_age"],
        ),
        ({"indexes": [BY_AGE], "db_table": "x"}, {"indexes": [BY_AGE]}, ["AlterModelTable Author"]),
        ({}, {"constraints": [GROWN]}, ["AddConstraint Author.grown"]),
        ({"constraints": [GROWN]}, {}, ["RemoveConstraint Author.grown"]),
        (
            {"constraints": [GROWN]},
            {"constraints": [dorm.CheckConstraint(condition=Q(age__gte=21), name="grown")]},
            ["RemoveConstraint Author.grown", "AddConstraint Author.grown"],
        ),
        ({}, {"unique_together": [("name", "age")]}, ["AlterUniqueTogether Author"]),
        ({"unique_together": [("name", "age")]}, {}, ["AlterUniqueTogether Author"]),
    ],
)
def test_any_option_of_a_model_is_followed(old, new, expected):
    assert blog(author(**old), author(**new)) == expected


def test_the_index_itself_stands_in_the_operation():
    found = MigrationAutodetector(author(indexes=[BY_NAME]), author(indexes=[BY_AGE])).changes("blog")["blog"]

    assert [(type(one).__name__, one.index) for one in found] == [
        ("RemoveIndex", BY_NAME),
        ("AddIndex", BY_AGE),
    ]


def test_managers_are_followed():
    class People(dorm.Manager):
        use_in_migrations = True

    before, after = author(), author()
    after.models["blog.author"]["managers"] = {"people": People()}

    assert told_of(MigrationAutodetector(before, after).changes()["blog"]) == ["AlterModelManagers Author"]


def test_fields_come_before_what_names_them_and_go_after_it():
    more = {
        "indexes": [dorm.Index(fields=["code"], name="i")],
        "constraints": [dorm.UniqueConstraint(fields=["code"], name="u")],
        "unique_together": [("code", "name")],
    }
    fields = {"name": dorm.CharField(), "code": dorm.IntegerField(null=True)}
    plain = state_of(blog_Author=model(name=dorm.CharField()))
    full = state_of(blog_Author=model(more, **fields))

    assert blog(plain, full) == [
        "AddField Author.code", "AddIndex Author.i", "AddConstraint Author.u", "AlterUniqueTogether Author",
    ]  # fmt: skip
    assert blog(full, plain)[-1] == "RemoveField Author.code"
    assert sorted(blog(full, plain)[:-1]) == [
        "AlterUniqueTogether Author", "RemoveConstraint Author.u", "RemoveIndex Author.i",
    ]  # fmt: skip


def test_a_group_that_loses_a_field_and_another_that_gains_one():
    before = state_of(
        blog_A=model({"unique_together": [("x", "y")]}, x=dorm.IntegerField(), y=dorm.TextField())
    )
    after = state_of(
        blog_A=model({"unique_together": [("x", "z")]}, x=dorm.IntegerField(), z=dorm.DateField())
    )

    assert blog(before, after) == [
        "AlterUniqueTogether A", "AddField A.z", "RemoveField A.y", "AlterUniqueTogether A",
    ]  # fmt: skip


# -- renames --------------------------------------------------------------------------------------------

OLD = state_of(blog_Old=model(name=dorm.CharField(max_length=9)), shop_Item=model(
    old=dorm.ForeignKey("blog.Old", dorm.CASCADE)))  # fmt: skip
NEW = state_of(blog_New=model(name=dorm.CharField(max_length=9)), shop_Item=model(
    old=dorm.ForeignKey("blog.New", dorm.CASCADE)))  # fmt: skip


def test_a_hint_renames_a_model_and_nothing_else():
    hints = {"models": {"blog": {"Old": "New"}}}

    assert changes(OLD, NEW, rename_hints=hints) == {"blog": ["RenameModel Old.New"]}


def test_without_a_hint_a_model_is_made_and_another_dropped():
    found = changes(OLD, NEW)

    assert found["blog"] == ["CreateModel New", "DeleteModel Old"]
    assert found["shop"] == ["AlterField Item.old"]


def test_likeness_renames_a_model_with_the_same_fields():
    assert changes(OLD, NEW, detect_renames=True) == {"blog": ["RenameModel Old.New"]}


def test_likeness_is_no_guess():
    one = state_of(blog_Old=model(name=dorm.CharField(max_length=9)))
    longer = state_of(blog_New=model(name=dorm.CharField(max_length=10)))
    two = state_of(blog_New=AUTHOR, blog_Other=AUTHOR)

    assert blog(one, longer, detect_renames=True) == ["CreateModel New", "DeleteModel Old"]
    assert "RenameModel" not in str(blog(state_of(blog_Old=AUTHOR), two, detect_renames=True))


def test_a_hint_renames_a_field_and_nothing_else():
    before, after = (state_of(blog_Author=model(**{name: dorm.TextField()})) for name in ("old", "new"))
    hints = {"fields": {"blog.Author": {"old": "new"}}}

    assert blog(before, after, rename_hints=hints) == ["RenameField Author.old.new"]
    assert blog(before, after) == ["AddField Author.new", "RemoveField Author.old"]
    assert blog(before, after, detect_renames=True) == ["RenameField Author.old.new"]


def test_a_field_that_is_renamed_may_change_as_well():
    before = state_of(blog_Author=model(old=dorm.CharField(max_length=9)))
    after = state_of(blog_Author=model(new=dorm.TextField()))
    hints = {"fields": {"blog.Author": {"old": "new"}}}

    assert blog(before, after, rename_hints=hints) == ["RenameField Author.old.new", "AlterField Author.new"]


def test_likeness_of_fields_wants_one_out_one_in_of_one_type():
    def fields(**given: Any) -> ProjectState:
        return state_of(blog_Author=model(**given))

    text, number = dorm.TextField, dorm.IntegerField
    for before, after in (
        (fields(a=text()), fields(b=number())),
        (fields(a=text(), b=text()), fields(c=text(), d=text())),
        (fields(a=text()), fields(b=text(), c=number())),
        (fields(a=dorm.CharField(max_length=3)), fields(b=dorm.CharField(max_length=4))),
    ):
        assert "Rename" not in str(blog(before, after, detect_renames=True))


def test_a_model_and_its_field_are_renamed_at_once():
    before = state_of(blog_Old=model(a=dorm.TextField()))
    after = state_of(blog_New=model(b=dorm.TextField()))

    for name in ("New", "Old"):
        hints = {"models": {"blog": {"Old": "New"}}, "fields": {f"blog.{name}": {"a": "b"}}}
        assert blog(before, after, rename_hints=hints) == ["RenameModel Old.New", "RenameField New.a.b"]


def test_what_names_a_renamed_field_is_no_change():
    def of(name: str) -> ProjectState:
        options = {
            "ordering": (f"-{name}",),
            "indexes": [dorm.Index(fields=[name], name="i"), dorm.Index(dorm.Lower(name), name="j")],
            "constraints": [dorm.CheckConstraint(condition=Q(**{f"{name}__gt": "a"}), name="c")],
            "unique_together": ((name, "id"),),
        }
        return state_of(blog_Author=model(options, **{name: dorm.TextField()}))

    hints = {"fields": {"blog.Author": {"old": "new"}}}

    assert blog(of("old"), of("new"), rename_hints=hints) == ["RenameField Author.old.new"]


def test_a_renamed_field_may_keep_its_column():
    before = state_of(blog_Author=model(old=dorm.TextField()))
    after = state_of(blog_Author=model(new=dorm.TextField(db_column="old")))

    assert blog(before, after, detect_renames=True) == ["AlterField Author.old", "RenameField Author.old.new"]


def test_a_name_that_changes_its_case_alone_is_a_rename():
    assert blog(state_of(blog_author=AUTHOR), state_of(blog_Author=AUTHOR)) == ["RenameModel author.Author"]


def test_a_hint_that_was_followed_is_passed_over():
    hints = {"models": {"blog": {"Old": "New"}}, "fields": {"blog.New": {"x": "name"}}}

    assert changes(NEW, NEW, rename_hints=hints) == {}


@pytest.mark.parametrize(
    ("hints", "words"),
    [
        ({"models": {"blgo": {"Old": "New"}}}, r"no app 'blgo'\. Did you mean 'blog'\?"),
        ({"models": {"blog": {"Ould": "Now"}}}, r"had nothing called 'Ould'\. Did you mean 'Old'\?"),
        ({"models": {"blog": {"Old": "Newe"}}}, r"has nothing called 'Newe'\. Did you mean 'New'\?"),
        ({"fields": {"shop.Itme": {"old": "new"}}}, r"no model 'shop\.Itme'\. Did you mean 'shop\.Item'\?"),
        ({"modles": {}}, "'models' and 'fields', not 'modles'"),
        ({"fields": {"shop.Item": {"old": "x"}}}, "shop.Item has nothing called 'x'"),
        ({"fields": {"shop.Item": {"old": "id"}}}, "shop.Item still has 'old'"),
    ],
)
def test_a_wrong_hint_is_refused(hints, words):
    with pytest.raises(MigrationError, match=words):
        MigrationAutodetector(OLD, NEW, rename_hints=hints).changes()


# -- questions --------------------------------------------------------------------------------------------


class Script(Interview):
    """An interview whose answers are written down."""

    def __init__(self, *answers: str) -> None:
        self.lines: list[str] = []
        self.answers = list(answers)
        super().__init__(self.lines.append, self.typed)

    def typed(self, prompt: str) -> str:
        self.lines.append(prompt)
        return self.answers.pop(0)


ONE, TWO = (state_of(blog_Author=model(**{name: dorm.TextField()})) for name in ("old", "new"))


def test_a_rename_is_asked_for():
    yes, no = Script("y"), Script("n", "1", "''")

    assert blog(ONE, TWO, questioner=Answers({"blog.Author.old": "new"})) == ["RenameField Author.old.new"]
    assert told_of(MigrationAutodetector(ONE, TWO, questioner=yes).changes()["blog"]) == [
        "RenameField Author.old.new"
    ]
    assert yes.lines == ["Was blog.Author.old renamed to blog.Author.new (a TextField)? [y/N] "]
    assert told_of(MigrationAutodetector(ONE, TWO, questioner=no).changes()["blog"]) == [
        "AddField Author.new", "RemoveField Author.old",
    ]  # fmt: skip


def test_a_rename_of_a_model_is_asked_for():
    script = Script("what?", "yes")

    assert told_of(MigrationAutodetector(OLD, NEW, questioner=script).changes("blog")["blog"]) == [
        "RenameModel Old.New"
    ]
    assert script.lines == [
        "Was the model blog.Old renamed to New? [y/N] ", "Please type y or n.",
        "Was the model blog.Old renamed to New? [y/N] ",
    ]  # fmt: skip


def test_only_what_is_made_alike_is_asked_for():
    after = state_of(blog_Author=model(new=dorm.IntegerField(default=0)))

    assert told_of(MigrationAutodetector(ONE, after, questioner=Answers()).changes()["blog"]) == [
        "AddField Author.new", "RemoveField Author.old",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ONE, TWO, "--rename blog.Author.old=new, or --rename blog.Author.old= if it was not renamed"),
        (OLD, NEW, "--rename blog.Old=New, or --rename blog.Old= if it was not renamed"),
        (
            state_of(blog_Author=model()),
            TWO,
            "blog.Author.new is new, .* Say --default blog.Author.new=VALUE",
        ),
        (
            state_of(blog_Author=model(new=dorm.TextField(null=True))),
            TWO,
            "takes no NULL any more .* --default blog.Author.new= if none does",
        ),
    ],
)
def test_without_a_terminal_a_question_is_an_error_that_names_the_flag(before, after, words):
    with pytest.raises(MigrationError, match=words):
        MigrationAutodetector(before, after, questioner=Answers()).changes()


def test_flags_answer_questions():
    answers = Answers.read(["blog.Author.old="], ["blog.Author.new=x"])

    (add, remove) = MigrationAutodetector(ONE, TWO, questioner=answers).changes()["blog"]

    assert told_of([add, remove]) == ["AddField Author.new", "RemoveField Author.old"]
    assert (add.field.default, add.preserve_default) == ("x", False)


@pytest.mark.parametrize("flag", ["blog.Author.old", "x=y", ""])
def test_a_wrong_flag_is_refused(flag):
    with pytest.raises(MigrationError, match=r"--rename takes a place and its answer"):
        Answers.read([flag])


def test_a_one_off_default_is_not_kept():
    after = state_of(blog_Author=model(age=dorm.IntegerField()))
    script = Script("1", "x", "7")

    (operation,) = MigrationAutodetector(state_of(blog_Author=model()), after, questioner=script).changes()[
        "blog"
    ]

    assert (operation.field.default, operation.preserve_default) == (7, False)
    assert shown(applied(state_of(blog_Author=model()), {"blog": [operation]})) == shown(after)
    assert "'x' is not a whole number." in str(script.lines) or "'x' is not" in str(script.lines)


def test_rows_with_null_get_a_value_or_are_said_not_to_be():
    before = state_of(blog_Author=model(age=dorm.IntegerField(null=True)))
    after = state_of(blog_Author=model(age=dorm.IntegerField()))

    (given,) = MigrationAutodetector(before, after, questioner=Script("1", "0")).changes()["blog"]
    (left,) = MigrationAutodetector(before, after, questioner=Script("2")).changes()["blog"]

    assert (given.field.default, given.preserve_default) == (0, False)
    assert (left.field.default, left.preserve_default) == (NOT_PROVIDED, True)
    with pytest.raises(MigrationError, match="Nothing was written"):
        MigrationAutodetector(before, after, questioner=Script("9", "3")).changes()


@pytest.mark.parametrize(
    "field",
    [
        dorm.IntegerField(null=True), dorm.IntegerField(default=0), dorm.IntegerField(db_default=0),
        dorm.CharField(blank=True), dorm.DateField(auto_now_add=True), dorm.ManyToManyField("self"),
        dorm.GeneratedField(expression=dorm.F("id"), output_field=dorm.IntegerField()),
    ],
)  # fmt: skip
def test_a_field_that_has_a_value_is_no_question(field):
    after = state_of(blog_Author=model(x=field))

    assert blog(state_of(blog_Author=model()), after, questioner=Answers()) == ["AddField Author.x"]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("7", dorm.IntegerField(), 7), ("7", dorm.CharField(), "7"), ("'7'", dorm.CharField(), "7"),
        ("''", dorm.CharField(), ""), ("2020-10-11", dorm.DateField(), datetime.date(2020, 10, 11)),
        ("plain words", dorm.TextField(), "plain words"), ("{'a': 1}", dorm.JSONField(), {"a": 1}),
        ("True", dorm.BooleanField(), True), ("1.50", dorm.DecimalField(), decimal.Decimal("1.50")),
        ("3", dorm.ForeignKey("Author", dorm.CASCADE), 3),
    ],
)  # fmt: skip
def test_a_typed_value_is_one_of_the_field(text, field, value):
    before = state_of(blog_Author=model())
    after = state_of(blog_Author=model(x=field))

    (operation,) = MigrationAutodetector(before, after, questioner=Script("1", text)).changes()["blog"]

    assert operation.field.default == value
    assert type(operation.field.default) is type(value)


# -- apps --------------------------------------------------------------------------------------------------


def migrations(
    before: ProjectState, after: ProjectState, *existing: Migration, **options: Any
) -> list[Migration]:
    graph = MigrationGraph(existing)
    found = MigrationAutodetector(before, after).migrations(graph, **options)
    return [migration for own in found.values() for migration in own]


def test_apps_depend_on_one_another():
    after = state_of(
        blog_Post=model(item=dorm.ForeignKey("shop.Item", dorm.CASCADE)), shop_Item=AUTHOR,
    )  # fmt: skip

    found = {str(migration): migration for migration in migrations(EMPTY, after)}

    assert found["blog.0001_initial"].dependencies == [("shop", "0001_initial")]
    assert found["shop.0001_initial"].dependencies == []
    assert all(migration.initial for migration in found.values())


def test_apps_that_refer_to_one_another_are_made_in_two_steps():
    after = state_of(
        blog_Post=model(item=dorm.ForeignKey("shop.Item", dorm.SET_NULL, null=True)),
        shop_Item=model(post=dorm.ForeignKey("blog.Post", dorm.CASCADE)),
    )

    found = {str(migration): migration.dependencies for migration in migrations(EMPTY, after)}

    assert found == {
        "blog.0001_initial": [],
        "shop.0001_initial": [("blog", "0001_initial")],
        "blog.0002_post_item": [("blog", "0001_initial"), ("shop", "0001_initial")],
    }


def test_apps_may_need_one_another_without_a_circle_of_models():
    after = state_of(
        blog_Post=model(item=dorm.ForeignKey("shop.Item", dorm.CASCADE)),
        shop_Item=AUTHOR,
        shop_Sale=model(post=dorm.ForeignKey("blog.Post", dorm.CASCADE)),
    )

    changes(EMPTY, after)
    assert len(migrations(EMPTY, after)) == 3


def test_a_migration_goes_on_from_the_last_and_is_called_by_what_it_does():
    before = state_of(blog_Author=AUTHOR, shop_Item=AUTHOR)
    after = state_of(
        blog_Author=model(**AUTHOR[0], item=dorm.ForeignKey("shop.Item", dorm.CASCADE, null=True)),
        shop_Item=AUTHOR,
    )
    existing = Migration("blog", "0001_initial"), Migration("shop", "0007_x")

    (found,) = migrations(before, after, *existing)
    (named,) = migrations(before, after, *existing, name="mine")

    assert (found.name, named.name, found.initial) == ("0002_author_item", "0002_mine", None)
    assert found.dependencies == [("blog", "0001_initial"), ("shop", "0007_x")]


def test_an_app_may_be_chosen_with_what_it_needs():
    after = state_of(
        blog_Post=model(item=dorm.ForeignKey("shop.Item", dorm.CASCADE)), shop_Item=AUTHOR, wiki_Page=AUTHOR
    )

    assert {str(one) for one in migrations(EMPTY, after, labels=["blog"])} == {
        "blog.0001_initial",
        "shop.0001_initial",
    }
    assert {str(one) for one in migrations(EMPTY, after, labels=["shop"])} == {"shop.0001_initial"}
    assert set(MigrationAutodetector(EMPTY, after).changes("wiki")) == {"wiki"}
    assert MigrationAutodetector(EMPTY, after).changes("none") == {}


def test_no_question_is_asked_twice():
    class Once(Questioner):
        asked = 0

        def is_renamed_field(self, *args: Any) -> bool:
            self.asked += 1
            return True

    questioner = Once()
    detector = MigrationAutodetector(ONE, TWO, questioner=questioner)

    assert detector.changes() == detector.changes()
    assert questioner.asked == 1


# -- any two states ------------------------------------------------------------------------------------------

NAMES = ["Alpha", "Beta", "Gamma", "Delta"]
LABELS = ["blog", "shop"]
TARGETS = ["blog.Alpha", "blog.Beta", "shop.Gamma", "shop.Delta"]


@st.composite
def states(draw: st.DrawFn) -> ProjectState:
    """Draw a state of up to four models in two apps, which refer to one another."""
    chosen = draw(st.lists(st.sampled_from(TARGETS), unique=True))
    found = ProjectState()
    for full in chosen:
        label, name = full.split(".")
        fields: dict[str, Any] = {"id": dorm.BigAutoField(primary_key=True)}
        for field_name in draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True, max_size=4)):
            fields[field_name] = draw(fields_to(chosen))
        plain = [one for one, field in fields.items() if not field.many_to_many]
        found.add_model(label, name, fields, draw(options_over(plain, name)))
    return found


def fields_to(chosen: list[str]) -> st.SearchStrategy[Any]:
    to = st.sampled_from(chosen)
    return st.one_of(
        st.builds(dorm.CharField, max_length=st.integers(1, 3), null=st.booleans(), default=st.just("x")),
        st.builds(dorm.IntegerField, db_index=st.booleans(), db_column=st.sampled_from([None, "z"])).filter(
            lambda field: True
        ),
        st.builds(lambda target: dorm.ForeignKey(target, dorm.CASCADE, null=True, related_name="+"), to),
        st.builds(lambda target: dorm.ForeignKey(target, dorm.CASCADE, related_name="+"), to),
        st.builds(lambda target: dorm.ManyToManyField(target, related_name="+"), to),
    )


def options_over(names: list[str], model_name: str) -> st.SearchStrategy[dict[str, Any]]:
    groups = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    indexes = st.lists(
        st.builds(lambda fields, number: dorm.Index(fields=list(fields), name=f"i{number}"),
        groups, st.integers(0, 2)),
        max_size=2, unique_by=lambda index: index.name,
    )  # fmt: skip
    constraints = st.lists(
        st.builds(lambda fields: dorm.UniqueConstraint(fields=fields, name="u"), groups)
        | st.builds(lambda fields: dorm.CheckConstraint(condition=Q(**{fields[0]: 1}), name="u"), groups),
        max_size=1,
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "indexes": indexes, "constraints": constraints, "unique_together": st.lists(groups,
            max_size=2).map(tuple),
            "ordering": groups, "db_table": st.sampled_from([f"t_{model_name.lower()}",
            f"u_{model_name.lower()}"]),
            "verbose_name": st.text(max_size=3), "db_table_comment": st.text(max_size=3),
        },
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(before=states(), after=states(), detect=st.booleans())
def test_changes_lead_from_any_state_to_any_other(before, after, detect):
    found = applied_in_order(before, after, (), {"detect_renames": detect})

    assert shown(found) == shown(after)
    assert MigrationAutodetector(found, after).changes() == {}
    assert MigrationAutodetector(after, after.clone()).changes() == {}


def test_what_is_written_is_no_change_once_it_is_read(tmp_path):
    after = state_of(
        blog_Post=model(
            {"indexes": [dorm.Index(dorm.Lower("title"), name="l")], "db_table": "posts"},
            title=dorm.CharField(max_length=9, choices=values.Status, default=values.Status.DRAFT),
            made=dorm.DateTimeField(auto_now_add=True),
            item=dorm.ForeignKey("shop.Item", dorm.SET_NULL, null=True),
            price=values.Money("USD", default=decimal.Decimal("1.50")),
        ),
        shop_Item=model(post=dorm.ForeignKey("blog.Post", dorm.CASCADE)),
    )
    folders = {label: tmp_path / label for label in LABELS}

    for label, found in MigrationAutodetector(EMPTY, after).migrations(MigrationGraph()).items():
        for migration in found:
            save(migration, folders[label])

    assert MigrationAutodetector(MigrationLoader(folders).state(), after).changes() == {}
