"""The plugin says the same in workers, from each kind of cache, and of packages of models.

Works on the project of the incremental test, or on small ones of its own.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.typing.test_incremental import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.mark.parametrize("option", ["--num-workers=2", "--sqlite-cache", "--no-sqlite-cache"])
def test_workers_and_kinds_of_cache_change_nothing(project, option):
    expected = project.from_nothing()
    assert expected
    for _ in ("cold", "warm"):
        assert errors(project.run(project.warm, None, option)) == errors(expected)


def errors(lines: list[str]) -> list[str]:
    """Return the errors alone: workers spell some long types otherwise, and add a note."""
    return [line for line in lines if ": error: " in line]


def test_imports_that_are_followed_silently_are_known_all_the_same(project):
    said = project.run(project.warm, None, "--follow-imports=silent", "far.py")
    assert [line for line in said if "Revealed" in line] == [
        line for line in project.from_nothing() if line.startswith("far.py") and "Revealed" in line
    ]


PACKAGE = {
    "shop/__init__.py": "",
    "shop/models/__init__.py": "from .books import Book\nfrom .people import Author\n",
    "shop/models/people.py": """
import dorm

class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    favourite = dorm.ForeignKey("Book", dorm.CASCADE, null=True, related_name="fans")
    read = dorm.ManyToManyField("shop.Book", related_name="readers")
""",
    "shop/models/books.py": """
import dorm
from .people import Author

class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    author = dorm.ForeignKey(Author, dorm.CASCADE)
""",
    "queries.py": """
from shop.models import Author, Book

def look(author: Author, book: Book) -> None:
    reveal_type(author.book_set)
    reveal_type(author.favourite)
    reveal_type(author.read)
    reveal_type(book.fans)
    reveal_type(book.readers)
    Book.objects.filter(fans__naem="x")
    Author.objects.filter(read__titel="x")
""",
}

SAID = """
queries.py:5: note: Revealed type is "RelatedManager[Book]"
queries.py:6: note: Revealed type is "Book | None"
queries.py:7: note: Revealed type is "ManyRelatedManager[Book]"
queries.py:8: note: Revealed type is "RelatedManager[Author]"
queries.py:9: note: Revealed type is "ManyRelatedManager[Author]"
queries.py:10: error: Author has no field 'naem' (in 'fans__naem'). Did you mean 'name'?
queries.py:11: error: Book has no field 'titel' (in 'read__titel'). Did you mean 'title'?
"""


@pytest.mark.parametrize("files", [["."], ["queries.py"], ["queries.py", "shop/models/books.py"]])
def test_models_may_stand_in_the_modules_of_a_package(tmp_path, files):
    for name, text in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
    command = [sys.executable, "-m", "mypy", *files]
    for _ in ("cold", "warm"):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        for line, wanted in zip(done.stdout.splitlines(), SAID.strip().splitlines(), strict=False):
            plain = line.replace("dorm.queryset.related.", "").replace("shop.models.people.", "")
            assert plain.replace("shop.models.books.", "").startswith(wanted), done.stdout
        assert len(done.stdout.splitlines()) == len(SAID.strip().splitlines()) + 1
