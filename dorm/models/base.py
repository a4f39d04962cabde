"""Model: what every row is an instance of.

Rests on its metaclass and on the actions that save and delete. An instance holds plain values; there is no
state object beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from .._run import run_sync
from .._text import did_you_mean, nearest
from ..actions import delete as deletion
from ..actions import read, save, validate
from ..db.connection import async_executor, executor
from ..db.executor import Executor
from ..db.routers import async_read_executor, async_write_executor, read_executor, write_executor
from ..exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from ..fields.related import ForeignKey
from ..meta.options import Options, options_of
from ..query.query import Query
from .descriptors import refuse_in_strict_loop
from .instances import initialiser
from .keywords import akeywords_alone, keywords_alone
from .metaclass import ModelBase
from .state import ModelState
from .validation import Problems, clean_fields


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

    @property
    def _state(self) -> ModelState:
        """Where the instance comes from: `_state.adding`, `_state.db`."""
        return ModelState(self)

    @classmethod
    def from_db(cls, db: str | None, field_names: Sequence[str], values: Sequence[Any]) -> Self:
        """Return the instance of a row of the database *db*: *values* of *field_names*, the rest deferred.

        A class that overrides this is asked for each of its rows; the others are made without it.
        """
        instance = cls.__new__(cls)
        vars(instance).update(zip(field_names, values))
        instance._state.db = db
        return instance

    def get_deferred_fields(self) -> set[str]:
        """Return the attributes of the columns that are not loaded."""
        return {name for name in self._meta.by_attname if name not in self.__dict__}

    # -- validation ------------------------------------------------------------------------------

    def full_clean(
        self,
        exclude: Iterable[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Check everything; raise all errors as one ValidationError, by field.

        Fields convert and check their values, `clean()` sees the whole, then the database is asked.
        """
        problems = Problems(exclude)
        with problems.taken():
            self.clean_fields(exclude=problems.exclude)
        with problems.taken():
            self.clean()
        if validate_unique:
            with problems.taken():
                self.validate_unique(exclude=problems.settled())
        if validate_constraints:
            with problems.taken():
                self.validate_constraints(exclude=problems.settled())
        problems.finish()

    async def afull_clean(
        self,
        exclude: Iterable[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Check everything; raise all errors as one ValidationError, by field.

        Fields convert and check their values, `clean()` sees the whole, then the database is asked.
        """
        problems = Problems(exclude)
        with problems.taken():
            self.clean_fields(exclude=problems.exclude)
        with problems.taken():
            self.clean()
        if validate_unique:
            with problems.taken():
                await self.avalidate_unique(exclude=problems.settled())
        if validate_constraints:
            with problems.taken():
                await self.avalidate_constraints(exclude=problems.settled())
        problems.finish()

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        """Convert and check the value of each field; raise what they refuse as one ValidationError."""
        clean_fields(self, exclude)

    def clean(self) -> None:
        """Check the instance as a whole: override this, and raise ValidationError."""

    def validate_unique(self, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError if another row has a value that may be there once."""
        db = read_executor(None, type(self), self)
        run_sync(validate.validate_unique(db, self, exclude or ()))

    async def avalidate_unique(self, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError if another row has a value that may be there once."""
        db = async_read_executor(None, type(self), self)
        await validate.validate_unique(db, self, exclude or ())

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError for the constraints of Meta that the row does not hold to."""
        db = read_executor(None, type(self), self)
        run_sync(validate.validate_constraints(db, self, exclude or ()))

    async def avalidate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError for the constraints of Meta that the row does not hold to."""
        db = async_read_executor(None, type(self), self)
        await validate.validate_constraints(db, self, exclude or ())

    # -- saving and deleting ---------------------------------------------------------------------

    def save(
        self,
        *,
        force_insert: bool = False,
        force_update: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None:
        """Insert the row, or update it if it is there; with *update_fields*, update these columns only.

        With *force_update*, it is a DatabaseError if the row is not there.
        """
        db = write_executor(using, type(self), self)
        run_sync(save.save(db, self, force_insert, force_update, update_fields))

    async def asave(
        self,
        *,
        force_insert: bool = False,
        force_update: bool = False,
        update_fields: Iterable[str] | None = None,
        using: str | None = None,
    ) -> None:
        """Insert the row, or update it if it is there; with *update_fields*, update these columns only.

        With *force_update*, it is a DatabaseError if the row is not there.
        """
        db = async_write_executor(using, type(self), self)
        await save.save(db, self, force_insert, force_update, update_fields)

    def delete(self, *, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Delete the row, and do to those that refer to it what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        No row has a parent in another table, so there is none for *keep_parents* to keep.
        """
        return run_sync(deletion.delete_instance(write_executor(using, type(self), self), self))

    async def adelete(
        self, *, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Delete the row, and do to those that refer to it what `on_delete` says.

        Returns how many rows went, in all and by model. Raises ProtectedError before anything is deleted.
        No row has a parent in another table, so there is none for *keep_parents* to keep.
        """
        return await deletion.delete_instance(async_write_executor(using, type(self), self), self)

    # -- loading ---------------------------------------------------------------------------------

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: Any = None,
    ) -> None:
        """Load every column anew, or those of *fields*. Raises the model's DoesNotExist if the row is gone.

        *from_queryset* is where the row is looked for, in place of all rows of the model.
        """
        run_sync(self._refreshed(executor(using or self._alias or "default"), fields, from_queryset))

    async def arefresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: Any = None,
    ) -> None:
        """Load every column anew, or those of *fields*. Raises the model's DoesNotExist if the row is gone.

        *from_queryset* is where the row is looked for, in place of all rows of the model.
        """
        await self._refreshed(async_executor(using or self._alias or "default"), fields, from_queryset)

    async def _refreshed(self, db: Executor, fields: Iterable[str] | None, from_queryset: Any) -> None:
        options = self._meta
        named = None if fields is None else tuple(options.get_column(name).name for name in fields)
        if named == ():
            return
        query = Query.of(options) if from_queryset is None else from_queryset.query
        row = query.filtered((), {"pk": self.pk})
        if named is not None:
            row = row.loading("only", named)
        fresh = await read.get(db, row, lambda: f"refresh_from_db() of {self!r}")
        held = vars(self)
        for field in options.fields if named is None else map(options.get_field, named):
            if isinstance(field, ForeignKey):
                held.pop(field.cache_name, None)
                held.pop(field.pending_name, None)
            if field.attname in vars(fresh):
                held[field.attname] = vars(fresh)[field.attname]
        self._adding = False

    def __getattr__(self, name: str) -> Any:
        """Load the column *name*, which `only()` or `defer()` left out."""
        if name[:2] == "__":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
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
        same_rows = self._meta.concrete_model is other._meta.concrete_model
        if not same_rows or self.pk is None:
            return self is other
        return bool(self.pk == other.pk)

    def __hash__(self) -> int:
        if self.pk is None:
            raise TypeError(f"{self!r} is not saved: without a primary key it has no hash")
        return hash((self._meta.concrete_model, self.pk))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {'unsaved' if self.pk is None else f'pk={self.pk!r}'}>"

    def __str__(self) -> str:
        return f"{type(self).__name__} object ({self.pk})"


# Put on from outside, so that the signatures that are read and typed stay those above.
setattr(Model, "save", keywords_alone(Model.save))
setattr(Model, "asave", akeywords_alone(Model.asave))
save.PLAIN_SAVES.update((Model.save, Model.asave))
