"""The lines by which type checkers find generated stubs: which are missing, and where to write them.

Reads and extends a project's pyproject.toml; a table that is there is never touched.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from dorm._record import Record

from .errors import CommandError

FILE: Final = "pyproject.toml"


class Setting(Record):
    """One line in a checker's table."""

    checker: str
    table: str
    key: str
    value: str


def settings_for(out: str) -> list[Setting]:
    """Return what each checker must be told about a folder of stubs."""
    # mypy has the plugin, and reads the models; pyright reads the stubs, and need not check them.
    hidden = f'["{out}", "**/node_modules", "**/__pycache__", "**/.*"]'
    found = [
        Setting("ty", "tool.ty.environment", "extra-paths", f'["{out}"]'),
        Setting("pyrefly", "tool.pyrefly", "search-path", f'["{out}", "."]'),
        Setting("mypy", "tool.mypy", "exclude", f"['^{out}/']"),
        Setting("pyright", "tool.pyright", "exclude", hidden),
    ]
    if out != "typings":
        found.append(Setting("pyright", "tool.pyright", "stubPath", f'"{out}"'))
    return found


def missing(folder: Path, out: str) -> list[Setting]:
    """Return the settings that pyproject.toml does not have; raise CommandError if that is no TOML."""
    return _lacking(_tables(folder / FILE), out)


def configure(folder: Path, out: str) -> tuple[list[Setting], list[Setting]]:
    """Write the missing settings; return those, and those to add by hand, as their table is there already."""
    tables = _tables(folder / FILE)
    wanted = _lacking(tables, out)
    by_hand = [one for one in wanted if _table(tables, one.table) is not EMPTY]
    added = [one for one in wanted if one not in by_hand]
    if added:
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.write("".join(f"\n{text}" for text in grouped(added)))
    return added, by_hand


def grouped(settings: list[Setting]) -> list[str]:
    """Return the settings as TOML, those of one table together."""
    tables: dict[str, str] = {}
    for one in settings:
        tables[one.table] = tables.get(one.table, f"[{one.table}]\n") + f"{one.key} = {one.value}\n"
    return list(tables.values())


EMPTY: Final[dict[str, object]] = {}


def _lacking(tables: dict[str, object], out: str) -> list[Setting]:
    return [one for one in settings_for(out) if one.key not in _table(tables, one.table)]


def _tables(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} is not valid TOML: {error}") from error


def _table(tables: dict[str, object], name: str) -> dict[str, object]:
    at: object = tables
    for part in name.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else EMPTY
