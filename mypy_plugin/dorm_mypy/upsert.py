"""Check `get_or_create()`, `update_or_create()` and their twins: the lookups, and what `defaults=` writes.

Rests on the checks of lookups and of written values. A dict is looked into where it is written in the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import CallExpr, DictExpr, Expression
from mypy.plugin import MethodContext
from mypy.types import Type

from dorm.lookups.paths import SEPARATOR

from . import expressions, messages
from .calls import OPTIONS, Argument, Call, call_on_queryset
from .create import change_refuses, check_written, new_row_refuses
from .declarations import is_builtin, text_of
from .lookups import check_lookup


def get_or_create_hook(ctx: MethodContext) -> Type:
    """Check the lookups, and the defaults of the new row; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_lookups(call)
        check_written(call, items(option(call, "defaults", 0)), new_row_refuses, calls_values=True)
    return ctx.default_return_type


def update_or_create_hook(ctx: MethodContext) -> Type:
    """Check the lookups, and what the row is given; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        check_lookups(call)
        new = option(call, "create_defaults", 1)
        # Without values of its own, a new row is given those of the change.
        refuses = new_row_refuses if new is None or is_builtin(new, "None") else change_refuses
        check_written(call, items(option(call, "defaults", 0)), refuses, calls_values=True)
        check_written(call, items(new), new_row_refuses, calls_values=True)
    return ctx.default_return_type


def check_lookups(call: Call) -> None:
    """Report keywords that find nothing, or that a new row cannot be given."""
    for argument in call.column_values:
        key = argument.name or ""
        if key in call.held:
            call.fail(messages.held_by_manager(key), argument.node, messages.FIELD)
            continue
        known = SEPARATOR in key or call.model.written(key) is not None or call.model.field(key) is None
        if known:
            check_lookup(call, call.model, key, argument.node, call.given(argument))
        else:
            call.fail(new_row_refuses(call.model, key), argument.node, messages.FIELD)
        expressions.check(call, call.model, argument.node)


def option(call: Call, name: str, place: int) -> Expression | None:
    """Return the dict that a call passes by this keyword, or in this place; None when it passes none."""
    assert name in OPTIONS
    by_keyword = next((one.node for word, one in call.keywords if word == name), None)
    positional = [] if call.is_dynamic else list(call.positional)
    return by_keyword or (positional[place].node if place < len(positional) else None)


def items(node: Expression | None) -> Iterator[Argument]:
    """Yield the items of a dict with their names, as far as it is written in the call."""
    if isinstance(node, DictExpr):
        for key, value in node.items:
            name = text_of(key)
            if name is not None:
                yield Argument(name, False, value, None)
    elif isinstance(node, CallExpr) and is_builtin(node.callee, "dict"):
        for name, value in zip(node.arg_names, node.args):
            if name is not None:
                yield Argument(name, False, value, None)
