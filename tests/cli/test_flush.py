"""`dorm flush`: what it empties, and that it asks.

Stands on `main()` for the asking, and on the coroutine, in both colours, for the emptying.
"""

from __future__ import annotations

import io

import pytest

import dorm
from dorm._run import run_sync
from dorm.actions.flush import flush
from dorm.db.connection import async_executor, executor, get_connection


class Team(dorm.Model):
    name = dorm.CharField(max_length=20)
    chief = dorm.ForeignKey("Member", on_delete=dorm.SET_NULL, null=True, related_name="+")

    class Meta:
        app_label = "flush"


class Member(dorm.Model):
    team = dorm.ForeignKey(Team, on_delete=dorm.PROTECT)
    friends = dorm.ManyToManyField("self")

    class Meta:
        app_label = "flush"


TABLES = ["flush_team", "flush_member", "flush_member_friends"]


@pytest.fixture
def filled(database):
    dorm.create_tables(Team, Member)
    team = Team.objects.create(name="a")
    member = Member.objects.create(team=team)
    member.friends.add(Member.objects.create(team=team))
    Team.objects.update(chief=member)


@pytest.fixture
def emptied(call):
    def emptied(tables):
        async def program():
            return await flush(async_executor(), tables)

        return call.run(lambda: run_sync(flush(executor(), tables)), program)

    return emptied


def test_rows_that_refer_to_one_another_all_go(filled, emptied):
    assert emptied(TABLES) == TABLES
    assert (Team.objects.count(), Member.objects.count()) == (0, 0)


def test_numbers_begin_anew(filled, emptied):
    emptied(TABLES)
    assert Team.objects.create(name="b").pk == 1


def test_tables_that_are_not_there_are_passed_over(filled, emptied):
    assert emptied(["nowhere"]) == []
    assert emptied(["nowhere", *TABLES]) == TABLES


def test_a_table_that_is_still_referred_to_keeps_its_rows(filled, emptied):
    with pytest.raises(dorm.DatabaseError):
        emptied(["flush_team"])
    assert Team.objects.count() == 1


@pytest.fixture
def blog(project, run):
    project.app("blog", "class Post(dorm.Model):\n    title = dorm.CharField(max_length=9)\n")
    assert run("check").status == 0
    get_connection().execute_script(
        "CREATE TABLE blog_post (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT);"
        "INSERT INTO blog_post (title) VALUES ('a'); CREATE TABLE other (x); INSERT INTO other VALUES (1)"
    )
    return project


def rows(table):
    return get_connection().execute(f"SELECT count(*) FROM {table}")[0][0]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("answer", "status", "left"), [("yes\n", 0, 0), ("y\n", 1, 1), ("", 1, 1)])
def test_flush_asks_before_it_deletes(blog, run, monkeypatch, answer, status, left):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    done = run("flush")
    assert done.status == status
    assert "every row of the project's tables in db.sqlite3 (default)" in done.err
    assert rows("blog_post") == left


def test_without_a_terminal_flush_refuses(blog, run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    done = run("flush")
    assert (done.status, done.out) == (2, "")
    assert "give --no-input" in done.err
    assert rows("blog_post") == 1


def test_flush_without_input_empties_the_projects_tables_alone(blog, run):
    done = run("flush", "--no-input")
    assert (done.status, done.out) == (0, "Deleted all rows of 1 table.\n")
    assert (rows("blog_post"), rows("other")) == (0, 1)
