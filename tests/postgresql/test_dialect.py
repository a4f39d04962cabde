"""The text that is PostgreSQL's own."""

from __future__ import annotations

import pytest

import dorm
from dorm import Avg, Count, F, Max, Sum
from dorm.query.compiled import compile_count, compile_select
from dorm.sql.dialects.postgresql import PostgreSQLDialect, like_escape

DIALECT = PostgreSQLDialect()


class Boat(dorm.Model):
    name = dorm.CharField(max_length=20)
    crew = dorm.IntegerField()
    fast = dorm.BooleanField(default=False)
    log = dorm.JSONField(null=True)
    built = dorm.DateTimeField(null=True)

    class Meta:
        db_table = "boat"


def text(queryset):
    return compile_select(queryset.query.shape, DIALECT).sql


def where(queryset):
    return compile_count(queryset.query.shape, DIALECT).sql.partition(" WHERE ")[2]


def params(queryset):
    return list(compile_count(queryset.query.shape, DIALECT).bind(queryset.query.params))


def test_a_list_is_one_array():
    few, many = Boat.objects.filter(crew__in=[1, 2]), Boat.objects.filter(crew__in=range(500))
    assert where(few) == where(many) == '"boat"."crew" = ANY(%s)'
    assert params(few) == [[1, 2]]


@pytest.mark.parametrize(
    ("lookup", "sql", "pattern"),
    [
        ("contains", '"boat"."name" LIKE %s', r"%50\%\_\\%"),
        ("startswith", '"boat"."name" LIKE %s', r"50\%\_\\%"),
        ("endswith", '"boat"."name" LIKE %s', r"%50\%\_\\"),
        ("icontains", 'UPPER("boat"."name") LIKE UPPER(%s)', r"%50\%\_\\%"),
        ("iexact", 'UPPER("boat"."name") = UPPER(%s)', r"50%_\ ".strip()),
    ],
)
def test_text_is_matched_literally(lookup, sql, pattern):
    queryset = Boat.objects.filter(**{f"name__{lookup}": "50%_\\"})
    assert where(queryset) == sql
    assert params(queryset) == [pattern]


def test_a_column_is_matched_with_another_without_a_pattern():
    assert where(Boat.objects.filter(name__contains=F("name"))) == 'STRPOS("boat"."name", "boat"."name") > 0'


def test_a_part_of_a_time_is_a_whole_number():
    sql = where(Boat.objects.filter(built__second=3))
    assert sql == 'FLOOR(EXTRACT(SECOND FROM "boat"."built"))::INTEGER = %s'


def test_a_percent_sign_is_doubled():
    assert '"crew" %% "boat"."crew"' in text(Boat.objects.annotate(x=F("crew") % F("crew")))


def test_json_is_compared_as_it_is():
    queryset = Boat.objects.filter(log={"b": 1, "a": "x"})
    assert where(queryset) == '"boat"."log" = %s'
    assert params(queryset) == ['{"b": 1, "a": "x"}']


def test_aggregates_have_their_types():
    sql = text(Boat.objects.values("name").annotate(a=Sum("crew"), b=Avg("crew"), c=Max("fast")))
    assert 'SUM("boat"."crew")::BIGINT' in sql
    assert 'AVG("boat"."crew"::DOUBLE PRECISION)' in sql
    assert 'BOOL_OR("boat"."fast")' in sql


def test_what_holds_a_parameter_is_grouped_and_ordered_by_its_number():
    sql = text(
        Boat.objects.annotate(more=F("crew") + 1).values("more").annotate(n=Count("*")).order_by("more")
    )
    assert sql.endswith("GROUP BY 1 ORDER BY 1 ASC")


def test_a_pattern_is_escaped():
    assert like_escape(r"a%b_c\d") == r"a\%b\_c\\d"
