"""Fields may bear any name: generated code keeps its own names out of their way."""

from __future__ import annotations

from typing import Any

import dorm


class Odd(dorm.Model):
    extra = dorm.CharField(max_length=5, default="x")
    generated = dorm.IntegerField(default=lambda: 3)
    rows = dorm.IntegerField(null=True)
    alias = dorm.IntegerField(default=1)
    new = dorm.IntegerField(default=2)
    o0 = dorm.IntegerField(default=4)
    v1 = dorm.IntegerField(default=5)

    class Meta:
        db_table = "odd"


def test_field_names_do_not_meet_those_of_generated_code(call: Any) -> None:
    call(dorm.create_tables, Odd)
    call(Odd.objects.create, extra="y")

    odd = call(Odd.objects.get, extra="y", new=2)

    assert (odd.extra, odd.generated, odd.rows, odd.alias, odd.o0, odd.v1) == ("y", 3, None, 1, 4, 5)
    assert call.list(Odd.objects.values("rows", "alias", "v1")) == [{"rows": None, "alias": 1, "v1": 5}]


def test_get_sends_no_order(call: Any) -> None:
    class Ordered(Odd):
        class Meta:
            db_table = "odd"
            ordering = ["extra"]

    call(dorm.create_tables, Odd)
    call(Ordered.objects.create)
    with dorm.capture_queries() as queries:
        call(Ordered.objects.get, extra="x")

    assert len(queries) == 1 and "ORDER BY" not in queries[0].sql
