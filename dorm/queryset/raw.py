"""RawQuerySet: instances from a SELECT that a user wrote, in two colours.

Rests on the action alone; it is not refined further: the statement says all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from typing import Any, Generic

from .._run import run_sync
from .._typevars import Model_co
from ..actions.prefetch import Prefetch, attach
from ..actions.prefetch import check as check_prefetch
from ..actions.raw import RawParams, fetch_raw
from ..db.executor import Executor
from ..db.routers import async_read_executor, read_executor
from ..meta.options import options_of


class RawQuerySet(Generic[Model_co]):
    """The rows of *sql* as instances, fetched when they are needed: by a loop, `await` or `len()`."""

    __slots__ = (
        "_alias",
        "_columns",
        "_prefetch",
        "_result_cache",
        "_translations",
        "model",
        "params",
        "sql",
    )

    def __init__(
        self,
        model: type[Model_co],
        sql: str,
        params: RawParams = None,
        translations: Mapping[str, str] | None = None,
        using: str | None = None,
    ) -> None:
        if not isinstance(sql, str):
            raise TypeError(f"raw() takes SQL as a string, not {sql!r} ({type(sql).__name__})")
        self.model = model
        self.sql = sql
        self.params = params
        self._translations = dict(translations or {})
        self._alias = using
        self._prefetch: tuple[str | Prefetch, ...] = ()
        self._columns: list[str] | None = None
        self._result_cache: list[Model_co] | None = None

    def __repr__(self) -> str:
        given = "" if self.params is None else f" with {self.params!r}"
        return f"<RawQuerySet: {self.sql}{given}>"

    def using(self, alias: str) -> RawQuerySet[Model_co]:
        """Ask the database *alias*."""
        other = RawQuerySet(self.model, self.sql, self.params, self._translations, alias)
        other._prefetch = self._prefetch
        return other

    def prefetch_related(self, *lookups: str | Prefetch) -> RawQuerySet[Model_co]:
        """Load relations of all rows too, by one statement for each."""
        other = RawQuerySet(self.model, self.sql, self.params, self._translations, self._alias)
        other._prefetch = (*self._prefetch, *lookups)
        check_prefetch(options_of(self.model), other._prefetch)
        return other

    @property
    def columns(self) -> list[str]:
        """The names of the columns, as the database gives them; fetches the rows."""
        self._fetched()
        return list(self._columns or ())

    async def _load(self, db: Executor) -> list[Any]:
        options = options_of(self.model)
        self._columns, rows = await fetch_raw(db, options, self.sql, self.params, self._translations)
        if self._prefetch:
            await attach(db, rows, self._prefetch)
        return rows

    def _fetched(self) -> list[Model_co]:
        if self._result_cache is None:
            self._result_cache = run_sync(self._load(read_executor(self._alias, self.model)))
        return self._result_cache

    async def _afetched(self) -> list[Model_co]:
        if self._result_cache is None:
            self._result_cache = await self._load(async_read_executor(self._alias, self.model))
        return self._result_cache

    def __iter__(self) -> Iterator[Model_co]:
        return iter(self._fetched())

    def iterator(self) -> Iterator[Model_co]:
        """Return the rows one after the other."""
        return iter(self)

    def __await__(self) -> Generator[Any, Any, list[Model_co]]:
        return self._afetched().__await__()

    def __aiter__(self) -> AsyncIterator[Model_co]:
        return _AsyncRawRows(self)

    def __len__(self) -> int:
        return len(self._fetched())

    def __bool__(self) -> bool:
        return bool(self._fetched())

    def __getitem__(self, key: int | slice) -> Any:
        return self._fetched()[key]


class _AsyncRawRows(AsyncIterator[Any]):
    """The rows, fetched with the first of them."""

    __slots__ = ("_queryset", "_rows")

    def __init__(self, queryset: RawQuerySet[Any]) -> None:
        self._queryset = queryset
        self._rows: Iterator[Any] | None = None

    async def __anext__(self) -> Any:
        if self._rows is None:
            self._rows = iter(await self._queryset._afetched())
        for row in self._rows:
            return row
        raise StopAsyncIteration
