"""Folders of migrations for the tests of what reads and runs them.

Rests on nothing of dorm: a migration is a text in a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

HEAD = "import dorm\nfrom dorm.migrations.operations import *\n\n"


class Apps(dict[str, Path]):
    """Label -> folder of migrations, all under one folder."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place = place

    def write(
        self, label: str, name: str, body: str = "operations = []", after: Iterable[tuple[str, str]] = ()
    ) -> Path:
        """Write a migration that depends on *after* and, unless it is the first, on the app's last one."""
        folder = self[label] = self.place.joinpath(*label.split("."), "migrations")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        before = [(label, path.stem) for path in sorted(folder.glob("0*.py"))[-1:]]
        path = folder / f"{name}.py"
        dependencies = [*before, *after]
        path.write_text(f"{HEAD}dependencies = {dependencies!r}\n{dedent(body)}\n", encoding="utf-8")
        return path

    def table(self, label: str, name: str, table: str, after: Iterable[tuple[str, str]] = ()) -> Path:
        """Write a migration that makes a table, and drops it when it is undone."""
        body = f'operations = [RunSQL("CREATE TABLE {table} (id INTEGER)", "DROP TABLE {table}")]'
        return self.write(label, name, body, after)
