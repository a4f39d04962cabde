# Written by scripts/face_stubs.py from the module of the same name: change it there.

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, Literal, Self, overload

from typing_extensions import TypeVar

from dorm.actions.prefetch import Prefetch
from dorm.expressions import Expression, OrderBy, Q
from dorm.models.base import Model
from dorm.queryset.queryset import QuerySet

_M = TypeVar("_M", bound=Model, covariant=True, default="_Unbound")
_Owner = TypeVar("_Owner", bound=Model)
_Queryset = TypeVar("_Queryset", bound=QuerySet[Any, Any])

class _Unbound(Model): ...

class Manager(Generic[_M]):
    model: type[Any]
    number: int
    queryset_class: ClassVar[type[QuerySet[Any, Any]]]

    def __set_name__(self, owner: type[Any], name: str) -> None: ...
    def __repr__(self) -> str: ...
    def get_queryset(self) -> QuerySet[_M]: ...
    def all(self) -> QuerySet[_M]: ...
    @overload
    def __get__(self: Manager[_Unbound], instance: None, owner: type[_Owner]) -> Manager[_Owner]: ...
    @overload
    def __get__(self, instance: None, owner: Any) -> Self: ...
    @classmethod
    def from_queryset(
        cls, queryset_class: type[_Queryset], class_name: str | None = None
    ) -> type[_Queryset]: ...
    def none(self) -> QuerySet[_M]:
        """Return no rows, without asking the database."""

    def using(self, alias: str) -> QuerySet[_M]:
        """Ask the database *alias*; ImproperlyConfigured comes with the first statement if there is none."""

    def filter(self, *args: Q, **lookups: Any) -> QuerySet[_M]:
        """Keep the rows that meet every condition; FieldError for a name or operand that does not fit."""

    def exclude(self, *args: Q, **lookups: Any) -> QuerySet[_M]:
        """Leave out the rows that meet every condition."""

    def order_by(self, *names: str | Expression | OrderBy) -> QuerySet[_M]:
        """Order by fields ("-age": largest first) or expressions; without any, not even by Meta.ordering."""

    def reverse(self) -> QuerySet[_M]:
        """Turn the order round."""

    def only(self, *names: str) -> QuerySet[_M]:
        """Load only these columns, and the primary key; the others are loaded when they are read."""

    def defer(self, *names: str) -> QuerySet[_M]:
        """Load all columns but these, which are loaded when they are read."""

    def select_related(self, *names: str | None) -> QuerySet[_M]:
        """Load the rows that foreign keys refer to in the same statement ("author__publisher").

        Without names: those of all foreign keys that are never NULL. With None: none.
        """

    def prefetch_related(self, *lookups: str | Prefetch | None) -> QuerySet[_M]:
        """Load relations of all rows too, by one statement for each ("book_set__tags"); None clears."""

    def annotate(self, **annotations: Expression) -> QuerySet[_M, Any]:
        """Add a computed value to each row; an aggregate groups by row, or by the values() before it."""

    def values(self, *names: str) -> QuerySet[_M, dict[str, Any]]:
        """Return dicts of these columns, of all columns without names."""

    def get(self, *args: Q, **lookups: Any) -> _M:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """

    async def aget(self, *args: Q, **lookups: Any) -> _M:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """

    def get_or_none(self, *args: Q, **lookups: Any) -> _M | None:
        """Return the one row that meets the conditions, or None; more than one raises."""

    async def aget_or_none(self, *args: Q, **lookups: Any) -> _M | None:
        """Return the one row that meets the conditions, or None; more than one raises."""

    def first(self) -> _M | None:
        """Return the first row, by primary key if there is no order; None when there is none."""

    async def afirst(self) -> _M | None:
        """Return the first row, by primary key if there is no order; None when there is none."""

    def last(self) -> _M | None:
        """Return the last row, by primary key if there is no order; None when there is none."""

    async def alast(self) -> _M | None:
        """Return the last row, by primary key if there is no order; None when there is none."""

    def count(self) -> int:
        """Return the number of rows, by SELECT COUNT(*) unless they are here already."""

    async def acount(self) -> int:
        """Return the number of rows, by SELECT COUNT(*) unless they are here already."""

    def exists(self) -> bool:
        """Return whether there is a row."""

    async def aexists(self) -> bool:
        """Return whether there is a row."""

    def aggregate(self, **aggregates: Expression) -> dict[str, Any]:
        """Return one value for each aggregate, over all rows."""

    async def aaggregate(self, **aggregates: Expression) -> dict[str, Any]:
        """Return one value for each aggregate, over all rows."""

    def create(self, **values: Any) -> _M:
        """Save a new row and return its instance."""

    async def acreate(self, **values: Any) -> _M:
        """Save a new row and return its instance."""

    def get_or_create(self, defaults: Mapping[str, Any] | None = None, **lookups: Any) -> tuple[_M, bool]:
        """Return the row that meets *lookups*, else a new one of these and *defaults*; and whether it is new.

        Of several that try at once, one makes the row and the others find it.
        """

    async def aget_or_create(
        self, defaults: Mapping[str, Any] | None = None, **lookups: Any
    ) -> tuple[_M, bool]:
        """Return the row that meets *lookups*, else a new one of these and *defaults*; and whether it is new.

        Of several that try at once, one makes the row and the others find it.
        """

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[_M, bool]:
        """Set *defaults* in the row that meets *lookups*, or make it, of *create_defaults* if given.

        Returns the instance and whether it is new.
        """

    async def aupdate_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[_M, bool]:
        """Set *defaults* in the row that meets *lookups*, or make it, of *create_defaults* if given.

        Returns the instance and whether it is new.
        """

    def bulk_create(self, objs: Iterable[_M], batch_size: int = 1000) -> list[_M]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals."""

    async def abulk_create(self, objs: Iterable[_M], batch_size: int = 1000) -> list[_M]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals."""

    def update(self, **values: Any) -> int:
        """Set columns in every row, by one statement; return how many rows there were. Sends no signals."""

    async def aupdate(self, **values: Any) -> int:
        """Set columns in every row, by one statement; return how many rows there were. Sends no signals."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete every row, and do to those that refer to them what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """

    async def adelete(self) -> tuple[int, dict[str, int]]:
        """Delete every row, and do to those that refer to them what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """

    def iterator(self, chunk_size: int = 2000) -> Iterator[_M]:
        """Fetch rows *chunk_size* at a time as the loop goes on, and keep none."""

    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[_M]:
        """Fetch rows *chunk_size* at a time as the loop goes on, and keep none."""

    async def avalues(self, *names: str) -> list[dict[str, Any]]:
        """Return dicts of these columns, of all columns without names, as a list."""

    def sql(self) -> str:
        """Return the SELECT that fetches the rows, as the alias's database gets it."""

    @overload
    def values_list(self, name: str, /, *, flat: Literal[True]) -> QuerySet[_M, Any]: ...
    @overload
    def values_list(self, *names: str, flat: Literal[False] = False) -> QuerySet[_M, tuple[Any, ...]]: ...
    @overload
    def values_list(self, *names: str, flat: bool) -> QuerySet[_M, Any]: ...
    @overload
    async def avalues_list(self, name: str, /, *, flat: Literal[True]) -> list[Any]: ...
    @overload
    async def avalues_list(self, *names: str, flat: Literal[False] = False) -> list[tuple[Any, ...]]: ...
    @overload
    async def avalues_list(self, *names: str, flat: bool) -> list[Any]: ...
