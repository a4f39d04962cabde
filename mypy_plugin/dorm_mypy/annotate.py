"""`annotate()` adds attributes to the rows, `aggregate()` gives a TypedDict; with their twins.

The names of annotations ride on the model's instance type, so that later calls of the chain know them too.
"""

from __future__ import annotations

from mypy.plugin import MethodContext
from mypy.types import Instance, TupleType, Type, TypedDictType, get_proper_type

from . import expressions, messages, own_rows, rows
from .calls import Call, call_on_queryset
from .chains import queryset_class


def annotate_hook(ctx: MethodContext) -> Type:
    """Return the queryset whose rows have the new names."""
    call = call_on_queryset(ctx)
    added = new_names(call) if call is not None else None
    if call is None or added is None:
        return ctx.default_return_type
    model = rows.annotated(call.model.instance, added)
    return with_model(ctx, call, model, widened(call, model, added))


def alias_hook(ctx: MethodContext) -> Type:
    """Return the queryset whose later calls know the new names."""
    call = call_on_queryset(ctx)
    added = new_names(call) if call is not None else None
    if call is None or added is None:
        return ctx.default_return_type
    model = rows.aliased(call.model.instance, added)
    return with_model(ctx, call, model, widened(call, model, {}))


def new_names(call: Call) -> dict[str, Type] | None:
    """Return the names that a call adds, with their types; None when some are not known before the run."""
    added = results(call)
    for name, argument in call.keywords:
        if call.model.bare().field(name) is not None:
            message = messages.annotation_conflict(name, call.model.name)
            call.fail(message, argument.node, messages.FIELD)
    return None if call.is_dynamic else added


def with_model(ctx: MethodContext, call: Call, model: Instance, row: Type) -> Type:
    """Return the queryset that a method gives, of *model* and *row*, in its own class."""
    found = rows.with_rows(call, ctx.default_return_type, model, row)
    return own_rows.keeping_class(queryset_class(ctx), found, model) if row is model else found


def widened(call: Call, model: Instance, added: dict[str, Type]) -> Type:
    """Return the type of the rows with *added*: more keys, more items, or more attributes."""
    row = get_proper_type(call.row)
    if isinstance(row, TypedDictType):
        return rows.typed_dict(call, {**row.items, **added})
    if isinstance(row, TupleType):
        return rows.row_tuple(call, [*row.items, *added.values()])
    return model if isinstance(row, Instance) and row.type is model.type else call.row


def aggregate_hook(ctx: MethodContext) -> Type:
    """Return the TypedDict of the results, awaited for the twin."""
    call = call_on_queryset(ctx)
    if call is None:
        return ctx.default_return_type
    items = results(call)
    if call.is_dynamic or any(argument.name is None for argument in call.arguments):
        return ctx.default_return_type
    shape = rows.typed_dict(call, items)
    default = get_proper_type(ctx.default_return_type)
    if isinstance(default, Instance) and default.type.fullname == "typing.Coroutine":
        return default.copy_modified(args=[*default.args[:2], shape])
    return shape


def results(call: Call) -> dict[str, Type]:
    """Return the keywords of a call with the types of their expressions; report the wrong names in them."""
    out: dict[str, Type] = {}
    for argument in call.arguments:
        expressions.check(call, call.model, argument.node)
    for key, argument in call.keywords:
        out[key] = expressions.result_type(call, call.model, argument.node)
    return out
