"""One call that a hook looks at: who is asked, with which arguments, and how to report.

Rests on mypy's contexts. The other modules read calls through this alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from mypy.errorcodes import ErrorCode
from mypy.messages import format_type_bare
from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    Context,
    Expression,
    ListExpr,
    MemberExpr,
    RefExpr,
    SetExpr,
    TypeInfo,
)
from mypy.plugin import CheckerPluginInterface, FunctionContext, MethodContext
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    LiteralType,
    TupleType,
    Type,
    TypeType,
    UnpackType,
    get_proper_type,
)

from dorm._record import Record
from dorm.lookups.parts import Part
from dorm.lookups.paths import Miss, Path

from . import custom, facts, messages, names
from .model_view import MypyModelView
from .own_rows import own_row
from .parts import SchemaView
from .value_types import as_base, has_base, plain

STARS: Final = (ARG_STAR, ARG_STAR2)

# The keywords that methods of managers and querysets have themselves.
OPTIONS: Final = frozenset({"defaults", "create_defaults", "through_defaults"})


class Argument(Record):
    """An argument of the call: *name* is None for a positional one; *star* for `*args` and `**kwargs`."""

    name: str | None
    star: bool
    node: Expression
    type: Type | None


class Reporter:
    """How the checks speak: errors with their codes, types as mypy prints them."""

    def __init__(self, api: CheckerPluginInterface) -> None:
        self.api = api

    def fail(self, message: str, where: Context, code: ErrorCode) -> None:
        self.api.fail(message, where, code=code)

    def note(self, message: str, where: Context, code: ErrorCode) -> None:
        """Say what is right, and still not what was meant, it seems."""
        self.api.msg.note(message, where, code=code)

    def miss(self, miss: Miss, where: Context) -> None:
        """Report a name that leads nowhere, in the words of the run time.

        A lookup of the project's own may stand there: which columns have it is not known.
        """
        if custom.is_lookup(miss.name):
            return
        self.fail(miss.message, where, messages.CODES[miss.kind])

    def shown(self, typ: Type) -> str:
        return format_type_bare(plain(typ), self.api.options)

    def type_of(self, node: Expression) -> Type:
        """Return the type of an expression by itself; of a list of several types, one of their union."""
        typ = self.api.get_expression_type(node)
        proper = get_proper_type(typ)
        if isinstance(node, ListExpr | SetExpr) and isinstance(proper, Instance) and is_vague(typ):
            items = [plain(self.api.get_expression_type(item)) for item in node.items]
            return proper.copy_modified(args=[make_simplified_union(items)]) if items else typ
        return typ

    def named(self, fullname: str, args: list[Type] | None = None) -> Instance:
        return self.api.named_generic_type(fullname, args or [])

    def lean_on(self, path: Path) -> None:
        """Tell mypy that the module being checked depends on every model that a path crosses.

        Nothing else does: the other models stand in no type of the module, only in the text of a name.
        """
        for hop in (*path.hops, path.field):
            if isinstance(hop.target, MypyModelView):
                self.depend_on(hop.target)
        for view in (path.field.view, *(one.view for one in path.transforms if isinstance(one, Part))):
            if isinstance(view, SchemaView):
                self.depend_on_class(view.info)

    def depend_on(self, model: MypyModelView) -> None:
        """Tell mypy that the module being checked depends on a model."""
        self.depend_on_class(model.info)

    def depend_on_class(self, info: TypeInfo) -> None:
        """Tell mypy that the module being checked depends on a class."""
        modules: set[str] | None = getattr(self.api, "module_refs", None)
        if modules is not None:
            modules.update(base.module_name for base in info.mro)


class Call(Reporter):
    """A call on a manager, a queryset or a model class.

    *held* are the names of the foreign key that a related manager sets by itself.
    """

    def __init__(
        self,
        api: CheckerPluginInterface,
        node: CallExpr,
        model: MypyModelView,
        row: Type,
        types: dict[int, Type],
        options: Collection[str] = (),
        held: Collection[str] = (),
    ) -> None:
        super().__init__(api)
        self.options = options
        self.held = held
        self.node = node
        self.model = model
        self.row = row
        self.arguments = [
            argument
            for arg, kind, name in zip(node.args, node.arg_kinds, node.arg_names)
            for argument in self._taken_apart(Argument(name, kind in STARS, arg, types.get(id(arg))))
        ]

    def _taken_apart(self, argument: Argument) -> list[Argument]:
        """Return the arguments that `*NAMES` stands for, if its type tells how many there are."""
        if not argument.star or argument.name is not None or not isinstance(argument.node, RefExpr):
            return [argument]
        typ = get_proper_type(self.type_of(argument.node))
        if not isinstance(typ, TupleType) or any(isinstance(item, UnpackType) for item in typ.items):
            return [argument]
        return [Argument(None, False, argument.node, item) for item in typ.items]

    @property
    def keywords(self) -> Iterator[tuple[str, Argument]]:
        """The keywords, without a `**kwargs`."""
        return ((one.name, one) for one in self.arguments if one.name is not None and not one.star)

    @property
    def column_values(self) -> Iterator[Argument]:
        """The keywords that are for columns, without those of the method itself."""
        return (one for name, one in self.keywords if name not in self.options)

    @property
    def positional(self) -> Iterator[Argument]:
        """The positional arguments, a `*args` included."""
        return (one for one in self.arguments if one.name is None)

    @property
    def is_dynamic(self) -> bool:
        """Whether some names are only known when the program runs."""
        return any(one.star for one in self.arguments)

    def given(self, argument: Argument) -> Type:
        """Return the type of an argument by itself: for an Any, mypy makes a `list[Any]` of a list."""
        typ = argument.type
        return typ if typ is not None and not is_vague(typ) else self.type_of(argument.node)

    def text(self, argument: Argument) -> str | None:
        """Return the text that an argument is, literal, Final or a column; None when it is not known."""
        if isinstance(argument.node, MemberExpr) and (owner := owner_of(self, argument.node)) is not None:
            return argument.node.name if has_base(self.model.info, owner.fullname) else None
        return literal_text(self.given(argument))


def literal_text(typ: Type | None) -> str | None:
    """Return the text that a type says a value is, or None."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.last_known_value is not None:
        proper = proper.last_known_value
    return proper.value if isinstance(proper, LiteralType) and isinstance(proper.value, str) else None


def owner_of(report: Reporter, node: MemberExpr) -> TypeInfo | None:
    """Return the model of `Author.age`, None for what is not a column of a model class."""
    if as_base(report.type_of(node), names.COLUMN) is None:
        return None
    model = get_proper_type(report.type_of(node.expr))
    if isinstance(model, FunctionLike) and model.is_type_obj():
        return model.type_object()
    item = get_proper_type(model.item) if isinstance(model, TypeType) else None
    return item.type if isinstance(item, Instance) else None


def is_vague(typ: Type) -> bool:
    """Return whether *typ* is a `list[Any]`, a `list[object]` or the like."""
    proper = get_proper_type(typ)
    arguments = (
        proper.items if isinstance(proper, TupleType) else proper.args if isinstance(proper, Instance) else []
    )
    found = [get_proper_type(argument) for argument in arguments]
    return any(
        isinstance(one, AnyType) or (isinstance(one, Instance) and one.type.fullname == "builtins.object")
        for one in found
    )


def call_on_queryset(ctx: MethodContext) -> Call | None:
    """Return the call, when it is one on a manager or queryset of a model that the plugin knows."""
    got = model_and_row(ctx.type)
    if got is None or not isinstance(ctx.context, CallExpr):
        return None
    options = OPTIONS.intersection(name for name in ctx.callee_arg_names if name is not None)
    view = MypyModelView(got[0])
    return Call(ctx.api, ctx.context, view, got[1], argument_types(ctx), options, held_keys(ctx))


def held_keys(ctx: MethodContext) -> tuple[str, ...]:
    """Return the names of the foreign key that `author.books` sets, `()` where it is not written so."""
    callee = ctx.context.callee if isinstance(ctx.context, CallExpr) else None
    manager = callee.expr if isinstance(callee, MemberExpr) else None
    if not isinstance(manager, MemberExpr) or as_base(ctx.type, names.RELATED_MANAGER) is None:
        return ()
    owner = get_proper_type(ctx.api.get_expression_type(manager.expr))
    if not isinstance(owner, Instance) or not facts.is_known(owner.type):
        return ()
    reverse = facts.read(owner.type)["reverse"].values()
    field = next((one["field"] for one in reverse if one["accessor"] == manager.name), None)
    return () if field is None else (field, f"{field}_id")


def argument_types(ctx: MethodContext | FunctionContext) -> dict[int, Type]:
    """Return the types of the arguments, by the id of their nodes."""
    return {id(node): typ for nodes, types in zip(ctx.args, ctx.arg_types) for node, typ in zip(nodes, types)}


def model_and_row(typ: Type) -> tuple[Instance, Type] | None:
    """Return the model of a manager or queryset and the type of its rows, None for anything else."""
    found = as_base(typ, names.QUERYSET) or as_base(typ, names.MANAGER)
    if found is None:
        return None
    model = get_proper_type(found.args[0])
    if not isinstance(model, Instance) or not facts.is_known(model.type):
        return None
    if model.type.fullname == names.UNBOUND:
        return None
    own = own_row(typ)
    if own is not None:
        return own, own
    return model, found.args[1] if len(found.args) > 1 else model
