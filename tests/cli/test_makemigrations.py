"""`dorm makemigrations`: what it writes, what it prints, and what it ends with."""

from __future__ import annotations

import pytest

from dorm.cli import migrations
from dorm.db.connection import get_connection

POST = """
class Post(dorm.Model):
    title = dorm.CharField(max_length=50)
"""
LONGER = POST + "    body = dorm.TextField(null=True)\n"
RENAMED = """
class Post(dorm.Model):
    headline = dorm.CharField(max_length=50)
"""
AGED = POST + "    age = dorm.IntegerField()\n"


@pytest.fixture
def blog(project):
    project.app("blog", POST)
    return project


def files(project, app="blog"):
    folder = project.path / app / "migrations"
    return sorted(path.name for path in folder.glob("[0-9]*.py"))


def columns(table="blog_post"):
    return [column["name"] for column in get_connection().get_table_columns(table)]


def test_the_first_migration_makes_the_folder(blog, run):
    done = run("makemigrations")
    assert done == (
        0,
        "Migrations for 'blog':\n"
        "  Created migration blog/migrations/0001_initial.py\n"
        "    + Create model Post\n",
        "",
    )
    assert files(blog) == ["0001_initial.py"]
    assert (blog.path / "blog/migrations/__init__.py").exists()
    assert run("migrate").status == 0
    assert columns() == ["id", "title"]


def test_nothing_new_is_no_migration(blog, run):
    run("makemigrations")
    assert run("makemigrations") == (0, "No changes detected\n", "")
    assert run("makemigrations", "blog") == (0, "No changes detected in app 'blog'\n", "")
    assert files(blog) == ["0001_initial.py"]


def test_no_database_is_asked_nor_needed(blog, run):
    blog.write("settings.py", "")
    assert run("makemigrations").status == 0
    assert files(blog) == ["0001_initial.py"]


def test_a_change_is_a_migration_that_says_so_in_its_name(blog, run):
    run("makemigrations")
    blog.app("blog", LONGER)
    done = run("makemigrations")
    assert "  Created migration blog/migrations/0002_post_body.py\n    + Add field body to Post\n" in done.out
    assert run("migrate").status == 0
    assert columns() == ["id", "title", "body"]
    assert run("makemigrations", "--check").status == 0


def test_a_name_may_be_given(blog, run):
    assert "0001_start.py" in run("makemigrations", "--name", "start").out
    assert files(blog) == ["0001_start.py"]
    done = run("makemigrations", "--name", "../evil")
    assert done.status == 2
    assert "--name takes letters" in done.err


def test_only_the_apps_that_are_named_are_looked_at(blog, run):
    blog.app("shop", POST.replace("Post", "Item"))
    assert "shop" not in run("makemigrations", "blog").out
    assert files(blog, "shop") == []
    done = run("makemigrations", "blgo")
    assert (done.status, done.out) == (1, "")
    assert "Did you mean 'blog'?" in done.err


def test_check_writes_nothing_and_ends_with_one(blog, run):
    done = run("makemigrations", "--check")
    assert done.status == 1
    assert "Would create migration blog/migrations/0001_initial.py" in done.out
    assert files(blog) == []
    run("makemigrations")
    assert run("makemigrations", "--check") == (0, "No changes detected\n", "")


def test_a_dry_run_shows_and_writes_nothing(blog, run):
    done = run("makemigrations", "--dry-run")
    assert done.status == 0
    assert "Would create migration blog/migrations/0001_initial.py\n    + Create model Post" in done.out
    assert files(blog) == []
    assert "CreateModel(" in run("makemigrations", "--dry-run", "--verbosity", "3").out


def test_an_empty_migration_is_for_a_hand_to_fill(blog, run):
    run("makemigrations")
    done = run("makemigrations", "blog", "--empty", "--name", "rows")
    assert "  Created empty migration blog/migrations/0002_rows.py" in done.out
    assert files(blog) == ["0001_initial.py", "0002_rows.py"]
    assert run("migrate").status == 0
    done = run("makemigrations", "--empty")
    assert done.status == 2
    assert "Error" in done.err
    assert "--empty" in done.err


def test_two_last_migrations_are_joined(blog, run):
    run("makemigrations")
    for name in ("one", "two"):
        run("makemigrations", "blog", "--empty", "--name", name)
    second = blog.path / "blog/migrations/0003_two.py"
    second.write_text(second.read_text().replace("0002_one", "0001_initial"))
    for words in (("makemigrations",), ("migrate",)):
        done = run(*words)
        assert done.status == 1
        assert "0002_one, 0003_two in blog" in done.err
        assert "dorm makemigrations --merge" in done.err
    done = run("makemigrations", "--merge")
    assert done.status == 0
    assert "  Branch 0002_one\n" in done.out
    assert "Created merge migration blog/migrations/0004_merge_0002_one_0003_two.py" in done.out
    assert run("migrate").out.count("Applying") == 4
    assert run("makemigrations", "--merge") == (0, "No conflicts detected to merge.\n", "")


def test_paths_alone_are_for_programs(blog, run):
    done = run("makemigrations", "--scriptable")
    assert (done.status, done.out) == (0, "blog/migrations/0001_initial.py\n")
    assert "Created migration" in done.err


def test_silence_can_be_asked_for(blog, run):
    assert run("makemigrations", "--verbosity", "0") == (0, "", "")
    assert files(blog) == ["0001_initial.py"]


def test_what_is_new_may_go_into_the_last_migration_while_that_is_not_applied(blog, run):
    run("makemigrations")
    blog.app("blog", LONGER)
    assert "Would update migration" in run("makemigrations", "--update", "--dry-run").out
    done = run("makemigrations", "--update")
    assert done == (
        0,
        "Migrations for 'blog':\n"
        "  Updated migration blog/migrations/0001_initial.py\n"
        "    + Create model Post\n",
        "",
    )
    assert files(blog) == ["0001_initial.py"]
    assert run("makemigrations", "--check").status == 0
    run("migrate")
    assert columns() == ["id", "title", "body"]
    blog.app("blog", POST)
    done = run("makemigrations", "--update")
    assert done.status == 1
    assert "blog.0001_initial is applied already" in done.err


def test_an_update_is_of_one_migration_that_nothing_stands_on(blog, run):
    assert "blog has no migrations yet" in run("makemigrations", "--update").err
    run("makemigrations")
    blog.app(
        "shop", 'class Item(dorm.Model):\n    post = dorm.ForeignKey("blog.Post", on_delete=dorm.CASCADE)\n'
    )
    run("makemigrations")
    blog.app("blog", LONGER)
    assert "others that depend on it" in run("makemigrations", "--update").err
    blog.app("bare", POST)
    assert "something new in bare, blog" in run("makemigrations", "--update").err


# -- questions ------------------------------------------------------------------------------------


def test_without_a_terminal_what_may_be_a_rename_is_an_error_that_says_what_to_type(blog, run):
    run("makemigrations")
    blog.app("blog", RENAMED)
    done = run("makemigrations")
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "--rename blog.Post.title=headline" in done.err
    assert files(blog) == ["0001_initial.py"]
    done = run("makemigrations", "--rename", "blog.Post.title=headline")
    assert "Rename field title on Post to headline" in done.out or "headline" in done.out
    run("migrate")
    assert columns() == ["id", "headline"]


def test_without_a_terminal_a_value_that_rows_need_is_an_error_that_says_what_to_type(blog, run):
    run("makemigrations")
    blog.app("blog", AGED)
    done = run("makemigrations")
    assert done.status == 1
    assert "--default blog.Post.age=VALUE" in done.err
    run("migrate")
    get_connection().execute("INSERT INTO blog_post (title) VALUES ('old')")
    assert run("makemigrations", "--default", "blog.Post.age=7").status == 0
    assert run("migrate").status == 0
    assert get_connection().execute("SELECT title, age FROM blog_post") == [("old", 7)]


@pytest.fixture
def terminal(monkeypatch):
    """Give the test a person: what is typed, line by line, and what was shown to them before."""

    def type_in(*lines):
        waiting = iter([f"{line}\n" for line in lines])

        class Keyboard:
            def isatty(self):
                return True

            def readline(self):
                return next(waiting, "")

        monkeypatch.setattr(migrations.sys, "stdin", Keyboard())

    return type_in


def test_in_a_terminal_a_rename_is_asked_for(blog, run, terminal):
    run("makemigrations")
    blog.app("blog", RENAMED)
    terminal("maybe", "y")
    done = run("makemigrations")
    assert done.status == 0
    assert "Was blog.Post.title renamed to blog.Post.headline (a CharField)? [y/N]" in done.err
    run("migrate")
    assert columns() == ["id", "headline"]


def test_no_input_asks_nobody(blog, run, terminal):
    run("makemigrations")
    blog.app("blog", RENAMED)
    terminal("y")
    assert run("makemigrations", "--no-input").status == 1


def test_an_input_that_ends_writes_nothing(blog, run, terminal):
    run("makemigrations")
    blog.app("blog", AGED)
    terminal("1")
    done = run("makemigrations")
    assert done.status == 1
    assert "there was no answer" in done.err
    assert files(blog) == ["0001_initial.py"]


# -- whole projects -------------------------------------------------------------------------------


def test_apps_that_refer_to_one_another_are_made_and_applied(project, run):
    project.app(
        "blog",
        """
        class Post(dorm.Model):
            author = dorm.ForeignKey("people.Author", on_delete=dorm.CASCADE)
            tags = dorm.ManyToManyField("Tag")

        class Tag(dorm.Model):
            name = dorm.CharField(max_length=20, unique=True)
        """,
    )
    project.app(
        "people",
        """
        class Author(dorm.Model):
            favourite = dorm.ForeignKey(
                "blog.Post", null=True, on_delete=dorm.SET_NULL, related_name="fans"
            )
        """,
    )
    assert run("makemigrations").status == 0
    done = run("migrate")
    assert done.status == 0, done.err
    assert run("makemigrations", "--check").out == "No changes detected\n"
    assert run("dbcheck").status == 0
    assert run("migrate", "people", "zero").status == 0
    assert run("migrate").status == 0
    assert run("dbcheck").status == 0


def test_an_app_whose_models_cannot_be_imported_is_left_as_it_is(blog, run):
    run("makemigrations")
    blog.write("broken/__init__.py")
    blog.write("broken/models.py", "import nowhere\n")
    done = run("makemigrations")
    assert done.status == 0
    assert done.out == "No changes detected\n"
    assert "broken" in done.err


def test_a_model_of_no_app_is_told(project, run):
    project.app(
        "blog", POST + "\n\nclass Other(dorm.Model):\n    class Meta:\n        app_label = 'elsewhere'\n"
    )
    done = run("makemigrations")
    assert done.status == 0
    assert "blog.models.Other has the app_label 'elsewhere', which no app here has" in done.err
    assert "Other" not in done.out
