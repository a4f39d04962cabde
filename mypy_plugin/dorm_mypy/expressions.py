"""Look into the expressions that stand in a call: the names in `Q`, `F` and aggregates, and their types.

Rests on the shape of the argument as written, and on what the type of a variable carries.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import CallExpr, Expression, OpExpr, RefExpr, TypeInfo
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    Instance,
    NoneType,
    TupleType,
    Type,
    TypedDictType,
    TypeOfAny,
    get_proper_type,
)

from dorm._text import of_another_model
from dorm.lookups.paths import Miss, Path, walk_column

from . import messages, names
from .calls import Reporter, model_and_row
from .carried import carried, expression_class, is_naming, named_in
from .declarations import keyword, text_of
from .lookups import check_lookup
from .model_view import MypyModelView, value_of
from .models import is_model
from .operands import transformed
from .value_types import any_type, as_base, family_of, has_base, has_none, plain, with_none, without_none

# What says itself what it gives, or gives what its arguments do not tell.
TYPED: Final = (names.CAST, names.FUNC, names.WRAPPER, names.KEY_TRANSFORM, names.KEY_TEXT_TRANSFORM)


def check(report: Reporter, model: MypyModelView, node: Expression) -> None:
    """Report the wrong names and values in an expression, if *node* is one."""
    for found in named_in(report, node):
        if found.owner is not None and not has_base(model.info, found.owner.fullname):
            message = of_another_model(found.name, found.owner.name, model.name)
            report.fail(message, found.where, messages.FIELD)
        elif found.value is None:
            column(report, model, found.name, found.where)
        else:
            check_lookup(report, model, found.name, found.where, found.value)


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
    return value_of(path, transformed(report, path) if path.transforms else None)


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
    return held_type(quiet, model, node)


def held_type(report: Reporter, model: MypyModelView, node: Expression) -> Type:
    """Return the type of the value of an expression that is not made on the spot."""
    typ = report.type_of(node)
    proper = get_proper_type(typ)
    found = list(carried(typ, node)) if isinstance(node, RefExpr) else []
    if isinstance(proper, Instance) and has_base(proper.type, names.FUNCTION):
        return with_none(held(typ))
    if isinstance(proper, Instance) and len(found) == 1 and found[0].value is None and is_naming(proper.type):
        return computed_type(report, proper.type, column(report, model, found[0].name, node))
    return held(typ)


def made_type(report: Reporter, model: MypyModelView, node: CallExpr, made: TypeInfo) -> Type:
    """Return the type of the value of an `F`, an aggregate or another expression made on the spot."""
    first = node.args[0] if node.args else None
    if first is not None and has_base(made, names.VALUE):
        return plain(report.type_of(first))
    if made.fullname in CHOSEN:
        return CHOSEN[made.fullname](report, model, node)
    if first is None or not is_naming(made) or has_base(made, names.COUNT):
        return held(report.type_of(node))
    if has_base(made, names.FUNCTION):
        return function_type(report, model, node, made)
    text = text_of(first)
    operand = column(report, model, text, first) if text is not None else result_type(report, model, first)
    return computed_type(report, made, operand)


def case_type(report: Reporter, model: MypyModelView, node: CallExpr) -> Type:
    """Return the type of what a Case gives: of the values of its choices and of its default."""
    if keyword(node, "output_field") is not None:
        return any_type()
    default = keyword(node, "default")
    values: list[Type] = [NoneType() if default is None else chosen_type(report, model, default)]
    for choice, word in zip(node.args, node.arg_names):
        made = expression_class(choice)
        if word is None and (made is None or made.fullname != names.WHEN or not isinstance(choice, CallExpr)):
            return any_type()
        if word is None and isinstance(choice, CallExpr):
            positional = [arg for arg, name in zip(choice.args, choice.arg_names) if name is None]
            then = keyword(choice, "then") or (positional[1] if len(positional) > 1 else None)
            values.append(any_type() if then is None else chosen_type(report, model, then))
    return make_simplified_union(values)


def chosen_type(report: Reporter, model: MypyModelView, node: Expression) -> Type:
    """Return the type of a value that a Case may give, where a string names a column."""
    text = text_of(node)
    return column(report, model, text, node) if text is not None else result_type(report, model, node)


def subquery_type(report: Reporter, model: MypyModelView, node: CallExpr) -> Type:
    """Return the type of the one column of a subquery, which may have no row."""
    got = model_and_row(report.type_of(node.args[0])) if node.args else None
    row = get_proper_type(got[1]) if got is not None else AnyType(TypeOfAny.special_form)
    if keyword(node, "output_field") is not None or (isinstance(row, Instance) and is_model(row.type)):
        return any_type()
    if isinstance(row, TypedDictType | TupleType):
        items = list(row.items.values()) if isinstance(row, TypedDictType) else row.items
        return with_none(items[0]) if len(items) == 1 else any_type()
    return row if isinstance(row, AnyType) else with_none(row)


def window_type(report: Reporter, model: MypyModelView, node: CallExpr) -> Type:
    """Return the type of what a Window computes: what the function in it gives."""
    return result_type(report, model, node.args[0]) if node.args else any_type()


# Expressions whose types are those of what they are made from.
CHOSEN: Final = {names.CASE: case_type, names.SUBQUERY: subquery_type, names.WINDOW: window_type}


def function_type(report: Reporter, model: MypyModelView, node: CallExpr, made: TypeInfo) -> Type:
    """Return the type of the value of a function: NULL where an argument is, and Coalesce where all are."""
    given = [
        column(report, model, text, arg)
        if (text := text_of(arg)) is not None and (index == 0 or has_base(made, names.SEVERAL))
        else result_type(report, model, arg)
        for index, (arg, word) in enumerate(zip(node.args, node.arg_names))
        if word is None
    ]
    if has_base(made, names.COALESCE):
        found = make_simplified_union([without_none(one) for one in given])
        return with_none(found) if all(map(has_none, given)) else found
    result = held(report.type_of(node))
    if isinstance(get_proper_type(result), AnyType) and given and made.fullname not in TYPED:
        # Abs, Greatest and others give what they take.
        result = without_none(given[0])
    return with_none(result) if any(map(has_none, given)) else result


def computed_type(report: Reporter, made: TypeInfo, operand: Type) -> Type:
    """Return the type of the value that an `F` or an aggregate of class *made* has for an operand's type."""
    if has_base(made, names.F):
        return operand
    if has_base(made, names.COUNT):
        return report.named("builtins.int")
    if has_base(made, names.SPREAD):
        return with_none(report.named("builtins.float"))
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
