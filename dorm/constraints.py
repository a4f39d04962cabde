"""Constraints, as descriptions: what `Meta.constraints` holds.

Rests on expressions and on the descriptions of indexes. The database checks them when a row is written, and
`full_clean()` before.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from .exceptions import ImproperlyConfigured
from .expressions import Q
from .indexes import Described, as_expressions, check_names, check_object_name


class Deferrable(Enum):
    """When a unique constraint is checked: at the end of the transaction, or of the statement."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"


class BaseConstraint(Described):
    """What constraints share: a name, and what is said when a row does not hold to it."""

    default_message: str = "%(name)s does not hold."

    def __init__(
        self, name: str, violation_error_code: str | None, violation_error_message: str | None
    ) -> None:
        self.name: str | None = check_object_name(type(self).__name__, name)
        self.violation_error_code = violation_error_code
        self.violation_error_message = violation_error_message


class CheckConstraint(BaseConstraint):
    """A condition that every row meets; where it is unknown, as for NULL, it counts as met."""

    default_message = "The constraint %(name)r does not hold."

    def __init__(
        self,
        *,
        condition: Q | None = None,
        check: Q | None = None,
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(name, violation_error_code, violation_error_message)
        # Django called it `check` before 5.1.
        given = condition if condition is not None else check
        if not isinstance(given, Q) or not given:
            raise ImproperlyConfigured(f"CheckConstraint({name!r}) takes condition=Q(...), not {given!r}")
        self.condition = given

    def __repr__(self) -> str:
        return f"<CheckConstraint: condition={self.condition!r} name={self.name!r}>"


class UniqueConstraint(BaseConstraint):
    """No two rows have the same values in *fields*, or of *expressions*; with *condition*, none that meet it.

    NULLs differ from one another unless *nulls_distinct* is False.
    """

    default_message = "A row with this %(fields)s already exists."

    def __init__(
        self,
        *expressions: Any,
        fields: Sequence[str] = (),
        name: str,
        condition: Q | None = None,
        deferrable: Deferrable | None = None,
        include: Sequence[str] = (),
        opclasses: Sequence[str] = (),
        nulls_distinct: bool | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(name, violation_error_code, violation_error_message)
        what = f"UniqueConstraint({name!r})"
        self.fields = check_names(f"{what}: fields", fields)
        self.expressions = as_expressions(what, expressions)
        self.condition = condition
        self.deferrable = deferrable
        self.include = check_names(f"{what}: include", include)
        self.opclasses = check_names(f"{what}: opclasses", opclasses)
        self.nulls_distinct = nulls_distinct
        self._check(what)

    def _check(self, what: str) -> None:
        if not self.name:
            raise ImproperlyConfigured("UniqueConstraint() needs a name")
        if bool(self.fields) == bool(self.expressions):
            raise ImproperlyConfigured(f"{what} takes either fields or expressions, and one of them at least")
        if self.condition is not None and not isinstance(self.condition, Q):
            raise ImproperlyConfigured(f"{what}: condition takes a Q, not {self.condition!r}")
        if self.deferrable is not None and not isinstance(self.deferrable, Deferrable):
            raise ImproperlyConfigured(f"{what}: deferrable takes a Deferrable, not {self.deferrable!r}")
        if self.deferrable is not None and self.is_index:
            raise ImproperlyConfigured(
                f"{what}: only a constraint of plain fields can be deferrable: leave out condition, include, "
                "opclasses, expressions and nulls_distinct"
            )
        if self.opclasses and len(self.opclasses) != len(self.fields):
            raise ImproperlyConfigured(f"{what}: there must be one of opclasses for each of fields")
        if not all(opclass.replace(".", "_").isidentifier() for opclass in self.opclasses):
            raise ImproperlyConfigured(f"{what}: opclasses takes names of operator classes")

    @property
    def is_index(self) -> bool:
        """Whether the database can only hold to it by a unique index."""
        more = self.expressions or self.include or self.opclasses or self.condition is not None
        return bool(more) or self.nulls_distinct is not None

    def __repr__(self) -> str:
        said = [repr(one) for one in self.expressions]
        said += [f"fields={self.fields!r}"] if self.fields else []
        said += [f"name={self.name!r}"]
        said += [f"condition={self.condition!r}"] if self.condition is not None else []
        return f"<UniqueConstraint: {' '.join(said)}>"
