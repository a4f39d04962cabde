"""`dorm migrate`, `showmigrations` and `sqlmigrate`: what they print, and what they end with."""

from __future__ import annotations

import json

import pytest

from dorm.db.connection import get_connection
from tests.migrations.folders import Apps

MODELS = """
class Post(dorm.Model):
    title = dorm.CharField(max_length=50)
"""


@pytest.fixture
def blog(project):
    """Two apps with migrations, and one without."""
    for name in ("blog", "shop", "bare"):
        project.app(name, MODELS)
    apps = Apps(project.path)
    apps.table("blog", "0001_initial", "blog_one")
    apps.table("blog", "0002_two", "blog_two")
    apps.table("shop", "0001_initial", "shop_one", after=[("blog", "0001_initial")])
    return apps


def tables():
    return {name for name in ("blog_one", "blog_two", "shop_one") if get_connection().table_exists(name)}


# -- migrate --------------------------------------------------------------------------------------


def test_migrate_tells_what_it_does(blog, run):
    done = run("migrate")
    assert done.status == 0
    assert "  Applying blog.0001_initial... OK\n" in done.out
    assert "  Applying blog.0002_two... OK\n" in done.out
    assert "No migrations directory for 'bare'" in done.out
    assert done.err == ""
    assert tables() == {"blog_one", "blog_two", "shop_one"}


def test_a_second_migrate_finds_nothing_to_do(blog, run):
    run("migrate")
    done = run("migrate")
    assert done.status == 0
    assert "No migrations to apply." in done.out
    assert "Applying" not in done.out


def test_models_that_have_no_migration_yet_are_told_of(project, run):
    project.app("blog", MODELS)
    run("makemigrations")
    run("migrate")
    assert run("migrate").err == ""
    # A new field without a default, perhaps the old one by another name: nothing is asked here.
    project.app("blog", MODELS.replace("title", "headline"))
    done = run("migrate")
    assert done.status == 0
    assert done.out.endswith("  No migrations to apply.\n")
    assert done.err == "The models of 'blog' have changed since: dorm makemigrations blog\n"
    assert run("migrate", "-v", "0").err == ""


def test_migrate_takes_an_app_a_target_and_several_apps(blog, run):
    assert run("migrate", "blog", "0001").out.count("Applying") == 1
    assert tables() == {"blog_one"}
    assert "Unapplying blog.0001_initial... OK" in run("migrate", "blog", "zero").out
    assert run("migrate", "blog", "shop").out.count("Applying") == 3
    assert "No migrations to apply" in run("migrate", "shop").out


def test_an_unknown_app_or_target_is_told_with_the_nearest_and_ends_with_one(blog, run):
    done = run("migrate", "blogg")
    assert (done.status, done.out) == (1, "")
    assert "no app 'blogg'. Did you mean 'blog'?" in done.err
    done = run("migrate", "blog", "0002_tow")
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "there is no migration blog.0002_tow. Did you mean '0002_two'?" in done.err
    assert tables() == set()


def test_wrong_usage_and_a_missing_database_end_with_two(blog, run):
    assert run("migrate", "--fakee").status == 2
    done = run("migrate", "--database", "defualt")
    assert done.status == 2
    assert "Did you mean 'default'?" in done.err


def test_a_named_app_without_migrations_says_so(blog, run):
    done = run("migrate", "bare")
    assert done.status == 0
    assert "No migrations directory for 'bare'" in done.out


def test_migrate_plan_shows_and_does_nothing(blog, run):
    done = run("migrate", "--plan")
    assert done.status == 0
    assert "Planned operations:\nblog.0001_initial\n    Run SQL\n" in done.out
    assert tables() == set()
    run("migrate")
    assert "    Undo Run SQL" in run("migrate", "shop", "zero", "--plan").out
    assert "No planned migration operations." in run("migrate", "--plan").out


def test_migrate_check_ends_with_one_while_something_is_to_be_done(blog, run):
    assert run("migrate", "--check").status == 1
    assert tables() == set()
    run("migrate")
    assert run("migrate", "--check").status == 0


def test_a_dry_run_shows_the_sql_and_runs_nothing(blog, run):
    done = run("migrate", "--dry-run")
    assert done.status == 0
    assert "SQL that would run" in done.out
    assert "CREATE TABLE blog_one (id INTEGER);" in done.out
    assert not get_connection().table_exists("dorm_migrations")
    run("migrate")
    assert "DROP TABLE shop_one;" in run("migrate", "shop", "zero", "--dry-run").out
    assert "No migrations to apply" in run("migrate", "--dry-run").out


def test_fake_migrations_are_marked(blog, run):
    done = run("migrate", "--fake")
    assert "  Applying blog.0001_initial... FAKED\n" in done.out
    assert tables() == set()


def test_silence_can_be_asked_for(blog, run):
    assert run("migrate", "--verbosity", "0") == (0, "", "")
    assert len(tables()) == 3


def test_records_without_a_file_are_pruned(blog, run):
    run("migrate")
    (blog["blog"] / "0002_two.py").unlink()
    assert run("migrate", "--prune").status == 2
    done = run("migrate", "blog", "--prune")
    assert (done.status, done.out) == (0, "  Pruning blog.0002_two OK\n")
    assert run("migrate", "blog", "--prune").out == "  No migrations to prune.\n"
    assert len(json.loads(run("showmigrations", "--json").out)) == 2


def test_a_migration_that_fails_is_one_line_with_its_place(blog, run):
    blog.write(
        "blog",
        "0003_fails",
        """
        def fail(app_label, registry):
            raise ZeroDivisionError("half way")

        operations = [RunSQL("CREATE TABLE half (id INTEGER)"), RunPython(fail)]
        """,
    )
    done = run("migrate")
    assert done.status == 1
    assert "  Applying blog.0003_fails... FAILED\n" in done.out
    assert done.err.count("\n") == 1
    assert "blog.0003_fails: ZeroDivisionError: half way (blog/migrations/0003_fails.py, line 7)" in done.err
    assert "operation 2: Run Python" in done.err
    assert "nothing of it was kept" in done.err
    assert not get_connection().table_exists("half")
    assert "line 7, in fail" in run("migrate", "--traceback").err


# -- showmigrations -------------------------------------------------------------------------------


def test_showmigrations_marks_what_is_applied(blog, run):
    run("migrate", "blog", "0001")
    assert run("showmigrations") == (
        0,
        "bare\n (no migrations)\nblog\n [X] 0001_initial\n [ ] 0002_two\nshop\n [ ] 0001_initial\n",
        "",
    )
    assert run("showmigrations", "shop").out == "shop\n [ ] 0001_initial\n"
    assert run("showmigrations", "bare") == (0, "bare\n (no migrations)\n", "")


def test_showmigrations_of_an_unknown_app_ends_with_one(blog, run):
    assert run("showmigrations", "shoop").status == 1


def test_showmigrations_plan_is_in_the_order_of_dependencies(blog, run):
    run("migrate", "blog", "0001")
    lines = run("showmigrations", "--plan").out.splitlines()
    assert lines[0] == "[X]  blog.0001_initial"
    assert sorted(lines[1:]) == ["[ ]  blog.0002_two", "[ ]  shop.0001_initial"]
    assert run("showmigrations", "--plan", "shop").out == "[X]  blog.0001_initial\n[ ]  shop.0001_initial\n"


def test_showmigrations_for_programs(blog, run):
    run("migrate", "blog", "0001")
    assert json.loads(run("showmigrations", "--json", "blog").out) == [
        {"app": "blog", "name": "0001_initial", "applied": True, "replaces": []},
        {"app": "blog", "name": "0002_two", "applied": False, "replaces": []},
    ]


# -- sqlmigrate -----------------------------------------------------------------------------------


def test_sqlmigrate_prints_one_migration_either_way(blog, run):
    assert run("sqlmigrate", "blog", "0002") == (
        0,
        "BEGIN;\n--\n-- Run SQL\n--\nCREATE TABLE blog_two (id INTEGER);\nCOMMIT;\n",
        "",
    )
    assert "DROP TABLE blog_two;" in run("sqlmigrate", "blog", "2", "--backwards").out
    assert not get_connection().table_exists("dorm_migrations")


def test_sqlmigrate_for_programs(blog, run):
    assert json.loads(run("sqlmigrate", "shop", "0001", "--json").out) == {
        "app": "shop",
        "name": "0001_initial",
        "backwards": False,
        "atomic": True,
        "statements": ["CREATE TABLE shop_one (id INTEGER)"],
    }


def test_sqlmigrate_of_what_there_is_not_ends_with_one(blog, run):
    assert run("sqlmigrate", "blog", "0009").status == 1
    assert run("sqlmigrate", "blog", "zero").status == 1
    assert run("sqlmigrate", "bare", "0001").status == 1
