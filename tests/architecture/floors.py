"""Read the floors from the architecture page, and every import from the source tree.

Rests on `ast` alone: nothing that it looks at is imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

ROW = re.compile(r"^\| *(\d+) *\|([^|]*)\|")


class Import(NamedTuple):
    """One import: the module it stands in, with file and line, and the module it names."""

    module: str
    file: Path
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: imports {self.target}"


class Tree:
    """The modules of some packages, the imports between them, and the floor of each."""

    def __init__(self, root: Path, floors: Mapping[str, int], packages: Mapping[str, str]) -> None:
        """Read the tree: *packages* maps a package's name to its folder under *root*."""
        self.root = root
        self.floors = floors
        self.files = dict(_modules(root, packages))
        self.imports = [found for module in self.files for found in self._imports_of(module)]

    def faults(self) -> list[str]:
        """Return every file on no floor, step up, step across and circle; `[]` when all is well."""
        return list(self._homeless()) or [*self._steps(), *self._circles()]

    def unit(self, module: str) -> str:
        """Return what bears the module's floor: "conf", "sql/", "__init__" or "mypy_plugin/"."""
        package, *inner = module.split(".")
        if package != "dorm":
            return "mypy_plugin/"
        is_folder = len(inner) > 1 or self.files[module].name == "__init__.py"
        return f"{inner[0]}/" if inner and is_folder else "".join(inner) or "__init__"

    def _homeless(self) -> Iterator[str]:
        for module, path in self.files.items():
            if self.unit(module) not in self.floors:
                file = path.relative_to(self.root)
                yield f"{file}: {self.unit(module)!r} stands on no floor of docs/architecture.md"

    def _steps(self) -> Iterator[str]:
        for found in self.imports:
            home, target = self.unit(found.module), self.unit(found.target)
            own, other = self.floors[home], self.floors[target]
            # Two files of dorm/ itself are in one folder; a folder is never in another's.
            is_across = home != target and (home.endswith("/") or target.endswith("/"))
            if other > own:
                yield f"{found} (a step up, from floor {own} to floor {other})"
            elif other == own and is_across:
                yield f"{found} (a step across floor {own}, from {home} to {target})"

    def _circles(self) -> Iterator[str]:
        sorter = TopologicalSorter[str]()
        for found in self.imports:
            sorter.add(found.module, found.target)
        try:
            sorter.prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            # Each member of the list is imported by the next one.
            last = next(found for found in self.imports if (found.target, found.module) == tuple(circle[:2]))
            yield f"{last} (a circle: {' -> '.join(reversed(circle))})"

    def _imports_of(self, module: str) -> Iterator[Import]:
        path = self.files[module]
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _names(node, package):
                target = self._known(name)
                if target is not None and target != module:
                    line = node.lineno  # type: ignore[attr-defined]  # _names() answers for statements and calls
                    yield Import(module, path.relative_to(self.root), line, target)

    def _known(self, name: str) -> str | None:
        """Return the longest beginning of *name* that is a module of the tree, or None."""
        while name and name not in self.files:
            name = name.rpartition(".")[0]
        return name or None


def read_floors(page: str) -> dict[str, int]:
    """Return unit -> floor, from the rows of the page's table."""
    rows = [match.groups() for match in map(ROW.match, page.splitlines()) if match]
    return {unit: int(number) for number, cell in rows for unit in re.findall(r"`([^`]+)`", cell)}


def _modules(root: Path, packages: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for package, folder in packages.items():
        for path in sorted((root / folder).rglob("*.py")):
            inner = path.relative_to(root / folder).with_suffix("").parts
            yield ".".join((package, *(part for part in inner if part != "__init__"))), path


def _names(node: ast.AST, package: str) -> Iterator[str]:
    """Yield the dotted names that *node* imports, by statement or by a literal name."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=base, names=names, level=level):
            above = package.split(".")
            stem = [*above[: len(above) - level + 1], base or ""] if level else [base or ""]
            yield from (".".join(filter(None, [*stem, alias.name])) for alias in names)
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            yield name
