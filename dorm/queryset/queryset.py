"""QuerySet: the face of queries, lazy and immutable, in two colours.

Each method refines a Query or runs one action. A twin `ax()` differs from `x()` only in whose executor it
uses and in being awaited.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import date, datetime
from types import GenericAlias
from typing import Any, ClassVar, Generic, Literal, Self, cast

from .._run import run_sync
from .._typevars import Model_co, Row_co
from ..actions import bulk, read, save, upsert
from ..actions import delete as deletion
from ..actions import update as updating
from ..actions.prefetch import Prefetch, attach
from ..actions.prefetch import check as check_prefetch
from ..db.connection import executor
from ..db.executor import Executor
from ..db.routers import async_read_executor, async_write_executor, read_executor, write_executor
from ..expressions import Column, Expression, OrderBy, Q, Reference, Trunc
from ..lookups.paths import SEPARATOR
from ..meta.options import Options, options_of
from ..query.combine import Operator, combine
from ..query.query import Query
from ..query.shape import Instances, Locked
from .raw import RawQuerySet

# How many rows `repr()` shows before it says that there are more.
SHOWN = 20

# How many rows `async for` fetches at a time.
CHUNK = 2000


class QuerySet(Generic[Model_co, Row_co]):
    """Rows of a model, fetched when they are needed: by a loop, `await`, `list()`, `len()` or `bool()`."""

    __slots__ = ("_alias", "_instance", "_prefetch", "_result_cache", "model", "query")

    # Set by the modules of managers and of combined querysets, which stand on this one.
    manager_class: ClassVar[Any]
    combined_class: ClassVar[Any]

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
        if self.query.shape.lock is not None:
            return self._writer()
        return read_executor(self._alias, self.model, self._instance)

    def _async_executor(self) -> Executor:
        if self.query.shape.lock is not None:
            return self._async_writer()
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

    def only(self, *names: str | Column[Any, Any]) -> Self:
        """Load only these columns, and the primary key; the others are loaded when they are read."""
        return self._refined(self.query.loading("only", names))._with_keys()

    def defer(self, *names: str | Column[Any, Any]) -> Self:
        """Load all columns but these, which are loaded when they are read."""
        return self._refined(self.query.loading("defer", names))._with_keys()

    def select_related(self, *names: str | Column[Any, Any] | None) -> Self:
        """Load the rows that foreign keys refer to in the same statement ("author__publisher").

        Without names: those of all foreign keys that are never NULL. With None: none.
        """
        return self._refined(self.query.with_related(names))

    def prefetch_related(self, *lookups: str | Prefetch | None) -> Self:
        """Load relations of all rows too, by one statement for each ("book_set__tags"); None clears."""
        refined = self._refined(self.query)
        names = tuple(lookup for lookup in lookups if lookup is not None)
        refined._prefetch = (*self._prefetch, *names) if len(names) == len(lookups) else names
        check_prefetch(self._options, refined._prefetch)
        return refined._with_keys()

    def _with_keys(self) -> Self:
        """Load the keys of what is prefetched, whatever `only()` and `defer()` leave out."""
        lookups = [lookup.lookup if isinstance(lookup, Prefetch) else lookup for lookup in self._prefetch]
        heads = {lookup.partition(SEPARATOR)[0] for lookup in lookups}
        for key in self._options.foreign_keys:
            if key.name in heads:
                self.query = self.query.holding(key.attname)
        return self

    def annotate(self, **annotations: Expression) -> QuerySet[Model_co, Any]:
        """Add a computed value to each row; an aggregate groups by row, or by the values() before it."""
        return self._refined(self.query.annotated(annotations))

    def alias(self, **annotations: Expression) -> Self:
        """Name a computed value for later calls, without adding it to the rows."""
        return self._refined(self.query.annotated(annotations, hidden=True))

    def distinct(self, *names: str | Column[Any, Any]) -> Self:
        """Leave out rows that are equal to another; with names (PostgreSQL), all but the first of those."""
        return self._refined(self.query.made_distinct(names))

    def values(
        self, *names: str | Column[Any, Any], **expressions: Expression
    ) -> QuerySet[Model_co, dict[str, Any]]:
        """Return dicts of these columns and computed values, of all columns without any."""
        query = self.query.annotated(expressions)
        rows = query.rows("dict", (*names, *expressions))
        return cast("QuerySet[Model_co, dict[str, Any]]", self._refined(rows))

    def values_list(
        self, *names: str | Expression, flat: bool = False, named: bool = False
    ) -> QuerySet[Model_co, Any]:
        """Return tuples of these columns, of all columns without names.

        With *flat*, bare values of one column; with *named*, named tuples.
        """
        if flat and named:
            raise TypeError("values_list() takes flat or named, not both")
        query, columns = self.query, []
        for place, given in enumerate(names):
            if isinstance(given, Column):
                columns.append(given.name_in(self.model))
            elif isinstance(given, Reference):
                columns.append(given.name)
            elif isinstance(given, Expression):
                columns.append(f"{type(given).__name__.lower()}{place + 1}")
                query = query.annotated({columns[-1]: given})
            else:
                columns.append(given)
        return self._refined(query.rows("flat" if flat else "named" if named else "tuple", tuple(columns)))

    def dates(
        self,
        field_name: str | Column[Any, Any],
        kind: Literal["year", "month", "week", "day"],
        order: Literal["ASC", "DESC"] = "ASC",
    ) -> QuerySet[Model_co, date]:
        """Return the years, months, weeks or days of a column, each once, as the date on which it begins."""
        _check_word("kind", kind, ("year", "month", "week", "day"))
        return self._periods(field_name, Trunc(field_name, kind, output_field="date"), order)

    def datetimes(
        self,
        field_name: str | Column[Any, Any],
        kind: Literal["year", "month", "week", "day", "hour", "minute", "second"],
        order: Literal["ASC", "DESC"] = "ASC",
        tzinfo: Any = None,
    ) -> QuerySet[Model_co, datetime]:
        """Return the years, ..., seconds of a column, each once, as the moment at which it begins.

        They begin as clocks in *tzinfo* have it, which are those of the current time zone without it.
        """
        _check_word("kind", kind, ("year", "month", "week", "day", "hour", "minute", "second"))
        return self._periods(field_name, Trunc(field_name, kind, tzinfo=tzinfo), order)

    def _periods(
        self, field_name: str | Column[Any, Any], begin: Expression, order: str
    ) -> QuerySet[Model_co, Any]:
        _check_word("order", order, ("ASC", "DESC"))
        name = field_name.name_in(self.model) if isinstance(field_name, Column) else field_name
        known = self.query.filtered((), {f"{name}__isnull": False})
        begins = known.annotated({"period_begin": begin}).rows("flat", ("period_begin",))
        term = "-period_begin" if order == "DESC" else "period_begin"
        return self._refined(begins.made_distinct(()).ordered((term,)))

    def select_for_update(
        self,
        nowait: bool = False,
        skip_locked: bool = False,
        of: Sequence[str] = (),
        no_key: bool = False,
    ) -> Self:
        """Lock the rows until the transaction ends; *of* names relations, "self" for the row's own table.

        Others wait, unless they asked for an error (*nowait*) or for the rest (*skip_locked*). Where a whole
        database is locked at a time, as in SQLite, the transaction has done so already.
        """
        if nowait and skip_locked:
            raise ValueError("select_for_update() takes nowait or skip_locked, not both")
        if isinstance(of, str):
            raise TypeError(f"select_for_update(of=...) takes several names, not the string {of!r}")
        wait: Any = "NOWAIT" if nowait else "SKIP LOCKED" if skip_locked else None
        return self._refined(
            self.query.locked(Locked("NO KEY UPDATE" if no_key else "UPDATE", tuple(of), wait))
        )

    # -- several querysets as one ----------------------------------------------------------------

    def union(self, *others: QuerySet[Any, Any], all: bool = False) -> QuerySet[Model_co, Row_co]:
        """Return the rows that are in any of the querysets, each once; with *all*, as often as they come."""
        return self._combined("UNION ALL" if all else "UNION", "union", others)

    def intersection(self, *others: QuerySet[Any, Any]) -> QuerySet[Model_co, Row_co]:
        """Return the rows that are in each of the querysets."""
        return self._combined("INTERSECT", "intersection", others)

    def difference(self, *others: QuerySet[Any, Any]) -> QuerySet[Model_co, Row_co]:
        """Return the rows of this queryset that are in none of the others."""
        return self._combined("EXCEPT", "difference", others)

    def _combined(
        self, operator: Operator, method: str, others: tuple[QuerySet[Any, Any], ...]
    ) -> QuerySet[Model_co, Row_co]:
        for other in others:
            if not isinstance(other, QuerySet):
                raise TypeError(f"{method}() takes querysets, not {other!r} ({type(other).__name__})")
        query = combine([self.query, *(other.query for other in others)], operator, method)
        made: QuerySet[Model_co, Row_co] = self.combined_class(self.model, query, self._alias)
        made._prefetch = self._prefetch
        return made

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

    def earliest(self, *fields: str | Expression | OrderBy) -> Row_co:
        """Return the row that is first by these fields, else by Meta.get_latest_by; DoesNotExist for none."""
        query = self._by_date(fields)
        db, asked = self._executor(), self._asked("earliest", (), {})
        return cast(Row_co, run_sync(self._with_relations(db, read.furthest(db, query, asked))))

    async def aearliest(self, *fields: str | Expression | OrderBy) -> Row_co:
        """Return the row that is first by these fields, else by Meta.get_latest_by; DoesNotExist for none."""
        query = self._by_date(fields)
        db, asked = self._async_executor(), self._asked("aearliest", (), {})
        return cast(Row_co, await self._with_relations(db, read.furthest(db, query, asked)))

    def latest(self, *fields: str | Expression | OrderBy) -> Row_co:
        """Return the row that is last by these fields, else by Meta.get_latest_by; DoesNotExist for none."""
        query = self._by_date(fields).reversed()
        db, asked = self._executor(), self._asked("latest", (), {})
        return cast(Row_co, run_sync(self._with_relations(db, read.furthest(db, query, asked))))

    async def alatest(self, *fields: str | Expression | OrderBy) -> Row_co:
        """Return the row that is last by these fields, else by Meta.get_latest_by; DoesNotExist for none."""
        query = self._by_date(fields).reversed()
        db, asked = self._async_executor(), self._asked("alatest", (), {})
        return cast(Row_co, await self._with_relations(db, read.furthest(db, query, asked)))

    def _by_date(self, fields: tuple[Any, ...]) -> Query:
        by = self._options.get_latest_by
        terms = fields or ((by,) if isinstance(by, str) else tuple(by or ()))
        if not terms:
            raise ValueError(
                "earliest() and latest() need the names of fields, "
                f"or get_latest_by in {self._options.name}.Meta"
            )
        return self.query.ordered(terms)

    def in_bulk(
        self, ids: Iterable[Any] | None = None, *, field_name: str | Column[Any, Any] = "pk"
    ) -> dict[Any, Model_co]:
        """Return the rows of these keys, of all keys without, by key; *field_name* is any unique field."""
        rows, attname = self._by_keys(ids, field_name)
        return {getattr(row, attname): row for row in rows._fetched()}

    async def ain_bulk(
        self, ids: Iterable[Any] | None = None, *, field_name: str | Column[Any, Any] = "pk"
    ) -> dict[Any, Model_co]:
        """Return the rows of these keys, of all keys without, by key; *field_name* is any unique field."""
        rows, attname = self._by_keys(ids, field_name)
        return {getattr(row, attname): row for row in await rows._afetched()}

    def _by_keys(
        self, ids: Iterable[Any] | None, field_name: str | Column[Any, Any]
    ) -> tuple[QuerySet[Any, Any], str]:
        if not isinstance(self.query.shape.projection, Instances):
            raise TypeError("in_bulk() gives instances: leave out values() and values_list()")
        name = field_name.name_in(self.model) if isinstance(field_name, Column) else field_name
        field = self._options.pk if name == "pk" else self._options.get_column(name)
        alone = [names for names in self._options.unique_together if tuple(names) == (field.name,)]
        if not (field.unique or field.primary_key or alone):
            raise ValueError(f"in_bulk() needs a unique field: {field.label!r} may have equal values")
        if ids is None:
            return self, field.attname
        keys = list(ids)
        if not keys:
            return self.none(), field.attname
        return self.filter(**{f"{field.attname}__in": keys}), field.attname

    def contains(self, obj: Any) -> bool:
        """Return whether the row of *obj* is among these."""
        known = self._contains_here(obj)
        if known is not None:
            return known
        return run_sync(read.exists(self._executor(), self._row_of(obj)))

    async def acontains(self, obj: Any) -> bool:
        """Return whether the row of *obj* is among these."""
        known = self._contains_here(obj)
        if known is not None:
            return known
        return await read.exists(self._async_executor(), self._row_of(obj))

    def _contains_here(self, obj: Any) -> bool | None:
        """Return the answer when no statement is needed for it."""
        model: type[Any] = self.model
        if not isinstance(self.query.shape.projection, Instances):
            raise TypeError("contains() looks for instances: leave out values() and values_list()")
        if not hasattr(obj, "_meta"):
            raise TypeError(f"contains() looks for an instance, not for {obj!r} ({type(obj).__name__})")
        if not isinstance(obj, model):
            return False
        if obj.pk is None:
            raise ValueError(f"contains() looks for a saved instance: {obj!r} has no primary key")
        return None if self._result_cache is None else obj in self._result_cache

    def _row_of(self, obj: Any) -> Query:
        shape = self.query.shape
        if not (shape.needs_order or shape.combination):
            return self.query.filtered((), {"pk": obj.pk})
        return Query.of(shape.options).filtered((), {"pk": obj.pk, "pk__in": self})

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
        """Save a new row, by the `save()` of its class, and return its instance."""
        instance = self.model(**values)
        run_sync(save.save_by_class(self._writer(), instance, force_insert=True))
        return instance

    async def acreate(self, **values: Any) -> Model_co:
        """Save a new row, by the `save()` of its class, and return its instance."""
        instance = self.model(**values)
        await save.save_by_class(self._async_writer(), instance, force_insert=True)
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

    def bulk_create(
        self,
        objs: Iterable[Model_co],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals.

        Of rows that are there already, those are left out and no keys are set (*ignore_conflicts*), or
        *update_fields* are set in those with the same *unique_fields* (*update_conflicts*).
        """
        options = self._options
        how = bulk.conflict_of(options, ignore_conflicts, update_conflicts, update_fields, unique_fields)
        return run_sync(bulk.bulk_create(self._writer(), options, objs, batch_size, how))

    async def abulk_create(
        self,
        objs: Iterable[Model_co],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances, a batch in one statement, and set their keys; all or none. Sends no signals.

        Of rows that are there already, those are left out and no keys are set (*ignore_conflicts*), or
        *update_fields* are set in those with the same *unique_fields* (*update_conflicts*).
        """
        options = self._options
        how = bulk.conflict_of(options, ignore_conflicts, update_conflicts, update_fields, unique_fields)
        return await bulk.bulk_create(self._async_writer(), options, objs, batch_size, how)

    def bulk_update(self, objs: Iterable[Model_co], fields: Iterable[str], batch_size: int = 1000) -> int:
        """Write *fields* of saved instances, a batch in one statement; return how many rows there were.

        Sends no signals. An instance in which one of the fields is an expression has a statement of its own.
        """
        return run_sync(bulk.bulk_update(self._writer(), self.query, objs, fields, batch_size))

    async def abulk_update(
        self, objs: Iterable[Model_co], fields: Iterable[str], batch_size: int = 1000
    ) -> int:
        """Write *fields* of saved instances, a batch in one statement; return how many rows there were.

        Sends no signals. An instance in which one of the fields is an expression has a statement of its own.
        """
        return await bulk.bulk_update(self._async_writer(), self.query, objs, fields, batch_size)

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

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row_co]:
        """Fetch rows *chunk_size* (2000) at a time as the loop goes on, and keep none.

        Relations of `prefetch_related()` are loaded for each chunk, whose size must be given then.
        """
        size = self._chunk_size("iterator", chunk_size)
        db = self._executor()
        return _rows(db, run_sync(read.stream(db, self.query, size)), self._prefetch)

    def aiterator(self, chunk_size: int | None = None) -> AsyncIterator[Row_co]:
        """Fetch rows *chunk_size* (2000) at a time as the loop goes on, and keep none.

        Relations of `prefetch_related()` are loaded for each chunk, whose size must be given then.
        """
        size = self._chunk_size("aiterator", chunk_size)
        return _AsyncRows(self._refined(self.query), size, by_chunk=True)

    def _chunk_size(self, method: str, given: int | None) -> int:
        if given is None:
            if self._prefetch:
                raise ValueError(
                    f"{method}() keeps no rows, and prefetch_related() needs many at a time: "
                    f"say how many, {method}(chunk_size={CHUNK})"
                )
            return CHUNK
        if given < 1:
            raise ValueError(f"chunk_size must be at least 1, not {given}")
        return given

    async def avalues(
        self, *names: str | Column[Any, Any], **expressions: Expression
    ) -> list[dict[str, Any]]:
        """Return dicts of these columns and computed values, of all columns without any, as a list."""
        return await self.values(*names, **expressions)

    async def avalues_list(
        self, *names: str | Expression, flat: bool = False, named: bool = False
    ) -> list[Any]:
        """Return tuples of these columns as a list; with *flat*, bare values of one."""
        return await self.values_list(*names, flat=flat, named=named)

    # -- SQL of one's own ------------------------------------------------------------------------

    def raw(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        translations: Mapping[str, str] | None = None,
        using: str | None = None,
    ) -> RawQuerySet[Model_co]:
        """Return the rows of a SELECT as instances; columns that the model does not have are attributes.

        With *params*, `%s` (or `%(name)s` for a mapping) is a placeholder and `%%` a percent sign, on every
        database. *translations* gives, for columns of other names, the fields that they hold.
        """
        return RawQuerySet(self.model, sql, params, translations, using or self._alias)

    async def araw(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        translations: Mapping[str, str] | None = None,
        using: str | None = None,
    ) -> list[Model_co]:
        """Return the rows of a SELECT as a list of instances; see `raw()`."""
        rows: list[Model_co] = await self.raw(sql, params, translations, using)
        return rows

    # -- looking at it ---------------------------------------------------------------------------

    def sql(self) -> str:
        """Return the SELECT that fetches the rows, its values included, as a person can paste it."""
        return read.written(self.query, self._executor())

    def explain(self, *, format: str | None = None, analyze: bool = False) -> str:
        """Return the database's plan for the SELECT; PostgreSQL has formats, and with *analyze* runs it."""
        return run_sync(read.explain(self._executor(), self.query, format=format, analyze=analyze))

    async def aexplain(self, *, format: str | None = None, analyze: bool = False) -> str:
        """Return the database's plan for the SELECT; PostgreSQL has formats, and with *analyze* runs it."""
        return await read.explain(self._async_executor(), self.query, format=format, analyze=analyze)

    def __copy__(self) -> Self:
        return self._refined(self.query)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._refined(self.query)

    def __reduce__(self) -> tuple[Any, ...]:
        """Fetch the rows and pickle them, with the query, so that the copy needs no statement."""
        from ..query.pickling import pickled  # costs an import, and few querysets are pickled

        state = (self._alias, self._prefetch, self._fetched())
        return _unpickled, (type(self), self.model, pickled(self.query), state)

    def __repr__(self) -> str:
        rows = (
            list(self[: SHOWN + 1])
            if self._result_cache is None and not self.query.shape.sliced
            else list(self)
        )
        more = ", ..." if len(rows) > SHOWN else ""
        return f"<{type(self).__name__} [{', '.join(map(repr, rows[:SHOWN]))}{more}]>"


def _check_word(name: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}, not {given!r}")


def _written(query: Query) -> str:
    return read.written(query, executor("default"))


Query.written = _written


def _unpickled(kind: type[Any], model: type[Any], query: bytes, state: tuple[Any, ...]) -> Any:
    from ..query.pickling import unpickled  # costs an import, and few querysets are pickled

    made = object.__new__(kind)
    made.model, made.query, made._instance = model, unpickled(query), None
    made._alias, made._prefetch, made._result_cache = state
    return made


def _rows(db: Executor, stream: read.Stream, prefetch: tuple[str | Prefetch, ...]) -> Iterator[Any]:
    try:
        while chunk := run_sync(stream.fetch()):
            if prefetch:
                run_sync(attach(db, chunk, prefetch))
            yield from chunk
    finally:
        run_sync(stream.close())


class _AsyncRows(AsyncIterator[Any]):
    """Rows that are fetched a chunk at a time; no generator, so that no loop must finalize one.

    With *by_chunk*, relations are loaded for each chunk; else all rows are fetched for them, and kept.
    """

    __slots__ = ("_chunk", "_is_kept", "_is_read", "_queryset", "_size", "_stream")

    def __init__(self, queryset: QuerySet[Any, Any], size: int, *, by_chunk: bool = False) -> None:
        self._queryset = queryset
        self._size = size
        self._stream: read.Stream | None = None
        self._chunk: Iterator[Any] = iter(())
        # Whether this loop had the rows that are kept: another may have fetched them.
        self._is_read = False
        self._is_kept = queryset._result_cache is not None or (bool(queryset._prefetch) and not by_chunk)

    async def __anext__(self) -> Any:
        for row in self._chunk:
            return row
        self._chunk = iter(await self._next_chunk())
        for row in self._chunk:
            return row
        await self.aclose()
        raise StopAsyncIteration

    async def _next_chunk(self) -> list[Any]:
        rows = self._queryset
        if self._is_kept:
            if self._is_read:
                return []
            self._is_read = True
            return await rows._afetched()
        db = rows._async_executor()
        if self._stream is None:
            self._stream = await read.stream(db, rows.query, self._size)
        chunk = await self._stream.fetch()
        if rows._prefetch:
            await attach(db, chunk, rows._prefetch)
        return chunk

    async def aclose(self) -> None:
        """Give the rest up: for a loop that ends early and does not want to wait for that."""
        if self._stream is not None:
            await self._stream.close()
