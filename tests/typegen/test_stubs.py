"""A stub keeps what the user wrote, and adds what models have."""

from __future__ import annotations

import ast

import pytest

from dorm.typegen.generate import TypegenError

AUTHOR = """
    import dorm

    class Author(dorm.Model):
        name = dorm.CharField(max_length=100)
        age = dorm.IntegerField(null=True)
"""

BOOK = """
    class Book(dorm.Model):
        title = dorm.CharField(max_length=100)
        author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
"""


def test_fields_are_annotated_and_what_nobody_wrote_is_there(stub):
    text = stub(AUTHOR + BOOK)
    for line in (
        "    name: dorm.CharField[str]\n",
        "    age: dorm.IntegerField[int | None]\n",
        "    id: _BigAutoField[int]\n",
        "    book_set: _BookRelated\n",
        "    author: dorm.ForeignKey[Author]\n",
        "    author_id: _Field[int]\n",
        "    objects: _ClassVar[_AuthorManager]\n",
    ):
        assert line in text


def test_the_users_own_code_stays_with_its_bodies_cut(stub):
    text = stub(
        AUTHOR
        + '''
        """Not the docstring."""

        SIZE: int = 3
        NAMES = ("a", "b")

        def shout(self, loud: bool = True) -> str:
            """Say it."""
            return secret

        @property
        async def later(self) -> int:
            return secret

    def helper(x: int) -> str:
        return secret
    '''
    )
    assert "secret" not in text
    assert "    SIZE: int = 3\n    NAMES = ('a', 'b')\n" in text
    assert '    def shout(self, loud: bool=True) -> str:\n        """Say it."""\n' in text
    assert "    @property\n    async def later(self) -> int:\n        ...\n" in text
    assert "def helper(x: int) -> str:\n    ...\n" in text


def test_imports_and_branches_stay_as_a_checker_reads_them(stub):
    text = stub(
        """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        import sys
        import dorm
        if TYPE_CHECKING:
            from .other import Thing
        if sys.version_info >= (3, 12):
            X = 1
        else:
            X = 2
        try:
            import fast
        except ImportError:
            fast = None
        for name in []:
            pass

        class Author(dorm.Model):
            name = dorm.CharField(max_length=100)
        """
    )
    assert "from __future__" not in text
    assert "\nfrom .other import Thing\n" in text
    assert "if sys.version_info >= (3, 12):\n    X = 1\nelse:\n    X = 2\n" in text
    assert "import fast\n" in text
    assert "for name" not in text


def test_rows_are_written_for_the_calls_of_the_project_alone(stub):
    text = stub(AUTHOR, 'from blog.models import Author\nAuthor.objects.values("name", "age")\n')
    assert "class _AuthorRow_name_age(_TypedDict):\n    name: str\n    age: int | None\n" in text
    assert "_AuthorRow_" not in stub(AUTHOR)


def test_a_wrong_name_at_a_call_is_no_reason_to_allow_it(stub):
    text = stub(
        AUTHOR,
        """
        from blog.models import Author
        Author.objects.filter(naem="x", age__gtee=3).values("naem")
        Author.objects.order_by("naem").select_related("naem")
        """,
    )
    assert "naem" not in text
    assert "gtee" not in text


def test_paths_and_transforms_are_there_where_they_are_used(stub):
    text = stub(
        AUTHOR + BOOK, "from blog.models import Book\nBook.objects.filter(author__name__iexact='x')\n"
    )
    assert "author__name__iexact: _Text = ..." in text
    assert "author__name__contains" not in text


def test_computed_values_are_left_to_the_checker(stub):
    text = stub(
        AUTHOR + BOOK,
        """
        from blog.models import Author
        from dorm import Count
        Author.objects.annotate(n=Count("book")).values("name", "n")
        """,
    )
    assert "class _AuthorWith_n(Author, _Generic[_A1]):\n    n: _A1\n" in text
    assert "def annotate(self, *, n: _E[_A1]) -> _AuthorQuery[_AuthorWith_n[_A1]]: ..." in text


def test_a_class_of_querysets_keeps_its_methods_for_rows_of_every_shape(stub):
    text = stub(
        """
        import dorm

        class Authors(dorm.QuerySet["Author"]):
            def old(self) -> "Authors":
                return self.filter(age__gte=60)

        class Author(dorm.Model):
            age = dorm.IntegerField()
            objects = Authors.as_manager()
        """
    )
    assert "class _AuthorsMethods:\n    def old(self) -> 'Authors':\n        ...\n" in text
    assert (
        "class Authors(_AuthorsMethods, _AuthorFace[Authors, Author], _QuerySet[Author, Author]): ..." in text
    )
    assert "class _AuthorQuery(_AuthorsMethods, _AuthorFace[_AuthorQuery[_Row], _Row], " in text
    assert "    objects = Authors.as_manager()\n" in text


def test_a_model_that_may_have_more_fields_takes_more_keywords(stub):
    text = stub(AUTHOR.replace("dorm.CharField(max_length=100)", "made_elsewhere()"))
    assert "**_more: _Any" in text


@pytest.mark.parametrize(
    "body", ["pass", "'Says something.'", "class Meta:\n        abstract = True", "x = dorm", "print()"]
)
def test_every_stub_is_valid_python(stub, body):
    ast.parse(stub(f"import dorm\n\nclass Thing(dorm.Model):\n    {body}\n"))


def test_relations_between_apps_are_named_by_their_modules(files, generator):
    files(
        {
            "blog/models.py": AUTHOR,
            "shop/models.py": """
            import dorm
            from blog.models import Author

            class Order(dorm.Model):
                buyer = dorm.ForeignKey("blog.Author", on_delete=dorm.CASCADE, related_name="orders")
        """,
        }
    )
    texts = {one.path.parts[0]: one.text for one in generator.stubs() if one.path.stem == "models"}
    assert "import shop.models as _shop_models\n" in texts["blog-stubs"]
    assert "    orders: _shop_models._OrderRelated\n" in texts["blog-stubs"]
    assert "    buyer: dorm.ForeignKey[_blog_models.Author]\n" in texts["shop-stubs"]


def test_stubs_lie_where_checkers_look(files, generator):
    files({"models.py": AUTHOR, "site/blog/models/author.py": AUTHOR, "site/blog/models/__init__.py": ""})
    assert sorted(one.path.as_posix() for one in generator.stubs()) == [
        "_dorm_forms.pyi",
        "models.pyi",
        "site-stubs/blog/models/author.pyi",
    ]


def test_two_models_of_one_label_are_refused(files, generator):
    labelled = AUTHOR + "\n        class Meta:\n            app_label = 'blog'\n"
    files({"blog/models.py": labelled, "shop/models.py": labelled})
    with pytest.raises(TypegenError, match=r"blog\.Author is defined twice, in .*models\.py and "):
        generator.stubs()


def test_an_app_without_models_is_refused(files, generator):
    files({"blog/models.py": AUTHOR})
    with pytest.raises(TypegenError, match=r"no models of an app 'blgo' were found\. Apps: blog\."):
        generator.stubs(["blgo"])
