"""One call that a hook looks at: who is asked, with which arguments, and how to report.

Rests on mypy's contexts. The other modules read calls through this alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.errorcodes import ErrorCode
from mypy.messages import format_type_bare
from mypy.nodes import ARG_STAR, ARG_STAR2, CallExpr, Context, Expression
from mypy.plugin import CheckerPluginInterface, FunctionContext, MethodContext
from mypy.types import AnyType, Instance, LiteralType, TupleType, Type, get_proper_type

from dorm._record import Record
from dorm.lookups.paths import Miss, Path

from . import facts, messages, names
from .model_view import MypyModelView
from .value_types import as_base, plain


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

    def miss(self, miss: Miss, where: Context) -> None:
        """Report a name that leads nowhere, in the words of the run time."""
        self.fail(miss.message, where, messages.CODES[miss.kind])

    def shown(self, typ: Type) -> str:
        return format_type_bare(plain(typ), self.api.options)

    def type_of(self, node: Expression) -> Type:
        return self.api.get_expression_type(node)

    def named(self, fullname: str, args: list[Type] | None = None) -> Instance:
        return self.api.named_generic_type(fullname, args or [])

    def lean_on(self, path: Path) -> None:
        """Tell mypy that the module being checked depends on every model that a path crosses.

        Nothing else does: the other models stand in no type of the module, only in the text of a name.
        """
        modules: set[str] | None = getattr(self.api, "module_refs", None)
        for hop in (*path.hops, path.field):
            if modules is not None and isinstance(hop.target, MypyModelView):
                modules.update(base.module_name for base in hop.target.info.mro)


class Call(Reporter):
    """A call on a manager, a queryset or a model class."""

    def __init__(
        self,
        api: CheckerPluginInterface,
        node: CallExpr,
        model: MypyModelView,
        row: Type,
        types: dict[int, Type],
    ) -> None:
        super().__init__(api)
        self.node = node
        self.model = model
        self.row = row
        self.arguments = [
            Argument(name, kind in (ARG_STAR, ARG_STAR2), arg, types.get(id(arg)))
            for arg, kind, name in zip(node.args, node.arg_kinds, node.arg_names)
        ]

    @property
    def keywords(self) -> Iterator[tuple[str, Argument]]:
        """The keywords, without a `**kwargs`."""
        return ((one.name, one) for one in self.arguments if one.name is not None and not one.star)

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
        return typ if typ is not None and not has_any_argument(typ) else self.type_of(argument.node)

    def text(self, argument: Argument) -> str | None:
        """Return the text that an argument is, literal or Final, or None when it is not known."""
        typ = get_proper_type(self.given(argument))
        if isinstance(typ, Instance) and typ.last_known_value is not None:
            typ = typ.last_known_value
        return typ.value if isinstance(typ, LiteralType) and isinstance(typ.value, str) else None


def has_any_argument(typ: Type) -> bool:
    """Return whether *typ* is a `list[Any]` or the like."""
    proper = get_proper_type(typ)
    arguments = (
        proper.items if isinstance(proper, TupleType) else proper.args if isinstance(proper, Instance) else []
    )
    return any(isinstance(get_proper_type(argument), AnyType) for argument in arguments)


def call_on_queryset(ctx: MethodContext) -> Call | None:
    """Return the call, when it is one on a manager or queryset of a model that the plugin knows."""
    got = model_and_row(ctx.type)
    if got is None or not isinstance(ctx.context, CallExpr):
        return None
    return Call(ctx.api, ctx.context, MypyModelView(got[0]), got[1], argument_types(ctx))


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
    return model, found.args[1] if len(found.args) > 1 else model
