# Written by scripts/face_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from dorm.db.executor import Executor
from dorm.fields.related import ForeignKey
from dorm.meta.options import Options
from dorm.meta.relations import ManyToMany, ReverseRelation
from dorm.models.base import Model
from dorm.queryset.queryset import QuerySet

AnyRelation: TypeAlias = ForeignKey | ReverseRelation | ManyToMany
PAIRED_WITH: str

class Prefetch:
    lookup: str
    to_attr: str | None

    def __repr__(self) -> str: ...
    queryset: QuerySet[Model, Any] | None

    def __init__(
        self, lookup: str, queryset: QuerySet[Model, Model] | None = None, to_attr: str | None = None
    ) -> None: ...

class Branch:
    prefetch: Any
    rest: list[str | Prefetch]

    def __init__(self) -> None: ...

def check(options: Options, lookups: Iterable[str | Prefetch], held: Mapping[str, Options] = ...) -> None: ...
async def attach(db: Executor, instances: Sequence[Any], lookups: Iterable[str | Prefetch]) -> None: ...
