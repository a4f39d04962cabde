"""Check the names in `order_by()`, `only()`, `defer()` and `select_related()`.

Rests on the path walker; a name that is not known before the run is let through.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import MethodContext
from mypy.types import Type

from dorm.lookups.paths import Miss, ModelView, Path, walk_column, walk_relations

from . import expressions
from .calls import call_on_queryset

Walker = Callable[[ModelView, str], Path | Miss]


def names_hook(walker: Walker, *, signs: str = "") -> Callable[[MethodContext], Type]:
    """Return the hook that reads each name with *walker*, the *signs* before it (a "-") left out."""

    def hook(ctx: MethodContext) -> Type:
        call = call_on_queryset(ctx)
        if call is not None:
            for argument in call.positional:
                text = None if argument.star else call.text(argument)
                if text is None:
                    expressions.check(call, call.model, argument.node)
                elif text != "?":
                    found = walker(call.model, text.lstrip(signs) if signs else text)
                    if isinstance(found, Miss):
                        call.miss(found, argument.node)
                    else:
                        call.lean_on(found)
        return ctx.default_return_type

    return hook


order_by_hook = names_hook(walk_column, signs="-+")
column_names_hook = names_hook(walk_column)
relation_names_hook = names_hook(walk_relations)
