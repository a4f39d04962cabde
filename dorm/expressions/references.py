"""F, Value, OuterRef, Subquery, Exists: a column by name, a plain value, and other queries, as expressions.

Rests on the Expression protocol and on Q, which Exists combines with.
"""

from __future__ import annotations

from typing import Any

from .._record import replace
from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.types import ANY, JSON_NULL
from .base import NULL, Expression, Resolved, Scope
from .conditions import Predicate
from .outer import Outer
from .types import OutputField, column_type


class Reference(Expression[Value_co]):
    """What stands for the value that a query calls *name*."""

    __slots__ = ("name",)

    name: str


class F(Reference[Any]):
    """A column, a column of a related row ("author__age"), or an annotation."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise FieldError(f"F() takes the name of a field, not {name!r}")
        self.name = name

    def __repr__(self) -> str:
        return f"F({self.name!r})"

    def resolve(self, scope: Scope) -> Resolved:
        return scope.reference(self.name)


class Value(Expression[Value_co]):
    """A plain value, passed to the database as a parameter; of its own type unless *output_field* says.

    None is NULL, and as JSON, `Value(None, JSONField())`, the null of JSON.
    """

    __slots__ = ("type", "value")

    def __init__(self, value: Value_co, output_field: OutputField | None = None) -> None:
        self.value = value
        self.type = None if output_field is None else column_type(output_field)

    def __repr__(self) -> str:
        return f"Value({self.value!r})"

    def resolve(self, scope: Scope) -> Resolved:
        if self.value is None and self.type is not None and self.type.name == "json":
            return scope.bind(JSON_NULL, self.type)
        if self.value is None:
            return NULL if self.type is None else replace(NULL, type=self.type)
        return scope.bind(self.value, self.type)


class OuterRef(Expression[Any]):
    """Inside a subquery, a column of the query around it; `OuterRef(OuterRef("x"))`, of the next one out."""

    __slots__ = ("name",)

    def __init__(self, name: str | OuterRef) -> None:
        if not isinstance(name, (str, OuterRef)):
            raise FieldError(f"OuterRef() takes the name of a field, not {name!r}")
        self.name = name

    def __repr__(self) -> str:
        return f"OuterRef({self.name!r})"

    def resolve(self, scope: Scope) -> Resolved:
        levels, name = 1, self.name
        while isinstance(name, OuterRef):
            levels, name = levels + 1, name.name
        return Resolved(Outer(name, levels), ANY)


class Subquery(Expression[Value_co]):
    """The value of a queryset's one column in its first row; None when there is no row.

    Names of OuterRef are looked up in the query that this stands in.
    """

    __slots__ = ("queryset", "type")

    def __init__(self, queryset: Any, output_field: OutputField | None = None) -> None:
        self.queryset = _checked(queryset, "Subquery")
        self.type = None if output_field is None else column_type(output_field)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.queryset.query.shape.name})"

    @property
    def query(self) -> Any:
        """The query inside: `__in` takes this as it takes the queryset."""
        return self.queryset.query

    def resolve(self, scope: Scope) -> Resolved:
        found = scope.subquery(self.queryset)
        return found if self.type is None else replace(found, type=self.type)


class Exists(Predicate):
    """Whether a queryset has a row. Stands in `filter()` as it is, and combines with `&`, `|` and `~`."""

    __slots__ = ("queryset",)

    def __init__(self, queryset: Any) -> None:
        self.queryset = _checked(queryset, "Exists")

    def __repr__(self) -> str:
        return f"Exists({self.queryset.query.shape.name})"

    def resolve(self, scope: Scope) -> Resolved:
        return scope.existence(self.queryset)


def _checked(queryset: Any, name: str) -> Any:
    # A manager is told by what it makes.
    made = queryset if hasattr(queryset, "query") else getattr(queryset, "all", lambda: None)()
    if not hasattr(made, "query"):
        raise FieldError(f"{name}() takes a queryset, not {queryset!r}")
    return made
