"""Each case of the table of what must be inferred and refused has lines of both kinds, and none is lost.

The lines themselves are held true by the test of the checkers, which reads the same files.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.typing.expectations import COMMENT

TABLE = Path(__file__).parents[2] / "typing_tests" / "plugin" / "table"
CASE = re.compile(r"\s*# case: (.*)")

# How many cases each area has, and how many lines all of them have.
CASES = {
    "annotations": 21,
    "attributes": 19,
    "lookups": 22,
    "managers": 8,
    "names": 21,
    "querysets": 14,
    "rows": 14,
    "writes": 11,
}
LEAST_LINES = 280


def cases(path: Path) -> dict[str, list[str]]:
    """Return the kinds of the lines of each case of a file."""
    found: dict[str, list[str]] = {}
    case = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        begun = CASE.fullmatch(line)
        if begun:
            case = begun[1]
            assert case not in found, f"{path.name} has two cases called {case!r}"
            found[case] = []
        elif case:
            found[case] += [kind for kind, _ in COMMENT.findall(line)]
    return found


@pytest.mark.parametrize("area", CASES)
def test_each_case_of_the_table_says_what_is_inferred_and_what_is_refused(area, record_property):
    found = cases(TABLE / f"{area}.py")
    assert [case for case, kinds in found.items() if set(kinds) != {"R", "E"}] == []
    record_property("cases", len(found))
    assert len(found) == CASES[area]


def test_the_table_has_as_many_lines_as_it_was_counted_with():
    lines = sum(len(kinds) for area in CASES for kinds in cases(TABLE / f"{area}.py").values())
    assert {path.stem for path in TABLE.glob("*.py")} == {"__init__", *CASES}
    assert lines >= LEAST_LINES
