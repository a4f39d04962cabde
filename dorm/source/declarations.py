"""Read one module's text: its classes, their bases, and the relations that they declare.

Rests on `ast` alone. Nothing is imported or run; what cannot be told from the text is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from .._record import Record

# The fields that lead to another model, with the place of related_name among their arguments.
RELATIONS: Final = {"ForeignKey": 2, "OneToOneField": 2, "ManyToManyField": 1}


class Relation(Record):
    """A relation as written: *target* is a dotted name, or the text of a quoted one.

    *kind* is one of RELATIONS, or the dotted name of a class that may come from one of them.
    """

    name: str
    kind: str
    target: str
    quoted: bool
    related_name: str | None = None
    query_name: str | None = None
    symmetrical: bool | None = None


class ClassDeclaration(Record):
    """A class as written; *bases* are dotted names as far as the imports tell."""

    name: str
    bases: tuple[str, ...]
    relations: tuple[Relation, ...]
    abstract: bool
    app_label: str | None
    default_related_name: str | None = None
    proxy: bool = False


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
    scope = Scope(name, package)
    classes = []
    for node in statements(tree.body):
        scope.learn(node)
        if isinstance(node, ast.ClassDef):
            classes.append(_class(scope, node))
    return ModuleDeclaration(name, tuple(classes))


class Scope:
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


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body, those under `if`, `try` and `with` included."""
    for node in body:
        yield node
        for part in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from statements(getattr(node, part, []))
            elif isinstance(node, ast.ExceptHandler) and part == "body":
                yield from statements(node.body)


def _class(scope: Scope, node: ast.ClassDef) -> ClassDeclaration:
    meta = next(
        (inner for inner in node.body if isinstance(inner, ast.ClassDef) and inner.name == "Meta"), None
    )
    options = dict(_constants(meta)) if meta is not None else {}
    return ClassDeclaration(
        node.name,
        tuple(filter(None, map(scope.dotted, node.bases))),
        tuple(_relations(scope, node)),
        options.get("abstract") is True,
        _as_text(options.get("app_label")),
        _as_text(options.get("default_related_name")),
        options.get("proxy") is True,
    )


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _constants(node: ast.ClassDef) -> Iterator[tuple[str, object]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value.value


def _relations(scope: Scope, node: ast.ClassDef) -> Iterator[Relation]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                pass
            case _:
                continue
        called = scope.dotted(call.func)
        last = called.rpartition(".")[2]
        # What is not dorm's own may be a class that the project made from one of them.
        kind = last if last in RELATIONS else called
        if kind in RELATIONS or not called.startswith("dorm."):
            relation = _relation(scope, name, kind, call)
            if relation is not None:
                yield relation


def _relation(scope: Scope, name: str, kind: str, call: ast.Call) -> Relation | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    given.update(zip(("to", *[None] * (RELATIONS.get(kind, 2) - 1), "related_name"), call.args))
    values = {word: node.value for word, node in given.items() if isinstance(node, ast.Constant)}
    symmetrical = values.get("symmetrical")
    target = _as_text(values.get("to"))
    to = given.get("to")
    written = target if target is not None else scope.dotted(to) if to is not None else ""
    if target is None and not written:
        return None
    return Relation(
        name,
        kind,
        written,
        target is not None,
        _as_text(values.get("related_name")),
        _as_text(values.get("related_query_name")),
        symmetrical if isinstance(symmetrical, bool) else None,
    )
