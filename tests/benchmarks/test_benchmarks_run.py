"""The benchmarks run, and both sides of each agree. No time is asserted: see benchmarks/RESULTS.md."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import main
from benchmarks.goals import ALL
from dorm.db.connection import reset_connections


@pytest.fixture(autouse=True)
def closed():
    yield
    reset_connections()


def test_every_operation_runs_and_agrees_with_its_floor(capsys):
    figures = main(["--rounds", "1", "--rows", "50", "--effort", "0.001", "--database", "sqlite,postgresql"])
    assert {figure.name for figure in figures} == set(ALL)
    printed = capsys.readouterr().out
    assert all(figure.name in printed for figure in figures)
