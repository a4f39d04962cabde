"""Join rows with others and part them: what related managers do besides querying.

Rests on the other actions. Pairs of a many-to-many relation are rows of its `through` model; the rows of a
reverse foreign key are joined by setting that key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..db.executor import Executor
from ..db.routers import refuse_relation
from ..exceptions import FieldError
from ..meta.options import options_of
from ..meta.relations import ManyToMany, ReverseRelation
from ..query.query import Query
from ..signals import m2m_changed
from .bulk import IGNORED, bulk_create
from .delete import delete
from .read import fetch
from .save import tell
from .update import update

# -- pairs ----------------------------------------------------------------------------------------


async def add(
    db: Executor, relation: ManyToMany, instance: Any, others: Iterable[Any], defaults: Mapping[str, Any]
) -> None:
    """Pair *instance* with *others*, instances or keys; pairs that are there already stay as they are."""
    change = Change(db, relation, instance)
    keys = _relatable_keys(relation, instance, others)
    if keys:
        async with db.atomic():
            present = set(await change.paired(keys))
            await change.insert([other for other in keys if other not in present], defaults)


async def remove(db: Executor, relation: ManyToMany, instance: Any, others: Iterable[Any]) -> None:
    """Part *instance* from *others*; those that it is not paired with are passed over."""
    change = Change(db, relation, instance)
    keys = _keys(relation, others)
    async with db.atomic():
        await change.delete(keys)


async def clear(db: Executor, relation: ManyToMany, instance: Any) -> None:
    """Part *instance* from all."""
    change = Change(db, relation, instance)
    async with db.atomic():
        await change.delete_all()


async def set_pairs(
    db: Executor,
    relation: ManyToMany,
    instance: Any,
    others: Iterable[Any],
    defaults: Mapping[str, Any],
    anew: bool = False,
) -> None:
    """Pair *instance* with *others* and with no one else; pairs that stay are made *anew*, or not touched."""
    change = Change(db, relation, instance)
    wanted = _relatable_keys(relation, instance, others)
    async with db.atomic():
        if anew:
            await change.delete_all()
        present = [] if anew else await change.paired()
        await change.delete([other for other in present if other not in set(wanted)])
        await change.insert([other for other in wanted if other not in set(present)], defaults)


class Change:
    """Pairs of one instance that come and go, with the signals that tell of it."""

    def __init__(self, db: Executor, relation: ManyToMany, instance: Any) -> None:
        self.db = db
        self.relation = relation
        self.instance = instance
        self.key = relation.field.key_in(instance, relation.source.target_field)
        # In a symmetrical relation, each pair stands both ways.
        self.directions = (relation, relation.backward) if relation.field.symmetrical else (relation,)

    async def paired(self, among: Sequence[Any] | None = None) -> list[Any]:
        """Return the keys that the instance is paired with, those in *among* if it is given."""
        query = _pairs(self.relation).referring_to(self.relation.source, self.key)
        if among is not None:
            query = query.referring_to_any(self.relation.goal, among)
        return await fetch(self.db, query.rows("flat", (self.relation.goal.attname,)))

    async def insert(self, keys: Sequence[Any], defaults: Mapping[str, Any]) -> None:
        """Make the pairs with *keys*."""
        if not keys:
            return
        rows = [
            self.relation.through(**defaults, **{one.source.attname: self.key, one.goal.attname: other})
            for other in keys
            for one in self.directions
        ]
        await self.tell("pre_add", set(keys))
        # Someone else may have made the same pair meanwhile: then it is there, which is what was asked.
        through = options_of(self.relation.through)
        await bulk_create(self.db, through, rows, 1000, IGNORED)
        await self.tell("post_add", set(keys))

    async def delete(self, keys: Sequence[Any]) -> None:
        """Delete the pairs with *keys*."""
        if not keys:
            return
        await self.tell("pre_remove", set(keys))
        for one in self.directions:
            pairs = _pairs(one).referring_to(one.source, self.key).referring_to_any(one.goal, keys)
            await delete(self.db, pairs)
        await self.tell("post_remove", set(keys))

    async def delete_all(self) -> None:
        """Delete every pair."""
        await self.tell("pre_clear", None)
        for one in self.directions:
            await delete(self.db, _pairs(one).referring_to(one.source, self.key))
        await self.tell("post_clear", None)

    async def tell(self, action: str, keys: set[Any] | None) -> None:
        """Send `m2m_changed`: *action* is about to happen, or has happened, to the pairs with *keys*."""
        if m2m_changed.active:
            await tell(
                self.db,
                m2m_changed,
                self.relation.through,
                instance=self.instance,
                action=action,
                reverse=not self.relation.is_forward,
                model=self.relation.target.model,
                pk_set=keys,
                using=self.db.alias,
            )


def _pairs(relation: ManyToMany) -> Query:
    return Query.of(options_of(relation.through)).ordered(())


def _relatable_keys(relation: ManyToMany, instance: Any, others: Iterable[Any]) -> list[Any]:
    """Return the keys of *others*; FieldError for a row that no router lets be paired with it."""
    every = list(others)
    keys = _keys(relation, every)
    for other in every:
        if hasattr(other, "_meta"):
            refuse_relation(instance, other, relation.accessor or relation.field.name)
    return keys


def _keys(relation: ManyToMany, others: Iterable[Any]) -> list[Any]:
    """Return the keys of *others*, each once, in order; FieldError for what is no row of the target."""
    goal = relation.goal.target_field
    keys = [_key(relation, other, goal) for other in others]
    return list(dict.fromkeys(keys))


def _key(relation: ManyToMany, other: Any, goal: Any) -> Any:
    if not hasattr(other, "_meta"):
        return goal.get_prep_value(other)
    if not isinstance(other, relation.target.model):
        raise relation.field.wrong_model(relation.target.name, other)
    return relation.field.key_in(other, goal)


# -- reverse foreign keys -------------------------------------------------------------------------


async def point(db: Executor, relation: ReverseRelation, instance: Any, others: Iterable[Any]) -> None:
    """Make rows of *relation* refer to *instance*, by one UPDATE."""
    rows = _rows(relation, others)
    if rows:
        await _repoint(db, relation, rows, instance)


async def unpoint(db: Executor, relation: ReverseRelation, instance: Any, others: Iterable[Any]) -> None:
    """Make rows that refer to *instance* refer to nothing; DoesNotExist for one that does not."""
    rows, key = _rows(relation, others), relation.field
    _check_nullable(relation)
    for row in rows:
        if getattr(row, key.attname) != key.key_of(instance):
            raise relation.target.model.DoesNotExist(f"{row!r} does not refer to {instance!r}")
    if rows:
        await _repoint(db, relation, rows, None)


async def unpoint_all(db: Executor, relation: ReverseRelation, instance: Any) -> None:
    """Make every row that refers to *instance* refer to nothing."""
    _check_nullable(relation)
    key = relation.field
    referring = Query.of(options_of(key.model)).referring_to(key, key.key_of(instance))
    await update(db, referring, {key.name: None})


async def set_referring(
    db: Executor, relation: ReverseRelation, instance: Any, others: Iterable[Any]
) -> None:
    """Make *others*, and no other rows, refer to *instance*."""
    rows = _rows(relation, others)
    key = relation.field
    wanted = {row.pk for row in rows}
    async with db.atomic():
        query = Query.of(options_of(key.model)).referring_to(key, key.key_of(instance)).ordered(())
        present = await fetch(db, query)
        gone = [row for row in present if row.pk not in wanted]
        if gone:
            await unpoint(db, relation, instance, gone)
        kept = {row.pk for row in present}
        await point(db, relation, instance, [row for row in rows if row.pk not in kept])


async def _repoint(db: Executor, relation: ReverseRelation, rows: Sequence[Any], instance: Any) -> None:
    key = relation.field
    query = Query.of(options_of(key.model)).filtered((), {"pk__in": [row.pk for row in rows]})
    await update(db, query, {key.name: instance})
    for row in rows:
        setattr(row, key.name, instance)


def _rows(relation: ReverseRelation, others: Iterable[Any]) -> list[Any]:
    rows = list(others)
    for row in rows:
        if not isinstance(row, relation.target.model):
            raise relation.field.wrong_model(relation.target.name, row)
        if row.pk is None:
            raise FieldError(f"{row!r} is not saved: save it, or make it by create()")
    return rows


def _check_nullable(relation: ReverseRelation) -> None:
    key = relation.field
    if not key.null:
        raise FieldError(f"{key.model.__name__}.{key.name} is never NULL: a row cannot be left without it")
