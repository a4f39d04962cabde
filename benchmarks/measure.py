"""Time an operation on the bare driver and on dorm, in turns.

Rests on the standard library; knows neither SQL nor dorm.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any, NamedTuple


def nothing() -> None:
    """Do nothing: the preparation that most operations need."""


class Operation(NamedTuple):
    """One thing to do in two ways; both functions are plain, or both coroutine functions."""

    name: str
    floor: Callable[[], Any]
    dorm: Callable[[], Any]
    calls: int
    """How often each way runs in a round."""
    before: Callable[[], None] = nothing
    """Run before each way's turn, untimed."""
    answer: Callable[[Any], Any] = lambda result: result
    """What the two results must agree in."""
    clock: Callable[[], float] = time.process_time
    """What counts the CPU seconds; the default counts this process, all its threads included."""


class Figure(NamedTuple):
    """What was measured: CPU seconds a call, medians over the rounds."""

    name: str
    floor: float
    dorm: float
    ratio: float


class Disagreement(Exception):
    """The two ways do not give the same answer, so that comparing their times says nothing."""


def measure(operation: Operation, rounds: int, runner: asyncio.Runner) -> Figure:
    """Return the operation's figure; raise Disagreement if the two ways are not one operation."""
    compare(operation, runner)
    floors: list[float] = []
    dorms: list[float] = []
    for number in range(rounds):
        turns = [(operation.floor, floors), (operation.dorm, dorms)]
        # Whoever comes second finds warmer caches: take it in turns.
        for way, seconds in turns if number % 2 else reversed(turns):
            operation.before()
            gc.collect()
            seconds.append(cpu_seconds(way, operation, runner))
    ratio = median(dorm / floor for dorm, floor in zip(dorms, floors))
    return Figure(operation.name, median(floors), median(dorms), ratio)


def compare(operation: Operation, runner: asyncio.Runner) -> None:
    """Run each way once, which also fills their caches, and hold the answers together."""
    answers = []
    for way in (operation.floor, operation.dorm):
        operation.before()
        result = runner.run(finish(way())) if inspect.iscoroutinefunction(way) else way()
        answers.append(operation.answer(result))
    if answers[0] != answers[1]:
        raise Disagreement(
            f"{operation.name}: the floor gives {answers[0]!r:.300}, dorm gives {answers[1]!r:.300}"
        )


def cpu_seconds(way: Callable[[], Any], operation: Operation, runner: asyncio.Runner) -> float:
    """Return the CPU seconds of one call."""
    clock, calls = operation.clock, operation.calls
    if inspect.iscoroutinefunction(way):
        return runner.run(_repeat_async(way, calls, clock)) / calls
    start = clock()
    for _ in range(calls):
        way()
    return (clock() - start) / calls


async def _repeat_async(way: Callable[[], Awaitable[Any]], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        await way()
    return clock() - start


async def finish(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
