"""An issue tracker, as a Django application declares one: only the imports differ.

Rests on `dorm.models` and on the public names; nothing of the suite comes in.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from dorm import ValidationError, models
from dorm.signals import post_save
from dorm.validators import MinLengthValidator, validate_email


class Base(models.Model):
    uuid = models.UUIDField("public id", default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Owned(models.Model):
    owner = models.ForeignKey(
        "User", models.CASCADE, related_name="owned_%(class)s_set", related_query_name="owned_%(class)s"
    )

    class Meta:
        abstract = True


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def members_of(self, team: Team) -> UserQuerySet:
        return self.filter(memberships__team=team)


class UserManager(models.Manager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def create_user(self, username: str, **extra: Any) -> User:
        return self.create(username=username.lower(), **extra)

    async def acreate_user(self, username: str, **extra: Any) -> User:
        return await self.acreate(username=username.lower(), **extra)


class OpenIssueManager(models.Manager["Issue"]):
    def get_queryset(self) -> models.QuerySet[Issue]:
        return super().get_queryset().filter(state=Issue.State.OPEN)


class User(Base):
    username = models.CharField("user name", max_length=30, unique=True, validators=[MinLengthValidator(2)])
    email = models.CharField(max_length=254, blank=True, validators=[validate_email])
    is_active = models.BooleanField("active?", default=True)
    manager = models.ForeignKey("self", models.SET_NULL, blank=True, null=True, related_name="reports")
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followers", blank=True)
    blocked = models.ManyToManyField("self", blank=True)

    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username


class Profile(models.Model):
    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="profile")
    bio = models.TextField(blank=True)
    birthday = models.DateField(null=True, blank=True)
    settings = models.JSONField("settings", default=dict)

    def __str__(self) -> str:
        return f"Profile of {self.user}"


class Team(Base):
    name = models.CharField(max_length=50, unique=True)
    members = models.ManyToManyField(
        User, through="Membership", through_fields=("team", "user"), related_name="teams"
    )

    class Meta:
        verbose_name = "team"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        LEAD = "lead", "Team lead"

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    since = models.DateField(default=date.today)

    class Meta:
        unique_together = ["team", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(role="lead"), name="tracker_one_lead_per_team"
            )
        ]


class Project(Base, Owned):
    key = models.CharField(max_length=8, unique=True)
    title = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, related_name="projects")
    is_public = models.BooleanField(default=False)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="tracker_project_ends_after_start",
                violation_error_message="A project ends after it starts.",
            )
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.key and not self.key.isupper():
            raise ValidationError({"key": ["Use capitals."]})


class Milestone(Base):
    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    name = models.CharField(max_length=50)
    due = models.DateField(null=True)

    class Meta:
        get_latest_by = "due"
        unique_together = [("project", "name")]


class Component(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="components")
    name = models.CharField(max_length=50)
    lead = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")


class Tag(models.Model):
    name = models.SlugField(max_length=30, unique=True)
    synonyms = models.ManyToManyField("self", blank=True)

    def __str__(self) -> str:
        return self.name


class Issue(Base):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    PRIORITIES = [("Soon", [(1, "Now"), (2, "This week")]), ("Later", [(3, "Some day")])]

    project = models.ForeignKey(Project, models.CASCADE, related_name="issues")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(choices=PRIORITIES, default=2)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="subtasks")
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )
    reporter = models.ForeignKey(User, models.PROTECT, related_name="reported")
    assignees = models.ManyToManyField(
        User, related_name="assigned", blank=True, limit_choices_to={"is_active": True}
    )
    milestone = models.ForeignKey(Milestone, models.SET_NULL, null=True, blank=True, related_name="issues")
    component = models.ForeignKey(Component, models.SET_NULL, null=True, blank=True)
    tags = models.ManyToManyField(Tag, related_name="issues", blank=True, db_table="tracker_issue_tagging")
    votes = models.IntegerField(db_default=0)
    estimate = models.DurationField(null=True, blank=True)

    objects = models.Manager()
    open = OpenIssueManager()

    class Meta:
        ordering = ["project", "-number"]
        get_latest_by = ["project", "number"]
        indexes = [
            models.Index(fields=["state", "-updated_at"]),
            models.Index(fields=["reporter"], condition=models.Q(state="open"), name="tracker_open_reporter"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="%(app_label)s_%(class)s_number"),
            models.CheckConstraint(
                condition=~models.Q(duplicate_of=models.F("id")), name="tracker_issue_is_no_copy_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.key}-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = self.title.strip()
        super().save(*args, **kwargs)

    async def asave(self, *args: Any, **kwargs: Any) -> None:
        self.title = self.title.strip()
        await super().asave(*args, **kwargs)


class Blocking(models.Model):
    blocker = models.ForeignKey(Issue, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Issue, models.CASCADE, related_name="blocked_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="tracker_blocking_once"),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="tracker_blocks_another"
            ),
        ]


class Comment(Base):
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="comments")
    reply_to = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    text = models.TextField()

    class Meta:
        ordering = ["id"]


class Reaction(models.Model):
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(User, models.CASCADE)
    emoji = models.CharField(max_length=8)

    class Meta:
        unique_together = [("comment", "user", "emoji")]


class Attachment(Base):
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="attachments")
    name = models.CharField(max_length=255)
    content = models.BinaryField(default=b"")
    size = models.GeneratedField(
        expression=models.functions.Length("name"), output_field=models.IntegerField(), db_persist=True
    )


class WorkLog(Base):
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="worklogs")
    user = models.ForeignKey(User, models.PROTECT)
    spent = models.DurationField(default=timedelta)
    day = models.DateField(default=date.today)

    class Meta:
        default_related_name = "worklogs"


class Event(models.Model):
    kind = models.CharField(max_length=30)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        get_latest_by = "id"
        db_table_comment = "What happened, for the record"


class ClosedIssue(Issue):
    class Meta:
        proxy = True
        ordering = ["-updated_at"]


def greet(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    """Note each new user in the list that the tests read."""
    if created:
        GREETED.append(instance.username)


GREETED: list[str] = []
post_save.connect(greet, sender=User, dispatch_uid="tracker_greet")

MODELS = (
    User, Profile, Team, Membership, Project, Milestone, Component, Tag, Issue, Blocking, Comment, Reaction,
    Attachment, WorkLog, Event,
)  # fmt: skip
