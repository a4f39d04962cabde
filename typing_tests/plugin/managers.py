"""Managers and querysets of the project's own, and what takes after them."""

from __future__ import annotations

from typing import TypeVar, reveal_type

from shop.models import Issue, Shelf, Sorted, Story

import dorm
from dorm import Count, F, Prefetch

M = TypeVar("M", bound=dorm.Model)

reveal_type(Issue.objects)  # R: Newest
reveal_type(Issue.objects.newest().filter(number=3).newest())  # R: Newest
reveal_type(Issue.objects.filter(number=3).values("number").get())  # R: TypedDict({'number': int})
reveal_type(Story.objects.filter(told=True).said().first())  # R: Story | None
reveal_type(Story.objects.all().said())  # R: Told


def related(shelf: Shelf, issue: Issue, story: Story) -> None:
    reveal_type(shelf.issues)  # R: RelatedManager[Issue]
    reveal_type(shelf.issues.newest().first())  # R: Issue | None
    reveal_type(shelf.issues.filter(number=3).newest())  # R: Newest
    reveal_type(shelf.issues.all().newest())  # R: Newest
    reveal_type(shelf.issues.create(number=3))  # R: Issue
    reveal_type(issue.stories.of(issue))  # R: Told
    reveal_type(issue.story_set.exclude(told=True).said())  # R: Told
    reveal_type(story.issue)  # R: Issue
    reveal_type(story.issue_id)  # R: int
    reveal_type(issue.shelf)  # R: Shelf | None
    reveal_type(issue.title)  # R: str | None
    reveal_type(story.topics.newest())  # R: Newest


Story.objects.filter(issue__shelf__label="x", issue__title__icontains="x", topics__number__gte=3)
reveal_type(Story.objects.values("issue__title", "issue__shelf__label").get())  # R: TypedDict({'issue__title': str | None, 'issue__shelf__label': str | None})


def first(model: type[M]) -> M | None:
    return model.objects.filter(pk=3).order_by("pk").first()


reveal_type(first(Issue))  # R: Issue | None

counted = Issue.objects.filter(number=3).annotate(n=Count("story")).newest()
reveal_type(counted)  # R: Newest
reveal_type(counted.get().n)  # R: int
reveal_type(counted.filter(n__gte=3).newest()[0].n)  # R: int
reveal_type(counted.annotate(m=F("n") + 1).first())  # R: Issue | None
reveal_type(counted.values("number", "n").get())  # R: TypedDict({'number': int, 'n': int})
reveal_type(counted[:3].newest().annotate(m=F("n") + 1).get(number=3).m)  # R: int
for issue in counted.order_by("-n"):
    reveal_type(issue.n)  # R: int
loaded = Issue.objects.prefetch_related(Prefetch("stories", to_attr="told")).newest()
reveal_type(loaded.get().told)  # R: list[Story]


def shelf_counted(shelf: Shelf) -> None:
    reveal_type(shelf.issues.annotate(n=Count("story")).newest().get().n)  # R: int


def plain(issues: dorm.QuerySet[Issue]) -> None: ...


plain(counted)


async def twins() -> None:
    async for issue in counted:
        reveal_type(issue.n)  # R: int
    for issue in await counted.newest():
        reveal_type(issue.n)  # R: int
    reveal_type((await counted.aget()).n)  # R: int


reveal_type(Sorted.objects.order_by("name"))  # R: Names[Sorted, Sorted]
reveal_type(Sorted.objects.annotate(n=F("id")).by_name())  # R: Names[Sorted, Sorted]
reveal_type(Sorted.objects.annotate(n=F("id")).by_name().get().n)  # R: int
