"""UUIDs and JSON."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dorm.exceptions import FieldError, ValidationError
from dorm.fields import JSONField, UUIDField

ONE = UUID("00000000-0000-0000-0000-000000000001")


@pytest.mark.parametrize("value", [ONE, str(ONE), ONE.hex, f"{{{ONE}}}", ONE.urn])
def test_a_uuid_is_read_from_any_of_its_texts(value: Any) -> None:
    assert UUIDField().to_python(value) == ONE
    assert UUIDField().get_prep_value(value) == ONE
    assert UUIDField().from_db_value(value) == ONE


@pytest.mark.parametrize("value", ["abc", "", 1, ONE.bytes])
def test_the_rest_is_no_uuid(value: Any) -> None:
    with pytest.raises(ValidationError, match="is not a UUID"):
        UUIDField().to_python(value)
    with pytest.raises(FieldError, match="expects a UUID"):
        UUIDField().get_prep_value(value)


@given(st.uuids())
def test_a_uuid_survives_its_text(value: UUID) -> None:
    assert UUIDField().from_db_value(str(value)) == value


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], 0, False, 1.5, "text", '{"a": 1}', "1"])
def test_any_json_value_is_stored_as_it_is(value: Any) -> None:
    assert JSONField().get_prep_value(value) is value
    assert JSONField().clean(value, None) is value


def test_json_text_is_read() -> None:
    assert JSONField().to_python('{"a": [1, null]}') == {"a": [1, None]}
    assert JSONField().from_db_value('"text"') == "text"


@pytest.mark.parametrize("value", [{"a": 1}, [1], 5, "no JSON"])
def test_what_is_no_json_text_has_been_read_already(value: Any) -> None:
    assert JSONField().to_python(value) == value
    assert JSONField().from_db_value(value) == value


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {1, 2}, b"a", object()])
def test_validation_refuses_what_json_cannot_write(value: Any) -> None:
    with pytest.raises(ValidationError, match="cannot be written as JSON"):
        JSONField().validate(value, None)


def test_a_constant_default_is_not_shared() -> None:
    field = JSONField(default={"tags": []})
    field.get_default()["tags"].append("a")
    assert field.get_default() == {"tags": []}
    assert field.clone().get_default() == {"tags": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(JSON)
def test_json_survives_its_text(value: Any) -> None:
    assert JSONField().from_db_value(json.dumps(value)) == value
