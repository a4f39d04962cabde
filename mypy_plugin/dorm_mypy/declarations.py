"""Read the fields in the body of a class that mypy is analysing.

Rests on mypy's tree. In this phase nothing is inferred yet: a field's value type is taken from the overloads
of its class's own `__init__`, so that a user's field classes work as dorm's do.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    Expression,
    IndexExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    StrExpr,
    TypeAlias,
    TypeInfo,
    Var,
)
from mypy.types import AnyType, Instance, LiteralType, Overloaded, Type, get_proper_type

from dorm._record import Record

from . import names
from .value_types import any_type, has_base, held_by


class Declaration(Record):
    """One `name = SomeField(...)` of a class body."""

    name: str
    target: NameExpr
    var: Var
    field: TypeInfo
    call: CallExpr
    annotated: bool

    @property
    def null(self) -> bool:
        """Whether the column may be NULL; so it is taken to be when only the run of the program can tell."""
        value = keyword(self.call, "null")
        return value is not None and not is_builtin(value, "False")

    @property
    def primary_key(self) -> bool:
        value = keyword(self.call, "primary_key")
        if value is None:
            return has_base(self.field, names.AUTO_FIELD)
        return is_builtin(value, "True")

    @property
    def relation(self) -> bool:
        return has_base(self.field, names.FOREIGN_KEY)

    @property
    def pairs(self) -> bool:
        """Whether it pairs rows with another model's: there is no column."""
        return has_base(self.field, names.MANY_TO_MANY)

    @property
    def to(self) -> Expression | None:
        """The target of a relation, as written."""
        positional = [arg for arg, name in zip(self.call.args, self.call.arg_names) if name is None]
        return positional[0] if positional else keyword(self.call, "to")


def declarations(cls: ClassDef) -> Iterator[Declaration]:
    """Yield the fields that a class body declares, in order."""
    for statement in cls.defs.body:
        if not isinstance(statement, AssignmentStmt) or len(statement.lvalues) != 1:
            continue
        target, call = statement.lvalues[0], statement.rvalue
        if (
            not isinstance(target, NameExpr)
            or not isinstance(target.node, Var)
            or not isinstance(call, CallExpr)
        ):
            continue
        field = class_of(call.callee)
        if field is not None and has_base(field, names.FIELD):
            annotated = statement.unanalyzed_type is not None
            yield Declaration(target.name, target, target.node, field, call, annotated)


def first_manager(cls: ClassDef) -> str | None:
    """Return the name of the first manager that a class body makes, None when it makes none."""
    for statement in cls.defs.body:
        if not isinstance(statement, AssignmentStmt) or not isinstance(statement.rvalue, CallExpr):
            continue
        target = statement.lvalues[0]
        if isinstance(target, NameExpr) and _makes_manager(statement.rvalue):
            return target.name
    return None


def _makes_manager(call: CallExpr) -> bool:
    """Return whether a call is `SomeManager()`, `Rows.as_manager()` or `Manager.from_queryset(Rows)()`."""
    callee = call.callee
    if isinstance(callee, CallExpr):
        return isinstance(callee.callee, MemberExpr) and callee.callee.name == "from_queryset"
    if isinstance(callee, MemberExpr) and callee.name == "as_manager":
        return True
    made = class_of(callee)
    return made is not None and (has_base(made, names.MANAGER) or has_base(made, names.QUERYSET))


def is_abstract(cls: ClassDef) -> bool:
    """Return whether the class's own Meta says `abstract = True`."""
    for statement in cls.defs.body:
        if isinstance(statement, ClassDef) and statement.name == "Meta":
            return any(_sets_abstract(option) for option in statement.defs.body)
    return False


def _sets_abstract(node: object) -> bool:
    return (
        isinstance(node, AssignmentStmt)
        and any(isinstance(target, NameExpr) and target.name == "abstract" for target in node.lvalues)
        and is_builtin(node.rvalue, "True")
    )


def class_of(callee: Expression) -> TypeInfo | None:
    """Return the class that a callee names, `ForeignKey[Author]` included; None for anything else."""
    if isinstance(callee, IndexExpr):
        callee = callee.base
    node = callee.node if isinstance(callee, RefExpr) else None
    if isinstance(node, TypeAlias):
        target = get_proper_type(node.target)
        return target.type if isinstance(target, Instance) else None
    return node if isinstance(node, TypeInfo) else None


def keyword(call: CallExpr, name: str) -> Expression | None:
    """Return the argument that a call passes by this keyword, or None."""
    return next((arg for arg, word in zip(call.args, call.arg_names) if word == name), None)


def is_builtin(node: Expression, name: str) -> bool:
    """Return whether *node* is `True`, `False` or the like."""
    return isinstance(node, NameExpr) and node.fullname == f"builtins.{name}"


def generic_class(field: TypeInfo) -> TypeInfo | None:
    """Return the class that says what a field holds: the field's own, or that above a bare subclass of it.

    None for a class that is made for one type of value, as `class Slug(CharField[str])` is.
    """
    if field.type_vars:
        return field
    base = next((one for one in field.mro[1:] if one.type_vars and has_base(one, names.FIELD)), None)
    if base is None:
        return None
    argument = map_instance_to_supertype(Instance(field, []), base).args[0]
    return base if isinstance(get_proper_type(argument), AnyType) else None


def text_of(node: Expression | None) -> str | None:
    """Return the text of a string literal, None for anything else."""
    return node.value if isinstance(node, StrExpr) else None


def value_of_field(field: TypeInfo, null: bool) -> Type:
    """Return T of the `Field[T]` that a field class makes for this `null`."""
    method = field.get_method("__init__")
    overloads = method.type.items if method is not None and isinstance(method.type, Overloaded) else []
    for overload in overloads:
        argument = overload.argument_by_name("null")
        wanted = get_proper_type(argument.typ) if argument is not None else None
        if isinstance(wanted, LiteralType) and wanted.value is null:
            return held_by(overload.arg_types[0])
    return any_type()
