# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable
from typing import Any, Literal, overload
from uuid import UUID

from typing_extensions import TypeVar

from dorm.fields.base import Choices, Field
from dorm.validators import Validator

_T = TypeVar("_T")

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
    ) -> None: ...

def uuid_class() -> type[UUID]: ...

class JSONField(Field[_T]):
    def own_validators(self) -> list[Any]: ...
    @overload
    def __init__(
        self: JSONField[Any],
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
    ) -> None: ...
    @overload
    def __init__(
        self: JSONField[Any],
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
    ) -> None: ...
    @overload
    def __init__(
        self: JSONField[Any],
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
    ) -> None: ...

def from_text(value: Any) -> Any: ...
def check_json(value: Any) -> None: ...
