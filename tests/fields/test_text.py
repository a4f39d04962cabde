"""Text: what becomes text, how long it may be, and what e-mails, addresses and slugs are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import pytest

from dorm.exceptions import FieldError, ImproperlyConfigured, ValidationError
from dorm.fields import CharField, EmailField, Field, SlugField, TextField, URLField


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (" a ", " a "),
        (12, "12"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (PurePosixPath("a/b"), "a/b"),
        (UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_has_a_text_becomes_it(value: Any, text: str) -> None:
    assert CharField().to_python(value) == text
    assert TextField().get_prep_value(value) == text


@pytest.mark.parametrize("value", [b"a", bytearray(b"a"), ["a"], {"a": 1}, {"a"}, object()])
def test_what_has_only_a_repr_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError, match="is not text"):
        CharField().to_python(value)
    with pytest.raises(FieldError, match="expects text"):
        CharField().get_prep_value(value)


def test_a_subclass_of_str_is_stored_as_plain_text() -> None:
    class Marked(str):
        def __str__(self) -> str:
            return f"<{super().__str__()}>"

    stored = CharField().get_prep_value(Marked("a"))
    assert (type(stored), stored) == (str, "a")


def test_length_is_checked_by_validation_and_not_by_saving() -> None:
    field = CharField(max_length=3)
    assert field.get_prep_value("abcd") == "abcd"
    with pytest.raises(ValidationError, match="at most 3, but has 4"):
        field.validate("abcd", None)
    with pytest.raises(ValidationError, match="at most 3, but has 4"):
        TextField(max_length=3).clean("abcd", None)


@pytest.mark.parametrize("length", [0, -1, None, "5", True, 2.0])
def test_a_length_is_a_whole_number_above_0(length: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="max_length"):
        CharField(max_length=length)


@pytest.mark.parametrize(
    ("kind", "length"), [(CharField, 255), (EmailField, 254), (URLField, 200), (SlugField, 50)]
)
def test_each_class_has_its_length(kind: type[Field[Any]], length: int) -> None:
    assert kind().max_length == length
    assert TextField().max_length is None


def test_a_slug_is_indexed_unless_told_otherwise() -> None:
    assert SlugField().db_index
    assert not SlugField(db_index=False).db_index


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (EmailField(), "ada@example.org", "ada"),
        (URLField(), "https://example.org/", "example"),
        (SlugField(), "a-slug", "no slug"),
    ],
)
def test_validation_knows_the_form_and_saving_does_not(field: Field[Any], good: str, bad: str) -> None:
    assert field.clean(good, None) == good
    assert field.get_prep_value(bad) == bad
    with pytest.raises(ValidationError):
        field.validate(bad, None)
