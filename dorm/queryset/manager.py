"""Manager: where the queries of a model begin.

Every public method of a queryset is a manager's too: put there by a loop when the class is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, Self

from .._typevars import Model_co
from .queryset import QuerySet


class Manager(Generic[Model_co]):
    """The queries of one model, such as `Author.objects`; each begins with every row."""

    __slots__ = ("model",)

    model: type[Any]

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.model = owner

    def __get__(self, instance: Any, owner: type[Any]) -> Self:
        if instance is not None:
            raise AttributeError(
                f"a manager is the class's: {owner.__name__}.objects, not an instance's attribute"
            )
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.model.__name__}>"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that every query of this manager begins with."""
        return QuerySet(self.model)

    def all(self) -> QuerySet[Any]:
        """Return every row; of a related manager, those that `prefetch_related()` has loaded."""
        return self.get_queryset()


def _forwarded(name: str) -> Callable[..., Any]:
    method = getattr(QuerySet, name)

    @wraps(method)
    def forward(self: Manager[Any], *args: Any, **named: Any) -> Any:
        return getattr(self.get_queryset(), name)(*args, **named)

    return forward


for _name, _method in list(vars(QuerySet).items()):
    if callable(_method) and not _name.startswith("_") and _name not in vars(Manager):
        setattr(Manager, _name, _forwarded(_name))
