# Written by scripts/field_stubs.py: change the tables there.

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Literal, TypeVar, overload

from dorm.fields.base import Choices, Field

_T = TypeVar("_T")

class IntegerField(Field[_T]):
    @overload
    def __init__(
        self: IntegerField[int],
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
        self: IntegerField[int | None],
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
        self: IntegerField[int | None],
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

class AutoField(IntegerField[_T]):
    @overload
    def __init__(
        self: AutoField[int],
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
        self: AutoField[int | None],
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
        self: AutoField[int | None],
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

class BigAutoField(AutoField[_T]):
    @overload
    def __init__(
        self: BigAutoField[int],
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
        self: BigAutoField[int | None],
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
        self: BigAutoField[int | None],
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

class BigIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: BigIntegerField[int],
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
        self: BigIntegerField[int | None],
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
        self: BigIntegerField[int | None],
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

class SmallIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: SmallIntegerField[int],
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
        self: SmallIntegerField[int | None],
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
        self: SmallIntegerField[int | None],
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

class PositiveIntegerField(IntegerField[_T]):
    @overload
    def __init__(
        self: PositiveIntegerField[int],
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
        self: PositiveIntegerField[int | None],
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
        self: PositiveIntegerField[int | None],
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

class PositiveSmallIntegerField(PositiveIntegerField[_T]):
    @overload
    def __init__(
        self: PositiveSmallIntegerField[int],
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
        self: PositiveSmallIntegerField[int | None],
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
        self: PositiveSmallIntegerField[int | None],
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

class FloatField(Field[_T]):
    @overload
    def __init__(
        self: FloatField[float],
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
        self: FloatField[float | None],
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
        self: FloatField[float | None],
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

class DecimalField(Field[_T]):
    @overload
    def __init__(
        self: DecimalField[Decimal],
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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
        self: DecimalField[Decimal | None],
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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
        self: DecimalField[Decimal | None],
        *,
        max_digits: int = 10,
        decimal_places: int = 2,
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

class BooleanField(Field[_T]):
    @overload
    def __init__(
        self: BooleanField[bool],
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
        self: BooleanField[bool | None],
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
        self: BooleanField[bool | None],
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
