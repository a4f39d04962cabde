"""The demo as a user runs it; its answers are held to importlib.metadata, read here by other means.

Stands on one run in a process of its own, which every test looks at.
"""

from __future__ import annotations

import ast
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class Run(NamedTuple):
    """What a run of the demo printed, and the folder that it kept."""

    status: int
    out: str
    err: str
    folder: Path

    def rows(self, name: str) -> list[list[str]]:
        """Return the cells of the table that answers the question *name*."""
        section = re.split(r"^\d+\. ", self.out.partition(f": {name}()]")[2], maxsplit=1, flags=re.MULTILINE)[
            0
        ]
        table = section.partition(" ms in all\n")[2].partition("\n\n")[0].splitlines()
        return [re.split(r"  +", line.strip()) for line in table[2:] if not line.startswith("     ... and")]

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "catalogue.sqlite3")


class Truth:
    """What is installed here, by importlib.metadata and the `packaging` library alone."""

    @cached_property
    def packages(self) -> dict[str, Distribution]:
        found: dict[str, Distribution] = {}
        for each in distributions():
            found.setdefault(canonicalize_name(each.metadata["Name"]), each)
        return found

    @cached_property
    def sizes(self) -> dict[str, dict[str, int | None]]:
        """Package -> path -> size."""
        return {
            name: {str(file): self._size(Path(str(file.locate()))) for file in each.files or ()}
            for name, each in self.packages.items()
        }

    @cached_property
    def requirements(self) -> list[tuple[str, Requirement]]:
        lines = [
            (name, Requirement(line)) for name, each in self.packages.items() for line in each.requires or ()
        ]
        return [(name, needed) for name, needed in lines if canonicalize_name(needed.name) != name]

    @cached_property
    def edges(self) -> set[tuple[str, str]]:
        """(package, installed package that it requires), extras counted."""
        named = {(name, str(canonicalize_name(needed.name))) for name, needed in self.requirements}
        return {(name, target) for name, target in named if target in self.packages}

    def files(self) -> list[tuple[str, int | None]]:
        return [file for files in self.sizes.values() for file in files.items()]

    def _size(self, path: Path) -> int | None:
        return path.stat().st_size if path.exists() else None


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("demo") / "kept"
    command = [sys.executable, "-m", "dorm", "demo", "--keep", str(folder)]
    environ = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environ)
    return Run(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth()


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


# -- the run ---------------------------------------------------------------------------------------


def test_it_ends_well(run):
    assert run.status == 0, run.out + run.err


def test_output_that_is_not_for_a_screen_is_plain(run):
    assert "\x1b" not in run.out + run.err


def test_progress_is_on_stderr(run):
    assert "files: " in run.err and "read " in run.err
    assert "mypy took" not in run.out


def test_there_are_real_packages_and_thousands_of_files(run, truth):
    with run.database() as database:
        [packages] = database.execute("SELECT COUNT(*) FROM packages").fetchone()
        [files] = database.execute("SELECT COUNT(*) FROM files").fetchone()
    assert packages >= min(20, len(truth.packages))
    assert files >= min(3000, len(truth.files()))


def test_it_names_the_folder_and_the_next_two_commands(run):
    first, second = run.out.partition("\nNext:\n")[2].splitlines()
    assert str(run.folder) in run.out.splitlines()[1]
    assert first.startswith(f"  cd {run.folder} && ") and "mypy broken.py" in first
    assert second.startswith(f"  cd {run.folder} && ") and "import settings" in second


def test_the_last_command_works(run):
    code = "import settings; from catalogue.queries import *; print(total_size()[0])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=run.folder, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == number(run.rows("total_size")[0][0])


def test_the_folder_holds_the_project_and_nothing_else(run):
    names = {path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*") if path.is_file()}
    # Python and mypy may keep caches of their own there.
    caches = (".mypy_cache/", "__pycache__/", "catalogue/__pycache__/", "catalogue.sqlite3")
    stubs = (
        "typings/_dorm_forms.pyi",
        "typings/catalogue-stubs/models.pyi",
        "typings/catalogue-stubs/py.typed",
    )
    assert {name for name in names if not name.startswith(caches)} == {
        "broken.py", "catalogue/__init__.py", "catalogue/models.py", "catalogue/queries.py",
        "pyproject.toml", "settings.py", *stubs,
    }  # fmt: skip


def test_what_it_wrote_is_formatted_and_free_of_lint(run):
    for job in (["format", "--check"], ["check", "--select", "E,W,F,I,UP,B,C4"]):
        command = [sys.executable, "-m", "ruff", *job, "--line-length", "110", "--isolated", str(run.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_every_question_is_shown_with_its_source_its_sql_and_its_time(run):
    text = (run.folder / "catalogue" / "queries.py").read_text()
    functions = [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) >= 12
    assert len({type(node) for node in functions}) == 2
    for node in functions:
        section = run.out.partition(f": {node.name}()]\n")[2].partition("\n\n")[0]
        body = "\n".join(text.splitlines()[node.body[1].lineno - 1 : node.end_lineno])
        shown, _, rest = section.partition("\n   > ")
        assert [line.strip() for line in shown.splitlines()] == [line.strip() for line in body.splitlines()]
        assert rest.startswith(("SELECT ", "UPDATE "))
        time = r"^   \d+ statements?(, [\d.]+ ms of| side by side,) [\d.]+ ms in all$"
        assert re.search(time, rest, re.MULTILINE)


# -- the types -------------------------------------------------------------------------------------


def test_mypy_finds_nothing_in_the_queries(run):
    assert "$ python -m mypy catalogue/queries.py\nSuccess: no issues found in 1 source file\n" in run.out


def test_pyright_finds_with_generated_stubs_what_mypy_finds(run):
    assert "$ python -m dorm typegen\nWrote typings/catalogue-stubs/models.pyi\n" in run.out
    mypy = run.out.partition("$ python -m mypy broken.py\n")[2].partition("\n\n")[0]
    pyright = run.out.partition("$ python -m pyright broken.py\n")[2].partition("\n\n")[0]
    lines = re.findall(r"broken\.py:(\d+): error", mypy)
    assert re.findall(r"broken\.py:(\d+):\d+ - error", pyright) == lines
    assert len(lines) == 4


def test_mypy_finds_four_errors_in_the_broken_file(run):
    text = run.out.partition("$ python -m mypy broken.py\n")[2].partition("\n\n")[0]
    said = [line.removeprefix("broken.py:") for line in text.splitlines()]
    assert [re.sub(r" (Fields|Lookups): .*\.  \[", "  [", line) for line in said[:3]] == [
        "10: error: Package has no field 'naem' (in 'package__naem'). Did you mean 'name'?  [dorm-field]",
        "14: error: 'name' (text) has no lookup 'icontain'. Did you mean 'icontains'?  [dorm-lookup]",
        "18: error: 'size__gt' expects int, got str  [dorm-value]",
    ]
    assert said[3].startswith("23: error: ") and '"package' in said[3]
    assert said[-1] == "Found 4 errors in 1 file (checked 1 source file)"


# -- the answers -----------------------------------------------------------------------------------


def test_how_many_rows(run, truth):
    expected = [len(truth.packages), len(truth.files()), len(truth.requirements)]
    assert [number(cell) for cell in run.rows("how_many")[0]] == expected


def test_the_size_of_everything(run, truth):
    sizes = [size for _, size in truth.files() if size is not None]
    assert [number(cell) for cell in run.rows("total_size")[0]] == [len(sizes), sum(sizes)]


def test_the_largest_packages(run, truth):
    totals = {name: sum(size or 0 for size in files.values()) for name, files in truth.sizes.items()}
    largest = sorted(totals, key=lambda name: (-totals[name], name))[:5]
    assert [(name, number(size)) for name, size in run.rows("largest_packages")] == [
        (name, totals[name]) for name in largest
    ]


def test_the_most_required_packages(run, truth):
    dependents = Counter(target for _, target in truth.edges)
    expected = sorted(dependents.items(), key=lambda item: (-item[1], item[0]))[:5]
    assert [(name, number(count)) for name, count in run.rows("most_required")] == expected


def test_the_orphans(run, truth):
    expected = sorted(truth.packages.keys() - {target for _, target in truth.edges})
    assert [name for [name] in run.rows("orphans")] == expected[:8]


def test_the_files_of_each_suffix(run, truth):
    sizes: dict[str, list[int | None]] = defaultdict(list)
    for path, size in truth.files():
        sizes[Path(path).suffix].append(size)
    del sizes[""]
    expected = [(suffix, len(each), sum(size or 0 for size in each)) for suffix, each in sizes.items()]
    expected.sort(key=lambda row: (-row[1], row[0]))
    found = [(suffix, number(count), number(size)) for suffix, count, size in run.rows("files_per_suffix")]
    assert found == expected[:5]


def test_the_newest_files_are_no_older_than_any_other(run, truth):
    found = run.rows("newest_files")
    paths = [Path(str(truth.packages[name].locate_file(path))) for name, path, _ in found]
    newest = [
        path.stat().st_mtime
        for name, files in truth.sizes.items()
        for path in (
            Path(str(truth.packages[name].locate_file(file))) for file, size in files.items() if size
        )
    ]
    assert [int(path.stat().st_mtime) for path in paths] == [int(each) for each in sorted(newest)[:-6:-1]]


def test_what_is_not_installed(run, truth):
    needed = [
        (str(canonicalize_name(each.name)), name) for name, each in truth.requirements if not in_extra(each)
    ]
    expected = sorted((name, by) for name, by in needed if name not in truth.packages)
    assert [(row[0], row[-1]) for row in run.rows("not_installed")] == expected[:5]


def in_extra(requirement: Requirement) -> bool:
    return requirement.marker is not None and "extra ==" in str(requirement.marker)


def test_what_needs_typing_extensions_by_way_of_another(run, truth):
    ways = {way for way, target in truth.edges if target == "typing-extensions"}
    expected = sorted((name, way) for name, way in truth.edges if way in ways)
    assert [tuple(row) for row in run.rows("needed_indirectly")] == expected[:5]


def test_what_dorm_brings_in_at_the_second_step(run, truth):
    first = {target for name, target in truth.edges if name == "djanorm"}
    expected = sorted({target for name, target in truth.edges if name in first})
    assert [name for [name] in run.rows("brought_in")] == expected[:8]


def test_typed_packages(run, truth):
    typed = [
        name
        for name, each in truth.packages.items()
        if "Typing :: Typed" in (each.metadata.get_all("Classifier") or ())
        or any(path.endswith("/py.typed") for path in truth.sizes[name])
    ]
    assert number(run.rows("typed_packages")[0][0]) == len(typed)


def test_the_version_of_typing_extensions(run, truth):
    assert run.rows("version_of") == [[truth.packages["typing-extensions"].version]]


def test_whose_files_are_the_largest_is_the_same_in_21_statements_and_in_1(run):
    assert run.rows("owners_one_by_one") == run.rows("owners_at_once")
    counts = re.findall(r": (owners_\w+)\(\)\].*?^   (\d+) statement", run.out, re.DOTALL | re.MULTILINE)
    assert counts == [("owners_one_by_one", "21"), ("owners_at_once", "1")]


def test_what_was_rolled_back_left_nothing(run):
    [[doubled, undone]] = run.rows("doubled_and_undone")
    assert number(doubled) == 2 * number(undone)
    assert number(undone) == number(run.rows("total_size")[0][1])
