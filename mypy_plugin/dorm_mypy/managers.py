"""Attributes of model classes: what the metaclass lets through for mypy alone is refused here.

The stub's `__getattr__` takes the literal "objects", which every checker but mypy holds other names to.
"""

from __future__ import annotations

from mypy.errorcodes import ATTR_DEFINED
from mypy.nodes import MemberExpr
from mypy.plugin import AttributeContext
from mypy.types import FunctionLike, Type, TypeType, get_proper_type

from . import messages
from .value_types import any_type


def class_attribute_hook(ctx: AttributeContext) -> Type:
    """Report an attribute that the model class does not have."""
    name = ctx.context.name if isinstance(ctx.context, MemberExpr) else "objects"
    if name == "objects":
        return ctx.default_attr_type
    ctx.api.fail(messages.unknown_class_attribute(owner(ctx.type), name), ctx.context, code=ATTR_DEFINED)
    return any_type()


def owner(typ: Type) -> str:
    """Return the name of the class that was asked."""
    proper = get_proper_type(typ)
    if isinstance(proper, FunctionLike) and proper.is_type_obj():
        return proper.type_object().name
    return str(proper.item) if isinstance(proper, TypeType) else "Model"
