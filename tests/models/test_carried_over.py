"""What Django code says of relations, of saving and of missing rows, said here."""

from __future__ import annotations

import pytest

import dorm
from dorm import ImproperlyConfigured, models


def _even(value: int) -> None:
    if value % 2:
        raise dorm.ValidationError("An odd key.", code="odd")


class Owner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "carried"


class Pet(models.Model):
    owner = models.ForeignKey(
        Owner,
        models.CASCADE,
        related_name="pets",
        choices=[(2, "Ada"), (3, "Bob"), (4, "Cy")],
        validators=[_even],
        error_messages={"null": "Whose is it?", "odd": "Not that one."},
        db_comment="who feeds it",
        unique_for_date="born",
    )
    home = models.OneToOneField(
        Owner,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="guest",
        db_comment="where it sleeps",
        error_messages={"unique": "Nobody has two guests."},
    )
    friends = models.ManyToManyField("self", editable=False, error_messages={"null": "x"}, blank=True)
    born = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "carried"


@pytest.fixture
def owners(call):
    call(dorm.create_tables, Owner, Pet)
    return [call(Owner.objects.create, pk=pk, name=name) for pk, name in ((2, "Ada"), (3, "Bob"), (4, "Cy"))]


def _wrong(call, pet):
    with pytest.raises(dorm.ValidationError) as caught:
        call(pet.full_clean)
    return caught.value.message_dict


def test_a_key_has_choices_validators_and_messages(call, owners):
    assert Pet(owner_id=2).get_owner_display() == "Ada"
    assert _wrong(call, Pet()) == {"owner": ["Whose is it?"]}
    assert _wrong(call, Pet(owner=owners[1])) == {"owner": ["Not that one."]}
    assert set(_wrong(call, Pet(owner_id=9))) == {"owner"}
    call(Pet(owner=owners[0]).full_clean)


def test_a_key_is_unique_for_its_day_and_among_rows(call, owners):
    call(Pet.objects.create, owner=owners[0], born="2024-02-03", home=owners[1])
    assert _wrong(call, Pet(owner=owners[0], born="2024-02-03")) == {
        "owner": ["owner must be unique for born date."]
    }
    assert _wrong(call, Pet(owner=owners[2], home=owners[1])) == {"home": ["Nobody has two guests."]}


def test_what_a_relation_was_told_is_kept():
    friends = Pet._meta.get_field("friends")
    assert (friends.editable, friends.error_messages) == (False, {"null": "x"})
    _, _, _, kwargs = Pet._meta.get_field("owner").deconstruct()
    assert kwargs["db_comment"] == "who feeds it" and kwargs["unique_for_date"] == "born"
    assert kwargs["choices"] == [(2, "Ada"), (3, "Bob"), (4, "Cy")]


# -- rows that are missing -------------------------------------------------------------------------


def test_the_other_side_of_a_one_to_one_names_its_error(call, owners):
    with pytest.raises(Owner.guest.RelatedObjectDoesNotExist) as caught:
        _ = owners[0].guest
    for kind in (Pet.DoesNotExist, dorm.RelatedObjectDoesNotExist, dorm.ObjectDoesNotExist, AttributeError):
        assert isinstance(caught.value, kind)
    assert not hasattr(owners[0], "guest")
    assert not isinstance(caught.value, Owner.DoesNotExist)


def test_a_key_names_an_error_too():
    for column in (Pet.owner, Pet.home):
        assert issubclass(column.RelatedObjectDoesNotExist, Owner.DoesNotExist)
        assert issubclass(column.RelatedObjectDoesNotExist, AttributeError)
    assert Pet.owner.RelatedObjectDoesNotExist is Pet.owner.RelatedObjectDoesNotExist


# -- saving ----------------------------------------------------------------------------------------


def test_save_names_the_keywords_that_were_meant(call, owners):
    expected = r"Owner\.save\(\) takes keywords alone: write save\(force_insert=True\)"
    with pytest.raises(TypeError, match=expected.replace("save", "asave") if call.is_async else expected):
        call(owners[0].save, True)
    with pytest.raises(
        TypeError, match=r"force_insert=False, force_update=True, using=None, update_fields=\['name'\]"
    ):
        call(owners[0].save, False, True, None, ["name"])


# -- models with errors ----------------------------------------------------------------------------


def _model(app, fields, **meta):
    options = type("Meta", (app,), meta)
    return models.ModelBase("Wrong", (models.Model,), {**fields, "Meta": options, "__module__": __name__})


@pytest.mark.parametrize(
    ("field", "meta", "id", "fix"),
    [
        (models.ForeignKey("Nowhere", models.CASCADE), {}, "fields.E001", "Import the module"),
        (models.CharField(max_length=2, default="long"), {}, "fields.E002", "Change one of them"),
        (models.CharField(max_length=1, choices=[("ab", "AB")]), {}, "fields.E003", "max_length=2"),
        (models.CharField(max_length=9, unique_for_date="id"), {}, "fields.E004", "Name one of its dates"),
        (models.IntegerField(), {"ordering": ["agee"]}, "models.E001", "Name fields of the model"),
    ],
)
def test_a_model_with_errors_is_refused_when_it_is_first_asked(app, field, meta, id, fix):
    wrong = _model(app, {"age": field}, **meta)
    for _ in range(2):
        with pytest.raises(ImproperlyConfigured) as caught:
            wrong.objects.filter(pk=1)
        assert id in str(caught.value) and fix in str(caught.value) and "Wrong" in str(caught.value)


def test_a_model_is_looked_at_once(app, monkeypatch):
    import dorm.checks

    right = _model(app, {"age": models.IntegerField()})
    right.objects.all()
    monkeypatch.setattr(dorm.checks, "_of_model", None)
    right._meta.cache.clear()
    right.objects.filter(age=1)


def test_warnings_do_not_stop_a_model(app):
    open_ended = _model(app, {"name": models.CharField(), "tags": models.Field(default=[])})
    assert "SELECT" in str(open_ended.objects.all().query)
