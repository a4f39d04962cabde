"""Windows: functions over the rows around each row, and conditions on them."""

from __future__ import annotations

import pytest

import dorm
from dorm import F, RowRange, Sum, Value, ValueRange, Window

from .models import Item, Shop

pytestmark = pytest.mark.usefixtures("rows")

BY_AMOUNT = {"partition_by": "shop", "order_by": ["amount", "name"]}


def shown(call, queryset, *names):
    return call.list(queryset.order_by("pk").values_list(*names))


def test_ranks(call):
    order = {"order_by": F("amount").asc()}
    found = Item.objects.annotate(
        number=Window(dorm.RowNumber(), order_by=["amount", "name"]),
        rank=Window(dorm.Rank(), **order),
        dense=Window(dorm.DenseRank(), **order),
        part=Window(dorm.Ntile(2), order_by=["amount", "name"]),
        percent=Window(dorm.PercentRank(), **order),
        share=Window(dorm.CumeDist(), **order),
    )
    assert shown(call, found, "number", "rank", "dense", "part", "percent", "share") == [
        (1, 1, 1, 1, 0.0, 0.4), (5, 5, 4, 2, 1.0, 1.0), (3, 3, 2, 1, 0.5, 0.6), (4, 4, 3, 2, 0.75, 0.8),
        (2, 1, 1, 1, 0.0, 0.4),
    ]  # fmt: skip


def test_values_of_other_rows(call):
    found = Item.objects.annotate(
        before=Window(dorm.Lag("name"), **BY_AMOUNT),
        behind=Window(dorm.Lead("name", 1, Value("-")), **BY_AMOUNT),
        first=Window(dorm.FirstValue("name"), **BY_AMOUNT),
        last=Window(dorm.LastValue("name"), frame=RowRange(), **BY_AMOUNT),
        second=Window(dorm.NthValue("name", 2), frame=RowRange(None, None), **BY_AMOUNT),
    )
    assert shown(call, found, "name", "before", "behind", "first", "last", "second") == [
        ("anvil", None, "chain", "anvil", "bolt", "chain"),
        ("bolt", "chain", "-", "anvil", "bolt", "chain"),
        ("chain", "anvil", "bolt", "anvil", "bolt", "chain"),
        ("Äpfel", "drill", "-", "drill", "Äpfel", "Äpfel"),
        ("drill", None, "Äpfel", "drill", "Äpfel", "Äpfel"),
    ]


def test_aggregates_run_over_frames(call):
    found = Item.objects.annotate(
        all=Window(Sum("amount"), partition_by=[F("shop")]),
        run=Window(Sum("amount"), **BY_AMOUNT),
        two=Window(Sum("amount"), frame=RowRange(-1, 0), **BY_AMOUNT),
        near=Window(dorm.Count("pk"), order_by="amount", frame=ValueRange(-4, 4)),
    )
    assert shown(call, found, "all", "run", "two", "near") == [
        (110, 3, 3, 3), (110, 110, 107, 1), (110, 10, 10, 3), (15, 15, 15, 1), (15, 3, 3, 3),
    ]  # fmt: skip


def test_a_condition_on_a_window_keeps_its_value(call):
    ranked = Item.objects.annotate(
        n=Window(dorm.RowNumber(), **BY_AMOUNT), run=Window(Sum("amount"), **BY_AMOUNT)
    )
    top = ranked.filter(n=2)
    assert shown(call, top, "name", "n", "run") == [("chain", 2, 10), ("Äpfel", 2, 15)]
    assert call(top.count) == 2
    assert call(top.exists) is True
    assert call(ranked.filter(n=9).exists) is False
    assert call(top.aggregate, x=Sum("run")) == {"x": 25}
    assert [item.run for item in call.list(top.order_by("-name"))] == [15, 10]
    assert call.list(top.filter(shop__name="South").values_list("n", flat=True)) == [1 + 1]
    assert call(Item.objects.filter(pk__in=top.values("pk")).count) == 2


def test_a_condition_on_a_window_and_another(call):
    ranked = Item.objects.annotate(n=Window(dorm.RowNumber(), **BY_AMOUNT))
    either = ranked.filter(dorm.Q(n=2) | dorm.Q(name="bolt"), shop__open=True)
    assert shown(call, either, "name") == [("bolt",), ("chain",), ("Äpfel",)]
    assert [item.name for item in call.list(ranked.exclude(n=1).order_by("shop__name", "-n")[:2])] == [
        "bolt", "chain",
    ]  # fmt: skip


def test_rows_are_changed_and_deleted_by_their_windows(call):
    last = Item.objects.annotate(n=Window(dorm.RowNumber(), **BY_AMOUNT)).filter(n=1)
    assert call(last.update, note="first") == 2
    assert call(Item.objects.filter(note="first").count) == 2
    assert call(last.delete)[0] == 2


def test_a_window_over_groups(call):
    found = (
        Shop.objects.annotate(n=dorm.Count("items"))
        .annotate(rank=Window(dorm.Rank(), order_by=F("n").desc()))
        .order_by("rank")
    )
    assert call.list(found.values_list("name", "n", "rank")) == [
        ("North", 3, 1),
        ("South", 2, 2),
        ("Empty", 0, 3),
    ]
    assert call.list(found.filter(rank__lt=3).values_list("name", flat=True)) == ["North", "South"]


def test_windows_are_refused_where_they_cannot_be(call):
    with pytest.raises(dorm.FieldError, match=r"write Window\("):
        Item.objects.annotate(x=dorm.Rank())
    with pytest.raises(ValueError, match="takes an aggregate"):
        Window(F("name"))
    with pytest.raises(ValueError, match="begin"):
        RowRange(2, 1)
    with pytest.raises(dorm.FieldError, match="same row"):
        call(Item.objects.update, amount=Window(dorm.Rank(), order_by="name"))
    grouped = Item.objects.annotate(r=Window(dorm.Rank(), order_by="name")).values("r")
    with pytest.raises(dorm.FieldError, match="grouped by a window"):
        call.list(grouped.annotate(n=dorm.Count("pk")))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_aggregate_that_sqlite_has_no_window_for_says_so(call, database):
    rows = dorm.StdDev("id"), dorm.Variance("id")
    for aggregate in rows:
        with pytest.raises(dorm.NotSupportedError, match=r"in a Window\(\) needs PostgreSQL"):
            call.list(Item.objects.annotate(w=dorm.Window(aggregate)))
