"""Make instances of the rows of a SELECT that a user wrote.

Rests on the executor and on generated row builders. Which column goes where is found once for each list of
columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ..db.executor import Executor
from ..fields import Field
from ..meta.options import Options
from ..query.hydrate import Build, Cell, Part, build_instances
from ..sql.dialects import Dialect
from ..sql.placeholders import with_named, with_placeholders
from .read import origin

RawParams = Sequence[Any] | Mapping[str, Any] | None


async def fetch_raw(
    db: Executor, options: Options, sql: str, params: RawParams, translations: Mapping[str, str]
) -> tuple[list[str], list[Any]]:
    """Return the names of the columns, and an instance for each row.

    Columns of the model are converted as it does; those that it does not have become attributes; those that
    are not there are loaded when they are read, for which the primary key must be there.
    """
    text, values = statement(sql, params, db.vendor)
    result = await db.result(text, values)
    columns, rows = [column[0] for column in result.description or ()], result.rows
    build = _kept(options, tuple(columns), tuple(translations.items()), db.dialect)
    return columns, build(rows, origin(db))


def statement(sql: str, params: RawParams, vendor: str) -> tuple[str, Sequence[Any]]:
    """Return the statement and its parameters as the driver of *vendor* takes them."""
    if isinstance(params, Mapping):
        return with_placeholders(*with_named(sql, params, vendor), vendor)
    return with_placeholders(sql, params, vendor)


def _kept(
    options: Options, columns: tuple[str, ...], translations: tuple[tuple[str, str], ...], dialect: Dialect
) -> Build:
    key = ("raw", columns, translations, dialect)
    build: Build | None = options.cache.get(key)
    if build is None:
        build = options.cache[key] = _builder(options, columns, dict(translations), dialect)
    return build


def _builder(
    options: Options, columns: Sequence[str], translations: Mapping[str, str], dialect: Dialect
) -> Build:
    places: dict[Field[Any], int] = {}
    others: dict[str, int] = {}
    known = {field.column: field for field in options.fields}
    for place, column in enumerate(columns):
        name = translations.get(column)
        field = known.get(column) if name is None else options.get_column(name)
        if field is not None:
            # Of columns with one name, as of two tables, the first is meant.
            places.setdefault(field, place)
        else:
            others.setdefault(column, place)
    cells = tuple(Cell(field.attname, field.type, True) for field in places)
    part = Part(options.model, cells, 0)
    build = build_instances([part], (), dialect) if cells else _bare(options.model)
    pick = _picker(list(places.values()))

    def built(rows: list[Any], alias: str | None) -> list[Any]:
        instances = build([pick(row) for row in rows], alias)
        for name, place in others.items():
            for instance, row in zip(instances, rows):
                instance.__dict__[name] = row[place]
        return instances

    return built


def _bare(model: type[Any]) -> Build:
    """Return what makes instances that hold nothing yet."""
    return lambda rows, alias: [object.__new__(model) for _ in rows]


def _picker(places: list[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places) if places else lambda row: ()
