"""`filter()`, `exclude()`, `get()`, `get_or_none()` and their twins.

Rests on the checks of lookups and expressions.
"""

from __future__ import annotations

from mypy.plugin import MethodContext
from mypy.types import Type

from . import expressions
from .calls import call_on_queryset
from .lookups import check_lookup


def filter_hook(ctx: MethodContext) -> Type:
    """Check the conditions of a call; the type is the stub's."""
    call = call_on_queryset(ctx)
    if call is not None:
        for argument in call.positional:
            expressions.check(call, call.model, argument.node)
        for key, argument in call.keywords:
            check_lookup(call, call.model, key, argument.node, call.given(argument))
            expressions.check(call, call.model, argument.node)
    return ctx.default_return_type
