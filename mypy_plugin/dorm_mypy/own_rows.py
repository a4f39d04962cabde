"""Annotated rows in querysets of the project's own classes, which are not generic in their rows.

Such a class remembers its rows beside its attributes; each method that gives rows gives these. Rests on
mypy's types alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.plugin import MethodContext
from mypy.types import ExtraAttrs, Instance, Type, TypeAliasType, TypeTranslator, get_proper_type

from . import names
from .value_types import as_base

# No attribute of a program is called so.
ROW: Final = "="


def keeping_class(queryset: Instance | None, default: Type, model: Instance) -> Type:
    """Return the queryset of annotated instances that *default* is, in the class of the project's own.

    A class that is generic in its rows has them as its argument, as QuerySet has.
    """
    base = as_base(queryset, names.QUERYSET) if queryset is not None else None
    if queryset is None or base is None or queryset.type.fullname == names.QUERYSET:
        return default
    if queryset.args == base.args and len(queryset.args) == 2:
        return queryset.copy_modified(args=[model, model])
    out = queryset.copy_modified()
    out.extra_attrs = ExtraAttrs({ROW: model}, set(), None)
    return out


def own_row(queryset: Type) -> Instance | None:
    """Return the annotated instance that a queryset of the project's own remembers."""
    proper = get_proper_type(queryset)
    if not isinstance(proper, Instance) or proper.extra_attrs is None:
        return None
    row = get_proper_type(proper.extra_attrs.attrs.get(ROW))
    return row if isinstance(row, Instance) else None


class Replaced(TypeTranslator):
    """The same type with *old* as *new*, wherever it stands."""

    def __init__(self, old: Type, new: Type) -> None:
        super().__init__()
        self.old = old
        self.new = new

    def visit_instance(self, t: Instance, /) -> Type:
        return self.new if t == self.old else super().visit_instance(t)

    def visit_type_alias_type(self, t: TypeAliasType, /) -> Type:
        return t


def rowed(hook: Callable[[MethodContext], Type]) -> Callable[[MethodContext], Type]:
    """Return *hook* with the rows that it gives as the queryset remembers them."""

    def run(ctx: MethodContext) -> Type:
        got = hook(ctx)
        row, base = own_row(ctx.type), as_base(ctx.type, names.QUERYSET)
        return got if row is None or base is None else got.accept(Replaced(base.args[1], row))

    return run
