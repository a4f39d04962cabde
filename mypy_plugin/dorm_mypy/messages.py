"""All that the plugin says, and the error codes it says it with.

A name that leads nowhere is worded by `dorm.lookups.paths`, as at run time; this is the rest. The codes:

dorm-field     a name that the model does not have: in a lookup, in `order_by()`, `F()`, a schema's Meta, ...
dorm-lookup    a lookup or transform that does not exist, does not fit the column, or may not stand there
dorm-path      a name in `select_related()` or `prefetch_related()` that is no relation, or one to many rows
dorm-value     a value of a wrong type
dorm-rows      `values_list(flat=True)` without exactly one name
dorm-null      `isnull` of a column that is never NULL (a note)
dorm-plugin    the plugin itself failed (a note)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mypy.errorcodes import ErrorCode

from dorm._text import did_you_mean, listed, nearest
from dorm.lookups.paths import MissKind

FIELD: Final = ErrorCode("dorm-field", "A name is one of the model's", "dorm")
LOOKUP: Final = ErrorCode("dorm-lookup", "A lookup exists and fits its column", "dorm")
PATH: Final = ErrorCode("dorm-path", "A path of relations leads over relations", "dorm")
VALUE: Final = ErrorCode(
    "dorm-value", "A value fits the column that it is compared with or stored in", "dorm"
)
ROWS: Final = ErrorCode("dorm-rows", "The names given fit the rows that are asked for", "dorm")
NULL: Final = ErrorCode("dorm-null", "A column that is asked whether it is NULL may be", "dorm")
PLUGIN: Final = ErrorCode("dorm-plugin", "The plugin works", "dorm")

CODES: Final[dict[MissKind, ErrorCode]] = {"field": FIELD, "lookup": LOOKUP, "relation": PATH}


def wrong_value(key: str, expected: str, given: str) -> str:
    """Return what to say of a value of type *given* for the lookup or field *key*."""
    return f"{key!r} expects {expected}, got {given}"


def never_null(key: str) -> str:
    """Return the note on a condition that is always met, or never."""
    return f"{key!r}: the column is never NULL, so every row or none meets this"


def unknown_keyword(what: str, name: str, choices: Iterable[str], fields: Iterable[str]) -> str:
    """Return what to say of a keyword of `Model(...)`, `create()` or `update()` that is no field.

    *what* is "Author()" for a new row, "Author" for a change; *choices* are all the names that it takes.
    """
    return f"{what} has no field {name!r}.{did_you_mean(nearest(name, choices))} Fields: {listed(fields)}."


def unknown_option(schema: str, name: str, options: Iterable[str]) -> str:
    """Return what to say of a name in a schema's `class Meta` that is no option."""
    known = list(options)
    return f"{schema}: unknown option Meta.{name}.{did_you_mean(nearest(name, known))} {listed(known)}"


def pairs_of_a_new_row(model: str, name: str) -> str:
    """Return what to say of rows that a new row shall be paired with before it is saved."""
    return f"{model}({name}=...): save it first, then call {name}.set(...)"


def pairs_have_no_column(model: str, name: str) -> str:
    """Return what to say of a ManyToManyField in `update()`."""
    return f"{model}.{name} has no column: change it by add(), remove() and set()"


def unknown_in_bulk_update(name: str, why: str) -> str:
    """Return what to say of a name in `bulk_update(fields=)` that is no column."""
    return f"Unknown field {name!r} in bulk_update(): {why}"


def held_by_manager(name: str) -> str:
    """Return what to say of the key that a related manager sets by itself."""
    return f"{name!r} is the row that the manager belongs to: leave it out"


def no_relation(model: str, name: str, path: str, relations: Iterable[str]) -> str:
    """Return what to say of a part of a path in `prefetch_related()` that is no relation."""
    known = list(relations)
    where = f" (in {path!r})" if path != name else ""
    offered = listed(known) or "none"
    return (
        f"{model} has no relation {name!r}{where}.{did_you_mean(nearest(name, known))} Relations: {offered}."
    )


def rows_of_another_model(lookup: str, expected: str, given: str) -> str:
    """Return what to say of a queryset in a Prefetch that is not of the relation's model."""
    return f"Prefetch({lookup!r}) expects rows of {expected}, not of {given}"


def unknown_attribute(owner: str, name: str) -> str:
    """Return mypy's own words for an attribute that an instance does not have."""
    return f'"{owner}" has no attribute "{name}"'


def flat_takes_one(count: int) -> str:
    """Return what to say of `values_list(flat=True)` with another number of names."""
    return f"values_list(flat=True) takes exactly one field, not {count}"


def no_loaded_column(name: str, model: str) -> str:
    """Return what to say of a name in `only()` or `defer()` that is not one column of one row."""
    return f"{name!r} is not a column of {model} or of a row that it refers to"


def leads_to_many(step: str) -> str:
    """Return what to say of a relation to many rows in `select_related()`."""
    return f"{step!r} leads to many rows, which select_related() cannot load"


def annotation_conflict(name: str, model: str) -> str:
    """Return what to say of an annotation that has the name of a field."""
    return f"The annotation {name!r} conflicts with a field of {model}"


def plugin_failed(hook: str, error: Exception) -> str:
    """Return the note for an exception inside a hook."""
    return f"dorm's plugin failed here ({hook}: {type(error).__name__}: {error}); the type is the stub's"
