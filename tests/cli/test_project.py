"""Which settings and which apps a command finds, and what it says when it finds none.

Stands on `project.load()`, called in this process as `main()` calls it.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace

import pytest

import dorm
from dorm.cli.errors import CommandError
from dorm.cli.project import load, need_database
from dorm.db.connection import get_connection
from dorm.meta.registry import registry

ONE_MODEL = "class Post(dorm.Model):\n    title = dorm.CharField(max_length=50)\n"


def loaded(settings=None):
    return load(Namespace(settings=settings))


def named(project):
    """Return the labels of the models of a project."""
    return [model._meta.label for model in project.models()]


# -- settings -------------------------------------------------------------------------------------


def test_the_working_folder_has_the_settings(project):
    assert loaded().settings_name == "settings"
    assert get_connection().vendor == "sqlite"


def test_the_flag_comes_before_the_environment_the_pyproject_and_the_folder(project, monkeypatch):
    for name in ("flagged", "in_environment", "in_pyproject"):
        project.write(f"{name}.py", f"WHO = {name!r}\n")

    project.write("pyproject.toml", '[tool.dorm]\nsettings = "in_pyproject"\n')
    assert loaded().settings_name == "in_pyproject"
    monkeypatch.setenv("DORM_SETTINGS", "in_environment")
    assert loaded().settings_name == "in_environment"
    assert loaded("flagged").settings_name == "flagged"
    assert dorm.settings.WHO == "flagged"


def test_a_pyproject_of_other_tools_says_nothing(project):
    project.write("pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    assert loaded().settings_name == "settings"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.dorm\n", "pyproject.toml cannot be read"),
        ("[tool.dorm]\nsettings = 3\n", "settings of [tool.dorm] must be a text, not 3"),
    ],
)
def test_a_pyproject_that_cannot_be_used_is_told(project, text, words):
    project.write("pyproject.toml", text)
    with pytest.raises(CommandError, match="pyproject") as caught:
        loaded()
    assert words in str(caught.value)


def test_settings_that_are_not_there_are_told_with_what_to_do(folder):
    with pytest.raises(CommandError) as caught:
        loaded()
    assert "there is no settings module 'settings'" in str(caught.value)
    assert caught.value.status == 2


def test_a_file_is_answered_with_the_name_of_its_module(folder):
    with pytest.raises(CommandError, match=r"'mysite\.settings', not 'mysite/settings\.py'"):
        loaded("mysite/settings.py")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DEBUG = Tru\n", "NameError: name 'Tru' is not defined (settings.py, line 1)"),
        ("X = (\n", "SyntaxError: '(' was never closed (settings.py, line 1)"),
        ("import nowhere_at_all\n", "No module named 'nowhere_at_all' (settings.py, line 1)"),
        ("DATABASES = 3\n", "DATABASES must be a dict"),
    ],
)
def test_broken_settings_are_one_line_that_names_the_place(folder, run, text, words):
    folder.write("settings.py", text)
    done = run("check")
    assert done.status == 2 and words in done.err
    assert done.err.startswith("dorm: settings 'settings'")
    assert "Traceback" not in done.err


def test_a_second_call_forgets_what_the_first_one_set(project):
    project.write("settings.py", "USE_TZ = False\nOWN = 1\n")
    loaded()
    project.write("settings.py", "OWN = 22\n")
    loaded()
    assert (dorm.settings.USE_TZ, dorm.settings.OWN) == (True, 22)


def test_settings_that_call_configure_are_heard(folder):
    folder.write("settings.py", 'import dorm\n\ndorm.configure(DATABASES={"default": "sqlite:///x.db"})\n')
    loaded()
    assert get_connection().vendor == "sqlite"


def test_no_database_is_told_in_one_line(folder):
    folder.write("settings.py")
    loaded()
    with pytest.raises(CommandError, match=r"No database configured\. Uncomment one block") as caught:
        need_database()
    assert caught.value.status == 2


def test_a_database_of_another_name_is_told(project):
    loaded()
    with pytest.raises(CommandError, match=r"there is no database 'defalt'.*Did you mean 'default'"):
        need_database("defalt")


# -- where apps are -------------------------------------------------------------------------------


def test_every_package_with_models_is_an_app(project):
    project.app("blog", ONE_MODEL)
    project.app("shop", "class Item(dorm.Model):\n    pass\n")
    project.app("shop.payments", "class Payment(dorm.Model):\n    pass\n")
    project.write("helpers/__init__.py")
    found = loaded()
    assert list(found.apps) == ["blog", "shop", "shop.payments"]
    assert found.apps["shop.payments"] == project.path / "shop" / "payments"
    assert named(found) == ["blog.Post", "shop.Item", "shop.payments.Payment"]


def test_models_may_be_a_package(project):
    project.write("blog/__init__.py")
    project.write("blog/models/__init__.py", "from blog.models.posts import Post as Post\n")
    project.write("blog/models/posts.py", f"import dorm\n\n{ONE_MODEL}")
    found = loaded()
    assert list(found.apps) == ["blog"]


@pytest.mark.parametrize(
    "place", ["tests", "blog/tests", ".hidden", "node_modules/x", "blog/migrations", "build/lib", "env/lib/a"]
)
def test_models_of_others_are_never_imported(project, place):
    project.app("blog", ONE_MODEL)
    project.write("env/pyvenv.cfg")
    if place != "tests":
        project.write(f"{place}/__init__.py")
    project.write(f"{place}/inner/__init__.py")
    project.write(f"{place}/inner/models.py", "raise SystemExit('imported')\n")
    assert list(loaded().apps) == ["blog"]


def test_links_in_a_circle_end(project):
    project.app("blog", ONE_MODEL)
    os.symlink(project.path, project.path / "blog" / "again")
    assert list(loaded().apps) == ["blog"]


def test_a_module_beside_the_settings_is_no_app(project):
    project.write("models.py", "raise SystemExit('imported')\n")
    assert loaded().apps == {}


def test_apps_beside_dotted_settings_bear_the_name_of_their_package(folder):
    folder.write("mysite/__init__.py")
    folder.write("mysite/settings.py", "")
    folder.app("mysite.blog", ONE_MODEL)
    found = loaded("mysite.settings")
    assert list(found.apps) == ["mysite.blog"]
    assert found.label("blog") == "mysite.blog"


@pytest.mark.parametrize("inside", [True, False])
def test_a_dotted_package_is_found_from_both_folders(folder, monkeypatch, inside):
    folder.write("mysite/__init__.py")
    folder.write("mysite/settings.py", 'INSTALLED_APPS = ["mysite.blog"]\n')
    folder.app("mysite.blog", ONE_MODEL)
    if inside:
        monkeypatch.chdir(folder.path / "mysite")
    found = loaded("settings" if inside else "mysite.settings")
    assert named(found) == ["mysite.blog.Post"]


def test_apps_that_are_named_are_the_only_ones(project):
    project.write("settings.py", 'INSTALLED_APPS = ["shop.payments"]\n')
    project.app("blog", "raise SystemExit('imported')\n")
    project.app("shop.payments", ONE_MODEL)
    project.write("shop/__init__.py")
    assert named(loaded()) == ["shop.payments.Post"]


# -- what is wrong with apps ----------------------------------------------------------------------


def test_no_app_is_told_and_is_no_error(project, run):
    done = run("check")
    assert done.status == 0
    assert "no apps detected" in done.err and "no apps" not in done.out


def test_models_that_cannot_be_imported_are_a_warning_with_name_and_place(project, capsys):
    project.app("blog", ONE_MODEL)
    project.app("shop", f"{ONE_MODEL}\nOOPS\n")
    found = loaded()
    printed = capsys.readouterr()
    assert "warning: shop.models cannot be imported: NameError" in printed.err
    assert f"(shop{os.sep}models.py, line 6)" in printed.err
    assert list(found.apps) == ["blog"] and list(found.broken) == ["shop"]
    # What was defined before the mistake is no model of anybody's.
    assert "shop.Post" not in registry.models
    with pytest.raises(CommandError, match="the models of app 'shop' cannot be imported: NameError"):
        found.label("shop")


def test_an_unknown_app_is_a_warning_with_its_name(project, capsys):
    project.write("settings.py", 'INSTALLED_APPS = ["blgo", "blog"]\n')
    project.app("blog", ONE_MODEL)
    assert list(loaded().apps) == ["blog"]
    assert "warning: INSTALLED_APPS names 'blgo'" in capsys.readouterr().err


def test_an_app_without_models_is_no_warning(project, capsys):
    project.write("settings.py", 'INSTALLED_APPS = ["pages"]\n')
    project.write("pages/__init__.py")
    assert list(loaded().apps) == ["pages"]
    assert capsys.readouterr().err == ""


def test_an_app_that_is_not_there_is_not_found(project):
    project.app("blog", ONE_MODEL)
    with pytest.raises(CommandError, match=r"there is no app 'blgo'\. Did you mean 'blog'") as caught:
        loaded().label("blgo")
    assert caught.value.status == 1


def test_app_label_of_the_models_is_the_apps_name(project):
    meta = "    class Meta:\n        app_label = 'press'\n"
    project.app("blog", f"{ONE_MODEL}\n{meta}")
    found = loaded()
    assert list(found.apps) == ["press"]
    assert found.label("blog") == "press" and named(found) == ["press.Post"]


# -- more than one call in a process --------------------------------------------------------------


def test_changed_models_take_the_place_of_the_old_ones(project):
    project.app("blog", f"{ONE_MODEL}\n\nclass Tag(dorm.Model):\n    pass\n")
    loaded()
    project.app("blog", "class Post(dorm.Model):\n    name = dorm.CharField(max_length=50)\n")
    found = loaded()
    assert named(found) == ["blog.Post"]
    assert [field.name for field in found.models()[0]._meta.fields] == ["id", "name"]
    assert "blog.Tag" not in registry.models


def test_a_change_of_the_same_size_within_a_second_is_seen(project):
    for name in ("first", "other"):
        project.app("blog", f"class Post(dorm.Model):\n    {name} = dorm.IntegerField()\n")
        (post,) = loaded().models()
        assert post._meta.fields[1].name == name


def test_models_that_have_not_changed_stay_what_a_program_holds(project):
    project.app("blog", ONE_MODEL)
    first = loaded().models()
    assert loaded().models() == first


def test_a_second_call_keeps_the_models_beside_broken_ones(project):
    project.app("blog", ONE_MODEL)
    project.app("shop", "OOPS\n")
    loaded()
    assert named(loaded()) == ["blog.Post"]


def test_a_module_that_models_import_is_seen_to_change(project):
    project.write("words.py", "LENGTH = 5\n")
    project.app(
        "blog",
        "from words import LENGTH\n\nclass Post(dorm.Model):\n    t = dorm.CharField(max_length=LENGTH)\n",
    )
    loaded()
    project.write("words.py", "LENGTH = 77\n")
    (post,) = loaded().models()
    assert post._meta.get_field("t").max_length == 77


def test_another_project_takes_the_place_of_the_first(folder, monkeypatch):
    for name, field in (("one", "first"), ("two", "second")):
        folder.write(f"{name}/settings.py", f"WHO = {name!r}\n")
        folder.write(f"{name}/blog/__init__.py")
        text = f"import dorm\n\n\nclass Post(dorm.Model):\n    {field} = dorm.IntegerField()\n"
        folder.write(f"{name}/blog/models.py", text)
        monkeypatch.chdir(folder.path / name)
        (post,) = loaded().models()
        assert post._meta.fields[1].name == field
        assert dorm.settings.WHO == name
    assert str(folder.path / "one") not in sys.path
