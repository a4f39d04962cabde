"""Modules as they are written: their classes, and what stands in the bodies of these.

Rests on `ast` and on what names stand for in one module; knows neither models nor other modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .._record import Record
from .declarations import Scope, statements

MANAGER_BASES: Final = frozenset({"Manager", "QuerySet"})


class ClassSource(Record):
    """A class as written in *module*; *full* is its dotted name, *bases* those of its bases."""

    full: str
    module: ModuleSource
    node: ast.ClassDef
    bases: tuple[str, ...]

    @property
    def meta(self) -> ast.ClassDef | None:
        """The `class Meta` in its body."""
        inner = (one for one in self.node.body if isinstance(one, ast.ClassDef) and one.name == "Meta")
        return next(inner, None)


class ModuleSource:
    """One module: its tree, what its names stand for, and its classes by their names."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name = name
        self.path = path
        self.tree = tree
        self.scope = Scope(name, path.name == "__init__.py")
        self.classes: dict[str, ClassSource] = {}
        for node in statements(tree.body):
            self.scope.learn(node)
            if isinstance(node, ast.ClassDef):
                self._add(node, "")

    def _add(self, node: ast.ClassDef, prefix: str) -> None:
        bases = tuple(filter(None, map(self.scope.dotted, node.bases)))
        name = f"{prefix}{node.name}"
        self.classes[name] = ClassSource(f"{self.name}.{name}", self, node, bases)
        for inner in node.body:
            if isinstance(inner, ast.ClassDef) and inner.name != "Meta":
                self._add(inner, f"{name}.")


def bracketed_model(source: ClassSource, base: ast.expr) -> ast.expr | None:
    """Return what stands in the brackets of a base such as `QuerySet["Author"]`, None for any other base."""
    if not isinstance(base, ast.Subscript):
        return None
    if source.module.scope.dotted(base.value).rpartition(".")[2] not in MANAGER_BASES:
        return None
    return first_argument(base)


def first_argument(node: ast.Subscript) -> ast.expr:
    """Return the first of what stands in brackets, without the quotes around it."""
    inner = node.slice
    return unquoted(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)


def class_of_manager(call: ast.Call) -> ast.expr:
    """Return the class in `Class()`, `Class.as_manager()` and `Manager.from_queryset(Class)()`."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "as_manager":
        return func.value
    if isinstance(func, ast.Call) and func.args and isinstance(func.func, ast.Attribute):
        return func.args[0]
    return func


def unquoted(node: ast.expr) -> ast.expr:
    """Return the expression in a quoted annotation, any other as it is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.Name(node.value)
    return node


def parsed(name: str, path: Path) -> ModuleSource | None:
    """Return the module in the file *path*, None when it cannot be read as Python."""
    try:
        return ModuleSource(name, path, ast.parse(path.read_bytes()))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def assigned_calls(node: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    """Yield the names in a class's body that stand for what a call gives."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                yield name, call
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                yield name, call
            case _:
                pass


def set_to_none(node: ast.ClassDef) -> Iterator[str]:
    """Yield the names that a class's body sets to None, by which it drops inherited fields."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None)):
                yield name
            case _:
                pass


def says(meta: ast.ClassDef | None, option: str) -> bool:
    """Return whether `class Meta` sets *option* to True."""
    for statement in meta.body if meta is not None else ():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=True)) if name == option:
                return True
            case _:
                pass
    return False


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what tells whether a file has changed; zeros when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
