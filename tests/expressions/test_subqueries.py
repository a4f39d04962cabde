"""Subquery, OuterRef and Exists."""

from __future__ import annotations

import pytest

import dorm
from dorm import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When

from .models import Item, Shop

pytestmark = pytest.mark.usefixtures("rows")


def names(call, queryset):
    return call.list(queryset.order_by("name").values_list("name", flat=True))


def test_a_subquery_is_the_first_row_of_one_column(call):
    cheapest = Item.objects.filter(shop=OuterRef("pk"), price__isnull=False).order_by("price").values("name")
    found = Shop.objects.annotate(cheapest=Subquery(cheapest[:1])).order_by("name")
    expected = [("Empty", None), ("North", "bolt"), ("South", "Äpfel")]
    assert call.list(found.values_list("name", "cheapest")) == expected
    # Without a slice as well.
    found = Shop.objects.annotate(cheapest=Subquery(cheapest)).order_by("name")
    assert call.list(found.values_list("name", "cheapest")) == expected


def test_a_subquery_aggregates(call):
    total = Item.objects.filter(shop=OuterRef("pk")).values("shop").annotate(n=Sum("amount")).values("n")
    found = Shop.objects.annotate(total=Subquery(total)).filter(total__gt=20).order_by("name")
    assert call.list(found.values_list("name", "total")) == [("North", 110)]
    assert call(Shop.objects.annotate(total=Subquery(total)).aggregate, n=Sum("total")) == {"n": 125}


def test_exists_stands_in_a_filter_as_it_is(call):
    dear = Item.objects.filter(shop=OuterRef("pk"), price__gt=50)
    assert names(call, Shop.objects.filter(Exists(dear))) == ["South"]
    assert names(call, Shop.objects.filter(~Exists(dear))) == ["Empty", "North"]
    assert names(call, Shop.objects.exclude(Exists(dear))) == ["Empty", "North"]
    assert names(call, Shop.objects.filter(Exists(dear) | Q(town="Rome"))) == ["Empty", "South"]
    assert names(call, Shop.objects.filter(Q(town="Rome") | Exists(dear))) == ["Empty", "South"]
    assert names(call, Shop.objects.filter(Exists(dear) & ~Exists(dear))) == []


def test_exists_is_a_value(call):
    busy = Exists(Item.objects.filter(shop=OuterRef("pk")))
    found = Shop.objects.annotate(busy=busy, idle=~busy).order_by("name").values_list("busy", "idle")
    assert call.list(found) == [(False, True), (True, False), (True, False)]
    which = dorm.Case(When(busy, then=Value("yes")), default=Value("no"))
    assert call.list(Shop.objects.annotate(x=which).order_by("name").values_list("x", flat=True)) == [
        "no", "yes", "yes",
    ]  # fmt: skip
    assert call(Shop.objects.aggregate, n=Count("pk", filter=busy)) == {"n": 2}


def test_a_subquery_is_compared_with(call):
    heaviest = Item.objects.filter(shop=OuterRef("shop")).order_by(F("weight").desc(nulls_last=True))
    assert names(call, Item.objects.filter(pk=Subquery(heaviest.values("pk")[:1]))) == ["anvil", "drill"]
    assert names(call, Item.objects.filter(amount__lt=Subquery(heaviest.values("amount")[:1]))) == []
    inside = Subquery(Item.objects.filter(price__gt=50).values("shop"))
    assert names(call, Shop.objects.filter(pk__in=inside)) == ["South"]


def test_outer_refs_reach_over_relations_and_annotations(call):
    alike = Item.objects.filter(amount=OuterRef("amount")).exclude(shop__name=OuterRef("shop__name"))
    assert names(call, Item.objects.filter(Exists(alike))) == ["anvil", "drill"]
    more = Item.objects.filter(amount=OuterRef("double"))
    assert names(call, Item.objects.annotate(double=F("amount") + 4).filter(Exists(more))) == [
        "anvil",
        "drill",
    ]


def test_outer_refs_nest(call):
    alike = Item.objects.filter(shop=OuterRef("pk"), amount=OuterRef(OuterRef("amount")))
    shops = Shop.objects.filter(Exists(alike)).exclude(pk=OuterRef("shop"))
    assert names(call, Item.objects.filter(Exists(shops))) == ["anvil", "drill"]


def test_update_and_delete_take_subqueries(call):
    town = Shop.objects.filter(pk=OuterRef("shop")).values("town")[:1]
    assert call(Item.objects.update, note=Subquery(town)) == 5
    assert call.list(Item.objects.order_by("pk").values_list("note", flat=True)) == [
        "Oslo", "Oslo", "Oslo", None, None,
    ]  # fmt: skip
    own = Item.objects.filter(shop=OuterRef("pk"))
    assert call(Shop.objects.filter(~Exists(own)).delete)[0] == 1
    assert names(call, Shop.objects.all()) == ["North", "South"]


def test_an_outer_ref_of_a_query_that_groups(call):
    more = Item.objects.filter(amount__lt=OuterRef("n"))
    found = Shop.objects.annotate(n=Count("items")).filter(n__gte=3).annotate(low=Subquery(
        more.values("shop").annotate(m=Count("pk")).values("m")
    ))  # fmt: skip
    assert call.list(found.values_list("name", "n", "low")) == [("North", 3, None)]


def test_wrong_names_are_told_by_the_call_that_closes_them():
    inner = Item.objects.filter(shop=OuterRef("pkk"))
    with pytest.raises(dorm.FieldError, match=r"Shop has no field 'pkk'"):
        Shop.objects.filter(Exists(inner))
    with pytest.raises(dorm.FieldError, match="one column"):
        Shop.objects.annotate(x=Subquery(Item.objects.all()))
    with pytest.raises(dorm.FieldError, match="one column"):
        Shop.objects.annotate(x=Subquery(Item.objects.values("pk", "name")))
    with pytest.raises(dorm.FieldError, match="takes a queryset"):
        Exists(3)


def test_an_outer_ref_alone_is_refused(call):
    with pytest.raises(dorm.FieldError, match="OuterRef"):
        call.list(Item.objects.filter(shop=OuterRef("pk")))


def test_a_subquery_is_the_same_text_for_other_values(call):
    for limit, expected in [(50, ["South"]), (5, ["North", "South"])]:
        dear = Item.objects.filter(shop=OuterRef("pk"), price__gt=limit)
        assert names(call, Shop.objects.filter(Exists(dear))) == expected
