"""A run of mypy from its cache, and the daemon, say what a run from nothing says, after every edit.

Works on a copy of the plugin's example project; "from nothing" is from a cache that knows dorm alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.typing.edits import EDITS, FILES, Change, apply

PROJECT = Path(__file__).parents[2] / "typing_tests" / "wrong"


class Project:
    """A copy of the example, and the caches that mypy is run with."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "project"
        self.warm = home / "warm"
        self.known = home / "known"
        self.clock = 0
        shutil.copytree(PROJECT, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        for unused in self.folder.glob("*.py"):
            unused.unlink()
        for name, text in FILES.items():
            (self.folder / name).write_text(text)
        (self.folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
        empty = home / "empty"
        empty.mkdir()
        (empty / "only.py").write_text("import dorm\n")
        (empty / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
        self.run(self.known, empty)

    def run(self, cache: Path, folder: Path | None = None, *options: str) -> list[str]:
        files = () if any(option.endswith(".py") for option in options) else (".",)
        command = [sys.executable, "-m", "mypy", f"--cache-dir={cache}", *options, *files]
        done = subprocess.run(command, cwd=folder or self.folder, capture_output=True, text=True, check=False)
        assert "INTERNAL ERROR" not in done.stderr
        return sorted(done.stdout.splitlines()[:-1])

    def from_cache(self) -> list[str]:
        return self.run(self.warm)

    def from_nothing(self) -> list[str]:
        cache = self.known.with_name("cold")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.known, cache)
        return self.run(cache)

    def edit(self, changes: dict[str, Change]) -> None:
        # mypy does not see a change within one second at the same size.
        self.clock += 10
        for path in apply(self.folder, changes):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime + self.clock))


class Daemon:
    """A daemon of mypy's, with a status file of its own."""

    def __init__(self, project: Project) -> None:
        self.folder = project.folder
        self.home = project.warm.with_name("daemon")

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "mypy.dmypy", f"--status-file={self.home}.json", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert "INTERNAL ERROR" not in done.stdout + done.stderr
        assert "Daemon crashed" not in done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        self.run("restart", "--", f"--cache-dir={self.home}")

    def check(self) -> list[str]:
        return sorted(self.run("check", ".").splitlines()[:-1])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("incremental"))


@pytest.fixture(scope="module")
def daemon(project: Project) -> Iterator[Daemon]:
    found = Daemon(project)
    found.start()
    yield found
    found.run("kill")


def test_every_edit_is_seen_from_the_cache_and_by_the_daemon(project, daemon):
    before = project.from_nothing()
    assert project.from_cache() == before
    assert daemon.check() == before
    for edit in EDITS:
        project.edit(edit.changes)
        if not edit.daemon:
            daemon.start()
        said = project.from_nothing()
        assert project.from_cache() == said, edit.name
        assert daemon.check() == said, edit.name
        # An edit that changes nothing that is said would prove nothing.
        assert (said != before) is edit.matters, edit.name
        before = said


def test_there_are_enough_edits_and_the_daemon_misses_two_kinds_of_them_alone():
    assert len(EDITS) >= 30
    # Modules of models that come and go, and what they register: docs/types.md tells of both.
    assert [edit.name for edit in EDITS if not edit.daemon] == [
        "add an app",
        "move a model to another app",
        "remove an app",
        "register a lookup",
        "rename the lookup",
    ]
