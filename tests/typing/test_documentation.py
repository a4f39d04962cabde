"""The page on types says the truth: each line of its examples is said to be what the page says of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mypy.errorcodes import ErrorCode

from dorm_mypy import messages

PAGE = (Path(__file__).parents[2] / "docs" / "types.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```py\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^### (dorm-\w+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """Return what mypy says of the page's examples, by line."""
    folder = tmp_path_factory.mktemp("page")
    text = "\n".join(BLOCK.findall(PAGE))
    (folder / "page.py").write_text(text, encoding="utf-8")
    (folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
    command = [sys.executable, "-m", "mypy", "--output=json", "page.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: dict[str, list[dict[str, str]]] = {}
    for line in done.stdout.splitlines():
        one = json.loads(line)
        found.setdefault(text.splitlines()[one["line"] - 1], []).append(one)
    return found


def lines(text: str) -> list[str]:
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if "  # " in line]


def test_every_code_has_its_section_and_every_section_is_of_a_code():
    codes = {code.code for code in vars(messages).values() if isinstance(code, ErrorCode)}
    assert {code for code, _ in SECTION.findall(PAGE)} == codes


def test_each_example_gets_the_error_that_its_section_is_about(said):
    for code, text in SECTION.findall(PAGE):
        for line in lines(text):
            [one] = said.get(line, [None])
            assert one is not None, f"nothing is said of {line}"
            assert (one["code"], line.partition("  # ")[2] in one["message"]) == (code, True), one


def test_each_type_is_the_one_that_the_page_says(said):
    revealed = [line for line in lines(PAGE) if line.startswith("reveal_type")]
    assert len(revealed) >= 5
    for line in revealed:
        plain = re.sub(r"\b(?:\w+\.)+(?=\w)", "", said[line][0]["message"])
        assert plain == f'Revealed type is "{line.partition("  # ")[2]}"'
