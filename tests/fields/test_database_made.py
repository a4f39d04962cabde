"""Values that the database makes: defaults of its own, and computed columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import dorm
from dorm.exceptions import FieldError, ImproperlyConfigured, NotSupportedError
from dorm.fields.base import DATABASE_DEFAULT
from dorm.models.functions import Lower, Now, Upper


class Colour(dorm.TextChoices):
    RED = "r"
    BLUE = "b"


class Order(dorm.Model):
    note = dorm.CharField(max_length=40, db_default="it's 100%")
    amount = dorm.IntegerField(db_default=3)
    price = dorm.DecimalField(max_digits=6, decimal_places=2, db_default="1.50")
    day = dorm.DateField(db_default=date(2020, 2, 29))
    colour = dorm.CharField(choices=Colour, max_length=1, db_default=Colour.BLUE)
    extra = dorm.JSONField(db_default={"a": ["'"]})
    doubled = dorm.GeneratedField(expression=dorm.F("amount") * 2, output_field=dorm.IntegerField())
    total = dorm.GeneratedField(
        expression=dorm.F("amount") * dorm.F("price"),
        output_field=dorm.DecimalField(max_digits=10, decimal_places=2),
    )

    class Meta:
        db_table = "made_order"


def test_an_untouched_attribute_takes_what_the_database_chooses(call):
    call(dorm.create_tables, Order)
    order = Order(amount=5)
    assert order.note is DATABASE_DEFAULT
    call(order.save)

    again = call(Order.objects.get)
    for one in (order, again):
        assert (one.note, one.amount, str(one.price)) == ("it's 100%", 5, "1.50")
        assert (one.day, one.colour, one.extra) == (date(2020, 2, 29), Colour.BLUE, {"a": ["'"]})


def test_what_was_given_is_stored(call):
    call(dorm.create_tables, Order)
    order = call(Order.objects.create, note="own", colour=Colour.RED, extra=[1])

    assert call(Order.objects.get, pk=order.pk).note == "own"
    assert (order.note, order.colour, order.extra) == ("own", Colour.RED, [1])


def test_many_rows_take_defaults_of_the_database_too(call):
    call(dorm.create_tables, Order)
    rows = call(Order.objects.bulk_create, [Order(), Order(amount=7), Order()])

    assert {(row.pk, row.amount, row.note) for row in rows} == {
        (row.pk, row.amount, row.note) for row in call.list(Order.objects.all())
    }
    assert sorted(row.doubled for row in rows) == [6, 6, 14]


def test_a_row_with_a_key_of_its_own_takes_defaults_too(call):
    call(dorm.create_tables, Order)
    call(Order.objects.create, id=5, note="first")
    order = Order(id=5, amount=9)
    call(order.save)

    assert (order.note, order.amount, order.doubled) == ("first", 9, 18)
    assert call(Order.objects.count) == 1


def test_a_computed_column_follows_its_row(call):
    call(dorm.create_tables, Order)
    order = call(Order.objects.create, amount=2, price="2.25")
    assert (order.doubled, str(order.total)) == (4, "4.50")

    order.amount = 10
    call(order.save)
    assert (order.doubled, str(order.total)) == (20, "22.50")
    assert call(Order.objects.get, doubled=20, total__gt=22) == order
    order.amount = 1
    call(order.save, update_fields=["amount"])
    assert order.doubled == 2


def test_a_computed_column_takes_no_value(call):
    call(dorm.create_tables, Order)
    with pytest.raises(TypeError, match="takes no value"):
        Order(doubled=3)
    with pytest.raises(FieldError, match="is computed by the database"):
        call(Order.objects.update, doubled=3)
    with pytest.raises(FieldError, match="the database computes it"):
        call(call(Order.objects.create).save, update_fields=["doubled"])
    with pytest.raises(AttributeError, match="save it first"):
        str(Order().doubled)


def test_a_virtual_column_is_computed_when_it_is_read(call, database):
    class Line(dorm.Model):
        amount = dorm.IntegerField()
        more = dorm.GeneratedField(
            expression=dorm.F("amount") + 1, output_field=dorm.IntegerField(), db_persist=False
        )

        class Meta:
            db_table = "made_line"

    if database.vendor == "postgresql":
        with pytest.raises(NotSupportedError, match="db_persist=True"):
            call(dorm.create_tables, Line)
        return
    call(dorm.create_tables, Line)
    assert call(Line.objects.create, amount=4).more == 5


def test_a_default_may_be_an_expression_but_not_a_column(call):
    class Count(dorm.Model):
        number = dorm.IntegerField(db_default=dorm.Value(40) + 2)

        class Meta:
            db_table = "made_count"

    class Wrong(dorm.Model):
        number = dorm.IntegerField()
        other = dorm.IntegerField(db_default=dorm.F("number"))

        class Meta:
            db_table = "made_wrong"

    call(dorm.create_tables, Count)
    assert call(Count.objects.create).number == 42
    with pytest.raises(ImproperlyConfigured, match="may not name columns"):
        call(dorm.create_tables, Wrong)


def test_rows_written_by_others_get_the_default_too(call):
    call(dorm.create_tables, Order)
    from dorm.db.connection import get_async_connection, get_connection

    sql = "INSERT INTO made_order (amount) VALUES (1)"
    call.run(lambda: get_connection().execute(sql), lambda: get_async_connection().execute(sql))
    assert call(Order.objects.get).note == "it's 100%"


def test_the_default_of_the_instance_comes_before_that_of_the_database():
    class Both(dorm.Model):
        number = dorm.IntegerField(default=1, db_default=2)

    assert Both().number == 1


def test_a_generated_field_says_what_it_needs():
    wrong: list[dict[str, Any]] = [
        {"expression": 3, "output_field": dorm.IntegerField()},
        {"expression": dorm.F("a"), "output_field": int},
        {"expression": dorm.F("a"), "output_field": dorm.IntegerField(), "default": 3},
        {"expression": dorm.F("a"), "output_field": dorm.IntegerField(), "editable": True},
    ]
    for options in wrong:
        with pytest.raises(ImproperlyConfigured):
            dorm.GeneratedField(**options)


class Member(dorm.Model):
    name = dorm.CharField(max_length=20)
    joined = dorm.DateTimeField(db_default=Now())
    shown = dorm.GeneratedField(expression=Upper("name"), output_field=dorm.CharField(max_length=20))

    class Meta:
        db_table = "made_member"
        constraints = [dorm.UniqueConstraint(Lower("name"), name="made_member_name")]
        indexes = [dorm.Index(Lower("name").desc(), name="made_member_lower")]


def test_functions_stand_in_defaults_computed_columns_and_constraints(call):
    call(dorm.create_tables, Member)
    ada = call(Member.objects.create, name="Ada")

    assert ada.shown == "ADA"
    assert abs(datetime.now(UTC) - ada.joined) < timedelta(minutes=5)
    with pytest.raises(dorm.UniqueViolation):
        call(Member.objects.create, name="ADA")
    with pytest.raises(dorm.ValidationError, match="made_member_name"):
        call(Member(name="aDA").full_clean)
    call(ada.full_clean)
