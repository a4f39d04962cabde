"""What was promised of migrations: the files as written there, on both databases and in both colours."""

from __future__ import annotations

import pytest

import dorm
from dorm.db.connection import get_connection
from dorm.migrations import migrate
from tests.migrations.folders import Apps

AUTHORS = """
operations = [
    CreateModel(
        "Author",
        [
            ("id", dorm.BigAutoField(primary_key=True)),
            ("name", dorm.CharField(max_length=100)),
            ("email", dorm.EmailField(unique=True)),
            ("age", dorm.IntegerField()),
        ],
        {"db_table": "authors"},
    ),
]
"""

ADD_SCORE = """\
from dorm.migrations.operations import RunSQL, RunPython

dependencies = [("myapp", "0001_initial")]

def seed(app_label, registry):
    Author = registry["Author"]
    Author.objects.get_or_create(
        email="admin@example.com",
        defaults={"name": "Admin", "age": 0},
    )

def unseed(app_label, registry):
    Author = registry["Author"]
    Author.objects.filter(email="admin@example.com").delete()

operations = [
    RunSQL(
        sql="ALTER TABLE authors ADD COLUMN score INTEGER DEFAULT 0",
        reverse_sql="ALTER TABLE authors DROP COLUMN score",
    ),
    RunPython(code=seed, reverse_code=unseed),
]
"""

INDEXES = """\
from dorm.migrations.operations import AddIndex, RemoveIndex
from dorm.indexes import Index

class Migration:
    dependencies = [("myapp", "0001_initial")]
    operations = [
        AddIndex(
            model_name="Author",
            index=Index(fields=["name"], name="idx_author_old"),
        ),
        AddIndex(
            model_name="Author",
            index=Index(fields=["email"], unique=True, name="idx_author_email"),
        ),
        RemoveIndex(
            model_name="Author",
            index=Index(fields=["name"], name="idx_author_old"),
        ),
    ]
"""


@pytest.fixture
def apps(tmp_path):
    made = Apps(tmp_path)
    made.write("myapp", "0001_initial", AUTHORS)
    return made


def add(apps, name, text):
    (apps["myapp"] / f"{name}.py").write_text(text, encoding="utf-8")


def test_sql_and_python_of_a_custom_migration_go_both_ways(call, apps):
    add(apps, "0003_add_score", ADD_SCORE)
    call(migrate, apps=apps)
    assert get_connection().execute("SELECT name, age, score FROM authors") == [("Admin", 0, 0)]
    call(migrate, "myapp", "0001", apps=apps)
    assert get_connection().execute("SELECT * FROM authors") == []
    call(migrate, apps=apps)
    call(migrate, "myapp", "zero", apps=apps)
    assert not get_connection().table_exists("authors")


def test_a_class_migration_adds_and_removes_indexes(call, apps):
    add(apps, "0002_indexes", INDEXES)
    call(migrate, apps=apps)
    insert = "INSERT INTO authors (name, email, age) VALUES ('Ada', 'ada@example.com', 1)"
    get_connection().execute(insert)
    with pytest.raises(dorm.IntegrityError):
        get_connection().execute(insert)
