"""Managers of the rows that one instance is related with.

A manager whose queries begin with a condition on the relation, and that can join rows and part them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias, cast

from .._run import run_sync
from .._typevars import Model_co
from ..actions import relate
from ..db.executor import Executor
from ..db.routers import async_write_executor, write_executor
from ..lookups.paths import FieldView
from ..meta.options import options_of
from ..meta.relations import ManyToMany, ReverseRelation
from .manager import Manager
from .queryset import QuerySet


class RelatedManager(Manager[Model_co]):  # pyright: ignore[reportInvalidTypeArguments]  # bound in the stub alone
    """The rows of *relation* that refer to *instance*, such as `author.book_set`."""

    __slots__ = ("instance", "relation")

    def __init__(self, relation: ReverseRelation, instance: Any) -> None:
        self.relation = relation
        self.instance = instance
        self.model = relation.target.model

    def __repr__(self) -> str:
        return f"<{self.relation.target.name} rows of {self.instance!r}>"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that refer to the instance; raises FieldError when it is not saved."""
        key = self.relation.field
        return _related(self, super().get_queryset(), key, key.key_of(self.instance))

    def _above(self) -> Any:
        """Return the default manager's side of this: its methods, a queryset's among them."""
        return super()

    def create(self, **values: Any) -> Model_co:
        """Save a new row that refers to the instance."""
        created: Model_co = self._above().create(**self._pointed(values))
        _forget(self)
        return created

    async def acreate(self, **values: Any) -> Model_co:
        """Save a new row that refers to the instance."""
        created: Model_co = await self._above().acreate(**self._pointed(values))
        _forget(self)
        return created

    def get_or_create(
        self, defaults: Mapping[str, Any] | None = None, **lookups: Any
    ) -> tuple[Model_co, bool]:
        """Return the row that refers to the instance and meets *lookups*, or a new one that does."""
        found: tuple[Model_co, bool] = self._above().get_or_create(defaults, **self._pointed(lookups))
        _forget(self)
        return found

    async def aget_or_create(
        self, defaults: Mapping[str, Any] | None = None, **lookups: Any
    ) -> tuple[Model_co, bool]:
        """Return the row that refers to the instance and meets *lookups*, or a new one that does."""
        found: tuple[Model_co, bool] = await self._above().aget_or_create(defaults, **self._pointed(lookups))
        _forget(self)
        return found

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the row that refers to the instance and meets *lookups*, or make it."""
        pointed = self._pointed(lookups)
        found: tuple[Model_co, bool] = self._above().update_or_create(defaults, create_defaults, **pointed)
        _forget(self)
        return found

    async def aupdate_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the row that refers to the instance and meets *lookups*, or make it."""
        pointed = self._pointed(lookups)
        found: tuple[Model_co, bool] = await self._above().aupdate_or_create(
            defaults, create_defaults, **pointed
        )
        _forget(self)
        return found

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances that refer to the instance, a batch in one statement."""
        conflicts = (ignore_conflicts, update_conflicts, update_fields, unique_fields)
        rows = self._all_pointed(objs)
        created: list[Model_co] = self._above().bulk_create(rows, batch_size, *conflicts)
        _forget(self)
        return created

    async def abulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances that refer to the instance, a batch in one statement."""
        conflicts = (ignore_conflicts, update_conflicts, update_fields, unique_fields)
        rows = self._all_pointed(objs)
        created: list[Model_co] = await self._above().abulk_create(rows, batch_size, *conflicts)
        _forget(self)
        return created

    def _all_pointed(self, objs: Iterable[Any]) -> list[Any]:
        rows = list(objs)
        for row in rows:
            setattr(row, self.relation.field.name, self.instance)
        return rows

    def _pointed(self, values: dict[str, Any]) -> dict[str, Any]:
        key = self.relation.field
        clash = next((name for name in (key.name, key.attname) if name in values), None)
        if clash is not None:
            raise TypeError(f"{clash!r} is {self.instance!r} here: leave it out")
        return {**values, key.name: self.instance}

    def add(self, *objs: Any) -> None:
        """Make saved rows refer to the instance, by one UPDATE."""
        run_sync(relate.point(_executor(self), self.relation, self.instance, objs))
        _forget(self)

    async def aadd(self, *objs: Any) -> None:
        """Make saved rows refer to the instance, by one UPDATE."""
        await relate.point(_async_executor(self), self.relation, self.instance, objs)
        _forget(self)

    def remove(self, *objs: Any) -> None:
        """Make rows that refer to the instance refer to nothing; needs a foreign key with null=True."""
        run_sync(relate.unpoint(_executor(self), self.relation, self.instance, objs))
        _forget(self)

    async def aremove(self, *objs: Any) -> None:
        """Make rows that refer to the instance refer to nothing; needs a foreign key with null=True."""
        await relate.unpoint(_async_executor(self), self.relation, self.instance, objs)
        _forget(self)

    def clear(self) -> None:
        """Make all rows that refer to the instance refer to nothing; needs a foreign key with null=True."""
        run_sync(relate.unpoint_all(_executor(self), self.relation, self.instance))
        _forget(self)

    async def aclear(self) -> None:
        """Make all rows that refer to the instance refer to nothing; needs a foreign key with null=True."""
        await relate.unpoint_all(_async_executor(self), self.relation, self.instance)
        _forget(self)

    def set(self, objs: Iterable[Any]) -> None:
        """Make these rows, and no others, refer to the instance."""
        run_sync(relate.set_referring(_executor(self), self.relation, self.instance, objs))
        _forget(self)

    async def aset(self, objs: Iterable[Any]) -> None:
        """Make these rows, and no others, refer to the instance."""
        await relate.set_referring(_async_executor(self), self.relation, self.instance, objs)
        _forget(self)


class ManyRelatedManager(Manager[Model_co]):  # pyright: ignore[reportInvalidTypeArguments]  # bound in the stub alone
    """The rows that *instance* is paired with, such as `article.tags`."""

    __slots__ = ("instance", "relation")

    def __init__(self, relation: ManyToMany, instance: Any) -> None:
        self.relation = relation
        self.instance = instance
        self.model = relation.target.model

    def __repr__(self) -> str:
        return f"<{self.relation.target.name} rows of {self.instance!r}>"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that the instance is paired with; raises FieldError when it is not saved."""
        relation = self.relation
        key = relation.field.key_in(self.instance, relation.source.target_field)
        return _related(self, super().get_queryset(), relation.backward, key)

    def _above(self) -> Any:
        """Return the default manager's side of this: its methods, a queryset's among them."""
        return super()

    def create(self, *, through_defaults: Mapping[str, Any] | None = None, **values: Any) -> Model_co:
        """Save a new row and pair the instance with it."""
        created: Model_co = self._above().create(**values)
        self.add(created, through_defaults=through_defaults)
        return created

    async def acreate(self, *, through_defaults: Mapping[str, Any] | None = None, **values: Any) -> Model_co:
        """Save a new row and pair the instance with it."""
        created: Model_co = await self._above().acreate(**values)
        await self.aadd(created, through_defaults=through_defaults)
        return created

    def get_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        *,
        through_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Return the row that the instance is paired with and that meets *lookups*, or a new one, paired."""
        found: tuple[Model_co, bool] = self._above().get_or_create(defaults, **lookups)
        if found[1]:
            self.add(found[0], through_defaults=through_defaults)
        return found

    async def aget_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        *,
        through_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Return the row that the instance is paired with and that meets *lookups*, or a new one, paired."""
        found: tuple[Model_co, bool] = await self._above().aget_or_create(defaults, **lookups)
        if found[1]:
            await self.aadd(found[0], through_defaults=through_defaults)
        return found

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        *,
        through_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the paired row that meets *lookups*, or make one and pair it."""
        found: tuple[Model_co, bool] = self._above().update_or_create(defaults, create_defaults, **lookups)
        if found[1]:
            self.add(found[0], through_defaults=through_defaults)
        return found

    async def aupdate_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        *,
        through_defaults: Mapping[str, Any] | None = None,
        **lookups: Any,
    ) -> tuple[Model_co, bool]:
        """Set *defaults* in the paired row that meets *lookups*, or make one and pair it."""
        found: tuple[Model_co, bool] = await self._above().aupdate_or_create(
            defaults, create_defaults, **lookups
        )
        if found[1]:
            await self.aadd(found[0], through_defaults=through_defaults)
        return found

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances, a batch in one statement, and pair the instance with them."""
        conflicts = (_paired(ignore_conflicts), update_conflicts, update_fields, unique_fields)
        created: list[Model_co] = self._above().bulk_create(objs, batch_size, *conflicts)
        self.add(*created)
        return created

    async def abulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int = 1000,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Model_co]:
        """Insert instances, a batch in one statement, and pair the instance with them."""
        conflicts = (_paired(ignore_conflicts), update_conflicts, update_fields, unique_fields)
        created: list[Model_co] = await self._above().abulk_create(objs, batch_size, *conflicts)
        await self.aadd(*created)
        return created

    def add(self, *objs: Any, through_defaults: Mapping[str, Any] | None = None) -> None:
        """Pair the instance with rows, given as instances or keys; what is paired already stays."""
        defaults = through_defaults or {}
        run_sync(relate.add(_executor(self), self.relation, self.instance, objs, defaults))
        _forget(self)

    async def aadd(self, *objs: Any, through_defaults: Mapping[str, Any] | None = None) -> None:
        """Pair the instance with rows, given as instances or keys; what is paired already stays."""
        await relate.add(_async_executor(self), self.relation, self.instance, objs, through_defaults or {})
        _forget(self)

    def remove(self, *objs: Any) -> None:
        """Part the instance from rows, given as instances or keys."""
        run_sync(relate.remove(_executor(self), self.relation, self.instance, objs))
        _forget(self)

    async def aremove(self, *objs: Any) -> None:
        """Part the instance from rows, given as instances or keys."""
        await relate.remove(_async_executor(self), self.relation, self.instance, objs)
        _forget(self)

    def clear(self) -> None:
        """Part the instance from all rows."""
        run_sync(relate.clear(_executor(self), self.relation, self.instance))
        _forget(self)

    async def aclear(self) -> None:
        """Part the instance from all rows."""
        await relate.clear(_async_executor(self), self.relation, self.instance)
        _forget(self)

    def set(
        self,
        objs: Iterable[Any],
        *,
        clear: bool = False,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Pair the instance with these rows and no others; with *clear*, pairs that stay are made anew."""
        defaults = through_defaults or {}
        run_sync(relate.set_pairs(_executor(self), self.relation, self.instance, objs, defaults, clear))
        _forget(self)

    async def aset(
        self,
        objs: Iterable[Any],
        *,
        clear: bool = False,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Pair the instance with these rows and no others; with *clear*, pairs that stay are made anew."""
        defaults = through_defaults or {}
        await relate.set_pairs(_async_executor(self), self.relation, self.instance, objs, defaults, clear)
        _forget(self)


AnyRelated: TypeAlias = RelatedManager[Any] | ManyRelatedManager[Any]


def related_manager(relation: ReverseRelation | ManyToMany, instance: Any) -> AnyRelated:
    """Return the manager of *instance*'s rows, which takes after the default manager of their model."""
    default = options_of(relation.target.model).default_manager
    base = cast(Any, ManyRelatedManager if isinstance(relation, ManyToMany) else RelatedManager)
    kind = cast(Any, _kind(base, type(default)))
    manager: AnyRelated = kind.__new__(kind)
    if hasattr(default, "__dict__"):
        vars(manager).update(vars(default))
    base.__init__(manager, relation, instance)
    return manager


_kinds: dict[tuple[type[Any], type[Any]], type[Any]] = {}


def _kind(base: type[Any], default: type[Any]) -> type[Any]:
    """Return a class that is both; *base* when the default manager is a plain one."""
    if default is Manager:
        return base
    kind = _kinds.get((base, default))
    if kind is None:
        kind = type(f"{base.__name__}Of{default.__name__}", (base, default), {"__slots__": ()})
        _kinds[base, default] = kind
    return kind


def _paired(ignore_conflicts: bool) -> bool:
    """Refuse what leaves rows without the keys that pairs are made of."""
    if ignore_conflicts:
        raise ValueError(
            "ignore_conflicts sets no keys, which the instance would be paired with: leave it out"
        )
    return False


def _executor(manager: AnyRelated) -> Executor:
    return write_executor(None, manager.relation.target.model, manager.instance)


def _async_executor(manager: AnyRelated) -> Executor:
    return async_write_executor(None, manager.relation.target.model, manager.instance)


def _related(manager: AnyRelated, start: QuerySet[Any], relation: FieldView, key: Any) -> QuerySet[Any]:
    """Return those rows of *start* that *relation* leads from to the row of that key.

    If `prefetch_related()` has loaded them already, they are there.
    """
    rows: Any = cast(Any, start)._refined(start.query.referring_to(relation, key))
    rows._instance = manager.instance
    rows._result_cache = vars(manager.instance).get("_prefetched", {}).get(manager.relation.accessor)
    return cast("QuerySet[Any]", rows)


def _forget(manager: AnyRelated) -> None:
    """Forget what was prefetched: it is no longer true."""
    manager.instance.__dict__.get("_prefetched", {}).pop(manager.relation.accessor, None)
