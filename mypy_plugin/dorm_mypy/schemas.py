"""Give a schema the fields that its `class Meta` derives from a model, and its constructor their keywords.

The fields are added in mypy's semantic phase, as those of models are; calls and attributes are checked
later, when every model is known. What cannot be read (a Meta that is computed) leaves the schema open: it has
any name.
"""

from __future__ import annotations

from typing import Final, TypedDict, cast

from mypy.errorcodes import ATTR_DEFINED
from mypy.nodes import (
    ARG_NAMED,
    ARG_NAMED_OPT,
    ARG_STAR,
    ARG_STAR2,
    MDEF,
    ArgKind,
    AssignmentStmt,
    CallExpr,
    ClassDef,
    DictExpr,
    EllipsisExpr,
    Expression,
    ListExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    SetExpr,
    StrExpr,
    SymbolTableNode,
    TempNode,
    TupleExpr,
    TypeInfo,
    Var,
)
from mypy.plugin import AttributeContext, ClassDefContext, FunctionSigContext
from mypy.server.trigger import make_trigger, make_wildcard_trigger
from mypy.types import CallableType, FunctionLike, Instance, Type, UnboundType

from . import facts, messages, names
from .declarations import keyword
from .managers import owner
from .model_view import MypyModelView
from .models import attribute, is_model, key_of
from .value_types import any_type, family_of, has_base, with_none, without_none

OPTIONS: Final = ("model", "fields", "exclude", "optional", "nested")
ALL: Final = "__all__"


class SchemaFacts(TypedDict):
    """The fields of a class's own Meta and body, and whether each must be given; may there be more?"""

    made: list[str]
    fields: dict[str, bool]
    is_open: bool


NONE: Final[SchemaFacts] = {"made": [], "fields": {}, "is_open": False}


def own(info: TypeInfo) -> SchemaFacts:
    """Return what was written down of a class alone."""
    return cast("SchemaFacts", info.metadata.get(names.SCHEMA_FACTS, NONE))


def is_schema(info: TypeInfo) -> bool:
    """Return whether a class is a DormSchema."""
    return has_base(info, names.SCHEMA)


class SchemaClass:
    """One round over one class."""

    def __init__(self, ctx: ClassDefContext, last: bool) -> None:
        self.cls = ctx.cls
        self.info = ctx.cls.info
        self.api = ctx.api
        self.last = last
        self.waiting = False
        self.fields: dict[str, bool] = {}
        self.is_open = False

    def run(self) -> None:
        """Add the fields of the class's Meta, and write down which there are."""
        for name in own(self.info)["made"]:
            symbol = self.info.names.get(name)
            if symbol is not None and symbol.plugin_generated:
                del self.info.names[name]
        for statement in self.cls.defs.body:
            if isinstance(statement, ClassDef) and statement.name == "Meta":
                self._read(statement)
        made = list(self.fields)
        self._body()
        is_open = self.is_open or "model_config" in self.info.names
        written: SchemaFacts = {"made": made, "fields": self.fields, "is_open": is_open}
        self.info.metadata[names.SCHEMA_FACTS] = cast("dict[str, object]", written)

    def _body(self) -> None:
        """Note the fields that the class's body declares."""
        for statement in self.cls.defs.body:
            if not isinstance(statement, AssignmentStmt) or statement.unanalyzed_type is None:
                continue
            target = statement.lvalues[0]
            node = target.node if isinstance(target, NameExpr) else None
            if not isinstance(node, Var) or node.is_classvar or node.name.startswith("_"):
                continue
            self.fields[node.name] = is_required(statement.rvalue)
            self.is_open = self.is_open or may_be_renamed(statement)

    # -- class Meta -----------------------------------------------------------------------------------

    def _read(self, meta: ClassDef) -> None:
        given = options_in(meta)
        for name, value in given.items():
            if name not in OPTIONS and not name.startswith("_"):
                self._report(messages.unknown_option(self.cls.name, name, OPTIONS), value)
        # The options of another Meta are not in the tree of a class that comes from mypy's cache.
        self.is_open = bool(meta.base_type_exprs)
        model = self._model(given.get("model"))
        if model is None:
            self.is_open = True
            return
        self.api.add_plugin_dependency(make_trigger(model.fullname))
        self.api.add_plugin_dependency(make_wildcard_trigger(model.fullname))
        self._derive(MypyModelView(Instance(model, [])), given)

    def _model(self, written: Expression | None) -> TypeInfo | None:
        """Return the model of a Meta, None when it is not known (yet)."""
        node = written.node if isinstance(written, RefExpr) else None
        if isinstance(node, TypeInfo) and is_model(node) and facts.is_known(node):
            return node
        if isinstance(written, RefExpr) and not isinstance(node, Var):
            self._wait()
        return None

    def _derive(self, view: MypyModelView, given: dict[str, Expression]) -> None:
        """Add the fields that the options take from a model."""
        chosen = {name: self._names(view, given.get(name)) for name in ("fields", "exclude", "optional")}
        taken, left_out, optional = chosen["fields"], chosen["exclude"], chosen["optional"]
        every = [*view.facts["fields"]]
        if view.is_open or (taken is None and self._is_computed(given.get("fields"))):
            self.is_open = True
        elif taken is None:
            # A function may have made a field: it is known when types are, after this phase.
            self.is_open = self.is_open or any(self._is_unread(view, name) for name in attributes(view))
        if any(chosen[name] is None and name in given for name in ("exclude", "optional")):
            self.is_open = True
        for name in every if taken is None else taken:
            if name not in (left_out or ()) and name not in view.facts["pairs"]:
                self._column(view, name, name in (optional or ()))
        self._nested(view, given.get("nested"), optional or [])

    def _is_computed(self, written: Expression | None) -> bool:
        return written is not None and not (isinstance(written, StrExpr) and written.value == ALL)

    def _is_unread(self, view: MypyModelView, name: str) -> bool:
        """Return whether an attribute may turn out to be a field."""
        symbol = view.info.get(name)
        node = symbol.node if symbol is not None else None
        if (
            symbol is None
            or symbol.plugin_generated
            or not isinstance(node, Var)
            or name == view.facts["manager"]
        ):
            return False
        return node.type is None and node.info.fullname != names.MODEL and not name.startswith("__")

    def _names(self, view: MypyModelView, written: Expression | None) -> list[str] | None:
        """Return the names that an option lists, those that exist; None when they cannot be read."""
        if not isinstance(written, (TupleExpr, ListExpr, SetExpr)):
            return None
        if not all(isinstance(item, StrExpr) for item in written.items):
            return None
        texts = [item for item in written.items if isinstance(item, StrExpr)]
        return [item.value for item in texts if self._is_field(view, item)]

    def _is_field(self, view: MypyModelView, item: StrExpr) -> bool:
        """Return whether a name is a field of the model, and report one that is not."""
        known = [*view.facts["fields"], *view.facts["pairs"]]
        if item.value in known or view.is_open or self._is_unread(view, item.value):
            return True
        self._report(messages.unknown_keyword(view.name, item.value, known, known), item)
        return False

    # -- fields ---------------------------------------------------------------------------------------

    def _column(self, view: MypyModelView, name: str, optional: bool) -> None:
        field = view.facts["fields"].get(name)
        if field is None:
            self._put(name, any_type(), is_required=False)
            return
        value = without_none(key_of(view.info, name) if field["relation"] else attribute(view.info, name))
        is_null = optional or field["null"] or field["made"]
        is_blank = field["blank"] and family_of(value) == "text" and not field["relation"]
        typ = with_none(value) if is_null else value
        self._put(name, typ, is_required=not (is_null or field["default"] or is_blank))

    def _nested(self, view: MypyModelView, written: Expression | None, optional: list[str]) -> None:
        """Add the relations that are shown as rows: one, one or None, or a list."""
        if written is None:
            return
        if not isinstance(written, DictExpr):
            self.is_open = True
            return
        for key, schema in written.items:
            if not isinstance(key, StrExpr):
                self.is_open = True
                continue
            node = schema.node if isinstance(schema, RefExpr) else None
            row: Type = Instance(node, []) if isinstance(node, TypeInfo) else any_type()
            self._rows(view, key, row, key.value in optional)

    def _rows(self, view: MypyModelView, key: StrExpr, row: Type, optional: bool) -> None:
        name = key.value
        field = view.facts["fields"].get(name)
        reverse = next((one for one in view.facts["reverse"].values() if one["accessor"] == name), None)
        if field is not None and field["relation"]:
            is_null = optional or field["null"]
            self._put(name, with_none(row) if is_null else row, is_required=not is_null)
        elif name in view.facts["pairs"] or (reverse is not None and reverse["many"]):
            self._put(name, self.api.named_type("builtins.list", [row]), is_required=True)
        elif view.is_open or self._is_unread(view, name):
            self._put(name, any_type(), is_required=False)
        else:
            relations = [one for one, found in view.facts["fields"].items() if found["relation"]]
            many = [one["accessor"] for one in view.facts["reverse"].values() if one["many"]]
            known = [*relations, *view.facts["pairs"], *many]
            self._report(messages.no_relation(view.name, name, name, known), key)

    def _put(self, name: str, typ: Type, *, is_required: bool) -> None:
        """Add a field, unless the class body declares that name."""
        if name in self.info.names and not self.info.names[name].plugin_generated:
            return
        var = Var(name, typ)
        var.info = self.info
        var._fullname = f"{self.info.fullname}.{name}"
        var.is_initialized_in_class = True
        self.info.names[name] = SymbolTableNode(MDEF, var, plugin_generated=True)
        self.fields[name] = is_required

    # -- rounds ---------------------------------------------------------------------------------------

    def _report(self, message: str, where: Expression) -> None:
        """Report a name that is still unknown when there is no more to wait for."""
        if self.last:
            self.api.fail(message, where, code=messages.FIELD)
        else:
            self.waiting = True

    def _wait(self) -> None:
        if not self.last:
            self.waiting = True


def options_in(meta: ClassDef) -> dict[str, Expression]:
    """Return what a class body sets, by name."""
    return {
        target.name: one.rvalue
        for one in meta.defs.body
        if isinstance(one, AssignmentStmt)
        for target in one.lvalues
        if isinstance(target, NameExpr)
    }


def is_required(value: Expression) -> bool:
    """Return whether a field of a body, with what it is set to, must be given."""
    if not isinstance(value, CallExpr) or not is_pydantic_field(value):
        return isinstance(value, (TempNode, EllipsisExpr))
    if ARG_STAR2 in value.arg_kinds or keyword(value, "default_factory") is not None:
        return False
    positional = value.args[0] if value.args and value.arg_names[0] is None else None
    default = positional or keyword(value, "default")
    return default is None or isinstance(default, EllipsisExpr)


def may_be_renamed(statement: AssignmentStmt) -> bool:
    """Return whether a field may be given by another name than its own: it has an alias."""
    value, written = statement.rvalue, statement.unanalyzed_type
    if isinstance(written, UnboundType) and written.name.rpartition(".")[2] == "Annotated":
        return True
    if not isinstance(value, CallExpr) or not is_pydantic_field(value):
        return False
    aliases = [keyword(value, name) for name in ("alias", "validation_alias")]
    return ARG_STAR2 in value.arg_kinds or any(alias is not None for alias in aliases)


def is_pydantic_field(call: CallExpr) -> bool:
    return isinstance(call.callee, RefExpr) and call.callee.fullname == names.PYDANTIC_FIELD


def attributes(view: MypyModelView) -> list[str]:
    """Return the names in the bodies of a model's classes."""
    return [name for base in view.info.mro if base.fullname != names.MODEL for name in base.names]


# -- calls and attributes -----------------------------------------------------------------------------


def may_have_more(info: TypeInfo) -> bool:
    """Return whether a schema may have fields that mypy does not see."""
    return any(own(base)["is_open"] for base in info.mro) or info.fallback_to_any


def constructor_signature(ctx: FunctionSigContext) -> FunctionLike:
    """Return the signature of a schema's constructor: the fields of its Meta and of its body."""
    signature = ctx.default_signature
    if not isinstance(signature, CallableType) or not signature.is_type_obj():
        return signature
    info = signature.type_object()
    if has_own_constructor(info):
        return signature
    # Without a `**data` this is the constructor of a pydantic model that stands before DormSchema.
    is_open = may_have_more(info) or (ARG_STAR2 in signature.arg_kinds and has_other_bases(info))
    fields = fields_of(info)
    arguments: list[tuple[str | None, ArgKind, Type]] = [
        (name, kind, typ)
        for name, kind, typ in zip(signature.arg_names, signature.arg_kinds, signature.arg_types)
        if kind not in (ARG_STAR, ARG_STAR2) and name not in fields
    ]
    for name, is_needed in fields.items():
        kind = ARG_NAMED if is_needed and not is_open else ARG_NAMED_OPT
        arguments.append((name, kind, attribute(info, name)))
    if is_open:
        arguments.append((None, ARG_STAR2, any_type()))
    return signature.copy_modified(
        arg_names=[name for name, _, _ in arguments],
        arg_kinds=[kind for _, kind, _ in arguments],
        arg_types=[typ for _, _, typ in arguments],
    )


def schemas_of(info: TypeInfo) -> list[TypeInfo]:
    """Return the classes of a schema's line below DormSchema."""
    return [base for base in info.mro if is_schema(base) and base.fullname != names.SCHEMA]


def has_other_bases(info: TypeInfo) -> bool:
    """Return whether a schema takes fields from classes that are no schemas."""
    pydantic = next((base.mro for base in info.mro if base.fullname == names.PYDANTIC_MODEL), [])
    return any(not is_schema(base) and base not in pydantic for base in info.mro)


def has_own_constructor(info: TypeInfo) -> bool:
    """Return whether a class of the schema's line writes an `__init__` itself."""
    own_inits = [base.names.get("__init__") for base in schemas_of(info)]
    return any(symbol is not None and not symbol.plugin_generated for symbol in own_inits)


def fields_of(info: TypeInfo) -> dict[str, bool]:
    """Return the fields that the classes of a schema's line make or declare."""
    found: dict[str, bool] = {}
    for base in reversed(info.mro):
        found.update(own(base)["fields"])
    return found


def attribute_hook(ctx: AttributeContext) -> Type:
    """Report an attribute that a schema does not have: its stub takes any name."""
    schema = ctx.type
    name = ctx.context.name if isinstance(ctx.context, MemberExpr) else None
    if name is None or not isinstance(schema, Instance) or may_have_more(schema.type):
        return ctx.default_attr_type
    ctx.api.fail(messages.unknown_attribute(owner(schema), name), ctx.context, code=ATTR_DEFINED)
    return any_type()
