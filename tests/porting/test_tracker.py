"""The models of an issue tracker, written as for Django, on both databases and in both modes.

Rests on `tracker/models.py`, and on the rows that the comparison with Django begins with.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import dorm
from dorm import models
from tests.porting.test_oracle import fill_tracker
from tests.porting.tracker import models as tracker
from tests.porting.tracker.models import (
    GREETED,
    MODELS,
    ClosedIssue,
    Event,
    Issue,
    Membership,
    Milestone,
    Profile,
    Project,
    Team,
    User,
)


@pytest.fixture
def filled(call: Any) -> None:
    GREETED.clear()
    call(dorm.create_tables, *MODELS)
    fill_tracker(call, tracker)


def test_a_manager_makes_users_and_a_receiver_is_told(call, filled):
    made = call(User.objects.create_user, "DEE")
    assert (made.username, GREETED) == ("dee", ["ada", "bob", "cyd", "dee"])
    call(made.save)
    assert len(GREETED) == 4


def test_methods_of_the_managers_queryset_go_on_in_a_chain(call, filled):
    call(User.objects.filter(username="bob").update, is_active=False)
    assert [one.username for one in call.list(User.objects.active())] == ["ada", "cyd"]
    team = call(Team.objects.get, name="core")
    assert [one.username for one in call.list(User.objects.active().members_of(team))] == ["ada"]


def test_reverse_names_are_made_of_the_class(call, filled):
    ada = call(User.objects.get, username="ada")
    assert [str(one) for one in call.list(ada.owned_project_set.all())] == ["DO"]
    assert call(User.objects.get, owned_project__key="DO") == ada


def test_a_profile_has_the_key_of_its_user(call, filled):
    ada = call(User.objects.select_related("profile").get, username="ada")
    assert (ada.profile.pk, ada.profile.bio) == (ada.pk, "counts")
    assert call(Profile.objects.filter(user__username="bob").exists) is False
    bob = call(User.objects.select_related("profile").get, username="bob")
    with pytest.raises(dorm.RelatedObjectDoesNotExist):
        _ = bob.profile


def test_who_follows_whom_is_not_mutual_and_who_is_blocked_is(call, filled):
    ada, cyd = [call(User.objects.get, username=name) for name in ("ada", "cyd")]
    assert [str(one) for one in call.list(ada.follows.all())] == ["bob", "cyd"]
    assert [str(one) for one in call.list(ada.followers.all())] == ["bob"]
    assert call.list(cyd.blocked.all()) == [ada]


def test_one_lead_leads_a_team(call, filled):
    team, cyd = call(Team.objects.get, name="core"), call(User.objects.get, username="cyd")
    with pytest.raises(dorm.UniqueViolation):
        call(Membership.objects.create, team=team, user=cyd, role=Membership.Role.LEAD)
    call(team.members.add, cyd, through_defaults={"role": "member"})
    roles = call.list(team.memberships.order_by("user__username").values_list("user__username", "role"))
    assert roles == [("ada", "lead"), ("bob", "member"), ("cyd", "member")]


def test_issues_are_numbered_within_their_project(call, filled):
    project, bob = call(Project.objects.get, key="DO"), call(User.objects.get, username="bob")
    made = call(Issue.objects.create, project=project, number=4, title="  Fourth ", reporter=bob)
    assert made.title == "Fourth"
    assert call(Issue.objects.latest) == made
    assert [one.number for one in call.list(Issue.objects.all())] == [4, 3, 2, 1]
    with pytest.raises(dorm.UniqueViolation):
        call(Issue.objects.create, project=project, number=4, title="Again", reporter=bob)


def test_open_and_closed_issues_have_their_managers(call, filled):
    call(Issue.objects.filter(number=2).update, state=Issue.State.CLOSED)
    assert sorted(one.number for one in call.list(Issue.open.all())) == [1, 3]
    closed = call(ClosedIssue.objects.get, state="closed")
    assert (closed.number, closed.is_open, closed.get_priority_display()) == (2, False, "This week")


def test_an_issue_is_no_copy_of_itself_and_blocks_another(call, filled):
    first = call(Issue.objects.get, number=1)
    first.duplicate_of = first
    with pytest.raises(dorm.CheckViolation):
        call(first.save)
    with pytest.raises(dorm.CheckViolation):
        call(first.blocks.create, blocked=first)


def test_counts_go_over_several_relations(call, filled):
    found = Issue.objects.annotate(
        said=models.Count("comments", distinct=True), tagged=models.Count("tags", distinct=True)
    )
    assert call.list(found.order_by("number").values_list("number", "said", "tagged")) == [
        (1, 2, 2),
        (2, 0, 1),
        (3, 0, 0),
    ]


def test_what_belongs_to_an_issue_is_loaded_by_one_statement_each(call, filled):
    found = Issue.objects.filter(number=1).prefetch_related("comments__reactions", "tags", "subtasks")
    (issue,) = call.list(found)
    emoji = [one.emoji for comment in issue.comments.all() for one in comment.reactions.all()]
    assert (sorted(emoji), len(issue.tags.all()), len(issue.subtasks.all())) == (["+1", "-1"], 2, 1)


def test_a_project_ends_after_it_starts(call, filled):
    project = call(Project.objects.get, key="DO")
    project.starts, project.ends = date(2024, 2, 1), date(2024, 1, 1)
    with pytest.raises(dorm.ValidationError, match=r"A project ends after it starts\."):
        call(project.full_clean)
    with pytest.raises(dorm.CheckViolation):
        call(project.save)


def test_a_team_with_projects_is_kept_and_a_milestone_is_let_go(call, filled):
    with pytest.raises(dorm.ProtectedError):
        call(Team.objects.all().delete)
    call(Milestone.objects.all().delete)
    assert call(Issue.objects.filter(milestone__isnull=True).count) == 3


def test_documents_and_addresses_come_back_as_they_went(call, filled):
    call(Event.objects.create, kind="login", payload={"by": {"name": "ada"}}, address="2001:db8::1")
    found = call(Event.objects.get, payload__by__name="ada")
    assert (found.address, found.at.tzinfo is not None) == ("2001:db8::1", True)
    assert call(Event.objects.latest) == found
