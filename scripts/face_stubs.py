"""Write the stubs of models, managers and querysets from their sources.

What inline types cannot say is written here as text: the overloads, how a manager learns its model, and that
a manager has every method of a queryset. Run it after a change of a signature; `--check` exits 1 when a stub
is stale.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable

from stub_text import cut, cut_class, cut_function, names_of, parse, render, statements, write

Method = ast.FunctionDef | ast.AsyncFunctionDef

SCRIPT = "scripts/face_stubs.py"

IMPORTS = """
from typing import Any, Generic, Literal, Self, overload
from typing_extensions import TypeVar
from dorm.models.base import Model
from dorm.queryset.manager import Manager
from dorm.queryset.queryset import QuerySet
from dorm.expressions.conditions import Predicate
from dorm.expressions import Column
"""

# One overload of `values_list()` for each number of columns (`Author.age`) up to this one gives their types.
MOST_COLUMNS = 8

# `values_list()` and its twin: how each begins, and what it gives for rows of a type.
LISTS = (("def values_list", "QuerySet[_M, {}]"), ("async def avalues_list", "list[{}]"))

COLUMNS = """
@overload
{method}(self, {columns}, /) -> {rows}: ...
"""

NAMES = """
@overload
{method}(self, name: str | Expression, /, *, flat: Literal[True]) -> {any}: ...
@overload
{method}(self, *names: str | Expression, named: Literal[True]) -> {any}: ...
@overload
{method}(
    self, *names: str | Expression, flat: Literal[False] = False, named: Literal[False] = False
) -> {tuples}: ...
@overload
{method}(self, *names: str | Expression, flat: bool = False, named: bool = False) -> {any}: ...
"""

FLAT = """
@overload
{method}(self, name: Column[_T0, Any], /, *, flat: Literal[True]) -> {flat}: ...
"""

QUERYSET = """
@overload
def __getitem__(self, key: int) -> _Row: ...
@overload
def __getitem__(self, key: slice) -> Self: ...
# A class of querysets stands for the manager that is made from it, which is called with nothing.
def __init__(self, model: type[_M] = ..., query: Query | None = None, using: str | None = None) -> None: ...
# What it makes stands for a manager: it has the same methods, and keeps its class through a chain.
@classmethod
def as_manager(cls) -> Self: ...
def get_queryset(self) -> Self: ...
"""

# `objects = Manager()` learns its model from the class it stands in, as `Author.objects` without one does.
MANAGER = """
@overload
def __get__(self: Manager[_Unbound], instance: None, owner: type[_Owner]) -> Manager[_Owner]: ...
@overload
def __get__(self, instance: None, owner: Any) -> Self: ...
@classmethod
def from_queryset(cls, queryset_class: type[_Queryset], class_name: str | None = None) -> type[_Queryset]: ...
"""

# An instance's attribute, where a plain manager is the class's; with the methods of its model's own manager.
RELATED_MANAGER = """
def __get__(self, instance: Any, owner: type[Any]) -> Self: ...
def __getattr__(self, name: str) -> Any: ...
"""

PREFETCH = """
queryset: QuerySet[Model, Any] | None
def __init__(
    self, lookup: str, queryset: QuerySet[Model, Model] | None = None, to_attr: str | None = None
) -> None: ...
"""

# Only this one name: a member declared on Model would win over a manager that a class assigns.
METACLASS = """
def __getattr__(cls: type[_M], name: Literal["objects"]) -> Manager[_M]: ...
"""

# What is true for model classes alone, which mypy holds to be all classes of the metaclass.
IGNORED = ('def __getattr__(cls: type[_M], name: Literal["objects"]) -> Manager[_M]: ...',)

MODEL = """
pk: Any
@property
def _state(self) -> ModelState: ...
"""


def queryset() -> list[ast.stmt]:
    """Return the stub of QuerySet: it keeps its class through a chain."""
    head = (
        '_M = TypeVar("_M", bound=Model, covariant=True)\n_Row = TypeVar("_Row", covariant=True, default=_M)'
    )
    return [
        *statements(IMPORTS + head + variables()),
        *body("queryset.queryset", {"QuerySet": with_text(lists() + QUERYSET, "__class_getitem__")}),
    ]


def variables() -> str:
    """Return the type variables of the columns of `values_list()`."""
    return "".join(f'\n_T{place} = TypeVar("_T{place}")' for place in range(MOST_COLUMNS))


def lists() -> str:
    """Return the overloads of `values_list()` and its twin: columns give the exact rows in every checker."""
    out = ""
    for method, given in LISTS:
        out += FLAT.format(method=method, flat=given.format("_T0"))
        for count in range(1, MOST_COLUMNS + 1):
            types = [f"_T{place}" for place in range(count)]
            columns = ", ".join(f"c{place}: Column[{name}, Any]" for place, name in enumerate(types))
            row = f"tuple[{', '.join(types)}]"
            out += COLUMNS.format(method=method, columns=columns, rows=given.format(row))
        out += NAMES.format(method=method, any=given.format("Any"), tuples=given.format("tuple[Any, ...]"))
    return out


def manager() -> list[ast.stmt]:
    """Return the stub of Manager: each method of a queryset, which begins a QuerySet here."""
    head = """
_M = TypeVar("_M", bound=Model, covariant=True, default="_Unbound")
_Owner = TypeVar("_Owner", bound=Model)
_Queryset = TypeVar("_Queryset", bound=QuerySet[Any, Any])
class _Unbound(Model): ...
"""
    source = read("queryset.queryset")
    imports = [node for node in source.body if isinstance(node, ast.Import | ast.ImportFrom)]

    def change(node: ast.ClassDef) -> ast.ClassDef:
        out = with_text(MANAGER, "__new__")(node)
        own = {name for child in out.body for name in names_of(child)}
        out.body = [OwnRows().visit(child) for child in out.body]
        out.body += [method for method in forwarded(source) if not own.issuperset(names_of(method))]
        return out

    stub = body("queryset.manager", {"Manager": change})
    return [*statements(IMPORTS + head + variables()), *imports, *stub]


def forwarded(source: ast.Module) -> list[ast.stmt]:
    """Return the public methods of QuerySet as a manager has them.

    With their docstrings: no source says to an editor what the loop puts on a manager.
    """
    node = next(one for one in source.body if isinstance(one, ast.ClassDef) and one.name == "QuerySet")
    methods = [
        child
        for child in with_text(lists() + QUERYSET, "__class_getitem__")(node).body
        if isinstance(child, Method)
        and not child.name.startswith("_")
        and not any(ast.unparse(one) in ("property", "classmethod") for one in child.decorator_list)
    ]
    texts = {names_of(child)[0]: docstring(child) for child in node.body if names_of(child)}
    for method in methods:
        if texts.get(method.name) and not method.decorator_list:
            method.body = [ast.Expr(ast.Constant(texts[method.name]))]
    return [Beginning().visit(copy.deepcopy(method)) for method in methods]


def docstring(node: ast.stmt) -> str | None:
    """Return the docstring of a method as it is written, None when there is none."""
    return ast.get_docstring(node, clean=False) if isinstance(node, Method) else None


class OwnRows(ast.NodeTransformer):
    """The rows of a manager are of its model, which a type variable without a bound cannot say."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return ast.parse("QuerySet[_M]", mode="eval").body if ast.unparse(node) == "QuerySet[Any]" else node


class Beginning(ast.NodeTransformer):
    """From a queryset's types to a manager's: there is no chain yet, and every row is an instance."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "Self":
            return ast.parse("QuerySet[_M]", mode="eval").body
        return ast.Name("_M") if node.id == "_Row" else node


def related() -> list[ast.stmt]:
    """Return the stub of the related managers."""
    head = '_M = TypeVar("_M", bound=Model, covariant=True)'

    def change(node: ast.ClassDef) -> ast.ClassDef:
        out = with_text(RELATED_MANAGER, "model")(node)
        out.body = [OwnRows().visit(child) for child in out.body]
        return out

    changes = {"RelatedManager": change, "ManyRelatedManager": change}
    return [*statements(IMPORTS + head), *body("queryset.related", changes)]


def prefetch() -> list[ast.stmt]:
    """Return the stub of Prefetch: it takes rows that are instances."""
    return [*statements(IMPORTS), *body("actions.prefetch", {"Prefetch": with_text(PREFETCH, "queryset")})]


def combined() -> list[ast.stmt]:
    """Return the stub of CombinedQuerySet."""
    head = (
        '_M = TypeVar("_M", bound=Model, covariant=True)\n_Row = TypeVar("_Row", covariant=True, default=_M)'
    )
    return [*statements(IMPORTS + head), *body("queryset.combined", {})]


def metaclass() -> list[ast.stmt]:
    """Return the stub of ModelBase."""
    head = '_M = TypeVar("_M", bound=Model)'
    return [*statements(IMPORTS + head), *body("models.metaclass", {"ModelBase": with_text(METACLASS)})]


def model() -> list[ast.stmt]:
    """Return the stub of Model: without `__getattr__`, which would let any name through."""
    return [*statements(IMPORTS), *body("models.base", {"Model": with_text(MODEL, "__getattr__")})]


def with_text(text: str, *without: str) -> Callable[[ast.ClassDef], ast.ClassDef]:
    """Return the change that puts the statements of *text* in the place of those of the same names.

    Members called as in *without* are left out.
    """

    def change(node: ast.ClassDef) -> ast.ClassDef:
        out = cut_class(node)
        added = statements(text)
        replaced = {*without, *(name for child in added for name in names_of(child))}
        kept = [child for child in out.body if not replaced.intersection(names_of(child))]
        out.body = [*kept, *(cut_function(one) if isinstance(one, ast.FunctionDef) else one for one in added)]
        return out

    return change


def read(module: str) -> ast.Module:
    """Return the tree of a module, with its classes' type variables called _M and _Row as in the stubs.

    A condition is a Q, or what is true or false by itself, as Exists() is.
    """
    tree = parse(module)
    names: dict[str, str] = {}
    for node in tree.body:
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            if isinstance(base, ast.Subscript) and ast.unparse(base.value) in (
                "Generic",
                "Manager",
                "QuerySet",
            ):
                variables = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
                names.update(zip((ast.unparse(variable) for variable in variables), ("_M", "_Row")))
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Name):
            inner.id = names.get(inner.id, inner.id)
        elif isinstance(inner, ast.arg) and inner.annotation and ast.unparse(inner.annotation) == "Q":
            inner.annotation = ast.parse("Q | Predicate", mode="eval").body
    return tree


def body(module: str, changes: dict[str, Callable[[ast.ClassDef], ast.ClassDef | None]]) -> list[ast.stmt]:
    """Return the stub of a module, without its private classes and its own type variables."""
    out = cut(read(module), changes)
    return [node for node in out if names_of(node) not in (["_M"], ["_Row"]) and not is_private(node)]


def is_private(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef) and node.name.startswith("_")


def main(argv: list[str]) -> int:
    """Write the stubs of `queryset/` and `models/`, or check them."""
    makers = {
        "queryset.queryset": queryset,
        "queryset.combined": combined,
        "queryset.manager": manager,
        "queryset.related": related,
        "models.metaclass": metaclass,
        "models.base": model,
        "actions.prefetch": prefetch,
    }
    files = {module: render(SCRIPT, module, make()) for module, make in makers.items()}
    for line in IGNORED:
        files = {
            module: text.replace(line, f"{line}  # type: ignore[misc]") for module, text in files.items()
        }
    return write(files, argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
