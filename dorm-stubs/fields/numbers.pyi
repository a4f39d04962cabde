# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Literal, overload

from typing_extensions import TypeVar

from dorm.fields.base import Choices, Field
from dorm.sql.types import ColumnType
from dorm.validators import Validator

_T = TypeVar("_T")
SMALLINT: ColumnType
AUTO: ColumnType
BIGAUTO: ColumnType

class IntegerField(Field[_T]):
    column_type: ClassVar[ColumnType]
    lowest: ClassVar[int]
    highest: ClassVar[int]

    def own_validators(self) -> list[Validator]: ...
    @overload
    def __init__(
        self: IntegerField[int],
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
        self: IntegerField[int | None],
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
        self: IntegerField[int | None],
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

class BigIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: BigIntegerField[int],
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
        self: BigIntegerField[int | None],
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
        self: BigIntegerField[int | None],
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

class SmallIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: SmallIntegerField[int],
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
        self: SmallIntegerField[int | None],
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
        self: SmallIntegerField[int | None],
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

class PositiveIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: PositiveIntegerField[int],
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
        self: PositiveIntegerField[int | None],
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
        self: PositiveIntegerField[int | None],
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

class PositiveSmallIntegerField(SmallIntegerField[_T]):
    @overload
    def __init__(
        self: PositiveSmallIntegerField[int],
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
        self: PositiveSmallIntegerField[int | None],
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
        self: PositiveSmallIntegerField[int | None],
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

class AutoField(IntegerField[_T]):
    @overload
    def __init__(
        self: AutoField[int],
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
        self: AutoField[int | None],
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
        self: AutoField[int | None],
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

class BigAutoField(AutoField[_T]):
    @overload
    def __init__(
        self: BigAutoField[int],
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
        self: BigAutoField[int | None],
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
        self: BigAutoField[int | None],
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

class FloatField(Field[_T]):
    @overload
    def __init__(
        self: FloatField[float],
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
        self: FloatField[float | None],
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
        self: FloatField[float | None],
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

class DecimalField(Field[_T]):
    max_digits: int
    decimal_places: int
    unit: Any
    context: Any

    def own_validators(self) -> list[Validator]: ...
    def check_digits(self, value: Decimal) -> None: ...
    @overload
    def __init__(
        self: DecimalField[Decimal],
        verbose_name: str | None = None,
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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
        self: DecimalField[Decimal | None],
        verbose_name: str | None = None,
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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
        self: DecimalField[Decimal | None],
        verbose_name: str | None = None,
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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

TRUE_WORDS: frozenset[Any]
FALSE_WORDS: frozenset[Any]

class BooleanField(Field[_T]):
    @overload
    def __init__(
        self: BooleanField[bool],
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
        self: BooleanField[bool | None],
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
        self: BooleanField[bool | None],
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

def is_truth(text: str) -> bool: ...
