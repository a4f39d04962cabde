"""What a class statement makes: fields, options, relations - or an error, and then nothing."""

from __future__ import annotations

import pytest

import dorm
from dorm import ImproperlyConfigured
from dorm.meta.registry import registry


def names(model):
    return [field.name for field in model._meta.fields]


# -- inheritance ----------------------------------------------------------------------------------------


def test_a_child_has_the_fields_of_its_abstract_parent_before_its_own(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True

    class Child(Base):
        two = dorm.IntegerField()

    assert names(Child) == ["id", "one", "two"]
    assert Child._meta.get_field("one") is not Base._meta.get_field("one")
    assert Child._meta.get_field("one").model is Child


def test_a_child_without_meta_inherits_the_order_and_is_not_abstract(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True
            ordering = ["-one"]

    class Child(Base):
        pass

    assert Child._meta.ordering == ("-one",)
    assert not Child._meta.abstract


def test_a_child_with_meta_inherits_what_it_does_not_set(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True
            ordering = ["-one"]

    class Child(Base):
        class Meta:
            db_table = "children"

    assert (Child._meta.ordering, Child._meta.db_table) == (("-one",), "children")


def test_a_child_of_the_meta_of_its_parent_is_not_abstract(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True
            ordering = ["one"]

    class Child(Base):
        class Meta(Base.Meta):
            db_table = "children"

    assert not Child._meta.abstract
    assert Child._meta.ordering == ("one",)


def test_a_child_may_clear_the_order(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True
            ordering = ["one"]

    class Child(Base):
        class Meta:
            ordering = []

    assert Child._meta.ordering == ()


def test_a_child_may_replace_or_drop_an_inherited_field(app):
    class Base(dorm.Model):
        one = dorm.IntegerField()
        two = dorm.IntegerField()

        class Meta(app):
            abstract = True

    class Child(Base):
        one = dorm.CharField(max_length=5)
        two = None

    assert names(Child) == ["id", "one"]
    assert isinstance(Child._meta.get_field("one"), dorm.CharField)
    assert Child(one="x").one == "x"


def test_two_abstract_parents_give_both_their_fields(app):
    class Left(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            abstract = True

    class Right(dorm.Model):
        two = dorm.IntegerField()

        class Meta(app):
            abstract = True

    class Child(Left, Right):
        pass

    assert set(names(Child)) == {"id", "one", "two"}


def test_an_abstract_model_has_no_manager(app):
    class Base(dorm.Model):
        class Meta(app):
            abstract = True

    with pytest.raises(AttributeError, match="abstract"):
        Base.objects  # noqa: B018


def test_a_foreign_key_of_an_abstract_parent_leads_back_to_each_child(app):
    class Target(dorm.Model):
        class Meta(app):
            pass

    class Base(dorm.Model):
        target = dorm.ForeignKey(Target, dorm.CASCADE)

        class Meta(app):
            abstract = True

    class One(Base):
        pass

    class Two(Base):
        pass

    assert {"one", "two"} <= set(Target._meta.reverse)
    assert hasattr(Target, "one_set")
    assert hasattr(Target, "two_set")


def test_a_child_of_a_concrete_model_has_its_fields_in_a_table_of_its_own(app):
    class Parent(dorm.Model):
        one = dorm.IntegerField()

        class Meta(app):
            pass

    class Child(Parent):
        two = dorm.IntegerField()

    assert names(Child) == ["id", "one", "two"]
    assert Child._meta.db_table != Parent._meta.db_table
    assert names(Parent) == ["id", "one"]


# -- names ----------------------------------------------------------------------------------------------


def test_the_table_is_named_by_the_app_and_the_class(app):
    class BookCase(dorm.Model):
        class Meta:
            app_label = "myproj.shop"

    assert BookCase._meta.db_table == "shop_bookcase"
    assert BookCase._meta.label == "myproj.shop.BookCase"
    registry.forget(BookCase)


@pytest.mark.parametrize("table", ["a b", "a;b", 'a"b', "a-b", "1a", "a.b", "a\0", "x" * 64])
def test_a_table_name_that_is_none_is_refused(app, table):
    with pytest.raises(ImproperlyConfigured, match="db_table"):

        class Bad(dorm.Model):
            class Meta(app):
                db_table = table


@pytest.mark.parametrize(
    "name",
    [
        "a__b",
        "a_",
        "class",
        "None",
        "self",
        "pk",
        "objects",
        "save",
        "delete",
        "_meta",
        "DoesNotExist",
        "full_clean",
    ],
)
def test_a_field_cannot_bear_a_name_that_means_something_else(app, name):
    with pytest.raises(ImproperlyConfigured, match=name):
        dorm.models.ModelBase(
            "Bad", (dorm.Model,), {name: dorm.IntegerField(), "Meta": app, "__module__": "x"}
        )


WORDS = [
    "select",
    "order",
    "group",
    "value",
    "list",
    "add",
    "new",
    "rows",
    "o0",
    "v0",
    "extra",
    "alias",
    "match",
]


@pytest.mark.parametrize("name", WORDS)
def test_a_field_may_be_called_what_sql_and_python_call_things(call, app, name):
    made = dorm.models.ModelBase(
        "Word", (dorm.Model,), {name: dorm.IntegerField(), "Meta": app, "__module__": "x"}
    )
    call(dorm.create_tables, made)
    saved = call(made.objects.create, **{name: 3})
    call(made.objects.bulk_create, [made(**{name: 4})])
    assert getattr(call(made.objects.get, **{name: 3}), name) == 3
    assert call.list(made.objects.order_by(name).values(name)) == [{name: 3}, {name: 4}]
    assert call.list(made.objects.only(name).order_by(f"-{name}"))[1] == saved
    setattr(saved, name, 5)
    call(saved.save)
    assert call(made.objects.aggregate, most=dorm.Max(name)) == {"most": 5}


def test_two_fields_cannot_share_a_column(app):
    with pytest.raises(ImproperlyConfigured, match="both"):

        class Bad(dorm.Model):
            one = dorm.IntegerField()
            two = dorm.IntegerField(db_column="one")

            class Meta(app):
                pass


def test_a_model_has_one_primary_key(app):
    with pytest.raises(ImproperlyConfigured, match="primary"):

        class Bad(dorm.Model):
            one = dorm.IntegerField(primary_key=True)
            two = dorm.IntegerField(primary_key=True)

            class Meta(app):
                pass


def test_an_unknown_option_of_meta_is_refused_with_the_one_that_was_meant(app):
    with pytest.raises(ImproperlyConfigured, match="ordering"):

        class Bad(dorm.Model):
            class Meta(app):
                orderng = ["id"]


def test_fields_are_not_on_the_class_but_the_class_gives_them(app):
    class Thing(dorm.Model):
        size = dorm.IntegerField()

        class Meta(app):
            pass

    assert "size" not in vars(Thing)
    assert Thing.size.field is Thing._meta.get_field("size")


def test_a_name_that_a_class_does_not_have_is_an_attribute_error_with_the_nearest(app):
    class Thing(dorm.Model):
        size = dorm.IntegerField()

        class Meta(app):
            pass

    with pytest.raises(AttributeError, match="Did you mean 'size'"):
        Thing.sise  # noqa: B018
    with pytest.raises(AttributeError, match="Did you mean 'size'"):
        Thing(size=1).sise  # noqa: B018


# -- relations ------------------------------------------------------------------------------------------


def test_a_relation_may_name_a_model_that_comes_later(app):
    class Early(dorm.Model):
        late = dorm.ForeignKey("Late", dorm.CASCADE)

        class Meta(app):
            pass

    class Late(dorm.Model):
        class Meta(app):
            pass

    assert Early._meta.get_field("late").related_model is Late
    assert "early" in Late._meta.reverse


def test_a_relation_may_name_the_app(app):
    class Target(dorm.Model):
        class Meta(app):
            pass

    class Source(dorm.Model):
        target = dorm.ForeignKey(f"{app.app_label}.Target", dorm.CASCADE)

        class Meta(app):
            pass

    assert Source._meta.get_field("target").related_model is Target


def test_a_relation_to_nothing_says_so_when_it_is_used(app):
    class Source(dorm.Model):
        target = dorm.ForeignKey("Missing", dorm.CASCADE)

        class Meta(app):
            pass

    with pytest.raises(ImproperlyConfigured, match="Missing"):
        Source.objects.filter(target__name="x")


def test_two_relations_cannot_share_a_reverse_name(app):
    class Target(dorm.Model):
        class Meta(app):
            pass

    with pytest.raises(ImproperlyConfigured, match="related_name"):

        class Bad(dorm.Model):
            one = dorm.ForeignKey(Target, dorm.CASCADE)
            two = dorm.ForeignKey(Target, dorm.CASCADE)

            class Meta(app):
                pass

    assert not Target._meta.reverse
    assert not hasattr(Target, "bad_set")


def test_a_reverse_name_cannot_hide_a_field(app):
    class Target(dorm.Model):
        size = dorm.IntegerField()

        class Meta(app):
            pass

    with pytest.raises(ImproperlyConfigured, match="size"):

        class Bad(dorm.Model):
            target = dorm.ForeignKey(Target, dorm.CASCADE, related_name="size")

            class Meta(app):
                pass


@pytest.mark.parametrize("name", ["save", "delete", "objects", "pk", "_meta", "DoesNotExist"])
def test_a_reverse_name_cannot_hide_a_method(app, name):
    class Target(dorm.Model):
        class Meta(app):
            pass

    before = getattr(Target, name)
    with pytest.raises(ImproperlyConfigured):

        class Bad(dorm.Model):
            target = dorm.ForeignKey(Target, dorm.CASCADE, related_name=name)

            class Meta(app):
                pass

    assert getattr(Target, name) == before


def test_set_null_needs_null_and_set_default_a_default(app):
    for policy in (dorm.SET_NULL, dorm.SET_DEFAULT):
        with pytest.raises(ImproperlyConfigured, match=repr(policy)):

            class Bad(dorm.Model):
                target = dorm.ForeignKey("self", policy)

                class Meta(app):
                    pass


def test_a_class_that_fails_leaves_nothing(app):
    class Target(dorm.Model):
        class Meta(app):
            pass

    known = dict(registry.models)
    with pytest.raises(ImproperlyConfigured):

        class Bad(dorm.Model):
            target = dorm.ForeignKey(Target, dorm.CASCADE, related_name="bads")
            wrong__name = dorm.IntegerField()

            class Meta(app):
                pass

    assert registry.models == known
    assert not Target._meta.reverse
    assert not hasattr(Target, "bads")


def test_a_redefined_class_takes_the_place_of_the_old_one(app):
    class Target(dorm.Model):
        class Meta(app):
            pass

    for field in ("first", "second"):
        dorm.models.ModelBase(
            "Source",
            (dorm.Model,),
            {field: dorm.ForeignKey(Target, dorm.CASCADE), "Meta": app, "__module__": "x"},
        )
    (relation,) = Target._meta.reverse.values()
    assert relation.field.name == "second"


def test_classes_with_a_table_between_can_be_defined_again(app):
    def define():
        class Tag(dorm.Model):
            class Meta(app):
                pass

        class Post(dorm.Model):
            tags = dorm.ManyToManyField("Tag", through="Tagging", related_name="posts")

            class Meta(app):
                pass

        class Tagging(dorm.Model):
            tag = dorm.ForeignKey(Tag, dorm.CASCADE, related_name="+")
            post = dorm.ForeignKey(Post, dorm.CASCADE, related_name="+")

            class Meta(app):
                pass

        return Tag, Post, Tagging

    define()
    tag, post, tagging = define()
    assert post._meta.get_field("tags").through is tagging
    assert tag._meta.field("posts").target.model is post


def test_each_model_has_errors_of_its_own(app):
    class One(dorm.Model):
        class Meta(app):
            pass

    class Two(One):
        pass

    assert issubclass(Two.DoesNotExist, One.DoesNotExist)
    assert issubclass(One.DoesNotExist, dorm.DoesNotExist)
    assert One.DoesNotExist.__qualname__.endswith("One.DoesNotExist")


def test_a_custom_key_takes_the_place_of_id(call, app):
    class Country(dorm.Model):
        code = dorm.CharField(max_length=2, primary_key=True)
        name = dorm.TextField()

        class Meta(app):
            pass

    class City(dorm.Model):
        country = dorm.ForeignKey(Country, dorm.CASCADE, related_name="cities")

        class Meta(app):
            pass

    call(dorm.create_tables, Country, City)
    spain = call(Country.objects.create, code="es", name="Spain")
    city = call(City.objects.create, country=spain)
    assert (names(Country), spain.pk, city.country_id) == (["code", "name"], "es", "es")
    assert call(Country.objects.get, cities=city) == spain
    assert call.list(City.objects.values_list("country", "country__code", "country__name")) == [
        ("es", "es", "Spain")
    ]
    spain.name = "España"
    call(spain.save)
    assert call.list(Country.objects.values_list("name", flat=True)) == ["España"]


def test_a_column_may_have_another_name_than_its_field(call, app):
    class Thing(dorm.Model):
        size = dorm.IntegerField(db_column="how_big")
        twin = dorm.ForeignKey("self", dorm.SET_NULL, null=True, db_column="other")

        class Meta(app):
            pass

    call(dorm.create_tables, Thing)
    one = call(Thing.objects.create, size=1)
    two = call(Thing.objects.create, size=2, twin=one)
    assert call(Thing.objects.get, twin__size=1) == two
    assert call.list(Thing.objects.order_by("size").values("size", "twin_id")) == [
        {"size": 1, "twin_id": None}, {"size": 2, "twin_id": one.pk},
    ]  # fmt: skip
    (only,) = call.list(Thing.objects.only("size").filter(size=2))
    assert (only.size, only.twin_id) == (2, one.pk)
    assert call(Thing.objects.filter(size=2).update, size=dorm.F("size") + 1) == 1
    assert call(Thing.objects.aggregate, most=dorm.Max("size")) == {"most": 3}
