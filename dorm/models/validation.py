"""Validation of an instance: what it checks by itself, and how all errors become one.

Rests on fields and options. What must be asked of the database is asked by the action of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..actions.validate import NON_FIELD
from ..exceptions import ValidationError
from ..fields.base import DATABASE_DEFAULT
from ..meta.options import options_of


class Problems:
    """The errors of one instance, by field; what is about no one field stands under NON_FIELD."""

    def __init__(self, exclude: Iterable[str] | None) -> None:
        self.by_field: dict[str, list[str]] = {}
        self.exclude: set[str] = set(exclude or ())

    @contextmanager
    def taken(self, field: str = NON_FIELD) -> Iterator[None]:
        """Take in the ValidationError that the block raises; without fields of its own it is of *field*."""
        try:
            yield
        except ValidationError as error:
            self.add(error, field)

    def add(self, error: ValidationError, field: str = NON_FIELD) -> None:
        by_field = error.error_dict or {field: error.messages}
        for name, texts in by_field.items():
            held = self.by_field.setdefault(name, [])
            held += [text for text in texts if text not in held]

    def settled(self) -> list[str]:
        """Return what later checks leave out: a field that is wrong is not also asked about."""
        return sorted(self.exclude | (self.by_field.keys() - {NON_FIELD}))

    def finish(self) -> None:
        """Raise all that was taken in as one ValidationError."""
        if self.by_field:
            raise ValidationError(self.by_field)


def clean_fields(instance: Any, exclude: Iterable[str] | None) -> None:
    """Convert and check the value of each field, and keep what it was converted to."""
    problems = Problems(exclude)
    held = instance.__dict__
    for field in options_of(type(instance)).written_fields:
        # A deferred column was right when it was stored.
        if field.name in problems.exclude or field.attname not in held:
            continue
        value = held[field.attname]
        if value is DATABASE_DEFAULT or (field.blank and value in field.empty_values):
            continue
        with problems.taken(field.name):
            held[field.attname] = field.clean(value, instance)
    problems.finish()
