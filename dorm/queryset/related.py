"""RelatedManager: the rows that refer to one instance.

A manager whose queries begin with a filter on the foreign key.
"""

from __future__ import annotations

from typing import Any

from .._typevars import Model_co
from ..meta.relations import ReverseRelation
from .manager import Manager
from .queryset import QuerySet


class RelatedManager(Manager[Model_co]):  # pyright: ignore[reportInvalidTypeArguments]  # bound in the stub alone
    """The rows of *relation* that refer to *instance*, such as `author.book_set`."""

    __slots__ = ("instance", "relation")

    def __init__(self, relation: ReverseRelation, instance: Any) -> None:
        self.relation = relation
        self.instance = instance
        self.model = relation.target.model

    def __repr__(self) -> str:
        return f"<{self.relation.target.name} rows of {self.instance!r}>"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that refer to the instance; raises FieldError when it is not saved."""
        key = self.relation.field
        query: QuerySet[Any] = QuerySet(self.relation.target.model, using=self.instance._alias)
        return query.filter(**{key.name: self.instance})

    def create(self, **values: Any) -> Model_co:
        """Save a new row that refers to the instance."""
        created: Model_co = self._unfiltered().create(**self._pointed(values))
        return created

    async def acreate(self, **values: Any) -> Model_co:
        """Save a new row that refers to the instance."""
        created: Model_co = await self._unfiltered().acreate(**self._pointed(values))
        return created

    def _unfiltered(self) -> QuerySet[Any]:
        return QuerySet(self.relation.target.model, using=self.instance._alias)

    def _pointed(self, values: dict[str, Any]) -> dict[str, Any]:
        key = self.relation.field
        clash = next((name for name in (key.name, key.attname) if name in values), None)
        if clash is not None:
            raise TypeError(f"{clash!r} is {self.instance!r} here: leave it out")
        return {**values, key.name: self.instance}
