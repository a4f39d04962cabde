"""Load the relations of many instances, one statement for each relation.

Rests on `read`: group the names by their first part, load what that leads to, put it where the descriptors
and managers look, go on with the rest of the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from .._text import did_you_mean, listed, nearest
from ..db.executor import Executor
from ..exceptions import FieldError, NotSupportedError
from ..fields.related import ForeignKey
from ..lookups.paths import SEPARATOR
from ..meta.options import Options, options_of
from ..meta.relations import ManyToMany, ReverseRelation
from ..query.query import Query
from ..query.shape import Rows
from .read import fetch

AnyRelation: TypeAlias = ForeignKey | ReverseRelation | ManyToMany

# The attribute that tells, for a moment, whose pair a row is of.
PAIRED_WITH = "_paired_with"


class Prefetch:
    """What `prefetch_related()` loads for *lookup*: the rows of *queryset*, and where they go.

    With *to_attr*, they become a list in that attribute; the relation itself is left alone.
    """

    __slots__ = ("lookup", "queryset", "to_attr")

    def __init__(self, lookup: str, queryset: Any = None, to_attr: str | None = None) -> None:
        if queryset is not None and isinstance(queryset.query.shape.projection, Rows):
            raise ValueError("Prefetch() takes a queryset of instances: leave out values() and values_list()")
        if to_attr is not None and not to_attr.isidentifier():
            raise ValueError(f"to_attr must be the name of an attribute, not {to_attr!r}")
        self.lookup = lookup
        self.queryset = queryset
        self.to_attr = to_attr

    def __repr__(self) -> str:
        return f"Prefetch({self.lookup!r})"


class Branch:
    """One relation to load, and the names that go on from it."""

    def __init__(self) -> None:
        self.prefetch = Prefetch("")
        self.rest: list[str | Prefetch] = []


def check(options: Options, lookups: Iterable[str | Prefetch]) -> None:
    """Raise FieldError for a name that is no relation of the model; the way to it is followed."""
    for lookup in lookups:
        name = lookup.lookup if isinstance(lookup, Prefetch) else lookup
        if not isinstance(name, str):
            raise FieldError(f"prefetch_related() takes names of relations and Prefetch(), not {name!r}")
        at = options
        for part in name.split(SEPARATOR):
            relation = _relation(at, part, name)
            at = options_of(relation.target.model)


async def attach(db: Executor, instances: Sequence[Any], lookups: Iterable[str | Prefetch]) -> None:
    """Load the relations *lookups* of *instances*, which are of one model."""
    if not instances:
        return
    options = options_of(type(instances[0]))
    for (name, _), branch in _branches(lookups).items():
        rows = await _load(db, _relation(options, name, name), instances, branch.prefetch)
        queryset = branch.prefetch.queryset
        of_its_own = () if queryset is None else queryset._prefetch
        await attach(db, rows, [*of_its_own, *branch.rest])


def _branches(lookups: Iterable[str | Prefetch]) -> dict[tuple[str, str | None], Branch]:
    """Return what to load by relation and by where it goes: its own place, or the attribute `to_attr`."""
    branches: dict[tuple[str, str | None], Branch] = {}
    for lookup in lookups:
        name = lookup.lookup if isinstance(lookup, Prefetch) else lookup
        head, _, rest = name.partition(SEPARATOR)
        place = lookup.to_attr if isinstance(lookup, Prefetch) and not rest else None
        branch = branches.setdefault((head, place), Branch())
        if rest:
            branch.rest.append(_shortened(lookup, rest))
        elif isinstance(lookup, Prefetch):
            branch.prefetch = lookup
    return branches


def _shortened(lookup: str | Prefetch, rest: str) -> str | Prefetch:
    return Prefetch(rest, lookup.queryset, lookup.to_attr) if isinstance(lookup, Prefetch) else rest


def _relation(options: Options, name: str, position: str) -> AnyRelation:
    """Return the relation whose attribute is *name*."""
    relations = _relations(options)
    relation: AnyRelation | None = relations.get(name)
    if relation is None:
        suggestion = nearest(name, relations)
        where = f" (in {position!r})" if position != name else ""
        raise FieldError(
            f"{options.name} has no relation {name!r}{where}.{did_you_mean(suggestion)} "
            f"Relations: {listed(relations) or 'none'}.",
            model=options.name,
            name=name,
            position=position,
            choices=sorted(relations),
            suggestion=suggestion,
        )
    return relation


def _relations(options: Options) -> dict[str, AnyRelation]:
    found: dict[str, AnyRelation] = {key.name: key for key in options.foreign_keys}
    found |= {own.accessor: own for own in options.reverse.values() if own.accessor is not None}
    found |= {own.accessor: own for own in options.pairings.values() if own.accessor is not None}
    return found


# -- one relation ---------------------------------------------------------------------------------


async def _load(
    db: Executor, relation: AnyRelation, instances: Sequence[Any], prefetch: Prefetch
) -> list[Any]:
    """Load one relation of *instances* and put it in place; return the rows that it leads to."""
    query = _start(relation, prefetch)
    if isinstance(relation, ForeignKey):
        return await _load_forward(db, relation, instances, query, prefetch.to_attr)
    if isinstance(relation, ManyToMany):
        rows = await _load_pairs(db, relation, instances, query)
        owners = [vars(row).pop(PAIRED_WITH) for row in rows]
        _place(relation, instances, rows, owners, relation.source.target_field.attname, prefetch)
        return rows
    key = relation.field
    attname = key.target_field.attname
    referring = query.holding(key.attname).referring_to_any(key, _values(instances, attname))
    rows = await fetch(db, referring)
    _place(relation, instances, rows, [vars(row)[key.attname] for row in rows], attname, prefetch)
    parents = {vars(instance)[attname]: instance for instance in instances}
    for row in rows:
        vars(row)[key.cache_name] = parents[vars(row)[key.attname]]
    return rows


def _start(relation: AnyRelation, prefetch: Prefetch) -> Query:
    options = options_of(relation.target.model)
    start = options.default_manager.get_queryset() if prefetch.queryset is None else prefetch.queryset
    query: Query = start.query
    if query.shape.options is not options:
        raise FieldError(f"{prefetch!r} expects rows of {options.name}, not of {query.shape.options.name}")
    if query.shape.sliced:
        raise TypeError(
            f"{prefetch!r} cannot take a sliced queryset: the slice would be one of all rows together"
        )
    if query.shape.combination is not None:
        raise NotSupportedError(
            f"{prefetch!r} cannot take what union(), intersection() or difference() give: "
            "join the conditions of one queryset by Q objects"
        )
    return query


async def _load_forward(
    db: Executor, key: ForeignKey, instances: Sequence[Any], query: Query, to_attr: str | None
) -> list[Any]:
    field = key.target_field
    keys = _values(instances, key.attname)
    referred = query.holding(field.attname).filtered((), {f"{field.name}__in": keys})
    rows = await fetch(db, referred) if keys else []
    found = {vars(row)[field.attname]: row for row in rows}
    for instance in instances:
        value = getattr(instance, key.attname)
        if to_attr is not None:
            setattr(instance, to_attr, found.get(value))
        elif value in found:
            vars(instance)[key.cache_name] = found[value]
    return rows


async def _load_pairs(
    db: Executor, relation: ManyToMany, instances: Sequence[Any], query: Query
) -> list[Any]:
    keys = _values(instances, relation.source.target_field.attname)
    pairs = query.referring_to_any(relation.backward, keys)
    return await fetch(db, pairs.marked(PAIRED_WITH, relation.backward))


def _place(
    relation: ReverseRelation | ManyToMany,
    instances: Sequence[Any],
    rows: Sequence[Any],
    owners: Sequence[Any],
    attname: str,
    prefetch: Prefetch,
) -> None:
    """Give each instance the rows that are its own, *owners* being the key of each row's."""
    own: dict[Any, list[Any]] = {vars(instance)[attname]: [] for instance in instances}
    for row, owner in zip(rows, owners):
        own[owner].append(row)
    for instance in instances:
        found = own[vars(instance)[attname]]
        if prefetch.to_attr is not None:
            setattr(instance, prefetch.to_attr, list(found))
        elif isinstance(relation, ReverseRelation) and not relation.many:
            vars(instance)[relation.cache_name] = found[0] if found else None
        else:
            vars(instance).setdefault("_prefetched", {})[relation.accessor] = list(found)


def _values(instances: Sequence[Any], attname: str) -> list[Any]:
    """Return the distinct values of *attname*, None left out."""
    values = dict.fromkeys(getattr(instance, attname) for instance in instances)
    values.pop(None, None)
    return list(values)
