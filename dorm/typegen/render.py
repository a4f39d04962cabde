"""Write the stub of one module: what the user wrote with the bodies cut, and what models have besides.

Rests on the texts of single models; what the module says and is no model stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ..source.models import ManagerSource, Project, SourceModel
from ..source.modules import ClassSource, ModuleSource, bracketed_model
from .forms import imports_for
from .members import MemberText
from .queries import QueryText
from .scope import StubScope
from .uses import Uses

# What checkers say of any class that narrows the methods of its base.
QUIET: Final = """\
# mypy: ignore-errors
# ty: ignore
# pyright: basic, reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
# pyright: reportInconsistentOverload=false, reportOverlappingOverload=false, reportGeneralTypeIssues=false
# pyright: reportInvalidTypeVarUse=false, reportAssignmentType=false, reportInvalidTypeArguments=false
# pyrefly: ignore-errors
# ruff: noqa
# fmt: off
"""

KEPT: Final = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign)


def render_module(project: Project, module: ModuleSource, uses: dict[str, Uses]) -> str:
    """Return the stub of *module*, without a header."""
    return _Renderer(project, module, uses).text()


class _Renderer:
    def __init__(self, project: Project, module: ModuleSource, uses: dict[str, Uses]) -> None:
        self.project = project
        self.module = module
        self.scope = StubScope(module.name)
        self.models = {
            model.source.node: model for model in project.models.values() if model.source.module is module
        }
        self.texts = {
            model.full: QueryText(self.scope, model, uses.get(model.full, Uses()))
            for model in self.models.values()
        }

    def text(self) -> str:
        body = "".join(self._statements(self.module.tree.body, ""))
        top = set(self.module.tree.body)
        classes = [
            self.texts[model.full].classes()
            for node, model in self.models.items()
            if not model.abstract and node in top
        ]
        most = max((one.variables for one in self.texts.values()), default=0)
        variables = "".join(
            f'_A{at} = _TypeVar("_A{at}", covariant=True, default=_Any)\n' for at in range(1, most + 1)
        )
        text = "".join([self.scope.imports(), variables, "\n", body, "\n", *classes])
        return f"{QUIET}{imports_for(text)}{text}"

    # -- what the user wrote --------------------------------------------------------------------

    def _statements(self, body: list[ast.stmt], indent: str) -> Iterator[str]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from self._class(node, indent)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield _indented(ast.unparse(_cut(node)), indent)
            elif isinstance(node, KEPT) and not _is_future(node):
                yield _indented(ast.unparse(node), indent)
            elif isinstance(node, ast.If):
                yield from self._branch(node, indent)
            elif isinstance(node, ast.Try):
                yield from self._statements([*node.body, *node.orelse], indent)
            elif _is_docstring(node, body):
                yield _indented(ast.unparse(node), indent)

    def _branch(self, node: ast.If, indent: str) -> Iterator[str]:
        """Return what a branch says to a checker: the names for it alone, else both sides as they are."""
        if ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING":
            yield from self._statements(node.body, indent)
            return
        inner = f"{indent}    "
        yield f"{indent}if {ast.unparse(node.test)}:\n"
        yield "".join(self._statements(node.body, inner)) or f"{inner}pass\n"
        if node.orelse:
            yield f"{indent}else:\n"
            yield "".join(self._statements(node.orelse, inner)) or f"{inner}pass\n"

    def _class(self, node: ast.ClassDef, indent: str) -> Iterator[str]:
        model = self.models.get(node)
        if model is not None:
            yield from self._model(node, model, indent)
            return
        source = self.module.classes.get(node.name)
        of = self._model_of(source) if source is not None and not indent else None
        body = "".join(self._statements(node.body, f"{indent}    ")) or f"{indent}    ...\n"
        if source is None or of is None:
            heads = [ast.unparse(one) for one in (*node.bases, *node.keywords)]
            yield from _head(node, heads, indent)
            yield body
        elif self.project.queryset_class(source) is source:
            yield from self._queryset(node, source, of, body)
        else:
            yield from self._manager(node, source, of, body)

    def _queryset(
        self, node: ast.ClassDef, source: ClassSource, model: SourceModel, body: str
    ) -> Iterator[str]:
        """Return a class of querysets in two: its methods, for rows of any shape, and itself."""
        face, name = self.scope.own(model, "Face"), self.scope.model(model)
        others = [ast.unparse(base) for base in node.bases if bracketed_model(source, base) is None]
        yield from _head(node, others, "", f"_{node.name}Methods")
        yield body
        bases = [f"_{node.name}Methods", f"{face}[{node.name}, {name}]", f"_QuerySet[{name}, {name}]"]
        yield f"class {node.name}({', '.join(bases)}): ...\n"

    def _manager(
        self, node: ast.ClassDef, source: ClassSource, model: SourceModel, body: str
    ) -> Iterator[str]:
        """Return a class of managers, whose queries are those of its own class of querysets."""
        text = QueryText(self.scope, model, Uses())
        queries = text.queries_of(ManagerSource("", source, self.project.queryset_class(source), None))
        face, name = self.scope.own(model, "Face"), self.scope.model(model)
        others = [ast.unparse(base) for base in node.bases if bracketed_model(source, base) is None]
        yield from _head(node, [*others, f"{face}[{queries}, {name}]", f"_Manager[{name}]"], "")
        yield body

    def _model_of(self, source: ClassSource) -> SourceModel | None:
        """Return the model in the brackets after a class's own base."""
        inner = next(filter(None, (bracketed_model(source, base) for base in source.node.bases)), None)
        return self._concrete(self.module.scope.dotted(inner)) if inner is not None else None

    def _concrete(self, dotted: str) -> SourceModel | None:
        source = self.project.find_class(dotted)
        model = self.project.models.get(source.full) if source is not None else None
        return model if model is not None and not model.abstract else None

    # -- models ---------------------------------------------------------------------------------

    def _model(self, node: ast.ClassDef, model: SourceModel, indent: str) -> Iterator[str]:
        text = self.texts[model.full]
        inner = f"{indent}    "
        yield from _head(node, [ast.unparse(one) for one in (*node.bases, *node.keywords)], indent)
        members = MemberText(self.scope, model, text.uses)
        attributes = members.attributes() if not model.abstract else {}
        written = {name for child in node.body for name in _names(child)}
        body = [line for child in node.body for line in self._member(child, members, text, inner, node)]
        for name, annotation in attributes.items():
            if name not in written:
                body.append(_indented(_attribute(name, annotation), inner))
        if not model.abstract and not self._has_objects(model):
            body.append(f"{inner}objects: _ClassVar[{self.scope.own(model, 'Manager')}]\n")
        if not model.abstract and "__init__" not in written:
            body.append(members.initialiser())
        yield "".join(body) or f"{inner}...\n"

    def _member(
        self, child: ast.stmt, members: MemberText, text: QueryText, indent: str, node: ast.ClassDef
    ) -> Iterator[str]:
        model = members.model
        for name in _names(child):
            field = model.fields.get(name)
            call = getattr(child, "value", None)
            if name in model.own and field is not None and isinstance(call, ast.Call):
                annotation = members.declared(field)
                if annotation is not None and not isinstance(child, ast.AnnAssign):
                    yield f"{indent}{name}: {annotation.replace('{field}', ast.unparse(call.func))}\n"
                    return
            if isinstance(call, ast.Call) and not model.abstract and self._is_ours(name, call, model, text):
                yield f"{indent}{name}: _ClassVar[{self.scope.own(model, 'Manager')}]\n"
                return
        if isinstance(child, ast.ClassDef) and child.name == "Meta":
            return
        yield from (
            self._statements([child], indent)
            if not _is_docstring(child, node.body)
            else [_indented(ast.unparse(child), indent)]
        )

    def _is_ours(self, name: str, call: ast.Call, model: SourceModel, text: QueryText) -> bool:
        """Return whether the stub has a better manager: for dorm's own, and for one that fits any model."""
        dotted = self.module.scope.dotted(call.func)
        if dotted.startswith("dorm."):
            return dotted.rpartition(".")[2] == "Manager"
        default = text.default
        return default is not None and default.name == name and text.generic(default) is not None

    def _has_objects(self, model: SourceModel) -> bool:
        return any("objects" in _assigned(one) for one in model.line)


def _assigned(source: ClassSource) -> set[str]:
    return {name for child in source.node.body for name in _names(child)}


def _names(node: ast.stmt) -> list[str]:
    """Return the names that a statement in a class's body gives."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return []


def _attribute(name: str, annotation: str) -> str:
    if annotation.startswith("def "):
        return f"def {name}(self) -> str: ..."
    return f"{name}: {annotation}"


def _head(node: ast.ClassDef, bases: list[str], indent: str, name: str | None = None) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield f"{indent}@{ast.unparse(decorator)}\n"
    called = name or node.name
    yield f"{indent}class {called}({', '.join(bases)}):\n" if bases else f"{indent}class {called}:\n"


def _cut(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """Return a function with its docstring for a body."""
    first = node.body[0]
    kept: list[ast.stmt] = [first] if _is_docstring(first, node.body) else []
    ellipsis = ast.Expr(ast.Constant(...))
    kind = type(node)
    return kind(
        name=node.name, args=node.args, body=kept or [ellipsis], decorator_list=node.decorator_list,
        returns=node.returns, type_comment=None, lineno=node.lineno, col_offset=0,
    )  # fmt: skip


def _is_docstring(node: ast.stmt, body: list[ast.stmt]) -> bool:
    if node is not body[0] or not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in text.splitlines())
