# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, Unpack, overload

from typing_extensions import TypeVar

from dorm.fields.base import Choices, Field, FieldOptions
from dorm.validators import Validator

T = TypeVar("T")

def normalise(value: datetime) -> datetime: ...
def time_zone() -> tzinfo: ...
def warn_naive(value: datetime) -> None: ...

class TemporalField(Field[T]):
    auto_now: bool
    auto_now_add: bool

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def present(self) -> T: ...

class DateField(TemporalField[T]):
    @overload
    def __init__(
        self: DateField[date],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

class TimeField(TemporalField[T]):
    @overload
    def __init__(
        self: TimeField[time],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: TimeField[time | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: TimeField[time | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

class DateTimeField(TemporalField[T]):
    @overload
    def __init__(
        self: DateTimeField[datetime],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime | None],
        verbose_name: str | None = None,
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

CLOCK: str
ISO: str

class DurationField(Field[T]):
    @overload
    def __init__(
        self: DurationField[timedelta],
        verbose_name: str | None = None,
        *,
        null: Literal[False] = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DurationField[timedelta | None],
        verbose_name: str | None = None,
        *,
        null: Literal[True],
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: DurationField[timedelta | None],
        verbose_name: str | None = None,
        *,
        null: bool,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = ...,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = ...,
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = ...,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None: ...

def duration_from_text(text: str) -> timedelta | None: ...
