"""Meta.ordering of expressions: whatever has no order of its own has this one."""

from __future__ import annotations

import copy
import pickle

import pytest

import dorm
from dorm import FieldError, ImproperlyConfigured, models
from dorm.expressions import F, Value
from dorm.models.functions import Coalesce, Lower


class Group(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "metaordering"
        ordering = [Lower("name").desc()]


class Person(models.Model):
    name = models.CharField(max_length=20)
    age = models.IntegerField(null=True)
    nick = models.CharField(max_length=20, null=True)
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="people")
    groups = models.ManyToManyField(Group, related_name="members")

    class Meta:
        app_label = "metaordering"
        ordering = [F("age").desc(nulls_last=True), Coalesce("nick", Value("zz")), "name"]


@pytest.fixture
def people(call):
    call(dorm.create_tables, Group, Person)
    first, second = call(Group.objects.create, name="a"), call(Group.objects.create, name="B")
    rows = [("x", None, None), ("b", 3, None), ("c", 3, "c"), ("a", 3, None), ("d", 5, None)]
    for name, age, nick in rows:
        made = call(Person.objects.create, name=name, age=age, nick=nick, group=first)
        call(made.groups.add, second)
    return first, second


ORDER = ["d", "c", "a", "b", "x"]


def _names(call, rows):
    return [one.name for one in call.list(rows)]


def test_rows_come_in_that_order(call, people):
    assert _names(call, Person.objects.all()) == ORDER
    assert _names(call, Person.objects.filter(age=3, name__in=["a", "c"])) == ["c", "a"]
    assert call.list(Person.objects.values_list("name", flat=True)) == ORDER
    assert _names(call, Group.objects.all()) == ["B", "a"]


def test_it_turns_round(call, people):
    assert _names(call, Person.objects.reverse()) == ORDER[::-1]
    assert (call(Person.objects.first).name, call(Person.objects.last).name) == ("d", "x")
    assert _names(
        call, Person.objects.filter(name="a").union(Person.objects.filter(name="x")).order_by("name")
    ) == [
        "a",
        "x",
    ]


def test_slices_count_and_change_by_it(call, people):
    assert _names(call, Person.objects.all()[1:3]) == ["c", "a"]
    assert call(Person.objects.all()[:2].count) == 2
    wanted = Person.objects.filter(pk__in=Person.objects.all()[:2]).order_by("name")
    assert _names(call, wanted) == ["c", "d"]
    assert call(Person.objects.filter(age__gte=3)[:2].delete)[0] >= 2
    assert _names(call, Person.objects.all()) == ["a", "b", "x"]


def test_relations_and_prefetches_come_in_it(call, people):
    first, second = people
    assert _names(call, first.people.all()) == ORDER
    assert _names(call, second.members.all()) == ORDER
    loaded = call(Group.objects.prefetch_related("people", "members").get, name="B")
    assert [one.name for one in loaded.members.all()] == ORDER


def test_a_relation_orders_as_its_own_model_does_not(call, people):
    assert _names(call, Person.objects.order_by("group__name", "name")) == sorted(ORDER)
    assert _names(call, Person.objects.order_by()) != []


def test_grouping_leaves_it_out(call, people):
    grouped = Person.objects.values("age").annotate(n=models.Count("pk")).order_by("age")
    assert [row["n"] for row in call.list(grouped.filter(age__isnull=False))] == [3, 1]
    assert {row["n"] for row in call.list(Person.objects.values("age").annotate(n=models.Count("pk")))} == {
        1,
        3,
    }


def test_writing_and_searching_go_on(call, people):
    first, _ = people
    assert call(Person.objects.filter(name="d").update, age=None) == 1
    rows = call.list(Person.objects.filter(nick=None))
    for row in rows:
        row.nick = "n"
    assert call(Person.objects.bulk_update, rows, ["nick"]) == 4
    made = call(Person.objects.create, name=Lower(Value("NEW")), group=first)
    assert (made.name, call(Person.objects.get_or_create, name="new")[1]) == ("new", False)
    assert call(Person.objects.filter(name="new").exists)
    assert call(Person.objects.aggregate, n=models.Max("age")) == {"n": 3}
    found = Person.objects.annotate(other=Value("q")).filter(other="q", name="c").select_related("group")
    assert _names(call, found) == ["c"]
    assert _names(call, Person.objects.filter(age=3).distinct()) != []
    assert [one.name for one in call(Person.objects.all().iterator)][-1] in ("d", "x", "new")


def test_it_survives_copies(call, people):
    rows = Person.objects.filter(age=3)
    assert _names(call, copy.copy(rows)) == ["c", "a", "b"]
    if not call.is_async:
        assert [one.name for one in pickle.loads(pickle.dumps(rows)).all()] == ["c", "a", "b"]


def test_a_random_order_may_stand_there(call, app):
    class Dice(models.Model):
        class Meta(app):
            ordering = ["?"]

    call(dorm.create_tables, Dice)
    call(Dice.objects.bulk_create, [Dice() for _ in range(3)])
    assert len(call.list(Dice.objects.all())) == 3


@pytest.mark.parametrize("ordering", [[F("agee")], [Lower("agee").desc()], ["?", "agee"]])
def test_names_are_checked(app, ordering):
    meta = type("Meta", (app,), {"ordering": ordering})
    wrong = models.ModelBase(
        "Wrong", (models.Model,), {"age": models.IntegerField(), "Meta": meta, "__module__": "x"}
    )
    with pytest.raises((FieldError, ImproperlyConfigured), match="Did you mean 'age'"):
        wrong.objects.filter(age=1)


@pytest.mark.parametrize("ordering", ["name", F("name"), [1], [None], 3])
def test_other_things_are_refused(app, ordering):
    with pytest.raises(ImproperlyConfigured, match=r"Meta\.ordering takes"):
        models.ModelBase(
            "Wrong",
            (models.Model,),
            {"Meta": type("Meta", (app,), {"ordering": ordering}), "__module__": "x"},
        )


def test_a_child_inherits_it(app):
    class Base(models.Model):
        name = models.CharField(max_length=20)

        class Meta(app):
            abstract = True
            ordering = [F("name").desc()]

    class Child(Base):
        pass

    assert Child._meta.ordering == Base._meta.ordering
    assert "DESC" in str(Child.objects.all().query)
