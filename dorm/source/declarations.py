"""Read one module's text: its classes, their bases, and the relations that they declare.

Rests on `ast` alone. Nothing is imported or run; what cannot be told from the text is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from .._record import Record

RELATIONS: Final = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})


class Relation(Record):
    """A relation as written: *target* is a dotted name, or the text of a quoted one."""

    name: str
    kind: str
    target: str
    quoted: bool
    related_name: str | None


class ClassDeclaration(Record):
    """A class as written; *bases* are dotted names as far as the imports tell."""

    name: str
    bases: tuple[str, ...]
    relations: tuple[Relation, ...]
    abstract: bool
    app_label: str | None


class ModuleDeclaration(Record):
    """A module's classes, in the order of the text."""

    name: str
    classes: tuple[ClassDeclaration, ...]


def read_module(name: str, text: str | bytes, *, package: bool = False) -> ModuleDeclaration | None:
    """Return what the module called *name* declares, or None when its text is not valid Python.

    *package* says that the text is an `__init__.py`, from which relative imports start one step lower.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    scope = _Scope(name, package)
    classes = []
    for node in _statements(tree.body):
        scope.learn(node)
        if isinstance(node, ast.ClassDef):
            classes.append(_class(scope, node))
    return ModuleDeclaration(name, tuple(classes))


class _Scope:
    """What a name at the top of a module stands for."""

    def __init__(self, module: str, package: bool) -> None:
        self.module = module
        self.package = module if package else module.rpartition(".")[0]
        self.names: dict[str, str] = {}

    def learn(self, node: ast.stmt) -> None:
        """Take the names that *node* brings in, if it is an import or a class."""
        if isinstance(node, ast.ImportFrom):
            origin = self._origin(node)
            for alias in node.names:
                self.names[alias.asname or alias.name] = f"{origin}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self.names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ClassDef):
            self.names[node.name] = f"{self.module}.{node.name}"

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        parts = parts[: len(parts) - node.level + 1]
        return ".".join([*parts, node.module] if node.module else parts)

    def dotted(self, node: ast.expr) -> str:
        """Return the full name that *node* means, "" when it is not a plain name."""
        if isinstance(node, ast.Subscript):
            return self.dotted(node.value)
        if isinstance(node, ast.Name):
            return self.names.get(node.id, f"{self.module}.{node.id}")
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body, those under `if`, `try` and `with` included."""
    for node in body:
        yield node
        for part in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from _statements(getattr(node, part, []))
            elif isinstance(node, ast.ExceptHandler) and part == "body":
                yield from _statements(node.body)


def _class(scope: _Scope, node: ast.ClassDef) -> ClassDeclaration:
    meta = next(
        (inner for inner in node.body if isinstance(inner, ast.ClassDef) and inner.name == "Meta"), None
    )
    options = dict(_constants(meta)) if meta is not None else {}
    label = options.get("app_label")
    return ClassDeclaration(
        node.name,
        tuple(filter(None, map(scope.dotted, node.bases))),
        tuple(_relations(scope, node)),
        options.get("abstract") is True,
        label if isinstance(label, str) else None,
    )


def _constants(node: ast.ClassDef) -> Iterator[tuple[str, object]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value.value


def _relations(scope: _Scope, node: ast.ClassDef) -> Iterator[Relation]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                pass
            case _:
                continue
        kind = scope.dotted(call.func).rpartition(".")[2]
        if kind in RELATIONS and (relation := _relation(scope, name, kind, call)) is not None:
            yield relation


def _relation(scope: _Scope, name: str, kind: str, call: ast.Call) -> Relation | None:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    to = call.args[0] if call.args else keywords.get("to")
    related = keywords.get("related_name")
    related_name = (
        related.value if isinstance(related, ast.Constant) and isinstance(related.value, str) else None
    )
    if isinstance(to, ast.Constant) and isinstance(to.value, str):
        return Relation(name, kind, to.value, True, related_name)
    target = scope.dotted(to) if to is not None else ""
    return Relation(name, kind, target, False, related_name) if target else None
