"""What models are is read from their files: fields, keys, relations both ways, managers."""

from __future__ import annotations

import textwrap

import pytest

import dorm
from dorm import fields
from dorm.lookups.paths import Miss, Path, walk
from dorm.source.fields import VALUES
from dorm.source.models import Project, SourceModel

LIBRARY = """
    import enum
    from decimal import Decimal

    import dorm
    from dorm import models

    class Status(dorm.TextChoices):
        NEW = "new", "New"

    KINDS = [("a", "A")]

    class Timed(models.Model):
        created = models.DateTimeField(auto_now_add=True)
        class Meta:
            abstract = True

    class Author(Timed):
        class Grade(enum.Enum):
            ONE = 1

        name = dorm.CharField(max_length=100)
        nickname = dorm.TextField(null=True)
        status = dorm.CharField(max_length=10, choices=Status)
        kind = dorm.CharField(max_length=1, choices=KINDS)
        grade = dorm.IntegerField(choices=Grade)
        marks = dorm.ArrayField(dorm.IntegerField())
        mentor = dorm.ForeignKey("self", on_delete=dorm.CASCADE, null=True, related_name="pupils")

    class Country(dorm.Model):
        code = dorm.CharField(max_length=2, primary_key=True)

    class Book(Timed):
        created = None
        author: dorm.ForeignKey[Author] = dorm.ForeignKey("Author", on_delete=dorm.CASCADE)
        country = dorm.ForeignKey("library.Country", on_delete=dorm.CASCADE, null=True)
        tags = dorm.ManyToManyField("Tag", related_name="books")

    class Tag(dorm.Model):
        word = dorm.SlugField()

    class Recent(Author):
        class Meta:
            proxy = True
"""


@pytest.fixture
def project(tmp_path):
    def make(**modules: str) -> Project:
        for name, text in modules.items():
            path = tmp_path / name / "models.py"
            path.parent.mkdir(exist_ok=True)
            (path.parent / "__init__.py").touch()
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        found = Project([tmp_path])
        found.refresh()
        return found

    return make


@pytest.fixture
def library(project) -> dict[str, SourceModel]:
    return {model.name: model for model in project(library=LIBRARY).models.values()}


def types(model: SourceModel) -> dict[str, str]:
    return {name: f"{one.value}{' | None' if one.nullable else ''}" for name, one in model.fields.items()}


def test_columns_have_the_types_of_their_fields(library):
    assert types(library["Author"]) == {
        "id": "int",
        "created": "datetime.datetime",
        "name": "str",
        "nickname": "str | None",
        "status": "library.models.Status",
        "kind": "str",
        "grade": "library.models.Author.Grade",
        "marks": "list[int]",
        "mentor": "int | None",
    }


def test_a_key_has_the_type_of_what_it_refers_to(library):
    assert types(library["Book"])["country"] == "str | None"
    assert library["Book"].field("country_id").family == "text"


def test_a_child_drops_inherited_fields_by_none(library):
    assert "created" not in library["Book"].fields


def test_relations_lead_both_ways(library):
    path = walk(library["Tag"], "books__author__pupils__created__year__gte")
    assert isinstance(path, Path)
    assert path.family == "integer"


def test_a_name_that_leads_nowhere_is_missed_in_the_words_of_the_run_time(library):
    found = walk(library["Book"], "author__naem")
    assert isinstance(found, Miss)
    assert found.message.startswith("Author has no field 'naem' (in 'author__naem'). Did you mean 'name'?")


def test_a_proxy_has_what_its_model_has_and_gives_nobody_a_relation(library):
    assert set(library["Recent"].fields) == set(library["Author"].fields)
    assert [one.query_name for one in library["Author"].relations] == ["book", "pupils"]


def test_a_field_of_the_projects_own_class_is_what_its_base_is(project):
    found = project(
        shop="""
            import dorm
            class Money(dorm.DecimalField): ...
            class Item(dorm.Model):
                price = Money(max_digits=9, decimal_places=2, null=True)
        """
    )
    assert types(found.models["shop.models.Item"])["price"] == "decimal.Decimal | None"


def test_a_model_with_fields_that_the_text_hides_is_open(project):
    found = project(
        shop="""
            import dorm
            from elsewhere import mixins
            def text(): return dorm.TextField()
            class Made(dorm.Model):
                word = text()
            class Mixed(mixins.Base, dorm.Model): ...
            class Plain(dorm.Model):
                word = dorm.TextField()
                objects = dorm.Manager()
        """
    )
    assert {model.name: model.open for model in found.models.values()} == {
        "Made": True,
        "Mixed": True,
        "Plain": False,
    }


def test_managers_are_known_with_the_classes_of_their_querysets(project):
    found = project(
        shop="""
            import dorm
            class Items(dorm.QuerySet["Item"]): ...
            class Chosen(dorm.Manager["Item"]):
                def get_queryset(self) -> "Items": ...
            class Item(dorm.Model):
                chosen = Chosen()
                every = Items.as_manager()
                made = dorm.Manager.from_queryset(Items)()
                plain = dorm.Manager()
        """
    )
    managers = found.models["shop.models.Item"].managers
    names = [(one.name, one.queryset.node.name if one.queryset else None) for one in managers]
    assert names == [("chosen", "Items"), ("every", "Items"), ("made", "Items"), ("plain", None)]


def test_a_file_that_is_being_typed_in_keeps_what_it_said_last(project, tmp_path):
    found = project(library=LIBRARY)
    (tmp_path / "library" / "models.py").write_text("class Author(", encoding="utf-8")
    found.refresh()
    assert "library.models.Author" in found.models


def test_nothing_is_read_again_while_nothing_changes(project):
    found = project(library=LIBRARY)
    before = found.models
    assert found.refresh() is False
    assert found.models is before


def test_the_table_of_values_knows_every_field_of_dorm_with_its_lookups():
    own = {
        name: kind
        for name, kind in vars(fields).items()
        if isinstance(kind, type) and issubclass(kind, fields.Field) and hasattr(dorm, name)
    }
    assert own.keys() - {"Field"} == VALUES.keys() - {"Field"}
    families = {name: kind.family for name, kind in own.items() if isinstance(kind.family, str)}
    assert families == {name: VALUES[name][1] for name in families}
