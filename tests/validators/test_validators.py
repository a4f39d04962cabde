"""What each validator takes, refuses and says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from dorm.exceptions import ValidationError
from dorm.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
    validate_email,
    validate_slug,
)


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (MinValueValidator(3), 3),
        (MaxValueValidator(3), 3),
        (MinLengthValidator(3), "abc"),
        (MaxLengthValidator(3), [1, 2, 3]),
        (RegexValidator("b"), "abc"),
        (validate_slug, "a-slug_1"),
        *((validate_email, text) for text in ["a@b.org", "a.b+c@x-y.co.uk", "ü@bücher.de", "o'neil@a.ie"]),
        *(
            (URLValidator(), text)
            for text in [
                "http://a.org",
                "https://localhost:8000/x?y=1#z",
                "http://127.0.0.1/",
                "http://[::1]:80",
                "ftp://u:p@a.org",
            ]
        ),
    ],
)
def test_a_good_value_passes(validator: Callable[[Any], object], value: Any) -> None:
    validator(value)


@pytest.mark.parametrize(
    ("validator", "value", "code", "words"),
    [
        (MinValueValidator(3), 2, "min_value", "This must be 3 or more, not 2."),
        (MinValueValidator(3), float("nan"), "min_value", "This must be 3 or more, not nan."),
        (MaxValueValidator(3), 4, "max_value", "This must be 3 or less, not 4."),
        (
            MinLengthValidator(3),
            "ab",
            "min_length",
            "This needs a length of at least 3, but has 2.",
        ),
        (
            MaxLengthValidator(3),
            "abcd",
            "max_length",
            "This may have a length of at most 3, but has 4.",
        ),
        (RegexValidator("^b"), "abc", "invalid", "'abc' does not match the pattern '^b'."),
        (RegexValidator("^b", "Start with b, 100%"), "abc", "invalid", "Start with b, 100%"),
        (RegexValidator("^b", "%(value)s is wrong"), "abc", "invalid", "abc is wrong"),
        (
            validate_slug,
            "a b",
            "invalid",
            "'a b' is not a slug: only letters, digits, '-' and '_' may stand in it.",
        ),
    ],
)
def test_a_bad_value_is_refused_with_the_limit_and_what_was_given(
    validator: Callable[[Any], object], value: Any, code: str, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        validator(value)
    assert (caught.value.code, caught.value.messages) == (code, [words])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.org",
        "a@localhost",
        "a..b@c.org",
        "a@c..org",
        "a@-b.org",
        "a b@c.org",
        "a@b.org\n",
        "a@1.2.3.4",
    ],
)
def test_an_email_needs_a_dotted_domain(text: str) -> None:
    with pytest.raises(ValidationError, match="e-mail"):
        validate_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.org",
        "http://a",
        "javascript:alert(1)",
        "http://a.org/ b",
        "http://999.1.1.1/",
        "http://a.org\n",
        "https://",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="web address"):
        URLValidator()(text)


def test_a_long_hostile_text_is_refused_at_once() -> None:
    with pytest.raises(ValidationError):
        validate_email("a@" + "a-" * 5_000)
    with pytest.raises(ValidationError):
        URLValidator()("http://" + "a." * 5_000)


def test_a_regex_can_have_flags_or_be_compiled_already() -> None:
    RegexValidator("B", flags=re.IGNORECASE)("abc")
    RegexValidator(re.compile("B", re.IGNORECASE))("abc")


def test_a_wrong_pattern_is_refused_when_the_validator_is_made() -> None:
    with pytest.raises(re.error):
        RegexValidator("(")


@pytest.mark.parametrize(
    "make",
    [
        lambda: MinValueValidator(1),
        lambda: MaxLengthValidator(1, "short!"),
        lambda: RegexValidator("a", "words"),
        lambda: EmailValidator(),
        lambda: URLValidator("words"),
    ],
)
def test_validators_are_equal_by_value(make: Callable[[], object]) -> None:
    assert make() == make()
    assert hash(make()) == hash(make())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MinValueValidator(1), MinValueValidator(2)),
        (MinValueValidator(1), MaxValueValidator(1)),
        (RegexValidator("a"), RegexValidator("a", flags=re.IGNORECASE)),
        (EmailValidator(), EmailValidator("words")),
        (EmailValidator(), 1),
    ],
)
def test_validators_differ_by_class_limit_and_words(one: object, other: object) -> None:
    assert one != other


@pytest.mark.parametrize(
    ("validator", "text"),
    [
        (MinValueValidator(1), "MinValueValidator(1)"),
        (MaxLengthValidator(5), "MaxLengthValidator(5)"),
        (RegexValidator("^a"), "RegexValidator('^a')"),
        (EmailValidator(), "EmailValidator()"),
        (URLValidator(), "URLValidator()"),
    ],
)
def test_the_repr_names_the_class_and_the_limit(validator: object, text: str) -> None:
    assert repr(validator) == text
