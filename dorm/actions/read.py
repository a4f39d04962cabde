"""Read rows: every operation of a queryset that changes nothing.

Rests on compiled statements and the executor. One statement each; an empty query sends none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._text import plural
from ..db.executor import Cursor, Executor
from ..exceptions import TransactionManagementError
from ..query.columns import column_names
from ..query.compiled import Compiled, compile_aggregate, compile_count, compile_exists, compile_select
from ..query.query import Query
from ..query.shape import Rows
from ..sql.pasting import with_values


async def fetch(db: Executor, query: Query) -> list[Any]:
    """Return every row of *query*, built by its projection; `[]` when there is none."""
    if query.shape.empty:
        return []
    if query.shape.lock is not None:
        _refuse_lock_outside(db)
    compiled = compile_select(query.shape, db.dialect)
    return compiled.build(await db.fetch(compiled.sql, compiled.bind(query.params)), origin(db))


async def get(db: Executor, query: Query, asked: Callable[[], str]) -> Any:
    """Return the one row of *query*; *asked* gives the call, as an error should show it.

    Raises the model's DoesNotExist for none and its MultipleObjectsReturned for more.
    """
    model = query.shape.options.model
    rows = await fetch(db, query.paired())
    if not rows:
        raise model.DoesNotExist(f"{asked()} found no {model.__name__}")
    if len(rows) > 1:
        total = await count(db, query)
        raise model.MultipleObjectsReturned(f"{asked()} found {plural(total, model.__name__)}, not one")
    return rows[0]


async def get_or_none(db: Executor, query: Query, asked: Callable[[], str]) -> Any:
    """Return the one row of *query*, or None when there is none; more than one raises."""
    try:
        return await get(db, query, asked)
    except query.shape.options.model.DoesNotExist:
        return None


async def first(db: Executor, query: Query) -> Any:
    """Return the first row, by what tells rows apart if *query* has no order; None for none."""
    ordered = query if query.is_ordered or query.shape.sliced else query.ordered(_by_key(query))
    rows = await fetch(db, ordered.sliced(0, 1))
    return rows[0] if rows else None


async def last(db: Executor, query: Query) -> Any:
    """Return the last row, by what tells rows apart if *query* has no order; None for none."""
    ordered = query if query.is_ordered else query.ordered(_by_key(query))
    return await first(db, ordered.reversed())


def _by_key(query: Query) -> tuple[str, ...]:
    """Return what tells rows apart: the primary key, or all that combined rows and groups show."""
    shape = query.shape
    if isinstance(shape.projection, Rows) and (shape.combination or isinstance(shape.grouping, Rows)):
        return tuple(column_names(shape))
    return ("pk",)


async def furthest(db: Executor, query: Query, asked: Callable[[], str]) -> Any:
    """Return the first row of *query*, which has an order; raise DoesNotExist if there is none."""
    rows = await fetch(db, query.sliced(0, 1))
    if not rows:
        name = query.shape.options.name
        raise query.shape.options.model.DoesNotExist(f"{asked()} found no {name}")
    return rows[0]


async def count(db: Executor, query: Query) -> int:
    """Return the number of rows, a slice respected."""
    if query.shape.empty:
        return 0
    value: int = (await _single(db, compile_count(query.shape, db.dialect), query))[0]
    return value


async def exists(db: Executor, query: Query) -> bool:
    """Return whether there is a row."""
    if query.shape.empty:
        return False
    compiled = compile_exists(query.shape, db.dialect)
    return bool(await db.fetch(compiled.sql, compiled.bind(query.params)))


async def aggregate(db: Executor, query: Query, aggregates: Mapping[str, Any]) -> dict[str, Any]:
    """Return one value for each aggregate, over all rows of *query*."""
    if not aggregates:
        return {}
    whole, outputs = query.aggregating(aggregates)
    compiled = compile_aggregate(whole.shape, outputs, db.dialect)
    row: dict[str, Any] = compiled.build([await _single(db, compiled, whole)], None)[0]
    return row


async def stream(db: Executor, query: Query, size: int) -> Stream:
    """Return the rows of *query*, to be fetched *size* at a time."""
    if size < 1:
        raise ValueError(f"chunk_size must be at least 1, not {size}")
    if query.shape.empty:
        return Stream(None, None, None)
    if query.shape.lock is not None:
        _refuse_lock_outside(db)
    compiled = compile_select(query.shape, db.dialect)
    cursor = await db.stream(compiled.sql, compiled.bind(query.params), size)
    return Stream(cursor, compiled, origin(db))


class Stream:
    """An open result whose rows are built a chunk at a time."""

    __slots__ = ("_alias", "_compiled", "_cursor")

    def __init__(self, cursor: Cursor | None, compiled: Compiled | None, alias: str | None) -> None:
        self._cursor = cursor
        self._compiled = compiled
        self._alias = alias

    async def fetch(self) -> list[Any]:
        """Return the next chunk, `[]` at the end."""
        if self._cursor is None or self._compiled is None:
            return []
        rows = await self._cursor.fetch()
        return self._compiled.build(rows, self._alias) if rows else []

    async def close(self) -> None:
        if self._cursor is not None:
            await self._cursor.close()


async def explain(db: Executor, query: Query, *, format: str | None, analyze: bool) -> str:
    """Return the database's plan for the SELECT, as text; "" when nothing would be sent."""
    if query.shape.empty:
        return ""
    compiled = compile_select(query.shape, db.dialect)
    sql = db.dialect.explain(compiled.sql, format=format, analyze=analyze)
    rows = await db.fetch(sql, compiled.bind(query.params))
    return "\n".join(_tree_lines(rows) if db.vendor == "sqlite" else _plan_lines(rows))


def _tree_lines(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return SQLite's plan: each step is (its number, that of the step above, unused, text)."""
    depths = {0: -1}
    for number, above, *_ in rows:
        depths[number] = depths[above] + 1
    return ["  " * depths[row[0]] + row[3] for row in rows]


def _plan_lines(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [row[0] if isinstance(row[0], str) else _json(row[0]) for row in rows]


def _json(plan: Any) -> str:
    import json  # only plans in this format need it

    return json.dumps(plan, indent=2)


def written(query: Query, db: Executor) -> str:
    """Return the SELECT with its values in it, as a person can paste it."""
    compiled = compile_select(query.shape, db.dialect)
    return with_values(compiled.sql, compiled.bind(query.params), db.vendor)


def _refuse_lock_outside(db: Executor) -> None:
    if not db.in_atomic:
        raise TransactionManagementError(
            "select_for_update() locks rows until the transaction ends: use it inside atomic() or aatomic()"
        )


async def _single(db: Executor, compiled: Compiled, query: Query) -> tuple[Any, ...]:
    rows = await db.fetch(compiled.sql, compiled.bind(query.params))
    return rows[0]


def origin(db: Executor) -> str | None:
    """Return the alias for instances to remember; None for the default database."""
    return None if db.alias == "default" else db.alias
