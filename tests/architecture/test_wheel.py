"""What the wheel ships: the package, its stubs, and the checker's plugin; nothing else.

Builds it with the build backend itself, so nothing is downloaded.
"""

from __future__ import annotations

import os
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        [path] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))
    finally:
        os.chdir(before)
    return ZipFile(path)


def test_the_wheel_holds_three_packages_and_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dorm", "dorm-stubs", "dorm_mypy"}


def test_the_wheel_says_that_it_is_typed(wheel):
    assert "dorm/py.typed" in wheel.namelist()
    assert wheel.read("dorm-stubs/py.typed") == b"partial\n"


def test_the_base_installs_one_dependency(wheel):
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(wheel.read(name).decode())
    needed = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert needed == ["typing-extensions>=4.12"]
    assert metadata["License-Expression"] == "MIT"
