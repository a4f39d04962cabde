"""Hold every import in dorm and in its mypy plugin to the floors of docs/architecture.md.

Stands on `floors.py`; imports nothing of dorm.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.floors import Tree, read_floors

ROOT = Path(__file__).parents[2]
FLOORS = read_floors((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
PACKAGES = {"dorm": "dorm", "dorm_mypy": "mypy_plugin/dorm_mypy"}

# What the checker's plugin may know of dorm: the vocabulary, the source reader, and the ground.
PLUGIN_STANDS_ON = {"lookups/", "source/", "exceptions", "_text", "_record"}


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree(ROOT, FLOORS, PACKAGES)


def test_no_import_goes_up_or_across_or_round(tree):
    assert tree.faults() == []


def test_the_tree_is_really_read(tree):
    assert {"dorm", "dorm.lookups.paths", "dorm.sql.types"} <= set(tree.files)
    assert any(found.target == "dorm.lookups.table" for found in tree.imports)


def test_the_plugin_stands_on_the_vocabulary_alone(tree):
    strangers = [
        str(found)
        for found in tree.imports
        if found.module.startswith("dorm_mypy")
        and found.target.startswith("dorm.")
        and tree.unit(found.target) not in PLUGIN_STANDS_ON
    ]
    assert strangers == []


def test_every_floor_of_the_page_has_something_on_it(tree):
    assert set(FLOORS) == {tree.unit(module) for module in tree.files}


def test_every_file_has_its_line_on_the_page(tree):
    listed = files_of((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    files = {path.relative_to(ROOT).as_posix() for path in tree.files.values()}
    # A folder's __init__ hands names on; it has no subject of its own.
    subjects = {file for file in files if not re.fullmatch(r"dorm/.+/__init__\.py", file)}
    assert sorted(subjects - listed) == [], "add a line to the last section of docs/architecture.md"
    assert sorted(listed - subjects) == [], "take these lines out of docs/architecture.md"


def files_of(page: str) -> set[str]:
    """Return the files that the page's last section lists, each under its folder's heading."""
    sections = re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL)
    return {
        folder + file
        for folder, rows in sections
        for file in re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)
    }


def plant(root: Path, files: dict[str, str]) -> list[str]:
    """Write a tree that is right but for *files*, and return its faults."""
    sound = {"dorm/__init__.py": "import dorm.models.base", "dorm/models/base.py": "import dorm.sql.nodes"}
    sound |= {"dorm/sql/nodes.py": "", "dorm/exceptions.py": ""}
    for name, source in {**sound, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return Tree(root, FLOORS, PACKAGES).faults()


def test_a_sound_tree_has_no_fault(tmp_path):
    assert plant(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("source", "line", "target"),
    [
        ("from dorm.models.base import Model", 1, "dorm.models.base"),
        ("from dorm.models import base", 1, "dorm.models.base"),
        ("import dorm.models.base as base", 1, "dorm.models.base"),
        ("from ..models.base import Model", 1, "dorm.models.base"),
        ("from .. import Model", 1, "dorm"),
        ("from dorm import Model", 1, "dorm"),
        ("def late():\n    from dorm.models.base import Model", 2, "dorm.models.base"),
        ("if TYPE_CHECKING:\n    from dorm.models.base import Model", 2, "dorm.models.base"),
        ("from importlib import import_module\nimport_module('dorm.models.base')", 2, "dorm.models.base"),
        ("import importlib\nimportlib.import_module('dorm.models.base')", 2, "dorm.models.base"),
    ],
)
def test_a_step_up_is_found_wherever_it_stands(tmp_path, source, line, target):
    [fault] = plant(tmp_path, {"dorm/sql/planted.py": source})
    assert fault.startswith(f"dorm/sql/planted.py:{line}: imports {target} (a step up, from floor 2 to floor")


def test_a_step_across_a_floor_is_found(tmp_path):
    files = {"dorm/db/driver.py": "import dorm.lookups.table", "dorm/lookups/table.py": ""}
    [fault] = plant(tmp_path, files)
    assert fault == (
        "dorm/db/driver.py:1: imports dorm.lookups.table (a step across floor 3, from db/ to lookups/)"
    )


def test_a_step_from_a_file_into_a_folder_of_its_floor_is_found(tmp_path):
    [fault] = plant(tmp_path, {"dorm/conf.py": "import dorm.sql.nodes"})
    assert "dorm/conf.py:1: imports dorm.sql.nodes (a step across floor 2" in fault


def test_a_circle_in_one_folder_is_found(tmp_path):
    files = {"dorm/sql/a.py": "\nfrom dorm.sql import b", "dorm/sql/b.py": "def f():\n    import dorm.sql.a"}
    [fault] = plant(tmp_path, files)
    assert fault.startswith(
        ("dorm/sql/a.py:2: imports dorm.sql.b (a circle", "dorm/sql/b.py:2: imports dorm.sql.a")
    )
    assert "dorm.sql.a" in fault.partition("(a circle")[2]


def test_files_of_one_folder_may_import_one_another(tmp_path):
    assert (
        plant(tmp_path, {"dorm/sql/a.py": "import dorm.sql.nodes", "dorm/_text.py": "import dorm.exceptions"})
        == []
    )


def test_a_folder_that_the_page_does_not_name_is_found(tmp_path):
    [fault] = plant(tmp_path, {"dorm/stray/shop.py": ""})
    assert fault == "dorm/stray/shop.py: 'stray/' stands on no floor of docs/architecture.md"


def test_the_plugin_may_not_import_what_runs_queries(tmp_path):
    [fault] = plant(
        tmp_path,
        {"mypy_plugin/dorm_mypy/plugin.py": "\n\nimport dorm.actions.read", "dorm/actions/read.py": ""},
    )
    assert fault.startswith("mypy_plugin/dorm_mypy/plugin.py:3: imports dorm.actions.read (a step up")
