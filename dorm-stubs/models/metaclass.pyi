# Written by scripts/face_stubs.py from the module of the same name: change it there.

from typing import Any, Literal

from typing_extensions import TypeVar

from dorm.meta.options import Options
from dorm.meta.registry import Registry
from dorm.models.base import Model
from dorm.queryset.manager import Manager

_M = TypeVar("_M", bound=Model)

class ModelBase(type):
    _meta: Options

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, registry: Registry = ...
    ) -> ModelBase: ...
    def __getattr__(cls: type[_M], name: Literal["objects"]) -> Manager[_M]: ...  # type: ignore[misc]
