# Written by scripts/face_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable
from typing import Any, ClassVar

from dorm.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from dorm.meta.options import Options
from dorm.models.metaclass import ModelBase

class Model(metaclass=ModelBase):
    _meta: ClassVar[Options]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]

    def __init__(self, **values: Any) -> None: ...
    def save(
        self,
        *,
        force_insert: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None: ...
    async def asave(
        self,
        *,
        force_insert: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None: ...
    def delete(self, *, using: str | None = None) -> tuple[int, dict[str, int]]: ...
    async def adelete(self, *, using: str | None = None) -> tuple[int, dict[str, int]]: ...
    def refresh_from_db(self, *, using: str | None = None) -> None: ...
    async def arefresh_from_db(self, *, using: str | None = None) -> None: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...
    def __repr__(self) -> str: ...
    def __str__(self) -> str: ...
    pk: Any
