"""Pydantic models made of dorm models: types, limits, defaults, relations, and no query unasked."""

from __future__ import annotations

import datetime
import enum
from decimal import Decimal
from typing import Any
from uuid import UUID

import pydantic
import pytest

import dorm
from dorm.contrib.pydantic import DormSchema, schema_for


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "schemas"


class Tag(dorm.Model):
    word = dorm.SlugField(primary_key=True)

    class Meta:
        app_label = "schemas"


class Book(dorm.Model):
    title = dorm.CharField("The title", max_length=20, help_text="As on the cover.")
    kind = dorm.CharField(max_length=1, choices=[("n", "Novel"), ("s", "Science")], default="n")
    level = dorm.IntegerField(choices=Level, default=Level.LOW)
    pages = dorm.PositiveIntegerField(null=True, validators=[dorm.MaxValueValidator(5000)])
    price = dorm.DecimalField(max_digits=6, decimal_places=2)
    extra = dorm.JSONField(default=dict)
    contact = dorm.EmailField(blank=True)
    printed = dorm.DateField(null=True)
    code = dorm.UUIDField(null=True)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE, null=True, related_name="books")
    label = dorm.ForeignKey(Tag, on_delete=dorm.CASCADE, null=True, related_name="+")
    tags = dorm.ManyToManyField(Tag, related_name="books")

    class Meta:
        app_label = "schemas"


class PublisherOut(DormSchema):
    class Meta:
        model = Publisher


class TagOut(DormSchema):
    class Meta:
        model = Tag


class BookOut(DormSchema):
    class Meta:
        model = Book
        nested = {"publisher": PublisherOut, "tags": TagOut}


def annotations(schema: type[pydantic.BaseModel]) -> dict[str, Any]:
    return {name: info.annotation for name, info in schema.model_fields.items()}


@pytest.fixture
def book(tables):
    tables(Publisher, Tag, Book)
    publisher = Publisher.objects.create(name="Orlando")
    created = Book.objects.create(title="Waves", price=Decimal("9.50"), publisher=publisher)
    created.tags.add(Tag.objects.create(word="sea"))
    return Book.objects.get()


@pytest.fixture
def tables(tmp_path):
    def create(*models: type[dorm.Model]) -> None:
        dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": str(tmp_path / "schemas.sqlite3")}})
        dorm.create_tables(*models)

    before = dorm.settings.DATABASES
    yield create
    dorm.configure(DATABASES=before)


# -- types and limits -----------------------------------------------------------------------------


def test_columns_have_plain_types_and_nullable_ones_none():
    assert annotations(schema_for(Book)) == {
        "id": int | None,
        "title": str,
        "kind": str,
        "level": Level,
        "pages": int | None,
        "price": Decimal,
        "extra": Any,
        "contact": str,
        "printed": datetime.date | None,
        "code": UUID | None,
        "publisher": int | None,
        "label": str | None,
    }


def test_defaults_are_those_of_the_model():
    made = schema_for(Book)(title="Waves", price="9.50")
    assert (made.kind, made.level, made.extra, made.contact, made.pages) == ("n", Level.LOW, {}, "", None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "x" * 21}, "at most 20 characters"),
        ({"kind": "x"}, "'x' is none of the choices: 'n', 's'."),
        ({"level": 3}, "1 or 2"),
        ({"pages": -1}, "greater than or equal to 0"),
        ({"pages": 5001}, "less than or equal to 5000"),
        ({"price": "12345.67"}, "no more than 6 digits"),
        ({"contact": "x"}, "is not an e-mail address"),
        ({"publisher": "x"}, "valid integer"),
    ],
)
def test_limits_and_validators_of_the_model_hold(given, said):
    with pytest.raises(pydantic.ValidationError, match=said):
        schema_for(Book)(**{"title": "Waves", "price": "9.50", **given})


def test_a_json_schema_states_the_limits():
    shown = schema_for(Book).model_json_schema()["properties"]
    assert shown["title"] == {
        "title": "The title", "description": "As on the cover.", "type": "string", "maxLength": 20,
    }  # fmt: skip
    assert shown["kind"]["enum"] == ["n", "s"]
    assert shown["contact"]["format"] == "email"
    assert shown["pages"]["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 5000}


# -- which fields ---------------------------------------------------------------------------------


def test_schema_for_takes_names_to_keep_to_drop_and_to_make_optional():
    assert list(schema_for(Book, only=("title", "price")).model_fields) == ["title", "price"]
    assert "id" not in schema_for(Book, exclude=("id",)).model_fields
    assert annotations(schema_for(Book, only=["title"], optional=["title"])) == {"title": str | None}
    assert schema_for(Book).__name__ == "BookSchema"
    assert schema_for(Book, name="Other").__name__ == "Other"


def test_a_base_of_ones_own_is_kept_and_reads_instances_too(book):
    class Base(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(str_strip_whitespace=True)

        def shout(self) -> str:
            return "!"

    made = schema_for(Book, base=Base)
    assert made.model_validate(book).shout() == "!"
    assert made(title=" Waves ", price=3).title == "Waves"
    assert made.model_validate(book).publisher == book.publisher_id


@pytest.mark.parametrize("option", ["only", "exclude", "optional"])
def test_an_unknown_field_is_refused_with_the_nearest(option):
    with pytest.raises(TypeError, match=r"unknown field 'titel' of Book\. Did you mean 'title'\?"):
        schema_for(Book, **{option: ("titel",)})


def test_meta_takes_fields_or_exclude_and_the_body_wins():
    class Short(DormSchema):
        pages: str = "none"
        more: int = 3

        class Meta:
            model = Book
            fields = ("title", "pages", "tags")

        @pydantic.field_validator("title")
        @classmethod
        def lower(cls, value: str) -> str:
            return value.lower()

    assert annotations(Short) == {"title": str, "pages": str, "more": int}
    assert Short(title="WAVES").title == "waves"


def test_a_subclass_inherits_the_fields_and_may_have_a_meta_of_its_own():
    class Longer(PublisherOut):
        founded: int = 0

    class Both(Longer):
        class Meta:
            model = Tag

    assert list(Longer.model_fields) == ["id", "name", "founded"]
    assert set(Both.model_fields) == {"id", "name", "founded", "word"}


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({}, "Meta.model is required"),
        ({"model": Book, "fields": ("title",), "exclude": ("id",)}, "Meta.fields and Meta.exclude"),
        ({"model": Book, "fields": "title"}, "Meta.fields takes a tuple of field names, not 'title'"),
        ({"model": Book, "exclude": ("titel",)}, "unknown field 'titel' of Book"),
        ({"model": Book, "nested": {"author": TagOut}}, "unknown field 'author' of Book"),
        ({"model": Book, "nested": {"title": TagOut}}, "unknown field: Book.title is no relation"),
        ({"model": Book, "nested": {"tags": Tag}}, r"Meta.nested\['tags'\] takes a schema"),
        ({"model": Book, "exclud": ()}, "unknown option Meta.exclud. Did you mean 'exclude'?"),
    ],
)
def test_a_meta_that_makes_no_sense_is_refused(meta, said):
    with pytest.raises(TypeError, match=said.replace("?", r"\?")):
        type(DormSchema)("Wrong", (DormSchema,), {"__module__": __name__, "Meta": type("Meta", (), meta)})


# -- relations ------------------------------------------------------------------------------------


def test_nested_relations_are_rows_and_lists_of_rows(book):
    assert annotations(BookOut)["publisher"] == PublisherOut | None
    assert annotations(BookOut)["tags"] == list[TagOut]
    shown = BookOut.model_validate(book).model_dump(include={"publisher", "tags"})
    assert shown == {"publisher": {"id": book.publisher_id, "name": "Orlando"}, "tags": [{"word": "sea"}]}


def test_a_row_without_the_other_shows_none(book):
    book.publisher = None
    assert BookOut.model_validate(book).publisher is None


def test_rows_that_refer_to_it_may_be_nested_too(book):
    class WithBooks(DormSchema):
        class Meta:
            model = Publisher
            nested = {"books": schema_for(Book, only=("title",))}

    found = WithBooks.model_validate(Publisher.objects.get())
    assert found.model_dump()["books"] == [{"title": "Waves"}]


def test_a_schema_names_the_relations_that_it_shows():
    class Shelf(DormSchema):
        class Meta:
            model = Publisher
            nested = {"books": BookOut}

    assert Shelf.relations() == ("books", "books__publisher", "books__tags")


async def test_in_a_running_loop_a_relation_that_is_not_loaded_is_an_error_that_names_the_cure(book):
    found = await Book.objects.aget()
    with pytest.raises(
        dorm.AsyncRequiredError, match=r'Book.publisher is not loaded.*select_related\("publisher"\)'
    ):
        BookOut.model_validate(found)
    found = await Book.objects.select_related("publisher").aget()
    with pytest.raises(dorm.AsyncRequiredError, match=r'Book.tags is not loaded.*prefetch_related\("tags"\)'):
        BookOut.model_validate(found)
    found = await Book.objects.prefetch_related(*BookOut.relations()).aget()
    assert BookOut.model_validate(found).tags == [TagOut(word="sea")]


async def test_a_key_is_shown_without_its_row(book):
    found = await Book.objects.aget()
    assert schema_for(Book).model_validate(found).publisher == book.publisher_id


def test_what_was_validated_makes_a_row(book):
    payload = schema_for(Book, exclude=("id",)).model_validate(
        {"title": "Years", "price": "8", "publisher": 1}
    )
    created = Book.objects.create(**payload.model_dump())
    assert (created.title, created.publisher_id) == ("Years", 1)
