# Written by scripts/field_stubs.py from the module of the same name: change it there.

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, overload
from uuid import UUID

from typing_extensions import TypeVar

from dorm.fields.base import Choices, Field
from dorm.lookups.parts import ValueView
from dorm.sql.types import JSONNullType
from dorm.validators import Validator

_T = TypeVar("_T")
_S = TypeVar("_S")
X = TypeVar("X")
JSONNull: Final[JSONNullType]

class UUIDField(Field[_T]):
    @overload
    def __init__(
        self: UUIDField[UUID],
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
        self: UUIDField[UUID | None],
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
        self: UUIDField[UUID | None],
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

def uuid_class() -> type[UUID]: ...

class BinaryField(Field[_T]):
    def own_validators(self) -> list[Validator]: ...
    @overload
    def __init__(
        self: BinaryField[bytes],
        verbose_name: str | None = None,
        *,
        max_length: int | None = None,
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
        self: BinaryField[bytes | None],
        verbose_name: str | None = None,
        *,
        max_length: int | None = None,
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
        self: BinaryField[bytes | None],
        verbose_name: str | None = None,
        *,
        max_length: int | None = None,
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

class JSONField(Field[_T]):
    schema: Any
    encoder: type[json.JSONEncoder] | None
    decoder: type[json.JSONDecoder] | None

    @property
    def view(self) -> ValueView: ...
    def own_validators(self) -> list[Any]: ...
    def check_json(self, value: Any) -> None: ...
    @overload
    def __init__(
        self: JSONField[_S],
        verbose_name: str | None = None,
        *,
        schema: type[_S],
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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
        self: JSONField[_S | None],
        verbose_name: str | None = None,
        *,
        schema: type[_S],
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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
        self: JSONField[_S | None],
        verbose_name: str | None = None,
        *,
        schema: type[_S],
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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
    @overload
    def __init__(
        self: JSONField[Any],
        verbose_name: str | None = None,
        *,
        schema: type[Any] | None = None,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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
        self: JSONField[Any],
        verbose_name: str | None = None,
        *,
        schema: type[Any] | None = None,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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
        self: JSONField[Any],
        verbose_name: str | None = None,
        *,
        schema: type[Any] | None = None,
        encoder: type[json.JSONEncoder] | None = None,
        decoder: type[json.JSONDecoder] | None = None,
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

class ArrayField(Field[_T]):
    base_field: Any
    size: int | None

    @property
    def view(self) -> ValueView: ...
    def own_validators(self) -> list[Any]: ...
    def check_items(self, value: list[Any]) -> None: ...
    @overload
    def __init__(
        self: ArrayField[list[X]],
        base_field: Field[X],
        verbose_name: str | None = None,
        *,
        size: int | None = None,
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
        self: ArrayField[list[X] | None],
        base_field: Field[X],
        verbose_name: str | None = None,
        *,
        size: int | None = None,
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
        self: ArrayField[list[X] | None],
        base_field: Field[X],
        verbose_name: str | None = None,
        *,
        size: int | None = None,
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

def from_text(value: Any) -> Any: ...
