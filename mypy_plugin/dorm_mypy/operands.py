"""What may stand on the right of a lookup, and whether a type fits.

Rests on mypy's subtyping. None compares with what may be NULL; an expression with anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.subtypes import is_subtype
from mypy.types import AnyType, Instance, NoneType, TupleType, Type, UnionType, get_proper_type

from dorm.lookups.paths import Path
from dorm.lookups.table import Family, Operand

from . import names
from .calls import Reporter
from .model_view import ColumnView, MypyModelView, field_at, part_type
from .value_types import any_type, as_base, without_none


def expectation(report: Reporter, path: Path) -> Type:
    """Return the type of a plain value that the lookup at the end of *path* compares with."""
    return EXPECTATIONS[path.operand](report, compared(report, path))


def compared(report: Reporter, path: Path) -> Type:
    """Return the type of the values at the end of *path*, without None: of a relation, instance or key."""
    if path.transforms:
        found = transformed(report, path)
        return any_type() if path.family == "json" else listable(report, path, without_none(found))
    return storable(listable(report, path, comparable(field_at(path))))


def listable(report: Reporter, path: Path, value: Type) -> Type:
    """Return *value*, and for a list any iterable: an array compares with each."""
    items = as_base(value, "typing.Iterable") if path.family == "array" else None
    return report.named("typing.Iterable", [items.args[0]]) if items is not None else value


def transformed(report: Reporter, path: Path) -> Type:
    """Return the type of what the transforms at the end of *path* give."""
    inside = part_type(path)
    if inside is not None:
        return inside
    name = RESULTS.get(path.transforms[-1].result)
    return report.named(name) if name is not None else any_type()


def storable(value: Type) -> Type:
    """Return *value*, and for a member of an enumeration the text or number that it is stored as, too."""
    proper = get_proper_type(value)
    if not isinstance(proper, Instance) or not proper.type.is_enum:
        return value
    plain = [base for base in proper.type.mro if base.fullname in ("builtins.str", "builtins.int")]
    return UnionType([value, Instance(plain[0], [])]) if plain else any_type()


def comparable(view: ColumnView) -> Type:
    """Return what a column compares with and takes: for a relation an instance or its key."""
    if view.family in ("json", "any"):
        return any_type()
    value = without_none(view.value)
    if isinstance(view.target, MypyModelView):
        return UnionType([view.target.instance, value])
    return value


# What transforms give, by the family of the result.
RESULTS: Final[dict[Family, str]] = {
    "integer": "builtins.int",
    "text": "builtins.str",
    "date": "datetime.date",
    "time": "datetime.time",
}

EXPECTATIONS: Final[dict[Operand, Callable[[Reporter, Type], Type]]] = {
    "same": lambda report, value: value,
    "sequence": lambda report, value: report.named("typing.Iterable", [value]),
    "pair": lambda report, value: TupleType([value, value], report.named("builtins.tuple", [value])),
    "flag": lambda report, value: report.named("builtins.bool"),
    "text": lambda report, value: report.named("builtins.str"),
    "texts": lambda report, value: report.named("typing.Iterable", [report.named("builtins.str")]),
}


def fits(report: Reporter, path: Path, given: Type) -> bool:
    """Return whether a value of type *given* may stand on the right of *path*."""
    operand = path.operand
    value = compared(report, path)
    if operand == "flag":
        return accepts(report.named("builtins.bool"), given, expressions=False)
    if operand == "sequence":
        return is_queryset(given) or is_sequence(value, given)
    if operand == "pair":
        return is_pair(value, given)
    if operand == "texts":
        return is_sequence(report.named("builtins.str"), given)
    if path.family == "array" and as_base(given, "builtins.str") is not None:
        return False
    wanted = report.named("builtins.str") if operand == "text" else value
    # `filter(name=None)` asks for IS NULL; no other lookup finds anything with None.
    nullable = path.nullable and (path.lookup is None or path.lookup.name in ("exact", "iexact"))
    return accepts(wanted, given, nullable=nullable)


def accepts(wanted: Type, given: Type, *, nullable: bool = False, expressions: bool = True) -> bool:
    """Return whether *given* is *wanted*, or, where that is allowed, None or an expression."""
    proper = get_proper_type(given)
    if isinstance(proper, UnionType):
        return all(accepts(wanted, item, nullable=nullable, expressions=expressions) for item in proper.items)
    if isinstance(proper, NoneType):
        return nullable or isinstance(get_proper_type(wanted), AnyType)
    if expressions and as_base(proper, names.EXPRESSION) is not None:
        return True
    return is_subtype(proper, wanted) or is_exact_number(wanted, proper)


def is_exact_number(wanted: Type, given: Type) -> bool:
    """Return whether an int stands where a Decimal is wanted: it is one without loss."""
    target, number = get_proper_type(wanted), get_proper_type(given)
    return (
        isinstance(target, Instance)
        and isinstance(number, Instance)
        and target.type.name == "Decimal"
        and number.type.fullname == "builtins.int"
    )


def is_queryset(given: Type) -> bool:
    """Return whether *given* stands for a subquery."""
    return as_base(given, names.QUERYSET) is not None or as_base(given, names.SUBQUERY) is not None


def is_sequence(value: Type, given: Type) -> bool:
    """Return whether *given* is an iterable of *value*, a None in it left out.

    A text is none, though Python can iterate it.
    """
    proper = get_proper_type(given)
    if isinstance(proper, AnyType):
        return True
    if isinstance(proper, TupleType):
        return all(accepts(value, item, nullable=True) for item in proper.items)
    if as_base(proper, "builtins.str") is not None:
        return False
    items = as_base(proper, "typing.Iterable")
    return items is not None and accepts(value, items.args[0], nullable=True)


def is_pair(value: Type, given: Type) -> bool:
    """Return whether *given* is two of *value*; the length of a list is not known."""
    proper = get_proper_type(given)
    if isinstance(proper, AnyType):
        return True
    if isinstance(proper, TupleType):
        return len(proper.items) == 2 and all(accepts(value, item) for item in proper.items)
    if as_base(proper, "builtins.str") is not None:
        return False
    items = as_base(proper, "typing.Sequence")
    return items is not None and accepts(value, items.args[0])


def stored(wanted: Type, nullable: bool) -> Type:
    """Return the type of what a column takes, for a message."""
    return UnionType.make_union([wanted, NoneType()]) if nullable else wanted
