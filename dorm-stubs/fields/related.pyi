# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Sequence
from typing import Any, Literal, Protocol, overload

from typing_extensions import TypeVar

from dorm.exceptions import FieldError
from dorm.fields.base import Field, PythonType
from dorm.lookups.paths import ModelView
from dorm.models.base import Model

_M = TypeVar("_M", bound=Model)
_R = TypeVar("_R", default=Any)

class OnDelete:
    name: str

    def __init__(self, name: str) -> None: ...
    def __repr__(self) -> str: ...
    def __reduce__(self) -> str: ...

CASCADE: OnDelete
PROTECT: OnDelete
RESTRICT: OnDelete
SET_NULL: OnDelete
SET_DEFAULT: OnDelete
DO_NOTHING: OnDelete

class RelatedOptions(ModelView, Protocol):
    @property
    def pk(self) -> Field[Any]: ...
    @property
    def db_table(self) -> str: ...
    @property
    def model(self) -> type[Any]: ...

class ForeignKey(Field[_R]):
    to: PythonType | str
    on_delete: OnDelete
    related_name: str | None

    @property
    def cache_name(self) -> str: ...
    @property
    def pending_name(self) -> str: ...
    @property
    def target(self) -> RelatedOptions: ...
    @property
    def target_field(self) -> Field[Any]: ...
    @property
    def local_column(self) -> str: ...
    @property
    def remote_column(self) -> str: ...
    def key_of(self, instance: Any) -> Any: ...
    def key_in(self, instance: Any, key_field: Field[Any]) -> Any: ...
    def check_instance(self, instance: Any) -> None: ...
    def wrong_model(self, expected: str, instance: Any) -> FieldError: ...
    @overload
    def __init__(
        self: ForeignKey[_M],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        verbose_name: str | None = None,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        verbose_name: str | None = None,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        verbose_name: str | None = None,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self,
        to: str,
        on_delete: OnDelete,
        related_name: str | None = None,
        *,
        verbose_name: str | None = None,
        null: bool = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = True,
        db_column: str | None = None,
        validators: Sequence[Any] = ...,
        help_text: str = "",
    ) -> None: ...
