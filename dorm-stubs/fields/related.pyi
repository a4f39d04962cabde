# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Literal, Never, Protocol, Self, overload

from typing_extensions import TypeVar

from dorm._record import Record
from dorm.exceptions import FieldError, RelatedObjectDoesNotExist
from dorm.expressions.columns import RelationColumn
from dorm.fields.base import Choices, Field, PythonType
from dorm.lookups.paths import ModelView
from dorm.models.base import Model
from dorm.queryset.related import ManyRelatedManager

_N = TypeVar("_N")
_M = TypeVar("_M", bound=Model)
_R = TypeVar("_R", default=Any)
_P = TypeVar("_P", bound=Model, default=Any)

class OnDelete:
    name: str
    action: str | None

    def __init__(self, name: str, action: str | None = None) -> None: ...
    def __repr__(self) -> str: ...
    def __reduce__(self) -> str: ...

CASCADE: OnDelete
PROTECT: OnDelete
RESTRICT: OnDelete
SET_NULL: OnDelete
SET_DEFAULT: OnDelete
DO_NOTHING: OnDelete
DB_CASCADE: OnDelete
DB_SET_NULL: OnDelete
DB_SET_DEFAULT: OnDelete
LEFT_TO_THE_DATABASE: frozenset[Any]

class RelatedOptions(ModelView, Protocol):
    @property
    def pk(self) -> Field[Any]: ...
    @property
    def db_table(self) -> str: ...
    @property
    def model(self) -> type[Any]: ...

class Step(Record):
    table: str
    local_column: str
    remote_column: str
    many: bool = ...
    nullable: bool = ...
    forward: bool = ...

class RelationField(Field[_R]):
    to: PythonType | str
    related_name: str | None
    related_query_name: str | None

    def name_reverse(self, default: str | None, app_label: str) -> None: ...
    @property
    def target(self) -> RelatedOptions: ...
    def check_instance(self, instance: Any) -> None: ...
    def wrong_model(self, expected: str, instance: Any) -> FieldError: ...
    def key_in(self, instance: Any, key_field: Field[Any]) -> Any: ...
    @overload  # type: ignore[override]
    def __get__(self: RelationField[_N | None], instance: None, owner: Any) -> RelationColumn[_N]: ...
    @overload
    def __get__(self, instance: None, owner: Any) -> RelationColumn[_R]: ...
    @overload
    def __get__(self, instance: Model, owner: Any) -> _R: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Self: ...  # pyright: ignore[reportIncompatibleMethodOverride]

class ForeignKey(RelationField[_R]):
    on_delete: Any
    to_field: str | None
    db_constraint: bool
    limit_choices_to: Any

    @property
    def cache_name(self) -> str: ...
    @property
    def pending_name(self) -> str: ...
    @cached_property
    def missing(self) -> type[RelatedObjectDoesNotExist]: ...
    @property
    def target_field(self) -> Field[Any]: ...
    @property
    def steps(self) -> tuple[Step, ...]: ...
    def key_of(self, instance: Any) -> Any: ...
    @overload
    def __init__(
        self: ForeignKey[_M],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        to: str,
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
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

class OneToOneField(ForeignKey[_R]):
    @overload
    def __init__(
        self: OneToOneField[_M],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: OneToOneField[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: OneToOneField[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        related_query_name: str | None = None,
        to_field: str | None = None,
        db_constraint: bool = True,
        limit_choices_to: Any = None,
        verbose_name: str | None = None,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        to: str,
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
        default: object = ...,
        db_default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

class ManyToManyField(RelationField[ManyRelatedManager[_P]], Generic[_P]):
    through: PythonType | str | None
    makes_table: Any
    through_fields: tuple[str, str] | None
    symmetrical: Any
    db_table: Any
    db_constraint: bool
    limit_choices_to: Any
    source: Any

    def db_type(self, connection: Any) -> None: ...
    @overload
    def __init__(
        self: ManyToManyField[_M],
        to: type[_M],
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
    ) -> None: ...
    @overload
    def __init__(
        self,
        to: str,
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
    ) -> None: ...
    @overload  # type: ignore[override]
    def __get__(self, instance: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, instance: Model, owner: Any) -> ManyRelatedManager[_P]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Self: ...  # pyright: ignore[reportIncompatibleMethodOverride]
    def __set__(self, instance: Model, value: Never) -> None: ...  # type: ignore[override]
