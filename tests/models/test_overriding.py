"""A class's own `save()`, `delete()` and the like are what every way of saving and deleting goes through."""

from __future__ import annotations

from typing import Any

import pytest

import dorm


class Shelf(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "overriding"


class Noted(dorm.Model):
    """Tells how it was saved."""

    name = dorm.CharField(max_length=20)
    how = dorm.CharField(max_length=40, default="")

    class Meta:
        abstract = True
        app_label = "overriding"

    def _note(self, named: dict[str, Any]) -> None:
        self.how = ",".join(sorted(set(named) - {"using"}))
        if named.get("update_fields") is not None:
            named["update_fields"] = {*named["update_fields"], "how"}

    def save(self, **named: Any) -> None:
        self._note(named)
        super().save(**named)

    async def asave(self, **named: Any) -> None:
        self._note(named)
        await super().asave(**named)


class Box(Noted):
    shelf = dorm.ForeignKey(Shelf, dorm.CASCADE, null=True, related_name="boxes")
    shelves = dorm.ManyToManyField(Shelf, related_name="boxes_beside")


class Half(dorm.Model):
    """Overrides one colour of each pair that it overrides."""

    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "overriding"

    def save(self, **named: Any) -> None:
        self.name = self.name.upper()
        super().save(**named)

    async def adelete(self, **named: Any) -> tuple[int, dict[str, int]]:
        return 0, {}


class Whole(Half):
    async def asave(self, **named: Any) -> None:
        self.name = self.name.upper()
        await dorm.Model.asave(self, **named)


@pytest.fixture(autouse=True)
def tables(request):
    if "call" in request.fixturenames:
        request.getfixturevalue("call")(dorm.create_tables, Shelf, Box, Half, Whole)


def _stored(call: Any) -> list[str]:
    return call.list(Box.objects.order_by("pk").values_list("how", flat=True))


def test_create_calls_save(call):
    assert call(Box.objects.create, name="a").how == "force_insert"
    assert _stored(call) == ["force_insert"]


def test_get_or_create_calls_save_for_a_new_row(call):
    made, is_new = call(Box.objects.get_or_create, name="a")
    assert (made.how, is_new) == ("force_insert", True)
    made, is_new = call(Box.objects.get_or_create, name="a")
    assert (made.how, is_new) == ("force_insert", False)


def test_update_or_create_calls_save_for_both(call):
    assert call(Box.objects.update_or_create, {"name": "b"}, name="a")[0].how == "force_insert"
    assert call(Box.objects.update_or_create, {"name": "c"}, name="b")[0].how == "update_fields"
    assert call.list(Box.objects.values_list("name", "how")) == [("c", "update_fields")]


@pytest.mark.parametrize("manager", ["boxes", "boxes_beside"])
def test_related_managers_call_save(call, manager):
    rows = getattr(call(Shelf.objects.create, name="s"), manager)
    call(rows.create, name="a")
    call(rows.get_or_create, name="b")
    call(rows.update_or_create, {"how": ""}, name="c")
    assert _stored(call) == ["force_insert"] * 3
    assert call(rows.count) == 3


def test_bulk_create_does_not_call_save(call):
    call(Box.objects.bulk_create, [Box(name="a")])
    assert _stored(call) == [""]


def test_save_goes_to_the_database_that_was_named(call, database):
    dorm.configure(DATABASES={"default": database.settings, "other": database.settings})
    made = call(Box.objects.using("other").create, name="a")
    assert (made._state.db, made.how) == ("other", "force_insert")


def test_a_save_that_raises_leaves_no_row(call):
    class Refusing(Box):
        class Meta:
            app_label = "overriding"
            proxy = True

        def save(self, **named: Any) -> None:
            super().save(**named)
            raise ValueError("no")

        async def asave(self, **named: Any) -> None:
            await super().asave(**named)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        call(Refusing.objects.get_or_create, name="a")
    assert call(Box.objects.count) == 0


# -- one colour of two -----------------------------------------------------------------------------


def test_the_twin_of_a_method_that_is_overridden_alone_refuses(call):
    expected = r"Half overrides save\(\) and not asave\(\), which would leave out what that does"
    if not call.is_async:
        assert call(Half.objects.create, name="a").name == "A"
        return
    for method in (Half(name="a").save, Half.objects.all().create):
        with pytest.raises(NotImplementedError, match=expected):
            call(method)
    with pytest.raises(NotImplementedError, match=expected):
        call(Half.objects.get_or_create, name="a")
    assert call(Half.objects.count) == 0


def test_a_synchronous_call_refuses_where_the_other_colour_does_more(call):
    call(Half.objects.bulk_create, [Half(name="a")])
    row = call(Half.objects.get)
    if call.is_async:
        assert call(row.delete) == (0, {})
    else:
        with pytest.raises(NotImplementedError, match=r"Half overrides adelete\(\) and not delete\(\)"):
            row.delete()
    assert call(Half.objects.count) == 1


def test_a_child_may_write_the_colour_that_was_missing(call):
    assert call(Whole.objects.create, name="a").name == "A"


def test_a_child_that_overrides_one_colour_of_two_is_incomplete_again(app):
    class Child(Box):
        class Meta(app):
            proxy = True

        def save(self, **named: Any) -> None:
            super().save(**named)

    assert hasattr(Child.asave, "refuses") and not hasattr(Box.asave, "refuses")


def test_a_class_that_is_no_model_may_override_too(app):
    class Upper:
        def full_clean(self) -> None:
            raise AssertionError

    class Child(Upper, dorm.Model):
        class Meta(app):
            pass

    assert hasattr(Child.afull_clean, "refuses") and not hasattr(Child.asave, "refuses")
