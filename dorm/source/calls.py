"""Find the literals at call sites: which names a project passes to which methods of which querysets.

Rests on `ast` and on what names stand for in one module. A file is read alone; which model a receiver is of
is said by name, and settled by whoever knows the models.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from .._record import Record, replace
from .declarations import Scope
from .modules import first_argument

# Methods whose names or keywords matter, without the `a` of their twins.
METHODS: Final = frozenset({
    "aggregate", "alias", "annotate", "defer", "distinct", "earliest", "exclude", "filter", "get",
    "get_or_create", "get_or_none", "in_bulk", "latest", "only", "order_by", "prefetch_related",
    "select_related", "update_or_create", "values", "values_list",
})  # fmt: skip

TWINS: Final = {f"a{name}": name for name in METHODS}

# Classes that an annotation gives in brackets with the model.
QUERYSETS: Final = frozenset({
    "QuerySet", "Manager", "RelatedManager", "ManyRelatedManager", "CombinedQuerySet",
})  # fmt: skip

# Those that change what a row is.
SHAPING: Final = frozenset({"alias", "annotate", "values", "values_list"})

# Keywords of an expression that leave its type as it is.
PLAIN: Final = frozenset({"distinct", "filter"})

RootKind: TypeAlias = Literal["model", "class", "accessor", "any"]


class Receiver(Record):
    """Who is asked: *kind* says what *name* is of, *earlier* are the calls that shaped its rows.

    "model": the dotted name of a class whose manager it is; "class": of a queryset or manager class;
    "accessor": the attribute of an instance; "any": it cannot be told.
    """

    kind: RootKind
    name: str
    earlier: tuple[Shaping, ...] = ()


class Made(Record):
    """A keyword and the expression that it stands for: the name of what is called, and its one text."""

    keyword: str
    called: str
    text: str | None = None


class Shaping(Record):
    """A call that says what rows are: `values()`, `values_list()`, `annotate()`, `alias()` and `aggregate()`.

    *whole* says that no argument was hidden from who reads the text, *dynamic* that a name is known only when
    the program runs.
    """

    method: str
    names: tuple[str, ...]
    made: tuple[Made, ...]
    flags: tuple[str, ...]
    whole: bool
    dynamic: bool


class Site(Record):
    """One call of interest, on whom, and the names that its arguments are."""

    receiver: Receiver
    call: Shaping


UNKNOWN: Final = Receiver("any", "")


def read_calls(module: str, text: str | bytes, *, package: bool = False) -> tuple[Site, ...]:
    """Return the call sites of a module, `()` when its text is not valid Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    reader = _Reader(Scope(module, package))
    try:
        reader.visit(tree)
    # A chain of thousands of calls is somebody's generated data.
    except RecursionError:
        return ()
    return tuple(dict.fromkeys(reader.sites))


class _Reader(ast.NodeVisitor):
    """Walks a module; knows what its variables are as far as assignments and annotations say."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.sites: list[Site] = []
        self.variables: dict[str, Receiver] = {}
        self.classes: list[str] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.scope.learn(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.scope.learn(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        name = ".".join([*(self.classes[-1:] or [self.scope.module]), node.name])
        if not self.classes:
            self.scope.learn(node)
        self.classes.append(name)
        self.generic_visit(node)
        self.classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.variables
        self.variables = dict(outer)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        if self.classes and arguments:
            self.variables[arguments[0].arg] = Receiver("class", self.classes[-1])
        for argument in arguments:
            if argument.annotation is not None:
                self._annotate(argument.arg, argument.annotation)
        self.generic_visit(node)
        self.variables = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._assign(target.id, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            if node.value is not None:
                self._assign(node.target.id, node.value)
            self._annotate(node.target.id, node.annotation)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):
            if plain_method(node.func.attr) in METHODS:
                self.sites.append(Site(self._receiver(node.func.value), _shaping(node.func.attr, node)))

    def _assign(self, name: str, value: ast.expr) -> None:
        found = self._receiver(value)
        if found.kind == "any":
            self.variables.pop(name, None)
        else:
            self.variables[name] = found

    def _annotate(self, name: str, annotation: ast.expr) -> None:
        """Learn from `qs: QuerySet[Author]`, or from the name of a class of querysets."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                return
        if not isinstance(annotation, ast.Subscript):
            if dotted := self.scope.dotted(annotation):
                self.variables[name] = Receiver("class", dotted)
            return
        if self.scope.dotted(annotation.value).rpartition(".")[2] in QUERYSETS:
            if dotted := self.scope.dotted(first_argument(annotation)):
                self.variables[name] = Receiver("model", dotted)

    def _receiver(self, node: ast.expr) -> Receiver:
        """Return what is known of the queryset that *node* is."""
        earlier: list[Shaping] = []
        while True:
            if isinstance(node, ast.Await):
                node = node.value
            elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
                node = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in SHAPING:
                    earlier.append(_shaping(node.func.attr, node))
                node = node.func.value
            else:
                break
        root = self._root(node)
        return replace(root, earlier=(*root.earlier, *reversed(earlier))) if earlier else root

    def _root(self, node: ast.expr) -> Receiver:
        if isinstance(node, ast.Name):
            return self.variables.get(node.id, UNKNOWN)
        if isinstance(node, ast.Attribute):
            owner = self.scope.dotted(node.value)
            if isinstance(node.value, ast.Name) and node.value.id in self.variables:
                return Receiver("accessor", node.attr)
            if owner.rpartition(".")[2][:1].isupper():
                return Receiver("model", owner)
            return Receiver("accessor", node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
            return Receiver("class", self.classes[-1]) if self.classes else UNKNOWN
        return UNKNOWN


def _shaping(method: str, call: ast.Call) -> Shaping:
    is_listed = plain_method(method) == "values_list"
    names = [name for at, one in enumerate(call.args) if (name := _name(one, at, is_listed)) is not None]
    flags = [one.arg for one in call.keywords if is_listed and one.arg in ("flat", "named") and _is_true(one)]
    dynamic = any(map(_is_dynamic, call.args))
    if method == "prefetch_related":
        return Shaping(method, tuple(names), tuple(_to_attributes(call)), (), False, dynamic)
    made = [_made(one.arg, one.value) for one in call.keywords if one.arg is not None and not is_listed]
    whole = len(names) == len(call.args) and len(made) + len(flags) == len(call.keywords)
    return Shaping(method, tuple(names), tuple(made), tuple(flags), whole, dynamic)


def plain_method(method: str) -> str:
    """Return the name of a method without the `a` of its twin."""
    return TWINS.get(method, method)


def is_unnamed(name: str) -> bool:
    """Return whether a name stands for an expression that has none: in `values_list(F("age") + 1)`."""
    return name.startswith("*")


def _name(node: ast.expr, at: int, is_listed: bool) -> str | None:
    """Return the name that an argument is, None where the text does not say."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    is_expression = isinstance(node, ast.Call | ast.BinOp) or _column(node) is not None
    return f"*{at}" if is_listed and is_expression else None


def _column(node: ast.expr | None) -> str | None:
    """Return the name of a column that is written as an attribute of its model: `Author.age`."""
    if not isinstance(node, ast.Attribute):
        return None
    owner = node.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return node.attr if name[:1].isupper() else None


def _is_dynamic(node: ast.expr) -> bool:
    """Return whether an argument may be a name that the program makes; a constant of a module is none."""
    if isinstance(node, ast.Starred):
        return _is_dynamic(node.value)
    if isinstance(node, ast.Name):
        return not node.id.isupper()
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return not called[:1].isupper() and called not in ("asc", "desc")
    if isinstance(node, ast.BinOp):
        return (_is_dynamic(node.left) and _is_text(node.right)) or _is_text(node.left)
    return isinstance(
        node, ast.JoinedStr | ast.Subscript | ast.IfExp | ast.Attribute | ast.List | ast.ListComp
    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _to_attributes(call: ast.Call) -> Iterator[Made]:
    """Yield the attributes that `Prefetch(path, to_attr=...)` fills, each with its path."""
    for one in call.args:
        if not isinstance(one, ast.Call) or not one.args:
            continue
        given = {keyword.arg: keyword.value for keyword in one.keywords}
        attribute = given.get("to_attr", one.args[2] if len(one.args) > 2 else None)
        path = one.args[0]
        if isinstance(attribute, ast.Constant) and isinstance(path, ast.Constant):
            # Rows that a queryset computes something for are of a type that is not written here.
            computed = any(mark in ast.unparse(one) for mark in (".annotate(", ".values"))
            yield Made(str(attribute.value), "" if computed else "Prefetch", str(path.value))


def _made(keyword: str, node: ast.expr) -> Made:
    if not isinstance(node, ast.Call):
        return Made(keyword, "")
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    called = node.func.id if isinstance(node.func, ast.Name) else called
    first = node.args[0] if node.args else None
    plain = len(node.args) == 1 and all(one.arg in PLAIN for one in node.keywords)
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    text = str(first.value) if is_text and isinstance(first, ast.Constant) else _column(first)
    return Made(keyword, called if plain else "", text)


def _is_true(keyword: ast.keyword) -> bool:
    return isinstance(keyword.value, ast.Constant) and keyword.value.value is True
