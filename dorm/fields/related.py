"""ForeignKey: what a row refers to, and what happens to it when that goes.

Rests on the scalar field's base. Which model a name means is settled by the registry (`meta/`); until then
`related_model` is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, cast

from ..exceptions import FieldError, ImproperlyConfigured
from ..lookups.paths import ModelView
from ..lookups.table import Family
from ..sql.types import BIGINT, INTEGER, ColumnType
from .base import NOT_PROVIDED, Field, PythonType, check_identifier


class OnDelete:
    """What happens to rows that refer to a deleted row; the six constants are all there are."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


CASCADE = OnDelete("CASCADE")
PROTECT = OnDelete("PROTECT")
RESTRICT = OnDelete("RESTRICT")
SET_NULL = OnDelete("SET_NULL")
SET_DEFAULT = OnDelete("SET_DEFAULT")
DO_NOTHING = OnDelete("DO_NOTHING")


class RelatedOptions(ModelView, Protocol):
    """What a foreign key needs of its target's options."""

    @property
    def pk(self) -> Field[Any]: ...
    @property
    def db_table(self) -> str: ...
    @property
    def model(self) -> type[Any]: ...


class ForeignKey(Field[Any]):
    """A reference to one row of another model, kept as that row's key in the column `<name>_id`.

    *to* is a model, "self", a name in the same app, or "app.Name". Assign a saved instance to `author`, or
    its key to `author_id`.
    """

    family: Family = "relation"

    def __init__(
        self,
        to: PythonType | str,
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        verbose_name: str | None = None,
        null: bool = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: Any = NOT_PROVIDED,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = (),
        help_text: str = "",
    ) -> None:
        super().__init__(
            verbose_name,
            null=null,
            blank=blank,
            unique=unique,
            primary_key=primary_key,
            default=default,
            editable=editable,
            db_index=db_index,
            db_column=db_column,
            validators=validators,
            help_text=help_text,
        )
        if not isinstance(to, str) and not hasattr(to, "_meta"):
            raise ImproperlyConfigured(f"ForeignKey() takes a model or its name, not {to!r}")
        if not isinstance(on_delete, OnDelete):
            raise ImproperlyConfigured(
                "on_delete must be CASCADE, PROTECT, RESTRICT, SET_NULL, SET_DEFAULT or DO_NOTHING, "
                f"not {on_delete!r}"
            )
        if related_name is not None and related_name != "+":
            check_identifier(related_name, "related_name")
        self.to = to
        self.on_delete = on_delete
        self.related_name = related_name

    def bind(self, model: Any, name: str) -> None:
        if self.on_delete is SET_NULL and not self.null:
            raise ImproperlyConfigured(f"{name!r} has on_delete=SET_NULL, so it needs null=True")
        if self.on_delete is SET_DEFAULT and not self.has_default():
            raise ImproperlyConfigured(f"{name!r} has on_delete=SET_DEFAULT, so it needs a default")
        super().bind(model, name)

    def attribute_for(self, name: str) -> str:
        return f"{name}_id"

    @property
    def cache_name(self) -> str:
        """The attribute of an instance in which the related instance is kept once it is loaded."""
        return f"_{self.name}_object"

    @property
    def pending_name(self) -> str:
        """The attribute that is set while the related instance was not saved when it was assigned."""
        return f"_{self.name}_pending"

    # -- the other side -------------------------------------------------------------------------

    @property
    def target(self) -> RelatedOptions:
        """The options of the model that this refers to."""
        if self.related_model is None:
            raise ImproperlyConfigured(
                f"{self._where()} refers to {self.to!r}, which is not defined (is its module imported?)"
            )
        return cast(RelatedOptions, self.related_model._meta)

    @property
    def target_field(self) -> Field[Any]:
        """The field whose value this column holds: the target's primary key."""
        return self.target.pk

    @property
    def local_column(self) -> str:
        """The column of the join on this model's side."""
        return self.column

    @property
    def remote_column(self) -> str:
        """The column of the join on the target's side."""
        return self.target_field.column

    @property
    def type(self) -> ColumnType:
        key = self.target_field.type
        return {"auto": INTEGER, "bigauto": BIGINT}.get(key.name, key)

    # -- values ---------------------------------------------------------------------------------

    @property
    def python_types(self) -> frozenset[PythonType]:  # type: ignore[override]  # depends on the target's key
        return self.target_field.python_types

    def to_python(self, value: Any) -> Any:
        return self.target_field.to_python(value)

    def from_db_value(self, value: Any) -> Any:
        return self.target_field.from_db_value(value)

    def prepare_operand(self, value: Any) -> Any:
        """Return the key of an instance, or the key that *value* is, for a comparison."""
        return self.key_of(value) if hasattr(value, "_meta") else self._as_key(value, "prepare_operand")

    def get_prep_value(self, value: Any) -> Any:
        """Return the key of an instance, or the key that *value* is, for the column."""
        return self.key_of(value) if hasattr(value, "_meta") else self._as_key(value, "get_prep_value")

    def _as_key(self, value: Any, prepare: Literal["prepare_operand", "get_prep_value"]) -> Any:
        try:
            return getattr(self.target_field, prepare)(value)
        except FieldError as error:
            raise self.refusal(value, f"expects a {self.target.name} or its key") from error

    def key_of(self, instance: Any) -> Any:
        """Return the key of *instance*; raise FieldError for another model's or an unsaved one."""
        self.check_instance(instance)
        return self.key_in(instance, self.target_field)

    def key_in(self, instance: Any, key_field: Field[Any]) -> Any:
        """Return the value of *key_field* in *instance*; raise FieldError when it is not saved."""
        key = instance.__dict__.get(key_field.attname)
        if key is None:
            raise FieldError(f"{self._where()} needs a saved {type(instance).__name__}: save it first")
        return key

    def check_instance(self, instance: Any) -> None:
        """Raise FieldError unless *instance* is of the model that this refers to."""
        if not isinstance(instance, cast("PythonType", self.related_model)):
            raise self.wrong_model(self.target.name, instance)

    def wrong_model(self, expected: str, instance: Any) -> FieldError:
        """Return the error for an instance of another model than *expected*."""
        given = type(instance).__name__
        return FieldError(f"{self._where()} is about {expected}, not {given}: {instance!r}", name=self.name)

    def _where(self) -> str:
        return f"{self.model.__name__}.{self.name}" if self.model is not None else self.name or "ForeignKey"
