"""The stubs are those that the scripts write, and they are true to the run time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("script", ["field_stubs", "face_stubs"])
def test_no_stub_is_stale(script):
    command = [sys.executable, f"scripts/{script}.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_the_stubs_are_true_to_the_run_time():
    # Not from the root: there mypy would find the sources before the stubs, and compare them with themselves.
    options = ["--allowlist", "stubtest.allow", "--ignore-missing-stub", "--concise"]
    command = [sys.executable, "-m", "mypy.stubtest", "dorm", *options]
    done = subprocess.run(command, cwd=ROOT / "typing_tests", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
