"""Case, When, Q and other conditions as values."""

from __future__ import annotations

import pytest

import dorm
from dorm import Case, Count, F, Q, Upper, Value, When

from .models import Item, Shop

pytestmark = pytest.mark.usefixtures("rows")


def names(call, queryset):
    return call.list(queryset.order_by("name").values_list("name", flat=True))


def test_a_case_takes_its_first_choice_that_holds(call):
    size = Case(
        When(amount__lt=5, then=Value("few")), When(amount__lt=50, then=Value("some")), default=Value("many")
    )
    found = call.list(Item.objects.annotate(size=size).order_by("amount", "name").values_list("name", "size"))
    assert found == [
        ("anvil", "few"), ("drill", "few"), ("chain", "some"), ("Äpfel", "some"), ("bolt", "many"),
    ]  # fmt: skip


def test_a_case_without_default_is_null(call):
    size = Case(When(amount__gt=50, then=Value("many")))
    assert names(call, Item.objects.annotate(size=size).filter(size=None)) == [
        "anvil", "chain", "drill", "Äpfel",
    ]  # fmt: skip


def test_a_string_names_a_field(call):
    shown = Case(When(note__isnull=False, then="note"), default="name")
    found = call.list(Item.objects.annotate(shown=shown).order_by("pk").values_list("shown", flat=True))
    assert found == ["heavy", "bolt", "", "sweet", "loud"]


def test_a_condition_follows_relations_both_ways(call):
    place = Case(When(Q(shop__town="Oslo") & Q(shop__open=True), then=Value(1)), default=Value(0))
    assert names(call, Item.objects.annotate(place=place).filter(place=1)) == ["anvil", "bolt", "chain"]
    rich = Case(When(items__price__gt=50, then=Value(True)), default=Value(False))
    assert names(call, Shop.objects.annotate(rich=rich).filter(rich=True)) == ["South"]


def test_a_negated_condition_is_about_each_joined_row(call):
    other = Case(When(~Q(items__amount=3), then=Value(1)), default=Value(0))
    found = call.list(Shop.objects.annotate(other=other).filter(name="North").values_list("other", flat=True))
    assert sorted(found) == [0, 1, 1]


def test_cases_nest(call):
    inner = Case(When(amount=3, then=Value("three")), default=Value("other"))
    outer = Case(When(shop__name="North", then=inner), default=Upper("name"))
    found = call.list(Item.objects.annotate(x=outer).order_by("pk").values_list("x", flat=True))
    assert found == ["three", "other", "other", "ÄPFEL", "DRILL"]


def test_a_case_orders_filters_and_excludes(call):
    rank = Case(When(name="chain", then=Value(0)), default=Value(1))
    found = call.list(Item.objects.order_by(rank.asc(), "name").values_list("name", flat=True))
    assert found[0] == "chain"
    is_few = Case(When(amount__lt=5, then=Value(True)), default=Value(False))
    assert names(call, Item.objects.filter(is_few)) == ["anvil", "drill"]
    assert names(call, Item.objects.exclude(is_few)) == ["bolt", "chain", "Äpfel"]


def test_a_case_is_set_by_update(call):
    note = Case(When(amount=3, then=Value("three")), When(note=None, then=Value("none")), default=F("note"))
    assert call(Item.objects.update, note=note) == 5
    found = call.list(Item.objects.order_by("pk").values_list("note", flat=True))
    assert found == ["three", "none", "", "sweet", "three"]


def test_a_case_is_aggregated_and_groups(call):
    few = Case(When(amount__lt=10, then=Value(1)), default=Value(0))
    assert call(Item.objects.aggregate, n=dorm.Sum(few)) == {"n": 3}
    size = Case(When(amount__lt=10, then=Value("few")), default=Value("many"))
    groups = Item.objects.annotate(size=size).values("size").annotate(n=Count("pk")).order_by("size")
    assert call.list(groups) == [{"size": "few", "n": 3}, {"size": "many", "n": 2}]


def test_a_condition_on_an_aggregate_is_one_too(call):
    busy = Case(When(n__gte=3, then=Value("busy")), default=Value("calm"))
    found = Shop.objects.annotate(n=Count("items")).annotate(busy=busy).filter(busy="calm").order_by("name")
    assert [shop.name for shop in call.list(found)] == ["Empty", "South"]


def test_a_q_is_a_value(call):
    found = Item.objects.annotate(dear=Q(price__gt=5), plain=Q(note="") | Q(note=None)).order_by("pk")
    assert call.list(found.values_list("dear", "plain")) == [
        (True, False), (False, True), (None, True), (False, False), (True, False),
    ]  # fmt: skip


def test_an_expression_that_is_true_or_false_is_a_condition(call):
    assert names(call, Shop.objects.filter(F("open"))) == ["North", "South"]
    assert names(call, Shop.objects.exclude(F("open"))) == ["Empty"]
    assert names(call, Shop.objects.filter(Q(F("open")) & Q(town=None))) == ["South"]
    assert names(call, Shop.objects.filter(~Q(F("open")) | Q(town=None))) == ["Empty", "South"]


def test_wrong_conditions_are_told_at_the_call():
    with pytest.raises(dorm.FieldError, match=r"has no field 'agee'|no field 'amont'.*amount"):
        Item.objects.annotate(x=Case(When(amont=3, then=Value(1))))
    with pytest.raises(ValueError, match="needs a condition"):
        When(Q(), then=Value(1))
    with pytest.raises(TypeError, match="takes When objects"):
        Case(Value(1))
    with pytest.raises(dorm.FieldError, match="true or false"):
        Item.objects.filter(F("name"))
    with pytest.raises(dorm.FieldError, match="mixes values"):
        Item.objects.annotate(x=Case(When(amount=3, then=Value("a")), default=Value(1)))
    with pytest.raises(TypeError, match="part of a Case"):
        Item.objects.annotate(x=When(amount=3, then=Value(1)))


def test_a_slot_of_a_case_takes_another_value_each_time(call):
    for limit, expected in [(5, 2), (10, 3), (200, 5)]:
        few = Case(When(amount__lt=limit, then=Value(1)), default=Value(0))
        assert call(Item.objects.aggregate, n=dorm.Sum(few)) == {"n": expected}
