from collections.abc import Iterable
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, overload

from dorm.expressions.base import Expression
from dorm.lookups.table import Family
from dorm.models.base import Model

_T = TypeVar("_T")

Choices: TypeAlias = Iterable[tuple[Any, Any]] | type[Any]

class Field(Generic[_T]):
    family: ClassVar[Family]
    name: str
    attname: str
    column: str
    null: bool
    @overload
    def __get__(self, instance: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, instance: Model, owner: Any) -> _T: ...
    def __set__(self, instance: Model, value: _T | Expression) -> None: ...
