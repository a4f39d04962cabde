"""Both applications are declared and created; mypy with the plugin has nothing to say of their models.

Rests on the models files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import dorm
from tests.porting.shop import models as shop
from tests.porting.tracker import models as tracker
from tests.typing import checkers

APPLICATIONS = {"shop": shop, "tracker": tracker}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_every_table_is_made_and_is_empty(call, name):
    found = APPLICATIONS[name].MODELS
    assert len(found) >= 15
    call(dorm.create_tables, *found)
    assert [call(model._meta.default_manager.count) for model in found] == [0] * len(found)


def test_mypy_has_nothing_to_say(tmp_path):
    # Away from the sources, which mypy would find before the stubs.
    for name, module in APPLICATIONS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        shutil.copy(Path(module.__file__), tmp_path / name)
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\nplugins = dorm_mypy\n", encoding="utf-8")
    assert checkers.run(["mypy", "."], tmp_path) == "Success: no issues found in 4 source files\n"
