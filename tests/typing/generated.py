"""Run the checkers over a folder with its generated stubs, and put what they reveal into the plugin's words.

Stands on `dorm typegen` as a user calls it, and on the checkers that are installed.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import sys
from collections.abc import Callable
from os.path import relpath
from pathlib import Path

from dorm.typegen.generate import Generator
from dorm.typegen.write import contents, write
from tests.typing.checkers import MYPY, gather, read_mypy, read_pyrefly, read_pyright, read_ty, run
from tests.typing.expectations import Lines, Said, bare

STUBS = "typings"
ARGUMENTS = r"(\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\])?"


def with_stubs(folder: Path, scratch: Path) -> Path:
    """Return a copy of *folder* that has its stubs in it."""
    copy = scratch / folder.name
    shutil.copytree(folder, copy)
    out = copy / STUBS
    write(out, contents(Generator([copy], out).stubs()), remove=True)
    return copy


def says(checker: str, folder: Path, scratch: Path) -> Lines:
    """Return what a checker says of a folder with stubs, by line; row classes as TypedDicts."""
    words = Words(folder / STUBS)
    found = CHECKERS[checker](folder, scratch)
    return {
        place: [Said(said.kind, words.of(said.text) if said.kind == "R" else said.text) for said in all_said]
        for place, all_said in found.items()
        if not place[0].startswith(STUBS)
    }


def pyright(folder: Path, scratch: Path, name: str = "pyright") -> Lines:
    config = {
        "include": [relpath(folder, scratch)],
        "exclude": [relpath(folder / STUBS, scratch)],
        "stubPath": relpath(folder / STUBS, scratch),
        "extraPaths": [str(folder)],
        "typeCheckingMode": "standard",
        "reportUnusedExpression": "none",
        "reportUnusedCoroutine": "none",
    }
    path = scratch / "pyrightconfig.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    text = run([name, "--outputjson", "-p", str(path), "--pythonpath", sys.executable], folder)
    return gather(read_pyright(text, folder))


def ty(folder: Path, scratch: Path) -> Lines:
    config = f'[environment]\nextra-paths = ["{STUBS}"]\n[src]\nexclude = ["{STUBS}"]\n'
    (folder / "ty.toml").write_text(config, encoding="utf-8")
    options = ["--project", str(folder), "--python", sys.prefix, "--output-format", "concise", "."]
    return gather(read_ty(run(["ty", "check", *options], folder)))


def pyrefly(folder: Path, scratch: Path) -> Lines:
    config = scratch / "pyrefly.toml"
    config.write_text(
        f'search-path = ["{folder / STUBS}", "{folder}"]\n'
        f'project-includes = ["{folder}"]\nproject-excludes = ["{folder / STUBS}"]\n',
        encoding="utf-8",
    )
    options = ["-c", str(config), "--python-interpreter-path", sys.executable, "--output-format", "json"]
    return gather(read_pyrefly(run(["pyrefly", "check", *options], folder), folder))


def mypy(folder: Path, scratch: Path) -> Lines:
    """Return what mypy says without the plugin, which reads whole packages of stubs from its path."""
    whole = scratch / "whole"
    for stub in (folder / STUBS).rglob("*.pyi"):
        place = whole / Path(
            *(part.removesuffix("-stubs") for part in stub.relative_to(folder / STUBS).parts)
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(stub, place)
        for package in place.relative_to(whole).parents[:-1]:
            (whole / package / "__init__.pyi").touch()
    config = scratch / "mypy.ini"
    config.write_text(f"{MYPY}mypy_path = {whole}\nexclude = ^{STUBS}/\n", encoding="utf-8")
    files = [path.name for path in sorted(folder.glob("*.py"))]
    options = [f"--config-file={config}", f"--cache-dir={scratch / 'mypy'}", "--output=json"]
    return gather(read_mypy(run(["mypy", *options, *files, *tables(folder)], folder)))


def tables(folder: Path) -> list[str]:
    """Return the cases that stand in a folder of their own."""
    return [path.relative_to(folder).as_posix() for path in sorted(folder.glob("table/*.py"))]


CHECKERS: dict[str, Callable[[Path, Path], Lines]] = {
    "pyright": pyright,
    "basedpyright": lambda folder, scratch: pyright(folder, scratch, "basedpyright"),
    "ty": ty,
    "pyrefly": pyrefly,
    "mypy": mypy,
}


class Words:
    """The classes of stubs, and what the plugin calls the types that they stand for."""

    def __init__(self, stubs: Path) -> None:
        self.rows: dict[str, ast.ClassDef] = {}
        for path in stubs.rglob("*.pyi"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    self.rows[node.name] = node

    def of(self, text: str) -> str:
        """Return *text* with TypedDicts, tuples and plain querysets for the classes of the stubs."""
        # mypy says what a TypedDict or a named tuple holds, behind its name.
        text = re.sub(r"TypedDict\([\w.]+, (\{.*?\})\)", r"TypedDict(\1)", text)
        text = re.sub(r", fallback=[\w.]+\]", "]", text)
        text = re.sub(r"(_\w+?(?:Row|Aggregate|Named)_\w+)" + ARGUMENTS, self._row, text)
        text = re.sub(r"_(\w+?)With_\w+" + ARGUMENTS, r"\1", text)
        text = re.sub(r"_(\w+?)Query\[(.*)\]", r"QuerySet[\1, \2]", text)
        text = re.sub(r"_(\w+?)ManyRelated\b", r"ManyRelatedManager[\1]", text)
        return re.sub(r"_(\w+?)Related\b", r"RelatedManager[\1]", text)

    def _row(self, match: re.Match[str]) -> str:
        node = self.rows.get(match[1])
        if node is None:
            return match[0]
        given = {f"_A{at}": argument for at, argument in enumerate(split((match[2] or "[]")[1:-1]), start=1)}
        held = {
            child.target.id: plain(given.get(ast.unparse(child.annotation), ast.unparse(child.annotation)))
            for child in node.body
            if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name)
        }
        if "Named_" in match[1]:
            return f"tuple[{', '.join(held.values())}]"
        return f"TypedDict({{{', '.join(f'{name!r}: {value}' for name, value in held.items())}}})"


def split(text: str) -> list[str]:
    """Return the parts of *text* between the commas that are in no brackets."""
    return [part.strip() for part in re.split(r",(?![^\[]*\])", text) if part.strip()]


def plain(text: str) -> str:
    """Return an annotation of a stub without the names that its imports have there."""
    text = re.sub(r"_(datetime|decimal|uuid)\.", "", text)
    return re.sub(r"_\w+_models\.", "", text).replace("_Any", "Any")


def failures(wanted: Lines, got: Lines) -> list[tuple[str, int]]:
    """Return the places where a checker reveals another type, misses an error, or raises a false alarm."""
    places = sorted(wanted.keys() | got.keys())
    return [place for place in places if not is_right(wanted.get(place, []), got.get(place, []))]


def is_right(wanted: list[Said], got: list[Said]) -> bool:
    revealed = [bare(said.text) for said in got if said.kind == "R"]
    expected = [bare(said.text) for said in wanted if said.kind == "R"]
    errors = any(said.kind == "E" for said in got)
    return sorted(revealed) == sorted(expected) and errors == any(said.kind == "E" for said in wanted)
