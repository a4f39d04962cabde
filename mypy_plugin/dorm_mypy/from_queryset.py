"""`class Books(Manager.from_queryset(BookRows))`: mypy takes no call for a base class, so it gets the class.

The stubs say that `from_queryset()` gives the class of querysets itself; here the tree of a module says so
too, before mypy has analysed it.
"""

from __future__ import annotations

from collections.abc import Iterable

from mypy.nodes import (
    AssignmentStmt,
    Block,
    CallExpr,
    ClassDef,
    Expression,
    IfStmt,
    MemberExpr,
    NameExpr,
    Statement,
)

METHOD = "from_queryset"


def name_classes(statements: Iterable[Statement]) -> None:
    """Put the class of querysets in the place of each call that makes a manager of it."""
    for statement in statements:
        if isinstance(statement, ClassDef):
            statement.base_type_exprs = [queryset_of(base) or base for base in statement.base_type_exprs]
            name_classes(statement.defs.body)
        elif isinstance(statement, AssignmentStmt) and is_plain(statement):
            statement.rvalue = queryset_of(statement.rvalue) or statement.rvalue
        elif isinstance(statement, Block):
            name_classes(statement.body)
        elif isinstance(statement, IfStmt):
            name_classes([*statement.body, *([statement.else_body] if statement.else_body else [])])


def is_plain(statement: AssignmentStmt) -> bool:
    """Return whether a statement gives one name to a value, and no type."""
    return len(statement.lvalues) == 1 and isinstance(statement.lvalues[0], NameExpr) and not statement.type


def queryset_of(node: Expression) -> Expression | None:
    """Return the class in `Manager.from_queryset(BookRows)`, None for anything else."""
    if not isinstance(node, CallExpr) or not isinstance(node.callee, MemberExpr):
        return None
    if node.callee.name != METHOD or not node.args or node.arg_names[0] not in (None, "queryset_class"):
        return None
    return node.args[0] if isinstance(node.args[0], NameExpr | MemberExpr) else None
