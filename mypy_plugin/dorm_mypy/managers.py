"""Attributes of model classes and of related managers: what the stubs let through for mypy is refused here.

The stub's `__getattr__` of a model class takes the literal "objects", which every checker but mypy holds
other names to; that of a related manager takes any name, as it has the methods of its model's own manager.
"""

from __future__ import annotations

from mypy.errorcodes import ATTR_DEFINED
from mypy.nodes import MemberExpr
from mypy.plugin import AttributeContext
from mypy.types import FunctionLike, Instance, Type, TypeType, get_proper_type

from . import messages
from .chains import default_manager, member
from .value_types import any_type


def class_attribute_hook(ctx: AttributeContext) -> Type:
    """Report an attribute that the model class does not have."""
    name = ctx.context.name if isinstance(ctx.context, MemberExpr) else "objects"
    if name == "objects":
        return ctx.default_attr_type
    message = messages.unknown_attribute(f"type[{owner(ctx.type)}]", name)
    ctx.api.fail(message, ctx.context, code=ATTR_DEFINED)
    return any_type()


def related_attribute_hook(ctx: AttributeContext) -> Type:
    """Return the attribute of the manager that a related manager takes after."""
    name = ctx.context.name if isinstance(ctx.context, MemberExpr) else ""
    manager = default_manager(ctx, ctx.type)
    if manager is not None:
        return member(ctx, manager, name)
    ctx.api.fail(messages.unknown_attribute(owner(ctx.type), name), ctx.context, code=ATTR_DEFINED)
    return any_type()


def owner(typ: Type) -> str:
    """Return the name of the class that was asked, or whose instance was."""
    proper = get_proper_type(typ)
    if isinstance(proper, FunctionLike) and proper.is_type_obj():
        return proper.type_object().name
    if isinstance(proper, Instance):
        return proper.type.name
    return str(proper.item) if isinstance(proper, TypeType) else "Model"
