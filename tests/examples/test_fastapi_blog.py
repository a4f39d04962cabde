"""The service of the example: its tests and its migrations, run in a copy as a reader would run them.

Rests on the pytest plugin being installed, as it is with dorm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import Database

EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi_blog"


@pytest.fixture
def project(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__"))


def url(database: Database) -> str:
    """Return the test's database as a reader would name it to the service."""
    settings = database.settings
    if database.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    account = quote(settings.get("USER", ""), safe="")
    if settings.get("PASSWORD"):
        account += ":" + quote(settings["PASSWORD"], safe="")
    port = f":{settings['PORT']}" if settings.get("PORT") else ""
    return f"postgresql://{account}@{quote(settings['HOST'], safe='')}{port}/{settings['NAME']}"


def run(project: Path, database: Database, *command: str) -> str:
    """Return what a command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env={**os.environ, "DATABASE_URL": url(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass(project, database):
    said = run(project, database, "pytest", "-q", "-p", "no:cacheprovider")
    assert "8 passed" in said


def test_its_migrations_are_those_of_its_models_and_make_their_tables(project, database):
    assert "No changes detected" in run(project, database, "dorm", "makemigrations", "--check")
    assert "Applying blog.0001_initial... OK" in run(project, database, "dorm", "migrate")
    assert "All models match the database schema." in run(project, database, "dorm", "dbcheck")
