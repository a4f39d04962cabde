"""What the comments in typing_tests/ say, the checkers say, in one run for a whole folder.

`common` is read with the stubs alone, by every checker that is installed; the rest by mypy with the plugin.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing.checkers import PLAIN, installed, mypy
from tests.typing.expectations import differences, expected

HERE = Path(__file__).parents[2] / "typing_tests"


@pytest.mark.parametrize("checker", ["mypy", "pyright", *installed("basedpyright", "ty", "pyrefly")])
def test_the_stubs_mean_the_same_to_every_checker(checker, tmp_path):
    found = PLAIN[checker](HERE / "common", tmp_path)
    assert differences(expected(HERE / "common"), found) == []


@pytest.mark.parametrize("folder", ["plugin", "wrong"])
def test_the_plugin_says_what_the_lines_say(folder, tmp_path):
    found = mypy(HERE / folder, tmp_path, plugin=True)
    assert differences(expected(HERE / folder), found) == []
