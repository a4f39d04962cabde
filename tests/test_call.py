"""The fixture `call` does what the tests that take it rely on."""

from __future__ import annotations

import asyncio

import dorm
from tests.conftest import twin_of


class Shelf(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        db_table = "call_shelf"


def test_call_reaches_the_same_rows_in_both_modes(call):
    call(dorm.create_tables, Shelf)
    made = call(Shelf.objects.create, name="poetry")
    assert call(Shelf.objects.get, name="poetry") == made
    assert call.list(Shelf.objects.all()) == [made]
    assert list(call(Shelf.objects.iterator)) == [made]


def test_call_keeps_one_loop_for_the_whole_test(call):
    async def running():
        return asyncio.get_running_loop()

    if call.is_async:
        assert call.run(None, running) is call.run(None, running)


def test_call_runs_methods_of_instances(call):
    call(dorm.create_tables, Shelf)
    shelf = Shelf(name="maps")
    call(shelf.save)
    assert call.run(Shelf.objects.count, Shelf.objects.acount) == 1
    assert call(shelf.delete)[0] == 1


def test_each_test_has_an_empty_database(call, database):
    assert database.vendor in database.settings["ENGINE"]
    call(dorm.create_tables, Shelf)
    assert call(Shelf.objects.count) == 0


def test_the_twin_of_a_method_is_its_own_objects():
    assert twin_of(Shelf.objects.get).__name__ == "aget"
