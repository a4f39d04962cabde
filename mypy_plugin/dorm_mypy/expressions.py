"""Look into the expressions that stand in a call: the names in `Q`, `F` and aggregates, and their types.

Rests on the shape of the argument as written: an expression held in a variable is taken as it is.
"""

from __future__ import annotations

from mypy.nodes import CallExpr, Expression, MemberExpr, OpExpr, TypeInfo, UnaryExpr
from mypy.types import Type

from dorm.lookups.paths import Miss, Path, walk_column

from . import names
from .calls import Reporter
from .declarations import class_of, text_of
from .lookups import check_lookup
from .model_view import MypyModelView, value_of
from .value_types import any_type, as_base, family_of, has_base, has_none, plain, with_none, without_none


def check(report: Reporter, model: MypyModelView, node: Expression) -> None:
    """Report the wrong names in an expression, if *node* is one."""
    if isinstance(node, OpExpr):
        check(report, model, node.left)
        check(report, model, node.right)
    elif isinstance(node, UnaryExpr):
        check(report, model, node.expr)
    elif isinstance(node, CallExpr):
        made = expression_class(node)
        if made is not None:
            check_made(report, model, node, made)
        elif isinstance(node.callee, MemberExpr):
            # F("age").desc(); the arguments of such a method name nothing.
            check(report, model, node.callee.expr)


def check_made(report: Reporter, model: MypyModelView, node: CallExpr, made: TypeInfo) -> None:
    """Report the wrong names in a call that makes an expression of class *made*."""
    if has_base(made, names.VALUE):
        return
    named = has_base(made, names.F) or has_base(made, names.AGGREGATE)
    for index, (arg, word) in enumerate(zip(node.args, node.arg_names)):
        text = text_of(arg)
        if text is not None and named and ((word is None and index == 0) or word in ("name", "expression")):
            if not (text == "*" and has_base(made, names.COUNT)):
                column(report, model, text, arg)
        elif word is not None and made.fullname == names.Q:
            check_lookup(report, model, word, arg, report.type_of(arg))
            check(report, model, arg)
        else:
            check(report, model, arg)


def column(report: Reporter, model: MypyModelView, name: str, where: Expression) -> Type:
    """Return the type of the value that a name stands for; report a name that stands for none."""
    found = walk_column(model, name)
    if isinstance(found, Miss):
        report.miss(found, where)
        return any_type()
    report.lean_on(found)
    return column_type(report, found)


def column_type(report: Reporter, path: Path) -> Type:
    """Return the type of the values at the end of *path*."""
    return value_of(path, report.named("builtins.int"))


def expression_class(node: Expression) -> TypeInfo | None:
    """Return the class of expression that a call makes, None for any other call."""
    made = class_of(node.callee) if isinstance(node, CallExpr) else None
    if made is not None and (has_base(made, names.EXPRESSION) or made.fullname == names.Q):
        return made
    return None


class Silent(Reporter):
    """Asks for types of what has been checked already."""

    def miss(self, miss: Miss, where: object) -> None:
        return None


def result_type(report: Reporter, model: MypyModelView, node: Expression) -> Type:
    """Return the type of the value that an expression gives for a row; Any where it cannot be told."""
    quiet = Silent(report.api)
    if isinstance(node, OpExpr):
        return arithmetic(
            quiet, node.op, result_type(quiet, model, node.left), result_type(quiet, model, node.right)
        )
    made = expression_class(node)
    if made is not None and isinstance(node, CallExpr):
        return made_type(quiet, model, node, made)
    return held(report.type_of(node))


def made_type(report: Reporter, model: MypyModelView, node: CallExpr, made: TypeInfo) -> Type:
    """Return the type of the value of an `F`, an aggregate or another expression made on the spot."""
    first = node.args[0] if node.args else None
    if has_base(made, names.COUNT):
        return report.named("builtins.int")
    if first is not None and has_base(made, names.VALUE):
        return plain(report.type_of(first))
    if first is None or not (has_base(made, names.F) or has_base(made, names.AGGREGATE)):
        return held(report.type_of(node))
    text = text_of(first)
    operand = column(report, model, text, first) if text is not None else result_type(report, model, first)
    if has_base(made, names.F):
        return operand
    if has_base(made, names.AVG) and family_of(operand) != "decimal":
        return with_none(report.named("builtins.float"))
    return with_none(operand)


def held(typ: Type) -> Type:
    """Return T of an `Expression[T]`, and a plain value's type as it would be declared."""
    found = as_base(typ, names.EXPRESSION)
    if found is not None:
        return found.args[0] if found.args else any_type()
    return plain(typ)


def arithmetic(report: Reporter, operator: str, left: Type, right: Type) -> Type:
    """Return the type of `left operator right` as the database computes it: NULL when a side is."""
    families = {family_of(left), family_of(right)}
    if "decimal" in families and families <= {"decimal", "integer", "float"}:
        result = without_none(left if family_of(left) == "decimal" else right)
    elif families == {"integer"}:
        result = report.named("builtins.int")
    elif "float" in families and families <= {"float", "integer"}:
        result = report.named("builtins.float")
    else:
        return any_type()
    return with_none(result) if has_none(left) or has_none(right) else result
