"""`dorm dbcheck`: what it prints, to the letter, and how it ends.

Stands on `main()` in a project of its own. What is compared is in tests/migrations/test_drift.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import dorm
from dorm.cli.project import load
from dorm.db.connection import get_connection

MODELS = """
class Author(dorm.Model):
    name = dorm.CharField(max_length=100)

    class Meta:
        db_table = "authors"


class Post(dorm.Model):
    title = dorm.CharField(max_length=100)
    published_at = dorm.DateTimeField(null=True)

    class Meta:
        db_table = "posts"
"""

DRIFTED = """\
App 'blog':
  ✓ Author (authors)
  ✗ Post (posts):
      missing in DB: published_at
Drift detected. Run 'dorm makemigrations' / 'dorm migrate' to reconcile.
"""


@pytest.fixture
def blog(project):
    """Write an app whose tables are there."""
    project.app("blog", MODELS)
    from argparse import Namespace

    dorm.create_tables(*load(Namespace(settings=None)).models())
    return project


def drop_column():
    get_connection().execute_script("ALTER TABLE posts DROP COLUMN published_at")


def test_what_is_as_it_should_be_ends_with_0(blog, run):
    done = run("dbcheck")
    assert done.status == 0
    assert done.out == (
        "App 'blog':\n  ✓ Author (authors)\n  ✓ Post (posts)\nAll models match the database schema.\n"
    )


def test_drift_ends_with_1_and_says_where(blog, run):
    drop_column()
    done = run("dbcheck")
    assert (done.status, done.out) == (1, DRIFTED)


def test_the_table_of_a_many_to_many_field_is_told_by_the_field(blog, run):
    blog.app("shop", "class Item(dorm.Model):\n    others = dorm.ManyToManyField('self')\n")
    assert run("dbcheck", "shop").out.splitlines()[:5] == [
        "App 'shop':",
        "  ✗ Item (shop_item):",
        "      table missing in DB: shop_item",
        "  ✗ Item.others (shop_item_others):",
        "      table missing in DB: shop_item_others",
    ]


def test_apps_are_chosen_by_name(blog, run):
    blog.app("shop", "class Item(dorm.Model):\n    pass\n")
    assert run("dbcheck", "blog").status == 0
    done = run("dbcheck", "shop", "blog")
    assert done.status == 1
    assert "App 'shop':\n  ✗ Item (shop_item):\n      table missing in DB: shop_item\n" in done.out


def test_an_unknown_app_is_not_found(blog, run):
    done = run("dbcheck", "blgo")
    assert (done.status, done.out) == (1, "")
    assert done.err == "dorm: there is no app 'blgo'. Did you mean 'blog'? Apps: blog.\n"


def test_json_is_for_programs(blog, run):
    drop_column()
    done = run("dbcheck", "--json")
    assert done.status == 1
    author, post = json.loads(done.out)
    assert author == {"app": "blog", "model": "Author", "table": "authors", "differences": []}
    assert post["differences"] == [
        {"kind": "column", "name": "published_at", "database": None, "model": "published_at"}
    ]


def test_without_a_database_it_says_so(folder, run):
    folder.write("settings.py")
    folder.app("blog", MODELS)
    done = run("dbcheck")
    assert done.status == 2
    assert done.err == (
        "dorm: No database configured. Uncomment one block in settings.py, "
        "or run: dorm init --database sqlite\n"
    )


def test_another_database_is_asked_for_by_its_alias(blog, run):
    blog.write(
        "settings.py", 'DATABASES = {"default": "sqlite:///db.sqlite3", "other": "sqlite:///other.sqlite3"}\n'
    )
    assert run("dbcheck").status == 0
    assert run("dbcheck", "--database", "other").status == 1
    assert "there is no database 'nix'" in run("dbcheck", "--database", "nix").err


def test_a_stream_that_cannot_hold_the_marks_gets_words(blog):
    drop_column()
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "dorm", "dbcheck"], capture_output=True, text=True, check=False, env=environ
    )
    assert done.returncode == 1
    assert done.stdout == DRIFTED.replace("✓", "OK").replace("✗", "x")


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {}])
def test_a_pipe_gets_plain_text(blog, environ):
    drop_column()
    done = subprocess.run(
        [sys.executable, "-m", "dorm", "dbcheck"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", **environ},
    )
    assert done.stdout.decode("utf-8") == DRIFTED


RICH = """
class Writer(dorm.Model):
    name = dorm.CharField(max_length=100, unique=True)
    born = dorm.DateField(null=True, db_index=True)
    mentor = dorm.ForeignKey("self", on_delete=dorm.DB_SET_NULL, null=True, related_name="pupils")


class Book(dorm.Model):
    title = dorm.CharField(max_length=200, db_default="untitled")
    pages = dorm.PositiveIntegerField(default=0)
    price = dorm.DecimalField(max_digits=7, decimal_places=2, null=True)
    writer = dorm.ForeignKey(Writer, on_delete=dorm.CASCADE)
    sequel = dorm.OneToOneField("self", on_delete=dorm.SET_NULL, null=True)
    readers = dorm.ManyToManyField(Writer, related_name="read")

    class Meta:
        unique_together = [("title", "writer")]
        indexes = [
            dorm.Index(fields=["title", "-pages"], name="book_title"),
            dorm.Index(fields=["price"], name="book_price", condition=dorm.Q(pages__gt=5)),
        ]
        constraints = [dorm.CheckConstraint(condition=dorm.Q(pages__lt=9999), name="book_pages")]
"""


def test_what_migrations_made_and_changed_is_as_the_models_say(database, folder, run):
    folder.write("settings.py", f"DATABASES = {{'default': {database.settings!r}}}\n")
    folder.app("shelf", RICH)
    assert run("makemigrations").status == run("migrate").status == 0
    assert run("dbcheck").status == 0

    changed = (
        RICH.replace("max_length=200", "max_length=150")
        .replace("dorm.PositiveIntegerField(default=0)", "dorm.BigIntegerField(null=True)")
        .replace("born = dorm.DateField(null=True, db_index=True)", "born = dorm.DateField(null=True)")
        .replace(
            'name="book_pages")]',
            'name="book_pages"),\n'
            '            dorm.UniqueConstraint(fields=["price", "pages"], name="book_both")]',
        )
        .replace('unique_together = [("title", "writer")]', 'db_table = "books"')
    )
    folder.app("shelf", changed)
    drifted = run("dbcheck")
    assert drifted.status == 1
    assert run("makemigrations", "--no-input").status == run("migrate").status == 0
    done = run("dbcheck")
    assert (done.status, done.err) == (0, ""), done.out
