"""Read the fields in the body of a class that mypy is analysing.

Rests on mypy's tree. In this phase nothing is inferred yet: a field's value type is taken from the overloads
of its class's own `__init__`, so that a user's field classes work as dorm's do.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.expandtype import expand_type
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    ARG_STAR2,
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
from mypy.types import AnyType, CallableType, FunctionLike, Instance, LiteralType, Type, get_proper_type

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
    def has_choices(self) -> bool:
        """Whether the field has choices, and so a method that shows the label of one."""
        value = keyword(self.call, "choices")
        return value is not None and not is_builtin(value, "None")

    @property
    def has_default(self) -> bool:
        """Whether a default is given, or may be: by `**keywords`, or by a field class of the user's own."""
        is_known = self.field.fullname.startswith("dorm.") and ARG_STAR2 not in self.call.arg_kinds
        return not is_known or keyword(self.call, "default") is not None

    @property
    def blank(self) -> bool:
        value = keyword(self.call, "blank")
        return value is not None and not is_builtin(value, "False")

    @property
    def made(self) -> bool:
        """Whether the database makes the values."""
        return has_base(self.field, names.AUTO_FIELD) or has_base(self.field, names.GENERATED_FIELD)

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


def value_of_field(field: TypeInfo, call: CallExpr, null: bool) -> Type:
    """Return T of the `Field[T]` that a call of a field class makes, given its `null`."""
    method = field.get_method("__init__")
    typed_method = get_proper_type(method.type) if method is not None else None
    overloads = typed_method.items if isinstance(typed_method, FunctionLike) else []
    known = [overload for overload in overloads if takes_null(overload, null)]
    given = class_of_values(call)
    typed = [overload for overload in known if needs_class(overload)] if given is not None else []
    chosen = next(iter(typed or [overload for overload in known if not needs_class(overload)]), None)
    if chosen is None:
        return any_type()
    inner: Type = Instance(given, []) if given is not None and typed else inner_value(call)
    return expand_type(held_by(chosen.arg_types[0]), {one.id: inner for one in chosen.variables})


def takes_null(overload: CallableType, null: bool) -> bool:
    """Return whether an overload is that of this `null`, or of a field that is always nullable."""
    argument = overload.argument_by_name("null")
    wanted = get_proper_type(argument.typ) if argument is not None else None
    if argument is None or not isinstance(wanted, LiteralType):
        return False
    is_always_null = wanted.value is True and not argument.required
    return is_always_null or wanted.value is null


def needs_class(overload: CallableType) -> bool:
    """Return whether an overload is for a class of values: `choices=Colour`, `schema=Address`."""
    arguments = [overload.argument_by_name(name) for name in names.CLASS_KEYWORDS]
    return any(argument is not None and argument.required for argument in arguments)


def class_of_values(call: CallExpr) -> TypeInfo | None:
    """Return the class that a call gives for the values: an enumeration, or a schema."""
    for name in names.CLASS_KEYWORDS:
        value = keyword(call, name)
        if isinstance(value, RefExpr) and isinstance(value.node, TypeInfo):
            return value.node
    return None


def inner_value(call: CallExpr) -> Type:
    """Return the value of the field that another one is made from: an array's items, a computed value."""
    positional = [arg for arg, name in zip(call.args, call.arg_names) if name is None]
    for inner in (keyword(call, "base_field"), keyword(call, "output_field"), *positional):
        field = class_of(inner.callee) if isinstance(inner, CallExpr) else None
        if isinstance(inner, CallExpr) and field is not None and has_base(field, names.FIELD):
            null = keyword(inner, "null")
            return value_of_field(field, inner, null is not None and not is_builtin(null, "False"))
    return any_type()
