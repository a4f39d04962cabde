"""`dorm dbshell`: which program is called, with which arguments, and where the password goes.

Stands on stand-ins for sqlite3 and psql that say what they were given.
"""

from __future__ import annotations

import json
import os
import sys

import pytest

from dorm.cli.dbshell import command_line
from dorm.cli.main import main
from dorm.conf import parse_url

STAND_IN = """#!{python}
import json, os, sys
seen = {{name: value for name, value in os.environ.items() if name.startswith("PG")}}
print(json.dumps([sys.argv[0].rpartition("/")[2], sys.argv[1:], seen]))
sys.exit(3)
"""


@pytest.fixture
def programs(project, monkeypatch):
    """Put stand-ins for both programs on PATH, alone."""
    for name in ("sqlite3", "psql"):
        project.write(f"bin/{name}", STAND_IN.format(python=sys.executable)).chmod(0o755)
    monkeypatch.setenv("PATH", str(project.path / "bin"))
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    return project


def test_sqlite3_is_given_the_file_and_the_status_is_its_own(programs, capfd):
    assert main(["dbshell"]) == 3
    assert json.loads(capfd.readouterr().out) == [
        "sqlite3", ["-cmd", "PRAGMA foreign_keys = ON", "db.sqlite3"], {},
    ]  # fmt: skip


def test_psql_is_given_its_password_by_the_environment(programs, capfd):
    programs.write(
        "settings.py",
        'DATABASES = {"default": "postgresql://ada:s3cret@db.local:5433/shop?sslmode=require"}\n',
    )
    main(["dbshell"])
    name, argv, environ = json.loads(capfd.readouterr().out)
    assert (name, argv) == ("psql", ["-U", "ada", "-h", "db.local", "-p", "5433", "-d", "shop"])
    assert environ == {"PGPASSWORD": "s3cret", "PGSSLMODE": "require"}


def test_more_arguments_are_handed_on(programs, capfd):
    main(["dbshell", "--", "-c", "SELECT 1"])
    assert json.loads(capfd.readouterr().out)[1][-3:] == ["db.sqlite3", "-c", "SELECT 1"]


def test_a_program_that_is_not_there_is_told(programs, run):
    (programs.path / "bin" / "sqlite3").unlink()
    done = run("dbshell")
    assert done.status == 2
    assert done.err.endswith("dorm: 'sqlite3' is not installed, or not on PATH\n")


def test_a_database_in_memory_has_no_shell(programs, run):
    programs.write("settings.py", 'DATABASES = {"default": {"ENGINE": "sqlite", "NAME": ":memory:"}}\n')
    done = run("dbshell")
    assert done.status == 2 and "a database in memory" in done.err


def test_what_is_not_set_is_not_given():
    assert command_line(parse_url("postgresql:///shop", "x"), []) == (["psql", "-d", "shop"], {})
