"""Which class the queries of a manager are of: a related manager takes after its model's own manager.

Rests on the types that a checked module has by now; asks mypy for members as the module itself would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from mypy.checker import TypeChecker
from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.plugin import AttributeContext, MethodContext
from mypy.types import CallableType, Instance, Type, TypeType, get_proper_type

from . import facts, names
from .value_types import as_base


def chained(hook: Callable[[MethodContext], Type]) -> Callable[[MethodContext], Type]:
    """Return *hook* with the querysets that it gives in the class that the manager's queries are of."""

    def run(ctx: MethodContext) -> Type:
        got = hook(ctx)
        proper = get_proper_type(got)
        if not isinstance(proper, Instance) or proper.type.fullname != names.QUERYSET:
            return got
        own = queryset_class(ctx)
        # Rows of another shape (dicts, annotated instances) are those of a plain QuerySet.
        return own if own is not None and as_base(own, names.QUERYSET) == proper else got

    return run


def queryset_class(ctx: MethodContext) -> Instance | None:
    """Return the class of the project's own that the queries of a manager are of; None for QuerySet."""
    manager = get_proper_type(ctx.type)
    if as_base(manager, names.RELATED_MANAGER) or as_base(manager, names.MANY_RELATED_MANAGER):
        found = default_manager(ctx, manager)
        manager = get_proper_type(found) if found is not None else manager
    if not isinstance(manager, Instance):
        return None
    if as_base(manager, names.MANAGER) is None:
        return manager if manager.type.fullname != names.QUERYSET else None
    begins = manager.type.get_method("get_queryset")
    declared = get_proper_type(begins.type) if begins is not None else None
    if begins is None or begins.info.fullname == names.MANAGER or not isinstance(declared, CallableType):
        return None
    seen_from = map_instance_to_supertype(manager, begins.info)
    rows = get_proper_type(expand_type_by_instance(declared.ret_type, seen_from))
    return rows if isinstance(rows, Instance) and as_base(rows, names.QUERYSET) is not None else None


def default_manager(ctx: AttributeContext | MethodContext, related: Type) -> Type | None:
    """Return the type of the manager that the rows' model declares first; None when it declares none."""
    manager = as_base(related, names.MANAGER)
    model = get_proper_type(manager.args[0]) if manager is not None else None
    if not isinstance(model, Instance) or not facts.is_known(model.type):
        return None
    name = facts.read(model.type)["manager"]
    return member(ctx, TypeType(Instance(model.type, [])), name) if name is not None else None


def member(ctx: AttributeContext | MethodContext, owner: Type, name: str) -> Type:
    """Return the type of an attribute, as mypy finds and reports it."""
    checker = cast("TypeChecker", ctx.api).expr_checker
    return checker.analyze_external_member_access(name, owner, ctx.context)
