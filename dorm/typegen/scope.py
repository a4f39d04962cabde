"""How one stub names things: its own classes, those of other modules, and the types of values.

Rests on what models are in the source. Whatever is not the module's own bears a leading underscore, so that
no name of the user's is in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..source.models import SourceModel

# What every stub imports, under names that no module of a user's has.
IMPORTS: Final = """\
import datetime as _datetime
import decimal as _decimal
import uuid as _uuid
from collections.abc import (
    Callable as _Callable, Coroutine as _Coroutine, Iterable as _Iterable, Mapping as _Mapping,
)
from typing import (
    Any as _Any, ClassVar as _ClassVar, Generic as _Generic, Literal as _L, NamedTuple as _NamedTuple,
    Protocol as _Protocol, TypeAlias as _TypeAlias, TypedDict as _TypedDict, overload as _overload,
)
from typing_extensions import TypeVar as _TypeVar
from dorm import BigAutoField as _BigAutoField, Prefetch as _Prefetch
from dorm.expressions import Column as _ColumnOf, Expression as _E, OrderBy as _OrderBy, Q as _Q
from dorm.expressions.conditions import Predicate as _Predicate
from dorm.fields.base import Field as _Field
from dorm.models.base import Model as _Model
from dorm.queryset.manager import Manager as _Manager
from dorm.queryset.queryset import QuerySet as _QuerySet
from dorm.queryset.related import ManyRelatedManager as _ManyRelatedManager, RelatedManager as _RelatedManager
"""

# The operands of lookups: a value, several of them, two; and what a `defaults=` may be that is no literal.
FORMS: Final = """\
_T = _TypeVar("_T")
_R = _TypeVar("_R", covariant=True)
_Q_co = _TypeVar("_Q_co", covariant=True)
_Row = _TypeVar("_Row", covariant=True, default=_Any)
_Awaited: _TypeAlias = _Coroutine[_Any, _Any, _T]
_Col: _TypeAlias = _ColumnOf[_Any, _Any]
_Condition: _TypeAlias = _Q | _Predicate
_Made: _TypeAlias = _Callable[[], _Any]
_In: _TypeAlias = _Iterable[_T | _E | None] | _QuerySet[_Any, _Any] | _E
_Pair: _TypeAlias = tuple[_T | _E, _T | _E] | list[_T]
_Text: _TypeAlias = str | _E
_Int: _TypeAlias = int | _E
_Float: _TypeAlias = float | _E
_Bool: _TypeAlias = bool | _E
_Bytes: _TypeAlias = bytes | _E
_Decimal: _TypeAlias = _decimal.Decimal | int | _E
_Date: _TypeAlias = _datetime.date | _E
_Time: _TypeAlias = _datetime.time | _E
_DateTime: _TypeAlias = _datetime.datetime | _E
_Duration: _TypeAlias = _datetime.timedelta | _E
_UUID: _TypeAlias = _uuid.UUID | _E
class _Nothing: ...
class _Dynamic(_Protocol):
    def __getitem__(self, key: str, /) -> _Nothing: ...
_Column = _TypeVar("_Column", contravariant=True)
_Order = _TypeVar("_Order", contravariant=True)
_Single = _TypeVar("_Single", contravariant=True)
_Many = _TypeVar("_Many", contravariant=True)
class _Save(_Protocol[_Column, _R]):
    def __call__(
        self, *, force_insert: bool = False, force_update: bool = False,
        update_fields: _Iterable[_Column] | None = None, using: str | None = None,
    ) -> _R: ...
class _Chain(_Generic[_Q_co, _Row, _Column, _Order, _Single, _Many]):
    def all(self) -> _Q_co: ...
    def none(self) -> _Q_co: ...
    def using(self, alias: str) -> _Q_co: ...
    def reverse(self) -> _Q_co: ...
    def alias(self, **annotations: _E) -> _Q_co: ...
    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: _Iterable[str] = ..., no_key: bool = False
    ) -> _Q_co: ...
    def order_by(self, *names: _Column | _Order | _E | _OrderBy) -> _Q_co: ...
    def only(self, *names: _Column | _Col) -> _Q_co: ...
    def defer(self, *names: _Column | _Col) -> _Q_co: ...
    def distinct(self, *names: _Column | _Col) -> _Q_co: ...
    def select_related(self, *names: _Single | _Col | None) -> _Q_co: ...
    def prefetch_related(self, *lookups: _Single | _Many | _Prefetch | None) -> _Q_co: ...
    def bulk_update(
        self, objs: _Iterable[_Any], fields: _Iterable[_Column], batch_size: int = 1000
    ) -> int: ...
    async def abulk_update(
        self, objs: _Iterable[_Any], fields: _Iterable[_Column], batch_size: int = 1000
    ) -> int: ...
    def earliest(self, *fields: _Column | _Order | _E | _OrderBy) -> _Row: ...
    async def aearliest(self, *fields: _Column | _Order | _E | _OrderBy) -> _Row: ...
    def latest(self, *fields: _Column | _Order | _E | _OrderBy) -> _Row: ...
    async def alatest(self, *fields: _Column | _Order | _E | _OrderBy) -> _Row: ...
"""

# A value of each type as the operand of a lookup, expressions included.
OPERANDS: Final = {
    "str": "_Text",
    "int": "_Int",
    "float": "_Float",
    "bool": "_Bool",
    "bytes": "_Bytes",
    "decimal.Decimal": "_Decimal",
    "datetime.date": "_Date",
    "datetime.time": "_Time",
    "datetime.datetime": "_DateTime",
    "datetime.timedelta": "_Duration",
    "uuid.UUID": "_UUID",
    "Any": "_Any",
}

WIDTH: Final = 110

BUILTINS: Final = frozenset({"str", "int", "float", "bool", "bytes", "Any"})
STANDARD: Final = re.compile(r"\b(datetime|decimal|uuid)\.")


class StubScope:
    """The names of one stub; remembers which other modules it takes classes from."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.modules: set[str] = set()

    def imports(self) -> str:
        """Return the imports of the modules that were named."""
        return "".join(f"import {name} as {_alias(name)}\n" for name in sorted(self.modules))

    def annotation(self, value: str) -> str:
        """Return a type of values, as the readers of the source have it, as this stub writes it."""
        if value.startswith("list["):
            return f"list[{self.annotation(value[5:-1])}]"
        if value == "Any":
            return "_Any"
        if value in BUILTINS:
            return value
        if STANDARD.match(value):
            return f"_{value}"
        return self.qualified(value)

    def nullable(self, value: str, null: bool) -> str:
        """Return the annotation of values that may be None."""
        text = self.annotation(value)
        return f"{text} | None" if null and text != "_Any" else text

    def operand(self, value: str) -> str:
        """Return the annotation of what may be compared with values of a type, or stored as one."""
        if value in OPERANDS:
            return OPERANDS[value]
        # The members of an enumeration are stored as texts or numbers, and may be given so.
        plain = "" if value.startswith("list[") else "str | int | "
        return f"{self.annotation(value)} | {plain}_E"

    def qualified(self, full: str, module: str | None = None) -> str:
        """Return how this stub calls the class of a full name."""
        owner = module if module is not None else _module_of(full)
        name = full[len(owner) + 1 :]
        if owner == self.module:
            return name
        self.modules.add(owner)
        return f"{_alias(owner)}.{name}"

    def model(self, model: SourceModel) -> str:
        """Return how this stub calls a model."""
        return self.qualified(model.full, model.module)

    def own(self, model: SourceModel, suffix: str) -> str:
        """Return how this stub calls a class that was written for a model: "_AuthorQuery"."""
        return self.qualified(f"{model.module}._{model.name}{suffix}", model.module)


def _module_of(full: str) -> str:
    """Return the module of a full name whose classes begin with a capital letter."""
    parts = full.split(".")
    at = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:at])


def _alias(module: str) -> str:
    return f"_{module.replace('.', '_')}"


def wrapped(parts: Iterable[str], indent: int = 8) -> str:
    """Return *parts* with commas, as many to a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{' ' * indent}{part},")
    return "".join(f"{line}\n" for line in lines)
