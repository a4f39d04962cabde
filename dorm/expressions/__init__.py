"""Expressions: what the database computes, and the conditions it checks.

Functions and windows are loaded when one of them is first asked for: few programs need them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .aggregates import Aggregate as Aggregate
from .aggregates import AnyValue as AnyValue
from .aggregates import ArrayAgg as ArrayAgg
from .aggregates import Avg as Avg
from .aggregates import BitAnd as BitAnd
from .aggregates import BitOr as BitOr
from .aggregates import BitXor as BitXor
from .aggregates import BoolAnd as BoolAnd
from .aggregates import BoolOr as BoolOr
from .aggregates import Count as Count
from .aggregates import Max as Max
from .aggregates import Min as Min
from .aggregates import StdDev as StdDev
from .aggregates import StringAgg as StringAgg
from .aggregates import Sum as Sum
from .aggregates import Variance as Variance
from .base import Expression as Expression
from .base import OrderBy as OrderBy
from .columns import Column as Column
from .columns import RelationColumn as RelationColumn
from .columns import TextColumn as TextColumn
from .columns import check_owner as check_owner
from .conditions import Case as Case
from .conditions import OwnedKey as OwnedKey
from .conditions import Q as Q
from .conditions import When as When
from .references import Exists as Exists
from .references import F as F
from .references import OuterRef as OuterRef
from .references import Reference as Reference
from .references import Subquery as Subquery
from .references import Value as Value

if TYPE_CHECKING:
    from .dates import Extract as Extract
    from .dates import ExtractDay as ExtractDay
    from .dates import ExtractHour as ExtractHour
    from .dates import ExtractIsoWeekDay as ExtractIsoWeekDay
    from .dates import ExtractIsoYear as ExtractIsoYear
    from .dates import ExtractMinute as ExtractMinute
    from .dates import ExtractMonth as ExtractMonth
    from .dates import ExtractQuarter as ExtractQuarter
    from .dates import ExtractSecond as ExtractSecond
    from .dates import ExtractWeek as ExtractWeek
    from .dates import ExtractWeekDay as ExtractWeekDay
    from .dates import ExtractYear as ExtractYear
    from .dates import Trunc as Trunc
    from .dates import TruncDate as TruncDate
    from .dates import TruncDay as TruncDay
    from .dates import TruncHour as TruncHour
    from .dates import TruncMinute as TruncMinute
    from .dates import TruncMonth as TruncMonth
    from .dates import TruncQuarter as TruncQuarter
    from .dates import TruncSecond as TruncSecond
    from .dates import TruncTime as TruncTime
    from .dates import TruncWeek as TruncWeek
    from .dates import TruncYear as TruncYear
    from .documents import KT as KT
    from .documents import JSONArray as JSONArray
    from .documents import JSONObject as JSONObject
    from .documents import KeyTextTransform as KeyTextTransform
    from .documents import KeyTransform as KeyTransform
    from .functions import Cast as Cast
    from .functions import Coalesce as Coalesce
    from .functions import Collate as Collate
    from .functions import ExpressionWrapper as ExpressionWrapper
    from .functions import Func as Func
    from .functions import Function as Function
    from .functions import Greatest as Greatest
    from .functions import Least as Least
    from .functions import Now as Now
    from .functions import NullIf as NullIf
    from .functions import RawSQL as RawSQL
    from .numbers import Abs as Abs
    from .numbers import Ceil as Ceil
    from .numbers import Floor as Floor
    from .numbers import Mod as Mod
    from .numbers import Power as Power
    from .numbers import Random as Random
    from .numbers import Round as Round
    from .numbers import Sign as Sign
    from .numbers import Sqrt as Sqrt
    from .text import MD5 as MD5
    from .text import SHA1 as SHA1
    from .text import SHA224 as SHA224
    from .text import SHA256 as SHA256
    from .text import SHA384 as SHA384
    from .text import SHA512 as SHA512
    from .text import Chr as Chr
    from .text import Concat as Concat
    from .text import Left as Left
    from .text import Length as Length
    from .text import Lower as Lower
    from .text import LPad as LPad
    from .text import LTrim as LTrim
    from .text import Ord as Ord
    from .text import Repeat as Repeat
    from .text import Replace as Replace
    from .text import Reverse as Reverse
    from .text import Right as Right
    from .text import RPad as RPad
    from .text import RTrim as RTrim
    from .text import StrIndex as StrIndex
    from .text import Substr as Substr
    from .text import Trim as Trim
    from .text import Upper as Upper
    from .windows import CumeDist as CumeDist
    from .windows import DenseRank as DenseRank
    from .windows import FirstValue as FirstValue
    from .windows import Lag as Lag
    from .windows import LastValue as LastValue
    from .windows import Lead as Lead
    from .windows import NthValue as NthValue
    from .windows import Ntile as Ntile
    from .windows import PercentRank as PercentRank
    from .windows import Rank as Rank
    from .windows import RowNumber as RowNumber
    from .windows import RowRange as RowRange
    from .windows import ValueRange as ValueRange
    from .windows import Window as Window

LATER: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "Extract",
            "ExtractDay",
            "ExtractHour",
            "ExtractIsoWeekDay",
            "ExtractIsoYear",
            "ExtractMinute",
            "ExtractMonth",
            "ExtractQuarter",
            "ExtractSecond",
            "ExtractWeek",
            "ExtractWeekDay",
            "ExtractYear",
            "Trunc",
            "TruncDate",
            "TruncDay",
            "TruncHour",
            "TruncMinute",
            "TruncMonth",
            "TruncQuarter",
            "TruncSecond",
            "TruncTime",
            "TruncWeek",
            "TruncYear",
        ),
        "dates",
    ),
    **dict.fromkeys(
        (
            "JSONArray",
            "JSONObject",
            "KT",
            "KeyTextTransform",
            "KeyTransform",
        ),
        "documents",
    ),
    **dict.fromkeys(
        (
            "Cast",
            "Coalesce",
            "Collate",
            "ExpressionWrapper",
            "Func",
            "Function",
            "Greatest",
            "Least",
            "Now",
            "NullIf",
            "RawSQL",
        ),
        "functions",
    ),
    **dict.fromkeys(
        (
            "Abs",
            "Ceil",
            "Floor",
            "Mod",
            "Power",
            "Random",
            "Round",
            "Sign",
            "Sqrt",
        ),
        "numbers",
    ),
    **dict.fromkeys(
        (
            "Chr",
            "Concat",
            "LPad",
            "LTrim",
            "Left",
            "Length",
            "Lower",
            "MD5",
            "Ord",
            "RPad",
            "RTrim",
            "Repeat",
            "Replace",
            "Reverse",
            "Right",
            "SHA1",
            "SHA224",
            "SHA256",
            "SHA384",
            "SHA512",
            "StrIndex",
            "Substr",
            "Trim",
            "Upper",
        ),
        "text",
    ),
    **dict.fromkeys(
        (
            "CumeDist",
            "DenseRank",
            "FirstValue",
            "Lag",
            "LastValue",
            "Lead",
            "NthValue",
            "Ntile",
            "PercentRank",
            "Rank",
            "RowNumber",
            "RowRange",
            "ValueRange",
            "Window",
        ),
        "windows",
    ),
}


def __getattr__(name: str) -> Any:
    """Load the module that *name* stands in, and keep what it gives."""
    module = LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Imported here: the price of a function is paid by who uses one.
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return found
