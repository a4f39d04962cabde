# Written by scripts/field_stubs.py from the module of the same name: change it there.

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, NoReturn, Protocol, Self, TypeAlias, TypedDict, overload

from typing_extensions import TypeVar

from dorm.exceptions import FieldError, ValidationError
from dorm.expressions.base import Expression
from dorm.expressions.columns import Column
from dorm.lookups.custom import Lookup, Transform
from dorm.lookups.parts import ValueView
from dorm.lookups.paths import ModelView
from dorm.lookups.table import Family
from dorm.models.base import Model
from dorm.sql.types import ColumnType
from dorm.validators import Validator

_N = TypeVar("_N")
T = TypeVar("T")
K = TypeVar("K", bound="type[Lookup] | type[Transform]")
PythonType: TypeAlias = type
Choices: TypeAlias = Iterable[tuple[Any, Any]] | type[Enum]

class NotProvided:
    def __repr__(self) -> str: ...

NOT_PROVIDED: NotProvided
TAKES_ANY_KEYWORD: int

class DatabaseDefault:
    def __repr__(self) -> str: ...
    def __reduce__(self) -> str: ...

DATABASE_DEFAULT: DatabaseDefault

class FieldOptions(TypedDict, total=False):
    null: bool
    blank: bool
    unique: bool
    primary_key: bool
    default: object
    editable: bool
    db_index: bool
    db_column: str | None
    validators: Iterable[Validator]
    choices: Choices | None
    help_text: str
    error_messages: Mapping[str, str] | None
    db_default: object
    db_comment: str | None
    unique_for_date: str | None
    unique_for_month: str | None
    unique_for_year: str | None

class Vendor(Protocol):
    @property
    def vendor(self) -> str: ...

MAX_IDENTIFIER: int
RESERVED_NAMES: frozenset[Any]

def check_identifier(text: str, option: str) -> str: ...
def check_name(name: str) -> str: ...

class Field(Generic[T]):
    family: Family
    python_types: frozenset[PythonType]
    default_validators: ClassVar[tuple[Validator, ...]]
    empty_values: ClassVar[tuple[Any, ...]]
    auto: bool
    generated: bool
    positive: bool
    has_pre_save: bool
    many_to_many: bool
    joined: bool
    max_length: int | None
    related_model: Any
    is_own_type: ClassVar[bool]
    is_own_reading: ClassVar[bool]
    is_own_writing: ClassVar[bool]

    def __init_subclass__(cls) -> None: ...
    verbose_name: str | None
    null: bool
    blank: bool
    unique: Any
    primary_key: bool
    default: object
    editable: bool
    db_index: bool
    db_column: Any
    validators: list[Validator]
    choices: list[tuple[Any, Any]] | None
    enum: PythonType | None
    help_text: str
    error_messages: Any
    db_default: object
    db_comment: str | None
    unique_for_date: str | None
    unique_for_month: str | None
    unique_for_year: str | None
    name: str
    attname: str
    column: str
    model: Any

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        null: bool = False,
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
    def bind(self, model: Any, name: str) -> None: ...
    def attribute_for(self, name: str) -> str: ...
    def clone(self) -> Self: ...
    def altered(self, option: str, value: object) -> Self: ...
    def was_given(self, option: str) -> bool: ...
    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]: ...
    @property
    def implied(self) -> Mapping[str, Any]: ...
    def as_written(self, name: str) -> Any: ...
    @property
    def label(self) -> str: ...
    def __repr__(self) -> str: ...
    @property
    def target(self) -> ModelView | None: ...
    @property
    def many(self) -> bool: ...
    @property
    def nullable(self) -> bool: ...
    @property
    def view(self) -> ValueView | None: ...
    @property
    def plain_type(self) -> ColumnType: ...
    @property
    def has_load(self) -> bool: ...
    @property
    def type(self) -> ColumnType: ...
    def load(self, value: Any) -> Any: ...
    def as_member(self, value: Any) -> Any: ...
    def db_type(self, connection: Vendor) -> str | None: ...
    def has_default(self) -> bool: ...
    def get_default(self) -> Any: ...
    def pre_save(self, instance: Any, add: bool) -> Any: ...
    @classmethod
    def register_lookup(cls, kind: K) -> K: ...
    def to_python(self, value: Any) -> T | None: ...
    def prepare_operand(self, value: Any) -> Any: ...
    def get_prep_value(self, value: Any) -> Any: ...
    def get_db_prep_value(self, value: Any, connection: Any = None, prepared: bool = False) -> Any: ...
    def output_value(self, value: Any) -> Any: ...
    def stored(self, value: Any) -> Any: ...
    def from_db_value(self, value: Any) -> Any: ...
    def expected(self, value: Any) -> str: ...
    def refusal(self, value: Any, claim: str) -> FieldError: ...
    def clean(self, value: Any, model_instance: Any = None) -> Any: ...
    def validate(self, value: Any, model_instance: Any = None) -> None: ...
    def check_choice(self, value: Any) -> None: ...
    @property
    def flatchoices(self) -> list[tuple[Any, Any]]: ...
    def run_validators(self, value: Any) -> None: ...
    def reworded(self, error: ValidationError, value: Any) -> ValidationError: ...
    def own_validators(self) -> Sequence[Validator]: ...
    def invalid(self, value: Any, expected: str) -> NoReturn: ...
    def error(self, code: str, words: str, **params: Any) -> ValidationError: ...
    @overload
    def __get__(self: Field[_N | None], instance: None, owner: Any) -> Column[_N | None, _N]: ...
    @overload
    def __get__(self, instance: None, owner: Any) -> Column[T, T]: ...
    @overload
    def __get__(self, instance: Model, owner: Any) -> T: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Self: ...
    def __set__(self, instance: Model, value: T | Expression[Any]) -> None: ...

def pairs(choices: Choices) -> list[tuple[Any, Any]]: ...

WRITING: frozenset[Any]

def filled(method: Callable[..., Any], value: Any) -> Any: ...
def differs(value: Any, default: Any) -> bool: ...
def plain(value: Any) -> Any: ...
def shown(value: Any) -> str: ...
