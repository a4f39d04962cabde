"""A project of files, and its stubs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from dorm.typegen.generate import Generator


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., None]:
    """Return what writes files, with the folders around them, by their names."""

    def write(named: dict[str, str]) -> None:
        for name, text in named.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")

    return write


@pytest.fixture
def generator(tmp_path: Path) -> Generator:
    """Return the generator of the project in the folder."""
    return Generator([tmp_path], tmp_path / "typings")


@pytest.fixture
def stub(files: Callable[..., None], generator: Generator) -> Callable[..., str]:
    """Return what gives the stub of `blog/models.py` for a text of it, and for one of `blog/views.py`."""

    def make(models: str, views: str = "") -> str:
        files({"blog/models.py": models, "blog/views.py": views})
        return next(one.text for one in generator.stubs() if one.path.stem == "models")

    return make
