"""What all stubs of a project share: the operands of lookups, and the methods that every queryset has.

Text for a module of its own beside the stubs; each of them imports the names that it uses.
"""

from __future__ import annotations

import re
from typing import Final

MODULE: Final = "_dorm_forms"

# What stubs import, under names that no module of a user's has.
IMPORTS: Final = """\
import datetime as _datetime
import decimal as _decimal
import uuid as _uuid
from collections.abc import Callable as _Callable
from collections.abc import Coroutine as _Coroutine
from collections.abc import Iterable as _Iterable
from collections.abc import Mapping as _Mapping
from typing import Any as _Any
from typing import ClassVar as _ClassVar
from typing import Generic as _Generic
from typing import Literal as _L
from typing import NamedTuple as _NamedTuple
from typing import Protocol as _Protocol
from typing import TypeAlias as _TypeAlias
from typing import TypedDict as _TypedDict
from typing import overload as _overload
from typing_extensions import TypeVar as _TypeVar
from dorm import BigAutoField as _BigAutoField
from dorm import Prefetch as _Prefetch
from dorm.expressions import Column as _ColumnOf
from dorm.expressions import Expression as _E
from dorm.expressions import OrderBy as _OrderBy
from dorm.expressions import Q as _Q
from dorm.expressions.conditions import Predicate as _Predicate
from dorm.fields.base import Field as _Field
from dorm.queryset.manager import Manager as _Manager
from dorm.queryset.queryset import QuerySet as _QuerySet
from dorm.queryset.related import ManyRelatedManager as _ManyRelatedManager
from dorm.queryset.related import RelatedManager as _RelatedManager
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

_NAME: Final = re.compile(r"\b_\w+\b")
_DEFINED: Final = re.compile(r"^(?:class )?(_\w+)", re.MULTILINE)
SHARED: Final = tuple(dict.fromkeys(_DEFINED.findall(FORMS)))


def imports_for(text: str) -> str:
    """Return the imports of the names that *text* uses."""
    used = set(_NAME.findall(text))
    lines = [line for line in IMPORTS.splitlines() if line.rpartition(" ")[2] in used]
    shared = [name for name in SHARED if name in used]
    if shared:
        lines.append(f"from {MODULE} import {', '.join(shared)}")
    return "".join(f"{line}\n" for line in lines)


def forms_text() -> str:
    """Return the text of the module that the stubs share."""
    lines = [line for line in IMPORTS.splitlines() if line.rpartition(" ")[2] in _NAME.findall(FORMS)]
    return "\n".join([*lines, FORMS])
