"""A run of mypy that starts from its cache says what a run from nothing says, after every edit.

Works on a copy of the plugin's example project; "from nothing" is from a cache that knows dorm alone.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2] / "typing_tests" / "wrong"

QUERIES = """
from library.models import Author, Publisher
from shop.models import Book

def report(author: Author, book: Book, publisher: Publisher) -> None:
    reveal_type(author.name)
    reveal_type(author.books)
    reveal_type(publisher.author_set)
    reveal_type(book.author_id)
    reveal_type(book.author.nickname)
    reveal_type(author.passport)
    reveal_type(author.reviews)
    reveal_type(book.tags)
    reveal_type(book.shelf_set)
    reveal_type(Author.objects.values("name", "age", "publisher__name").get())
    Author.objects.prefetch_related("books__tags", "passport")
    Author.objects.filter(age__gte=3, books__title="x")
"""

# This one sees Book alone: what it says of Author and Publisher hangs on names in text.
FAR = """
from shop.models import Book

Book.objects.filter(author__age__gte=3, author__publisher__name="x")
Book.objects.filter(author__passport__number="x", tags__weight=3).prefetch_related("author__passport")
reveal_type(Book.objects.values("author__publisher__name", "author__nickname").get())
"""

NEW_APP = """
import dorm

class Prize(dorm.Model):
    winner = dorm.ForeignKey("library.Author", on_delete=dorm.CASCADE)
"""

# What is edited: a file, the text that goes, the text that comes; a file without the first is new.
EDITS = [
    (
        "library/models.py",
        "name = dorm.CharField(max_length=100)\n    nickname",
        "title = dorm.CharField(max_length=100)\n    nickname",
    ),
    ("library/models.py", "age = dorm.IntegerField(default=0)", "age = dorm.TextField()"),
    ("library/models.py", "nickname = dorm.TextField(null=True)", "nickname = dorm.TextField()"),
    (
        "library/models.py",
        "class Publisher(dorm.Model):\n    name",
        "class Publisher(dorm.Model):\n    label",
    ),
    ("shop/models.py", 'CASCADE, related_name="books"', 'CASCADE, related_name="works"'),
    ("shop/models.py", "weight = dorm.FloatField(null=True)", "weight = dorm.TextField()"),
    (
        "shop/models.py",
        "    stars = dorm.SmallIntegerField()",
        "    stars = dorm.SmallIntegerField()\n"
        "    by = dorm.ForeignKey(Author, dorm.CASCADE, related_name='reviews')",
    ),
    ("shop/models.py", "holder = dorm.OneToOneField(", "holder = dorm.ForeignKey("),
    ("shop/models.py", 'ManyToManyField("Tag", related_name="books")', 'ManyToManyField("Shelf")'),
    ("prizes/models.py", "", NEW_APP),
    ("prizes/models.py", '"library.Author"', '"library.Publisher"'),
    ("library/models.py", "age = dorm.TextField()", "age = dorm.TextField("),
    ("library/models.py", "age = dorm.TextField(", "age = dorm.FloatField(null=True)"),
    (
        "library/models.py",
        "class Publisher(dorm.Model):",
        "class Publisher(dorm.Model):\n    code = dorm.CharField(primary_key=True)",
    ),
]


class Project:
    """A copy of the example, and the caches that mypy is run with."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "project"
        self.warm = home / "warm"
        self.known = home / "known"
        self.clock = 0
        shutil.copytree(PROJECT, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        for unused in self.folder.glob("*.py"):
            unused.unlink()
        (self.folder / "queries.py").write_text(QUERIES)
        (self.folder / "far.py").write_text(FAR)
        (self.folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
        empty = home / "empty"
        empty.mkdir()
        (empty / "only.py").write_text("import dorm\n")
        (empty / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
        self.run(self.known, empty)

    def run(self, cache: Path, folder: Path | None = None, *options: str) -> list[str]:
        files = () if any(option.endswith(".py") for option in options) else (".",)
        command = [sys.executable, "-m", "mypy", f"--cache-dir={cache}", *options, *files]
        done = subprocess.run(command, cwd=folder or self.folder, capture_output=True, text=True, check=False)
        assert "INTERNAL ERROR" not in done.stderr
        return sorted(done.stdout.splitlines()[:-1])

    def from_cache(self) -> list[str]:
        return self.run(self.warm)

    def from_nothing(self) -> list[str]:
        cache = self.known.with_name(f"cold{self.clock}")
        shutil.copytree(self.known, cache)
        return self.run(cache)

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        if not before:
            path.parent.mkdir()
            (path.parent / "__init__.py").touch()
            path.write_text(after)
        else:
            text = path.read_text()
            assert before in text
            path.write_text(text.replace(before, after))
        # mypy does not see a change within one second at the same size.
        self.clock += 10
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + self.clock))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("incremental"))


def test_every_edit_is_seen_from_the_cache(project):
    assert project.from_cache() == project.from_nothing()
    said = [project.from_cache()]
    for edit in EDITS:
        project.edit(*edit)
        said.append(project.from_cache())
        assert said[-1] == project.from_nothing(), edit
    # Each edit changed what is said, or the test would prove nothing.
    assert all(one != other for one, other in itertools.pairwise(said))
