"""Check what is written: `Model(...)`, `create()`, `update()` and their twins.

Rests on the model's fields: a keyword is a field, a relation's key or `pk`; a value fits the column.
"""

from __future__ import annotations

from mypy.nodes import CallExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, get_proper_type

from . import expressions, facts, messages, names, operands
from .calls import Call, argument_types, call_on_queryset
from .model_view import MypyModelView


def create_hook(ctx: MethodContext) -> Type:
    """Check the keywords of `create()`; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_written(call, f"{call.model.name}()", new_names(call.model))
    return ctx.default_return_type


def update_hook(ctx: MethodContext) -> Type:
    """Check the keywords of `update()`; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_written(call, call.model.name, list(call.model.facts["fields"]))
    return ctx.default_return_type


def constructor_hook(ctx: FunctionContext) -> Type:
    """Check the keywords of `Model(...)`, unless the class has a constructor of its own."""
    model = get_proper_type(ctx.default_return_type)
    if isinstance(model, Instance) and isinstance(ctx.context, CallExpr) and facts.is_known(model.type):
        init = model.type.get_method("__init__")
        if init is not None and init.info.fullname == names.MODEL:
            call = Call(ctx.api, ctx.context, MypyModelView(model), model, argument_types(ctx))
            check_written(call, f"{call.model.name}()", new_names(call.model))
    return ctx.default_return_type


def new_names(model: MypyModelView) -> list[str]:
    """Return the names that a new row can be given, as a message may suggest them."""
    fields = model.facts["fields"]
    return [*fields, *(f"{name}_id" for name, field in fields.items() if field["relation"])]


def check_written(call: Call, what: str, choices: list[str]) -> None:
    """Report keywords that are no field of the model, and values that their columns do not take."""
    fields = call.model.writable()
    for key, argument in call.keywords:
        view = fields.get(key)
        if view is None:
            message = messages.unknown_keyword(what, key, choices, call.model.facts["fields"])
            call.fail(message, argument.node, messages.FIELD)
            continue
        wanted = operands.comparable(view)
        given = call.given(argument)
        if not operands.accepts(wanted, given, nullable=view.nullable):
            expected = operands.stored(wanted, view.nullable)
            message = messages.wrong_value(key, call.shown(expected), call.shown(given))
            call.fail(message, argument.node, messages.VALUE)
        expressions.check(call, call.model, argument.node)
