# Written by scripts/field_stubs.py: change the tables there.

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, overload

from dorm.fields.base import Choices, Field

_T = TypeVar("_T")

class CharField(Field[_T]):
    @overload
    def __init__(
        self: CharField[str],
        *,
        max_length: int | None = None,
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
        self: CharField[str | None],
        *,
        max_length: int | None = None,
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
        self: CharField[str | None],
        *,
        max_length: int | None = None,
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

class TextField(Field[_T]):
    @overload
    def __init__(
        self: TextField[str],
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
        self: TextField[str | None],
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
        self: TextField[str | None],
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

class EmailField(CharField[_T]):
    @overload
    def __init__(
        self: EmailField[str],
        *,
        max_length: int | None = None,
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
        self: EmailField[str | None],
        *,
        max_length: int | None = None,
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
        self: EmailField[str | None],
        *,
        max_length: int | None = None,
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

class URLField(CharField[_T]):
    @overload
    def __init__(
        self: URLField[str],
        *,
        max_length: int | None = None,
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
        self: URLField[str | None],
        *,
        max_length: int | None = None,
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
        self: URLField[str | None],
        *,
        max_length: int | None = None,
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

class SlugField(CharField[_T]):
    @overload
    def __init__(
        self: SlugField[str],
        *,
        max_length: int | None = None,
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
        self: SlugField[str | None],
        *,
        max_length: int | None = None,
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
        self: SlugField[str | None],
        *,
        max_length: int | None = None,
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
