"""`full_clean()` and its parts: every error at once, by field, and only errors that are true."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import dorm
from dorm import Q, ValidationError


class Writer(dorm.Model):
    name = dorm.CharField(max_length=10, error_messages={"blank": "A writer has a name."})
    email = dorm.EmailField(unique=True, null=True)
    age = dorm.PositiveIntegerField(default=30, validators=[dorm.MaxValueValidator(150)])
    nick = dorm.CharField(
        max_length=10,
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": "%(field_label)s is taken."},
    )

    class Meta:
        db_table = "valid_writer"

    def clean(self) -> None:
        if self.name == "Nobody":
            raise ValidationError("Nobody writes.")


class Essay(dorm.Model):
    title = dorm.CharField("the title", max_length=20, unique_for_date="day")
    part = dorm.IntegerField(default=1)
    day = dorm.DateField(default=date(2020, 2, 29))
    seen = dorm.DateTimeField(null=True, blank=True)
    slug = dorm.CharField(max_length=20, null=True, blank=True, unique_for_month="seen")
    writer = dorm.ForeignKey(Writer, on_delete=dorm.CASCADE)
    draft = dorm.BooleanField(default=False)

    class Meta:
        db_table = "valid_essay"
        unique_together = ("writer", "title", "part")
        constraints = [
            dorm.UniqueConstraint(fields=["part"], condition=Q(draft=True), name="one_draft"),
            dorm.UniqueConstraint(fields=["day", "part"], name="day_part"),
            dorm.UniqueConstraint(
                dorm.F("part") * dorm.F("part") + 1, condition=Q(part__lt=0), name="square"
            ),
            dorm.CheckConstraint(condition=Q(part__lt=100), name="few_parts"),
            dorm.CheckConstraint(
                condition=Q(day__gte=date(2000, 1, 1)) | Q(draft=True),
                name="not_old",
                violation_error_message="Too old, says %(name)s.",
            ),
            dorm.CheckConstraint(condition=Q(seen__year__gt=2000), name="seen_late"),
        ]


@pytest.fixture
def writer(call):
    call(dorm.create_tables, Writer, Essay)
    return call(Writer.objects.create, name="Ada", email="ada@example.org", nick="ada")


def errors_of(call: Any, instance: Any, method: str = "full_clean", **options: Any) -> dict[str, list[str]]:
    """Return what the validation of *instance* refuses, by field."""
    with pytest.raises(ValidationError) as caught:
        call(getattr(instance, method), **options)
    return caught.value.message_dict


# -- fields ----------------------------------------------------------------------------------------


def test_all_errors_are_collected_by_field(call, writer):
    found = errors_of(call, Writer(name="", email="not-an-email", age=-5))

    assert found["name"] == ["A writer has a name."]
    assert "not-an-email" in found["email"][0]
    assert found["age"] == ["This must be 0 or more, not -5."]


def test_values_are_converted_where_they_are_right(call, writer):
    one = Writer(name="Bob", age="41")
    call(one.full_clean)
    assert one.age == 41


def test_fields_can_be_left_out(call, writer):
    call(Writer(name="", age=-5).full_clean, exclude=["name", "age"])
    assert set(errors_of(call, Writer(name="", age=-5), exclude=["name"])) == {"age"}


def test_a_deferred_column_is_not_asked_for(call, writer):
    one = call(Writer.objects.only("name").get, pk=writer.pk)
    call(one.full_clean)
    assert one.get_deferred_fields() == {"email", "age", "nick"}


def test_clean_speaks_for_the_whole_instance(call, writer):
    found = errors_of(call, Writer(name="Nobody", age=200))

    assert found["__all__"] == ["Nobody writes."]
    assert "age" in found


def test_the_message_shows_the_texts():
    with pytest.raises(ValidationError) as caught:
        Writer(name="").clean_fields()
    assert caught.value.message == {"name": ["A writer has a name."]}
    assert str(caught.value) == "name: A writer has a name."


# -- uniqueness ------------------------------------------------------------------------------------


def test_another_row_with_the_value_is_found(call, writer):
    found = errors_of(call, Writer(name="Eve", email="ada@example.org"), "validate_unique")

    assert found == {"email": ["Writer with this email already exists."]}
    assert errors_of(call, Writer(name="Eve", nick="ada")) == {"nick": ["nick is taken."]}


def test_a_row_is_no_other_than_itself(call, writer):
    call(writer.full_clean)
    other = call(Writer.objects.create, name="Bob", email="bob@example.org")
    other.email = "ada@example.org"
    assert "already exists" in str(errors_of(call, other))


def test_a_given_key_that_is_there_is_found(call, writer):
    found = errors_of(call, Writer(id=writer.pk, name="Eve"), "validate_unique")
    assert "already exists" in found["id"][0]


def test_nulls_differ(call, writer):
    call(Writer.objects.create, name="Bob", email=None)
    call(Writer(name="Eve", email=None).full_clean)


def test_a_wrong_value_is_not_asked_about(call, writer):
    assert set(errors_of(call, Writer(name="Eve", email="x" * 300))) == {"email"}


def test_groups_are_unique_together(call, writer):
    call(Essay.objects.create, title="On dust", writer=writer)
    found = errors_of(call, Essay(title="On dust", writer=writer, day=date(2021, 1, 1)))

    assert found == {"__all__": ["Essay with this writer, the title and part already exists."]}
    call(Essay(title="On dust", writer=writer, part=2, day=date(2021, 1, 1)).full_clean)


def test_a_title_is_unique_for_its_day(call, writer):
    call(Essay.objects.create, title="On dust", writer=writer)
    found = errors_of(call, Essay(title="On dust", writer=writer, part=2))
    assert found == {"title": ["the title must be unique for day date."]}


def test_a_slug_is_unique_for_its_month(call, writer):
    call(Essay.objects.create, title="a", writer=writer, slug="x", seen=datetime(2020, 3, 5, tzinfo=UTC))
    again = Essay(title="b", writer=writer, part=2, slug="x", seen=datetime(2021, 3, 30, tzinfo=UTC))

    assert errors_of(call, again) == {"slug": ["slug must be unique for seen month."]}
    again.seen = datetime(2021, 4, 1, tzinfo=UTC)
    call(again.full_clean)


# -- constraints -----------------------------------------------------------------------------------


def test_a_unique_constraint_with_a_condition_is_about_the_rows_that_meet_it(call, writer):
    call(Essay.objects.create, title="a", writer=writer, draft=True)
    later = date(2021, 1, 1)

    call(Essay(title="b", writer=writer, day=later).full_clean)
    found = errors_of(call, Essay(title="b", writer=writer, day=later, draft=True))
    assert found == {"__all__": ["A row like this already exists (constraint 'one_draft')."]}


def test_a_unique_constraint_of_fields_names_them(call, writer):
    call(Essay.objects.create, title="a", writer=writer)
    found = errors_of(call, Essay(title="b", writer=writer), "validate_constraints")
    assert found == {"__all__": ["Essay with this day and part already exists."]}


def test_a_unique_constraint_of_expressions_compares_their_values(call, writer):
    one = call(Essay.objects.create, title="a", writer=writer, part=-3)
    later = date(2021, 1, 1)
    call(one.full_clean)
    call(Essay(title="b", writer=writer, part=3, day=later).full_clean)

    found = errors_of(call, Essay(title="b", writer=writer, part=-3, day=later))
    assert found == {"__all__": ["A row like this already exists (constraint 'square')."]}


def test_a_check_is_asked_of_the_database(call, writer):
    found = errors_of(call, Essay(title="a", writer=writer, part=100, day=date(1999, 1, 1)))

    assert sorted(found["__all__"]) == [
        "The constraint does not hold (constraint 'few_parts').",
        "Too old, says not_old.",
    ]
    call(Essay(title="a", writer=writer, day=date(1999, 1, 1), draft=True).full_clean)


def test_an_unknown_check_holds(call, writer):
    call(Essay(title="a", writer=writer, seen=None).full_clean)
    late = datetime(1999, 12, 31, 23, 59, tzinfo=UTC)
    assert "seen_late" in str(errors_of(call, Essay(title="a", writer=writer, seen=late)))


def test_a_constraint_about_a_field_that_is_left_out_is_not_checked(call, writer):
    call(Essay(title="a", writer=writer, part=100).full_clean, exclude=["part"])
    call(Essay(title="a", writer=writer, part=100).full_clean, validate_constraints=False)


@pytest.mark.parametrize("text", ["it's", '"', "100%", "a\\b", "--", "%s", "?", "; DROP TABLE valid_name"])
def test_no_text_gets_out_of_its_literal(call, text):
    class Name(dorm.Model):
        name = dorm.CharField(max_length=40)

        class Meta:
            db_table = "valid_name"
            constraints = [dorm.CheckConstraint(condition=~Q(name=text), name="not_this")]

    call(dorm.create_tables, Name)
    call(Name(name="other " + text).full_clean)
    assert errors_of(call, Name(name=text))
    assert call(Name.objects.create, name=text + " ").pk
    with pytest.raises(dorm.CheckViolation):
        call(Name.objects.create, name=text)


def test_errors_have_their_codes_and_parameters(call, writer):
    with pytest.raises(dorm.ValidationError) as caught:
        call(Writer(name="Ada", email=writer.email).full_clean)
    (error,) = caught.value.error_dict["email"]
    assert error.code == "unique"
    assert error.params["field_label"] == "email"
