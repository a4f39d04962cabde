# Written by scripts/face_stubs.py from the module of the same name: change it there.

from typing import Any

from typing_extensions import TypeVar

from dorm.models.base import Model
from dorm.queryset.queryset import QuerySet

_M = TypeVar("_M", bound=Model, covariant=True)
_Row = TypeVar("_Row", covariant=True, default=_M)

class CombinedQuerySet(QuerySet[_M, _Row]): ...

REFUSED: Any
