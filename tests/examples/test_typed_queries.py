"""The checkers say of the queries what the files beside them say, and nothing of the other examples.

Works on copies, since a checker that runs in this tree would find the sources of dorm before its stubs.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.typing import checkers
from tests.typing.expectations import Lines
from tests.typing.generated import CHECKERS, with_stubs

EXAMPLES = Path(__file__).parents[2] / "examples"
QUERIES = EXAMPLES / "typed_queries"
STRICT = "[mypy]\nstrict = true\nplugins = dorm_mypy\n"


def test_mypy_says_of_the_wrong_queries_what_the_file_says(tmp_path):
    copy = shutil.copytree(QUERIES, tmp_path / "queries")
    said = checkers.run(["mypy", "."], copy)
    assert said == (QUERIES / "bad.expected.mypy.txt").read_text(encoding="utf-8")


def test_pyright_says_of_the_wrong_queries_what_the_file_says(tmp_path):
    found = CHECKERS["pyright"](with_stubs(QUERIES, tmp_path), tmp_path)
    assert in_lines(found) == (QUERIES / "bad.expected.pyright.txt").read_text(encoding="utf-8")


def in_lines(found: Lines) -> str:
    """Return the first sentence of each error, after its file, line and rule."""
    return "".join(
        f"{file}:{line}: {said.text.splitlines()[0]}\n"
        for (file, line), all_said in sorted(found.items())
        for said in all_said
    )


def test_every_wrong_line_has_an_error_of_mypy():
    lines = (QUERIES / "bad.py").read_text(encoding="utf-8").splitlines()
    wrong = {n for n, line in enumerate(lines, 1) if line.startswith(("Author.", "Book."))}
    said = (QUERIES / "bad.expected.mypy.txt").read_text(encoding="utf-8")
    assert {n for n in range(1, len(lines) + 1) if f"bad.py:{n}: error:" in said} == wrong


@pytest.mark.parametrize("example", ["quickstart.py", "from_django/dorm_models.py"])
def test_mypy_has_nothing_to_say_of_the_other_examples(example, tmp_path):
    shutil.copy(EXAMPLES / example, tmp_path)
    (tmp_path / "mypy.ini").write_text(STRICT, encoding="utf-8")
    assert checkers.run(["mypy", "."], tmp_path) == "Success: no issues found in 1 source file\n"


def test_mypy_has_nothing_to_say_of_the_service(tmp_path):
    copy = shutil.copytree(EXAMPLES / "fastapi_blog", tmp_path / "service")
    assert checkers.run(["mypy", "."], copy).startswith("Success: no issues found")
