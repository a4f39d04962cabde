"""The index knows what points at what from the text of models.py files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dorm.source.declarations import read_module
from dorm.source.index import SourceIndex

BLOG = """
import dorm
from dorm import ForeignKey
from .base import Base

class Author(Base):
    boss = dorm.ForeignKey("self", dorm.CASCADE, null=True, related_name="staff")

class Timed(dorm.Model):
    owner = ForeignKey(Author, on_delete=dorm.CASCADE)
    class Meta:
        abstract = True

class Post(Timed):
    author = ForeignKey("Author", dorm.CASCADE)

class Note(Timed):
    hidden = ForeignKey("Author", dorm.CASCADE, related_name="+")
"""

SHOP = """
from blog import models as blog
from dorm import ForeignKey

class Order(Model):
    buyer = ForeignKey(blog.Author, CASCADE, related_name="orders")
    post: ForeignKey[blog.Post] = ForeignKey("blog.Post", CASCADE)
"""


@pytest.fixture
def index(tmp_path):
    write(tmp_path, "blog/models.py", BLOG)
    write(tmp_path, "shop/models.py", SHOP)
    found = SourceIndex([tmp_path])
    found.refresh()
    return found


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def accessors(index: SourceIndex, model: str) -> dict[str, str]:
    return {one.accessor: one.source for one in index.into(model)}


def test_every_relation_is_found_from_its_other_side(index):
    assert accessors(index, "blog.models.Author") == {
        "staff": "blog.models.Author",
        "post_set": "blog.models.Post",
        "note_set": "blog.models.Note",
        "orders": "shop.models.Order",
    }


def test_a_target_is_named_by_its_app(index):
    assert accessors(index, "blog.models.Post") == {"order_set": "shop.models.Order"}


def test_a_model_that_nothing_points_at_has_no_relations(index):
    assert index.into("shop.models.Order") == ()


def test_modules_know_whom_they_are_tied_to(index):
    assert index.sources("blog.models") == ["shop.models"]
    assert index.targets("shop.models") == ["blog.models"]


def test_a_name_that_is_nowhere_means_nothing(index):
    assert index.named("Nobody", "blog.models.Post") is None
    assert index.named("nowhere.Author", "blog.models.Post") is None


@pytest.mark.parametrize("target", ["shop.Item", "project.shop.Item"])
def test_an_app_in_a_package_is_named_by_its_end_too(tmp_path, target):
    write(tmp_path, "project/__init__.py", "")
    (tmp_path / "project" / "shop").mkdir()
    write(tmp_path, "project/shop/models.py", "class Item(M):\n    pass")
    write(tmp_path, "blog/models.py", f"class Post(M):\n    item = ForeignKey('{target}', X)")
    index = SourceIndex([tmp_path])
    index.refresh()
    assert "post_set" in accessors(index, "project.shop.models.Item")


def test_an_app_label_is_inherited(tmp_path):
    meta = "    class Meta:\n        abstract = True\n        app_label = 'far'"
    text = f"class Base(M):\n{meta}\nclass Star(Base): pass"
    write(tmp_path, "near/models.py", f"{text}\nclass Post(M):\n    star = ForeignKey('far.Star', X)")
    index = SourceIndex([tmp_path])
    index.refresh()
    assert "post_set" in accessors(index, "near.models.Star")


def test_a_change_is_seen_and_a_broken_file_keeps_what_it_said(index, tmp_path):
    path = write(tmp_path, "shop/models.py", SHOP.replace("orders", "purchases"))
    assert index.refresh()
    assert "purchases" in accessors(index, "blog.models.Author")
    path.write_text("class Order(")
    index.refresh()
    assert "purchases" in accessors(index, "blog.models.Author")


def test_a_file_that_is_gone_is_forgotten(index, tmp_path):
    os.unlink(tmp_path / "shop" / "models.py")
    assert index.refresh()
    assert "orders" not in accessors(index, "blog.models.Author")


def test_environments_and_hidden_folders_are_not_searched(tmp_path):
    write(tmp_path, ".hidden/models.py", BLOG)
    write(tmp_path, "env/pyvenv.cfg", "")
    write(tmp_path, "env/models.py", BLOG)
    found = SourceIndex([tmp_path])
    assert not found.refresh()


def test_a_single_file_is_an_app_of_its_own(tmp_path):
    path = write(tmp_path, "script.py", BLOG)
    index = SourceIndex()
    index.add("script", path)
    assert "post_set" in accessors(index, "script.Author")


@pytest.mark.parametrize("text", ["class A(", "\0", "class A:\n x = ForeignKey()\n y = ForeignKey(*a, **b)"])
def test_no_text_is_too_odd_to_read(text):
    declared = read_module("odd", text)
    assert declared is None or all(not one.relations for one in declared.classes)


def test_imports_under_conditions_count():
    text = (
        "if TYPE_CHECKING:\n    from far.models import Star\nclass A(M):\n    star = dorm.ForeignKey(Star, X)"
    )
    declared = read_module("near.models", text)
    assert declared is not None
    assert declared.classes[0].relations[0].target == "far.models.Star"


def test_a_source_folder_is_learnt_from_a_module_of_it(tmp_path):
    (tmp_path / "src").mkdir()
    path = write(tmp_path / "src", "blog/models.py", BLOG)
    index = SourceIndex([tmp_path])
    index.refresh()
    assert "post_set" in accessors(index, "src.blog.models.Author")
    index.learn("blog.models", path)
    assert "post_set" in accessors(index, "blog.models.Author")
    assert index.into("src.blog.models.Author") == ()


def test_what_lies_outside_the_project_is_not_searched(tmp_path):
    path = write(tmp_path, "far/models.py", BLOG)
    index = SourceIndex([tmp_path / "near"])
    index.learn("far.models", path)
    assert not index.refresh()


def index_of(tmp_path: Path, **files: str) -> SourceIndex:
    """Return the index of apps, each given by the text of its models.py."""
    for name, text in files.items():
        write(tmp_path, f"{name}/models.py", text)
    found = SourceIndex([tmp_path])
    found.refresh()
    return found


def test_the_other_side_of_one_row_is_named_after_the_model(tmp_path):
    fields = "    a = OneToOneField(A, CASCADE)\n    b = OneToOneField(A, CASCADE, 'bee')"
    text = f"class A(M): pass\nclass Pass(M):\n{fields}"
    index = index_of(tmp_path, app=text)
    assert {(one.accessor, one.kind) for one in index.into("app.models.A")} == {
        ("pass", "OneToOneField"),
        ("bee", "OneToOneField"),
    }


def test_pairs_are_seen_from_their_other_side(tmp_path):
    fields = "    tags = ManyToManyField('Tag', 'posts')\n    more = ManyToManyField(Tag)"
    text = f"class Tag(M): pass\nclass Post(M):\n{fields}"
    index = index_of(tmp_path, app=text)
    assert [(one.accessor, one.query_name) for one in index.into("app.models.Tag")] == [
        ("post_set", "post"),
        ("posts", "posts"),
    ]


@pytest.mark.parametrize(
    ("options", "found"),
    [("", {}), (", symmetrical=False", {"one_set": "app.models.One"}), (", related_name='x'", {})],
)
def test_mutual_pairs_have_one_side(tmp_path, options, found):
    index = index_of(tmp_path, app=f"class One(M):\n    ones = ManyToManyField('self'{options})")
    assert accessors(index, "app.models.One") == found


def test_each_child_of_an_abstract_model_has_reverse_names_of_its_own(tmp_path):
    names = "related_name='%(class)s_of', related_query_name='of_%(app_label)s_%(class)s'"
    text = (
        "class A(M): pass\nclass Base(M):\n    class Meta:\n        abstract = True\n"
        f"    a = ForeignKey(A, CASCADE, {names})\n"
        "class Red(Base): pass\nclass Blue(Base): pass"
    )
    index = index_of(tmp_path, app=text)
    assert {(one.accessor, one.query_name) for one in index.into("app.models.A")} == {
        ("red_of", "of_app_red"),
        ("blue_of", "of_app_blue"),
    }


def test_a_reverse_name_that_cannot_be_made_is_the_plain_one(tmp_path):
    text = "class A(M): pass\nclass B(M):\n    a = ForeignKey(A, CASCADE, related_name='%(colour)s_%d')"
    assert accessors(index_of(tmp_path, app=text), "app.models.A") == {"b_set": "app.models.B"}


def test_meta_names_the_reverse_side_of_all_relations(tmp_path):
    text = (
        "class A(M): pass\nclass B(M):\n    a = ForeignKey(A, CASCADE)\n"
        "    class Meta:\n        default_related_name = 'bees'"
    )
    assert accessors(index_of(tmp_path, app=text), "app.models.A") == {"bees": "app.models.B"}


def test_a_field_class_of_the_project_is_a_relation_too(tmp_path):
    write(tmp_path, "app/fields.py", "import dorm\nclass Key(dorm.ForeignKey): pass\nclass Sub(Key): pass")
    text = (
        "from .fields import Sub, Other\nclass A(M): pass\n"
        "class B(M):\n    a = Sub(A, CASCADE)\n    b = Other(A)\n    c = print(A)\n    d = Missing('A')"
    )
    index = index_of(tmp_path, app=text)
    assert [(one.accessor, one.field, one.kind) for one in index.into("app.models.A")] == [
        ("b_set", "a", "ForeignKey")
    ]
    path = write(tmp_path, "app/fields.py", "import dorm\nclass Key(dorm.Field): pass\nclass Sub(Key): pass")
    os.utime(path, (0, 0))
    assert index.refresh()
    assert index.into("app.models.A") == ()
