"""DB_CASCADE and its kin: the database itself does what is to be done."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm import ImproperlyConfigured


class Ship(dorm.Model):
    class Meta:
        app_label = "deletes"


class Mast(dorm.Model):
    ship = dorm.ForeignKey(Ship, on_delete=dorm.DB_CASCADE)

    class Meta:
        app_label = "deletes"


class Sailor(dorm.Model):
    ship = dorm.ForeignKey(Ship, on_delete=dorm.DB_SET_NULL, null=True)

    class Meta:
        app_label = "deletes"


def test_the_database_deletes_and_sets_null_by_one_statement(call: Any) -> None:
    call(dorm.create_tables, Ship, Mast, Sailor)
    ship = call(Ship.objects.create)
    call(Mast.objects.create, ship=ship)
    sailor = call(Sailor.objects.create, ship=ship)

    with dorm.capture_queries() as queries:
        assert call(ship.delete) == (1, {"deletes.Ship": 1})

    assert len(queries) == 1
    assert call(Mast.objects.count) == 0
    call(sailor.refresh_from_db)
    assert sailor.ship_id is None


def test_set_null_needs_null() -> None:
    with pytest.raises(ImproperlyConfigured, match="DB_SET_NULL, so it needs null=True"):

        class Wrong(dorm.Model):
            ship = dorm.ForeignKey(Ship, on_delete=dorm.DB_SET_NULL)
