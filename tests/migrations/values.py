"""Names at the top of a module, for values that are written by name."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any

import dorm


class Colour(enum.Enum):
    RED = "r"
    GREEN = "g"


class Number(enum.IntEnum):
    ONE = 1
    TWO = 2


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Status(dorm.TextChoices):
    DRAFT = "d", "Draft"
    PUBLISHED = "p", "Published"


def seven() -> int:
    return 7


class Maker:
    @staticmethod
    def make() -> str:
        return "made"

    @classmethod
    def build(cls) -> str:
        return "built"

    def own(self) -> str:
        return "own"


@dataclasses.dataclass(frozen=True)
class Divisible:
    """A validator with a value."""

    by: int
    words: str = "no"

    def __call__(self, value: Any) -> None: ...


class Even:
    """A validator whose parameters are its attributes."""

    def __init__(self, really: bool, *, words: str = "odd") -> None:
        self.really = really
        self.words = words

    def __call__(self, value: Any) -> None: ...

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Even) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class Secret:
    """A validator that does not say how it was made."""

    def __init__(self, word: str) -> None:
        self._hidden = word.upper()

    def __call__(self, value: Any) -> None: ...


class Upper(dorm.CharField):
    """A field of a project's own, with an option of its own."""

    def __init__(self, *args: Any, case: str = "upper", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case


class Code(dorm.CharField):
    """A field that leaves nothing to say but its prefix."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(max_length=10)
        self.prefix = prefix


class Money(dorm.DecimalField):
    """A field that says itself how it is made."""

    def __init__(self, currency: str = "EUR", **kwargs: Any) -> None:
        self._currency = currency
        super().__init__(max_digits=12, decimal_places=2, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"]
        return name, path, [*args, self._currency], kwargs


def slugged(value: str) -> None:
    raise dorm.ValidationError("no slug")
