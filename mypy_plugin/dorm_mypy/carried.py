"""The names that a Q or another expression was made with ride on its type, so that a variable keeps them.

A hook on the making of an expression puts them there, and one on its methods hands them on; the checks read
them where an expression is not written in the call itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mypy.nodes import (
    CallExpr,
    ComparisonExpr,
    ConditionalExpr,
    Context,
    Expression,
    ListExpr,
    MemberExpr,
    OpExpr,
    RefExpr,
    TupleExpr,
    TypeInfo,
    UnaryExpr,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import ExtraAttrs, Instance, NoneType, Type, get_proper_type

from dorm._record import Record

from . import names
from .calls import Reporter, owner_of
from .declarations import class_of, text_of
from .value_types import has_base, plain

# No attribute of a program is called so: what stands behind is the name of a column, or the key of a lookup.
COLUMN: Final = "@"
LOOKUP: Final = "="

# The keywords by which the first argument may be given.
FIRST: Final = ("name", "expression")
WINDOW_NAMES: Final = ("partition_by", "order_by")


class Named(Record):
    """A name in an expression: of a column when *value* is None, else a lookup with the type of its value.

    *owner* is the model of a column that is written as its attribute.
    """

    name: str
    value: Type | None
    where: Expression
    owner: TypeInfo | None = None


def made_hook(ctx: FunctionContext) -> Type:
    """Return the type of an expression with the names that it was made with."""
    return carrying(ctx.default_return_type, named_in(Reporter(ctx.api), ctx.context))


def method_hook(ctx: MethodContext) -> Type:
    """Return the type of what is made from others (`q | Q()`, `F("age") + 1`) with their names."""
    where = ctx.context if isinstance(ctx.context, Expression) else None
    parts = [ctx.type, *(typ for types in ctx.arg_types for typ in types)]
    if where is None:
        return ctx.default_return_type
    return carrying(ctx.default_return_type, (one for part in parts for one in carried(part, where)))


def carrying(typ: Type, found: Iterable[Named]) -> Type:
    """Return *typ* with these names, if it is an expression's."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or not is_expression(proper):
        return typ
    attrs: dict[str, Type] = {}
    for one in found:
        key = f"{COLUMN}{one.name}" if one.value is None else f"{LOOKUP}{one.name}"
        attrs[key] = NoneType() if one.value is None else one.value
    if not attrs:
        return typ
    out = proper.copy_modified()
    out.extra_attrs = ExtraAttrs(attrs, set(), None)
    return out


def carried(typ: Type, where: Expression) -> Iterator[Named]:
    """Yield the names that ride on a type."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.extra_attrs is not None and is_expression(proper):
        for key, value in proper.extra_attrs.attrs.items():
            if key[0] in (COLUMN, LOOKUP):
                yield Named(key[1:], None if key[0] == COLUMN else value, where)


def is_expression(typ: Instance) -> bool:
    """Return whether a type is that of a Q, of an expression, or of an order by one."""
    return has_base(typ.type, names.EXPRESSION) or typ.type.fullname in (names.Q, names.ORDER_BY)


def named_in(report: Reporter, node: Context) -> Iterator[Named]:
    """Yield the names in an expression, those that its variables carry included."""
    if isinstance(node, OpExpr):
        yield from named_in(report, node.left)
        yield from named_in(report, node.right)
    elif isinstance(node, UnaryExpr):
        yield from named_in(report, node.expr)
    elif isinstance(node, ConditionalExpr):
        yield from named_in(report, node.if_expr)
        yield from named_in(report, node.else_expr)
    elif isinstance(node, ComparisonExpr):
        for operand in node.operands:
            yield from named_in(report, operand)
    elif isinstance(node, MemberExpr) and (owner := owner_of(report, node)) is not None:
        yield Named(node.name, None, node, owner)
    elif isinstance(node, RefExpr):
        yield from carried(report.type_of(node), node)
    elif isinstance(node, CallExpr):
        made = expression_class(node)
        if made is not None:
            yield from named_in_made(report, node, made)
        elif isinstance(node.callee, MemberExpr):
            # F("age").desc(); the arguments of such a method name nothing.
            yield from named_in(report, node.callee.expr)


def named_in_made(report: Reporter, node: CallExpr, made: TypeInfo) -> Iterator[Named]:
    """Yield the names in a call that makes an expression of class *made*."""
    if made.fullname in (names.VALUE, names.OUTER_REF):
        return
    place = 1 if has_base(made, names.KEY_TRANSFORM) else 0
    for index, (arg, word) in enumerate(zip(node.args, node.arg_names)):
        text = text_of(arg)
        first = (word is None and (index == place or has_base(made, names.SEVERAL))) or word in FIRST
        if text is not None and is_chosen(made, index, word):
            yield Named(text, None, arg)
        if made.fullname == names.WINDOW and (word in WINDOW_NAMES or (word is None and index > 0)):
            yield from named_in_window(report, arg)
            continue
        if text is not None and first and is_naming(made):
            if not (text == "*" and has_base(made, names.COUNT)):
                yield Named(text, None, arg)
            continue
        if word not in (None, "condition", "then") and made.fullname in (names.Q, names.WHEN):
            yield Named(word, plain(report.type_of(arg)), arg)
        yield from named_in(report, arg)


def named_in_window(report: Reporter, node: Expression) -> Iterator[Named]:
    """Yield the names in what a Window is ordered or parted by: a name, an expression, or several."""
    for item in node.items if isinstance(node, ListExpr | TupleExpr) else [node]:
        text = text_of(item)
        if text is not None:
            yield Named(text.removeprefix("-"), None, item)
        else:
            yield from named_in(report, item)


def is_chosen(made: TypeInfo, index: int, word: str | None) -> bool:
    """Return whether an argument is a value that a Case may give, so that a string names a column."""
    if made.fullname == names.WHEN:
        return word == "then" or (word is None and index == 1)
    return made.fullname == names.CASE and word == "default"


def is_naming(made: TypeInfo) -> bool:
    """Return whether a class of expressions takes the name of a column first."""
    return any(has_base(made, base) for base in (names.F, names.AGGREGATE, names.FUNCTION))


def expression_class(node: Context) -> TypeInfo | None:
    """Return the class of expression that a call makes, None for any other call."""
    made = class_of(node.callee) if isinstance(node, CallExpr) else None
    if made is not None and (has_base(made, names.EXPRESSION) or made.fullname == names.Q):
        return made
    return None
