"""`dorm typegen`: writes, checks, configures; says what it did."""

from __future__ import annotations

import tomllib

import pytest

from dorm.cli.terminal import Terminal
from dorm.cli.typegen import source_roots, watch_once
from dorm.typegen.generate import Generator

MODELS = """
class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
"""


@pytest.fixture
def blog(folder):
    folder.app("blog", MODELS)
    return folder


def test_it_writes_stubs_and_tells_checkers_where_they_are(blog, run):
    done = run("typegen")
    assert done.status == 0
    assert done.out.splitlines() == [
        "Wrote typings/blog-stubs/models.pyi",
        "Wrote typings/blog-stubs/py.typed",
        "Wrote typings/_dorm_forms.pyi",
    ]
    assert '[tool.ty.environment]\nextra-paths = ["typings"]' in done.err
    assert run("typegen").out == "No changes.\n"


def test_models_are_never_imported(blog, run):
    blog.app("blog", "raise SystemExit('imported')\n" + MODELS)
    assert run("typegen").status == 0


def test_check_tells_what_is_stale_and_writes_nothing(blog, run):
    run("typegen")
    assert run("typegen", "--check").out == "3 files in typings: all as they should be.\n"
    blog.app("blog", MODELS.replace("name", "title"))
    done = run("typegen", "--check")
    assert done.status == 1
    assert "-    name: dorm.CharField[str]\n+    title: dorm.CharField[str]\n" in done.out
    assert done.out.endswith("1 file in typings not as they should be: run dorm typegen\n")
    assert run("typegen", "--check").status == 1


def test_configure_adds_the_lines_of_checkers_once(blog, run):
    blog.write("pyproject.toml", '[tool.mypy]\nplugins = ["dorm_mypy"]\n')
    done = run("typegen", "--configure")
    assert "Added to pyproject.toml for pyrefly: search-path\n" in done.out
    found = tomllib.loads((blog.path / "pyproject.toml").read_text())["tool"]
    assert found["ty"]["environment"]["extra-paths"] == ["typings"]
    assert found["pyright"]["exclude"][0] == "typings"
    assert found["mypy"] == {"plugins": ["dorm_mypy"]}
    assert "[tool.mypy]\nexclude = ['^typings/']" in done.err
    before = (blog.path / "pyproject.toml").read_text()
    run("typegen", "--configure")
    assert (blog.path / "pyproject.toml").read_text() == before


def test_a_broken_pyproject_is_told_in_one_line(blog, run):
    blog.write("pyproject.toml", "[tool\n")
    done = run("typegen")
    assert done.status == 2
    assert done.err.startswith("dorm: pyproject.toml is not valid TOML: ")


def test_another_folder_may_be_named(blog, run):
    run("typegen", "--out", "stubs")
    assert (blog.path / "stubs/blog-stubs/models.pyi").exists()


def test_apps_may_be_named_and_others_are_left_alone(blog, run):
    blog.app("shop", MODELS)
    run("typegen")
    blog.app("shop", MODELS.replace("name", "title"))
    blog.app("blog", MODELS.replace("name", "title"))
    assert run("typegen", "blog").out == "Wrote typings/blog-stubs/models.pyi\n"
    assert run("typegen", "blgo").err == "dorm: no models of an app 'blgo' were found. Apps: blog, shop.\n"


def test_a_folder_without_models_is_told(folder, run):
    done = run("typegen")
    assert done.status == 1
    assert done.err.startswith("dorm: no models were found")


def test_a_stub_of_another_hand_stops_it(blog, run):
    blog.write("typings/blog-stubs/models.pyi", "x: int\n")
    done = run("typegen")
    assert done.status == 1
    assert done.err == (
        "dorm: typings/blog-stubs/models.pyi was not written by dorm typegen: move it away, "
        "or name another folder with --out\n"
    )


def test_check_and_watch_exclude_one_another(blog, run):
    assert run("typegen", "--check", "--watch").status == 2


def test_statistics_are_shown_for_the_asking(blog, run):
    assert "files read  models  calls  stubs  bytes  seconds\n" in run("typegen", "--stats").out


def test_watching_writes_what_has_changed_and_outlives_errors(blog, capsys):
    generator = Generator(source_roots(blog.path), blog.path / "typings")
    watch_once(generator.stubs, blog.path / "typings", Terminal())
    blog.app("shop", MODELS + "\n    class Meta:\n        app_label = 'blog'\n")
    watch_once(generator.stubs, blog.path / "typings", Terminal())
    blog.app("shop", MODELS)
    watch_once(generator.stubs, blog.path / "typings", Terminal())
    said = capsys.readouterr()
    assert said.err.startswith("warning: blog.Author is defined twice")
    assert "shop-stubs/models.pyi in " in said.out


def test_dorm_check_tells_of_stale_stubs(blog, run):
    blog.write("settings.py", 'DATABASES = {"default": {"ENGINE": "sqlite", "NAME": "db.sqlite3"}}\n')
    run("typegen")
    assert run("check").out == "No issues found.\n"
    blog.app("shop", MODELS)
    found = run("check")
    assert found.status == 0
    assert (
        "typings: (typegen.W001) 2 files not as the models and the calls are. Run dorm typegen." in found.out
    )


def test_the_src_folder_of_a_project_is_a_root_too(folder):
    folder.write("src/blog/models.py")
    assert source_roots(folder.path) == [folder.path, folder.path / "src"]
    folder.write("src/__init__.py")
    assert source_roots(folder.path) == [folder.path]
