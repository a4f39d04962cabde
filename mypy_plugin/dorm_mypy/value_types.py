"""Types of values: what a field holds, which family of lookups a type has, with None and without.

Rests on mypy's types and on the families of `dorm.lookups`; knows no model.
"""

from __future__ import annotations

from typing import Final

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import TypeInfo
from mypy.typeops import make_simplified_union
from mypy.types import AnyType, Instance, NoneType, Type, TypeOfAny, UnionType, get_proper_type

from dorm.lookups.table import Family

from . import names

FAMILIES: Final[dict[str, Family]] = {
    "builtins.str": "text",
    "builtins.bool": "boolean",
    "builtins.int": "integer",
    "builtins.float": "float",
    "decimal.Decimal": "decimal",
    "_decimal.Decimal": "decimal",
    "datetime.datetime": "datetime",
    "datetime.date": "date",
    "datetime.time": "time",
    "datetime.timedelta": "duration",
    "uuid.UUID": "uuid",
    "builtins.bytes": "binary",
}


def any_type() -> AnyType:
    """Return the Any of a thing that the plugin cannot tell."""
    return AnyType(TypeOfAny.special_form)


def as_base(typ: Type, fullname: str) -> Instance | None:
    """Return *typ* seen as its base class of that name, or None when it has no such base."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or not proper.type.has_base(fullname):
        return None
    if proper.type.fullname == fullname:
        return proper
    base = next(one for one in proper.type.mro if one.fullname == fullname)
    return map_instance_to_supertype(proper, base)


def has_base(info: TypeInfo, fullname: str) -> bool:
    """Return whether a class is the one of that name or comes from it; an unfinished class does not yet."""
    return info.has_base(fullname)


def held_by(typ: Type) -> Type:
    """Return T of a `Field[T]`, and any other type as it is."""
    field = as_base(typ, names.FIELD)
    return field.args[0] if field is not None and field.args else typ


def family_of(typ: Type) -> Family:
    """Return the family of a value's type; "any" for what has none."""
    proper = get_proper_type(without_none(typ))
    if isinstance(proper, Instance):
        for base in proper.type.mro:
            if base.fullname in FAMILIES:
                return FAMILIES[base.fullname]
    return "any"


def has_none(typ: Type) -> bool:
    """Return whether None is one of the values of *typ*."""
    proper = get_proper_type(typ)
    if isinstance(proper, UnionType):
        return any(has_none(item) for item in proper.items)
    return isinstance(proper, NoneType)


def with_none(typ: Type) -> Type:
    """Return `typ | None`."""
    return make_simplified_union([typ, NoneType()])


def without_none(typ: Type) -> Type:
    """Return *typ* without None."""
    proper = get_proper_type(typ)
    if not isinstance(proper, UnionType):
        return typ
    rest = [item for item in proper.items if not isinstance(get_proper_type(item), NoneType)]
    return make_simplified_union(rest) if rest else typ


def plain(typ: Type) -> Type:
    """Return *typ* as it would be declared: `str` for the type of a literal."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.last_known_value is not None:
        return proper.copy_modified(last_known_value=None)
    return typ
