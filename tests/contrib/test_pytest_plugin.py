"""The pytest plugin as a project uses it: each test here runs pytest on a project of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MODELS = """
    import dorm


    class Author(dorm.Model):
        name = dorm.CharField(max_length=100)


    class Post(dorm.Model):
        author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
        tags = dorm.ManyToManyField("Tag")


    class Tag(dorm.Model):
        word = dorm.SlugField()
"""


INI = """\
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


class Project:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = {"ENGINE": "sqlite", "NAME": str(folder / "real.sqlite3")}
        self.write("blog/__init__.py", "")
        self.write("blog/models.py", MODELS)
        self.write("pytest.ini", INI)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def run(self, tests: str, *options: str) -> str:
        """Run the tests; return how they ended: "2 passed", and what was printed before."""
        self.write(
            "settings.py", f"DATABASES = {{'default': {self.database!r}}}\nINSTALLED_APPS = ['blog']\n"
        )
        head = "import asyncio\nimport pytest\nimport dorm\nfrom blog.models import Author, Post, Tag\n"
        self.write("test_blog.py", head + textwrap.dedent(tests))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return re.sub(r" in [\d.]+s", "", done.stdout + done.stderr)


@pytest.fixture
def project(database, tmp_path):
    made = Project(tmp_path)
    made.database = database.settings
    return made


def test_what_a_test_writes_is_gone_in_the_next_in_sync_and_async_code_alike(project):
    said = project.run(
        """
        pytestmark = pytest.mark.dorm_db

        @pytest.fixture
        def ada():
            return Author.objects.create(name="Ada")

        async def test_async_code_sees_what_a_sync_fixture_wrote(ada):
            assert [author.name async for author in Author.objects.all()] == ["Ada"]
            await Author.objects.acreate(name="Bob")
            assert Author.objects.count() == 2

        def test_nothing_is_left():
            assert Author.objects.count() == 0
            assert asyncio.run(Author.objects.acount()) == 0

        async def test_blocks_are_savepoints(ada):
            with pytest.raises(KeyError):
                async with dorm.transaction.aatomic():
                    await Author.objects.acreate(name="Bob")
                    raise KeyError
            with dorm.transaction.atomic():
                Author.objects.create(name="Eve")
            assert await Author.objects.acount() == 2

        async def test_a_failed_statement_in_a_block_does_not_spoil_the_test(ada):
            with pytest.raises(dorm.IntegrityError):
                async with dorm.transaction.aatomic():
                    await Author.objects.acreate(id=ada.id, name="again")
            assert await Author.objects.acount() == 1

        async def test_tasks_and_threads_share_the_connection(ada):
            await asyncio.gather(*(Author.objects.acreate(name=str(n)) for n in range(5)))
            assert await asyncio.to_thread(Author.objects.count) == 6
        """
    )
    assert said.endswith("5 passed\n"), said


def test_a_test_that_commits_leaves_empty_tables(project):
    said = project.run(
        """
        @pytest.mark.dorm_db(transaction=True)
        async def test_it_commits():
            told = []
            async with dorm.transaction.aatomic():
                await Author.objects.acreate(name="Ada")
                dorm.transaction.on_commit(lambda: told.append("committed"))
            assert told == ["committed"]
            post = await Post.objects.acreate(author=await Author.objects.aget())
            await post.tags.aadd(await Tag.objects.acreate(word="x"))

        @pytest.mark.dorm_db
        def test_nothing_is_left():
            assert (Author.objects.count(), Post.objects.count(), Tag.objects.count()) == (0, 0, 0)
        """
    )
    assert said.endswith("2 passed\n"), said


def test_statements_are_counted_and_shown(project):
    said = project.run(
        """
        def test_right(dorm_assert_num_queries):
            with dorm_assert_num_queries(1):
                list(Author.objects.all())

        def test_wrong(dorm_assert_num_queries):
            with dorm_assert_num_queries(1):
                list(Author.objects.all())
                Author.objects.count()

        def test_fewer(dorm_assert_num_queries):
            with dorm_assert_num_queries(2):
                list(Author.objects.all())

        def test_none(dorm_assert_num_queries):
            with dorm_assert_num_queries(1):
                pass
        """
    )
    assert "2 statements were sent, not 1:\n  SELECT " in said
    assert "\n1 statement was sent, not 2:\n  SELECT " in said
    assert "\n0 statements were sent, not 1\n" in said
    assert said.endswith("3 failed, 1 passed\n"), said


def test_what_waits_for_a_commit_is_captured(project):
    said = project.run(
        """
        def test_on_commit(dorm_capture_on_commit):
            told = []
            with dorm_capture_on_commit() as functions:
                dorm.transaction.on_commit(lambda: told.append(1))
            assert len(functions) == 1 and told == []
            with dorm_capture_on_commit(execute=True):
                with dorm.transaction.atomic():
                    dorm.transaction.on_commit(lambda: told.append(2))
            assert told == [2]
        """
    )
    assert said.endswith("1 passed\n"), said


def test_migrations_make_the_tables_where_there_are_some(project):
    project.write("blog/migrations/__init__.py", "")
    project.write(
        "blog/migrations/0001_initial.py",
        """
        import dorm
        from dorm.migrations.operations import CreateModel, RunSQL

        operations = [
            CreateModel(
                "Author",
                [("id", dorm.BigAutoField(primary_key=True)), ("name", dorm.CharField(max_length=20))],
            ),
            RunSQL("INSERT INTO blog_author (name) VALUES ('from a migration')", reverse_sql=""),
        ]
        """,
    )
    said = project.run(
        """
        @pytest.mark.dorm_db
        def test_rows():
            assert Author.objects.get().name == "from a migration"
        """
    )
    assert said.endswith("1 passed\n"), said


def test_workers_have_databases_of_their_own(project):
    tests = "".join(
        f"""
        @pytest.mark.dorm_db(transaction=True)
        def test_{number}():
            assert Author.objects.count() == 0
            Author.objects.create(name="x")
            assert Author.objects.count() == 1
        """
        for number in range(8)
    )
    assert project.run(tests, "-n", "2").endswith("8 passed\n")


def test_the_real_database_is_never_touched(tmp_path):
    project = Project(tmp_path)
    said = project.run(
        """
        @pytest.mark.dorm_db
        def test_rows():
            Author.objects.create(name="Ada")
        """
    )
    assert said.endswith("1 passed\n"), said
    assert not (tmp_path / "real.sqlite3").exists()


def test_without_databases_there_is_one_line(tmp_path):
    project = Project(tmp_path)
    project.database = {}
    said = project.run("@pytest.mark.dorm_db\ndef test_rows(): ...\n")
    assert "dorm_db: " in said or "DATABASES" in said
    assert "1 error" in said


def test_a_test_that_lacks_the_mark_is_told_of_it(tmp_path):
    said = Project(tmp_path).run("def test_rows():\n    Author.objects.count()\n")
    assert "no database is configured" in said
    assert "mark it with @pytest.mark.dorm_db" in said


def test_a_test_that_has_the_mark_is_not_told_of_it(tmp_path):
    said = Project(tmp_path).run("@pytest.mark.dorm_db\ndef test_rows():\n    dorm.configure(DATABASES=3)\n")
    assert "1 failed" in said
    assert "mark it with" not in said


def test_it_costs_nothing_where_no_test_asks(tmp_path):
    (tmp_path / "test_plain.py").write_text(
        "import sys\ndef test_plain():\n    assert 'dorm.migrations' not in sys.modules\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_plain.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout
