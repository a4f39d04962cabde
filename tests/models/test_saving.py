"""Instances: made, saved, loaded anew, compared, copied - and their relations on the way."""

from __future__ import annotations

import copy
import pickle

import pytest

import dorm
from dorm import DatabaseError, FieldError


class Team(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        app_label = "saving"


class Player(dorm.Model):
    name = dorm.CharField(max_length=20)
    points = dorm.IntegerField(default=5)
    tags = dorm.JSONField(default=list)
    team = dorm.ForeignKey(Team, dorm.CASCADE, null=True, related_name="players")

    class Meta:
        app_label = "saving"


class Stamp(dorm.Model):
    made = dorm.DateTimeField(auto_now_add=True)
    changed = dorm.DateTimeField(auto_now=True)
    name = dorm.TextField(default="")

    class Meta:
        app_label = "saving"


@pytest.fixture(autouse=True)
def tables(request):
    if "call" in request.fixturenames:
        request.getfixturevalue("call")(dorm.create_tables, Team, Player, Stamp)


# -- made -----------------------------------------------------------------------------------------------


def test_missing_values_are_defaults_or_none():
    player = Player()
    assert (player.pk, player.name, player.points, player.tags, player.team_id) == (None, None, 5, [], None)


def test_a_default_that_is_made_is_made_for_each():
    assert Player().tags is not Player().tags


def test_nothing_is_validated_or_converted_by_the_constructor():
    player = Player(name="x" * 100, points="many")
    assert (player.name, player.points) == ("x" * 100, "many")


@pytest.mark.parametrize(
    ("name", "meant"), [("nam", "name"), ("point", "points"), ("team_idd", "team_id"), ("Name", "name")]
)
def test_an_unknown_keyword_is_refused_with_the_one_that_was_meant(name, meant):
    with pytest.raises(TypeError, match=f"Did you mean '{meant}'"):
        Player(**{name: 1})


def test_positions_are_refused():
    with pytest.raises(TypeError):
        Player("Ada")  # type: ignore[call-arg]  # that is the test


def test_a_relation_takes_an_instance_or_a_key():
    team = Team(pk=3, name="t")
    assert Player(team=team).team_id == 3
    assert Player(team_id=3).team_id == 3
    assert Player(team=3).team_id == 3
    assert Player(team=None).team_id is None
    assert Player(pk=7).id == 7


def test_a_relation_refuses_another_models_instance():
    with pytest.raises(FieldError, match="Team"):
        Player(team=Player(pk=1))
    player = Player()
    with pytest.raises(FieldError, match="Team"):
        player.team = Player(pk=1)
    with pytest.raises(FieldError, match="team_id"):
        player.team = 3


# -- saved ----------------------------------------------------------------------------------------------


def test_save_inserts_once_and_then_updates(call):
    player = Player(name="Ada")
    call(player.save)
    key = player.pk
    player.name = "Ava"
    call(player.save)
    assert call.list(Player.objects.values_list("pk", "name")) == [(key, "Ava")]


@pytest.mark.parametrize("key", [0, 1, -5, 10_000])
def test_a_key_that_is_given_is_inserted(call, key):
    call(Player(pk=key, name="Ada").save)
    assert call(Player.objects.get, pk=key).name == "Ada"


def test_a_key_that_is_there_is_updated(call):
    player = call(Player.objects.create, name="Ada")
    call(Player(pk=player.pk, name="Ava").save)
    assert call.list(Player.objects.values_list("pk", "name")) == [(player.pk, "Ava")]


def test_force_insert_does_not_update(call):
    player = call(Player.objects.create, name="Ada")
    with pytest.raises(dorm.UniqueViolation):
        call(Player(pk=player.pk, name="Ava").save, force_insert=True)


def test_a_row_that_went_meanwhile_is_inserted_again(call):
    player = call(Player.objects.create, name="Ada")
    call(Player.objects.filter(pk=player.pk).delete)
    call(player.save)
    assert call(Player.objects.get, pk=player.pk).name == "Ada"


def test_a_copy_without_its_key_is_a_new_row(call):
    player = call(Player.objects.create, name="Ada")
    player.pk = None
    call(player.save)
    assert call(Player.objects.count) == 2


def test_update_fields_writes_these_alone(call):
    player = call(Player.objects.create, name="Ada", points=1)
    player.name, player.points = "Ava", 2
    call(player.save, update_fields=["points"])
    assert call.list(Player.objects.values_list("name", "points")) == [("Ada", 2)]


def test_update_fields_takes_a_relation_by_its_name_or_its_column(call):
    one, two = call(Team.objects.create, name="1"), call(Team.objects.create, name="2")
    player = call(Player.objects.create, name="Ada")
    for team, name in ((one, "team"), (two, "team_id")):
        player.team = team
        call(player.save, update_fields=[name])
        assert call(Player.objects.get).team_id == team.pk


def test_update_fields_of_nothing_does_nothing(call, statements):
    player = call(Player.objects.create, name="Ada")
    with statements() as sent:
        call(player.save, update_fields=[])
    assert sent == []


def test_update_fields_without_a_row_is_an_error(call):
    with pytest.raises(DatabaseError):
        call(Player(pk=99, name="x").save, update_fields=["name"])
    assert call(Player.objects.count) == 0


@pytest.mark.parametrize(
    "names", [["nam"], ["name", "nam"], ["id"], ["pk"], "name", ["team__name"], ["players"]]
)
def test_update_fields_names_columns(call, names):
    player = call(Player.objects.create, name="Ada")
    with pytest.raises((FieldError, ValueError)):
        call(player.save, update_fields=names)


def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(call):
    with pytest.raises(FieldError, match="points"):
        call(Player(name="Ada", points="many").save)
    assert call(Player.objects.count) == 0


def test_a_save_that_failed_can_be_tried_again(call):
    player = Player(name=None)
    with pytest.raises(dorm.IntegrityError):
        call(player.save)
    assert player.pk is None
    player.name = "Ada"
    call(player.save)
    assert call(Player.objects.get).name == "Ada"


def test_moments_are_made_when_the_row_is_saved(call):
    stamp = call(Stamp.objects.create)
    made, changed = stamp.made, stamp.changed
    assert made is not None
    call(stamp.save)
    assert stamp.made == made
    assert stamp.changed >= changed
    loaded = call(Stamp.objects.get)
    assert (loaded.made, loaded.changed) == (stamp.made, stamp.changed)


# -- related rows ---------------------------------------------------------------------------------------


def test_a_related_row_that_is_not_saved_is_refused(call):
    with pytest.raises((FieldError, ValueError), match="save"):
        call(Player(name="Ada", team=Team(name="t")).save)
    assert call(Player.objects.count) == 0


def test_a_related_row_that_was_saved_later_gives_its_key(call):
    team = Team(name="t")
    player = Player(name="Ada", team=team)
    call(team.save)
    call(player.save)
    assert call(Player.objects.get).team_id == team.pk
    assert player.team is team


def test_a_key_that_changes_loads_the_row_anew(call):
    one, two = call(Team.objects.create, name="1"), call(Team.objects.create, name="2")
    player = call(Player.objects.create, name="Ada", team=one)
    player.team_id = two.pk
    assert player.team == two
    player.team_id = None
    assert player.team is None


def test_a_relation_set_to_none_clears_the_key(call):
    player = call(Player.objects.create, name="Ada", team=call(Team.objects.create, name="1"))
    player.team = None
    call(player.save)
    assert call(Player.objects.get).team_id is None


def test_a_related_row_that_is_gone_is_a_does_not_exist(call):
    player = Player(team_id=99)
    with pytest.raises(Team.DoesNotExist):
        player.team  # noqa: B018


def test_a_related_manager_speaks_of_its_instance(call):
    one, two = call(Team.objects.create, name="1"), call(Team.objects.create, name="2")
    ada = call(one.players.create, name="Ada")
    call(two.players.create, name="Bob")
    assert ada.team_id == one.pk
    assert call.list(one.players.all()) == [ada]
    assert call(one.players.filter(name="Bob").count) == 0
    assert call(one.players.count) == 1
    assert call(two.players.exists)


def test_a_related_manager_of_an_unsaved_row_is_refused(call):
    with pytest.raises((FieldError, ValueError), match="save"):
        call.list(Team(name="t").players.all())


# -- loaded anew ----------------------------------------------------------------------------------------


def test_refresh_loads_every_column_and_forgets_relations(call):
    one, two = call(Team.objects.create, name="1"), call(Team.objects.create, name="2")
    player = call(Player.objects.create, name="Ada", team=one)
    call(Player.objects.update, name="Ava", team=two)
    call(player.refresh_from_db)
    assert (player.name, player.team.name) == ("Ava", "2")


def test_refresh_of_a_row_that_is_gone_is_a_does_not_exist(call):
    player = call(Player.objects.create, name="Ada")
    call(Player.objects.all().delete)
    with pytest.raises(Player.DoesNotExist):
        call(player.refresh_from_db)


# -- being an object ------------------------------------------------------------------------------------


def test_equality_is_that_of_model_and_key():
    assert Player(pk=1) == Player(pk=1, name="other")
    assert Player(pk=1) != Player(pk=2)
    assert Player(pk=1) != Team(pk=1)
    assert Player() != Player()
    assert Player(pk=1) != 1
    assert len({Player(pk=1), Player(pk=1), Player(pk=2)}) == 2


def test_an_unsaved_row_equals_itself_alone_and_has_no_hash():
    player = Player()
    assert player == player
    with pytest.raises(TypeError):
        hash(player)


def test_the_repr_tells_the_model_and_the_key():
    assert repr(Player(pk=3)) == "<Player: pk=3>"
    assert "unsaved" in repr(Player())


def test_a_loaded_row_survives_pickle_and_copy(call):
    team = call(Team.objects.create, name="t")
    call(Player.objects.create, name="Ada", team=team, tags=["a"])
    (player,) = call.list(Player.objects.select_related("team"))
    for twin in (pickle.loads(pickle.dumps(player)), copy.copy(player), copy.deepcopy(player)):
        assert twin == player
        assert (twin.name, twin.tags, twin.team.name) == ("Ada", ["a"], "t")
        twin.name = "Ava"
        assert player.name == "Ada"
    shallow = copy.copy(player)
    call(shallow.save)
    assert call(Player.objects.count) == 1


def test_a_deferred_row_survives_pickle(call):
    call(Player.objects.create, name="Ada", points=3)
    (player,) = call.list(Player.objects.only("name"))
    twin = pickle.loads(pickle.dumps(player))
    assert "points" not in vars(twin)
    assert twin.points == 3


# -- deleted --------------------------------------------------------------------------------------------


def test_delete_takes_the_row_and_the_key(call):
    player = call(Player.objects.create, name="Ada")
    assert call(player.delete) == (1, {"saving.Player": 1})
    assert player.pk is None
    assert call(Player.objects.count) == 0


def test_an_unsaved_row_cannot_be_deleted(call):
    with pytest.raises(ValueError, match="never saved"):
        call(Player(name="x").delete)


# -- the ends of a loop ----------------------------------------------------------------------------------


def test_in_a_strict_loop_nothing_is_loaded_behind_ones_back(call):
    team = call(Team.objects.create, name="t")
    call(Player.objects.create, name="Ada", team=team)

    async def look():
        (player,) = await Player.objects.only("name", "team")
        with pytest.raises(dorm.AsyncRequiredError, match="select_related"):
            player.team  # noqa: B018
        with pytest.raises(dorm.AsyncRequiredError, match="points"):
            player.points  # noqa: B018

    if call.is_async:
        dorm.configure(ASYNC_STRICT=True)
        try:
            call.run(lambda: None, look)
        finally:
            dorm.configure(ASYNC_STRICT=False)
