"""What may be named inside a value, by its type: the keys of a JSON document, the places in an array.

Rests on mypy's types; says what the views of `dorm.fields.schema` say at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mypy.nodes import TypeInfo, Var
from mypy.types import Instance, Type, UnionType, get_proper_type

from dorm._record import Record
from dorm.lookups.parts import DOCUMENT, Array, Items, ValueView
from dorm.lookups.table import Family

from . import names
from .value_types import any_type, as_base, family_of, has_base, without_none

# JSON values of these types have no parts; of the first, JSON has the very values.
SAME: Final = ("builtins.str", "builtins.int", "builtins.float", "builtins.bool")
SCALARS: Final = (
    *SAME, "decimal.Decimal", "_decimal.Decimal", "datetime.datetime", "datetime.date", "datetime.time",
)  # fmt: skip


class Unknown(Record):
    """A value of which nothing is known: whatever is asked of it may be there."""

    family: Family = "any"
    kind: str = ""

    def part(self, name: str) -> ValueView | None:
        return self

    def names(self) -> Iterable[str]:
        return ()


class ItemView(Record):
    """A value of a type, in an array or in JSON."""

    value: Type
    family: Family
    kind: str = ""

    def part(self, name: str) -> ValueView | None:
        inner = view_of(self.value, self.family) if self.family != "json" else None
        return inner.part(name) if inner is not None else None

    def names(self) -> Iterable[str]:
        return ()


class SchemaView(Record):
    """The keys of a dataclass or a pydantic model, as they stand in JSON."""

    info: TypeInfo
    family: Family = "json"

    @property
    def kind(self) -> str:
        return f"JSON of {self.info.name}"

    def part(self, name: str) -> ValueView | None:
        symbol = self.info.get(name)
        if symbol is None or name not in (*self.names(), *self._computed()):
            return None
        node = symbol.node
        return document(node.type) if isinstance(node, Var) and node.type is not None else DOCUMENT

    def names(self) -> Iterable[str]:
        """Return the names of the fields, the bases' first."""
        found: dict[str, None] = {}
        for base in reversed(self.info.mro):
            if base.fullname.startswith(("builtins.", "pydantic.")):
                continue
            for name, symbol in base.names.items():
                if isinstance(symbol.node, Var) and is_field(symbol.node):
                    found[name] = None
        return list(found)

    def _computed(self) -> Iterable[str]:
        """Return what may be written along: properties that pydantic computes."""
        return [
            name for base in self.info.mro for name, symbol in base.names.items() if is_computed(symbol.node)
        ]


def is_field(node: Var) -> bool:
    """Return whether a name of a class body is that of a field."""
    return node.type is not None and not node.is_classvar and node.name[0] != "_" and not node.is_property


def is_computed(node: object) -> bool:
    """Return whether a name of a class body is that of a property."""
    var = getattr(node, "var", None)
    return isinstance(var, Var) and var.is_property


def document(typ: Type) -> ValueView:
    """Return what may be named in JSON of a type; anything, where it does not say."""
    proper = get_proper_type(without_none(typ))
    if isinstance(proper, UnionType) or not isinstance(proper, Instance):
        return DOCUMENT
    if is_schema(proper.type):
        return SchemaView(proper.type)
    if proper.type.fullname in SCALARS:
        value = proper if proper.type.fullname in SAME else any_type()
        return ItemView(value, "json", f"JSON of {proper.type.name}")
    mapping, items = as_base(proper, "typing.Mapping"), as_base(proper, "typing.Collection")
    if mapping is not None:
        return Items(document(mapping.args[1]), False)
    return Items(document(items.args[0]), True) if items is not None and items.args else DOCUMENT


def is_schema(info: TypeInfo) -> bool:
    """Return whether a class says which keys its JSON has; settings of a pydantic model may change them."""
    if any("model_config" in base.names for base in info.mro if not base.fullname.startswith("pydantic.")):
        return False
    if has_base(info, names.PYDANTIC_MODEL):
        return not has_base(info, names.PYDANTIC_ROOT)
    return any("dataclass" in base.metadata for base in info.mro)


def view_of(typ: Type, family: Family) -> ValueView | None:
    """Return what may be named inside values of a type that are of *family*."""
    if family == "json":
        return document(typ)
    if family == "any":
        return Unknown()
    if family != "array":
        return None
    items = as_base(without_none(typ), "typing.Iterable")
    if items is None:
        return Unknown()
    item = without_none(items.args[0])
    inner: Family = "array" if as_base(item, "builtins.list") is not None else family_of(item)
    return Array(ItemView(item, inner))


def held(view: ValueView) -> Type:
    """Return the type of the values that a view is of."""
    return view.value if isinstance(view, ItemView) else any_type()
