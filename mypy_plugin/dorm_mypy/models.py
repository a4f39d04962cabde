"""Give model classes the attributes that no one writes: `id`, `pk`, `author_id`, `book_set`.

Runs in mypy's semantic phase, once a round for every class below Model. A class adds names to itself only;
what points at it from elsewhere is told by the source index, and waited for until mypy has it.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import GDEF, MDEF, RefExpr, SymbolTableNode, TypeInfo, Var
from mypy.plugin import ClassDefContext
from mypy.server.trigger import make_trigger, make_wildcard_trigger
from mypy.types import CallableType, Instance, LiteralType, Type, get_proper_type

from dorm.source.index import SourceIndex

from . import facts, names
from .declarations import (
    Declaration,
    declarations,
    first_manager,
    generic_class,
    is_abstract,
    text_of,
    value_of_field,
)
from .value_types import any_type, has_base, held_by, with_none, without_none

# No program can call a name so.
RELATIONS: Final = "=relations"

# What the other side has for each kind of relation; the row itself where there is no manager.
MANAGERS: Final = {
    "ForeignKey": names.RELATED_MANAGER,
    "ManyToManyField": names.MANY_RELATED_MANAGER,
}


# The key of a model that declares none.
AUTO_KEY: Final[facts.FieldFacts] = {
    "null": False,
    "pk": True,
    "relation": False,
    "default": False,
    "blank": False,
    "made": True,
}


class ModelClass:
    """One round over one class."""

    def __init__(self, ctx: ClassDefContext, last: bool, index: SourceIndex) -> None:
        self.cls = ctx.cls
        self.info = ctx.cls.info
        self.api = ctx.api
        self.index = index
        self.last = last
        self.waiting = False

    def run(self) -> None:
        """Set the types of the fields, write the facts down, and add the names that follow from them."""
        self._forget()
        abstract = is_abstract(self.cls)
        declared = list(declarations(self.cls))
        for one in declared:
            self._give_type(one)
            if one.has_choices:
                self._display(one)
        fields = {one.name: field_facts(one) for one in declared if not one.pairs}
        pairs = [one.name for one in declared if one.pairs]
        manager = first_manager(self.cls)
        facts.write(self.info, {"fields": fields, "pairs": pairs, "reverse": {}, "manager": manager})
        if not abstract:
            self._primary_key(fields)
            self._reverse()
            self._tell_daemon()
        self._keys()

    def _forget(self) -> None:
        """Take away what the last round made: mypy keeps it otherwise."""
        for name in [name for name, symbol in self.info.names.items() if symbol.plugin_generated]:
            del self.info.names[name]

    # -- fields -------------------------------------------------------------------------------------

    def _give_type(self, declared: Declaration) -> None:
        if not declared.annotated:
            typ = self._field_type(declared)
            if typ is not None:
                declared.var.type = typ
                declared.var.is_inferred = False
                declared.target.is_inferred_def = False

    def _display(self, declared: Declaration) -> None:
        """Add `get_status_display()`, which gives the label of a choice."""
        label: Type = self.api.named_type("builtins.str")
        shown = with_none(label) if declared.null else label
        method = CallableType([], [], [], shown, self.api.named_type("builtins.function"))
        self._put(f"get_{declared.name}_display", method, is_method=False)

    def _field_type(self, declared: Declaration) -> Type | None:
        """Return the type of the field object, None to leave it to mypy."""
        field = generic_class(declared.field)
        if field is None:
            return Instance(declared.field, [])
        if len(field.type_vars) > 1:
            return None
        if not declared.relation and not declared.pairs:
            return Instance(field, [value_of_field(field, declared.call, declared.null)])
        target = self._target(declared)
        if target is None:
            return Instance(field, [any_type()])
        one = Instance(target, [])
        return Instance(field, [with_none(one) if declared.null and declared.relation else one])

    def _target(self, declared: Declaration) -> TypeInfo | None:
        """Return the model that a relation leads to, None when it is not known (yet)."""
        written = text_of(declared.to)
        if written is not None:
            full = self.index.named(written, self.info.fullname)
            return self._class(full) if full is not None else None
        node = declared.to.node if isinstance(declared.to, RefExpr) else None
        if isinstance(node, TypeInfo):
            return node
        if isinstance(declared.to, RefExpr) and not isinstance(node, Var):
            self._wait()
        return None

    # -- keys ---------------------------------------------------------------------------------------

    def _primary_key(self, fields: dict[str, facts.FieldFacts]) -> None:
        every = facts.read(self.info)["fields"]
        if not any(field["pk"] for field in every.values()) and "id" not in every:
            auto = self.api.named_type_or_none(names.BIG_AUTO_FIELD, [self.api.named_type("builtins.int")])
            if auto is not None:
                self._put("id", auto)
            fields = {**fields, "id": AUTO_KEY}
            facts.write(self.info, {**facts.own(self.info), "fields": fields})
        self._put("pk", self._key_type(self.info))

    def _key_type(self, info: TypeInfo) -> Type:
        """Return the value type of a model's primary key, that of a relation being its target's."""
        for name, field in facts.read(info)["fields"].items():
            if field["pk"]:
                return key_of(info, name) if field["relation"] else attribute(info, name)
        return any_type()

    def _keys(self) -> None:
        """Add `author_id` for each `author`."""
        for name, field in facts.read(self.info)["fields"].items():
            if not field["relation"]:
                continue
            target = target_of(self.info, name)
            if (
                target is not None
                and target is not self.info
                and not facts.is_known(target)
                and is_model(target)
            ):
                self._wait()
            key = self._key_type(target) if target is not None else any_type()
            column = self.api.named_type_or_none(names.FIELD, [with_none(key) if field["null"] else key])
            if column is not None:
                self._put(f"{name}_id", column)

    # -- the other side of relations ------------------------------------------------------------------

    def _reverse(self) -> None:
        reverse: dict[str, facts.ReverseFacts] = {}
        for relation in self.index.into(self.info.fullname):
            source = self._class(relation.source)
            if source is None:
                continue
            # The daemon looks at this class again when that one changes.
            self.api.add_plugin_dependency(make_trigger(relation.source))
            self.api.add_plugin_dependency(make_wildcard_trigger(relation.source))
            row = Instance(source, [])
            manager = MANAGERS.get(relation.kind)
            typ = row if manager is None else self.api.named_type_or_none(manager, [row])
            if typ is not None:
                self._put(relation.accessor, typ)
                reverse[relation.query_name] = {
                    "accessor": relation.accessor,
                    "source": relation.source,
                    "field": relation.field,
                    "many": manager is not None,
                }
        facts.write(self.info, {**facts.own(self.info), "reverse": reverse})

    def _tell_daemon(self) -> None:
        """Look at this class again when the relations that a module declares have changed, whichever it is.

        The daemon compares the types of names: here a module's relations are the type of a name in it.
        """
        module = self.info.module_name
        told = sorted((target, *one.as_texts()) for target, one in self.index.out_of_module(module))
        var = Var(RELATIONS, LiteralType(repr(told), self.api.named_type("builtins.str")))
        var._fullname = f"{module}.{RELATIONS}"
        self.api.modules[module].names[RELATIONS] = SymbolTableNode(
            GDEF, var, module_public=False, plugin_generated=True
        )
        for other in self.index.modules():
            self.api.add_plugin_dependency(make_trigger(f"{other}.{RELATIONS}"))

    # -- mypy's tree ----------------------------------------------------------------------------------

    def _class(self, full: str) -> TypeInfo | None:
        symbol = self.api.lookup_fully_qualified_or_none(full)
        if symbol is not None and isinstance(symbol.node, TypeInfo):
            return symbol.node
        self._wait()
        return None

    def _wait(self) -> None:
        """Ask for another round, unless this is the last one."""
        if not self.last:
            self.waiting = True

    def _put(self, name: str, typ: Type, *, is_method: bool = True) -> None:
        """Add an attribute, unless the class body has that name; without *is_method* it takes no self."""
        old = self.info.names.get(name)
        if old is not None and not old.plugin_generated:
            return
        var = Var(name, typ)
        var.info = self.info
        var._fullname = f"{self.info.fullname}.{name}"
        var.is_initialized_in_class = is_method
        self.info.names[name] = SymbolTableNode(MDEF, var, plugin_generated=True)


def field_facts(declared: Declaration) -> facts.FieldFacts:
    """Return what is to be remembered of a column."""
    return {
        "null": declared.null,
        "pk": declared.primary_key,
        "relation": declared.relation,
        "default": declared.has_default,
        "blank": declared.blank,
        "made": declared.made,
    }


def is_model(info: TypeInfo) -> bool:
    """Return whether a class is a model."""
    return has_base(info, names.MODEL)


def attribute(info: TypeInfo, name: str) -> Type:
    """Return the type of the value that an attribute of an instance holds; Any when it is not known."""
    symbol = info.get(name)
    node = symbol.node if symbol is not None else None
    return held_by(node.type) if isinstance(node, Var) and node.type is not None else any_type()


def key_of(info: TypeInfo, relation: str) -> Type:
    """Return the type of the key that a relation's column holds."""
    return attribute(info, f"{relation}_id")


def target_of(info: TypeInfo, relation: str) -> TypeInfo | None:
    """Return the model that a relation of *info* leads to."""
    proper = get_proper_type(without_none(attribute(info, relation)))
    return proper.type if isinstance(proper, Instance) else None
