"""Check the names in `save(update_fields=[...])` and its twin.

Rests on the model's own fields; a list that is not written in the call is let through.
"""

from __future__ import annotations

from mypy.nodes import CallExpr, ListExpr, SetExpr, TupleExpr
from mypy.plugin import MethodContext
from mypy.types import Instance, Type, get_proper_type

from . import facts, messages
from .calls import Reporter
from .create import change_refuses
from .declarations import keyword, text_of
from .model_view import MypyModelView


def save_hook(ctx: MethodContext) -> Type:
    """Report names that are no column of the model; the type is the stub's."""
    model = get_proper_type(ctx.type)
    if isinstance(model, Instance) and facts.is_known(model.type) and isinstance(ctx.context, CallExpr):
        check_updated(Reporter(ctx.api), MypyModelView(model).bare(), ctx.context)
    return ctx.default_return_type


def check_updated(report: Reporter, model: MypyModelView, call: CallExpr) -> None:
    """Report the wrong names in a call's `update_fields`."""
    given = keyword(call, "update_fields")
    for item in given.items if isinstance(given, ListExpr | SetExpr | TupleExpr) else []:
        name = text_of(item)
        if name is not None and not model.is_open and model.written(name) is None:
            report.fail(change_refuses(model, name), item, messages.FIELD)
