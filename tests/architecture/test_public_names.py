"""What `import dorm` gives, and what it must not cost.

Imports are looked at in a fresh interpreter: this one has loaded everything already.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import dorm

ROOT = Path(__file__).parents[2]

# Each costs more than all of dorm, belongs to an extra that may not be there, or is for few programs.
NOT_LOADED = (
    "aiosqlite",
    "asyncio",
    "dataclasses",
    "dorm.db.introspection",
    "dorm.migrations",
    "importlib.metadata",
    "inspect",
    "logging",
    "psycopg",
    "pydantic",
    "sqlite3",
    "typing_extensions",
    "uuid",
)


def fresh(code: str) -> str:
    """Run *code* in a new interpreter and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_every_public_name_is_there():
    missing = [name for name in dorm.__all__ if not hasattr(dorm, name)]
    assert missing == []


def test_public_names_are_sorted_and_told_once():
    assert list(dorm.__all__) == sorted(set(dorm.__all__))


def test_the_version_is_the_distributions():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert dorm.__version__ == project["version"]


def test_import_dorm_loads_no_driver_and_no_heavy_module():
    loaded = fresh(f"import sys, dorm; print([name for name in {NOT_LOADED!r} if name in sys.modules])")
    assert loaded == "[]"


def test_a_model_is_defined_without_loading_a_driver():
    code = (
        "import sys, dorm\n"
        "class Shelf(dorm.Model):\n"
        "    name = dorm.CharField(max_length=20)\n"
        "print([name for name in ('aiosqlite', 'asyncio', 'sqlite3') if name in sys.modules])"
    )
    assert fresh(code) == "[]"
