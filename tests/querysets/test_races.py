"""get_or_create() and update_or_create() on real connections at once: of threads, and of tasks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

import dorm
from tests.relations.models import MODELS, Pet, Tag

MANY = 6


@pytest.fixture(autouse=True)
def tags(call: Any) -> None:
    call(dorm.create_tables, *MODELS)


def at_once(call: Any, one: Callable[[int], Any], aone: Callable[[int], Any]) -> list[Any]:
    """Return what each of several threads, or tasks, has got; all begin together."""
    if call.is_async:

        async def every() -> list[Any]:
            return await asyncio.gather(*map(aone, range(MANY)))

        return call.run(list, every)
    found: list[Any] = []
    start = threading.Barrier(MANY)

    def run(number: int) -> None:
        start.wait(10)
        try:
            found.append(one(number))
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_makes_the_row_and_the_others_find_it(call: Any) -> None:
    found = at_once(
        call,
        lambda number: Tag.objects.get_or_create(name="x"),
        lambda number: Tag.objects.aget_or_create(name="x"),
    )
    assert sorted(is_new for _, is_new in found) == [False] * (MANY - 1) + [True]
    assert len({tag.pk for tag, _ in found}) == 1
    assert call(Tag.objects.count) == 1


def test_a_lost_race_does_not_end_the_transaction_around_it(call: Any) -> None:
    def one(number: int) -> bool:
        with dorm.transaction.atomic():
            Pet.objects.create(name=str(number))
            return Tag.objects.get_or_create(name="x")[1]

    async def aone(number: int) -> bool:
        async with dorm.transaction.aatomic():
            await Pet.objects.acreate(name=str(number))
            return (await Tag.objects.aget_or_create(name="x"))[1]

    assert sorted(at_once(call, one, aone)) == [False] * (MANY - 1) + [True]
    assert (call(Tag.objects.count), call(Pet.objects.count)) == (1, MANY)


def test_all_update_the_one_row(call: Any) -> None:
    found = at_once(
        call,
        lambda number: Pet.objects.update_or_create(pk=1, defaults={"name": f"n{number}"}),
        lambda number: Pet.objects.aupdate_or_create(pk=1, defaults={"name": f"n{number}"}),
    )
    assert sorted(is_new for _, is_new in found) == [False] * (MANY - 1) + [True]
    assert call(Pet.objects.get).name in {f"n{number}" for number in range(MANY)}


def test_the_row_is_locked_while_it_is_changed(call: Any, database: Any) -> None:
    call(Tag.objects.create, name="x")
    with dorm.capture_queries() as sent:
        call(Tag.objects.update_or_create, name="x", defaults={"name": "y"})
    select = next(query.sql for query in sent if query.sql.startswith("SELECT"))
    assert select.endswith('FOR UPDATE OF "rel_tags"') == (database.vendor == "postgresql")
