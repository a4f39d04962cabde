"""The tables from names to hooks, and what mypy asks of a plugin beside them.

Each concern has its module; nothing is decided here. User code and settings are never imported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from mypy.nodes import MypyFile, TypeInfo
from mypy.options import Options
from mypy.plugin import (
    AttributeContext,
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import FunctionLike, Type

from dorm.source.index import SourceIndex

from . import (
    annotate,
    carried,
    chains,
    columns,
    create,
    custom,
    filters,
    managers,
    names,
    prefetch,
    saving,
    schemas,
    upsert,
    values,
)
from .from_queryset import name_classes
from .guard import default_attribute, default_signature, default_type, guarded, nothing
from .models import ModelClass, is_model
from .own_rows import rowed
from .rounds import RoundsHook
from .value_types import has_base

# No class is called so.
LOOKUPS: Final = "=lookups"

# How hard mypy should try to have the module before this one: a relation between modules makes a circle.
PRIORITY: Final = 10

METHODS: Final[dict[str, Callable[[MethodContext], Type]]] = {
    "filter": filters.filter_hook,
    "exclude": filters.filter_hook,
    "get": rowed(filters.filter_hook),
    "get_or_none": rowed(filters.filter_hook),
    "create": create.create_hook,
    "get_or_create": upsert.get_or_create_hook,
    "update_or_create": upsert.update_or_create_hook,
    "update": create.update_hook,
    "order_by": columns.order_by_hook,
    "distinct": columns.distinct_hook,
    "dates": columns.dates_hook,
    "datetimes": columns.dates_hook,
    "earliest": rowed(columns.order_by_hook),
    "latest": rowed(columns.order_by_hook),
    "in_bulk": rowed(columns.in_bulk_hook),
    "bulk_update": columns.bulk_update_hook,
    "only": columns.loading_hook,
    "defer": columns.loading_hook,
    "select_related": columns.related_hook,
    "prefetch_related": prefetch.prefetch_hook,
    "values": values.values_hook,
    "values_list": values.values_list_hook,
    "alias": annotate.alias_hook,
    "annotate": annotate.annotate_hook,
    "aggregate": annotate.aggregate_hook,
}

MODEL_METHODS: Final[dict[str, Callable[[MethodContext], Type]]] = {"save": saving.save_hook}

SIGNATURES: Final[dict[str, Callable[[MethodSigContext], FunctionLike]]] = {
    "values": values.names_signature,
    "values_list": values.names_signature,
}


def with_twins(table: dict[str, Callable[[Any], Any]]) -> dict[str, Callable[[Any], Any]]:
    """Return the table with an entry for each a-prefixed twin."""
    return {**table, **{f"a{name}": hook for name, hook in table.items()}}


MODEL_HOOKS: Final = {name: guarded(hook, default_type) for name, hook in with_twins(MODEL_METHODS).items()}
SIGNATURE_HOOKS: Final = {
    name: guarded(hook, default_signature) for name, hook in with_twins(SIGNATURES).items()
}


# These give rows, and no more.
ROWS: Final = ("first", "last", "iterator")
PROTOCOLS: Final = ("__iter__", "__aiter__", "__await__", "__getitem__")

# These only pass a queryset on; the hooks of the others see to that themselves.
CHAINS: Final = frozenset({"all", "none", "reverse", "using", "get_queryset", "select_for_update"})
EXPRESSION_HOOK: Final = guarded(carried.method_hook, default_type)
ROW_HOOK: Final = guarded(rowed(default_type), default_type)
METHOD_HOOKS: Final = {
    **{name: guarded(chains.chained(hook), default_type) for name, hook in with_twins(METHODS).items()},
    **dict.fromkeys((*ROWS, *(f"a{name}" for name in ROWS), *PROTOCOLS), ROW_HOOK),
}
CHAIN_HOOK: Final = guarded(chains.chained(default_type), default_type)

PREFETCH_HOOK: Final = guarded(prefetch.made_hook, default_type)

RELATED: Final = frozenset({names.RELATED_MANAGER, names.MANY_RELATED_MANAGER})


class DormPlugin(Plugin):
    """Answers mypy's questions from the tables."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.index = SourceIndex([Path.cwd(), *map(Path, options.mypy_path)])
        self.index.refresh()
        custom.learn(self.index.roots)
        self.model_hook = guarded(RoundsHook(partial(ModelClass, index=self.index)), nothing)
        self.schema_hook = guarded(RoundsHook(schemas.SchemaClass), nothing)
        self.schema_call_hook = guarded(schemas.constructor_signature, default_signature)
        self.schema_attribute_hook = guarded(schemas.attribute_hook, default_attribute)
        self.constructor_hook = guarded(create.constructor_hook, default_type)
        self.made_hook = guarded(carried.made_hook, default_type)
        self.attribute_hook = guarded(managers.class_attribute_hook, default_attribute)
        self.related_hook = guarded(managers.related_attribute_hook, default_attribute)

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Return the relations that point into a module: when they change, what it means has changed."""
        self.index.learn(ctx.id, Path(ctx.path))
        into = self.index.into_module(ctx.id)
        told = {model: [list(one.as_texts()) for one in found] for model, found in into.items()}
        lookups = custom.known()
        # A lookup of the project's own may be used in any module.
        return {**told, LOOKUPS: lookups} if lookups else told or None

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Return the modules that relations tie to this one, which may not import them."""
        name_classes(file.defs)
        self.index.learn(file.fullname, Path(file.path))
        self.index.add(file.fullname, Path(file.path))
        linked = {*self.index.sources(file.fullname), *self.index.targets(file.fullname)}
        return [(PRIORITY, module, -1) for module in sorted(linked)]

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        if self._is_schema(fullname):
            return self.schema_hook
        return self.model_hook if self._is_model(fullname) else None

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return self.schema_call_hook if self._is_schema(fullname) else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        if fullname == names.PREFETCH:
            return PREFETCH_HOOK
        if self._is_expression(fullname):
            return self.made_hook
        return self.constructor_hook if self._is_model(fullname) else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        owner, _, name = fullname.rpartition(".")
        if name in METHOD_HOOKS:
            return METHOD_HOOKS[name] if self._is_queryset(owner) else None
        if name in CHAINS:
            return CHAIN_HOOK if self._is_queryset(owner) else None
        if self._is_expression(owner):
            return EXPRESSION_HOOK
        return MODEL_HOOKS[name] if name in MODEL_HOOKS and self._is_model(owner) else None

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        owner, _, name = fullname.rpartition(".")
        hook = SIGNATURE_HOOKS.get(name)
        return hook if hook is not None and self._is_queryset(owner) else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        owner, _, name = fullname.rpartition(".")
        if owner == names.METACLASS:
            return self.attribute_hook
        if owner == names.SCHEMA:
            return self.schema_attribute_hook if not self._has(owner, name) else None
        if owner in RELATED and not self._has(owner, name):
            return self.related_hook
        return None

    def _is_model(self, fullname: str) -> bool:
        info = self._class(fullname)
        return info is not None and is_model(info)

    def _is_schema(self, fullname: str) -> bool:
        info = self._class(fullname)
        return info is not None and schemas.is_schema(info)

    def _is_queryset(self, owner: str) -> bool:
        # mypy asks with the name of the static type, not of the class that defines the method.
        info = self._class(owner)
        return info is not None and (has_base(info, names.QUERYSET) or has_base(info, names.MANAGER))

    def _is_expression(self, fullname: str) -> bool:
        info = self._class(fullname)
        return info is not None and (info.fullname == names.Q or has_base(info, names.EXPRESSION))

    def _has(self, owner: str, name: str) -> bool:
        info = self._class(owner)
        return info is not None and info.get(name) is not None

    def _class(self, fullname: str) -> TypeInfo | None:
        if fullname.startswith(("builtins.", "typing.")) or "." not in fullname:
            return None
        symbol = self.lookup_fully_qualified(fullname)
        return symbol.node if symbol is not None and isinstance(symbol.node, TypeInfo) else None


def plugin(version: str) -> type[Plugin]:
    """Return the plugin, whatever the version of mypy: the one that dorm is tested with is in its extras."""
    return DormPlugin
