# Written by scripts/field_stubs.py: change the tables there.

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, overload
from uuid import UUID

from dorm.fields.base import Choices, Field

_T = TypeVar("_T")

class UUIDField(Field[_T]):
    @overload
    def __init__(
        self: UUIDField[UUID],
        *,
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
        self: UUIDField[UUID | None],
        *,
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
        self: UUIDField[UUID | None],
        *,
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

class JSONField(Field[_T]):
    @overload
    def __init__(
        self: JSONField[Any],
        *,
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
        self: JSONField[Any],
        *,
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
        self: JSONField[Any],
        *,
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
