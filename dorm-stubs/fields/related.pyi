# Written by scripts/field_stubs.py: change the tables there.

from collections.abc import Callable, Iterable
from typing import Any, Literal, overload

from typing_extensions import TypeVar

from dorm.fields.base import Choices, Field
from dorm.models.base import Model

_M = TypeVar("_M", bound=Model)
_R = TypeVar("_R", default=Any)

class OnDelete: ...

CASCADE: OnDelete
PROTECT: OnDelete
RESTRICT: OnDelete
SET_NULL: OnDelete
SET_DEFAULT: OnDelete
DO_NOTHING: OnDelete

class ForeignKey(Field[_R]):
    @overload
    def __init__(
        self: ForeignKey[_M],
        to: type[_M],
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: Literal[False] = False,
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: Literal[True],
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_M | None],
        to: type[_M],
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: bool,
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_R],
        to: str,
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: Literal[False] = False,
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_R],
        to: str,
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: Literal[True],
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self: ForeignKey[_R],
        to: str,
        on_delete: OnDelete,
        *,
        related_name: str | None = None,
        to_field: str | None = None,
        primary_key: bool = False,
        unique: bool = False,
        null: bool,
        blank: bool = False,
        default: Any = ...,
        db_index: bool = False,
        db_column: str | None = None,
        choices: Choices | None = None,
        validators: Iterable[Callable[[Any], object]] = (),
        editable: bool = True,
        verbose_name: str | None = None,
        help_text: str = "",
    ) -> None: ...
