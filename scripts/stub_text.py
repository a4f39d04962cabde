"""Turn a module's source into the text of its stub: signatures without bodies.

Rests on `ast` alone. The scripts that write stubs start from here and change what inline types cannot say.
"""

from __future__ import annotations

import ast
import copy
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import EllipsisType

ROOT = Path(__file__).parents[1]
HEAD = "# Written by {script} from the module of the same name: change it there.\n\n"


def parse(module: str) -> ast.Module:
    """Return the tree of "fields.base" and the like, below dorm/."""
    path = ROOT / "dorm" / (module.replace(".", "/") + ".py")
    return ast.parse(path.read_text())


def cut(
    tree: ast.Module, classes: Mapping[str, Callable[[ast.ClassDef], ast.ClassDef | None]]
) -> list[ast.stmt]:
    """Return the statements of a stub; a class named in *classes* goes through the function there."""
    out: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            change = classes.get(node.name, cut_class)
            if (changed := change(node)) is not None:
                out.append(changed)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                out.append(cut_function(node))
        elif isinstance(node, ast.If):
            out.extend(child for child in node.body if isinstance(child, ast.Import | ast.ImportFrom))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            out.extend(cut_variable(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            out.append(node)
    return out


def cut_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """Return *node* with `...` for a body, and for a default that is not a plain constant."""
    out = copy.deepcopy(node)
    out.body = [ast.Expr(ast.Constant(...))]
    out.args.defaults = [_default(value) for value in out.args.defaults]
    out.args.kw_defaults = [None if value is None else _default(value) for value in out.args.kw_defaults]
    return out


def _default(value: ast.expr) -> ast.expr:
    return value if isinstance(value, ast.Constant) else ast.Constant(...)


def cut_class(node: ast.ClassDef) -> ast.ClassDef:
    """Return *node* with its methods cut and its attributes declared, those set by `__init__` included."""
    out = copy.deepcopy(node)
    named = {name for child in node.body for name in names_of(child)}
    out.body = []
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if child.name == "__init__":
                out.body.extend(
                    attribute
                    for attribute in instance_attributes(child)
                    if names_of(attribute)[0] not in named
                )
            if not (child.name.startswith("_") and not child.name.endswith("__")):
                out.body.append(cut_function(child))
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            declared = cut_variable(child)
            if child.value is not None and any(ast.unparse(base) == "Record" for base in node.bases):
                declared = [
                    declare(names_of(one)[0], one.annotation, ...)
                    for one in declared
                    if isinstance(one, ast.AnnAssign)
                ]
            out.body.extend(declared)
        elif isinstance(child, ast.ClassDef):
            out.body.append(cut_class(child))
    if not out.body:
        out.body = [ast.Expr(ast.Constant(...))]
    return out


def instance_attributes(init: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """Return a declaration for each `self.name = ...` of an `__init__`, as far as its type can be told."""
    arguments = init.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    known = {argument.arg: argument.annotation for argument in every}
    out: dict[str, ast.stmt] = {}
    for node in init.body:
        target: ast.expr
        annotation: ast.expr | None = None
        if isinstance(node, ast.AnnAssign):
            target, annotation, value = node.target, node.annotation, node.value
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        else:
            continue
        if not (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
        ):
            continue
        if target.attr.startswith("_"):
            continue
        if annotation is None and isinstance(value, ast.Name):
            annotation = known.get(value.id)
        if annotation is None and isinstance(value, ast.Constant) and value.value not in (None, ...):
            annotation = ast.Name(type(value.value).__name__)
        out[target.attr] = declare(target.attr, annotation or ast.Name("Any"))
    return list(out.values())


def cut_variable(node: ast.Assign | ast.AnnAssign) -> list[ast.stmt]:
    """Return the declaration of a variable; nothing for a private one and for `__slots__`."""
    name = next(iter(names_of(node)), "")
    value = node.value
    maker = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    if maker == "TypeVar":
        return [node]
    if not name or (name.startswith("_") and name != "_meta"):
        return []
    if isinstance(node, ast.AnnAssign):
        kind = ast.unparse(node.annotation)
        if kind == "TypeAlias":
            return [node]
        if kind != "Final":
            return [declare(name, node.annotation)]
    if isinstance(value, ast.Constant) and value.value is not None:
        return [declare(name, ast.Name(type(value.value).__name__))]
    if maker and maker[0].isupper():
        return [declare(name, ast.Name(maker))]
    if maker in ("frozenset", "tuple"):
        return [
            declare(name, ast.parse(f"{maker}[Any{', ...' if maker == 'tuple' else ''}]", mode="eval").body)
        ]
    return [declare(name, ast.Name("Any"))]


def declare(name: str, annotation: ast.expr, value: EllipsisType | None = None) -> ast.AnnAssign:
    return ast.AnnAssign(ast.Name(name), annotation, None if value is None else ast.Constant(value), 1)


def names_of(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a class or module body binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) else []
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def statements(text: str) -> list[ast.stmt]:
    """Return the statements of *text*: how an override is written down."""
    return ast.parse(text).body


def render(script: str, module: str, body: list[ast.stmt]) -> str:
    """Return the text of a stub, with absolute imports and only those that are used."""
    rest = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom)]
    lines = imports(module, body, used_names(rest) - {name for node in rest for name in names_of(node)})
    text = "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in rest)
    return HEAD.format(script=script) + tidy("\n".join(lines) + "\n\n" + text)


def used_names(body: list[ast.stmt]) -> set[str]:
    """Return the names that a body reads, those in quoted annotations included."""
    found: set[str] = set()
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(re.findall(r"\w+", node.value))
    return found


def imports(module: str, body: list[ast.stmt], wanted: set[str]) -> list[str]:
    """Return one absolute import line for each wanted name that *body* imports."""
    lines: dict[str, str] = {}
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        origin = ""
        if isinstance(node, ast.ImportFrom):
            package = ["dorm", *module.split(".")][: -node.level] if node.level else []
            origin = ".".join([*package, *([node.module] if node.module else [])])
        if origin in ("__future__", f"dorm.{module}"):
            continue
        for alias in node.names:
            name = alias.asname or alias.name
            if name in wanted:
                line = (f"from {origin} " if origin else "") + f"import {alias.name}"
                lines.setdefault(name, line + (f" as {alias.asname}" if alias.asname else ""))
    return list(lines.values())


def tidy(text: str) -> str:
    """Return *text* as the linter and the formatter leave it."""
    for command in (["check", "--select", "I,UP,F401", "--fix", "--quiet"], ["format", "--quiet"]):
        arguments = [sys.executable, "-m", "ruff", *command, "--stdin-filename", "dorm-stubs/x.pyi", "-"]
        text = subprocess.run(
            arguments, input=text, capture_output=True, text=True, cwd=ROOT, check=False
        ).stdout
    return text


def write(files: Mapping[str, str], argv: list[str]) -> int:
    """Write the stubs (by module name), or with `--check` only say which are stale; return the exit code."""
    stale = 0
    for module, text in files.items():
        path = ROOT / "dorm-stubs" / (module.replace(".", "/") + ".pyi")
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if "--check" in argv:
            print(f"{path} is stale: run {argv[0]}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return 1 if stale and "--check" in argv else 0
