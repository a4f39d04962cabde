"""What every field is: its options, its column, and how a value goes in and comes out.

Rests on the column types of `sql`, the families of `lookups` and the validators; knows a model only as
what it is bound to. A field never stands on its model class at run time: instances hold plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, EnumMeta
from types import GenericAlias
from typing import (
    Any,
    ClassVar,
    Final,
    Generic,
    NoReturn,
    Protocol,
    Self,
    TypeAlias,
    TypedDict,
    TypeVar,
    cast,
)

from .._record import replace
from ..exceptions import FieldError, ImproperlyConfigured, ValidationError
from ..lookups.custom import Lookup, Transform, register
from ..lookups.parts import ValueView
from ..lookups.paths import SEPARATOR, ModelView
from ..lookups.table import FAMILY_WORDS, Family
from ..sql.dialects import column_type
from ..sql.types import ANY, ColumnType
from ..validators import Validator

T = TypeVar("T")
K = TypeVar("K", bound="type[Lookup] | type[Transform]")

# `Field.type` hides the builtin inside the class body.
PythonType: TypeAlias = type

# Pairs of value and label, groups of such pairs, or an enumeration.
Choices: TypeAlias = Iterable[tuple[Any, Any]] | type[Enum]


class NotProvided:
    """The type of NOT_PROVIDED: None is a default like any other."""

    def __repr__(self) -> str:
        return "NOT_PROVIDED"


NOT_PROVIDED: Final = NotProvided()

# In a function's code: it takes keywords by `**` (`inspect` is dear to load).
TAKES_ANY_KEYWORD: Final = 0x08


class DatabaseDefault:
    """The type of DATABASE_DEFAULT: what an instance holds until the database has chosen a value."""

    def __repr__(self) -> str:
        return "DATABASE_DEFAULT"

    def __reduce__(self) -> str:
        return "DATABASE_DEFAULT"


DATABASE_DEFAULT: Final = DatabaseDefault()


class FieldOptions(TypedDict, total=False):
    """The keywords that every field takes."""

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
    """All that `db_type()` reads of a connection."""

    @property
    def vendor(self) -> str: ...


# -- names ----------------------------------------------------------------------------------------

# What PostgreSQL keeps of a name; it cuts the rest off without an error.
MAX_IDENTIFIER: Final = 63

RESERVED_NAMES: Final = frozenset(
    {"pk", "objects", "_meta", "_state", "DoesNotExist", "MultipleObjectsReturned", "Meta"}
)


def check_identifier(text: str, option: str) -> str:
    """Return *text* when it can name a table or column; else raise ImproperlyConfigured naming *option*."""
    if not isinstance(text, str) or not text.isidentifier():
        raise ImproperlyConfigured(
            f"{option}={text!r} cannot name a table or column: "
            "use letters, digits and underscores, and do not start with a digit."
        )
    size = len(text.encode())
    if size > MAX_IDENTIFIER:
        raise ImproperlyConfigured(
            f"{option}={text!r} is too long: {size} bytes, of {MAX_IDENTIFIER} at most."
        )
    return text


def check_name(name: str) -> str:
    """Return *name* when a field may bear it; else raise ImproperlyConfigured."""
    if SEPARATOR in name:
        raise ImproperlyConfigured(f"A field cannot be named {name!r}: '__' leads to a lookup or a relation.")
    if name.endswith("_"):
        raise ImproperlyConfigured(f"A field cannot be named {name!r}: leave out the last '_'.")
    if name in RESERVED_NAMES:
        raise ImproperlyConfigured(
            f"A field cannot be named {name!r}: every model has a {name!r} of its own."
        )
    return name


# -- the field ------------------------------------------------------------------------------------


class Field(Generic[T]):
    """A column of type T and what the model knows of it.

    `name`, `attname`, `column` and `model` are set by `bind()`; everything that does not speak of a model
    works before. A subclass says its `family`, its `python_types`, its `type` and its `to_python()`.
    """

    family: Family = "any"
    python_types: frozenset[PythonType] = frozenset()
    """The exact types whose values may go to the database's codec as they are."""
    default_validators: ClassVar[tuple[Validator, ...]] = ()
    """What the class itself checks; `validators` holds the user's alone."""
    empty_values: ClassVar[tuple[Any, ...]] = (None, "")

    auto: bool = False
    generated: bool = False
    positive: bool = False
    has_pre_save: bool = False
    many_to_many: bool = False
    # Whether the value takes a join, as no column of the row stands for it.
    joined: bool = False
    max_length: int | None = None
    related_model: Any = None

    is_own_type: ClassVar[bool] = False
    """Whether a class outside of dorm says the column's type, by `db_type()`."""
    is_own_reading: ClassVar[bool] = False
    """Whether a class outside of dorm says what becomes of a value that is read, by `from_db_value()`."""
    is_own_writing: ClassVar[bool] = False
    """Whether a class outside of dorm says what is stored, by `get_prep_value()` and its kin."""

    _arguments: tuple[tuple[Any, ...], dict[str, Any]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.__module__.startswith("dorm.fields."):
            cls.is_own_type = cls.is_own_type or "db_type" in vars(cls)
            cls.is_own_reading = cls.is_own_reading or "from_db_value" in vars(cls)
            cls.is_own_writing = cls.is_own_writing or not vars(cls).keys().isdisjoint(WRITING)

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        field = super().__new__(cls)
        field._arguments = (args, kwargs)
        return field

    # `class Slug(CharField[str])` is what the stubs allow; the fields below Field are not Generic themselves.
    def __class_getitem__(cls, parameters: Any) -> GenericAlias:
        return GenericAlias(cls, parameters)

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        null: bool = False,
        blank: bool = False,
        unique: bool = False,
        primary_key: bool = False,
        default: object = NOT_PROVIDED,
        editable: bool = True,
        db_index: bool = False,
        db_column: str | None = None,
        validators: Iterable[Validator] = (),
        choices: Choices | None = None,
        help_text: str = "",
        error_messages: Mapping[str, str] | None = None,
        db_default: object = NOT_PROVIDED,
        db_comment: str | None = None,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
    ) -> None:
        if primary_key and null:
            raise ImproperlyConfigured("A primary key always has a value: leave out null=True.")
        self.verbose_name = self._verbose_name = verbose_name
        self.null = null
        self.blank = blank
        self.unique = unique or primary_key
        self.primary_key = primary_key
        self.default = default
        self.editable = editable
        self.db_index = db_index
        self.db_column = None if db_column is None else check_identifier(db_column, "db_column")
        self.validators: list[Validator] = list(validators)
        self.choices: list[tuple[Any, Any]] | None = None if choices is None else pairs(choices)
        self.enum: PythonType | None = choices if isinstance(choices, EnumMeta) else None
        if self.enum is not None:
            self.default = self.as_member(default)
        self.help_text = help_text
        self.error_messages = dict(error_messages or {})
        self.db_default = db_default
        self.db_comment = db_comment
        self.unique_for_date = unique_for_date
        self.unique_for_month = unique_for_month
        self.unique_for_year = unique_for_year
        self.name = ""
        self.attname = ""
        self.column = ""
        self.model: Any = None

    # -- its place in a model

    def bind(self, model: Any, name: str) -> None:
        """Become the field *name* of *model*."""
        self.name = check_name(name)
        self.attname = self.attribute_for(name)
        self.column = self.db_column or check_identifier(self.attname, "field")
        self.model = model
        if self.verbose_name is None:
            self.verbose_name = name.replace("_", " ")

    def attribute_for(self, name: str) -> str:
        """Return the attribute that holds the column's value in an instance, for a field called *name*."""
        return name

    def clone(self) -> Self:
        """Return an unbound field made by the same call."""
        args, kwargs = self._arguments
        return type(self)(*args, **kwargs)

    def altered(self, option: str, value: object) -> Self:
        """Return an unbound field made by the same call, but for one option that the call named."""
        args, kwargs = self._arguments
        make: Any = type(self)
        if option in kwargs:
            return cast(Self, make(*args, **{**kwargs, option: value}))
        place = next((i for i, given in enumerate(args) if given is getattr(self, option)), None)
        if place is not None:
            return cast(Self, make(*args[:place], value, *args[place + 1 :], **kwargs))
        field = self.clone()
        setattr(field, option, value)
        return field

    def was_given(self, option: str) -> bool:
        """Return whether the call that made the field named *option*."""
        return option in self._arguments[1]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the name, the class's dotted path, and the arguments that make such a field again."""
        kind = type(self)
        module = "dorm.fields" if kind.__module__.startswith("dorm.fields.") else kind.__module__
        options = self._options().items()
        kwargs = {name: value for name, (value, default) in options if differs(value, default)}
        return self.name, f"{module}.{kind.__qualname__}", [], kwargs

    def _options(self) -> dict[str, tuple[Any, Any]]:
        """Return the present value and the default of each option that the field's class takes."""
        found: dict[str, tuple[Any, Any]] = {}
        for base in type(self).__mro__:
            init: Any = vars(base).get("__init__")
            if base is Generic or base is object or init is None:
                continue
            code = init.__code__
            names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
            plain = dict(zip(reversed(names[: code.co_argcount - 1]), reversed(init.__defaults__ or ())))
            defaults = {**plain, **(init.__kwdefaults__ or {}), **self.implied}
            for name in names:
                if name not in found and (hasattr(self, name) or name in self._arguments[1]):
                    found[name] = (self.as_written(name), defaults.get(name, NOT_PROVIDED))
            if not code.co_flags & TAKES_ANY_KEYWORD:
                # What the classes above take is not for the caller to say.
                break
        return found

    @property
    def implied(self) -> Mapping[str, Any]:
        """What is set where the caller says nothing, and differs from the defaults of the signature."""
        return {}

    def as_written(self, name: str) -> Any:
        """Return the option *name* as it was given, where the attribute of that name is another thing."""
        given = self._arguments[1]
        if name == "unique" and self.primary_key:
            return self.implied.get("unique", False)
        if name == "verbose_name":
            return self._verbose_name
        if name == "choices":
            return self.enum or self.choices
        if name == "default" and name in given:
            return given[name]
        return getattr(self, name) if hasattr(self, name) else given[name]

    @property
    def label(self) -> str:
        """How messages call the field: its name, or its class while it has none."""
        return self.name or type(self).__name__

    def __repr__(self) -> str:
        if self.model is None:
            return f"<{type(self).__name__} (unbound)>"
        return f"<{type(self).__name__} {self.model.__name__}.{self.name}>"

    # -- what a path of lookups reads

    @property
    def target(self) -> ModelView | None:
        """The model that the field leads to; None for a plain column."""
        return None

    @property
    def many(self) -> bool:
        """Whether one row may have several values here."""
        return False

    @property
    def nullable(self) -> bool:
        """Whether the column may be NULL."""
        return self.null

    @property
    def view(self) -> ValueView | None:
        """What may be named inside the value; None for a value without parts."""
        return None

    # -- the column

    @property
    def plain_type(self) -> ColumnType:
        """What the column holds."""
        return ANY

    @property
    def has_load(self) -> bool:
        """Whether a value that was read must pass through `load()`."""
        return self.is_own_reading or self.enum is not None

    @property
    def type(self) -> ColumnType:
        """What the column holds, and what is done to a value that was read."""
        return replace(self.plain_type, load=self.load) if self.has_load else self.plain_type

    def load(self, value: Any) -> Any:
        """Return a value that the dialect has read as an instance holds it."""
        if self.is_own_reading:
            # Django's has two more parameters: an expression, and a connection.
            value = filled(self.from_db_value, value)
        return value if self.enum is None else self.as_member(value)

    def as_member(self, value: Any) -> Any:
        """Return the member of the field's enumeration that *value* stands for; ValueError if there is none.

        What no column would hold (None, a callable, NOT_PROVIDED) is given back as it is.
        """
        if self.enum is None or value is None or value is NOT_PROVIDED or callable(value):
            return value
        return self.enum(value)

    def db_type(self, connection: Vendor) -> str | None:
        """Return the column's type as *connection*'s vendor writes it; None when there is no column."""
        return column_type(connection.vendor, self.type)

    # -- defaults, and values made at the moment of saving

    def has_default(self) -> bool:
        """Return whether a default was given; None counts as one."""
        return self.default is not NOT_PROVIDED

    def get_default(self) -> Any:
        """Return the default, called when it is callable; None when there is none.

        With `db_default` alone it is DATABASE_DEFAULT, which leaves the choice to the database.
        """
        if callable(self.default):
            return self.default()
        if self.has_default():
            return self.default
        return None if self.db_default is NOT_PROVIDED or self.primary_key else DATABASE_DEFAULT

    def pre_save(self, instance: Any, add: bool) -> Any:
        """Return the value of *instance* to write; *add* says that its row is new.

        Only fields with `has_pre_save` make a value of their own here.
        """
        return instance.__dict__.get(self.attname)

    # -- lookups of a project's own

    @classmethod
    def register_lookup(cls, kind: K) -> K:
        """Let *kind*, a Lookup or a Transform, follow the names of fields of this family; return it."""
        register(kind, cls.family, cls)
        return kind

    # -- values, between Python and the database

    def to_python(self, value: Any) -> T | None:
        """Return *value* as the type of the field, None for None; raise ValidationError if it cannot be."""
        return value  # type: ignore[no-any-return]  # the plain Field takes any value as it is

    def prepare_operand(self, value: Any) -> Any:
        """Return *value* as what a lookup compares the column with.

        It is converted, but not held to what the column can store: `age__lt=10**12` is a fair question.
        Raises FieldError when it cannot be converted.
        """
        if value is None or type(value) in self.python_types:
            return value
        try:
            return self.to_python(plain(value))
        except ValidationError as error:
            raise self.refusal(value, f"expects {self.expected(value)}") from error

    def get_prep_value(self, value: Any) -> Any:
        """Return *value* as what the column stores, None for None; raise FieldError when it cannot."""
        return self.prepare_operand(value)

    def get_db_prep_value(self, value: Any, connection: Any = None, prepared: bool = False) -> Any:
        """Return *value* in the form that is handed to the database codec."""
        return value if prepared else self.get_prep_value(value)

    def output_value(self, value: Any) -> Any:
        """Return *value* as the column would hold it, for a condition that is asked of the database."""
        return self.stored(value)

    def stored(self, value: Any) -> Any:
        """Return what `get_db_prep_value()` makes of *value*, whichever parameters a class gave it."""
        return filled(self.get_db_prep_value, value)

    def from_db_value(self, value: Any) -> Any:
        """Return what the database gave as the type of the field; a value that is right already is kept."""
        return value

    def expected(self, value: Any) -> str:
        """Return what a message says would be right in the place of *value*."""
        return FAMILY_WORDS[self.family]

    def refusal(self, value: Any, claim: str) -> FieldError:
        """Return the error for *value*: *claim* goes on from the field's name."""
        given = f"got {shown(value)} ({type(value).__name__})"
        model = "" if self.model is None else self.model.__name__
        return FieldError(f"{self.label!r} {claim}, {given}", model=model, name=self.name)

    # -- validation

    def clean(self, value: Any, model_instance: Any = None) -> Any:
        """Return *value* converted, after every check."""
        converted = self.to_python(plain(value))
        self.validate(converted, model_instance)
        return self.as_member(converted)

    def validate(self, value: Any, model_instance: Any = None) -> None:
        """Raise ValidationError when the field does not take *value*, or a validator refuses it.

        None on a nullable field passes, whatever the validators say.
        """
        if value is None:
            if not self.null:
                raise self.error("null", "This needs a value, not None.")
            return
        if not self.blank and value in self.empty_values:
            raise self.error("blank", "This may not be left empty.")
        if value not in self.empty_values:
            self.check_choice(value)
            self.run_validators(plain(value))

    def check_choice(self, value: Any) -> None:
        """Raise ValidationError when there are choices and *value* is none of them."""
        if self.choices is None:
            return
        allowed = [choice for choice, _ in self.flatchoices]
        given = plain(value)
        if given not in allowed:
            offered = ", ".join(repr(choice) for choice in allowed)
            raise self.error("invalid_choice", f"{given!r} is none of the choices: {offered}.", value=given)

    @property
    def flatchoices(self) -> list[tuple[Any, Any]]:
        """The choices as pairs of value and label, without their groups."""
        flat: list[tuple[Any, Any]] = []
        for value, label in self.choices or ():
            if isinstance(label, (list, tuple)):
                flat.extend((inner, words) for inner, words in label)
            else:
                flat.append((value, label))
        return flat

    def run_validators(self, value: Any) -> None:
        """Run the validators of the class and of the user, and raise all that they refuse as one error."""
        errors: list[ValidationError] = []
        for validator in (*self.own_validators(), *self.validators):
            try:
                validator(value)
            except ValidationError as error:
                errors.append(self.reworded(error, value))
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ValidationError(errors)

    def reworded(self, error: ValidationError, value: Any) -> ValidationError:
        """Return what a validator raised, in the words of `error_messages` where these have its code."""
        words = self.error_messages.get(error.code or "")
        if words is None:
            return error
        return ValidationError(words, code=error.code, params=error.params or {"value": value})

    def own_validators(self) -> Sequence[Validator]:
        """Return what the class checks by itself, the options of this field included."""
        return self.default_validators

    def invalid(self, value: Any, expected: str) -> NoReturn:
        """Raise the ValidationError of `to_python()`: *expected* with its article, such as "a number"."""
        raise self.error("invalid", f"{shown(value)} is not {expected}.", value=value)

    def error(self, code: str, words: str, **params: Any) -> ValidationError:
        """Return the error of *code*, in the words of `error_messages` (which may name *params*) or ours."""
        own = self.error_messages.get(code)
        if own is None:
            return ValidationError(words, code=code)
        return ValidationError(own, code=code, params=params or None)


def pairs(choices: Choices) -> list[tuple[Any, Any]]:
    """Return *choices* as pairs; a member of an enumeration is labelled by its `label`, else by its name."""
    if isinstance(choices, EnumMeta):
        members: Iterable[Enum] = choices
        return [(member.value, getattr(member, "label", member.name)) for member in members]
    return [(value, label) for value, label in choices]


WRITING: Final = frozenset({"get_prep_value", "get_db_prep_value"})


def filled(method: Callable[..., Any], value: Any) -> Any:
    """Call *method* with *value*, and with None for whatever else it asks for."""
    written: Any = method
    more = written.__code__.co_argcount - 2 - len(written.__defaults__ or ())
    return method(value, *[None] * more)


def differs(value: Any, default: Any) -> bool:
    """Return whether an option was given; an empty list is an empty tuple here."""
    if isinstance(default, tuple) or default is None:
        return bool(value) if isinstance(value, (list, dict)) else value != default
    return value is not default and bool(value != default)


def plain(value: Any) -> Any:
    """Return what an enum member stands for, and any other value as it is."""
    return value.value if isinstance(value, Enum) else value


def shown(value: Any) -> str:
    """Return *value* as a message shows it: its repr, cut when it is long."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
