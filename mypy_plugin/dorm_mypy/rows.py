"""The types of rows: TypedDicts, tuples, and instances with annotations, put into a queryset.

Rests on mypy's types alone.
"""

from __future__ import annotations

from mypy.typeops import make_simplified_union
from mypy.types import ExtraAttrs, Instance, TupleType, Type, TypedDictType, get_proper_type

from . import names
from .calls import Reporter
from .model_view import HIDDEN
from .value_types import as_base


def typed_dict(report: Reporter, items: dict[str, Type]) -> TypedDictType:
    """Return the row of `values()`."""
    return TypedDictType(items, set(items), set(), report.named("typing._TypedDict"))


def row_tuple(report: Reporter, items: list[Type]) -> TupleType:
    """Return the row of `values_list()`."""
    return TupleType(items, report.named("builtins.tuple", [make_simplified_union(items)]))


def named_tuple(report: Reporter, items: dict[str, Type]) -> TupleType:
    """Return the row of `values_list(named=True)`: a tuple whose items are attributes too."""
    row = row_tuple(report, list(items.values()))
    fallback = row.partial_fallback.copy_modified()
    fallback.extra_attrs = ExtraAttrs(dict(items), set(items), None)
    return row.copy_modified(fallback=fallback)


def aliased(model: Instance, added: dict[str, Type]) -> Instance:
    """Return *model* with names that later calls of the chain know, and no row has."""
    return annotated(model, {f"{HIDDEN}{name}": typ for name, typ in added.items()})


def annotated(model: Instance, added: dict[str, Type], *, lists: bool = False) -> Instance:
    """Return *model* with more attributes: mypy finds them after all members, and subtyping ignores them.

    What is no annotation, but one of the *lists* that are loaded beside the rows, is marked as immutable.
    """
    before = model.extra_attrs or ExtraAttrs({}, set(), None)
    marked = before.immutable | added.keys() if lists else before.immutable - added.keys()
    out = model.copy_modified()
    out.extra_attrs = ExtraAttrs({**before.attrs, **added}, marked, None)
    return out


def with_rows(report: Reporter, default: Type, model: Instance, row: Type) -> Type:
    """Return the stub's return type *default* for these rows: a queryset, or a coroutine giving a list."""
    proper = get_proper_type(default)
    queryset = as_base(default, names.QUERYSET)
    if queryset is not None and isinstance(proper, Instance):
        if len(proper.args) == 2:
            return proper.copy_modified(args=[model, row])
        return queryset.copy_modified(args=[model, row])
    return replaced_list(report, default, row)


def replaced_list(report: Reporter, default: Type, row: Type) -> Type:
    """Return *default* with the innermost list's items replaced by *row*."""
    proper = get_proper_type(default)
    if not isinstance(proper, Instance):
        return default
    if proper.type.fullname == "builtins.list":
        return proper.copy_modified(args=[row])
    if proper.type.fullname == "typing.Coroutine":
        return proper.copy_modified(args=[*proper.args[:2], replaced_list(report, proper.args[2], row)])
    return default
