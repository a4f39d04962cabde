"""F and Value: a column by name, and a plain value, as expressions.

Rests on the Expression protocol alone.
"""

from __future__ import annotations

from typing import Any

from .._typevars import Value_co
from ..exceptions import FieldError
from .base import Expression, Resolved, Scope


class F(Expression[Any]):
    """A column, a column of a related row ("author__age"), or an annotation."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise FieldError(f"F() takes the name of a field, not {name!r}")
        self.name = name

    def __repr__(self) -> str:
        return f"F({self.name!r})"

    def resolve(self, scope: Scope) -> Resolved:
        return scope.reference(self.name)


class Value(Expression[Value_co]):
    """A plain value, passed to the database as a parameter."""

    __slots__ = ("value",)

    def __init__(self, value: Value_co) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Value({self.value!r})"

    def resolve(self, scope: Scope) -> Resolved:
        return scope.bind(self.value)
