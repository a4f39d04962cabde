# Written by scripts/face_stubs.py from the module of the same name: change it there.

from typing import Any, Self

from typing_extensions import TypeVar

from dorm.meta.relations import ReverseRelation
from dorm.models.base import Model
from dorm.queryset.manager import Manager
from dorm.queryset.queryset import QuerySet

_M = TypeVar("_M", bound=Model, covariant=True)

class RelatedManager(Manager[_M]):
    relation: ReverseRelation
    instance: Any

    def __init__(self, relation: ReverseRelation, instance: Any) -> None: ...
    def __repr__(self) -> str: ...
    def get_queryset(self) -> QuerySet[Any]: ...
    def create(self, **values: Any) -> _M: ...
    async def acreate(self, **values: Any) -> _M: ...
    def __get__(self, instance: Any, owner: type[Any]) -> Self: ...
