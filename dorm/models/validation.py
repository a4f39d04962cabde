"""Validation of an instance: what it checks by itself, and how all errors become one.

Rests on fields and options. What must be asked of the database is asked by the action of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..exceptions import NON_FIELD_ERRORS, ValidationError
from ..fields.base import DATABASE_DEFAULT
from ..meta.options import options_of


class Problems:
    """The errors of one instance, by field; what is about no one field stands under NON_FIELD_ERRORS."""

    def __init__(self, exclude: Iterable[str] | None) -> None:
        self.by_field: dict[str, list[ValidationError]] = {}
        self.exclude: set[str] = set(exclude or ())

    @contextmanager
    def taken(self, field: str = NON_FIELD_ERRORS) -> Iterator[None]:
        """Take in the ValidationError that the block raises; without fields of its own it is of *field*."""
        try:
            yield
        except ValidationError as error:
            self.add(error, field)

    def add(self, error: ValidationError, field: str) -> None:
        for name, errors in getattr(error, "error_dict", {field: error.error_list}).items():
            held = self.by_field.setdefault(name, [])
            texts = [text for one in held for text in one.messages]
            held += [one for one in errors if one.messages[0] not in texts]

    def settled(self) -> list[str]:
        """Return what later checks leave out: a field that is wrong is not also asked about."""
        return sorted(self.exclude | (self.by_field.keys() - {NON_FIELD_ERRORS}))

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
