"""Columns as model classes give them: `Author.age >= 18`, `Author.name.desc()`.

Rests on Q and on references. A column is an expression with comparisons that make a Q, whose lookups are read
as keywords are; it knows its model, so that a query of another one refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._text import of_another_model
from ..exceptions import FieldError, RelatedObjectDoesNotExist
from .base import Expression, Resolved, Scope
from .conditions import OwnedKey, Q
from .references import Reference

if TYPE_CHECKING:
    from uuid import UUID

# What a row holds in the column, and what the column compares with: T without None.
T = TypeVar("T")
V = TypeVar("V")
# The model that a relation leads to.
M = TypeVar("M")


class Column(Reference[T], Generic[T, V]):
    """A column of a model: an expression, and in comparisons a condition. Its field is `field`."""

    __slots__ = ("field",)

    def __init__(self, field: Any, name: str) -> None:
        self.field = field
        self.name = name

    def __repr__(self) -> str:
        return f"{self.field.model.__name__}.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, (self.field.model, self.name)

    def __hash__(self) -> int:
        return hash((self.field.model, self.name))

    def resolve(self, scope: Scope) -> Resolved:
        return scope.owned(self.name, self.field.model)

    def name_in(self, model: type[Any]) -> str:
        """Return the name, for a query of *model*; raise FieldError when the column is another model's."""
        check_owner(self.name, self.field.model, model)
        return self.name

    def _compared(self, lookup: str, value: object) -> Q:
        key = f"{self.name}__{lookup}" if lookup else self.name
        return Q.of(OwnedKey(key, self.field.model), value)

    # -- comparisons: a condition, where other objects answer True or False

    def __eq__(self, other: T | V | Expression[V | None]) -> Q:  # type: ignore[override]
        return self._compared("", other)

    def __ne__(self, other: T | V | Expression[V | None]) -> Q:  # type: ignore[override]
        return ~self._compared("", other)

    def __lt__(self, other: V | Expression[V | None]) -> Q:
        return self._compared("lt", other)

    def __le__(self, other: V | Expression[V | None]) -> Q:
        return self._compared("lte", other)

    def __gt__(self, other: V | Expression[V | None]) -> Q:
        return self._compared("gt", other)

    def __ge__(self, other: V | Expression[V | None]) -> Q:
        return self._compared("gte", other)

    def in_(self, values: Iterable[V | None] | Expression[V | None]) -> Q:
        """Hold where the column has one of *values*, which may be a queryset of one column."""
        return self._compared("in", values)

    def between(self, low: V | Expression[V | None], high: V | Expression[V | None]) -> Q:
        """Hold where the column is neither below *low* nor above *high*."""
        return self._compared("range", (low, high))

    def is_null(self, flag: bool = True) -> Q:
        """Hold where the column is NULL; without *flag*, where it is not."""
        return self._compared("isnull", flag)


class TextColumn(Column[T, V]):
    """A column of text. The twins that begin with an "i" do not tell small letters from capital ones."""

    __slots__ = ()

    def iexact(self, text: str | Expression[str | None]) -> Q:
        """Hold where the column is *text*, in small letters or capital ones."""
        return self._compared("iexact", text)

    def contains(self, text: str | Expression[str | None]) -> Q:
        """Hold where *text* is a part of the column."""
        return self._compared("contains", text)

    def icontains(self, text: str | Expression[str | None]) -> Q:
        """Hold where *text* is a part of the column, in small letters or capital ones."""
        return self._compared("icontains", text)

    def startswith(self, text: str | Expression[str | None]) -> Q:
        """Hold where the column begins with *text*."""
        return self._compared("startswith", text)

    def istartswith(self, text: str | Expression[str | None]) -> Q:
        """Hold where the column begins with *text*, in small letters or capital ones."""
        return self._compared("istartswith", text)

    def endswith(self, text: str | Expression[str | None]) -> Q:
        """Hold where the column ends with *text*."""
        return self._compared("endswith", text)

    def iendswith(self, text: str | Expression[str | None]) -> Q:
        """Hold where the column ends with *text*, in small letters or capital ones."""
        return self._compared("iendswith", text)

    def regex(self, pattern: str | Expression[str | None]) -> Q:
        """Hold where a part of the column matches the regular expression *pattern*."""
        return self._compared("regex", pattern)

    def iregex(self, pattern: str | Expression[str | None]) -> Q:
        """Hold where a part of the column matches *pattern*, in small letters or capital ones."""
        return self._compared("iregex", pattern)


class RelationColumn(Column[Any, "M | int | str | UUID"], Generic[M]):
    """The column of a foreign key: it compares with instances and with keys, and a row holds the key."""

    __slots__ = ()

    __hash__ = Column.__hash__

    @property
    def RelatedObjectDoesNotExist(self) -> type[RelatedObjectDoesNotExist]:
        """The error of a row that is not there, where Django code names it."""
        missing: type[RelatedObjectDoesNotExist] = self.field.missing
        return missing

    def __eq__(self, other: M | int | str | UUID | Expression[Any] | None) -> Q:  # type: ignore[override]
        return self._compared("", other)

    def __ne__(self, other: M | int | str | UUID | Expression[Any] | None) -> Q:  # type: ignore[override]
        return ~self._compared("", other)


def check_owner(name: str, owner: type[Any], model: type[Any]) -> None:
    """Raise FieldError when a query of *model* has no use for the column *name* of the model *owner*."""
    if not issubclass(model, owner):
        raise FieldError(
            of_another_model(name.partition("__")[0], owner.__name__, model.__name__),
            model=model.__name__,
            name=name,
            position=name,
        )
