"""A table that SQLite makes anew keeps all that belongs to it, and all that refers to it."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from dorm.exceptions import IntegrityError
from dorm.migrations.operations import AddField, AlterField, CreateModel, RemoveField, RenameField, RunSQL
from tests.migrations.project import Project

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# What cannot be done in place.
ANEW = AlterField("Author", "name", dorm.CharField(max_length=80, unique=True))


@pytest.fixture
def project(call: Any) -> Project:
    made = Project(call)
    made.forwards(
        CreateModel(
            "Author",
            [
                ("id", dorm.BigAutoField()),
                ("name", dorm.CharField(max_length=40)),
                ("age", dorm.IntegerField(null=True)),
                ("boss", dorm.ForeignKey("self", dorm.DB_CASCADE, null=True)),
            ],
        ),
        CreateModel(
            "Book",
            [
                ("id", dorm.BigAutoField()),
                ("author", dorm.ForeignKey("Author", dorm.DB_CASCADE, related_name="books")),
                ("second", dorm.ForeignKey("Author", dorm.DB_SET_NULL, null=True, related_name="+")),
            ],
        ),
    )
    Author, Book = made.model("Author"), made.model("Book")
    ada = call(Author.objects.create, name="Ada", age=36)
    call(Author.objects.create, name="Bob", boss=ada)
    call(Book.objects.create, author=ada, second=ada)
    return made


def names(project: Project) -> list[str]:
    return [name for (name,) in project.sql("SELECT name FROM shop_author ORDER BY name")]


def test_rows_that_refer_to_it_stay(project: Project) -> None:
    project.forwards(ANEW)

    assert names(project) == ["Ada", "Bob"]
    assert project.sql("SELECT author_id, second_id FROM shop_book") == [(1, 1)]
    assert project.sql("SELECT boss_id FROM shop_author ORDER BY id") == [(None,), (1,)]
    assert project.sql("PRAGMA foreign_key_check") == []
    assert project.sql("PRAGMA integrity_check") == [("ok",)]


def test_keys_that_refer_to_it_go_on_being_checked(project: Project) -> None:
    project.forwards(ANEW)

    with pytest.raises(IntegrityError):
        project.sql("INSERT INTO shop_book (author_id) VALUES (77)")
    with pytest.raises(IntegrityError):
        project.sql("UPDATE shop_author SET boss_id = 77")
    project.sql("DELETE FROM shop_author WHERE name = 'Ada'")
    assert names(project) == []
    assert project.sql("SELECT * FROM shop_book") == []


def test_no_other_name_is_left_behind(project: Project) -> None:
    project.forwards(ANEW)

    rows = project.sql("SELECT name, sql FROM sqlite_master")
    assert not [row for row in rows if "dorm_" in f"{row}"]


def test_triggers_and_views_stay(project: Project) -> None:
    project.forwards(
        RunSQL(
            """
            CREATE TABLE log (said text);
            CREATE VIEW older AS SELECT name FROM shop_author WHERE age > 30;
            CREATE TRIGGER renamed AFTER UPDATE OF name ON shop_author
                BEGIN INSERT INTO log VALUES (old.name || ' is ' || new.name); END;
            CREATE TRIGGER written AFTER INSERT ON shop_book
                BEGIN UPDATE shop_author SET age = age + 1 WHERE id = new.author_id; END;
            """
        )
    )

    project.forwards(ANEW)

    project.sql("UPDATE shop_author SET name = 'Zoe' WHERE name = 'Ada'")
    project.sql("INSERT INTO shop_book (author_id) VALUES (1)")
    assert project.sql("SELECT said FROM log") == [("Ada is Zoe",)]
    assert project.sql("SELECT age FROM shop_author WHERE id = 1") == [(37,)]
    assert project.sql("SELECT name FROM older") == [("Zoe",)]


def test_triggers_and_views_follow_a_new_name(project: Project) -> None:
    project.forwards(
        RunSQL("CREATE VIEW older AS SELECT name FROM shop_author WHERE age > 30"),
        RenameField("Author", "name", "title"),
        AlterField("Author", "title", dorm.TextField()),
    )

    # The view's own column has the name that the view gives it.
    assert project.sql("SELECT * FROM older") == [("Ada",)]


def test_what_was_made_by_hand_stays(project: Project) -> None:
    project.forwards(
        RunSQL(
            """
            ALTER TABLE shop_author ADD COLUMN score INTEGER DEFAULT 5;
            ALTER TABLE shop_author ADD COLUMN book_id INTEGER REFERENCES shop_book (id) ON DELETE SET NULL;
            ALTER TABLE shop_author ADD COLUMN word TEXT COLLATE NOCASE CHECK (word <> 'no');
            CREATE INDEX by_score ON shop_author (score) WHERE score > 3;
            UPDATE shop_author SET score = 7, book_id = 1, word = 'Yes' WHERE id = 1;
            """
        )
    )
    before = project.found()["shop_author"]

    project.forwards(ANEW)

    after = project.found()["shop_author"]
    assert project.sql("SELECT score, book_id, word FROM shop_author ORDER BY id") == [
        (7, 1, "Yes"),
        (5, None, None),
    ]
    assert {name: column for name, column in after["columns"].items() if name != "name"} == {
        name: column for name, column in before["columns"].items() if name != "name"
    }
    assert after["indexes"] == before["indexes"]
    assert after["keys"] == before["keys"]
    with pytest.raises(IntegrityError):
        project.sql("UPDATE shop_author SET word = 'no'")
    project.forwards(AlterField("Author", "name", dorm.TextField()))
    assert project.found()["shop_author"]["columns"].keys() == after["columns"].keys()


def test_numbers_are_not_given_twice(project: Project, call: Any) -> None:
    Author = project.model("Author")
    call(Author.objects.create, id=70, name="Zoe")
    call(Author.objects.filter(name="Zoe").delete)

    project.forwards(ANEW)

    assert call(project.model("Author").objects.create, name="Yan").pk == 71


def test_numbers_of_an_empty_table_are_not_given_twice(project: Project, call: Any) -> None:
    call(project.model("Author").objects.all().delete)

    project.forwards(ANEW)

    assert call(project.model("Author").objects.create, name="Yan").pk == 3


def test_a_failure_leaves_the_table_and_the_connection_as_they_were(project: Project, call: Any) -> None:
    project.sql("UPDATE shop_author SET name = 'Ada'")
    before = project.found()

    with pytest.raises(IntegrityError, match=r"shop\.Author .*'shop_author' with this 'name'"):
        project.forwards(ANEW)

    assert project.found() == before
    assert project.sql("PRAGMA legacy_alter_table") == [(0,)]
    assert project.sql("PRAGMA writable_schema") == [(0,)]
    assert project.sql("PRAGMA foreign_keys") == [(1,)]
    assert call(project.model("Author").objects.count) == 2


def test_rows_that_refer_to_nothing_are_named(project: Project) -> None:
    project.sql("PRAGMA foreign_keys = OFF")
    project.sql("UPDATE shop_book SET second_id = 77")

    with pytest.raises(IntegrityError, match="shop_author: row 1 of shop_book"):
        project.forwards(ANEW)


def test_tables_are_made_anew_with_foreign_keys_switched_off(project: Project) -> None:
    project.sql("PRAGMA foreign_keys = OFF")

    project.forwards(ANEW)

    project.sql("PRAGMA foreign_keys = ON")
    with pytest.raises(IntegrityError):
        project.sql("INSERT INTO shop_book (author_id) VALUES (77)")


def test_several_changes_are_one_transaction(project: Project) -> None:
    before = project.found()

    with pytest.raises(ZeroDivisionError):
        project.together(
            ANEW,
            AddField("Author", "code", dorm.CharField(max_length=3, default="x")),
            RemoveField("Book", "second"),
            AlterField("Book", "author", dorm.ForeignKey("Author", dorm.CASCADE, null=True)),
            Failing(),
        )

    assert project.found() == before
    assert project.sql("SELECT author_id, second_id FROM shop_book") == [(1, 1)]


def test_quotes_in_texts_are_not_taken_for_names(project: Project) -> None:
    project.forwards(
        AddField("Author", "motto", dorm.CharField(max_length=99, db_default='it\'s "shop_author", 100 %s')),
        ANEW,
    )

    project.sql("INSERT INTO shop_author (name) VALUES ('Zoe')")
    assert project.sql("SELECT motto FROM shop_author WHERE name = 'Zoe'") == [
        ('it\'s "shop_author", 100 %s',)
    ]


class Failing(RunSQL):
    """An operation that raises."""

    def __init__(self) -> None:
        super().__init__("")

    async def apply(self, *arguments: Any) -> None:
        raise ZeroDivisionError
