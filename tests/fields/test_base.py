"""What all fields share: options, names, copies, defaults and the order of checks."""

from __future__ import annotations

import enum
from typing import Any

import pytest

from dorm import fields
from dorm.exceptions import FieldError, ImproperlyConfigured, ValidationError
from dorm.fields import CharField, Field, IntegerField, JSONField
from dorm.fields.base import check_identifier, check_name
from dorm.lookups.paths import walk
from dorm.validators import MinLengthValidator, RegexValidator


class Author:
    """Stands for a model: a field knows it by its name alone."""


class Connection:
    def __init__(self, vendor: str) -> None:
        self.vendor = vendor


CLASSES: list[type[Field[Any]]] = [
    kind
    for kind in vars(fields).values()
    if isinstance(kind, type) and issubclass(kind, Field) and kind.__module__ != "dorm.fields.related"
    # These are made from another field.
    if kind not in (fields.ArrayField, fields.GeneratedField)
]
SCALARS = [kind for kind in CLASSES if kind is not Field]


# -- options --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CLASSES)
def test_every_field_works_unbound_and_without_options(kind: type[Field[Any]]) -> None:
    field = kind()
    assert (field.name, field.attname, field.column, field.model) == ("", "", "", None)
    assert (field.unique, field.validators) == (field.primary_key, [])
    assert field.null == (kind is fields.NullBooleanField)
    assert field.get_prep_value(None) is None
    assert field.get_db_prep_value(None) is None
    assert field.from_db_value(None) is None
    assert field.to_python(None) is None
    assert field.get_default() is None


@pytest.mark.parametrize("kind", CLASSES)
def test_an_unknown_option_is_a_type_error(kind: type[Field[Any]]) -> None:
    options: dict[str, Any] = {"nul": True}
    with pytest.raises(TypeError, match="nul"):
        kind(**options)


def test_validators_holds_what_the_user_passed() -> None:
    validator = MinLengthValidator(2)
    assert fields.EmailField(max_length=20, validators=(validator,)).validators == [validator]


def test_a_primary_key_is_unique_and_never_null() -> None:
    assert CharField(primary_key=True).unique
    with pytest.raises(ImproperlyConfigured, match="null"):
        CharField(primary_key=True, null=True)


@pytest.mark.parametrize("column", ['x"; DROP TABLE y', "a b", "1a", "", "a-b", "a.b", "x" * 64])
def test_an_unsafe_column_is_refused_with_the_name_of_the_option(column: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="db_column"):
        CharField(db_column=column)


def test_an_identifier_has_letters_digits_and_underscores() -> None:
    assert check_identifier("größe_2", "db_table") == "größe_2"
    with pytest.raises(ImproperlyConfigured, match="db_table"):
        check_identifier("größe 2", "db_table")


# -- a place in a model ---------------------------------------------------------------------------


def test_a_bound_field_knows_its_names() -> None:
    field = CharField(db_column="full_name")
    field.bind(Author, "name")
    assert (field.name, field.attname, field.column, field.model) == ("name", "name", "full_name", Author)
    assert repr(field) == "<CharField Author.name>"


@pytest.mark.parametrize("name", ["a__b", "name_", "pk", "objects", "_state", "DoesNotExist"])
def test_a_name_that_means_something_else_is_refused(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        check_name(name)
    with pytest.raises(ImproperlyConfigured, match=name):
        CharField().bind(Author, name)


def test_a_clone_is_made_by_the_same_call_and_is_unbound() -> None:
    class Code(CharField):
        def __init__(self, prefix: str) -> None:
            super().__init__(max_length=len(prefix) + 4, validators=[RegexValidator(prefix)])
            self.prefix = prefix

    field = Code("AB")
    field.bind(Author, "code")
    copy = field.clone()
    assert (type(copy), copy.prefix, copy.max_length, copy.name, copy.model) == (Code, "AB", 6, "", None)
    assert copy.validators == field.validators
    assert copy.validators is not field.validators


def test_a_field_can_be_subscripted_as_the_stubs_allow() -> None:
    text: Any = CharField

    class Code(text[str]):  # type: ignore[misc]  # a base that is generic in the stubs alone
        pass

    assert Code(max_length=3).clone().max_length == 3
    assert isinstance(text[str](), CharField)


def test_a_path_of_lookups_walks_over_fields() -> None:
    field = IntegerField(null=True)
    field.bind(Author, "age")

    class View:
        name = "Author"

        def field(self, name: str) -> Field[Any] | None:
            return field if name == "age" else None

        def names(self) -> list[str]:
            return ["age"]

    path = walk(View(), "age__gte")
    assert getattr(path, "family") == "integer"
    assert getattr(path, "nullable") is True


# -- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "sqlite", "postgresql"),
    [
        (CharField(), "VARCHAR(255)", "VARCHAR(255)"),
        (CharField(max_length=7), "VARCHAR(7)", "VARCHAR(7)"),
        (fields.EmailField(), "VARCHAR(254)", "VARCHAR(254)"),
        (fields.URLField(), "VARCHAR(200)", "VARCHAR(200)"),
        (fields.SlugField(), "VARCHAR(50)", "VARCHAR(50)"),
        (fields.TextField(), "TEXT", "TEXT"),
        (IntegerField(), "INTEGER", "INTEGER"),
        (fields.PositiveIntegerField(), "INTEGER", "INTEGER"),
        (fields.SmallIntegerField(), "INTEGER", "SMALLINT"),
        (fields.PositiveSmallIntegerField(), "INTEGER", "SMALLINT"),
        (fields.BigIntegerField(), "INTEGER", "BIGINT"),
        (fields.FloatField(), "REAL", "DOUBLE PRECISION"),
        (fields.DecimalField(), "NUMERIC(10, 2)", "NUMERIC(10, 2)"),
        (fields.DecimalField(max_digits=5, decimal_places=0), "NUMERIC(5, 0)", "NUMERIC(5, 0)"),
        (fields.BooleanField(), "INTEGER", "BOOLEAN"),
        (fields.DateField(), "DATE", "DATE"),
        (fields.TimeField(), "TIME", "TIME"),
        (fields.UUIDField(), "VARCHAR(36)", "UUID"),
        (JSONField(), "TEXT", "JSONB"),
    ],
)
def test_each_vendor_has_its_column_type(field: Field[Any], sqlite: str, postgresql: str) -> None:
    assert field.db_type(Connection("sqlite")) == sqlite
    assert field.db_type(Connection("postgresql")) == postgresql


# -- defaults -------------------------------------------------------------------------------------


def test_a_default_is_called_when_it_can_be() -> None:
    assert IntegerField(default=3).get_default() == 3
    assert IntegerField(default=lambda: 4).get_default() == 4


def test_none_is_a_default_like_any_other() -> None:
    assert IntegerField(default=None).has_default()
    assert not IntegerField().has_default()


# -- values ---------------------------------------------------------------------------------------


def test_a_value_that_does_not_fit_names_the_field_and_the_value() -> None:
    field = IntegerField()
    field.bind(Author, "age")
    with pytest.raises(FieldError) as caught:
        field.get_prep_value("abc")
    assert str(caught.value) == "'age' expects a number, got 'abc' (str)"
    assert (caught.value.model, caught.value.name) == ("Author", "age")
    assert isinstance(caught.value.__cause__, ValidationError)


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(FieldError) as caught:
        IntegerField().get_prep_value("x" * 1000)
    assert len(str(caught.value)) < 200


def test_an_enum_member_stands_for_its_value() -> None:
    class Level(enum.Enum):
        LOW = 1

    class Word(enum.StrEnum):
        YES = "yes"

    assert IntegerField().get_prep_value(Level.LOW) == 1
    assert type(CharField().get_prep_value(Word.YES)) is str
    assert CharField().clean(Word.YES) == "yes"


def test_without_a_hook_the_value_to_save_is_that_of_the_instance() -> None:
    field = CharField()
    field.bind(Author, "name")
    author = Author()
    author.__dict__["name"] = "Ada"
    assert not field.has_pre_save
    assert field.pre_save(author, add=True) == "Ada"


# -- validation -----------------------------------------------------------------------------------


def code_of(field: Field[Any], value: Any) -> str | None:
    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    return caught.value.code


def test_none_needs_a_nullable_field() -> None:
    assert code_of(CharField(), None) == "null"
    assert CharField(null=True, validators=[MinLengthValidator(2)]).clean(None, None) is None


def test_an_empty_text_needs_a_field_that_may_be_blank() -> None:
    assert code_of(CharField(), "") == "blank"
    assert fields.EmailField(blank=True).clean("", None) == ""


def test_choices_are_pairs_groups_or_an_enumeration() -> None:
    class Size(enum.Enum):
        SMALL = "s"

    grouped = CharField(choices=[("a", "A"), ("Group", [("b", "B")])])
    assert grouped.clean("b", None) == "b"
    assert code_of(grouped, "Group") == "invalid_choice"
    assert CharField(choices=Size).choices == [("s", "SMALL")]
    assert CharField(choices=Size).clean(Size.SMALL, None) is Size.SMALL
    assert CharField(choices=Size).clean("s", None) is Size.SMALL


def test_all_that_validators_refuse_is_told_at_once() -> None:
    field = CharField(max_length=1, validators=[RegexValidator("x", "no x"), RegexValidator("y", "no y")])
    with pytest.raises(ValidationError) as caught:
        field.validate("ab", None)
    assert caught.value.messages == ["This may have a length of at most 1, but has 2.", "no x", "no y"]


def test_validate_runs_the_validators() -> None:
    with pytest.raises(ValidationError, match="at least 3"):
        CharField(validators=[MinLengthValidator(3)]).validate("ab", None)
