"""Model: what every row is an instance of.

Rests on its metaclass and on the actions that save and delete. An instance holds plain values; there is no
state object beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from .._run import run_sync
from .._text import did_you_mean, nearest
from ..actions import delete as deletion
from ..actions import read, save
from ..db.connection import async_executor, executor
from ..db.executor import Executor
from ..db.routers import async_write_executor, write_executor
from ..exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from ..meta.options import Options, options_of
from ..query.query import Query
from .descriptors import refuse_in_strict_loop
from .instances import initialiser
from .metaclass import ModelBase


class Model(metaclass=ModelBase):
    """A row. Subclass it with fields; save, load and delete its instances."""

    _meta: ClassVar[Options]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]

    # What an instance from the default database need not hold itself.
    _adding = False
    _alias: str | None = None

    def __init__(self, **values: Any) -> None:
        initialiser(type(self))(self, **values)

    @property
    def pk(self) -> Any:
        """The value of the primary key; None before the row is saved."""
        return self.__dict__.get(self._meta.pk.attname)

    @pk.setter
    def pk(self, value: Any) -> None:
        setattr(self, self._meta.pk.attname, value)

    # -- saving and deleting ---------------------------------------------------------------------

    def save(
        self,
        *,
        force_insert: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None:
        """Insert the row, or update it if it is there; with *update_fields*, update these columns only."""
        db = write_executor(using, type(self), self)
        run_sync(save.save(db, self, force_insert=force_insert, update_fields=update_fields))

    async def asave(
        self,
        *,
        force_insert: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None:
        """Insert the row, or update it if it is there; with *update_fields*, update these columns only."""
        db = async_write_executor(using, type(self), self)
        await save.save(db, self, force_insert=force_insert, update_fields=update_fields)

    def delete(self, *, using: str | None = None) -> tuple[int, dict[str, int]]:
        """Delete the row, and do to those that refer to it what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """
        return run_sync(deletion.delete_instance(write_executor(using, type(self), self), self))

    async def adelete(self, *, using: str | None = None) -> tuple[int, dict[str, int]]:
        """Delete the row, and do to those that refer to it what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        """
        return await deletion.delete_instance(async_write_executor(using, type(self), self), self)

    # -- loading ---------------------------------------------------------------------------------

    def refresh_from_db(self, *, using: str | None = None) -> None:
        """Load every column anew. Raises the model's DoesNotExist if the row is gone."""
        run_sync(self._refreshed(executor(using or self._alias or "default")))

    async def arefresh_from_db(self, *, using: str | None = None) -> None:
        """Load every column anew. Raises the model's DoesNotExist if the row is gone."""
        await self._refreshed(async_executor(using or self._alias or "default"))

    async def _refreshed(self, db: Executor) -> None:
        row = Query.of(self._meta).filtered((), {"pk": self.pk})
        fresh = await read.get(db, row, lambda: f"refresh_from_db() of {self!r}")
        for key in self._meta.foreign_keys:
            vars(self).pop(key.cache_name, None)
            vars(self).pop(key.pending_name, None)
        vars(self).update({field.attname: getattr(fresh, field.attname) for field in self._meta.fields})
        self._adding = False

    def __getattr__(self, name: str) -> Any:
        """Load the column *name*, which `only()` or `defer()` left out."""
        options = options_of(type(self))
        if any(name in vars(base) for base in type(self).__mro__):
            # A property or a relation raised AttributeError: that is the error to see.
            return object.__getattribute__(self, name)
        if name not in options.by_attname:
            suggestion = nearest(name, [*options.by_attname, *dir(type(self))])
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r}.{did_you_mean(suggestion)}"
            )
        if self._adding and options.by_attname[name].generated:
            raise AttributeError(f"{type(self).__name__}.{name} is computed by the database: save it first")
        what = f"the deferred {type(self).__name__}.{name}"
        refuse_in_strict_loop(what, "load it with the row, or call arefresh_from_db()")
        row = Query.of(options).filtered((), {"pk": self.pk}).rows("flat", (name,))
        value = run_sync(read.get(executor(self._alias or "default"), row, lambda: f"{what} of {self!r}"))
        vars(self)[name] = value
        return value

    # -- being an object -------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if type(self) is not type(other) or self.pk is None:
            return self is other
        return bool(self.pk == other.pk)

    def __hash__(self) -> int:
        if self.pk is None:
            raise TypeError(f"{self!r} is not saved: without a primary key it has no hash")
        return hash((type(self), self.pk))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {'unsaved' if self.pk is None else f'pk={self.pk!r}'}>"

    def __str__(self) -> str:
        return f"{type(self).__name__} object ({self.pk})"
