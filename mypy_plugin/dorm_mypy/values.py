"""`values()` gives TypedDicts, `values_list()` tuples or single values; with their twins.

Names are reported by the signature hook: `values_list()` is overloaded, and an error while mypy tries one
overload would only make it try the next.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import CallExpr
from mypy.plugin import MethodContext, MethodSigContext
from mypy.types import FunctionLike, Type

from . import expressions, messages, names, rows
from .calls import Call, call_on_queryset, model_and_row
from .declarations import is_builtin, keyword
from .model_view import MypyModelView
from .value_types import as_base

# The keywords that are no names of columns.
OPTIONS: Final = ("flat", "named")


def names_signature(ctx: MethodSigContext) -> FunctionLike:
    """Report the wrong names of a call; the signature stays as it is."""
    got = model_and_row(ctx.type) if is_asked_first(ctx) else None
    if got is not None and isinstance(ctx.context, CallExpr):
        call = Call(ctx.api, ctx.context, MypyModelView(got[0]), got[1], {}, OPTIONS)
        named = 0
        for argument in call.positional:
            named += 1
            text = None if argument.star else call.text(argument)
            if text is not None:
                expressions.column(call, call.model, text, argument.node)
            elif not argument.star:
                expressions.check(call, call.model, argument.node)
        for argument in call.column_values:
            expressions.check(call, call.model, argument.node)
        flat = keyword(ctx.context, "flat")
        if flat is not None and is_builtin(flat, "True") and named != 1 and not call.is_dynamic:
            call.fail(messages.flat_takes_one(named), ctx.context, messages.ROWS)
    return ctx.default_signature


def is_asked_first(ctx: MethodSigContext) -> bool:
    """Return whether a signature is the whole method's, or the first of its overloads: mypy asks for each."""
    signature = ctx.default_signature
    if not any(name in OPTIONS for name in signature.arg_names):
        return not signature.variables
    return bool(signature.variables)


def values_hook(ctx: MethodContext) -> Type:
    """Return the queryset, or the list, of TypedDict rows."""
    call = call_on_queryset(ctx)
    items = named_columns(call) if call is not None else None
    if call is None or items is None:
        return ctx.default_return_type
    row = rows.typed_dict(call, dict(items))
    return rows.with_rows(call, ctx.default_return_type, call.model.instance, row)


def values_list_hook(ctx: MethodContext) -> Type:
    """Return the queryset, or the list, of tuples or of single values."""
    call = call_on_queryset(ctx)
    items = named_columns(call) if call is not None else None
    if call is None or items is None:
        return ctx.default_return_type
    types = [typ for _, typ in items]
    named = keyword(call.node, "named")
    if named is not None and not is_builtin(named, "False"):
        row = rows.named_tuple(call, dict(items))
        return rows.with_rows(call, ctx.default_return_type, call.model.instance, row)
    flat = keyword(call.node, "flat")
    if flat is None or is_builtin(flat, "False"):
        return rows.with_rows(call, ctx.default_return_type, call.model.instance, rows.row_tuple(call, types))
    if is_builtin(flat, "True") and len(types) == 1:
        return rows.with_rows(call, ctx.default_return_type, call.model.instance, types[0])
    return ctx.default_return_type


def named_columns(call: Call) -> list[tuple[str, Type]] | None:
    """Return the names that a call asks for, with their types; None when some are not known."""
    quiet = expressions.Silent(call.api)
    items: list[tuple[str, Type]] = []
    for argument in call.positional:
        text = None if argument.star else call.text(argument)
        if text is not None:
            items.append((text, expressions.column(quiet, call.model, text, argument.node)))
        elif not argument.star and is_computed(call.given(argument)):
            result = expressions.result_type(quiet, call.model, argument.node)
            items.append((f"{len(items)}", result))
        else:
            return None
    for argument in call.arguments:
        if argument.name is not None and argument.name not in OPTIONS:
            if argument.star:
                return None
            items.append((argument.name, expressions.result_type(quiet, call.model, argument.node)))
    return items or list({**call.model.columns(), **call.model.attributes}.items())


def is_computed(typ: Type) -> bool:
    """Return whether a type is that of an expression."""
    return as_base(typ, names.EXPRESSION) is not None
