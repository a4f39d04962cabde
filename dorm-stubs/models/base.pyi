from collections.abc import Iterable
from typing import Any, ClassVar

from dorm.exceptions import MultipleObjectsReturned as _MultipleObjectsReturned
from dorm.exceptions import ObjectDoesNotExist
from dorm.meta.options import Options
from dorm.models.metaclass import ModelBase

class Model(metaclass=ModelBase):
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[_MultipleObjectsReturned]]
    _meta: ClassVar[Options]
    pk: Any
    def __init__(self, **values: Any) -> None: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...
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
