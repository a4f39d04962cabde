"""`dorm squashmigrations`: one migration in place of several, on fresh databases and on others."""

from __future__ import annotations

import pytest

from dorm.db.connection import get_connection

FIELDS = (
    "title = dorm.CharField(max_length=50)",
    "body = dorm.TextField(null=True)",
    "age = dorm.IntegerField(null=True)",
)


def write_models(project, version):
    fields = "\n    ".join(FIELDS[: version + 1])
    project.app("blog", f"class Post(dorm.Model):\n    {fields}\n")


@pytest.fixture
def blog(project, run):
    """An app with three migrations."""
    for version in range(3):
        write_models(project, version)
        assert run("makemigrations").status == 0
    return project


def files(project):
    return sorted(path.name for path in (project.path / "blog/migrations").glob("[0-9]*.py"))


def columns():
    return [column["name"] for column in get_connection().get_table_columns("blog_post")]


def recorded():
    return sorted(name for (name,) in get_connection().execute("SELECT name FROM dorm_migrations"))


def test_a_squashed_migration_stands_for_its_parts_on_a_fresh_database(blog, run):
    done = run("squashmigrations", "blog", "0003")
    assert done.status == 0, done.err
    assert "Created squashed migration blog/migrations/0001_squashed_0003_post_age.py\n" in done.out
    assert "  Replaces 0001_initial, 0002_post_body, 0003_post_age\n" in done.out
    assert "Optimized 3 operations to 1." in done.out
    done = run("migrate")
    assert done.out.count("Applying") == 1
    assert columns() == ["id", "title", "body", "age"]
    assert " [X] 0001_squashed_0003_post_age (3 squashed migrations)\n" in run("showmigrations").out
    assert run("makemigrations", "--check").status == 0
    assert run("migrate", "blog", "zero").status == 0
    assert recorded() == []


def test_where_all_parts_are_applied_it_is_recorded_and_not_run(blog, run):
    run("migrate")
    run("squashmigrations", "blog", "1", "3", "--squashed-name", "start")
    assert "0001_start.py" in files(blog)
    done = run("migrate")
    assert "No migrations to apply." in done.out
    assert "0001_start" in recorded()
    assert run("makemigrations", "--check").status == 0


def test_where_some_parts_are_applied_the_others_are_applied_and_it_is_recorded(blog, run):
    run("migrate", "blog", "0002")
    run("squashmigrations", "blog", "0003")
    done = run("migrate")
    assert "Applying blog.0003_post_age... OK" in done.out
    assert columns() == ["id", "title", "body", "age"]
    assert "0001_squashed_0003_post_age" in recorded()


def test_the_parts_may_be_removed_once_it_is_applied(blog, run):
    run("migrate")
    run("squashmigrations", "blog", "0003")
    run("migrate")
    for name in ("0001_initial", "0002_post_body", "0003_post_age"):
        (blog.path / f"blog/migrations/{name}.py").unlink()
    squashed = blog.path / "blog/migrations/0001_squashed_0003_post_age.py"
    assert run("migrate", "blog", "--prune").status == 1
    text = squashed.read_text()
    start = text.index("replaces")
    squashed.write_text(text[:start] + text[text.index("dependencies") :])
    assert "No migrations to apply." in run("migrate").out
    assert run("migrate", "blog", "--prune").out.count("Pruning") == 3
    assert recorded() == ["0001_squashed_0003_post_age"]


def test_a_start_in_the_middle_leaves_what_is_before_it(blog, run):
    done = run("squashmigrations", "blog", "0002", "0003", "--no-optimize")
    assert done.status == 0, done.err
    assert "0002_squashed_0003_post_age.py" in files(blog)
    assert "Optimized" not in done.out
    assert run("migrate").out.count("Applying") == 2
    assert columns() == ["id", "title", "body", "age"]


def test_what_cannot_be_squashed_is_told(blog, run):
    blog.app("bare", "")
    assert "no migrations directory" in run("squashmigrations", "bare", "0001").err
    blog.write("bare/migrations/__init__.py")
    assert "No migrations found" in run("squashmigrations", "bare", "0001").err
    assert run("squashmigrations", "blog", "0009").status == 1
    done = run("squashmigrations", "blog", "0003", "0002")
    assert done.status == 1
    assert "squash from the earlier to the later" in done.err
    assert run("squashmigrations", "blog", "1", "2", "3").status == 2
    assert run("squashmigrations", "blog", "2", "--squashed-name", "a/b").status == 2
    done = run("squashmigrations", "blog", "0002", "0002")
    assert done.status == 1
    assert "nothing to squash" in done.err
