"""Check the names in `prefetch_related()` and `Prefetch()`, which are attributes of instances.

Rests on the relations of models; worded as the run time words it. A `Prefetch()` is looked into where it is
written in the call.
"""

from __future__ import annotations

from mypy.nodes import CallExpr, Expression
from mypy.plugin import MethodContext
from mypy.types import Instance, Type, UninhabitedType, get_proper_type

from dorm.lookups.paths import SEPARATOR

from . import messages, names, own_rows, rows
from .calls import Call, call_on_queryset, model_and_row
from .chains import queryset_class
from .declarations import class_of, keyword, text_of
from .model_view import MypyModelView


def prefetch_hook(ctx: MethodContext) -> Type:
    """Check what is to be loaded; the rows have the lists that `to_attr=` names."""
    call = call_on_queryset(ctx)
    if call is None:
        return ctx.default_return_type
    added: dict[str, Type] = {}
    for argument in call.positional:
        prefetch = prefetch_of(argument.node)
        if prefetch is not None:
            added |= check_prefetch(call, prefetch)
        elif not argument.star and (text := call.text(argument)) is not None:
            check_path(call, text, argument.node)
    if not added:
        return ctx.default_return_type
    model = rows.annotated(call.model.instance, added, lists=True)
    row = get_proper_type(call.row)
    whole = isinstance(row, Instance) and row.type is model.type
    found = rows.with_rows(call, ctx.default_return_type, model, model if whole else call.row)
    return own_rows.keeping_class(queryset_class(ctx), found, model) if whole else found


def check_path(call: Call, path: str, where: Expression) -> MypyModelView | None:
    """Return the model that *path* leads to; report its first part that is no relation."""
    at = call.model.bare()
    for part in path.split(SEPARATOR):
        relations = at.relations()
        if part not in relations:
            call.fail(messages.no_relation(at.name, part, path, relations), where, messages.PATH)
            return None
        target = relations[part].target
        if not isinstance(target, MypyModelView):
            return None
        call.depend_on(target)
        at = target
    return at


def prefetch_of(node: Expression) -> CallExpr | None:
    """Return *node* if it makes a Prefetch."""
    made = class_of(node.callee) if isinstance(node, CallExpr) else None
    return (
        node if isinstance(node, CallExpr) and made is not None and made.fullname == names.PREFETCH else None
    )


def check_prefetch(call: Call, node: CallExpr) -> dict[str, Type]:
    """Report what is wrong in a `Prefetch()`; return the list that it adds to the rows, by its name."""
    positional = [arg for arg, name in zip(node.args, node.arg_names) if name is None]
    lookup = text_of(positional[0] if positional else keyword(node, "lookup"))
    if lookup is None:
        return {}
    target = check_path(call, lookup, node)
    queryset = positional[1] if len(positional) > 1 else keyword(node, "queryset")
    row: Type | None = target.instance if target is not None else None
    given = model_and_row(call.type_of(queryset)) if queryset is not None else None
    if given is not None and target is not None:
        if given[0].type is not target.info:
            message = messages.rows_of_another_model(lookup, target.name, given[0].type.name)
            call.fail(message, queryset or node, messages.VALUE)
        row = given[1]
    to_attr = text_of(positional[2] if len(positional) > 2 else keyword(node, "to_attr"))
    if to_attr is None or SEPARATOR in lookup or row is None:
        return {}
    if isinstance(get_proper_type(row), UninhabitedType):
        return {}
    return {to_attr: call.named("builtins.list", [row])}
