"""A ValidationError says what it holds as Django's does: by text, by field, with codes and parameters."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import django.core.exceptions
import pytest

import dorm

KINDS = (dorm.ValidationError, django.core.exceptions.ValidationError)


def _nested(kind: Any) -> Any:
    return kind([kind("a %(n)s", code="x", params={"n": 1}), "b", kind(["c", kind("d", code="y")])])


MADE: dict[str, Any] = {
    "text": lambda kind: kind("a"),
    "text with a code": lambda kind: kind("a", code="x"),
    "text with parameters": lambda kind: kind("%(n)s of %(m)s", code="x", params={"n": 1, "m": 2}),
    "a percent sign": lambda kind: kind("100% of it"),
    "list": lambda kind: kind(["a", "b"]),
    "list of one": lambda kind: kind(["a"]),
    "errors in errors": _nested,
    "an error of one error": lambda kind: kind(kind("a", code="x")),
    "an error of many": lambda kind: kind(_nested(kind)),
    "mapping": lambda kind: kind({"f": "a", "g": ["b", "c"]}),
    "mapping of errors": lambda kind: kind({"f": _nested(kind), "g": kind("z", code="w")}),
    "an error of a mapping": lambda kind: kind(kind({"f": "a"})),
    "a mapping in a list": lambda kind: kind([kind({"f": "a", "g": ["b"]}), "c"]),
    "empty list": lambda kind: kind([]),
}


def _leaves(errors: Any) -> list[Any]:
    return [(error.code, error.params and dict(error.params), error.messages) for error in errors]


def _said(error: Any) -> dict[str, Any]:
    by_field = getattr(error, "error_dict", None)
    said = {"messages": error.messages, "iteration": list(error), "by field": by_field is not None}
    if by_field is not None:
        said["message_dict"] = error.message_dict
        said["dict"] = dict(error)
        said["error_dict"] = {field: _leaves(errors) for field, errors in by_field.items()}
    else:
        said["error_list"] = _leaves(error.error_list)
    added = error.update_error_dict({"f": [type(error)("first")]})
    said["added"] = {field: _leaves(errors) for field, errors in added.items()}
    return said


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_it_says_what_djangos_says(make):
    mine, theirs = (_said(make(kind)) for kind in KINDS)
    assert mine == theirs


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_it_equals_another_of_the_same_and_survives_copies(make):
    error = make(dorm.ValidationError)
    assert error == make(dorm.ValidationError) and hash(error) == hash(make(dorm.ValidationError))
    assert error != dorm.ValidationError("something else") and error != "a"
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (_said(other), str(other)) == (_said(error), str(error))


def test_the_texts_of_no_field_are_by_no_field():
    with pytest.raises(AttributeError):
        _ = dorm.ValidationError("a").message_dict
    assert not hasattr(dorm.ValidationError(["a"]), "error_dict")


def test_a_unique_violation_is_a_validation_error_with_its_message_and_code():
    error = dorm.UniqueViolation("taken", ("name",))
    assert (error.messages, error.code, error.fields, str(error)) == (["taken"], "unique", ("name",), "taken")
    assert pickle.loads(pickle.dumps(error)).fields == ("name",)
    assert isinstance(error, dorm.ValidationError) and isinstance(error, dorm.IntegrityError)
