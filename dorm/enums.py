"""TextChoices and IntegerChoices: enumerations whose members have labels.

Stands on the standard library alone. A field takes any enumeration as its `choices`; these bring words for
people along, and compare equal to what the database holds.
"""

from __future__ import annotations

from enum import Enum, EnumMeta, IntEnum
from typing import TYPE_CHECKING, Any


class ChoicesType(EnumMeta):
    """The class of the choices classes: `values`, `labels`, `choices` and `names` of all members."""

    def __contains__(cls, value: object) -> bool:
        """Return whether *value* is a member, or what a member stands for."""
        return isinstance(value, cls) or value in cls.values

    @property
    def names(cls) -> list[str]:
        """The names of the members."""
        return [*(["__empty__"] if hasattr(cls, "__empty__") else []), *cls.__members__]

    @property
    def choices(cls) -> list[tuple[Any, str]]:
        """The members as pairs of value and label; `__empty__` labels the choice of no value."""
        empty = [(None, getattr(cls, "__empty__"))] if hasattr(cls, "__empty__") else []
        members: list[Any] = list(cls)
        return [*empty, *((member.value, member.label) for member in members)]

    @property
    def values(cls) -> list[Any]:
        """The values of the members."""
        return [value for value, _ in cls.choices]

    @property
    def labels(cls) -> list[str]:
        """The labels of the members."""
        return [label for _, label in cls.choices]


class Choices(Enum, metaclass=ChoicesType):
    """An enumeration with labels: `RED = "r", "Red"`. Without one, the label is made of the name.

    The value is all but the last of a tuple that ends in a text, when more is written than the type takes.
    """

    if TYPE_CHECKING:

        @property
        def label(self) -> str: ...

    def __new__(cls, *arguments: Any) -> Any:
        value, label = split_label(arguments)
        mixed: Any = next((base for base in cls.__mro__ if base in (str, int)), None)
        kind: Any = getattr(cls, "_member_type_", object)
        if mixed is None and kind is not object:
            mixed = kind
        member: Any = object.__new__(cls) if mixed is None else mixed.__new__(cls, *value)
        if mixed is None:
            member._value_ = value[0] if len(value) == 1 else value
        else:
            member._value_ = mixed(*value)
        member._label_ = label
        return member

    def __str__(self) -> str:
        """Return the value's text: what a template or a query string wants."""
        return str(self.value)


def split_label(arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], str | None]:
    """Return what stands for the value, and the label behind it if there is one."""
    if len(arguments) > 1 and isinstance(arguments[-1], str):
        return arguments[:-1], arguments[-1]
    return arguments, None


def label_of(member: Any) -> str:
    """Return the label that was written, else the name in words."""
    label: str | None = member._label_
    return member.name.replace("_", " ").title() if label is None else label


setattr(Choices, "label", property(label_of))


class IntegerChoices(Choices, IntEnum):
    """Choices whose members are integers."""


class TextChoices(str, Choices):
    """Choices whose members are texts."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        return name
