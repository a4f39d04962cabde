"""Check the keywords of `filter()`, `exclude()`, `get()` and `Q()`: names, lookups and values.

Rests on the path walker, whose words are those of the run time.
"""

from __future__ import annotations

from mypy.nodes import Context
from mypy.types import Type

from dorm.lookups.paths import Miss, walk

from . import messages, operands
from .calls import Reporter
from .model_view import MypyModelView


def check_lookup(report: Reporter, model: MypyModelView, key: str, where: Context, given: Type) -> None:
    """Report a keyword that leads nowhere, or whose value does not fit."""
    found = walk(model, key)
    if isinstance(found, Miss):
        report.miss(found, where)
        return
    report.lean_on(found)
    if found.lookup is not None and found.lookup.name == "isnull" and not found.nullable:
        report.note(messages.never_null(key), where, messages.NULL)
    if not operands.fits(report, found, given):
        expected = report.shown(operands.expectation(report, found))
        report.fail(messages.wrong_value(key, expected, report.shown(given)), where, messages.VALUE)
