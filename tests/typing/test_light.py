"""The plugin does not load all of dorm, and whoever asks for dorm beside it gets all of it."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_plugin_loads_what_it_reads_by_and_no_more():
    code = "import sys, dorm_mypy; print(*(name for name in sys.modules if name.startswith('dorm.')))"
    loaded = {name.split(".")[1] for name in run(code).split()}
    assert loaded <= {"_record", "_text", "exceptions", "lookups", "source", "sql"}


def test_dorm_is_whole_for_whoever_asks_for_it_later():
    assert run("import dorm_mypy, dorm; print(dorm.Model.__name__, dorm.__name__)") == "Model dorm"
    assert run("import dorm_mypy; from dorm import Model, Q; print(Q(a=3))") == "Q(a=3)"
    assert run("import dorm, dorm_mypy; print(dorm.Model.__name__)") == "Model"


def test_a_name_that_dorm_does_not_have_is_still_an_error():
    code = "import dorm_mypy, dorm\ntry: dorm.Modell\nexcept AttributeError as error: print(error)"
    assert run(code) == "module 'dorm' has no attribute 'Modell'"
