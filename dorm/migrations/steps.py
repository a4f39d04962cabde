"""Operations with what each gives and what each needs, and the order that follows from this.

Pure. An operation that needs what another gives comes after it; beyond that, they stay as they were told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import TypeAlias

from .._record import Record
from ..exceptions import MigrationError
from .operations.base import Operation
from .references import label_of

# What holds once an operation is done: a word, the key of a model, and the name of a field or "".
Fact: TypeAlias = tuple[str, str, str]


def exists(key: str) -> Fact:
    """Say that a model is there."""
    return "exists", key, ""


def gone(key: str) -> Fact:
    """Say that a model is no longer there."""
    return "gone", key, ""


def has(key: str, field: str) -> Fact:
    """Say that a model has a field as it is wanted."""
    return "has", key, field


def freed(key: str, field: str) -> Fact:
    """Say that a field is gone, or no longer leads where it led."""
    return "freed", key, field


class Step(Record):
    """One operation of the app *label*."""

    label: str
    operation: Operation
    gives: frozenset[Fact] = frozenset()
    needs: frozenset[Fact] = frozenset()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Plan:
    """Steps in an order in which each finds what it needs."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.givers: dict[Fact, list[Step]] = {}
        for step in steps:
            for fact in step.gives:
                self.givers.setdefault(fact, []).append(step)
        self.steps = self._ordered(steps)

    def before(self, step: Step) -> list[Step]:
        """Return the steps that give what *step* needs."""
        return [giver for fact in step.needs for giver in self.givers.get(fact, ()) if giver is not step]

    def outside(self, step: Step) -> set[str]:
        """Return the apps of the models that *step* needs and no step makes."""
        wanted = {
            label_of(key) for word, key, _ in step.needs if word == "exists" and self._is_old(word, key)
        }
        return wanted - {step.label}

    def _is_old(self, word: str, key: str) -> bool:
        return (word, key, "") not in self.givers

    def _ordered(self, steps: Sequence[Step]) -> list[Step]:
        place = {step: number for number, step in enumerate(steps)}
        waits = {step: set(self.before(step)) for step in steps}
        followers: dict[Step, list[Step]] = {}
        for step, parents in waits.items():
            for parent in parents:
                followers.setdefault(parent, []).append(step)
        ready = [number for step, number in place.items() if not waits[step]]
        found: list[Step] = []
        while ready:
            step = steps[heappop(ready)]
            found.append(step)
            for follower in followers.get(step, ()):
                waits[follower].discard(step)
                if not waits[follower]:
                    heappush(ready, place[follower])
        if len(found) < len(steps):
            stuck = [f"{step.label}: {step.operation.describe()}" for step in steps if step not in set(found)]
            raise MigrationError(
                f"These changes wait for one another: {'; '.join(stuck)}. Make them in two steps, with a "
                "migration for each."
            )
        return found


class Chunk:
    """Steps of one app that stand in one migration, and the chunks that come before it."""

    def __init__(
        self, label: str, steps: Sequence[Step], parents: Iterable[Chunk], outside: Iterable[str]
    ) -> None:
        self.label = label
        self.steps = list(steps)
        self.parents = list(dict.fromkeys(parents))
        self.outside = sorted(set(outside))


def chunks_of(plan: Plan) -> list[Chunk]:
    """Return the steps of *plan* in chunks: one for each app, but where apps wait for one another."""
    waiting: dict[str, list[Step]] = {}
    for step in plan.steps:
        waiting.setdefault(step.label, []).append(step)
    home: dict[Step, Chunk] = {}
    found: list[Chunk] = []
    while waiting:
        able = {label: _able(plan, steps, home) for label, steps in waiting.items()}
        whole = [label for label, steps in able.items() if len(steps) == len(waiting[label])]
        # The most that can be done; a part of an app only where no app is whole.
        label = whole[0] if whole else max(able, key=lambda name: (len(able[name]), name))
        steps = able[label]
        if not steps:
            raise MigrationError(
                f"The changes of the apps {', '.join(sorted(waiting))} wait for one another."
            )
        parents = [home[one] for step in steps for one in plan.before(step) if one in home]
        earlier = [chunk for chunk in found if chunk.label == label][-1:]
        outside = [app for step in steps for app in plan.outside(step)]
        chunk = Chunk(label, steps, [*earlier, *parents], outside)
        found.append(chunk)
        home |= dict.fromkeys(steps, chunk)
        waiting[label] = [step for step in waiting[label] if step not in home]
        if not waiting[label]:
            del waiting[label]
    return found


def _able(plan: Plan, steps: Sequence[Step], done: dict[Step, Chunk]) -> list[Step]:
    """Return those of an app's steps that need nothing of another app that is not done."""
    able: dict[Step, None] = {}
    for step in steps:
        if all(one in done or one in able for one in plan.before(step)):
            able[step] = None
    return list(able)
