"""RelatedManager: the rows that refer to one instance.

A manager whose queries begin with a filter on the foreign key.
"""

from __future__ import annotations

from typing import Any, Self

from typing_extensions import TypeVar

from ..meta.relations import ReverseRelation

from .manager import Manager
from .queryset import QuerySet

M = TypeVar("M", covariant=True)


class RelatedManager(Manager[M]):
    """The rows of *relation* that refer to *instance*, such as `author.book_set`."""

    __slots__ = ("instance", "relation")

    def __init__(self, relation: ReverseRelation, instance: Any) -> None:
        self.relation = relation
        self.instance = instance
        self.model = relation.target.model

    def __get__(self, instance: Any, owner: type[Any]) -> Self:
        return self

    def __repr__(self) -> str:
        return f"<{self.relation.target.name} rows of {self.instance!r}>"

    def get_queryset(self) -> QuerySet[M]:
        """Return the rows that refer to the instance; raises FieldError when it is not saved."""
        key = self.relation.field
        query: QuerySet[M] = QuerySet(self.model, using=self.instance._alias)
        return query.filter(**{key.name: self.instance})

    def create(self, **values: Any) -> M:
        """Save a new row that refers to the instance."""
        return self._unfiltered().create(**self._pointed(values))

    async def acreate(self, **values: Any) -> M:
        """Save a new row that refers to the instance."""
        return await self._unfiltered().acreate(**self._pointed(values))

    def _unfiltered(self) -> QuerySet[M]:
        return QuerySet(self.model, using=self.instance._alias)

    def _pointed(self, values: dict[str, Any]) -> dict[str, Any]:
        key = self.relation.field
        clash = next((name for name in (key.name, key.attname) if name in values), None)
        if clash is not None:
            raise TypeError(f"{clash!r} is {self.instance!r} here: leave it out")
        return {**values, key.name: self.instance}
