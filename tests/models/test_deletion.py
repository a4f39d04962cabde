"""What a deletion does to the rows that refer to what goes: each `on_delete`, and chains of them."""

from __future__ import annotations

import pytest

import dorm


class Root(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "deletion"


class Cascading(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.CASCADE, null=True, related_name="cascading")

    class Meta:
        app_label = "deletion"


class Deep(dorm.Model):
    above = dorm.ForeignKey(Cascading, dorm.CASCADE, related_name="deep")
    root = dorm.ForeignKey(Root, dorm.CASCADE, null=True, related_name="+")

    class Meta:
        app_label = "deletion"


class Protecting(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.PROTECT, null=True, related_name="protecting")
    above = dorm.ForeignKey(Cascading, dorm.PROTECT, null=True, related_name="protecting")

    class Meta:
        app_label = "deletion"


class Nulling(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.SET_NULL, null=True, related_name="nulling")

    class Meta:
        app_label = "deletion"


def first_root() -> int:
    return 1


class Defaulting(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.SET_DEFAULT, default=first_root, related_name="defaulting")

    class Meta:
        app_label = "deletion"


class Restricting(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.RESTRICT, related_name="restricting")

    class Meta:
        app_label = "deletion"


class Ignoring(dorm.Model):
    root = dorm.ForeignKey(Root, dorm.DO_NOTHING, related_name="ignoring")

    class Meta:
        app_label = "deletion"


class Loop(dorm.Model):
    next = dorm.ForeignKey("self", dorm.CASCADE, null=True, related_name="previous")

    class Meta:
        app_label = "deletion"


MODELS = (Root, Cascading, Deep, Protecting, Nulling, Defaulting, Restricting, Ignoring, Loop)


@pytest.fixture
def roots(call):
    """Two rows; the first is the default of Defaulting."""
    call(dorm.create_tables, *MODELS)
    return call(Root.objects.create, pk=1, name="first"), call(Root.objects.create, pk=2, name="second")


@pytest.fixture(params=["instance", "queryset"])
def remove(call, request):
    """Return a function that deletes a row in either way."""
    if request.param == "instance":
        return lambda row: call(row.delete)
    return lambda row: call(type(row).objects.filter(pk=row.pk).delete)


def counts(call, *models):
    return [call(model.objects.count) for model in models]


def test_cascade_goes_all_the_way_and_counts(call, roots, remove):
    _, second = roots
    for root in roots:
        above = call(Cascading.objects.create, root=root)
        for _ in range(2):
            call(Deep.objects.create, above=above)
    assert remove(second) == (4, {"deletion.Root": 1, "deletion.Cascading": 1, "deletion.Deep": 2})
    assert counts(call, Root, Cascading, Deep) == [1, 1, 2]


def test_a_row_that_is_reached_twice_goes_once(call, roots, remove):
    _, second = roots
    above = call(Cascading.objects.create, root=second)
    call(Deep.objects.create, above=above, root=second)
    assert remove(second)[0] == 3


def test_a_hidden_relation_cascades_too(call, roots, remove):
    first, second = roots
    call(Deep.objects.create, above=call(Cascading.objects.create, root=first), root=second)
    assert remove(second) == (2, {"deletion.Root": 1, "deletion.Deep": 1})


def test_protect_stops_it_before_anything_is_written(call, roots, remove):
    _, second = roots
    call(Cascading.objects.create, root=second)
    call(Nulling.objects.create, root=second)
    guard = call(Protecting.objects.create, root=second)
    with pytest.raises(dorm.ProtectedError) as caught:
        remove(second)
    assert caught.value.protected_objects == [guard]
    assert counts(call, Root, Cascading, Protecting) == [2, 1, 1]
    assert call(Nulling.objects.get).root_id == second.pk
    assert second.pk == 2


def test_protect_two_levels_down_stops_it_too(call, roots, remove):
    _, second = roots
    above = call(Cascading.objects.create, root=second)
    call(Deep.objects.create, above=above)
    call(Nulling.objects.create, root=second)
    call(Protecting.objects.create, above=above)
    with pytest.raises(dorm.ProtectedError, match="Protecting"):
        remove(second)
    assert counts(call, Root, Cascading, Deep) == [2, 1, 1]
    assert call(Nulling.objects.get).root_id == second.pk


def test_set_null_leaves_the_row_and_is_not_counted(call, roots, remove):
    _, second = roots
    call(Nulling.objects.create, root=second)
    assert remove(second) == (1, {"deletion.Root": 1})
    assert call(Nulling.objects.get).root_id is None


def test_set_default_calls_the_default(call, roots, remove):
    _, second = roots
    call(Defaulting.objects.create, root=second)
    assert remove(second) == (1, {"deletion.Root": 1})
    assert call(Defaulting.objects.get).root_id == 1


@pytest.mark.parametrize("model", [Restricting, Ignoring])
def test_the_database_refuses_what_python_does_not_look_after(call, roots, remove, model):
    _, second = roots
    call(Nulling.objects.create, root=second)
    call(model.objects.create, root=second)
    with pytest.raises(dorm.IntegrityError) as caught:
        remove(second)
    assert not isinstance(caught.value, dorm.ProtectedError)
    assert counts(call, Root, model) == [2, 1]
    assert call(Nulling.objects.get).root_id == second.pk
    assert second.pk == 2
    # The connection is free for others.
    call(Root.objects.create, pk=3, name="third")


def test_a_circle_of_rows_goes_as_one(call, roots, remove):
    one = call(Loop.objects.create)
    two = call(Loop.objects.create, next=one)
    one.next = two
    call(one.save)
    assert remove(one) == (2, {"deletion.Loop": 2})


def test_a_row_that_refers_to_itself_goes(call, roots, remove):
    one = call(Loop.objects.create)
    one.next = one
    call(one.save)
    assert remove(one) == (1, {"deletion.Loop": 1})


def test_a_long_chain_goes_whole(call, roots):
    previous = None
    for _ in range(60):
        previous = call(Loop.objects.create, next=previous)
    assert call(Loop.objects.filter(next=None).delete)[0] == 60


def test_thousands_of_rows_go_with_one(call, roots, remove):
    _, second = roots
    call(Cascading.objects.bulk_create, [Cascading(root=second) for _ in range(3_000)])
    assert remove(second)[0] == 3_001


def test_signals_are_sent_for_every_row_that_goes(call, roots, remove):
    _, second = roots
    above = call(Cascading.objects.create, root=second)
    call(Deep.objects.create, above=above)
    seen = []

    def note(sender, instance):
        seen.append((sender.__name__, instance.pk is not None))

    dorm.pre_delete.connect(note)
    dorm.post_delete.connect(note)
    try:
        remove(second)
    finally:
        dorm.pre_delete.disconnect(note)
        dorm.post_delete.disconnect(note)
    assert sorted(seen) == sorted([(name, True) for name in ("Root", "Cascading", "Deep")] * 2)


def test_a_receiver_that_raises_keeps_every_row(call, roots, remove):
    _, second = roots
    call(Cascading.objects.create, root=second)

    def refuse(sender, instance):
        raise RuntimeError("no")

    dorm.post_delete.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            remove(second)
    finally:
        dorm.post_delete.disconnect(refuse)
    assert counts(call, Root, Cascading) == [2, 1]
    assert second.pk == 2
