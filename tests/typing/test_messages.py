"""The plugin and the run time say the same of a wrong name, word for word."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dorm
from dorm.db.connection import reset_connections

MODELS = """
import dorm

class Publisher(dorm.Model):
    name = dorm.CharField(max_length=100)

class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    age = dorm.IntegerField(default=0)
    born = dorm.DateField(null=True)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE, related_name="authors")

class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
    tags = dorm.ManyToManyField("Tag")

class Tag(dorm.Model):
    name = dorm.CharField(max_length=100)

class Passport(dorm.Model):
    number = dorm.CharField(max_length=20)
    holder = dorm.OneToOneField(Author, on_delete=dorm.CASCADE)
"""

HEAD = """
from dorm import Count, F, Max, Prefetch, Q
from wording.models import Author, Book, Passport, Publisher, Tag
"""

WRONG = [
    "Author.objects.filter(agee=3)",
    "Author.objects.filter(zzz=3)",
    "Author.objects.filter(publisher__naem='x')",
    "Author.objects.filter(publisher__authors__agee=3)",
    "Author.objects.filter(book__titel='x')",
    "Author.objects.filter(age__gtee=3)",
    "Author.objects.filter(age__contains=3)",
    "Author.objects.filter(age__gt__lt=3)",
    "Author.objects.filter(born__yaer=3)",
    "Author.objects.filter(born__year__mont=3)",
    "Author.objects.filter(name__age=3)",
    "Author.objects.filter(publisher_id__naem=3)",
    "Author.objects.exclude(agee=3)",
    "Author.objects.filter(Q(agee=3))",
    "Author.objects.filter(~Q(publisher__naem='x') | Q(age=1))",
    "Author.objects.filter(age=F('hieght'))",
    "Author.objects.filter(pkk=1)",
    "Author.objects.order_by('naem')",
    "Author.objects.order_by('-publisher__naem')",
    "Author.objects.order_by('age__gte')",
    "Author.objects.order_by(F('naem').desc())",
    "Author.objects.values('naem')",
    "Author.objects.values('publisher__naem')",
    "Author.objects.values_list('naem', flat=True)",
    "Author.objects.only('naem')",
    "Author.objects.defer('naem')",
    "Author.objects.select_related('publihser')",
    "Author.objects.select_related('name')",
    "Author.objects.select_related('publisher__name')",
    "Book.objects.select_related('author__name__x')",
    "Author.objects.select_related('book')",
    "Author.objects.only('book__title')",
    "Author.objects.annotate(name=F('age'))",
    "Author.objects.order_by('??')",
    "Author.objects.annotate(n=Count('book')).only('naem')",
    "Author.objects.values_list('name', 'age', flat=True)",
    "Author.objects.annotate(n=Count('book')).values('nn')",
    "Author.objects.annotate(n=Count('boks'))",
    "Author.objects.aggregate(n=Max('aeg'))",
    "Author.objects.annotate(n=Count('book')).filter(nn=3)",
    "Author.objects.annotate(n=Count('book')).filter(n__gtee=3)",
    "Author.objects.annotate(n=Count('book')).order_by('m')",
    "Author.objects.update(agee=3)",
    "Author.objects.create(agee=3)",
    "Author(agee=3)",
    "Author(name='x').save(update_fields=['naem'])",
    "Book.objects.filter(tags__naem='x')",
    "Tag.objects.filter(book__titel='x')",
    "Tag.objects.filter(book_set__title='x')",
    "Author.objects.filter(passport__numbre='x')",
    "Passport.objects.filter(holder__passport__gt__x=3)",
    "Book.objects.select_related('tags')",
    "Author.objects.select_related('passport__number')",
    "Book.objects.only('tags__name')",
    "Book.objects.values('tag')",
    "Book.objects.annotate(n=Count('tag'))",
    "Book(tags=[3])",
    "Tag(book=[3])",
    "Tag(book_set=[3])",
    "Book.objects.create(tags=[3])",
    "Book.objects.update(tags=[3])",
    "Book.objects.update(titel=3)",
    "Tag.objects.update(book=3)",
    "Book().save(update_fields=['tags'])",
    "Author.objects.prefetch_related('book')",
    "Author.objects.prefetch_related('zzz')",
    "Author.objects.prefetch_related('book_set__tag')",
    "Author.objects.prefetch_related('passport__number')",
    "Tag.objects.prefetch_related('book_set', 'books')",
    "Author.objects.prefetch_related(Prefetch('passprot'))",
    "Author.objects.get_or_create(naem='x')",
    "Author.objects.get_or_create(publisher__naem='x')",
    "Author.objects.get_or_create(defaults={'aeg': 3}, name='x')",
    "Author.objects.get_or_create(name__gtee='x')",
    "Author.objects.update_or_create(defaults={'aeg': 3}, name='x')",
    "Author.objects.update_or_create(create_defaults={'aeg': 3}, name='x')",
    "Book.objects.get_or_create(tags=3)",
    "Author.objects.alias(n=Count('boks'))",
    "Author.objects.alias(n=Count('book')).filter(m=3)",
    "Author.objects.distinct('naem')",
    "Author.objects.earliest('naem')",
    "Author.objects.latest('-naem')",
    "Author.objects.in_bulk(field_name='naem')",
    "Book.objects.in_bulk(field_name='tags')",
    "Author.objects.bulk_update([], ['naem'])",
    "Book.objects.bulk_update([], ['tags'])",
    "Author.objects.values(n=Count('boks'))",
    "Author.objects.values_list('name', F('aeg'))",
    "Book.objects.get_or_create(defaults={'tags': [3]}, title='x')",
    "Author.objects.filter(Publisher.name == 'x')",
    "Author.objects.filter(~Publisher.name.contains('x') | Q(age=3))",
    "Author.objects.order_by(Publisher.name.desc())",
    "Author.objects.values(Publisher.name)",
    "Author.objects.values_list(Publisher.name, 'age')",
    "Author.objects.annotate(n=Count(Publisher.id))",
    "Author.objects.only(Publisher.name)",
]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wording")
    (folder / "wording").mkdir()
    (folder / "wording" / "__init__.py").touch()
    (folder / "wording" / "models.py").write_text(MODELS)
    (folder / "wrong.py").write_text(HEAD + "\n".join(WRONG) + "\n")
    (folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n")
    return folder


@pytest.fixture(scope="module")
def checker_says(project) -> dict[str, str]:
    """Return the plugin's message for each line."""
    command = [sys.executable, "-m", "mypy", "--output=json", "wrong.py"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    first = HEAD.count("\n") + 1
    return {WRONG[one["line"] - first]: one["message"] for one in found if one["severity"] == "error"}


@pytest.fixture(scope="module")
def names(project) -> dict[str, object]:
    """Return what the lines can name, imported from the project."""
    sys.path.insert(0, str(project))
    try:
        scope: dict[str, object] = {}
        exec(HEAD, scope)
        return scope
    finally:
        sys.path.remove(str(project))


@pytest.fixture(scope="module")
def tables(names, tmp_path_factory):
    """Make the models' tables, empty: some calls look for a row before they read what it is made of."""
    file = tmp_path_factory.mktemp("database") / "wording.sqlite3"
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": str(file)}})
    dorm.create_tables(*(model for model in names.values() if isinstance(model, type(dorm.Model))))
    yield
    reset_connections()


@pytest.mark.parametrize("line", WRONG)
def test_the_plugin_says_what_the_run_time_says(line, names, checker_says, tables):
    with pytest.raises((ValueError, TypeError)) as caught:
        eval(line, names)
    assert checker_says.get(line) == str(caught.value)
