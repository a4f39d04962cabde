"""What a project's models are, as its files say: fields, relations both ways, managers; each a ModelView.

Rests on the index of relations and on single declarations; never imports a module of the project. What cannot
be told from the text leaves a model `open`: names that are not known here may still be right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .._record import Record, replace
from ..lookups.parts import DOCUMENT, Array, Plain, ValueView
from ..lookups.table import Family
from .fields import AUTOMATIC_KEY, KEYS, VALUES, FieldCall, class_of_values, item_call, read_field
from .index import ReverseRelation, SourceIndex
from .modules import (
    MANAGER_BASES,
    ClassSource,
    ModuleSource,
    assigned_calls,
    bracketed_model,
    class_of_manager,
    parsed,
    says,
    set_to_none,
    stamp_of,
    unquoted,
)

MODELS: Final = frozenset({"dorm.Model", "dorm.models.Model", "dorm.models.base.Model"})

ENUMERATIONS: Final = frozenset({
    "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.IntFlag", "enum.Flag",
    "dorm.TextChoices", "dorm.IntegerChoices", "dorm.Choices",
    "dorm.models.TextChoices", "dorm.models.IntegerChoices", "dorm.models.Choices",
    "dorm.enums.TextChoices", "dorm.enums.IntegerChoices", "dorm.enums.Choices",
})  # fmt: skip


PLAIN_BASES: Final = frozenset({"object", "ABC", "Generic", "Protocol"})


class ManagerSource(Record):
    """A manager as a model has it: its class, and that of its querysets, None where they are dorm's own.

    *written* is the class as the model names it, with brackets if it has any.
    """

    name: str
    manager: ClassSource | None
    queryset: ClassSource | None
    written: ast.expr | None


class SourceField(Record):
    """A name of a model in a query: a column, a key, or the other side of somebody's relation.

    *value* is the annotation of its values without None, of a key that of the target's key; *target_full*
    is the model that a relation leads to. *call* is None where nobody wrote the field.
    """

    name: str
    attname: str
    family: Family
    value: str
    nullable: bool
    many: bool
    target_full: str | None
    project: Project
    call: FieldCall | None
    accessor: str | None = None

    @property
    def target(self) -> SourceModel | None:
        return self.project.models.get(self.target_full) if self.target_full is not None else None

    @property
    def view(self) -> ValueView | None:
        """What may be named inside the value; what a schema says of JSON is not read."""
        if self.family == "json":
            return DOCUMENT
        return Array(Plain("any")) if self.family == "array" else None

    @property
    def is_column(self) -> bool:
        """Whether the model's own table has it."""
        return self.accessor is None and not self.many

    @property
    def is_key(self) -> bool:
        """Whether it is a foreign key, whose column is named otherwise."""
        return self.attname != self.name


class SourceModel:
    """One model class; a ModelView, so that the walker of paths reads it as it reads the run time's."""

    def __init__(self, project: Project, source: ClassSource) -> None:
        self.project = project
        self.source = source
        self.full = source.full
        self.module = source.module.name
        self.name = source.node.name
        self.line = [one for one in project.line(source) if isinstance(one, ClassSource)]
        self.abstract = says(source.meta, "abstract")
        # Whether there may be fields that the text does not show.
        self.open = False
        # As written in its own body, and in those above it too.
        self.own: dict[str, FieldCall] = {}
        self.calls: dict[str, FieldCall] = {}
        self.fields: dict[str, SourceField] = {}
        self._named: dict[str, SourceField] = {}

    def read(self) -> None:
        """Read its own fields, and those of the classes above it."""
        calls: dict[str, FieldCall] = {}
        for one in reversed(self.line):
            found, is_open = self.project.calls_of(one)
            dropped = {name for name in set_to_none(one.node) if name not in found}
            calls = {name: call for name, call in {**calls, **found}.items() if name not in dropped}
            self.open = self.open or is_open
            if one is self.source:
                self.own = found
        self.open = self.open or self.project.has_unknown_base(self.source)
        if not any(call.primary_key for call in calls.values()):
            calls = {"id": AUTOMATIC_KEY, **calls}
        ordered = sorted(calls.values(), key=lambda call: not call.primary_key)
        self.calls = {call.name: call for call in ordered}

    def link(self) -> None:
        """Make its fields and relations, now that every model has been read."""
        self.fields = {call.name: self._field(call) for call in self.calls.values()}
        self._named = {}
        for field in self.fields.values():
            self._named.setdefault(field.name, field)
            if field.is_key:
                self._named[field.attname] = self._key_column(field)
        self._named.setdefault("pk", self.pk)
        for relation in self.project.index.into(self.full):
            self._named.setdefault(relation.query_name, self._reverse(relation))

    @property
    def pk(self) -> SourceField:
        """Its primary key."""
        return next(field for field in self.fields.values() if field.call and field.call.primary_key)

    @property
    def managers(self) -> list[ManagerSource]:
        """Its managers, the default one first."""
        found: dict[str, ManagerSource] = {}
        for one in reversed(self.line):
            for name, call in assigned_calls(one.node):
                if name not in self.calls and (manager := self.project.manager_of(one, name, call)):
                    found[name] = manager
        return list(found.values())

    @property
    def columns(self) -> list[SourceField]:
        """Its fields that have a column, the primary key first."""
        return [field for field in self.fields.values() if field.is_column]

    @property
    def relations(self) -> tuple[ReverseRelation, ...]:
        """The relations of others that lead here."""
        return self.project.index.into(self.full)

    # -- the ModelView --------------------------------------------------------------------------

    def field(self, name: str) -> SourceField | None:
        return self._named.get(name)

    def names(self) -> Iterable[str]:
        return list(self._named)

    # -- its fields -----------------------------------------------------------------------------

    def _field(self, call: FieldCall) -> SourceField:
        family = VALUES[call.kind][1]
        if family != "relation":
            value = self.project.value_of(call)
            return SourceField(
                call.name, call.name, family, value, call.null, False, None, self.project, call
            )
        target = self.project.target_of(self, call.name)
        if call.kind not in KEYS:
            return SourceField(call.name, call.name, family, "Any", False, True, target, self.project, call)
        value = self.project.key_value(target, call.to_field)
        return SourceField(
            call.name, f"{call.name}_id", family, value, call.null, False, target, self.project, call
        )

    def _key_column(self, key: SourceField) -> SourceField:
        """Return the column of a foreign key as a name of its own: "author_id"."""
        family = self.project.key_family(key)
        return SourceField(
            key.attname, key.attname, family, key.value, key.nullable, False, None, self.project, key.call
        )

    def _reverse(self, relation: ReverseRelation) -> SourceField:
        many = relation.kind != "OneToOneField"
        return SourceField(
            relation.query_name, relation.query_name, "relation", "Any", True, many, relation.source,
            self.project, None, relation.accessor,
        )  # fmt: skip


class Project:
    """The models below some folders; read again only where files have changed."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.index = SourceIndex(roots)
        self.models: dict[str, SourceModel] = {}
        self.modules: dict[str, ModuleSource] = {}
        # The names of lookups and transforms that the project defines; which columns have them is not known.
        self.registered: frozenset[str] = frozenset()
        # Whether somebody says something of the rows between, by `through_defaults=`.
        self.names_pairs = False
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._known: dict[str, ModuleSource | None] = {}
        self._calls: dict[str, tuple[dict[str, FieldCall], bool]] = {}

    def refresh(self) -> bool:
        """Read what is new or changed; say whether anything was."""
        changed = self.index.refresh()
        files = self.index.files()
        stamps = {path: stamp_of(path) for path in files}
        if stamps == self._stamps and not changed:
            return False
        old = {module.path: module for module in self._known.values() if module is not None}
        self._known = {}
        for path, name in files.items():
            kept = old.get(path) if stamps[path] == self._stamps.get(path) else None
            module = kept if kept is not None and kept.name == name else parsed(name, path) or old.get(path)
            self._known[name] = module
        self._stamps = stamps
        self.modules = {name: module for name, module in self._known.items() if module is not None}
        self._link()
        return True

    def _link(self) -> None:
        self._calls = {}
        every = [one for module in self.modules.values() for one in module.classes.values()]
        self.models = {one.full: SourceModel(self, one) for one in every if self.is_model(one)}
        for model in self.models.values():
            model.read()
        for model in self.models.values():
            model.link()

    def label_of(self, model: SourceModel) -> str:
        """Return "app.Name" of a model."""
        return f"{self.index.app_of(model.full)}.{model.name}"

    # -- classes --------------------------------------------------------------------------------

    def find_class(self, dotted: str, depth: int = 5) -> ClassSource | None:
        """Return the class that a dotted name stands for, None when no file here has it."""
        parts = dotted.split(".")
        for at in range(len(parts) - 1, 0, -1):
            module = self._module(".".join(parts[:at]))
            if module is not None:
                name = ".".join(parts[at:])
                if name in module.classes:
                    return module.classes[name]
                # A name that the module itself has from elsewhere.
                origin = module.scope.names.get(parts[at])
                rest = parts[at + 1 :]
                if origin is not None and depth and origin != dotted:
                    return self.find_class(".".join([origin, *rest]), depth - 1)
                return None
        return None

    def line(self, source: ClassSource) -> Iterator[ClassSource | str]:
        """Yield a class and those above it, each once: of other people's, the dotted names."""
        waiting: list[ClassSource | str] = [source]
        seen: set[str] = set()
        while waiting:
            one = waiting.pop(0)
            name = one if isinstance(one, str) else one.full
            if name not in seen:
                seen.add(name)
                yield one
                if isinstance(one, ClassSource):
                    waiting += [self.find_class(base) or base for base in one.bases]

    def comes_from(self, source: ClassSource, names: frozenset[str]) -> bool:
        """Return whether one of the classes above *source* is called so."""
        return any(one in names for one in self.line(source) if isinstance(one, str))

    def is_model(self, source: ClassSource) -> bool:
        """Return whether a class is a model, abstract ones included."""
        return self.comes_from(source, MODELS)

    def has_unknown_base(self, source: ClassSource) -> bool:
        """Return whether a class above *source* is neither here nor dorm's nor Python's own."""
        names = [one for one in self.line(source) if isinstance(one, str)]
        return any(one not in MODELS and one.rpartition(".")[2] not in PLAIN_BASES for one in names)

    def model_of_class(self, source: ClassSource) -> str | None:
        """Return the dotted name in the brackets after a queryset's or manager's base: its model."""
        for one in self.line(source):
            if isinstance(one, ClassSource):
                for base in one.node.bases:
                    if (node := bracketed_model(one, base)) is not None:
                        return one.module.scope.dotted(node)
        return None

    def _module(self, name: str) -> ModuleSource | None:
        if name not in self._known:
            self._known[name] = self._beside(name)
        return self._known[name]

    def _beside(self, name: str) -> ModuleSource | None:
        """Return a module of another name than models, if it lies in one of the folders."""
        for root in self.index.roots:
            path = root.joinpath(*name.split("."))
            for file in (path.with_suffix(".py"), path / "__init__.py"):
                if file.is_file():
                    return parsed(name, file)
        return None

    # -- fields ---------------------------------------------------------------------------------

    def calls_of(self, source: ClassSource) -> tuple[dict[str, FieldCall], bool]:
        """Return the fields in the body of a class, and whether there may be others that it does not show."""
        if source.full not in self._calls:
            self._calls[source.full] = self._read_calls(source)
        return self._calls[source.full]

    def _read_calls(self, source: ClassSource) -> tuple[dict[str, FieldCall], bool]:
        found: dict[str, FieldCall] = {}
        is_open = False
        for name, call in assigned_calls(source.node):
            called = self._called(source, call)
            kind = self._kind(called)
            if kind is not None:
                found[name] = self._with_class(source, kind, call, read_field(name, kind, called, call))
            elif not self._is_manager(called):
                is_open = True
        return found, is_open

    def _called(self, source: ClassSource, call: ast.Call) -> str:
        return source.module.scope.dotted(call.func)

    def _kind(self, called: str) -> str | None:
        """Return which of dorm's fields a class is or comes from, None for anything else."""
        kind = called.rpartition(".")[2]
        if called.startswith("dorm.") and kind in VALUES:
            return kind
        source = self.find_class(called)
        if source is None:
            return None
        names = [one.rpartition(".")[2] for one in self.line(source) if isinstance(one, str)]
        return next((name for name in names if name in VALUES), None)

    def _is_manager(self, called: str) -> bool:
        """Return whether a call makes a manager: its class is one, or it is `as_manager()`."""
        # What is called has no plain name: `Manager.from_queryset(Class)()`.
        if called.endswith((".as_manager", ".from_queryset")) or not called:
            return True
        if called.startswith("dorm."):
            return called.rpartition(".")[2] in MANAGER_BASES
        source = self.find_class(called)
        if source is None:
            return False
        names = {one.rpartition(".")[2] for one in self.line(source) if isinstance(one, str)}
        return not names.isdisjoint(MANAGER_BASES) or self._kind(called) is None

    def _with_class(self, source: ClassSource, kind: str, call: ast.Call, field: FieldCall) -> FieldCall:
        """Return *field* with the class of its values, or of an array's items, if the call names one."""
        items = item_call(kind, call)
        if items is not None:
            item_kind = self._kind(self._called(source, items))
            return replace(field, items=VALUES[item_kind][0] if item_kind is not None else "Any")
        node = class_of_values(kind, call)
        if node is None:
            return field
        found = self._class_named(source, node)
        if found is None:
            # A list of pairs leaves the values as they are; a class from elsewhere does not.
            is_list = kind != "JSONField" and not self._may_be_class(source, node)
            return field if is_list else replace(field, held="")
        if kind != "JSONField" and not self.comes_from(found, ENUMERATIONS):
            return field
        return replace(field, held=found.full)

    def _class_named(self, source: ClassSource, node: ast.expr) -> ClassSource | None:
        """Return the class that an expression in the body of *source* means."""
        beside = source.module.classes.get(
            f"{source.full[len(source.module.name) + 1 :]}.{ast.unparse(node)}"
        )
        return beside or self.find_class(source.module.scope.dotted(node))

    def _may_be_class(self, source: ClassSource, node: ast.expr) -> bool:
        """Return whether an expression may be a class that no file here has: one that was imported."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        imported = isinstance(root, ast.Name) and root.id in source.module.scope.names
        dotted = source.module.scope.dotted(node)
        known = self._module(dotted.rpartition(".")[0]) is not None
        return imported and not known and not dotted.endswith(".choices")

    def manager_of(self, source: ClassSource, name: str, call: ast.Call) -> ManagerSource | None:
        """Return the manager that *call* makes in the body of *source*, None if it makes something else."""
        written = class_of_manager(call)
        dotted = source.module.scope.dotted(written)
        if dotted.startswith("dorm."):
            return ManagerSource(name, None, None, None) if dotted.endswith(".Manager") else None
        found = self.find_class(dotted)
        if found is None or not self._is_manager(dotted):
            return None
        return ManagerSource(name, found, self.queryset_class(found), written)

    def queryset_class(self, source: ClassSource) -> ClassSource | None:
        """Return the class of the querysets that a class of managers, or of querysets, gives."""
        names = {one.rpartition(".")[2] for one in self.line(source) if isinstance(one, str)}
        if "QuerySet" in names:
            return source
        for one in self.line(source):
            if not isinstance(one, ClassSource):
                continue
            for child in one.node.body:
                if isinstance(child, ast.FunctionDef) and child.name == "get_queryset" and child.returns:
                    found = self.find_class(one.module.scope.dotted(unquoted(child.returns)))
                    if found is not None:
                        return found
            for base in one.node.bases:
                if isinstance(base, ast.Call) and base.args and "from_queryset" in ast.dump(base.func):
                    return self.find_class(one.module.scope.dotted(base.args[0]))
        return None

    def value_of(self, call: FieldCall) -> str:
        """Return the annotation of a column's values without None."""
        if call.held is not None:
            return call.held or "Any"
        return f"list[{call.items}]" if call.items is not None else VALUES[call.kind][0]

    # -- relations ------------------------------------------------------------------------------

    def target_of(self, model: SourceModel, name: str) -> str | None:
        """Return the full name of the model that the relation *name* of *model* leads to."""
        target = self.index.target_of(model.full, name)
        found = self.find_class(target) if target is not None else None
        return found.full if found is not None else target

    def key_value(self, target: str | None, to_field: str | None) -> str:
        """Return the annotation of a key to *target*."""
        call = self._key_call(target, to_field)
        if call is None:
            return "Any"
        if call.kind in KEYS:
            model = self.models[str(target)]
            return self.key_value(self.target_of(model, call.name), call.to_field)
        return self.value_of(call)

    def key_family(self, key: SourceField) -> Family:
        """Return the family of a foreign key's column."""
        call = self._key_call(key.target_full, key.call.to_field if key.call else None)
        if call is None or call.kind in KEYS:
            return "any"
        return VALUES[call.kind][1]

    def _key_call(self, target: str | None, to_field: str | None) -> FieldCall | None:
        model = self.models.get(target) if target is not None else None
        if model is None:
            return None
        calls = model.calls.values()
        return next((one for one in calls if (one.name == to_field if to_field else one.primary_key)), None)
