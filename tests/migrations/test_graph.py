"""Which migrations come before which: plans, ends, conflicts and circles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dorm import MigrationError
from dorm.migrations.graph import MigrationGraph
from dorm.migrations.migration import Migration


def graph_of(**edges: str) -> MigrationGraph:
    """Make a graph of the migrations "a1", "b2" and so on, each with the parents that it is told."""
    keys = {name: (name[0], name) for name in edges}
    graph = MigrationGraph(Migration(*key) for key in keys.values())
    for child, parents in edges.items():
        for parent in parents.split():
            graph.connect(keys[child], keys[parent])
    return graph


def names(plan):
    return [name for _, name in plan]


CHAIN = {"a1": "", "a2": "a1", "b1": "a1", "b2": "b1 a2", "c1": ""}


def test_a_plan_has_what_is_needed_first_and_its_target_last():
    assert names(graph_of(**CHAIN).forwards_plan(("b", "b2"))) == ["a1", "a2", "b1", "b2"]


def test_a_plan_backwards_begins_with_what_rests_on_the_target():
    assert names(graph_of(**CHAIN).backwards_plan(("a", "a1"))) == ["b2", "a2", "b1", "a1"]


def test_a_full_plan_has_every_migration_once():
    assert names(graph_of(**CHAIN).full_plan()) == ["a1", "a2", "b1", "b2", "c1"]


def test_the_ends_of_an_app_look_at_its_own_migrations_alone():
    graph = graph_of(**CHAIN)

    assert names(graph.leaves()) == ["a2", "b2", "c1"]
    assert names(graph.roots()) == ["a1", "b1", "c1"]
    assert names(graph.leaves("b")) == ["b2"]
    assert graph.leaves("z") == []


def test_two_last_migrations_of_one_app_are_a_conflict():
    graph = graph_of(a1="", a2="a1", a3="a1", b1="")

    assert graph.conflicts() == {"a": ["a2", "a3"]}


def test_a_circle_is_shown_as_a_way():
    graph = graph_of(a1="b2", b1="a1", b2="b1", c1="")

    with pytest.raises(MigrationError) as caught:
        graph.check()

    way = str(caught.value).partition("circle: ")[2].partition(". Take")[0].split(" -> ")
    assert way[0] == way[-1]
    assert sorted(way[1:]) == ["a.a1", "b.b1", "b.b2"]


def test_a_wrong_name_is_told_with_the_nearest():
    with pytest.raises(
        MigrationError, match=r"no migration a\.a11\. Did you mean 'a1'\? Migrations of a: a1, a2"
    ):
        graph_of(**CHAIN).forwards_plan(("a", "a11"))


def test_a_wrong_app_is_told_with_the_nearest():
    graph = MigrationGraph([Migration("blog", "0001_initial")])

    with pytest.raises(MigrationError, match=r"No app 'blgo' has migrations here. Did you mean 'blog'\?"):
        graph.get(("blgo", "0001_initial"))


def test_a_squashed_migration_takes_the_places_of_its_parts():
    graph = graph_of(a1="", a2="a1", a3="a2", b1="a2", z1="", s1="")
    graph.connect(("a", "a1"), ("z", "z1"))

    graph.keep_replacement(("s", "s1"), [("a", "a1"), ("a", "a2")])

    assert names(graph.forwards_plan(("a", "a3"))) == ["z1", "s1", "a3"]
    assert names(graph.forwards_plan(("b", "b1"))) == ["z1", "s1", "b1"]


def test_a_squashed_migration_that_is_not_taken_leaves_its_followers_to_the_last_part():
    graph = graph_of(a1="", a2="a1", s1="", b1="s1")

    graph.drop_replacement(("s", "s1"), [("a", "a1"), ("a", "a2")])

    assert names(graph.forwards_plan(("b", "b1"))) == ["a1", "a2", "b1"]


def test_a_thousand_in_a_row_are_no_trouble():
    graph = MigrationGraph(Migration("a", f"{number:04}") for number in range(3000))
    for number in range(1, 3000):
        graph.connect(("a", f"{number:04}"), ("a", f"{number - 1:04}"))

    assert len(graph.forwards_plan(("a", "2999"))) == 3000


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_every_plan_puts_parents_before_children(pairs):
    graph = MigrationGraph(Migration("abc"[number % 3], str(number)) for number in range(12))
    keys = sorted(graph.migrations, key=lambda key: int(key[1]))
    for one, other in pairs:
        if one < other:
            graph.connect(keys[other], keys[one])

    plan = graph.full_plan()

    assert sorted(plan) == sorted(keys)
    assert all(plan.index(parent) < plan.index(key) for key in plan for parent in graph.parents[key])
    for key in keys:
        backwards = graph.backwards_plan(key)
        assert backwards[-1] == key
        assert all(
            backwards.index(child) < backwards.index(one)
            for one in backwards
            for child in graph.children[one]
        )
