"""Check the names in `order_by()`, `only()`, `defer()` and `select_related()`.

Rests on the path walker; a name that is not known before the run is let through.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import Expression, ListExpr, SetExpr, TupleExpr
from mypy.plugin import MethodContext
from mypy.types import Instance, Type, get_proper_type

from dorm.lookups.paths import SEPARATOR, Miss, walk_column, walk_relations

from . import expressions, messages
from .calls import Call, call_on_queryset
from .create import change_refuses
from .declarations import keyword, text_of

# What orders rows by chance.
RANDOM: Final = "?"


def order_by_hook(ctx: MethodContext) -> Type:
    """Check the names to order by, a "-" before them left out, and those in expressions."""
    call = call_on_queryset(ctx)
    if call is not None:
        for argument in call.positional:
            text = None if argument.star else call.text(argument)
            if text is None:
                expressions.check(call, call.model, argument.node)
            elif text != RANDOM:
                expressions.column(call, call.model, text.removeprefix("-"), argument.node)
    return ctx.default_return_type


def loading_hook(ctx: MethodContext) -> Type:
    """Check the names of columns to load or to leave: the model's own, or those of a row it refers to."""
    call = call_on_queryset(ctx)
    if call is not None:
        for text, node in names_in(call):
            found = walk_column(call.model.bare(), text)
            if isinstance(found, Miss):
                call.miss(found, node)
            elif found.many or found.transforms:
                call.fail(messages.no_loaded_column(text, call.model.name), node, messages.FIELD)
            else:
                call.lean_on(found)
    return ctx.default_return_type


def distinct_hook(ctx: MethodContext) -> Type:
    """Check the names of values that rows shall differ in."""
    call = call_on_queryset(ctx)
    if call is not None:
        for text, node in names_in(call):
            expressions.column(call, call.model, text, node)
    return ctx.default_return_type


def dates_hook(ctx: MethodContext) -> Type:
    """Check the name of the column whose dates are asked for."""
    call = call_on_queryset(ctx)
    if call is not None:
        given = keyword(call.node, "field_name")
        first = call.node.args[0] if call.node.args and call.node.arg_names[0] is None else given
        text = text_of(first)
        if first is not None and text is not None:
            expressions.column(call, call.model, text, first)
    return ctx.default_return_type


def in_bulk_hook(ctx: MethodContext) -> Type:
    """Check the field whose values are the keys, and return the dict with their type."""
    call = call_on_queryset(ctx)
    if call is None:
        return ctx.default_return_type
    given = keyword(call.node, "field_name")
    name = "pk" if given is None else text_of(given)
    view = call.model.written(name) if name is not None else None
    if name is not None and view is None and not call.model.is_open:
        call.fail(change_refuses(call.model, name), given or call.node, messages.FIELD)
    return keyed(ctx.default_return_type, view.value) if view is not None else ctx.default_return_type


def keyed(typ: Type, key: Type) -> Type:
    """Return a dict, or the coroutine that gives one, with *key* for the type of its keys."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance):
        return typ
    if proper.type.fullname == "builtins.dict":
        return proper.copy_modified(args=[key, proper.args[1]])
    if proper.type.fullname == "typing.Coroutine":
        return proper.copy_modified(args=[*proper.args[:2], keyed(proper.args[2], key)])
    return typ


def bulk_update_hook(ctx: MethodContext) -> Type:
    """Check the names of the fields to write, as far as they are written in the call."""
    call = call_on_queryset(ctx)
    if call is not None:
        positional = list(call.positional)
        given = keyword(call.node, "fields") or (positional[1].node if len(positional) > 1 else None)
        for item in given.items if isinstance(given, ListExpr | SetExpr | TupleExpr) else []:
            name = text_of(item)
            if name is not None and not call.model.is_open and call.model.written(name) is None:
                why = change_refuses(call.model, name)
                known = name in call.model.facts["pairs"]
                message = why if known else messages.unknown_in_bulk_update(name, why)
                call.fail(message, item, messages.FIELD)
    return ctx.default_return_type


def related_hook(ctx: MethodContext) -> Type:
    """Check the relations to load, a path step by step: each leads to one row."""
    call = call_on_queryset(ctx)
    if call is not None:
        for text, node in names_in(call):
            check_related(call, text, node)
    return ctx.default_return_type


def check_related(call: Call, name: str, where: Expression) -> None:
    """Report the first step of a path that is no relation, or leads to many rows."""
    parts = name.split(SEPARATOR)
    for end in range(1, len(parts) + 1):
        step = SEPARATOR.join(parts[:end])
        found = walk_relations(call.model.bare(), step)
        if isinstance(found, Miss):
            call.miss(found, where)
            return
        if found.many:
            call.fail(messages.leads_to_many(step), where, messages.PATH)
            return
        call.lean_on(found)


def names_in(call: Call) -> list[tuple[str, Expression]]:
    """Return the names that a call passes, as far as they are known, with their nodes.

    Reports a column of another model.
    """
    found = []
    for argument in call.positional:
        text = None if argument.star else call.text(argument)
        if text is not None:
            found.append((text, argument.node))
        else:
            expressions.check(call, call.model, argument.node)
    return found
