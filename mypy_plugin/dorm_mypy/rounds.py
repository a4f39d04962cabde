"""Look at a class again while what it needs is not there yet, a bounded number of times.

Rests on mypy's semantic analyser; knows nothing of what is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from mypy.plugin import ClassDefContext

# mypy gives up with an internal error after 20 rounds without progress.
MOST_DEFERRALS: Final = 8


class Round(Protocol):
    """One look at one class; afterwards, *waiting* says whether something was missing."""

    waiting: bool

    def run(self) -> None:
        """Do what can be done."""


class RoundsHook:
    """A hook for classes; counts the rounds that each class has waited.

    *make* gives the next round of a class, and is told whether it is the last.
    """

    def __init__(self, make: Callable[[ClassDefContext, bool], Round]) -> None:
        self.make = make
        self.waited: dict[str, int] = {}

    def __call__(self, ctx: ClassDefContext) -> None:
        name = ctx.cls.fullname
        work = self.make(ctx, ctx.api.final_iteration or self.waited.get(name, 0) >= MOST_DEFERRALS)
        work.run()
        if work.waiting:
            self.waited[name] = self.waited.get(name, 0) + 1
            ctx.api.defer()
        else:
            self.waited.pop(name, None)
