"""Blocks that are left by any exception at any depth, and loops one after and beside the other.

One level of each is told in `tests/execution/test_blocks.py`; a server that comes back in
`tests/postgresql/test_processes.py`; forks in both files of that name.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import dorm
from dorm.db.connection import close_all_async
from dorm.transaction import aatomic, atomic
from tests.faults.limits import ends_in
from tests.relations.models import MODELS, Pet, Tag

# Seconds, on a machine that has much else to do.
LIMIT = 90
DEPTH = 4
KINDS = [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("caught", range(DEPTH))
@ends_in(LIMIT)
def test_every_exception_rolls_back_the_levels_that_it_leaves(
    call: Any, kind: type[BaseException], caught: int
) -> None:
    call(dorm.create_tables, *MODELS)

    def nest(level: int) -> None:
        try:
            with atomic():
                Tag.objects.create(name=str(level))
                if level == DEPTH - 1:
                    raise kind
                nest(level + 1)
        except kind:
            if level != caught:
                raise

    async def anest(level: int) -> None:
        try:
            async with aatomic():
                await Tag.objects.acreate(name=str(level))
                if level == DEPTH - 1:
                    raise kind
                await anest(level + 1)
        except kind:
            if level != caught:
                raise

    call.run(lambda: nest(0), lambda: anest(0))

    names = sorted(call.list(Tag.objects.values_list("name", flat=True)))
    assert names == [str(level) for level in range(caught)]


@ends_in(LIMIT)
def test_five_loops_in_a_row_in_each_of_four_threads_lose_nothing(database: Any) -> None:
    dorm.create_tables(*MODELS)
    pet = Pet.objects.create(name="0")
    errors: list[BaseException] = []

    async def add(thread: int, loop: int, task: int) -> None:
        async with aatomic():
            read = await Pet.objects.select_for_update().aget(pk=pet.pk)
            read.name = str(int(read.name) + 1)
            await read.asave()
        await Tag.objects.acreate(name=f"{thread}-{loop}-{task}")

    async def work(thread: int, loop: int) -> None:
        await asyncio.gather(*(add(thread, loop, task) for task in range(4)))
        await close_all_async()

    def run(thread: int) -> None:
        try:
            for loop in range(5):
                asyncio.run(work(thread, loop))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(4)]
    for started in threads:
        started.start()
    for started in threads:
        started.join(60)

    assert errors == []
    assert Tag.objects.count() == 80
    assert Pet.objects.get(pk=pet.pk).name == "80"
