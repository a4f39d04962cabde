"""Read `class Meta`: what may stand there, what a child inherits, and whether the names in it are fields.

Rests on options, and on the descriptions of indexes and constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from .._text import did_you_mean, listed, nearest
from ..constraints import BaseConstraint, UniqueConstraint
from ..exceptions import ImproperlyConfigured
from ..expressions import Expression, OrderBy
from ..indexes import Index
from ..meta.options import Options

MANAGER_OPTIONS: Final = ("base_manager_name", "default_manager_name")
PLAIN_OPTIONS: Final = (
    "abstract", "app_label", "constraints", "db_table", "db_table_comment", "default_permissions",
    "default_related_name", "get_latest_by", "indexes", "managed", "ordering", "permissions", "proxy",
    "unique_together", "verbose_name", "verbose_name_plural",
)  # fmt: skip
META_OPTIONS: Final = (*MANAGER_OPTIONS, *PLAIN_OPTIONS)

# Django's, without a meaning here: a file that sets them carries over.
IGNORED: Final = ("db_tablespace", "required_db_features", "required_db_vendor", "select_on_save")

REFUSED: Final = {
    "index_together": "write indexes = [Index(fields=[...])]",
    "order_with_respect_to": "keep the order in a column of your own, and name it in ordering",
    "swappable": "name the model that is meant",
}

# A concrete parent's indexes and constraints are of its own table; an abstract one has none.
INHERITED_OPTIONS: Final = (
    *MANAGER_OPTIONS, "app_label", "default_related_name", "get_latest_by", "ordering",
)  # fmt: skip
INHERITED_FROM_ABSTRACT: Final = ("constraints", "indexes", "managed", "unique_together")


def meta_options(name: str, meta: Any, parents: Sequence[Any]) -> dict[str, Any]:
    """Return the options of a class: its own, then those that it inherits, then the defaults."""
    given = _written(meta)
    for key in given:
        _check_known(name, key)
    for parent in parents:
        options: Options | None = parent.__dict__.get("_meta")
        if options is not None:
            given = {**options.inheritable, **given}
    abstract = bool(given.get("abstract", False))
    inherited = (*INHERITED_OPTIONS, *(INHERITED_FROM_ABSTRACT if abstract else ()))
    found: dict[str, Any] = {key: given[key] for key in PLAIN_OPTIONS if key in given}
    return {
        **found,
        "abstract": abstract,
        "ordering": _ordering(name, given.get("ordering", ())),
        "unique_together": groups_of_names(name, given.get("unique_together", ())),
        "indexes": _listed(name, "indexes", given.get("indexes", ()), Index),
        "constraints": _listed(name, "constraints", given.get("constraints", ()), BaseConstraint),
        "names_of_managers": {key: given[key] for key in MANAGER_OPTIONS if key in given},
        "inheritable": {key: given[key] for key in inherited if key in given},
    }


def _written(meta: Any) -> dict[str, Any]:
    if meta is None:
        return {}
    given = {key: value for key, value in vars(meta).items() if not key.startswith("_")}
    for base in meta.__mro__[1:-1]:
        # `class Meta(Base.Meta)`: a child of an abstract model is not abstract by that.
        above = {k: v for k, v in vars(base).items() if not k.startswith("_") and k != "abstract"}
        given = {**above, **given}
    return {key: value for key, value in given.items() if key not in IGNORED}


def _check_known(name: str, key: str) -> None:
    if key in REFUSED:
        raise ImproperlyConfigured(f"{name}.Meta.{key} is not supported: {REFUSED[key]}.")
    if key not in META_OPTIONS:
        raise ImproperlyConfigured(
            f"{name}.Meta has an unknown option {key!r}.{did_you_mean(nearest(key, META_OPTIONS))} "
            f"Options: {listed(META_OPTIONS)}."
        )


def _ordering(name: str, given: Any) -> tuple[str | Expression[Any] | OrderBy, ...]:
    if isinstance(given, (str, Expression)) or not isinstance(given, Iterable):
        raise ImproperlyConfigured(f"{name}.Meta.ordering takes a list of terms, not {given!r}")
    terms = tuple(given)
    for term in terms:
        if not isinstance(term, (str, Expression, OrderBy)):
            raise ImproperlyConfigured(
                f"{name}.Meta.ordering takes names of fields and expressions, not {term!r}"
            )
    return terms


def groups_of_names(name: str, given: Any) -> tuple[tuple[str, ...], ...]:
    """Return `unique_together` as groups: one group may stand there without a list around it."""
    groups = tuple(given)
    if groups and all(isinstance(one, str) for one in groups):
        return (groups,)
    if any(isinstance(group, str) for group in groups):
        raise ImproperlyConfigured(f"{name}.Meta.unique_together takes groups of field names, not {given!r}")
    return tuple(tuple(group) for group in groups)


def _listed(name: str, option: str, given: Any, kind: type[Any]) -> tuple[Any, ...]:
    items = tuple(given)
    for item in items:
        if not isinstance(item, kind):
            raise ImproperlyConfigured(f"{name}.Meta.{option} takes {kind.__name__} objects, not {item!r}")
    return items


# -- names ----------------------------------------------------------------------------------------


def check_names(options: Options) -> None:
    """Raise ImproperlyConfigured for a name in Meta that is no field of the model."""
    for group in options.unique_together:
        _check_fields(options, "unique_together", group)
    for index in options.indexes:
        names = [field.removeprefix("-") for field in index.fields]
        _check_fields(options, "indexes", [*names, *index.include])
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint):
            _check_fields(options, "constraints", [*constraint.fields, *constraint.include])
    latest = options.get_latest_by
    latest_names = [latest] if isinstance(latest, str) else latest or ()
    plain = [name.removeprefix("-") for name in latest_names if "__" not in name]
    _check_fields(options, "get_latest_by", plain)
    _check_unique_names(options)


def _check_fields(options: Options, option: str, names: Iterable[str]) -> None:
    known: Mapping[str, Any] = {field.name: field for field in options.fields} | options.by_attname
    for name in names:
        if name not in known and name != "pk":
            raise ImproperlyConfigured(
                f"{options.name}.Meta.{option} names {name!r}, which is no field of {options.name}."
                f"{did_you_mean(nearest(name, known))} Fields: {listed(known)}."
            )


def _check_unique_names(options: Options) -> None:
    names = [one.name for one in (*options.indexes, *options.constraints) if one.name is not None]
    for name in names:
        if names.count(name) > 1:
            raise ImproperlyConfigured(f"{options.name}.Meta has two indexes or constraints called {name!r}")
