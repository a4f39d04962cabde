"""Which names a project passes to which querysets is read from its call sites."""

from __future__ import annotations

import textwrap

from dorm.source.calls import Site, read_calls


def sites(text: str) -> list[Site]:
    return list(read_calls("shop.views", textwrap.dedent(text)))


def receivers(text: str) -> list[tuple[str, str]]:
    return [(site.receiver.kind, site.receiver.name) for site in sites(text)]


def test_the_model_of_a_manager_is_its_full_name():
    text = """
        from library.models import Author
        from . import models
        Author.objects.filter(age=3)
        models.Item.chosen.all().order_by("name")
    """
    assert receivers(text) == [("model", "library.models.Author"), ("model", "shop.models.Item")]


def test_a_variable_stands_for_what_it_was_given():
    text = """
        from library.models import Author
        found = Author.objects.filter(age=3)
        found[:3].values("name")
    """
    assert receivers(text)[-1] == ("model", "library.models.Author")


def test_a_parameter_is_what_its_annotation_says():
    text = """
        from dorm import QuerySet
        from library.models import Author, Authors
        def some(authors: "QuerySet[Author]", own: Authors, other) -> None:
            authors.values("name")
            own.values("name")
            other.values("name")
    """
    assert receivers(text) == [
        ("model", "library.models.Author"),
        ("class", "library.models.Authors"),
        ("any", ""),
    ]


def test_a_method_of_a_queryset_asks_its_own_class():
    text = """
        class Items:
            def cheap(self):
                return self.filter(price=3)
            def dear(self):
                return super().filter(cost=4)
    """
    assert receivers(text) == [("class", "shop.views.Items")] * 2


def test_an_attribute_of_an_instance_may_be_a_related_manager():
    assert receivers('author.books.values("title")') == [("accessor", "books")]


def test_twins_and_awaited_calls_are_the_same_calls():
    text = """
        async def some():
            (await Author.objects.avalues("name"))
            await Author.objects.filter(age=3).aget(name="x")
    """
    assert [site.call.method for site in sites(text)] == ["avalues", "filter", "aget"]


def test_what_came_before_in_a_chain_is_kept():
    last = sites('Author.objects.annotate(n=Count("books")).values("name").order_by("n")')[-1]
    assert [call.method for call in last.receiver.earlier] == ["annotate", "values"]
    assert [(one.keyword, one.called, one.text) for one in last.receiver.earlier[0].made] == [
        ("n", "Count", "books")
    ]


def test_hidden_arguments_are_told():
    text = """
        Author.objects.values(*names)
        Author.objects.values("name", **more)
        Author.objects.values("name")
    """
    assert [site.call.whole for site in sites(text)] == [False, False, True]


def test_the_attributes_that_prefetches_fill_are_found():
    (call,) = [
        site.call for site in sites('Author.objects.prefetch_related(Prefetch("books", to_attr="cheap"))')
    ]
    assert [(one.keyword, one.text) for one in call.made] == [("cheap", "books")]


def test_a_text_that_is_no_python_has_no_calls():
    assert sites("Author.objects.filter(") == []
    assert sites("x = " + "(" * 500 + ")" * 500) == []


def test_a_chain_without_end_is_passed_over():
    assert sites("Author.objects" + ".filter(age=3)" * 3000) == []
