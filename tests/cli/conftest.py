"""A project in a folder of its own, and the command line called in it.

Stands on `main()`; afterwards nothing of the project is left in the process.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import dorm
from dorm.cli import modules
from dorm.cli.main import main
from dorm.conf import CurrentSettings

SETTINGS = 'DATABASES = {"default": {"ENGINE": "sqlite", "NAME": "db.sqlite3"}}\n'


class Done(NamedTuple):
    """What a command ended with, and what it printed on its two streams."""

    status: int
    out: str
    err: str


class Folder:
    """The working folder: files are written into it by name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str = "") -> Path:
        """Write a file, with the folders around it."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return file

    def app(self, name: str, models: str = "") -> None:
        """Write an app, whose models are in the text *models* after `import dorm`."""
        folder = name.replace(".", "/")
        self.write(f"{folder}/__init__.py")
        self.write(f"{folder}/models.py", f"import dorm\n\n{textwrap.dedent(models)}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """Make an empty folder the working one; leave no module, model or setting of it behind."""
    monkeypatch.chdir(tmp_path)
    for name in ("DORM_SETTINGS", "DATABASE_URL", "DORM_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    yield Folder(tmp_path)
    modules.forget_project([])
    modules.put_on_path([], [])
    dorm.configure(**vars(CurrentSettings()))


@pytest.fixture
def project(folder: Folder) -> Folder:
    """Write settings with a SQLite database into the folder."""
    folder.write("settings.py", SETTINGS)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Give `run("check", "--json")`: what a command ends with and prints."""

    def run(*argv: str) -> Done:
        capsys.readouterr()
        status = main(argv)
        return Done(status, *capsys.readouterr())

    return run
