"""`dorm init` and `dorm startapp`: what they write, what they leave alone, and what they say.

Stands on `main()` in an empty folder.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

import dorm
from dorm.cli.scaffold import DATABASES, settings_text

NO_DATABASE = (
    "dorm: No database configured. Uncomment one block in settings.py, or run: dorm init --database sqlite\n"
)


def uncommented(text, database):
    """Return settings as a user leaves them who takes the "# " from the lines of one block."""
    commented = "".join(f"# {line}\n" for line in DATABASES[database].splitlines())
    assert commented in text
    return text.replace(commented, DATABASES[database])


def test_init_writes_settings_with_both_blocks_as_comments(folder, run):
    done = run("init")
    assert done.status == 0
    assert done.out.startswith("Created settings.py\n")
    text = (folder.path / "settings.py").read_text()
    for word in (
        "ENGINE", "sqlite", "postgresql", "MIN_POOL_SIZE", "MAX_POOL_SIZE", "POOL_TIMEOUT", "sslmode",
        "application_name",
    ):  # fmt: skip
        assert word in text
    assert all(line.startswith("#") or not line for line in text.splitlines())


def test_the_next_command_says_what_to_do(folder, run):
    run("init", "--app", "blog")
    done = run("dbcheck")
    assert (done.status, done.out, done.err) == (2, "", NO_DATABASE)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_uncommenting_a_block_by_hand_is_enough(folder, run, database):
    run("init", "--app", "blog")
    folder.write("settings.py", uncommented(settings_text(), database))
    assert run("check").status == 0
    assert dorm.settings.DATABASES["default"]["ENGINE"] == database


def test_settings_in_use_do_not_ask_for_what_is_done(folder, run):
    run("init", "--database", "sqlite")
    assert "Uncomment" not in (folder.path / "settings.py").read_text()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_init_can_write_one_block_in_use(folder, run, database):
    done = run("init", "--database", database)
    assert done.status == 0
    assert "uncomment" not in done.out
    assert run("check").status == 0
    assert dorm.settings.DATABASES["default"]["ENGINE"] == database


def test_init_switches_a_database_on_in_settings_that_are_there(folder, run):
    run("init")
    text = (folder.path / "settings.py").read_text()
    folder.write("settings.py", f"{text}\nOWN = 1\n")
    done = run("init", "--database", "sqlite")
    assert done.status == 0
    assert done.out.startswith("Uncommented the block for sqlite in settings.py\n")
    assert (folder.path / "settings.py").read_text() == f"{settings_text('sqlite')}\nOWN = 1\n"


def test_init_changes_from_one_database_to_the_other(folder, run):
    run("init", "--database", "sqlite")
    assert run("init", "--database", "postgresql").status == 0
    assert (folder.path / "settings.py").read_text() == settings_text("postgresql")


def test_a_database_that_is_in_use_stays_so(folder, run):
    run("init", "--database", "sqlite")
    done = run("init", "--database", "sqlite")
    assert done.status == 0 and "settings.py already exists" in done.out
    assert (folder.path / "settings.py").read_text() == settings_text("sqlite")


def test_settings_with_a_database_of_their_own_are_left_alone(project, run):
    before = (project.path / "settings.py").read_text()
    done = run("init", "--database", "postgresql")
    assert done.status == 1
    assert "settings.py already exists" in done.out and '"ENGINE": "postgresql"' in done.out
    assert (project.path / "settings.py").read_text() == before


def test_init_makes_an_app_with_a_model(folder, run):
    done = run("init", "--app", "blog", "--database", "sqlite")
    assert "Created blog/__init__.py\nCreated blog/models.py\n" in done.out
    text = (folder.path / "blog" / "models.py").read_text()
    assert "class User(dorm.Model)" in text and "dorm.CharField" in text
    done = run("check")
    assert (done.status, done.out, done.err) == (0, "No issues found.\n", "")


def test_a_dotted_app_has_every_package_around_it(folder, run):
    run("init", "--app", "shop.payments")
    for name in ("shop/__init__.py", "shop/payments/__init__.py", "shop/payments/models.py"):
        assert (folder.path / name).exists()


def test_files_that_are_there_are_kept(folder, run):
    folder.write("settings.py", "MINE = 1\n")
    folder.write("blog/models.py", "# mine\n")
    done = run("init", "--app", "blog")
    assert done.status == 0
    assert "settings.py already exists" in done.out and "blog/models.py already exists" in done.out
    assert (folder.path / "settings.py").read_text() == "MINE = 1\n"
    assert (folder.path / "blog" / "models.py").read_text() == "# mine\n"


@pytest.mark.parametrize("name", ["my-app", "class", "2fast", "a..b", "../up"])
def test_a_name_that_no_import_could_use_writes_nothing(folder, run, name):
    done = run("init", "--app", name)
    assert done.status == 2
    assert done.err == f"dorm: {name!r} is no name for an app: it must be one of a Python package\n"
    assert list(folder.path.iterdir()) == []


@pytest.mark.parametrize("name", ["tests", "migrations", "shop.tests", "_hidden"])
def test_a_name_that_is_never_looked_for_is_refused(folder, run, name):
    done = run("init", "--app", name)
    assert done.status == 2 and "apps are not looked for in folders called" in done.err
    assert list(folder.path.iterdir()) == []


def test_init_tells_how_to_have_queries_checked(folder, run):
    assert run("init").out.endswith('    [tool.mypy]\n    plugins = ["dorm_mypy"]\n')


def test_startapp_makes_an_app(project, run):
    done = run("startapp", "blog")
    assert (done.status, done.out) == (0, "Created blog/__init__.py\nCreated blog/models.py\n")
    assert run("check").err == ""


def test_startapp_leaves_an_app_alone(project, run):
    project.app("blog", "# mine")
    done = run("startapp", "blog")
    assert done.status == 1 and "blog/models.py already exists" in done.err
    assert "# mine" in (project.path / "blog" / "models.py").read_text()


def test_startapp_tells_of_settings_that_name_their_apps(project, run):
    project.write("settings.py", 'INSTALLED_APPS = ["shop"]\n')
    assert run("startapp", "blog").out.endswith("Add 'blog' to INSTALLED_APPS in settings.py.\n")


def test_what_is_written_passes_mypy_and_ruff(folder, run):
    run("init", "--app", "blog", "--database", "sqlite")
    folder.write("pyproject.toml", '[tool.mypy]\nplugins = ["dorm_mypy"]\nstrict = true\n')
    checks = ["ruff", "check", "--select", "E,W,F,I,UP,B,C4", "."]
    for command in (["mypy", "."], checks, ["ruff", "format", "--check", "."]):
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
