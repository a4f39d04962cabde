"""QuerySet: the face of queries, lazy and immutable, in two colours.

Each method refines a Query or runs one action. A twin `ax()` differs from `x()` only in whose executor it
uses and in being awaited.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator, Mapping
from types import GenericAlias
from typing import Any, ClassVar, Generic, Self, cast

from .._run import run_sync
from .._typevars import Model_co, Row_co
from ..actions import bulk, read, save, upsert
from ..actions import delete as deletion
from ..actions import update as updating
from ..actions.prefetch import Prefetch, attach
from ..actions.prefetch import check as check_prefetch
from ..db.executor import Executor
from ..db.routers import async_read_executor, async_write_executor, read_executor, write_executor
from ..expressions import Expression, OrderBy, Q
from ..meta.options import Options, options_of
from ..query.compiled import compile_select
from ..query.query import Query

# How many rows `repr()` shows before it says that there are more.
SHOWN = 20

# How many rows `async for` fetches at a time.
CHUNK = 2000


class QuerySet(Generic[Model_co, Row_co]):
    """Rows of a model, fetched when they are needed: by a loop, `await`, `list()`, `len()` or `bool()`."""

    __slots__ = ("_alias", "_instance", "_prefetch", "_result_cache", "model", "query")

    # Set by the module of managers, which stands on this one.
    manager_class: ClassVar[Any]

    # `QuerySet[Author]` names one of two parameters: the run time need not count them.
    def __class_getitem__(cls, parameters: Any) -> GenericAlias:
        return GenericAlias(cls, parameters)

    def __init__(self, model: type[Model_co], query: Query | None = None, using: str | None = None) -> None:
        self.model = model
        self.query: Query = Query.of(options_of(model)) if query is None else query
        self._alias = using
        # The row from which a relation leads here, if one does: the routers may want to know.
        self._instance: Any = None
        self._prefetch: tuple[str | Prefetch, ...] = ()
        self._result_cache: list[Row_co] | None = None

    @classmethod
    def as_manager(cls) -> Any:
        """Return a manager whose queries are of this class, and which has its methods."""
        return cls.manager_class.from_queryset(cls)()

    as_manager.__func__.queryset_only = True  # type: ignore[attr-defined]  # read by from_queryset()

    def _refined(self, query: Query) -> Self:
        refined = object.__new__(type(self))
        refined.model = self.model
        refined.query = query
        refined._alias = self._alias
        refined._instance = self._instance
        refined._prefetch = self._prefetch
        refined._result_cache = None
        return refined

    @property
    def _options(self) -> Options:
        return self.query.shape.options

    def _executor(self) -> Executor:
        return read_executor(self._alias, self.model, self._instance)

    def _async_executor(self) -> Executor:
        return async_read_executor(self._alias, self.model, self._instance)

    def _writer(self) -> Executor:
        return write_executor(self._alias, self.model, self._instance)

    def _async_writer(self) -> Executor:
        return async_write_executor(self._alias, self.model, self._instance)

    # -- refinement ------------------------------------------------------------------------------

    def all(self) -> Self:
        """Return the same rows, to be fetched anew."""
        return self._refined(self.query)

    def none(self) -> Self:
        """Return no rows, without asking the database."""
        return self._refined(self.query.emptied())

    def using(self, alias: str) -> Self:
        """Ask the database *alias*; ImproperlyConfigured comes with the first statement if there is none."""
        refined = self._refined(self.query)
        refined._alias = alias
        return refined

    def filter(self, *args: Q, **lookups: Any) -> Self:
        """Keep the rows that meet every condition; FieldError for a name or operand that does not fit."""
        return self._refined(self.query.filtered(args, lookups))

    def exclude(self, *args: Q, **lookups: Any) -> Self:
        """Leave out the rows that meet every condition."""
        return self._refined(self.query.filtered(args, lookups, negated=True))

    def order_by(self, *names: str | Expression | OrderBy) -> Self:
        """Order by fields ("-age": largest first) or expressions; without any, not even by Meta.ordering."""
        return self._refined(self.query.ordered(names))

    def reverse(self) -> Self:
        """Turn the order round."""
        return self._refined(self.query.reversed())

    def only(self, *names: str) -> Self:
        """Load only these columns, and the primary key; the others are loaded when they are read."""
        return self._refined(self.query.loading("only", names))

    def defer(self, *names: str) -> Self:
        """Load all columns but these, which are loaded when they are read."""
        return self._refined(self.query.loading("defer", names))

    def select_related(self, *names: str | None) -> Self:
        """Load the rows that foreign keys refer to in the same statement ("author__publisher").

        Without names: those of all foreign keys that are never NULL. With None: none.
        """
        return self._refined(self.query.with_related(names))

    def prefetch_related(self, *lookups: str | Prefetch | None) -> Self:
        """Load relations of all rows too, by one statement for each ("book_set__tags"); None clears."""
        refined = self._refined(self.query)
        names = tuple(lookup for lookup in lookups if lookup is not None)
        check_prefetch(self._options, names)
        refined._prefetch = (*self._prefetch, *names) if len(names) == len(lookups) else names
        return refined

    def annotate(self, **annotations: Expression) -> QuerySet[Model_co, Any]:
        """Add a computed value to each row; an aggregate groups by row, or by the values() before it."""
        return self._refined(self.query.annotated(annotations))

    def values(self, *names: str) -> QuerySet[Model_co, dict[str, Any]]:
        """Return dicts of these columns, of all columns without names."""
        return cast("QuerySet[Model_co, dict[str, Any]]", self._refined(self.query.rows("dict", names)))

    def values_list(self, *names: str, flat: bool = False) -> QuerySet[Model_co, Any]:
        """Return tuples of these columns, of all columns without names; with *flat*, bare values of one."""
        return self._refined(self.query.rows("flat" if flat else "tuple", names))

    # -- one row ---------------------------------------------------------------------------------

    def get(self, *args: Q, **lookups: Any) -> Row_co:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """
        query = self.query.filtered(args, lookups)
        db, asked = self._executor(), self._asked("get", args, lookups)
        return cast(Row_co, run_sync(self._with_relations(db, read.get(db, query, asked))))

    async def aget(self, *args: Q, **lookups: Any) -> Row_co:
        """Return the one row that meets the conditions.

        Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
        """
        query = self.query.filtered(args, lookups)
        db, asked = self._async_executor(), self._asked("aget", args, lookups)
        return cast(Row_co, await self._with_relations(db, read.get(db, query, asked)))

    def get_or_none(self, *args: Q, **lookups: Any) -> Row_co | None:
        """Return the one row that meets the conditions, or None; more than one raises."""
        query = self.query.filtered(args, lookups)
        db, asked = self._executor(), self._asked("get_or_none", args, lookups)
        row = self._with_relations(db, read.get_or_none(db, query, asked))
        return cast("Row_co | None", run_sync(row))

    async def aget_or_none(self, *args: Q, **lookups: Any) -> Row_co | None:
        """Return the one row that meets the conditions, or None; more than one raises."""
        query = self.query.filtered(args, lookups)
        db, asked = self._async_executor(), self._asked("aget_or_none", args, lookups)
        row = self._with_relations(db, read.get_or_none(db, query, asked))
        return cast("Row_co | None", await row)

    def _asked(self, method: str, args: tuple[Q, ...], lookups: Mapping[str, Any]) -> Callable[[], str]:
        """Return what shows the call in an error: "Author.objects.get(name='Ada')"."""

        def asked() -> str:
            given = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in lookups.items()]
            return f"{self.model.__name__}.objects.{method}({', '.join(given)})"

        return asked

    def first(self) -> Row_co | None:
        """Return the first row, by primary key if there is no order; None when there is none."""
        db = self._executor()
        return cast("Row_co | None", run_sync(self._with_relations(db, read.first(db, self.query))))

    async def afirst(self) -> Row_co | None:
        """Return the first row, by primary key if there is no order; None when there is none."""
        db = self._async_executor()
        return cast("Row_co | None", await self._with_relations(db, read.first(db, self.query)))

    def last(self) -> Row_co | None:
        """Return the last row, by primary key if there is no order; None when there is none."""
        db = self._executor()
        return cast("Row_co | None", run_sync(self._with_relations(db, read.last(db, self.query))))

    async def alast(self) -> Row_co | None:
        """Return the last row, by primary key if there is no order; None when there is none."""
        db = self._async_executor()
        return cast("Row_co | None", await self._with_relations(db, read.last(db, self.query)))

    # -- facts about the rows --------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of rows, by SELECT COUNT(*) unless they are here already."""
        if self._result_cache is not None:
            return len(self._result_cache)
        return run_sync(read.count(self._executor(), self.query))

    async def acount(self) -> int:
        """Return the number of rows, by SELECT COUNT(*) unless they are here already."""
        if self._result_cache is not None:
            return len(self._result_cache)
        return await read.count(self._async_executor(), self.query)

    def exists(self) -> bool:
        """Return whether there is a row."""
        if self._result_cache is not None:
            return bool(self._result_cache)
        return run_sync(read.exists(self._executor(), self.query))

    async def aexists(self) -> bool:
        """Return whether there is a row."""
        if self._result_cache is not None:
            return bool(self._result_cache)
        return await read.exists(self._async_executor(), self.query)

    def aggregate(self, **aggregates: Expression) -> dict[str, Any]:
        """Return one value for each aggregate, over all rows."""
        return run_sync(read.aggregate(self._executor(), self.query, aggregates))

    async def aaggregate(self, **aggregates: Expression) -> dict[str, Any]:
        """Return one value for each aggregate, over all rows."""
        return await read.aggregate(self._async_executor(), self.query, aggregates)

    # -- writing ---------------------------------------------------------------------------------

    def create(self, **values: Any) -> Model_co:
        """Save a new row and return its instance."""
        instance = self.model(**values)
        run_sync(save.save(self._writer(), instance, force_insert=True))
        return instance

    async def acreate(self, **values: Any) -> Model_co:
        """Save a new row and return its instance."""
        instance = self.model(**values)
        await save.save(self._async_writer(), instance, force_insert=True)
        return instance

    def get_or_create(
        self, defaults: Mapping[str, Any] | None = None, **lookups: Any
    ) -> tuple[Model_co, bool]:
        """Return the row that meets *lookups*, else a new one of these and *defaults*; and whether it is new.

        Of several that try at once, one makes the row and the others find it.
        """
        return run_sync(upsert.get_or_create(self._writer(), self.query, lookups, defaults))

    async def aget_or_create(
        self, defaults: Mapping[str, Any] | None = None, **lookups: Any
    ) -> tuple[Model_co, bool]:
        """Return the row that meets *lookups*, else a new one of these and *defaults*; and whether it is new.

        Of several that try at once, one makes the row and the others find it.
        """
        return await upsert.get_or_create(self._async_writer(), self.query, lookups, defaults)

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the row that meets *lookups*, or make it, of *create_defaults* if given.

        Returns the instance and whether it is new.
        """
        made = upsert.update_or_create(self._writer(), self.query, lookups, defaults, create_defaults)
        return run_sync(made)

    async def aupdate_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the row that meets *lookups*, or make it, of *create_defaults* if given.

        Returns the instance and whether it is new.
        """
        db = self._async_writer()
        return await upsert.update_or_create(db, self.query, lookups, defaults, create_defaults)

    def bulk_create(self, objs: Iterable[Model_co], batch_size: int = 1000) -> list[Model_co]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals."""
        return run_sync(bulk.bulk_create(self._writer(), self._options, objs, batch_size))

    async def abulk_create(self, objs: Iterable[Model_co], batch_size: int = 1000) -> list[Model_co]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals."""
        return await bulk.bulk_create(self._async_writer(), self._options, objs, batch_size)

    def update(self, **values: Any) -> int:
        """Set columns in every row, by one statement; return how many rows there were. Sends no signals."""
        return run_sync(updating.update(self._writer(), self.query, values))

    async def aupdate(self, **values: Any) -> int:
        """Set columns in every row, by one statement; return how many rows there were. Sends no signals."""
        return await updating.update(self._async_writer(), self.query, values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete every row, and do to those that refer to them what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """
        return run_sync(deletion.delete(self._writer(), self.query))

    async def adelete(self) -> tuple[int, dict[str, int]]:
        """Delete every row, and do to those that refer to them what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """
        return await deletion.delete(self._async_writer(), self.query)

    # -- all rows --------------------------------------------------------------------------------

    def _fetched(self) -> list[Row_co]:
        if self._result_cache is None:
            self._result_cache = run_sync(self._load(self._executor()))
        return self._result_cache

    async def _afetched(self) -> list[Row_co]:
        if self._result_cache is None:
            self._result_cache = await self._load(self._async_executor())
        return self._result_cache

    async def _load(self, db: Executor) -> list[Any]:
        rows = await read.fetch(db, self.query)
        if self._prefetch:
            await attach(db, rows, self._prefetch)
        return rows

    def _with_relations(self, db: Executor, action: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
        """Return *action*, which gives one row or None, with what is to be prefetched after it."""
        return self._completed(db, action) if self._prefetch else action

    async def _completed(self, db: Executor, action: Coroutine[Any, Any, Any]) -> Any:
        row = await action
        if row is not None:
            await attach(db, [row], self._prefetch)
        return row

    def __iter__(self) -> Iterator[Row_co]:
        return iter(self._fetched())

    def __await__(self) -> Generator[Any, Any, list[Row_co]]:
        return self._afetched().__await__()

    def __aiter__(self) -> AsyncIterator[Row_co]:
        return _AsyncRows(self, CHUNK)

    def __len__(self) -> int:
        return len(self._fetched())

    def __bool__(self) -> bool:
        return bool(self._fetched())

    def __getitem__(self, key: int | slice) -> Any:
        if isinstance(key, slice):
            return self._slice(key)
        if not isinstance(key, int):
            raise TypeError(f"a queryset is indexed by a whole number or a slice, not by {key!r}")
        if key < 0:
            raise ValueError(f"a queryset has no index {key}: order it the other way round, or use last()")
        if self._result_cache is not None:
            return self._result_cache[key]
        rows = self._refined(self.query.sliced(key, key + 1))._fetched()
        if not rows:
            raise IndexError(f"the queryset has no row {key}")
        return rows[0]

    def _slice(self, key: slice) -> Any:
        bounds = [bound for bound in (key.start, key.stop) if bound is not None]
        if any(not isinstance(bound, int) or bound < 0 for bound in bounds):
            raise ValueError(
                f"a queryset is sliced by whole numbers from 0 on, not by {key.start!r}:{key.stop!r}"
            )
        if self._result_cache is not None:
            return self._result_cache[key]
        start = key.start or 0
        part = self._refined(self.query.sliced(start, None if key.stop is None else max(key.stop, start)))
        return part if key.step is None else list(part)[:: key.step]

    def iterator(self, chunk_size: int = 2000) -> Iterator[Row_co]:
        """Fetch rows *chunk_size* at a time as the loop goes on, and keep none."""
        self._refuse_prefetch("iterator")
        stream = run_sync(read.stream(self._executor(), self.query, chunk_size))
        return _rows(stream)

    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[Row_co]:
        """Fetch rows *chunk_size* at a time as the loop goes on, and keep none."""
        self._refuse_prefetch("aiterator")
        if chunk_size < 1:
            raise ValueError(f"chunk_size must be at least 1, not {chunk_size}")
        return _AsyncRows(self, chunk_size)

    def _refuse_prefetch(self, method: str) -> None:
        if self._prefetch:
            raise ValueError(
                f"{method}() keeps no rows, and prefetch_related() needs them all: leave one out"
            )

    async def avalues(self, *names: str) -> list[dict[str, Any]]:
        """Return dicts of these columns, of all columns without names, as a list."""
        return await self.values(*names)

    async def avalues_list(self, *names: str, flat: bool = False) -> list[Any]:
        """Return tuples of these columns as a list; with *flat*, bare values of one."""
        return await self.values_list(*names, flat=flat)

    # -- looking at it ---------------------------------------------------------------------------

    def sql(self) -> str:
        """Return the SELECT that fetches the rows, as the alias's database gets it."""
        return compile_select(self.query.shape, self._executor().dialect).sql

    def __repr__(self) -> str:
        rows = (
            list(self[: SHOWN + 1])
            if self._result_cache is None and not self.query.shape.sliced
            else list(self)
        )
        more = ", ..." if len(rows) > SHOWN else ""
        return f"<{type(self).__name__} [{', '.join(map(repr, rows[:SHOWN]))}{more}]>"


def _rows(stream: read.Stream) -> Iterator[Any]:
    try:
        while chunk := run_sync(stream.fetch()):
            yield from chunk
    finally:
        run_sync(stream.close())


class _AsyncRows(AsyncIterator[Any]):
    """Rows that are fetched a chunk at a time; no generator, so that no loop must finalize one."""

    __slots__ = ("_chunk", "_queryset", "_size", "_stream")

    def __init__(self, queryset: QuerySet[Any, Any], size: int) -> None:
        self._queryset = queryset
        self._size = size
        self._stream: read.Stream | None = None
        self._chunk: Iterator[Any] = iter(queryset._result_cache or ())

    async def __anext__(self) -> Any:
        for row in self._chunk:
            return row
        if self._stream is None:
            if self._queryset._result_cache is not None:
                raise StopAsyncIteration
            if self._queryset._prefetch:
                self._chunk = iter(await self._queryset._afetched())
                return await self.__anext__()
            executor = self._queryset._async_executor()
            self._stream = await read.stream(executor, self._queryset.query, self._size)
        self._chunk = iter(await self._stream.fetch())
        for row in self._chunk:
            return row
        await self._stream.close()
        raise StopAsyncIteration
