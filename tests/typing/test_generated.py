"""With generated stubs, checkers that have no plugin say what mypy says with it, but for a list of lines.

The list is `typing_tests/generated.txt`: each line of it is a line of the cases, under its reason; `*` is a
whole file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.typing.checkers import installed
from tests.typing.expectations import expected
from tests.typing.generated import failures, says, with_stubs

HERE = Path(__file__).parents[2] / "typing_tests"
ENTRY = re.compile(r"(?P<file>\S+\.py)(?: \[(?P<only>[\w ]+)\])?: (?P<code>.*)")


def listed(checker: str, folder: str) -> set[tuple[str, str]]:
    """Return the file and text of the lines that *checker* is known to see otherwise."""
    found = map(ENTRY.fullmatch, (HERE / "generated.txt").read_text(encoding="utf-8").splitlines())
    return {
        (entry["file"], entry["code"])
        for entry in found
        if entry and entry["file"].startswith(f"{folder}/") and checker in (entry["only"] or checker)
    }


@pytest.mark.parametrize("folder", ["plugin", "wrong"])
@pytest.mark.parametrize("checker", ["mypy", "pyright", *installed("basedpyright", "ty", "pyrefly")])
def test_generated_stubs_say_what_the_plugin_says(checker, folder, tmp_path):
    copy = with_stubs(HERE / folder, tmp_path)
    failed = failures(expected(HERE / folder), says(checker, copy, tmp_path))
    found = {(f"{folder}/{file}", code_at(HERE / folder / file, line)) for file, line in failed}
    known = listed(checker, folder)
    whole_files = {file for file, code in known if code == "*"}
    assert {entry for entry in found if entry[0] not in whole_files} == {e for e in known if e[1] != "*"}


def code_at(path: Path, line: int) -> str:
    """Return a line of a file without what it says of itself."""
    return path.read_text(encoding="utf-8").splitlines()[line - 1].partition("  # ")[0].strip()
