"""Check the names in `prefetch_related()` and `Prefetch()`, which are attributes of instances.

Rests on the relations of models; worded as the run time words it. What a `Prefetch()` was made with rides on
its type, so that a variable keeps it.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import CallExpr, Expression
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import ExtraAttrs, Instance, Type, UninhabitedType, get_proper_type

from dorm.lookups.paths import SEPARATOR

from . import facts, messages, names, own_rows, rows
from .calls import Call, call_on_queryset, literal_text, model_and_row
from .chains import queryset_class
from .declarations import keyword
from .model_view import MypyModelView

# No attribute of a program is called so.
MARK: Final = "="


def prefetch_hook(ctx: MethodContext) -> Type:
    """Check what is to be loaded; the rows have the lists that `to_attr=` names."""
    call = call_on_queryset(ctx)
    if call is None:
        return ctx.default_return_type
    added: dict[str, Type] = {}
    places: dict[str, Instance] = {}
    for argument in call.positional:
        parts = None if argument.star else parts_of(call.given(argument))
        if parts is not None:
            added |= check_prefetch(call, parts, argument.node, places)
        elif not argument.star and (text := call.text(argument)) is not None:
            check_path(call, text, argument.node, places)
    if not added:
        return ctx.default_return_type
    model = rows.annotated(call.model.instance, added, lists=True)
    row = get_proper_type(call.row)
    whole = isinstance(row, Instance) and row.type is model.type
    found = rows.with_rows(call, ctx.default_return_type, model, model if whole else call.row)
    return own_rows.keeping_class(queryset_class(ctx), found, model) if whole else found


def check_path(call: Call, path: str, where: Expression, places: dict[str, Instance]) -> MypyModelView | None:
    """Return the model that *path* leads to; report its first part that is no relation.

    *places* has the rows that the call loads elsewhere, by the path to them.
    """
    at, row, walked = call.model.bare(), call.model.instance, ""
    for part in path.split(SEPARATOR):
        walked = f"{walked}{SEPARATOR}{part}" if walked else part
        held = places.get(walked) or held_rows(row, part)
        if held is not None:
            at, row = MypyModelView(held).bare(), held
            continue
        relations = at.relations()
        if part not in relations and at.is_open:
            return None
        if part not in relations:
            call.fail(messages.no_relation(at.name, part, path, relations), where, messages.PATH)
            return None
        view = at.field(relations[part])
        target = view.target if view is not None else None
        if not isinstance(target, MypyModelView):
            return None
        call.depend_on(target)
        at, row = target, target.instance
    return at


def held_rows(row: Instance, name: str) -> Instance | None:
    """Return the rows in the attribute *name*, if `to_attr=` put a list there."""
    attributes = row.extra_attrs
    if attributes is None or name not in attributes.immutable:
        return None
    kept = get_proper_type(attributes.attrs[name])
    item = get_proper_type(kept.args[0]) if isinstance(kept, Instance) and kept.args else None
    return item if isinstance(item, Instance) and facts.is_known(item.type) else None


def made_hook(ctx: FunctionContext) -> Type:
    """Return the type of a `Prefetch()` with what it was made with, so that a variable keeps it."""
    made = get_proper_type(ctx.default_return_type)
    if not isinstance(made, Instance):
        return made
    given = {name: types[0] for name, types in zip(ctx.callee_arg_names, ctx.arg_types) if name and types}
    out = made.copy_modified()
    out.extra_attrs = ExtraAttrs({f"{MARK}{name}": typ for name, typ in given.items()}, set(), None)
    return out


def parts_of(typ: Type) -> dict[str, Type] | None:
    """Return the arguments that a Prefetch was made with; None for what is none, or is not known."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or proper.type.fullname != names.PREFETCH:
        return None
    attrs = proper.extra_attrs.attrs if proper.extra_attrs is not None else {}
    return {name.removeprefix(MARK): given for name, given in attrs.items()}


def check_prefetch(
    call: Call, parts: dict[str, Type], where: Expression, places: dict[str, Instance]
) -> dict[str, Type]:
    """Report what is wrong in a Prefetch; return the list that it adds to the rows, by its name."""
    lookup = literal_text(parts.get("lookup"))
    if lookup is None:
        return {}
    target = check_path(call, lookup, where, places)
    row: Type | None = target.instance if target is not None else None
    given = model_and_row(parts["queryset"]) if "queryset" in parts else None
    if given is not None and target is not None:
        if given[0].type is not target.info:
            message = messages.rows_of_another_model(lookup, target.name, given[0].type.name)
            call.fail(message, place_of_queryset(where), messages.VALUE)
        row = given[1]
    to_attr = literal_text(parts.get("to_attr"))
    proper = get_proper_type(row) if row is not None else None
    if isinstance(proper, Instance) and facts.is_known(proper.type):
        way, separator, last = lookup.rpartition(SEPARATOR)
        places[f"{way}{separator}{to_attr or last}"] = proper
    if to_attr is None or SEPARATOR in lookup or row is None or isinstance(proper, UninhabitedType):
        return {}
    return {to_attr: call.named("builtins.list", [row])}


def place_of_queryset(node: Expression) -> Expression:
    """Return the queryset in a `Prefetch()` that is written in the call, else the whole argument."""
    if not isinstance(node, CallExpr):
        return node
    positional = [arg for arg, name in zip(node.args, node.arg_names) if name is None]
    return (positional[1] if len(positional) > 1 else keyword(node, "queryset")) or node
