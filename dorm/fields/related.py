"""Fields that lead to rows of another model: ForeignKey, OneToOneField, ManyToManyField.

Rests on the scalar field's base. Which model a name means is settled by the registry (`meta/`); until then
`related_model` is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Literal, Protocol, cast

from .._record import Record
from ..exceptions import FieldError, ImproperlyConfigured, RelatedObjectDoesNotExist
from ..lookups.paths import ModelView
from ..lookups.table import Family
from ..sql.types import BIGINT, INTEGER, ColumnType
from .base import NOT_PROVIDED, Choices, Field, PythonType, check_identifier


class OnDelete:
    """What happens to rows that refer to a deleted row; the constants below are all there are.

    *action* is what the database itself does; without one, dorm does what is to be done.
    """

    __slots__ = ("action", "name")

    def __init__(self, name: str, action: str | None = None) -> None:
        self.name = name
        self.action = action

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
DB_CASCADE = OnDelete("DB_CASCADE", "CASCADE")
DB_SET_NULL = OnDelete("DB_SET_NULL", "SET NULL")
DB_SET_DEFAULT = OnDelete("DB_SET_DEFAULT", "SET DEFAULT")

LEFT_TO_THE_DATABASE: Final = frozenset({RESTRICT, DO_NOTHING, DB_CASCADE, DB_SET_NULL, DB_SET_DEFAULT})


class RelatedOptions(ModelView, Protocol):
    """What a relation needs of its target's options."""

    @property
    def pk(self) -> Field[Any]: ...
    @property
    def db_table(self) -> str: ...
    @property
    def model(self) -> type[Any]: ...


class Step(Record):
    """One join on the way over a relation: from a column here to a column of *table*.

    A *forward* step leads to the one row whose key stands here; *many* says that it may lead to several.
    """

    table: str
    local_column: str
    remote_column: str
    many: bool = False
    nullable: bool = False
    forward: bool = False


class RelationField(Field[Any]):
    """What fields that lead to another model share.

    *to* is that model, "self", a name in the same app, or "app.Name".
    """

    family: Family = "relation"

    to: PythonType | str
    related_name: str | None
    related_query_name: str | None

    def _relate(self, to: PythonType | str, related_name: str | None, related_query_name: str | None) -> None:
        if not isinstance(to, str) and not hasattr(to, "_meta"):
            raise ImproperlyConfigured(f"{type(self).__name__}() takes a model or its name, not {to!r}")
        for option, name in (("related_name", related_name), ("related_query_name", related_query_name)):
            if name is not None and name != "+":
                check_identifier(name % {"class": "x", "app_label": "x"} if "%" in name else name, option)
        self.to = to
        self.related_name = related_name
        self.related_query_name = related_query_name
        # As they were given: a model fills in its own name, and the registry the table of pairs.
        self._written: dict[str, Any] = {
            "related_name": related_name,
            "related_query_name": related_query_name,
        }

    def as_written(self, name: str) -> Any:
        return self._written[name] if name in self._written else super().as_written(name)

    def name_reverse(self, default: str | None, app_label: str) -> None:
        """Give the other side its name: its own, or the model's *default_related_name*.

        "%(class)s" and "%(app_label)s" in it are filled in: each child of an abstract model has its own.
        """
        parts = {"class": self.model.__name__.lower(), "app_label": app_label.rpartition(".")[2]}
        named = self.related_name or default
        if named is not None:
            self.related_name = check_identifier(named % parts, "related_name") if named != "+" else named
        if self.related_query_name is not None:
            self.related_query_name %= parts

    @property
    def target(self) -> RelatedOptions:
        """The options of the model that this leads to."""
        if self.related_model is None:
            raise ImproperlyConfigured(
                f"{self._where()} refers to {self.to!r}, which is not defined (is its module imported?)"
            )
        return cast(RelatedOptions, self.related_model._meta)

    def check_instance(self, instance: Any) -> None:
        """Raise FieldError unless *instance* is of the model that this leads to."""
        if not isinstance(instance, cast("PythonType", self.related_model)):
            raise self.wrong_model(self.target.name, instance)

    def wrong_model(self, expected: str, instance: Any) -> FieldError:
        """Return the error for an instance of another model than *expected*."""
        given = type(instance).__name__
        return FieldError(f"{self._where()} is about {expected}, not {given}: {instance!r}", name=self.name)

    def key_in(self, instance: Any, key_field: Field[Any]) -> Any:
        """Return the value of *key_field* in *instance*; raise FieldError when it is not saved."""
        key = instance.__dict__.get(key_field.attname)
        if key is None:
            raise FieldError(f"{self._where()} needs a saved {type(instance).__name__}: save it first")
        return key

    def _where(self) -> str:
        return (
            f"{self.model.__name__}.{self.name}"
            if self.model is not None
            else self.name or type(self).__name__
        )


class ForeignKey(RelationField):
    """A reference to one row of another model, kept as that row's key in the column `<name>_id`.

    Assign a saved instance to `author`, or its key to `author_id`.
    """

    def __init__(
        self,
        to: PythonType | str,
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: bool = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: Any = NOT_PROVIDED,
        db_default: object = NOT_PROVIDED,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = (),
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None:
        super().__init__(
            verbose_name,
            null=null,
            blank=blank,
            unique=unique,
            primary_key=primary_key,
            default=default,
            db_default=db_default,
            editable=editable,
            db_index=db_index,
            db_column=db_column,
            validators=validators,
            choices=choices,
            help_text=help_text,
            error_messages=error_messages,
            db_comment=db_comment,
            unique_for_date=unique_for_date,
            unique_for_month=unique_for_month,
            unique_for_year=unique_for_year,
        )
        if not isinstance(on_delete, OnDelete):
            raise ImproperlyConfigured(
                "on_delete must be CASCADE, PROTECT, RESTRICT, SET_NULL, SET_DEFAULT, DO_NOTHING or one of "
                f"DB_CASCADE, DB_SET_NULL and DB_SET_DEFAULT, not {on_delete!r}"
            )
        self._relate(to, related_name, related_query_name)
        self.on_delete = on_delete
        self.to_field = to_field
        self.db_constraint = db_constraint
        self.limit_choices_to = limit_choices_to

    def bind(self, model: Any, name: str) -> None:
        if self.on_delete in (SET_NULL, DB_SET_NULL) and not self.null:
            raise ImproperlyConfigured(f"{name!r} has on_delete={self.on_delete}, so it needs null=True")
        if self.on_delete is DB_SET_DEFAULT and self.db_default is NOT_PROVIDED:
            raise ImproperlyConfigured(f"{name!r} has on_delete=DB_SET_DEFAULT, so it needs a db_default")
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

    @cached_property
    def missing(self) -> type[RelatedObjectDoesNotExist]:
        """The error of a row that is not there; a DoesNotExist of the target's too."""
        model: Any = self.target.model
        name = f"{self._where()}.RelatedObjectDoesNotExist"
        return type(name, (RelatedObjectDoesNotExist, model.DoesNotExist), {"__module__": model.__module__})

    @property
    def target_field(self) -> Field[Any]:
        """The field whose value this column holds: the target's primary key, or its *to_field*."""
        if self.to_field is None:
            return self.target.pk
        return cast(Any, self.target).get_field(self.to_field)  # type: ignore[no-any-return]  # an Options

    @property
    def steps(self) -> tuple[Step, ...]:
        """The join to the row that this refers to."""
        key = self.target_field.column
        return (Step(self.target.db_table, self.column, key, nullable=self.null, forward=True),)

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


class OneToOneField(ForeignKey):
    """A ForeignKey that no two rows share; the other side has one row, or none."""

    def __init__(
        self,
        to: PythonType | str,
        on_delete: OnDelete,
        related_name: str | None = None,
        **options: Any,
    ) -> None:
        if options.setdefault("unique", True) is not True:
            raise ImproperlyConfigured("a OneToOneField is always unique")
        super().__init__(to, on_delete, related_name, **options)

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"unique": True}


class ManyToManyField(RelationField):
    """Rows of another model, and theirs of this one, paired in a table between the two.

    The table is made by itself, as `<table>_<name>`, unless *through* names the model of one.
    """

    many_to_many = True

    def __init__(
        self,
        to: PythonType | str,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        through: PythonType | str | None = None,
        through_fields: tuple[str, str] | None = None,
        symmetrical: bool | None = None,
        db_table: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        blank: bool = False,
        editable: bool = True,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            verbose_name,
            null=True,
            blank=blank,
            editable=editable,
            help_text=help_text,
            error_messages=error_messages,
        )
        if through is not None and db_table is not None:
            raise ImproperlyConfigured(
                "db_table names the table that is made; one given by through has its own"
            )
        if isinstance(through, str):
            check_identifier(through.rpartition(".")[2], "through")
        self._relate(to, related_name, related_query_name)
        self._written |= {"through": through, "db_table": db_table}
        self.through = through
        self.makes_table = through is None
        self.through_fields = through_fields
        self.symmetrical = to == "self" if symmetrical is None else symmetrical
        self.db_table = None if db_table is None else check_identifier(db_table, "db_table")
        self.db_constraint = db_constraint
        self.limit_choices_to = limit_choices_to
        # The key of the table of pairs that refers to this field's model; set when the relation is complete.
        self.source: ForeignKey | None = None

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"symmetrical": self.to == "self"}

    def bind(self, model: Any, name: str) -> None:
        super().bind(model, name)
        if self.symmetrical:
            # Both directions are the same relation.
            self.related_name = "+"

    def db_type(self, connection: Any) -> None:
        """Return None: there is no column."""
