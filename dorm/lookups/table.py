"""The vocabulary that may follow a field name: lookups and transforms, as data.

The run time, the mypy plugin and the generated stubs read these rows; nobody keeps a copy.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from .._record import Record
from ..sql.types import TypeName

Family: TypeAlias = Literal[
    "text", "integer", "float", "decimal", "boolean", "date", "time", "datetime",
    "duration", "uuid", "ip", "binary", "json", "array", "relation", "any",
]  # fmt: skip

Operand: TypeAlias = Literal["same", "sequence", "pair", "flag", "text", "texts"]

FAMILY_WORDS: Final[dict[Family, str]] = {
    "text": "text",
    "integer": "a number",
    "float": "a number",
    "decimal": "a decimal number",
    "boolean": "true or false",
    "date": "a date",
    "time": "a time",
    "datetime": "a date and time",
    "duration": "a duration",
    "uuid": "a UUID",
    "ip": "an IP address",
    "binary": "bytes",
    "json": "JSON",
    "array": "a list",
    "relation": "a relation",
    "any": "a value of unknown type",
}

FAMILY_OF: Final[dict[TypeName, Family]] = {
    "char": "text",
    "text": "text",
    "integer": "integer",
    "smallint": "integer",
    "bigint": "integer",
    "smallauto": "integer",
    "auto": "integer",
    "bigauto": "integer",
    "float": "float",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "duration": "duration",
    "uuid": "uuid",
    "ip": "ip",
    "binary": "binary",
    "json": "json",
    "array": "array",
    "any": "any",
}

EVERY: Final = frozenset(FAMILY_WORDS)
ORDERED: Final = EVERY - {"boolean"}
JSON: Final = frozenset[Family]({"json"})
ARRAY: Final = frozenset[Family]({"array"})
# JSON is searched by the text that its value has.
TEXT: Final = frozenset[Family]({"text", "any", "json"})
DATES: Final = frozenset[Family]({"date", "datetime", "any"})
MOMENTS: Final = frozenset[Family]({"datetime", "any"})
CLOCKS: Final = frozenset[Family]({"time", "datetime", "any"})


class Lookup(Record):
    """How a column may be compared: the families that allow it and what stands on the right.

    *exceptions* are families for which something else stands there.
    """

    name: str
    families: frozenset[Family]
    operand: Operand
    exceptions: tuple[tuple[Family, Operand], ...] = ()

    def operand_for(self, family: Family) -> Operand:
        """Return what stands on the right of a value of *family*."""
        return dict(self.exceptions).get(family, self.operand)


class Transform(Record):
    """What may be taken out of a column before it is compared, and the family it gives."""

    name: str
    families: frozenset[Family]
    result: Family


class CustomTransform(Transform):
    """A transform of a project's own: *kind* has its SQL, *output* is a field for what it gives."""

    kind: Any
    output: Any


LOOKUPS: Final[dict[str, Lookup]] = {
    row.name: row
    for row in (
        Lookup("exact", EVERY, "same"),
        Lookup("in", EVERY, "sequence"),
        Lookup("isnull", EVERY, "flag"),
        Lookup("gt", ORDERED, "same"),
        Lookup("gte", ORDERED, "same"),
        Lookup("lt", ORDERED, "same"),
        Lookup("lte", ORDERED, "same"),
        Lookup("range", ORDERED, "pair"),
        Lookup("iexact", TEXT, "text"),
        Lookup("contains", TEXT | ARRAY, "text", (("json", "same"), ("array", "same"))),
        Lookup("icontains", TEXT, "text"),
        Lookup("startswith", TEXT, "text"),
        Lookup("istartswith", TEXT, "text"),
        Lookup("endswith", TEXT, "text"),
        Lookup("iendswith", TEXT, "text"),
        Lookup("regex", TEXT, "text"),
        Lookup("iregex", TEXT, "text"),
        Lookup("contained_by", JSON | ARRAY, "same"),
        Lookup("has_key", JSON, "text"),
        Lookup("has_keys", JSON, "texts"),
        Lookup("has_any_keys", JSON, "texts"),
        Lookup("json_has_key", JSON, "text"),
        Lookup("json_has_all", JSON, "texts"),
        Lookup("json_has_any", JSON, "texts"),
        Lookup("overlap", ARRAY, "same"),
        Lookup("array_contains", ARRAY, "same"),
        Lookup("array_overlap", ARRAY, "same"),
    )
}

TRANSFORMS: Final[dict[str, Transform]] = {
    row.name: row
    for row in (
        Transform("date", MOMENTS, "date"),
        Transform("time", MOMENTS, "time"),
        Transform("year", DATES, "integer"),
        Transform("iso_year", DATES, "integer"),
        Transform("quarter", DATES, "integer"),
        Transform("month", DATES, "integer"),
        Transform("week", DATES, "integer"),
        Transform("day", DATES, "integer"),
        Transform("week_day", DATES, "integer"),
        Transform("iso_week_day", DATES, "integer"),
        Transform("hour", CLOCKS, "integer"),
        Transform("minute", CLOCKS, "integer"),
        Transform("second", CLOCKS, "integer"),
        Transform("len", ARRAY, "integer"),
    )
}


def words_for(family: Family) -> list[str]:
    """Return every lookup and transform name that fits *family*."""
    rows: list[Lookup | Transform] = [*LOOKUPS.values(), *TRANSFORMS.values()]
    return [row.name for row in rows if family in row.families]
