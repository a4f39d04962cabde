"""Run a program in dorm or in Django, and give the answer in plain values that can be compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import dorm

from . import library
from .programs import Agg, Call, Combined, Cond, Fn, Inner, Program, Ref, Slice, Sum2


class Rollback(Exception):
    """Undo what a program wrote."""


class Library:
    """One of the two: its models and its words."""

    def __init__(
        self, models: ModuleType, words: Any, atomic: Callable[[], Any], functions: Any = None
    ) -> None:
        self.functions = functions
        self.models = models
        self.words = words
        self.atomic = atomic

    # -- from data to objects --------------------------------------------------------------------

    def value(self, item: Any) -> Any:
        """Return *item* as this library spells it."""
        if isinstance(item, Cond):
            return self._condition(item)
        if isinstance(item, Ref):
            return self.words.F(item.name)
        if isinstance(item, Sum2):
            left, right = self.value(item.left), self.value(item.right)
            return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}[
                item.operator
            ]()
        if isinstance(item, Agg):
            named: dict[str, Any] = {"distinct": True} if item.distinct else {}
            if item.where is not None:
                named["filter"] = self.value(item.where)
            return getattr(self.words, item.function)(item.operand, **named)
        if isinstance(item, Fn):
            named = {name: self.value(value) for name, value in item.named}
            return self.word(item.name)(*map(self.value, item.args), **named)
        if isinstance(item, Inner):
            return self._inner(item)
        return item

    def word(self, name: str) -> Any:
        """Return the class of that name."""
        return getattr(self.words, name, None) or getattr(self.functions, name)

    def _inner(self, item: Inner) -> Any:
        rows = getattr(self.models, item.model).objects.filter(**{item.key: self.words.OuterRef(item.name)})
        rows = rows.filter(self.value(item.condition)).order_by("pk")
        return rows if item.column is None else rows.values(item.column)[:1]

    def _condition(self, item: Cond) -> Any:
        made = self.words.Q()
        for inner in item.items:
            one = (
                self.value(inner)
                if isinstance(inner, Cond)
                else self.words.Q(**{inner[0]: self.value(inner[1])})
            )
            made = made & one if item.connector == "AND" else made | one
        return ~made if item.negated else made

    def queryset(self, program: Program) -> Any:
        """Return the queryset that the steps lead to."""
        return self._stepped(program.model, program.steps)

    def _stepped(self, model: str, steps: tuple[Any, ...]) -> Any:
        rows = getattr(self.models, model).objects.all()
        for step in steps:
            if isinstance(step, Slice):
                rows = rows[step.start : step.stop]
                continue
            if isinstance(step, Combined):
                others = [self._stepped(model, other) for other in step.others]
                rows = getattr(rows, step.method)(*others, **dict(step.named))
                continue
            assert isinstance(step, Call)
            named = {name: self.value(value) for name, value in step.named}
            rows = getattr(rows, step.method)(*map(self.value, step.args), **named)
        return rows

    # -- from rows to plain values ---------------------------------------------------------------

    def answer(self, program: Program) -> Any:
        """Return what the program gives."""
        rows = self.queryset(program)
        if program.end == "count":
            return rows.count()
        if program.end == "exists":
            return rows.exists()
        if program.end == "list":
            found = [self.row(row, program) for row in rows]
            return found if program.ordered else sorted(found, key=repr)
        found = rows.aggregate(**{name: self.value(value) for name, value in program.end})
        return {name: plain(value) for name, value in found.items()}

    def row(self, row: Any, program: Program) -> Any:
        if isinstance(row, dict):
            return {name: plain(value) for name, value in row.items()}
        if isinstance(row, tuple):
            return tuple(map(plain, row))
        names = [field.attname for field in type(row)._meta.fields]
        names += [name for step in program.steps if isinstance(step, Call) and step.method == "annotate"
                  for name, _ in step.named]  # fmt: skip
        return {name: plain(getattr(row, name)) for name in names}

    def effect(self, program: Program) -> Any:
        """Return what a writing program says, and every row after it; then undo it."""
        found: Any = None
        try:
            with self.atomic():
                rows = self.queryset(program)
                if program.end == "delete":
                    said = rows.delete()[0]
                else:
                    said = rows.update(**{name: self.value(value) for name, value in program.end[1]})
                found = (said, self.tables())
                raise Rollback
        except Rollback:
            pass
        return found

    def tables(self) -> dict[str, list[Any]]:
        """Return every row of every table."""
        return {
            name: [
                tuple(map(plain, row))
                for row in getattr(self.models, name).objects.order_by("pk").values_list()
            ]
            for name in ("Publisher", "Author", "Book", "Review")
        }


def plain(value: Any) -> Any:
    """Return *value* as both libraries may give it: rounding apart, and 2.0 is 2."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value.isoformat() if isinstance(value, datetime) else value
    return round(float(value), 6)


DORM = Library(library, dorm, dorm.transaction.atomic, dorm)


def django() -> Library:
    """Return Django's side; its settings must be there before."""
    from django.db import models as words
    from django.db import transaction
    from django.db.models import functions

    from .django_app import models

    return Library(models, words, transaction.atomic, functions)
