"""Expressions as the values of instances: in new rows, in rows that are there, and in many at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

import dorm
from dorm import FieldError, models
from dorm.expressions import F, OuterRef, Subquery, Value
from dorm.models.functions import Concat, Lower, Now, Upper


class Shop(models.Model):
    name = models.CharField(max_length=40)
    rank = models.IntegerField(default=1)

    class Meta:
        app_label = "computed"


class Item(models.Model):
    name = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    seen = models.DateTimeField(null=True)
    data = models.JSONField(null=True)
    is_new = models.BooleanField(default=True)
    shop = models.ForeignKey(Shop, models.CASCADE, null=True)
    uses = models.IntegerField(default=0)
    left = models.IntegerField(db_default=7)
    doubled = models.GeneratedField(expression=F("uses") * 2, output_field=models.IntegerField())
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "computed"


@pytest.fixture(autouse=True)
def tables(request):
    if "call" in request.fixturenames:
        request.getfixturevalue("call")(dorm.create_tables, Shop, Item)


def _same(call, item, *names):
    """Return the values that *item* has, once they are seen to be those of its row."""
    row = call(Item.objects.get, pk=item.pk)
    held = [vars(item)[name] for name in names]
    assert held == [vars(row)[name] for name in names]
    return held


# -- new rows ---------------------------------------------------------------------------------------


def test_a_new_row_takes_functions_and_brings_their_values_back(call):
    made = call(Item.objects.create, name=Lower(Value("ABC")), seen=Now(), uses=Value(2) + 3)
    assert _same(call, made, "name", "uses", "left", "doubled") == ["abc", 5, 7, 10]
    assert _same(call, made, "seen")[0].tzinfo is UTC


def test_save_of_a_new_instance_does_too(call, statements):
    made = Item(name=Concat(Value("a"), Upper(Value("b"))), left=Value(1) + 1)
    with statements() as sent:
        call(made.save)
    assert len(sent) == 1
    assert _same(call, made, "name", "left", "doubled") == ["aB", 2, 0]


def test_a_new_row_takes_the_value_of_a_subquery(call):
    shop = call(Shop.objects.create, name="North", rank=4)
    found = Shop.objects.filter(name="North")
    made = call(
        Item.objects.create,
        name=Subquery(found.values("name")),
        shop=Subquery(found.values("pk")),
        uses=Subquery(found.values("rank")) + 1,
    )
    assert _same(call, made, "name", "shop_id", "uses") == ["North", shop.pk, 5]
    assert made.shop == shop


def test_a_subquery_may_be_of_the_table_itself(call):
    call(Item.objects.create, name="a", uses=3)
    highest = Item.objects.order_by("-uses").values("uses")[:1]
    assert call(Item.objects.create, name="b", uses=Subquery(highest) + 1).uses == 4


def test_a_plain_value_is_of_its_columns_type(call):
    made = call(Item.objects.create, name=Value("a"), data=Value({"b": [1]}), price=Value("1.5"))
    assert _same(call, made, "data", "price") == [{"b": [1]}, Decimal("1.50")]


def test_a_key_may_be_an_expression(call):
    item = Item(pk=Value(20) + 1, name="a")
    call(item.save)
    assert (item.pk, call(Item.objects.get)) == (21, item)


@pytest.mark.parametrize(
    "value",
    [
        F("uses"),
        F("uses") + 1,
        OuterRef("uses"),
        models.Count("pk"),
        models.Case(models.When(uses=1, then=2)),
    ],
)
def test_a_new_row_has_no_columns_to_read(call, value):
    if isinstance(value, OuterRef):
        value = Subquery(Shop.objects.filter(rank=OuterRef("uses")).values("rank"))
    with pytest.raises(FieldError, match="'uses' of a new row cannot be"):
        call(Item.objects.create, name="a", uses=value)
    with pytest.raises(FieldError, match="'uses' of a new row cannot be"):
        call(Item.objects.bulk_create, [Item(name="a", uses=value)])
    assert call(Item.objects.count) == 0


def test_get_or_create_takes_them_as_defaults(call):
    made, is_new = call(Item.objects.get_or_create, {"uses": Value(1) + 1}, name="a")
    assert (is_new, made.uses) == (True, 2)


# -- rows that are there ----------------------------------------------------------------------------


def test_save_counts_on_from_what_is_stored(call):
    item = call(Item.objects.create, name="a", uses=1)
    call(Item.objects.update, uses=10)
    item.uses = F("uses") + 1
    item.name = Upper("name")
    call(item.save)
    assert _same(call, item, "uses", "name", "doubled", "left") == [11, "A", 22, 7]


def test_save_of_some_fields_does_too(call, statements):
    item = call(Item.objects.create, name="a", uses=1)
    item.uses = F("uses") * 3
    with statements() as sent:
        call(item.save, update_fields=["uses"])
    assert len(sent) == 1
    assert _same(call, item, "uses", "doubled") == [3, 6]


def test_update_or_create_counts_on(call):
    call(Item.objects.create, name="a", uses=1)
    found, is_new = call(Item.objects.update_or_create, {"uses": F("uses") + 1}, name="a")
    assert (is_new, found.uses) == (False, 2)
    with pytest.raises(FieldError, match="of a new row"):
        call(Item.objects.update_or_create, {"uses": F("uses") + 1}, name="b")
    given = {"defaults": {"uses": F("uses") + 1}, "create_defaults": {"uses": 1}, "name": "b"}
    assert [call(Item.objects.update_or_create, **given)[0].uses for _ in range(2)] == [1, 2]


def test_an_update_reads_no_other_row(call):
    item = call(Item.objects.create, name="a")
    item.uses = F("shop__rank")
    with pytest.raises(FieldError, match="values of the same row only"):
        call(item.save)


def test_a_row_that_is_gone_is_not_inserted_with_what_it_would_have_read(call):
    item = call(Item.objects.create, name="a")
    call(Item.objects.all().delete)
    item.uses = F("uses") + 1
    with pytest.raises(FieldError, match="of a new row"):
        call(item.save)


def test_update_takes_plain_values_as_of_their_columns_type(call):
    call(Item.objects.create, name="a")
    call(Item.objects.update, data=Value({"b": 1}), price=Value("2.5"))
    assert call.list(Item.objects.values_list("data", "price")) == [({"b": 1}, Decimal("2.50"))]


# -- many at a time ---------------------------------------------------------------------------------


def test_bulk_create_takes_them_in_one_statement(call, statements):
    items = [
        Item(name=Lower(Value("A")), uses=1),
        Item(name="B", uses=Value(1) + 1, seen=datetime(2024, 1, 1, tzinfo=UTC)),
        Item(name="c", uses="3", seen=Now()),
    ]
    with statements() as sent:
        call(Item.objects.bulk_create, items)
    assert len([one for one in sent if one.startswith("INSERT")]) == 1
    assert [one.name for one in items] == ["a", "B", "c"]
    assert [_same(call, one, "name", "doubled", "seen")[1] for one in items] == [2, 4, 6]


def test_bulk_create_keeps_the_values_that_an_instance_had(call):
    items = [Item(name=Lower(Value("A"))), Item(name="b")]
    marked = items[1].name = "".join(["b", ""])
    call(Item.objects.bulk_create, items)
    assert items[1].name is marked


def test_a_batch_of_expressions_has_no_more_parameters_than_the_database_takes(call, database, monkeypatch):
    from dorm.sql.dialects.postgresql import PostgreSQLDialect
    from dorm.sql.dialects.sqlite import SQLiteDialect

    for dialect in (SQLiteDialect, PostgreSQLDialect):
        monkeypatch.setattr(dialect, "max_parameters", 40)
    items = [Item(name=Concat(Value("a"), Value("b"), Value("c"), Value(str(n)))) for n in range(9)]
    call(Item.objects.bulk_create, items)
    assert [one.name for one in items] == [f"abc{n}" for n in range(9)]
    assert [one.pk for one in items] == sorted(one.pk for one in call.list(Item.objects.all()))


def test_pairs_take_them_as_defaults(call):
    class Table(models.Model):
        shops = models.ManyToManyField(Shop, related_name="+", through="Place")

        class Meta:
            app_label = "computed"

    class Place(models.Model):
        table = models.ForeignKey(Table, models.CASCADE, related_name="+")
        shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
        word = models.CharField(max_length=10)

        class Meta:
            app_label = "computed"

    call(dorm.create_tables, Table, Place)
    shop, table = call(Shop.objects.create, name="s"), call(Table.objects.create)
    call(table.shops.add, shop, through_defaults={"word": Upper(Value("w"))})
    assert call(Place.objects.get).word == "W"
