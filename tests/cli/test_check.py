"""`dorm check`: settings, routers and models, for people and for programs; and types, with mypy.

Stands on `main()` in a project of its own; mypy runs in processes of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

MODELS = """
class Author(dorm.Model):
    name = dorm.CharField(max_length=50)
"""
BAD_QUERY = "from blog.models import Author\n\nAuthor.objects.filter(nmae='x')\n"


def test_all_well_is_one_line(project, run):
    project.app("blog", MODELS)
    done = run("check")
    assert (done.status, done.out, done.err) == (0, "No issues found.\n", "")


def test_mistakes_of_models_are_told_with_their_ids(project, run):
    project.app("blog", "class A(dorm.Model):\n    b = dorm.ForeignKey('Nix', on_delete=dorm.CASCADE)\n")
    done = run("check")
    assert done.status == 1
    assert done.out.startswith("blog.A.b: (fields.E001) ")
    assert done.out.endswith("\n1 error, 0 warnings.\n")


def test_a_table_of_pairs_may_clash_too(project, run):
    project.app(
        "blog",
        "class A(dorm.Model):\n    others = dorm.ManyToManyField('self')\n\n"
        "class B(dorm.Model):\n    class Meta:\n        db_table = 'blog_a_others'\n",
    )
    assert "(models.E004)" in run("check").out


def test_apps_are_chosen_by_name(project, run):
    project.app("blog", MODELS)
    project.app("shop", "class A(dorm.Model):\n    b = dorm.ForeignKey('Nix', on_delete=dorm.CASCADE)\n")
    assert run("check", "blog").status == 0
    assert run("check", "shop").status == 1
    assert run("check", "nix").status == 1


def test_no_database_is_a_warning(folder, run):
    folder.write("settings.py")
    folder.app("blog", MODELS)
    done = run("check")
    assert done.status == 0
    assert done.out == (
        "DATABASES: (settings.W001) No database is configured. Uncomment one block in settings.py, or run: "
        "dorm init --database sqlite.\n0 errors, 1 warning.\n"
    )


def test_a_folder_that_is_not_there_is_an_error(project, run):
    project.write("settings.py", 'DATABASES = {"default": "sqlite:///nowhere/at/all/db.sqlite3"}\n')
    done = run("check")
    assert done.status == 1
    assert "DATABASES['default']: (settings.E002) There is no folder" in done.out


def test_a_driver_that_is_not_installed_is_an_error(project, run, monkeypatch):
    project.write("settings.py", 'DATABASES = {"default": "postgresql://localhost/x"}\n')
    monkeypatch.setattr("dorm.cli.settings_checks.find_spec", lambda name: None)
    done = run("check")
    assert done.status == 1
    assert (
        "(settings.E001) Its driver psycopg is not installed. Run: pip install 'djanorm[postgresql]'"
        in done.out
    )


@pytest.mark.parametrize(
    ("router", "words"),
    [
        ('"nowhere.Router"', "(settings.E003) DATABASE_ROUTERS has 'nowhere.Router', which is no class"),
        ("Empty()", "(settings.W002)"),
        ("Empty", "(settings.W002)"),
        ("Good()", "No issues found."),
    ],
)
def test_routers_are_looked_at(project, run, router, words):
    text = (
        'DATABASES = {"default": "sqlite:///db.sqlite3"}\n\nclass Empty: ...\n\n'
        f"class Good:\n    def db_for_read(self, model, **hints): ...\n\nDATABASE_ROUTERS = [{router}]\n"
    )
    project.write("settings.py", text)
    assert words in run("check").out


def test_json_is_for_programs(project, run):
    project.app("blog", "class A(dorm.Model):\n    n = dorm.CharField()\n")
    done = run("check", "--json")
    assert done.status == 0
    (found,) = json.loads(done.out)
    assert (found["id"], found["level"], found["object"]) == ("fields.W003", "warning", "blog.A.n")
    assert set(found) == {"id", "level", "object", "message", "hint"}


# -- types ----------------------------------------------------------------------------------------


def types(*argv):
    return subprocess.run(
        [sys.executable, "-m", "dorm", "check", *argv], capture_output=True, text=True, check=False
    )


@pytest.fixture
def typed(project):
    project.app("blog", MODELS)
    project.write("good.py", BAD_QUERY.replace("nmae", "name"))
    project.write("bad.py", BAD_QUERY)
    return project


def test_types_need_no_configuration(typed):
    done = types("--types", "good.py")
    assert (done.returncode, done.stderr) == (0, "")
    done = types("--types", "good.py", "bad.py")
    assert done.returncode == 1
    assert "Did you mean 'name'?" in done.stdout and "[dorm-field]" in done.stdout


def test_types_of_the_working_folder_are_checked_without_a_path(typed):
    assert "bad.py:3: error: Author has no field 'nmae'" in types("--types").stdout


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "pyproject.toml",
            '[tool.mypy]\nwarn_unused_ignores = true\nexclude = ["bad", "worse"]\n\n'
            '[[tool.mypy.overrides]]\nmodule = ["blog.*"]\nignore_errors = true\n',
        ),
        (
            "mypy.ini",
            "[mypy]\nwarn_unused_ignores = True\nexclude = bad\n\n[mypy-blog.*]\nignore_errors = True\n",
        ),
    ],
)
def test_a_configuration_without_the_plugin_gets_it(typed, file, text):
    typed.write(file, text)
    typed.write("more.py", "x = 1  # type: ignore\n")
    typed.write("blog/wrong.py", "x: int = ''\n")
    done = types("--types")
    assert done.returncode == 1
    assert f"{file} does not name the plugin: it is added here." in done.stderr
    assert done.stdout.startswith(
        'more.py:1: error: Unused "type: ignore" comment  [unused-ignore]\nFound 1 error'
    )
    assert "[dorm-field]" in types("--types", "bad.py").stdout


def test_a_configuration_with_the_plugin_is_taken_as_it_is(typed):
    typed.write("setup.cfg", "[mypy]\nplugins = dorm_mypy\nfiles = bad.py\n")
    done = types("--types")
    assert (done.returncode, done.stderr) == (1, "")
    assert "[dorm-field]" in done.stdout
    assert not (typed.path / ".mypy_cache" / "dorm.ini").exists()


def test_what_mypy_cannot_do_ends_with_2(typed):
    assert types("--types", "nowhere.py").returncode == 2


def test_settings_are_not_imported_for_types(typed):
    typed.write("settings.py", "raise SystemExit(9)\n")
    assert types("--types", "good.py").returncode == 0


def test_the_daemon_answers_the_same(typed):
    try:
        for _ in range(2):
            done = types("--types", "bad.py", "--daemon")
            assert done.returncode == 1 and "[dorm-field]" in done.stdout
    finally:
        subprocess.run([sys.executable, "-m", "mypy.dmypy", "stop"], capture_output=True, check=False)


def test_without_mypy_it_says_how_to_get_it(typed, run, monkeypatch):
    monkeypatch.setattr("dorm.cli.typecheck.find_spec", lambda name: None)
    done = run("check", "--types")
    assert done.status == 2
    assert done.err == (
        "dorm: types are checked by mypy, which is not installed: pip install 'djanorm[mypy]'\n"
    )


def test_the_daemon_goes_with_types(typed, run):
    assert run("check", "--daemon").err == "dorm: --daemon goes with --types\n"
