"""Manager: where the queries of a model begin.

Every public method of a queryset is a manager's too: put there by a loop when the class is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any, ClassVar, Generic, Self

from .._typevars import Model_co
from .queryset import QuerySet

_numbers = count()


class Manager(Generic[Model_co]):
    """The queries of one model, such as `Author.objects`; each begins with the rows of `get_queryset()`.

    Subclass it to begin elsewhere or to add methods. The manager that a class declares first is its default
    one, which related managers take after.
    """

    __slots__ = ("model", "number")

    model: type[Any]
    number: int
    queryset_class: ClassVar[type[QuerySet[Any, Any]]] = QuerySet
    use_in_migrations: ClassVar[bool] = False
    """Whether the models that functions of migrations see have this manager too."""

    def __new__(cls, *args: Any, **named: Any) -> Self:
        manager = super().__new__(cls)
        # Managers are told apart by the order in which they were declared.
        manager.number = next(_numbers)
        return manager

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

    @classmethod
    def from_queryset(cls, queryset_class: type[QuerySet[Any, Any]], class_name: str | None = None) -> Any:
        """Return a subclass whose queries are of *queryset_class*, and which has its methods.

        A method with the attribute `queryset_only = True` is left out.
        """
        methods: dict[str, Any] = {"__slots__": (), "queryset_class": queryset_class}
        for name in dir(queryset_class):
            method = getattr(queryset_class, name)
            hidden = getattr(method, "queryset_only", name.startswith("_"))
            if callable(method) and not hidden and not hasattr(cls, name):
                methods[name] = _forwarded(name, method)
        return type(class_name or f"{cls.__name__}From{queryset_class.__name__}", (cls,), methods)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that every query of this manager begins with."""
        return self.queryset_class(self.model)

    def all(self) -> QuerySet[Any]:
        """Return every row; of a related manager, those that `prefetch_related()` has loaded."""
        return self.get_queryset()


def _forwarded(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def forward(self: Manager[Any], *args: Any, **named: Any) -> Any:
        return getattr(self.get_queryset(), name)(*args, **named)

    return forward


for _name, _method in list(vars(QuerySet).items()):
    if callable(_method) and not _name.startswith("_") and _name not in vars(Manager):
        setattr(Manager, _name, _forwarded(_name, _method))

QuerySet.manager_class = Manager
