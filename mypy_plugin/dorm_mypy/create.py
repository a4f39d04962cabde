"""Check what is written: `Model(...)`, `create()`, `update()` and their twins.

Rests on the model's fields: a keyword is a field, a relation's key or `pk`; a value fits the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mypy.nodes import CallExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import CallableType, Instance, Type, get_proper_type

from . import expressions, facts, messages, names, operands
from .calls import Argument, Call, argument_types, call_on_queryset
from .model_view import MypyModelView


def create_hook(ctx: MethodContext) -> Type:
    """Check the keywords of `create()`; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_written(call, call.column_values, new_row_refuses)
    return ctx.default_return_type


def update_hook(ctx: MethodContext) -> Type:
    """Check the keywords of `update()`; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_written(call, call.column_values, change_refuses)
    return ctx.default_return_type


def constructor_hook(ctx: FunctionContext) -> Type:
    """Check the keywords of `Model(...)`, unless the class has a constructor of its own."""
    model = get_proper_type(ctx.default_return_type)
    if isinstance(model, Instance) and isinstance(ctx.context, CallExpr) and facts.is_known(model.type):
        init = model.type.get_method("__init__")
        if init is not None and init.info.fullname == names.MODEL:
            call = Call(ctx.api, ctx.context, MypyModelView(model), model, argument_types(ctx))
            check_written(call, call.column_values, new_row_refuses)
    return ctx.default_return_type


def new_row_refuses(model: MypyModelView, name: str) -> str:
    """Return what to say of a keyword of `Model(...)` that is no column."""
    if model.is_paired(name):
        return messages.pairs_of_a_new_row(model.name, name)
    fields = model.facts["fields"]
    choices = [*fields, *(f"{own}_id" for own, field in fields.items() if field["relation"])]
    return messages.unknown_keyword(f"{model.name}()", name, choices, fields)


def change_refuses(model: MypyModelView, name: str) -> str:
    """Return what to say of a name in `update()` or `update_fields` that is no column."""
    pairs = model.facts["pairs"]
    if name in pairs:
        return messages.pairs_have_no_column(model.name, name)
    choices = [*model.facts["fields"], *pairs]
    return messages.unknown_keyword(model.name, name, choices, choices)


def check_written(
    call: Call,
    given: Iterable[Argument],
    refuses: Callable[[MypyModelView, str], str],
    *,
    calls_values: bool = False,
) -> None:
    """Report names that are no column of the model, and values that their columns do not take.

    With *calls_values*, a value may be a function that gives it.
    """
    for argument in given:
        key = argument.name or ""
        view = call.model.written(key)
        if view is None and call.model.is_open:
            continue
        if view is None:
            call.fail(refuses(call.model, key), argument.node, messages.FIELD)
            continue
        if key in call.held:
            call.fail(messages.held_by_manager(key), argument.node, messages.FIELD)
            continue
        wanted = operands.comparable(view)
        typ = call.given(argument)
        if calls_values:
            typ = called(typ)
        if not operands.accepts(wanted, typ, nullable=view.nullable):
            expected = operands.stored(wanted, view.nullable)
            message = messages.wrong_value(key, call.shown(expected), call.shown(typ))
            call.fail(message, argument.node, messages.VALUE)
        expressions.check(call, call.model, argument.node)


def called(typ: Type) -> Type:
    """Return what a function gives, and any other type as it is."""
    proper = get_proper_type(typ)
    return proper.ret_type if isinstance(proper, CallableType) else typ
