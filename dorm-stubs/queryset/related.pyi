# Written by scripts/queryset_stubs.py: change the tables there.

from typing import Any, Self

from typing_extensions import TypeVar

from dorm.models.base import Model
from dorm.queryset.manager import Manager

_M_co = TypeVar("_M_co", bound=Model, covariant=True)

class RelatedManager(Manager[_M_co]):
    # An instance's attribute, where a plain manager is the class's.
    def __get__(self, instance: Any, owner: Any) -> Self: ...  # type: ignore[override]
