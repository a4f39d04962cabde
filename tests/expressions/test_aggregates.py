"""Aggregates of some rows, with a default, in an order; and those beyond the five."""

from __future__ import annotations

from decimal import Decimal

import pytest

import dorm
from dorm import Avg, Count, F, Max, Q, Sum, Value

from .models import Item, Shop

pytestmark = pytest.mark.usefixtures("rows")


def test_an_aggregate_of_some_rows(call):
    found = call(
        Item.objects.aggregate,
        few=Count("pk", filter=Q(amount__lt=10)),
        all=Count("*", filter=Q(shop__town="Oslo")),
        dear=Sum("price", filter=Q(price__gt=5)),
        none=Max("amount", filter=Q(amount=-1)),
    )
    assert found == {"few": 3, "all": 3, "dear": Decimal("110.49"), "none": None}


def test_a_filter_shares_the_joins_of_its_aggregate(call):
    shops = Shop.objects.annotate(
        n=Count("items"), few=Count("items", filter=Q(items__amount__lt=10))
    ).order_by("name")
    assert call.list(shops.values_list("name", "n", "few")) == [
        ("Empty", 0, 0),
        ("North", 3, 2),
        ("South", 2, 1),
    ]
    assert call(shops.filter(few=1).count) == 1


def test_a_default_stands_for_nothing(call):
    found = call(
        Item.objects.filter(amount=-1).aggregate,
        n=Sum("amount", default=0),
        p=Sum("price", default=Value(Decimal("0.00"))),
        s=dorm.StringAgg("name", default=Value("-")),
    )  # fmt: skip
    assert found == {"n": 0, "p": Decimal("0.00"), "s": "-"}


def test_aggregates_take_expressions_and_stand_in_them(call):
    found = call(
        Item.objects.aggregate,
        x=Sum(F("amount") * 2) + 1,
        y=dorm.Coalesce(Max("price"), Value(Decimal(0))),
        z=Avg(dorm.Length("name")),
        w=dorm.Round(Avg("weight"), 1),
    )
    assert found == {"x": 251, "y": Decimal("99.99"), "z": 4.8, "w": 13.3}


def test_deviation_and_variance(call):
    found = call(
        Item.objects.aggregate,
        a=dorm.StdDev("amount"), b=dorm.StdDev("amount", sample=True),
        c=dorm.Variance("amount"), d=dorm.Variance("price", sample=True), e=dorm.Variance("price"),
    )  # fmt: skip
    rounded = {name: round(value, 6) for name, value in found.items()}
    assert rounded == {"a": 37.645717, "b": 42.089191, "c": 1417.2, "d": 2338.326067, "e": 1753.74455}
    one = Item.objects.filter(name="bolt")
    assert call(one.aggregate, a=dorm.StdDev("amount"), b=dorm.StdDev("amount", sample=True)) == {
        "a": 0.0,
        "b": None,
    }


def test_texts_are_joined(call):
    found = call(
        Item.objects.aggregate,
        up=dorm.StringAgg("name", ", ", order_by="name", filter=Q(shop__name="North")),
        down=dorm.StringAgg("name", "-", order_by=["-amount", "name"]),
        towns=dorm.StringAgg("shop__name", ",", distinct=True),
        notes=dorm.StringAgg("note", "|", order_by="pk"),
    )
    assert found == {
        "up": "anvil, bolt, chain",
        "down": "bolt-Äpfel-chain-anvil-drill",
        "towns": "North,South",
        "notes": "heavy||sweet|loud",
    }


def test_bits_and_truths(call):
    found = call(
        Item.objects.filter(amount__lt=50).aggregate,
        a=dorm.BitAnd("amount"), o=dorm.BitOr("amount"), x=dorm.BitXor("amount"),
        any=dorm.BoolOr(Q(amount=7)), all=dorm.BoolAnd(Q(amount=7)), one=dorm.AnyValue("shop__open"),
    )  # fmt: skip
    assert found == {"a": 0, "o": 15, "x": 11, "any": True, "all": False, "one": True}


def test_arrays_are_postgresqls(call, database):
    names = dorm.ArrayAgg("name", order_by="name", filter=Q(shop__name="North"))
    if database.vendor == "postgresql":
        assert call(Item.objects.aggregate, names=names) == {"names": ["anvil", "bolt", "chain"]}
    else:
        with pytest.raises(dorm.NotSupportedError, match="ArrayAgg"):
            call(Item.objects.aggregate, names=names)


def test_what_cannot_be_aggregated_is_told_at_the_call():
    for make in [
        lambda: Item.objects.annotate(x=Sum("name")),
        lambda: Item.objects.annotate(x=dorm.StdDev("name")),
        lambda: Item.objects.annotate(x=dorm.StringAgg("amount", ",")),
        lambda: Item.objects.annotate(x=Count("pk", filter=Q(amont=3))),
        lambda: Shop.objects.annotate(n=Count("items")).annotate(x=Count("pk", filter=Q(n=3))),
        lambda: Item.objects.filter(amount=Count("pk")),
    ]:
        with pytest.raises(dorm.FieldError):
            make()
    with pytest.raises(TypeError, match="filter="):
        Count("pk", filter={"a": 1})
