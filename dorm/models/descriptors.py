"""The attributes that relations put on a model class: the only descriptors there.

Rests on related managers and the read actions.
"""

from __future__ import annotations

import sys
from typing import Any

from .._run import run_sync
from ..actions import read
from ..conf import settings
from ..db.routers import read_executor, refuse_relation
from ..exceptions import AsyncRequiredError, FieldError, RelatedObjectDoesNotExist
from ..expressions import RelationColumn
from ..fields.related import ForeignKey, ManyToManyField, RelationField
from ..meta.options import options_of
from ..meta.relations import ManyToMany, ReverseRelation
from ..query.query import Query
from ..queryset.related import related_manager


class ForwardRelation:
    """`book.author`: the instance that a foreign key refers to, loaded when it is first read.

    The key itself is a plain attribute, `book.author_id`; when that changes, the instance is loaded anew.
    """

    __slots__ = ("key",)

    def __init__(self, key: ForeignKey) -> None:
        self.key = key

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        key = self.key
        if instance is None:
            return RelationColumn(key, key.name)
        value = getattr(instance, key.attname)
        related = instance.__dict__.get(key.cache_name)
        if related is not None:
            current = related.__dict__.get(key.target_field.attname)
            if current == value or (value is None and instance.__dict__.get(key.pending_name)):
                return related
        if value is None:
            return None
        related = self._load(instance, value)
        instance.__dict__[key.cache_name] = related
        return related

    def _load(self, instance: Any, value: Any) -> Any:
        key = self.key
        what = f"{type(instance).__name__}.{key.name}"
        refuse_in_strict_loop(what, f"load it with select_related({key.name!r})")
        query = Query.of(options_of(key.related_model)).filtered((), {key.target_field.name: value})
        return run_sync(
            read.get(read_executor(None, key.related_model, instance), query, lambda: f"{what} ({value!r})")
        )

    def __set__(self, instance: Any, value: Any) -> None:
        key = self.key
        held = instance.__dict__
        if value is None:
            held[key.attname] = held[key.cache_name] = None
            return
        if not hasattr(value, "_meta"):
            raise FieldError(f"{key.attname!r} takes a key; {key.name!r} takes an instance, not {value!r}")
        key.check_instance(value)
        if settings.DATABASE_ROUTERS or value._alias != instance._alias:
            refuse_relation(instance, value, key.name)
        held[key.attname] = value.__dict__.get(key.target_field.attname)
        held[key.cache_name] = value
        if held[key.attname] is None:
            # Its key comes with its own save(); until then a missing key is not a missing instance.
            held[key.pending_name] = True


class ReverseAccessor:
    """`author.book_set` and `article.tags`: the manager of many related rows."""

    __slots__ = ("relation",)

    def __init__(self, relation: ReverseRelation | ManyToMany) -> None:
        self.relation = relation

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if instance is None:
            return self
        return related_manager(self.relation, instance)

    @property
    def field(self) -> RelationField:
        """The field that makes the relation, on either side."""
        return self.relation.field

    @property
    def through(self) -> Any:
        """The model of the table of pairs: `Article.tags.through.objects.bulk_create([...])`."""
        field = self.relation.field
        if isinstance(field, ManyToManyField):
            return field.through
        raise AttributeError(
            f"{self.relation.accessor!r} is about the rows of a foreign key: no table between"
        )

    def __set__(self, instance: Any, value: Any) -> None:
        name = self.relation.accessor
        raise AttributeError(f"{name!r} cannot be assigned: use {name}.set(...), once both sides are saved")


class ReverseOneToOne:
    """`author.profile`: the one row that refers to an instance, loaded when it is first read."""

    __slots__ = ("relation",)

    def __init__(self, relation: ReverseRelation) -> None:
        self.relation = relation

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        relation = self.relation
        if instance is None:
            return self
        held = instance.__dict__
        if relation.cache_name in held:
            related = held[relation.cache_name]
        else:
            related = held[relation.cache_name] = self._load(instance)
        if related is None:
            raise relation.missing(f"{instance!r} has no {relation.accessor}")
        return related

    @property
    def RelatedObjectDoesNotExist(self) -> type[RelatedObjectDoesNotExist]:
        """What an instance raises that has no such row: `except Author.profile.RelatedObjectDoesNotExist`."""
        return self.relation.missing

    def _load(self, instance: Any) -> Any:
        relation, key = self.relation, self.relation.field
        value = instance.__dict__.get(key.target_field.attname)
        if value is None:
            return None
        refuse_in_strict_loop(
            f"{type(instance).__name__}.{relation.accessor}",
            f"load it with select_related({relation.name!r})",
        )
        query = Query.of(options_of(key.model)).referring_to(key, value)
        related = run_sync(read.first(read_executor(None, key.model, instance), query))
        if related is not None:
            related.__dict__[key.cache_name] = instance
        return related

    def __set__(self, instance: Any, value: Any) -> None:
        relation = self.relation
        if not isinstance(value, relation.target.model):
            raise relation.field.wrong_model(relation.target.name, value)
        instance.__dict__[relation.cache_name] = value
        setattr(value, relation.field.name, instance)


def refuse_in_strict_loop(what: str, cure: str) -> None:
    """Raise AsyncRequiredError if reading *what* would block a running event loop and ASYNC_STRICT is set."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or not settings.ASYNC_STRICT or asyncio._get_running_loop() is None:
        return
    raise AsyncRequiredError(f"reading {what} would block the event loop (ASYNC_STRICT is set): {cure}")
