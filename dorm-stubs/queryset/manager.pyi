# Written by scripts/face_stubs.py from the module of the same name: change it there.

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Literal, Self, overload

from typing_extensions import TypeVar

from dorm.actions.prefetch import Prefetch
from dorm.expressions import Column, Expression, OrderBy, Q
from dorm.expressions.conditions import Predicate
from dorm.models.base import Model
from dorm.queryset.queryset import QuerySet
from dorm.queryset.raw import RawQuerySet

_M = TypeVar("_M", bound=Model, covariant=True, default="_Unbound")
_Owner = TypeVar("_Owner", bound=Model)
_Queryset = TypeVar("_Queryset", bound=QuerySet[Any, Any])

class _Unbound(Model): ...

_T0 = TypeVar("_T0")
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_T4 = TypeVar("_T4")
_T5 = TypeVar("_T5")
_T6 = TypeVar("_T6")
_T7 = TypeVar("_T7")

class Manager(Generic[_M]):
    model: type[Any]
    number: int
    queryset_class: ClassVar[type[QuerySet[Any, Any]]]
    use_in_migrations: ClassVar[bool]

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

    def filter(self, *args: Q | Predicate, **lookups: Any) -> QuerySet[_M]:
        """Keep the rows that meet every condition; FieldError for a name or operand that does not fit."""

    def exclude(self, *args: Q | Predicate, **lookups: Any) -> QuerySet[_M]:
        """Leave out the rows that meet every condition."""

    def order_by(self, *names: str | Expression | OrderBy) -> QuerySet[_M]:
        """Order by fields ("-age": largest first) or expressions; without any, not even by Meta.ordering."""

    def reverse(self) -> QuerySet[_M]:
        """Turn the order round."""

    def only(self, *names: str | Column[Any, Any]) -> QuerySet[_M]:
        """Load only these columns, and the primary key; the others are loaded when they are read."""

    def defer(self, *names: str | Column[Any, Any]) -> QuerySet[_M]:
        """Load all columns but these, which are loaded when they are read."""

    def select_related(self, *names: str | Column[Any, Any] | None) -> QuerySet[_M]:
        """Load the rows that foreign keys refer to in the same statement ("author__publisher").

        Without names: those of all foreign keys that are never NULL. With None: none.
        """

    def prefetch_related(self, *lookups: str | Prefetch | None) -> QuerySet[_M]:
        """Load relations of all rows too, by one statement for each ("book_set__tags"); None clears."""

    def annotate(self, **annotations: Expression) -> QuerySet[_M, Any]:
        """Add a computed value to each row; an aggregate groups by row, or by the values() before it."""

    def alias(self, **annotations: Expression) -> QuerySet[_M]:
        """Name a computed value for later calls, without adding it to the rows."""

    def distinct(self, *names: str | Column[Any, Any]) -> QuerySet[_M]:
        """Leave out rows that are equal to another; with names (PostgreSQL), all but the first of those."""

    def values(
        self, *names: str | Column[Any, Any], **expressions: Expression
    ) -> QuerySet[_M, dict[str, Any]]:
        """Return dicts of these columns and computed values, of all columns without any."""

    def dates(
        self,
        field_name: str | Column[Any, Any],
        kind: Literal["year", "month", "week", "day"],
        order: Literal["ASC", "DESC"] = "ASC",
    ) -> QuerySet[_M, date]:
        """Return the years, months, weeks or days of a column, each once, as the date on which it begins."""

    def datetimes(
        self,
        field_name: str | Column[Any, Any],
        kind: Literal["year", "month", "week", "day", "hour", "minute", "second"],
        order: Literal["ASC", "DESC"] = "ASC",
        tzinfo: Any = None,
    ) -> QuerySet[_M, datetime]:
        """Return the years, ..., seconds of a column, each once, as the moment at which it begins.

        They begin as clocks in *tzinfo* have it, which are those of the current time zone without it.
        """

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = ..., no_key: bool = False
    ) -> QuerySet[_M]:
        """Lock the rows until the transaction ends; *of* names relations, "self" for the row's own table.

        Others wait, unless they asked for an error (*nowait*) or for the rest (*skip_locked*). Where a whole
        database is locked at a time, as in SQLite, the transaction has done so already.
        """

    def union(self, *others: QuerySet[Any, Any], all: bool = False) -> QuerySet[_M, _M]:
        """Return the rows that are in any of the querysets, each once; with *all*, as often as they come."""

    def intersection(self, *others: QuerySet[Any, Any]) -> QuerySet[_M, _M]:
        """Return the rows that are in each of the querysets."""

    def difference(self, *others: QuerySet[Any, Any]) -> QuerySet[_M, _M]:
        """Return the rows of this queryset that are in none of the others."""

    def get(self, *args: Q | Predicate, **lookups: Any) -> _M:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """

    async def aget(self, *args: Q | Predicate, **lookups: Any) -> _M:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """

    def get_or_none(self, *args: Q | Predicate, **lookups: Any) -> _M | None:
        """Return the one row that meets the conditions, or None; more than one raises."""

    async def aget_or_none(self, *args: Q | Predicate, **lookups: Any) -> _M | None:
        """Return the one row that meets the conditions, or None; more than one raises."""

    def first(self) -> _M | None:
        """Return the first row, by primary key if there is no order; None when there is none."""

    async def afirst(self) -> _M | None:
        """Return the first row, by primary key if there is no order; None when there is none."""

    def last(self) -> _M | None:
        """Return the last row, by primary key if there is no order; None when there is none."""

    async def alast(self) -> _M | None:
        """Return the last row, by primary key if there is no order; None when there is none."""

    def earliest(self, *fields: str | Expression | OrderBy) -> _M:
        """Return the row that is first by these fields, else by Meta.get_latest_by; DoesNotExist for none."""

    async def aearliest(self, *fields: str | Expression | OrderBy) -> _M:
        """Return the row that is first by these fields, else by Meta.get_latest_by; DoesNotExist for none."""

    def latest(self, *fields: str | Expression | OrderBy) -> _M:
        """Return the row that is last by these fields, else by Meta.get_latest_by; DoesNotExist for none."""

    async def alatest(self, *fields: str | Expression | OrderBy) -> _M:
        """Return the row that is last by these fields, else by Meta.get_latest_by; DoesNotExist for none."""

    def in_bulk(
        self, ids: Iterable[Any] | None = None, *, field_name: str | Column[Any, Any] = "pk"
    ) -> dict[Any, _M]:
        """Return the rows of these keys, of all keys without, by key; *field_name* is any unique field."""

    async def ain_bulk(
        self, ids: Iterable[Any] | None = None, *, field_name: str | Column[Any, Any] = "pk"
    ) -> dict[Any, _M]:
        """Return the rows of these keys, of all keys without, by key; *field_name* is any unique field."""

    def contains(self, obj: Any) -> bool:
        """Return whether the row of *obj* is among these."""

    async def acontains(self, obj: Any) -> bool:
        """Return whether the row of *obj* is among these."""

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
        """Save a new row, by the `save()` of its class, and return its instance."""

    async def acreate(self, **values: Any) -> _M:
        """Save a new row, by the `save()` of its class, and return its instance."""

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

    def bulk_create(
        self,
        objs: Iterable[_M],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[_M]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals.

        Of rows that are there already, those are left out and no keys are set (*ignore_conflicts*), or
        *update_fields* are set in those with the same *unique_fields* (*update_conflicts*).
        """

    async def abulk_create(
        self,
        objs: Iterable[_M],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[_M]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals.

        Of rows that are there already, those are left out and no keys are set (*ignore_conflicts*), or
        *update_fields* are set in those with the same *unique_fields* (*update_conflicts*).
        """

    def bulk_update(self, objs: Iterable[_M], fields: Iterable[str], batch_size: int = 1000) -> int:
        """Write *fields* of saved instances, a batch in one statement; return how many rows there were.

        Sends no signals. An instance in which one of the fields is an expression has a statement of its own.
        """

    async def abulk_update(self, objs: Iterable[_M], fields: Iterable[str], batch_size: int = 1000) -> int:
        """Write *fields* of saved instances, a batch in one statement; return how many rows there were.

        Sends no signals. An instance in which one of the fields is an expression has a statement of its own.
        """

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

    def iterator(self, chunk_size: int | None = None) -> Iterator[_M]:
        """Fetch rows *chunk_size* (2000) at a time as the loop goes on, and keep none.

        Relations of `prefetch_related()` are loaded for each chunk, whose size must be given then.
        """

    def aiterator(self, chunk_size: int | None = None) -> AsyncIterator[_M]:
        """Fetch rows *chunk_size* (2000) at a time as the loop goes on, and keep none.

        Relations of `prefetch_related()` are loaded for each chunk, whose size must be given then.
        """

    async def avalues(
        self, *names: str | Column[Any, Any], **expressions: Expression
    ) -> list[dict[str, Any]]:
        """Return dicts of these columns and computed values, of all columns without any, as a list."""

    def raw(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        translations: Mapping[str, str] | None = None,
        using: str | None = None,
    ) -> RawQuerySet[_M]:
        """Return the rows of a SELECT as instances; columns that the model does not have are attributes.

        With *params*, `%s` (or `%(name)s` for a mapping) is a placeholder and `%%` a percent sign, on every
        database. *translations* gives, for columns of other names, the fields that they hold.
        """

    async def araw(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        translations: Mapping[str, str] | None = None,
        using: str | None = None,
    ) -> list[_M]:
        """Return the rows of a SELECT as a list of instances; see `raw()`."""

    def sql(self) -> str:
        """Return the SELECT that fetches the rows, its values included, as a person can paste it."""

    def explain(self, *, format: str | None = None, analyze: bool = False) -> str:
        """Return the database's plan for the SELECT; PostgreSQL has formats, and with *analyze* runs it."""

    async def aexplain(self, *, format: str | None = None, analyze: bool = False) -> str:
        """Return the database's plan for the SELECT; PostgreSQL has formats, and with *analyze* runs it."""

    @overload
    def values_list(self, name: Column[_T0, Any], /, *, flat: Literal[True]) -> QuerySet[_M, _T0]: ...
    @overload
    def values_list(self, c0: Column[_T0, Any], /) -> QuerySet[_M, tuple[_T0]]: ...
    @overload
    def values_list(self, c0: Column[_T0, Any], c1: Column[_T1, Any], /) -> QuerySet[_M, tuple[_T0, _T1]]: ...
    @overload
    def values_list(
        self, c0: Column[_T0, Any], c1: Column[_T1, Any], c2: Column[_T2, Any], /
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2]]: ...
    @overload
    def values_list(
        self, c0: Column[_T0, Any], c1: Column[_T1, Any], c2: Column[_T2, Any], c3: Column[_T3, Any], /
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2, _T3]]: ...
    @overload
    def values_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        /,
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2, _T3, _T4]]: ...
    @overload
    def values_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        /,
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2, _T3, _T4, _T5]]: ...
    @overload
    def values_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        c6: Column[_T6, Any],
        /,
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2, _T3, _T4, _T5, _T6]]: ...
    @overload
    def values_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        c6: Column[_T6, Any],
        c7: Column[_T7, Any],
        /,
    ) -> QuerySet[_M, tuple[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]]: ...
    @overload
    def values_list(self, name: str | Expression, /, *, flat: Literal[True]) -> QuerySet[_M, Any]: ...
    @overload
    def values_list(self, *names: str | Expression, named: Literal[True]) -> QuerySet[_M, Any]: ...
    @overload
    def values_list(
        self, *names: str | Expression, flat: Literal[False] = False, named: Literal[False] = False
    ) -> QuerySet[_M, tuple[Any, ...]]: ...
    @overload
    def values_list(
        self, *names: str | Expression, flat: bool = False, named: bool = False
    ) -> QuerySet[_M, Any]: ...
    @overload
    async def avalues_list(self, name: Column[_T0, Any], /, *, flat: Literal[True]) -> list[_T0]: ...
    @overload
    async def avalues_list(self, c0: Column[_T0, Any], /) -> list[tuple[_T0]]: ...
    @overload
    async def avalues_list(self, c0: Column[_T0, Any], c1: Column[_T1, Any], /) -> list[tuple[_T0, _T1]]: ...
    @overload
    async def avalues_list(
        self, c0: Column[_T0, Any], c1: Column[_T1, Any], c2: Column[_T2, Any], /
    ) -> list[tuple[_T0, _T1, _T2]]: ...
    @overload
    async def avalues_list(
        self, c0: Column[_T0, Any], c1: Column[_T1, Any], c2: Column[_T2, Any], c3: Column[_T3, Any], /
    ) -> list[tuple[_T0, _T1, _T2, _T3]]: ...
    @overload
    async def avalues_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        /,
    ) -> list[tuple[_T0, _T1, _T2, _T3, _T4]]: ...
    @overload
    async def avalues_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        /,
    ) -> list[tuple[_T0, _T1, _T2, _T3, _T4, _T5]]: ...
    @overload
    async def avalues_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        c6: Column[_T6, Any],
        /,
    ) -> list[tuple[_T0, _T1, _T2, _T3, _T4, _T5, _T6]]: ...
    @overload
    async def avalues_list(
        self,
        c0: Column[_T0, Any],
        c1: Column[_T1, Any],
        c2: Column[_T2, Any],
        c3: Column[_T3, Any],
        c4: Column[_T4, Any],
        c5: Column[_T5, Any],
        c6: Column[_T6, Any],
        c7: Column[_T7, Any],
        /,
    ) -> list[tuple[_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7]]: ...
    @overload
    async def avalues_list(self, name: str | Expression, /, *, flat: Literal[True]) -> list[Any]: ...
    @overload
    async def avalues_list(self, *names: str | Expression, named: Literal[True]) -> list[Any]: ...
    @overload
    async def avalues_list(
        self, *names: str | Expression, flat: Literal[False] = False, named: Literal[False] = False
    ) -> list[tuple[Any, ...]]: ...
    @overload
    async def avalues_list(
        self, *names: str | Expression, flat: bool = False, named: bool = False
    ) -> list[Any]: ...
