"""Load the relations of many instances, one statement for each relation.

Rests on `read`: group the names by their first part, load what that leads to, put it where the descriptors
and managers look, go on with the rest of the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
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


def check(
    options: Options, lookups: Iterable[str | Prefetch], held: Mapping[str, Options] = MappingProxyType({})
) -> None:
    """Raise FieldError for a name that is no relation of the model; the way to it is followed.

    A name may also be that of an attribute which an earlier lookup loads, or which *held* tells of.
    """
    places = dict(held)
    for lookup in lookups:
        name = lookup.lookup if isinstance(lookup, Prefetch) else lookup
        if not isinstance(name, str):
            raise FieldError(f"prefetch_related() takes names of relations and Prefetch(), not {name!r}")
        *way, last = name.split(SEPARATOR)
        at, path = options, ""
        for part in way:
            path += part
            at = places.get(path) or options_of(_relation(at, part, name).target.model)
            path += SEPARATOR
        target = places.get(path + last) or options_of(_relation(at, last, name).target.model)
        if isinstance(lookup, Prefetch):
            if lookup.to_attr is not None:
                _refuse_taken(at, lookup)
            places |= _places(lookup, path, target)


def _refuse_taken(options: Options, prefetch: Prefetch) -> None:
    """Raise ValueError when `to_attr` is the name of something that the model has."""
    name = prefetch.to_attr
    if name in _relations(options) or any(name in (field.name, field.attname) for field in options.fields):
        raise ValueError(
            f"to_attr={name!r} of {prefetch!r} is the name of a field of {options.name}: choose another"
        )


def _places(prefetch: Prefetch, path: str, target: Options) -> dict[str, Options]:
    """Return the attributes that *prefetch* and its queryset load, and the model of what is in each."""
    place = path + (prefetch.to_attr or prefetch.lookup.rpartition(SEPARATOR)[2])
    found = {} if prefetch.to_attr is None else {place: target}
    for own in () if prefetch.queryset is None else prefetch.queryset._prefetch:
        if isinstance(own, Prefetch):
            *way, last = own.lookup.split(SEPARATOR)
            at, inner = target, place + SEPARATOR
            for part in way:
                at, inner = options_of(_relation(at, part, own.lookup).target.model), inner + part + SEPARATOR
            found |= _places(own, inner, options_of(_relation(at, last, own.lookup).target.model))
    return found


async def attach(db: Executor, instances: Sequence[Any], lookups: Iterable[str | Prefetch]) -> None:
    """Load the relations *lookups* of *instances*, which are of one model, but for what they have already."""
    if not instances:
        return
    options = options_of(type(instances[0]))
    for (name, place), branch in _branches(lookups).items():
        if name not in _relations(options) and any(name in vars(instance) for instance in instances):
            await attach(db, _rows_in(vars(instance).get(name) for instance in instances), branch.rest)
            continue
        relation = _relation(options, name, name)
        missing = [instance for instance in instances if not _is_loaded(relation, instance, place)]
        rows = await _load(db, relation, missing, branch.prefetch) if missing else []
        queryset = branch.prefetch.queryset
        await attach(db, rows, () if queryset is None else queryset._prefetch)
        if len(missing) < len(instances):
            rows = _rows_in(_held(relation, instance, place) for instance in instances)
        await attach(db, rows, branch.rest)


def _branches(lookups: Iterable[str | Prefetch]) -> dict[tuple[str, str | None], Branch]:
    """Return what to load by relation and by where it goes: its own place, or the attribute `to_attr`."""
    branches: dict[tuple[str, str | None], Branch] = {}
    for lookup in lookups:
        name = lookup.lookup if isinstance(lookup, Prefetch) else lookup
        head, _, rest = name.partition(SEPARATOR)
        place = lookup.to_attr if isinstance(lookup, Prefetch) and not rest else None
        # What goes on from an attribute goes on from what is loaded into it.
        key = next((key for key in branches if key[1] == head), (head, place))
        branch = branches.setdefault(key, Branch())
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


# -- what is there already -------------------------------------------------------------------------


def _is_loaded(relation: AnyRelation, instance: Any, place: str | None) -> bool:
    """Tell whether nothing is to be loaded for *instance*."""
    held = vars(instance)
    if place is not None:
        return place in held
    if isinstance(relation, ForeignKey):
        if relation.attname not in held:
            return False
        key, related = held[relation.attname], held.get(relation.cache_name)
        return key is None or (
            related is not None and vars(related).get(relation.target_field.attname) == key
        )
    if isinstance(relation, ReverseRelation) and not relation.many:
        return relation.cache_name in held
    return relation.accessor in held.get("_prefetched", ())


def _held(relation: AnyRelation, instance: Any, place: str | None) -> Any:
    """Return what *instance* has of a relation: a list, or one row, or None."""
    held = vars(instance)
    if place is not None:
        return held.get(place)
    if isinstance(relation, ForeignKey) or (isinstance(relation, ReverseRelation) and not relation.many):
        return held.get(relation.cache_name)
    return held.get("_prefetched", {}).get(relation.accessor)


def _rows_in(values: Iterable[Any]) -> list[Any]:
    """Return the rows that attributes hold, each once."""
    found: dict[int, Any] = {}
    for value in values:
        for row in value if isinstance(value, list) else () if value is None else (value,):
            found[id(row)] = row
    return list(found.values())


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
