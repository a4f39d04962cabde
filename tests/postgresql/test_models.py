"""Models on PostgreSQL, where it has ways of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

import dorm
from dorm import Avg, Count, F, Max, Min, Sum
from dorm import exceptions as ours
from dorm.db.connection import executor


class Ship(dorm.Model):
    name = dorm.CharField(max_length=20)
    crew = dorm.IntegerField(null=True)
    tons = dorm.BigIntegerField(default=0)
    price = dorm.DecimalField(max_digits=8, decimal_places=2, null=True)
    speed = dorm.FloatField(null=True)
    afloat = dorm.BooleanField(default=True)
    built = dorm.DateTimeField(null=True)
    log = dorm.JSONField(null=True)

    class Meta:
        db_table = "pg_ship"


class Hen(dorm.Model):
    egg = dorm.ForeignKey("Egg", on_delete=dorm.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "pg_hen"


class Egg(dorm.Model):
    hen = dorm.ForeignKey(Hen, on_delete=dorm.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "pg_egg"


@pytest.fixture
def ships(place):
    dorm.create_tables(Ship)


def test_tables_that_refer_to_each_other_are_created(place):
    for _ in range(2):
        dorm.create_tables(Hen, Egg)
    egg = Egg.objects.create(hen=Hen.objects.create())
    assert Egg.objects.get(hen__isnull=False) == egg
    with pytest.raises(ours.ForeignKeyViolation):
        Hen.objects.create(egg_id=99)
    with pytest.raises(ours.ForeignKeyViolation):
        Egg.objects.create(hen_id=99)


def test_numbers_of_aggregates_have_the_types_that_they_have_on_sqlite(ships):
    Ship.objects.create(name="a", crew=1, tons=2**40, price="1.10", speed=0.5)
    Ship.objects.create(name="b", crew=2, tons=2**40, price="2.20", speed=1.0, afloat=False)
    found = Ship.objects.aggregate(
        a=Sum("crew"), b=Sum("tons"), c=Sum("price"), d=Sum("speed"), e=Avg("crew"), f=Avg("price"),
        g=Avg("speed"), h=Min("afloat"), i=Max("afloat"), j=Count("id"),
    )  # fmt: skip
    assert [(type(value), value) for value in found.values()] == [
        (int, 3), (int, 2**41), (Decimal, Decimal("3.30")), (float, 1.5), (float, 1.5),
        (Decimal, Decimal("1.65")), (float, 0.75), (bool, False), (bool, True), (int, 2),
    ]  # fmt: skip


def test_values_with_parameters_are_grouped(ships):
    for crew in (1, 1, 2):
        Ship.objects.create(name="a", crew=crew)
    more = Ship.objects.annotate(more=F("crew") + 1).values("more").annotate(n=Count("*")).order_by("-more")
    assert list(more) == [{"more": 3, "n": 1}, {"more": 2, "n": 2}]
    assert more.count() == 2


def test_whole_numbers_are_divided_as_on_sqlite(ships):
    Ship.objects.create(name="a", crew=-7)
    found = Ship.objects.annotate(half=F("crew") / 2, rest=F("crew") % 4).values_list("half", "rest")
    assert list(found) == [(-3, -3)]


def test_a_key_of_ones_own_does_not_move_the_numbering(ships):
    Ship.objects.create(pk=1, name="own")
    with pytest.raises(ours.UniqueViolation):
        Ship.objects.create(name="numbered")
    assert Ship.objects.create(name="numbered").pk == 2


@pytest.mark.parametrize(("stored", "asked"), [("ÉTÉ", "été"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Ada", "aDA")])
def test_case_is_not_seen_in_any_script(ships, stored, asked):
    Ship.objects.create(name=stored)
    for lookup in ("iexact", "icontains", "istartswith", "iendswith"):
        assert Ship.objects.filter(**{f"name__{lookup}": asked}).exists()
    assert not Ship.objects.filter(name__contains=asked).exists()


def test_nulls_come_where_the_database_has_them(ships):
    for crew in (1, None, 2):
        Ship.objects.create(name="a", crew=crew)
    crews = Ship.objects.values_list("crew", flat=True)
    assert list(crews.order_by("crew")) == [1, 2, None]
    assert list(crews.order_by(F("crew").asc(nulls_first=True))) == [None, 1, 2]


def test_without_time_zones_moments_are_naive(place):
    dorm.configure(USE_TZ=False)
    try:
        dorm.create_tables(Ship)
        ship = Ship.objects.create(name="a", built=datetime(2024, 2, 29, 23, 59))
        assert Ship.objects.get(pk=ship.pk).built == datetime(2024, 2, 29, 23, 59)
        assert Ship.objects.filter(built__day=29, built__hour=23).exists()
        sql = "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'pg_ship'::regclass"
        assert place.run(f"{sql} AND attname = 'built'") == [("timestamp without time zone",)]
    finally:
        dorm.configure(USE_TZ=True)


def test_a_column_without_time_zone_is_read_in_utc(ships, place):
    place.run("ALTER TABLE pg_ship ALTER built TYPE timestamp")
    moment = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)
    Ship.objects.create(name="a", built=moment)
    assert Ship.objects.get().built == moment
    assert Ship.objects.filter(built__second=59, built=moment).exists()


def test_json_is_equal_whatever_the_order_of_its_keys(ships):
    Ship.objects.create(name="a", log={"a": 1, "b": [1, None]})
    assert Ship.objects.filter(log={"b": [1, None], "a": 1}).exists()
    assert Ship.objects.get().log == {"a": 1, "b": [1, None]}


def test_a_long_list_is_one_parameter(ships):
    Ship.objects.create(name="a", crew=7)
    assert Ship.objects.filter(crew__in=range(100_000)).count() == 1


def test_a_text_that_is_too_long_is_refused(ships):
    with pytest.raises(ours.DataError, match="too long"):
        Ship.objects.create(name="a" * 21)


def test_the_dialect_is_that_of_the_database(ships):
    assert executor().dialect.vendor == "postgresql"
