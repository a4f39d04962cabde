"""Edits of a project, one after another: what mypy says of each must not hang on what it has seen before.

Data, and how it is put into files; the project is a copy of the plugin's example. Knows nothing of mypy.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeAlias

QUERIES = """
from library.models import Author, Publisher
from shop.models import Book, Issue, Tag

def report(author: Author, book: Book, publisher: Publisher, tag: Tag) -> None:
    reveal_type(author.name)
    reveal_type(author.age)
    reveal_type(author.books)
    reveal_type(author.created)
    reveal_type(publisher.author_set)
    reveal_type(book.author_id)
    reveal_type(book.author.nickname)
    reveal_type(author.passport)
    reveal_type(author.reviews)
    reveal_type(book.tags)
    reveal_type(book.shelf_set)
    reveal_type(tag.books)
    reveal_type(author.get_name_display())
    reveal_type(Author.age)
    reveal_type(Author.objects)
    reveal_type(Author.objects.values("name", "age", "publisher__name").get())
    reveal_type(Issue.objects.newest())
    Author.objects.prefetch_related("books__tags", "passport")
    Author.objects.filter(age__gte=3, books__title="x")
    Author.objects.filter(age__ne=3)
    Author.objects.filter(Author.age >= 3)
"""

# This one sees Book alone: what it says of Author and Publisher hangs on names in text.
FAR = """
from shop.models import Book

Book.objects.filter(author__age__gte=3, author__publisher__name="x")
Book.objects.filter(author__passport__number="x", tags__weight=3).prefetch_related("author__passport")
reveal_type(Book.objects.values("author__publisher__name", "author__nickname").get())
"""

FILES = {"queries.py": QUERIES, "far.py": FAR}

# A file with the text that goes and the text that comes, with its new text, or with None when it goes.
Change: TypeAlias = tuple[str, str] | str | None


class Edit(NamedTuple):
    """What is done to the files. Without *matters* nothing else is said afterwards.

    Without *daemon* the daemon does not see it, and is started again.
    """

    name: str
    changes: dict[str, Change]
    matters: bool = True
    daemon: bool = True


LIBRARY, SHOP = "library/models.py", "shop/models.py"

PRIZES = """
import dorm

class Prize(dorm.Model):
    winner = dorm.ForeignKey("library.Author", on_delete=dorm.CASCADE)
"""

REVIEWS = """
import dorm

class Review(dorm.Model):
    text = dorm.TextField()
    book = dorm.ForeignKey("shop.Book", on_delete=dorm.CASCADE)
    by = dorm.ForeignKey("library.Author", dorm.CASCADE, related_name="reviews")
"""

LOOKUPS = """
import dorm

@dorm.IntegerField.register_lookup
class NotEqual(dorm.Lookup):
    lookup_name = "ne"
    template = "{left} <> {right}"
"""

PEOPLE = """
import dorm

class Person(dorm.Model):
    born = dorm.DateField(null=True)
    home = dorm.ForeignKey("library.Country", dorm.CASCADE, null=True, related_name="people")

    class Meta:
        abstract = True
"""

STUB = """
import dorm

class Person(dorm.Model):
    born = dorm.DateField()

    class Meta:
        abstract = True
"""

REVIEW_IN_SHOP = """class Review(dorm.Model):
    text = dorm.TextField()
    stars = dorm.SmallIntegerField()
    by = dorm.ForeignKey(Author, dorm.CASCADE, related_name="reviews")
    book = dorm.ForeignKey("Book", on_delete=dorm.CASCADE)
"""

EDITS = [
    Edit(
        "rename a field",
        {
            LIBRARY: (
                "name = dorm.CharField(max_length=100)\n    nick",
                "title = dorm.CharField(max_length=100)\n    nick",
            )
        },
    ),
    Edit(
        "give a field another type",
        {LIBRARY: ("age = dorm.IntegerField(default=0)", "age = dorm.TextField()")},
    ),
    Edit(
        "take null away", {LIBRARY: ("nickname = dorm.TextField(null=True)", "nickname = dorm.TextField()")}
    ),
    Edit(
        "rename a field that is named in texts alone",
        {LIBRARY: ("class Publisher(dorm.Model):\n    name", "class Publisher(dorm.Model):\n    label")},
    ),
    Edit(
        "rename the other side of a relation",
        {SHOP: ('CASCADE, related_name="books"', 'CASCADE, related_name="works"')},
    ),
    Edit(
        "give a field of another app another type",
        {SHOP: ("weight = dorm.FloatField(null=True)", "weight = dorm.TextField()")},
    ),
    Edit(
        "add a relation",
        {
            SHOP: (
                "    stars = dorm.SmallIntegerField()\n",
                "    stars = dorm.SmallIntegerField()\n"
                '    by = dorm.ForeignKey(Author, dorm.CASCADE, related_name="reviews")\n',
            )
        },
    ),
    Edit(
        "make a relation to one row one to many",
        {SHOP: ("holder = dorm.OneToOneField(", "holder = dorm.ForeignKey(")},
    ),
    Edit(
        "pair with another model",
        {SHOP: ('ManyToManyField("Tag", related_name="books")', 'ManyToManyField("Shelf")')},
    ),
    Edit("add an app", {"prizes/__init__.py": "", "prizes/models.py": PRIZES}, daemon=False),
    Edit("let a relation lead elsewhere", {"prizes/models.py": ('"library.Author"', '"library.Publisher"')}),
    Edit("break the syntax", {LIBRARY: ("age = dorm.TextField()", "age = dorm.TextField(")}),
    Edit("mend the syntax", {LIBRARY: ("age = dorm.TextField(", "age = dorm.FloatField(null=True)")}),
    Edit(
        "add a primary key",
        {
            LIBRARY: (
                "class Publisher(dorm.Model):",
                "class Publisher(dorm.Model):\n    code = dorm.CharField(primary_key=True)",
            )
        },
    ),
    Edit("remove a field", {LIBRARY: ("    age = dorm.FloatField(null=True)\n", "")}),
    Edit(
        "add a field",
        {
            LIBRARY: (
                "    height = dorm.FloatField",
                "    age = dorm.IntegerField()\n    height = dorm.FloatField",
            )
        },
    ),
    Edit(
        "change a default",
        {LIBRARY: ("age = dorm.IntegerField()", "age = dorm.IntegerField(default=7)")},
        matters=False,
    ),
    Edit("write a comment", {SHOP: ("class Tag(", "# What a book is about.\nclass Tag(")}, matters=False),
    Edit(
        "move a model to another app",
        {SHOP: (REVIEW_IN_SHOP, ""), "reviews/__init__.py": "", "reviews/models.py": REVIEWS},
        daemon=False,
    ),
    Edit("rename a relation of the model that moved", {"reviews/models.py": ('"reviews"', '"criticism"')}),
    Edit("remove an app", {"prizes/models.py": None, "prizes/__init__.py": None}, daemon=False),
    Edit("change a base", {LIBRARY: ("class Author(Timed):", "class Author(dorm.Model):")}),
    Edit(
        "add an abstract base in a new module",
        {
            "people.py": PEOPLE,
            LIBRARY: (
                "class Author(dorm.Model):",
                "from people import Person\n\n\nclass Author(Person):\n    created = 3\n",
            ),
        },
    ),
    Edit(
        "change a field of the abstract base",
        {"people.py": ("born = dorm.DateField(null=True)", "age = dorm.DateField()")},
    ),
    Edit(
        "add choices",
        {
            LIBRARY: (
                "title = dorm.CharField(max_length=100)",
                'title = dorm.CharField(max_length=100, choices=[("a", "A")])',
            )
        },
    ),
    Edit(
        "rename the field with choices",
        {LIBRARY: ("    title = dorm.CharField(", "    name = dorm.CharField(")},
    ),
    Edit("hide the other side", {SHOP: ('CASCADE, related_name="works"', 'CASCADE, related_name="+"')}),
    Edit(
        "show the other side by its own name",
        {SHOP: ('CASCADE, related_name="+"', "CASCADE")},
        matters=False,
    ),
    Edit(
        "name the other sides by Meta",
        {
            SHOP: (
                '    tags = dorm.ManyToManyField("Shelf")\n',
                '    tags = dorm.ManyToManyField("Tag")\n\n'
                '    class Meta:\n        default_related_name = "books"\n',
            )
        },
    ),
    Edit("rename a model", {SHOP: ("class Tag(dorm.Model)", "class Word(dorm.Model)")}),
    Edit("rename what names it", {SHOP: ('"Tag"', '"Word"'), "queries.py": ("Tag", "Word")}),
    Edit("rename a method of a queryset", {SHOP: ("def newest(", "def latest_first(")}),
    Edit(
        "give a model a manager of its own",
        {
            LIBRARY: (
                "class Country(",
                'class Writers(dorm.Manager["Author"]):\n'
                '    def young(self) -> dorm.QuerySet["Author"]:\n'
                "        return self.filter(age__lt=30)\n\n\nclass Country(",
            )
        },
        matters=False,
    ),
    Edit(
        "use it",
        {LIBRARY: ("    height = dorm.FloatField", "    objects = Writers()\n    height = dorm.FloatField")},
    ),
    Edit(
        "make a foreign key nullable",
        {
            SHOP: (
                "author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE",
                "author = dorm.ForeignKey(Author, null=True, on_delete=dorm.CASCADE",
            )
        },
    ),
    Edit("register a lookup", {"extra.py": LOOKUPS}, daemon=False),
    Edit("rename the lookup", {"extra.py": ('"ne"', '"unlike"')}, daemon=False),
    Edit(
        "give a module a stub",
        {
            "people.pyi": STUB,
            "queries.py": ("    reveal_type(author.created)\n", "    reveal_type(author.born)\n"),
        },
    ),
    Edit("change the stub alone", {"people.pyi": ("DateField()", "DateField(null=True)")}),
    Edit("import a module that is not there", {LIBRARY: ("import dorm\n", "import dorm\nimport nowhere\n")}),
    Edit("import it no more", {LIBRARY: ("import nowhere\n", "")}),
    Edit("edit a query", {"far.py": ("author__age__gte", "author__agee__gte")}),
]


def apply(folder: Path, changes: dict[str, Change]) -> list[Path]:
    """Make the changes below *folder*; return the files that were written."""
    written = []
    for file, change in changes.items():
        path = folder / file
        if change is None:
            path.unlink()
            continue
        if isinstance(change, str):
            path.parent.mkdir(exist_ok=True)
            path.write_text(change)
        else:
            text = path.read_text()
            assert change[0] in text, (file, change[0])
            path.write_text(text.replace(*change))
        written.append(path)
    return written
