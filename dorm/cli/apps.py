"""Find the apps of a project in its folders.

Looks at names of files and folders alone: nothing is imported, and nothing is read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

# Their models are not the project's, or are no models.
SKIPPED: Final = frozenset({"__pycache__", "migrations", "node_modules", "site-packages", "test", "tests"})

# What build tools leave behind; a package may still be called so.
LEFTOVERS: Final = frozenset({"build", "dist"})

# What tells a virtual environment, of venv and of conda.
ENVIRONMENT_MARKS: Final = ("pyvenv.cfg", "conda-meta")


def discover(folder: Path, package: str = "") -> dict[str, Path]:
    """Return the folder of every package with a `models.py` in *folder*, by dotted name, sorted.

    *package* is the name of *folder* itself, "" when it is none. Tests, virtual environments, hidden
    folders and what is reached a second time by a link are left out.
    """
    found: dict[str, Path] = {}
    _scan(folder, package, found, set())
    return dict(sorted(found.items()))


def _scan(folder: Path, package: str, found: dict[str, Path], seen: set[str]) -> None:
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        entries = {entry.name: entry for entry in os.scandir(folder)}
    except OSError:
        # A folder that may not be read holds no app of ours.
        return
    if any(mark in entries for mark in ENVIRONMENT_MARKS):
        return
    has_models = "models.py" in entries or (folder / "models" / "__init__.py").is_file()
    if package and has_models and "__init__.py" in entries:
        found[package] = folder
    for name, entry in sorted(entries.items()):
        if entry.is_dir() and _may_hold_apps(name, folder):
            _scan(folder / name, f"{package}.{name}" if package else name, found, seen)


def _may_hold_apps(name: str, parent: Path) -> bool:
    if name == "models":
        return not (parent / "models" / "__init__.py").is_file()
    return is_looked_into(name) and (name not in LEFTOVERS or (parent / name / "__init__.py").is_file())


def is_looked_into(name: str) -> bool:
    """Tell whether apps are looked for in folders of this name."""
    return name.isidentifier() and name not in SKIPPED and not name.startswith("_")
