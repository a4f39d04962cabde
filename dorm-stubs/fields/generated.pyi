# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable, Mapping
from typing import Any, Literal, overload

from typing_extensions import TypeVar

from dorm.expressions.base import Expression
from dorm.fields.base import Choices, Field
from dorm.validators import Validator

_T = TypeVar("_T")
X = TypeVar("X")

class GeneratedField(Field[_T]):
    expression: Expression[Any]
    output_field: Any
    db_persist: bool

    @overload
    def __init__(
        self: GeneratedField[X],
        verbose_name: str | None = None,
        *,
        expression: Expression[Any],
        output_field: Field[X],
        db_persist: bool = True,
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
        self: GeneratedField[X | None],
        verbose_name: str | None = None,
        *,
        expression: Expression[Any],
        output_field: Field[X],
        db_persist: bool = True,
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
        self: GeneratedField[X | None],
        verbose_name: str | None = None,
        *,
        expression: Expression[Any],
        output_field: Field[X],
        db_persist: bool = True,
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
