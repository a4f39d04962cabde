# Written by scripts/field_stubs.py: change the tables there.

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, overload

from dorm.fields.base import Choices, Field

_T = TypeVar("_T")

class DateField(Field[_T]):
    @overload
    def __init__(
        self: DateField[dt.date],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: DateField[dt.date | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: DateField[dt.date | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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

class TimeField(Field[_T]):
    @overload
    def __init__(
        self: TimeField[dt.time],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: TimeField[dt.time | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: TimeField[dt.time | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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

class DateTimeField(Field[_T]):
    @overload
    def __init__(
        self: DateTimeField[dt.datetime],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: DateTimeField[dt.datetime | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
        self: DateTimeField[dt.datetime | None],
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
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
