"""The functions that dorm adds to a connection of SQLite: `dorm_...` in its SQL.

Pure Python on the values that SQLite stores: dates are texts, decimals floats, durations microseconds. What
they give is what PostgreSQL gives. NULL in, NULL out, unless it says otherwise.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from . import sqlite_json

Number: TypeAlias = "int | float"

MICROSECOND: Final = timedelta(microseconds=1)


def register(connection: sqlite3.Connection) -> None:
    """Add every function to a connection."""
    for name, (arguments, function) in (FUNCTIONS | sqlite_json.FUNCTIONS).items():
        connection.create_function(name, arguments, function, deterministic=True)
    for name, (arguments, aggregate) in AGGREGATES.items():
        connection.create_aggregate(name, arguments, aggregate)
    connection.create_collation(sqlite_json.COLLATION, sqlite_json.compare)


def _strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function* for values that are not NULL."""

    def called(*values: Any) -> Any:
        return None if None in values else function(*values)

    return called


# -- texts -----------------------------------------------------------------------------------------


def fold(value: Any) -> Any:
    """Fold case as Unicode does: SQLite's own LOWER knows ASCII alone."""
    return value.casefold() if isinstance(value, str) else value


def _mapped(change: Callable[[str], str]) -> Callable[[Any], str]:
    """Return *change* for each character that becomes one character, as PostgreSQL has it: "ß" stays "ß"."""

    def mapped(value: Any) -> str:
        text = str(value)
        changed = change(text)
        if len(changed) == len(text):
            return changed
        return "".join(one if len(one) == 1 else old for old in text for one in [change(old)])

    return mapped


def regex(value: Any, pattern: str, ignoring_case: int) -> bool:
    return _compiled(pattern, ignoring_case).search(str(value)) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignoring_case: int) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE if ignoring_case else 0)


def lpad(text: str, length: int, fill: str) -> str:
    missing = length - len(text)
    return (fill * missing)[: max(missing, 0)] + text if missing > 0 and fill else text[: max(length, 0)]


def rpad(text: str, length: int, fill: str) -> str:
    missing = length - len(text)
    return text + (fill * missing)[:missing] if missing > 0 and fill else text[: max(length, 0)]


def hashed(name: str, text: Any) -> str:
    import hashlib  # few queries hash

    return hashlib.new(name, str(text).encode(), usedforsecurity=False).hexdigest()


# -- numbers ---------------------------------------------------------------------------------------


def rounded(value: Number, digits: int) -> Number:
    """Round half away from zero, by the decimal digits that are shown of a float."""
    if not math.isfinite(value):
        return value
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return int(exact) if isinstance(value, int) else float(exact)


def whole(value: Any) -> Any:
    return int(rounded(value, 0)) if isinstance(value, float) else value


def modulo(value: Number, divisor: Number) -> Number | None:
    if divisor == 0:
        return None
    if isinstance(value, int) and isinstance(divisor, int):
        rest = abs(value) % abs(divisor)
        return -rest if value < 0 else rest
    return math.fmod(value, divisor)


def power(value: Number, exponent: Number) -> float | None:
    try:
        return math.pow(value, exponent)
    except (ValueError, OverflowError):
        return None


def root(value: Number) -> float | None:
    return math.sqrt(value) if value >= 0 else None


def upwards(value: Number) -> Number:
    return value if isinstance(value, int) else float(math.ceil(value))


def downwards(value: Number) -> Number:
    return value if isinstance(value, int) else float(math.floor(value))


def sign(value: Number) -> Number:
    return value if value == 0 else type(value)(math.copysign(1, value))


def greatest(*values: Any) -> Any:
    """Return the largest; NULLs are left out."""
    return max((value for value in values if value is not None), default=None)


def least(*values: Any) -> Any:
    """Return the smallest; NULLs are left out."""
    return min((value for value in values if value is not None), default=None)


# -- values as texts, and texts as values ----------------------------------------------------------


def text_of(value: Any, kind: str) -> str:
    """Return the text that PostgreSQL makes of a value of *kind*, which is "decimal:2" for two places."""
    name, _, places = kind.partition(":")
    if name == "boolean":
        return "true" if value else "false"
    if places:
        return f"{value:.{places}f}"
    if name == "datetime":
        return _shortened(str(value)) + "+00"
    if name == "duration":
        return str(timedelta(microseconds=value))
    if isinstance(value, float):
        text = format(value, ".15g") if name == "decimal" else repr(value)
        return text.removesuffix(".0")
    return str(value)


def _shortened(text: str) -> str:
    return text.rstrip("0") if "." in text else text


def moment_of(text: Any) -> datetime:
    """Return a date or a datetime as a datetime in UTC, without a zone."""
    value = datetime.fromisoformat(str(text))
    return value if value.tzinfo is None else value.astimezone(timezone.utc).replace(tzinfo=None)


def date_of(text: Any) -> str:
    return str(text)[:10] if _is_ours(text) else moment_of(text).date().isoformat()


def time_of(text: Any) -> str:
    value = str(text)
    return time.fromisoformat(value).isoformat() if "-" not in value else moment_of(value).time().isoformat()


def datetime_of(text: Any) -> str:
    return moment_of(text).isoformat(" ")


def _is_ours(text: Any) -> bool:
    """Whether a text is a datetime as dorm writes it, in UTC and without an offset."""
    return isinstance(text, str) and len(text) in (10, 19, 26)


TRUE: Final = frozenset({"t", "true", "y", "yes", "on", "1"})
FALSE: Final = frozenset({"f", "false", "n", "no", "off", "0"})


def boolean_of(value: Any) -> int:
    if not isinstance(value, str):
        return int(value != 0)
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError(f"{value!r} is neither true nor false")
    return int(word in TRUE)


# -- time ------------------------------------------------------------------------------------------


def shift(kind: str, text: str, microseconds: int) -> str:
    """Return a moment that many microseconds later; a time of day goes round."""
    change = timedelta(microseconds=microseconds)
    if kind == "time":
        return (datetime.combine(date(2000, 1, 1), time.fromisoformat(text)) + change).time().isoformat()
    return (moment_of(text) + change).isoformat(" ")


def elapsed(end: str, start: str) -> int:
    """Return the microseconds between two moments."""
    if "-" not in end:
        end, start = f"2000-01-01 {end}", f"2000-01-01 {start}"
    return (moment_of(end) - moment_of(start)) // MICROSECOND


@cache
def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo  # few queries name a zone

    return ZoneInfo(name)


def to_zone(text: str, name: str) -> str:
    """Return what the clocks show in a zone."""
    moment = moment_of(text).replace(tzinfo=timezone.utc)
    return moment.astimezone(_zone(name)).replace(tzinfo=None).isoformat(" ")


def from_zone(text: str, name: str) -> str:
    """Return, in UTC, when the clocks of a zone show this."""
    moment = datetime.fromisoformat(text).replace(tzinfo=_zone(name))
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(" ")


# -- aggregates ------------------------------------------------------------------------------------


class Spread:
    """The variance of numbers, gathered one by one."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0

    def step(self, value: Number | None) -> None:
        if value is None:
            return
        self.count += 1
        away = value - self.mean
        self.mean += away / self.count
        self.squares += away * (value - self.mean)

    def variance(self, *, sample: bool) -> float | None:
        count = self.count - sample
        return self.squares / count if count > 0 else None


class VariancePopulation(Spread):
    def finalize(self) -> float | None:
        return self.variance(sample=False)


class VarianceSample(Spread):
    def finalize(self) -> float | None:
        return self.variance(sample=True)


class DeviationPopulation(Spread):
    def finalize(self) -> float | None:
        found = self.variance(sample=False)
        return None if found is None else math.sqrt(found)


class DeviationSample(Spread):
    def finalize(self) -> float | None:
        found = self.variance(sample=True)
        return None if found is None else math.sqrt(found)


class Bits:
    """Bits of whole numbers, gathered one by one; NULL when there was none."""

    def __init__(self) -> None:
        self.found: int | None = None

    def join(self, found: int, value: int) -> int:
        raise NotImplementedError

    def step(self, value: int | None) -> None:
        if value is not None:
            self.found = value if self.found is None else self.join(self.found, value)

    def finalize(self) -> int | None:
        return self.found


class BitAnd(Bits):
    def join(self, found: int, value: int) -> int:
        return found & value


class BitOr(Bits):
    def join(self, found: int, value: int) -> int:
        return found | value


class BitXor(Bits):
    def join(self, found: int, value: int) -> int:
        return found ^ value


class StringAgg:
    """Texts with something between them.

    Arguments: whether each is taken once, what stands between, the text; then for each term of its order:
    whether it descends, whether NULLs come first, its value.
    """

    def __init__(self) -> None:
        self.texts: list[tuple[tuple[Any, ...], str, str]] = []
        self.distinct = False
        self.descends: list[bool] = []

    def step(self, distinct: int, delimiter: str, text: Any, *order: Any) -> None:
        if text is None:
            return
        self.distinct = bool(distinct)
        keys: list[Any] = []
        for descends, nulls_first, value in zip(order[::3], order[1::3], order[2::3]):
            # Where NULLs stand is the same in both directions.
            place = 0 if value is not None else -1 if bool(nulls_first) != bool(descends) else 1
            keys.append((place, 0 if value is None else value))
        self.descends = [bool(one) for one in order[::3]]
        self.texts.append((tuple(keys), str(text), delimiter))

    def finalize(self) -> str | None:
        if not self.texts:
            return None
        for place in reversed(range(len(self.descends))):
            self.texts.sort(key=lambda item: item[0][place], reverse=self.descends[place])
        texts = [text for _, text, _ in self.texts]
        # PostgreSQL sorts to find what is there twice.
        return self.texts[0][2].join(sorted(set(texts)) if self.distinct else texts)


FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "dorm_fold": (1, fold),
    "dorm_upper": (1, _strict(_mapped(str.upper))),
    "dorm_lower": (1, _strict(_mapped(str.lower))),
    "dorm_regex": (3, _strict(regex)),
    "dorm_lpad": (3, _strict(lpad)),
    "dorm_rpad": (3, _strict(rpad)),
    "dorm_repeat": (2, _strict(lambda text, number: text * number)),
    "dorm_reverse": (1, _strict(lambda text: text[::-1])),
    "dorm_ord": (1, _strict(lambda text: ord(text[0]) if text else 0)),
    "dorm_hash": (2, _strict(hashed)),
    "dorm_round": (2, _strict(rounded)),
    "dorm_whole": (1, _strict(whole)),
    "dorm_ceil": (1, _strict(upwards)),
    "dorm_floor": (1, _strict(downwards)),
    "dorm_mod": (2, _strict(modulo)),
    "dorm_power": (2, _strict(power)),
    "dorm_sqrt": (1, _strict(root)),
    "dorm_sign": (1, _strict(sign)),
    "dorm_greatest": (-1, greatest),
    "dorm_least": (-1, least),
    "dorm_text": (2, _strict(text_of)),
    "dorm_date": (1, _strict(date_of)),
    "dorm_time": (1, _strict(time_of)),
    "dorm_datetime": (1, _strict(datetime_of)),
    "dorm_boolean": (1, _strict(boolean_of)),
    "dorm_shift": (3, _strict(shift)),
    "dorm_elapsed": (2, _strict(elapsed)),
    "dorm_to_zone": (2, _strict(to_zone)),
    "dorm_from_zone": (2, _strict(from_zone)),
}

AGGREGATES: Final[dict[str, tuple[int, Any]]] = {
    "dorm_var_pop": (1, VariancePopulation),
    "dorm_var_samp": (1, VarianceSample),
    "dorm_stddev_pop": (1, DeviationPopulation),
    "dorm_stddev_samp": (1, DeviationSample),
    "dorm_bit_and": (1, BitAnd),
    "dorm_bit_or": (1, BitOr),
    "dorm_bit_xor": (1, BitXor),
    "dorm_string_agg": (-1, StringAgg),
}
