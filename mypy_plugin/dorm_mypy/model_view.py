"""A model as the path walker sees it, made from mypy's own tree.

Rests on the facts that the class hook wrote down, and on the annotations that ride on an instance's type.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mypy.nodes import Var
from mypy.typeops import make_simplified_union
from mypy.types import AnyType, Instance, Type, UnionType, get_proper_type

from dorm._record import Record
from dorm.lookups.parts import Part, ValueView
from dorm.lookups.paths import Path
from dorm.lookups.table import Family

from . import facts, names
from .models import attribute, key_of, target_of
from .parts import held, view_of
from .value_types import any_type, as_base, family_of, has_none, held_by, with_none, without_none

# Before the name of an annotation that rows do not have.
HIDDEN: Final = "~"


class ColumnView(Record):
    """A column, a relation's key, or an annotation: its *value* is what a row holds there."""

    name: str
    family: Family
    nullable: bool
    value: Type
    target: MypyModelView | UnknownView | None = None
    many: bool = False

    @property
    def view(self) -> ValueView | None:
        return None if self.target is not None else view_of(self.value, self.family)


class UnknownView:
    """A model that mypy cannot find: whatever is asked of it may be there."""

    name = "?"

    def field(self, name: str) -> ColumnView:
        return ColumnView(name, "any", True, any_type(), self)

    def names(self) -> Iterable[str]:
        return []


class MypyModelView:
    """The fields, reverse relations and annotations of a model's type."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.info = instance.type
        self.facts = facts.read(instance.type)

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def annotations(self) -> dict[str, Type]:
        """What annotate() added, by name; the lists of Prefetch(to_attr=) are known to no query."""
        extra = self.instance.extra_attrs
        if extra is None:
            return {}
        shown = {name: typ for name, typ in extra.attrs.items() if name not in extra.immutable}
        return {name.removeprefix(HIDDEN): typ for name, typ in shown.items()}

    @property
    def attributes(self) -> dict[str, Type]:
        """The annotations that rows have: all but those of alias()."""
        extra = self.instance.extra_attrs
        hidden = {name[1:] for name in extra.attrs if name[0] == HIDDEN} if extra is not None else set()
        return {name: typ for name, typ in self.annotations.items() if name not in hidden}

    def names(self) -> Iterable[str]:
        facts = self.facts
        return [*facts["fields"], *facts["pairs"], *self.unread(), *facts["reverse"], *self.annotations]

    def field(self, name: str) -> ColumnView | None:
        fields = self.facts["fields"]
        if name in self.annotations:
            return annotation(name, self.annotations[name])
        if name == "pk" and name not in fields:
            name = next((own for own, field in fields.items() if field["pk"]), name)
        elif name not in fields and is_key(fields, name):
            name = name.removesuffix("_id")
        if name in fields:
            return self._relation(name) if fields[name]["relation"] else self._column(name)
        if name in self.facts["pairs"]:
            return self._rows(name, name, many=True)
        other = self.facts["reverse"].get(name)
        if other is not None:
            return self._rows(name, other["accessor"], many=other["many"])
        return self._unread(name) or self._unread_key(name)

    def bare(self) -> MypyModelView:
        """Return the view without the annotations."""
        return MypyModelView(Instance(self.info, [])) if self.annotations else self

    def columns(self) -> dict[str, Type]:
        """Return the values of a whole row, as `values()` gives them: by attribute (`author_id`)."""
        out: dict[str, Type] = {}
        for name in (*self.facts["fields"], *self.unread()):
            view = self.field(name)
            if view is not None and not view.many:
                relation = view.family == "relation" or self._is_relation(name)
                out[f"{name}_id" if relation else name] = value_of(Path((), view, (), None))
        return out

    def _is_relation(self, name: str) -> bool:
        return name in self.facts["fields"] and self.facts["fields"][name]["relation"]

    def written(self, name: str) -> ColumnView | None:
        """Return the column that a constructor takes as *name*: a field, a relation by both names, `pk`."""
        fields = self.facts["fields"]
        if name in fields or name == "pk" or is_key(fields, name):
            return self.bare().field(name)
        view = self._unread(name) or self._unread_key(name)
        return view if view is not None and not view.many else None

    # -- what the class hook could not read

    @property
    def is_open(self) -> bool:
        """Whether a base of the model is not known, so that it may have any name."""
        return self.info.fallback_to_any

    def unread(self) -> list[str]:
        """Return the names of fields that are no plain calls of a field's class: a function made them."""
        every = [name for base in self.info.mro if base.fullname != names.MODEL for name in base.names]
        known = {*self.facts["fields"], *self.facts["pairs"]}
        return [name for name in dict.fromkeys(every) if name not in known and self._unread(name) is not None]

    def _unread(self, name: str) -> ColumnView | None:
        """Return the view of an attribute that turned out to be a field, or may be one; else None."""
        symbol = self.info.get(name)
        node = symbol.node if symbol is not None else None
        if symbol is None or not isinstance(node, Var) or symbol.plugin_generated:
            return self._anything(name) if symbol is None and self.is_open else None
        if node.info.fullname in (names.MODEL, "builtins.object") or name.startswith("__"):
            return None
        typ = get_proper_type(node.type)
        if typ is None or isinstance(typ, AnyType):
            return self._anything(name)
        fields = typ.items if isinstance(typ, UnionType) else [typ]
        if any(as_base(item, names.FIELD) is None for item in fields):
            return None
        if as_base(fields[0], names.MANY_TO_MANY) is not None:
            return self._rows(name, name, many=True)
        value = make_simplified_union([held_by(item) for item in fields])
        model = get_proper_type(without_none(value))
        if as_base(fields[0], names.FOREIGN_KEY) is None:
            return ColumnView(name, family_of(value), has_none(value), value)
        if not isinstance(model, Instance) or not facts.is_known(model.type):
            return self._anything(name)
        target = MypyModelView(model)
        return ColumnView(name, "relation", has_none(value), target.key(), target)

    def _unread_key(self, name: str) -> ColumnView | None:
        """Return the view of `author_id`, where a function made `author`."""
        relation = name.removesuffix("_id")
        view = self._unread(relation) if relation != name else None
        return view if view is not None and view.target is not None else None

    @staticmethod
    def _anything(name: str) -> ColumnView:
        return ColumnView(name, "any", True, any_type(), UnknownView())

    def _column(self, name: str) -> ColumnView:
        value = attribute(self.info, name)
        nullable = self.facts["fields"][name]["null"] or has_none(value)
        return ColumnView(name, self._structure(name) or family_of(value), nullable, value)

    def _structure(self, name: str) -> Family | None:
        """Return the family of a field whose values have parts: by their type alone they are of none."""
        symbol = self.info.get(name)
        node = symbol.node if symbol is not None else None
        if not isinstance(node, Var) or node.type is None:
            return None
        if as_base(node.type, names.JSON_FIELD) is not None:
            return "json"
        return "array" if as_base(node.type, names.ARRAY_FIELD) is not None else None

    def _relation(self, name: str) -> ColumnView:
        nullable = self.facts["fields"][name]["null"]
        target = target_of(self.info, name)
        if target is None or not facts.is_known(target):
            return ColumnView(name, "any", nullable, any_type(), UnknownView())
        view = MypyModelView(Instance(target, []))
        return ColumnView(name, "relation", nullable, without_none(key_of(self.info, name)), view)

    def _rows(self, name: str, accessor: str, *, many: bool) -> ColumnView:
        """Return the view of other rows that a join finds, by the attribute that leads to them."""
        value = attribute(self.info, accessor)
        manager = as_base(value, names.MANAGER)
        target = get_proper_type(manager.args[0] if manager is not None else value)
        if not isinstance(target, Instance) or not facts.is_known(target.type):
            return ColumnView(name, "any", True, any_type(), UnknownView(), many)
        view = MypyModelView(target)
        return ColumnView(name, "relation", True, view.key(), view, many)

    def is_paired(self, name: str) -> bool:
        """Return whether *name* stands for rows that are paired with this one's, from either side."""
        reverse = self.facts["reverse"].get(name)
        accessor = reverse["accessor"] if reverse is not None else name
        if reverse is None and name not in self.facts["pairs"]:
            return False
        return as_base(attribute(self.info, accessor), names.MANY_RELATED_MANAGER) is not None

    def relations(self) -> dict[str, str]:
        """Return the names in queries of what leads to other rows, by the attribute of an instance."""
        keys = [name for name, field in self.facts["fields"].items() if field["relation"]]
        names = {name: name for name in (*keys, *self.facts["pairs"], *self.unread())}
        names.update({one["accessor"]: name for name, one in self.facts["reverse"].items()})
        return names

    def key(self) -> Type:
        """Return the type of the primary key's value."""
        return attribute(self.info, "pk")


def annotation(name: str, typ: Type) -> ColumnView:
    """Return the view of what annotate() added."""
    return ColumnView(name, family_of(typ), has_none(typ), typ)


def field_at(path: Path) -> ColumnView:
    """Return the end of a path that was walked from a MypyModelView."""
    field = path.field
    assert isinstance(field, ColumnView)
    return field


def value_of(path: Path, transformed: Type | None = None) -> Type:
    """Return the type of the values at the end of a path; *transformed* is what its transforms give."""
    base = field_at(path).value if transformed is None else transformed
    return with_none(base) if path.nullable else base


def part_type(path: Path) -> Type | None:
    """Return the type of what a path ends at inside a value; None where it ends at something computed."""
    last = path.transforms[-1]
    if not isinstance(last, Part):
        return None
    return field_at(path).value if last.view == field_at(path).view else held(last.view)


def is_key(fields: dict[str, facts.FieldFacts], name: str) -> bool:
    """Return whether *name* is the attribute that holds the key of a relation: "author_id"."""
    relation = name.removesuffix("_id")
    return relation != name and relation in fields and fields[relation]["relation"]
