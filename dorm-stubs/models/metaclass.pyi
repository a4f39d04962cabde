from typing import Literal, TypeVar

from dorm.models.base import Model
from dorm.queryset.manager import Manager

_M = TypeVar("_M", bound=Model)

class ModelBase(type):
    # Only this one name: a member declared on Model would win over a manager that a class assigns.
    def __getattr__(cls: type[_M], name: Literal["objects"]) -> Manager[_M]: ...  # type: ignore[misc]
