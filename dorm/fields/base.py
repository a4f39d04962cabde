"""What every field is: its options, its column, and how a value goes in and comes out.

Rests on the column types of `sql`, the families of `lookups` and the validators; knows a model only as
what it is bound to. A field never stands on its model class at run time: instances hold plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, EnumMeta
from types import GenericAlias
from typing import Any, ClassVar, Final, Generic, NoReturn, Protocol, Self, TypeAlias, TypedDict, TypeVar

from ..exceptions import FieldError, ImproperlyConfigured, ValidationError
from ..lookups.paths import SEPARATOR, ModelView
from ..lookups.table import FAMILY_WORDS, Family
from ..sql.dialects import column_type
from ..sql.types import ANY, ColumnType
from ..validators import Validator

T = TypeVar("T")

# `Field.type` hides the builtin inside the class body.
PythonType: TypeAlias = type

# Pairs of value and label, groups of such pairs, or an enumeration.
Choices: TypeAlias = Iterable[tuple[Any, Any]] | type[Enum]


class NotProvided:
    """The type of NOT_PROVIDED: None is a default like any other."""

    def __repr__(self) -> str:
        return "NOT_PROVIDED"


NOT_PROVIDED: Final = NotProvided()


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
    positive: bool = False
    has_pre_save: bool = False
    many_to_many: bool = False
    # Whether the value takes a join, as no column of the row stands for it.
    joined: bool = False
    max_length: int | None = None
    related_model: Any = None

    _arguments: tuple[tuple[Any, ...], dict[str, Any]]

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
    ) -> None:
        if primary_key and null:
            raise ImproperlyConfigured("A primary key always has a value: leave out null=True.")
        self.verbose_name = verbose_name
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
        self.help_text = help_text
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

    # -- the column

    @property
    def type(self) -> ColumnType:
        """What the column holds."""
        return ANY

    def db_type(self, connection: Vendor) -> str | None:
        """Return the column's type as *connection*'s vendor writes it; None when there is no column."""
        return column_type(connection.vendor, self.type)

    # -- defaults, and values made at the moment of saving

    def has_default(self) -> bool:
        """Return whether a default was given; None counts as one."""
        return self.default is not NOT_PROVIDED

    def get_default(self) -> Any:
        """Return the default, called when it is callable; None when there is none."""
        if callable(self.default):
            return self.default()
        return self.default if self.has_default() else None

    def pre_save(self, instance: Any, add: bool) -> Any:
        """Return the value of *instance* to write; *add* says that its row is new.

        Only fields with `has_pre_save` make a value of their own here.
        """
        return instance.__dict__.get(self.attname)

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

    def get_db_prep_value(self, value: Any) -> Any:
        """Return *value* in the form that is handed to the database codec."""
        return self.get_prep_value(value)

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
        return converted

    def validate(self, value: Any, model_instance: Any = None) -> None:
        """Raise ValidationError when the field does not take *value*, or a validator refuses it.

        None on a nullable field passes, whatever the validators say.
        """
        if value is None:
            if not self.null:
                raise ValidationError("This needs a value, not None.", code="null")
            return
        if not self.blank and value in self.empty_values:
            raise ValidationError("This may not be left empty.", code="blank")
        if value not in self.empty_values:
            self.check_choice(value)
            self.run_validators(value)

    def check_choice(self, value: Any) -> None:
        """Raise ValidationError when there are choices and *value* is none of them."""
        if self.choices is None:
            return
        allowed = [choice for choice, _ in self.flatchoices]
        if value not in allowed:
            offered = ", ".join(repr(choice) for choice in allowed)
            raise ValidationError(f"{value!r} is none of the choices: {offered}.", code="invalid_choice")

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
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ValidationError(errors)

    def own_validators(self) -> Sequence[Validator]:
        """Return what the class checks by itself, the options of this field included."""
        return self.default_validators

    def invalid(self, value: Any, expected: str) -> NoReturn:
        """Raise the ValidationError of `to_python()`: *expected* with its article, such as "a number"."""
        raise ValidationError(f"{shown(value)} is not {expected}.", code="invalid")


def pairs(choices: Choices) -> list[tuple[Any, Any]]:
    """Return *choices* as pairs; a member of an enumeration is labelled by its `label`, else by its name."""
    if isinstance(choices, EnumMeta):
        members: Iterable[Enum] = choices
        return [(member.value, getattr(member, "label", member.name)) for member in members]
    return [(value, label) for value, label in choices]


def plain(value: Any) -> Any:
    """Return what an enum member stands for, and any other value as it is."""
    return value.value if isinstance(value, Enum) else value


def shown(value: Any) -> str:
    """Return *value* as a message shows it: its repr, cut when it is long."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
